# What the scripts here share; sourced by each. A script says what it needs in its first lines:
#   # apt: zsh fish
#   # pip: mitmproxy
#   # own-pip: aws moto[server]   (a virtual environment of its own)
#   # npm: @anthropic-ai/claude-code
# and ends with `finish`. KEYWRIGHT is the program under test.
set -uo pipefail

: "${KEYWRIGHT:?run tests/real/run, or set it to the program under test}"
passed=0
failed=0

# A folder that is gone afterwards, open to the user that `as_user` becomes. The program is copied
# there, since the build folder may be out of that user's reach.
scratch=$(mktemp -d "${TMPDIR:-/tmp}/kw-real.XXXXXX")
servers=()
clear_up() {
    local server
    for server in ${servers[@]+"${servers[@]}"}; do
        kill -- "-$server" 2>/dev/null
    done
    chmod -R u+rwX "$scratch" 2>/dev/null
    rm -rf "$scratch"
}
trap clear_up EXIT
mkdir -p "$scratch/bin" "$scratch/home"
cp "$KEYWRIGHT" "$scratch/bin/keywright"
KEYWRIGHT=$scratch/bin/keywright
chmod 755 "$scratch" "$scratch/bin" "$KEYWRIGHT"
home=$scratch/home
if [ "$(id -u)" = 0 ]; then
    chown 65534:65534 "$home"
fi
chmod 700 "$home"

# Runs a command without root's powers: as nobody when root, as oneself otherwise.
as_user() {
    if [ "$(id -u)" = 0 ]; then
        setpriv --reuid=65534 --regid=65534 --clear-groups -- "$@"
    else
        "$@"
    fi
}

# Runs a command as that user in a cleared environment with the scratch home. Further variables
# stand before the command: `clean SHELL=/bin/zsh -- keywright …`.
clean() {
    local variables=()
    while [ "$1" != -- ]; do
        variables+=("$1")
        shift
    done
    shift
    as_user env -i -C "$home" HOME="$home" PATH="$scratch/bin:$PATH" TERM=xterm-256color \
        LC_ALL=C.UTF-8 ${variables[@]+"${variables[@]}"} "$@"
}

# Writes a file below the scratch home, as that user: `put .config/x <<<text`.
put() {
    as_user sh -c 'umask 077; mkdir -p "$(dirname "$1")" && cat > "$1"' sh "$home/$1"
}

# copy_claude: the real program in a place that the user of the tests can reach; sets `program` to
# it, and puts it into $scratch/npm/bin.
copy_claude() {
    local package
    package=$(dirname "$(dirname "$(readlink -f "$(type -P claude)")")")
    mkdir -p "$scratch/npm/node_modules/@anthropic-ai" "$scratch/npm/bin"
    cp -r "$package" "$scratch/npm/node_modules/@anthropic-ai/claude-code"
    program=$scratch/npm/node_modules/@anthropic-ai/claude-code/bin/$(basename "$(readlink -f "$(type -P claude)")")
    ln -s "../node_modules/@anthropic-ai/claude-code/bin/${program##*/}" "$scratch/npm/bin/claude"
    chmod -R u=rwX,go=rX "$scratch/npm"
}

# A JSON string.
json() {
    local text=${1//\\/\\\\}
    text=${text//\"/\\\"}
    text=${text//$'\t'/\\t}
    printf '"%s"' "$text"
}

# store TYPE FIELD SECRET: puts one profile into the store, as the file says it:
# `store api_key key sk-…` or `store token token sk-…`.
store() {
    put .config/keywright/agents/main/auth-profiles.json <<END
{"version": 1, "profiles": {"anthropic:default": {"type": "$1", "provider": "anthropic", "$2": $(json "$3")}}}
END
}

# serve LOG COMMAND…: starts a server that lives as long as the script. It gets a process group of
# its own, since the command may be a function, whose programs are children of another shell.
serve() {
    local log=$1
    shift
    set -m
    "$@" >"$log" 2>&1 </dev/null &
    set +m
    servers+=($!)
}

free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# answers PORT: waits until something accepts connections there, 20 seconds at most.
answers() {
    local _
    for _ in $(seq 200); do
        (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null && return
        sleep 0.1
    done
    return 1
}

# recorder NAME ADDRESS [LOCATION]: starts recorder.py, sets `port`; records in $scratch/NAME.
recorder() {
    serve "$scratch/$1.port" python3 "$(dirname "${BASH_SOURCE[0]}")/recorder.py" "$2" "$scratch/$1" "${@:3}"
    local _
    for _ in $(seq 200); do
        port=$(<"$scratch/$1.port")
        [ -z "$port" ] || return 0
        sleep 0.1
    done
    bad "recorder.py starts" "$port"
}

# field PATH: one value of the JSON document on standard input: `field profiles 0 id`.
field() {
    python3 -c 'import json, sys
value = json.load(sys.stdin)
for step in sys.argv[1:]:
    value = value[int(step)] if isinstance(value, list) else value.get(step)
print(value if isinstance(value, str) else json.dumps(value))' "$@"
}

# made_up_key TAIL: a key of the right shape that no one has.
made_up_key() {
    local key
    key=$(printf 'A%.0s' {1..93})$1
    printf 'sk-ant-api03-%sAA' "${key: -93}"
}

# found STATUS: the codes with that status in the doctor's JSON on standard input.
found() {
    python3 -c 'import json, sys
print(*(c["code"] for c in json.load(sys.stdin)["checks"] if c["status"] == sys.argv[1]))' "$1"
}

ok() {
    passed=$((passed + 1))
    printf 'ok    %s\n' "$1"
}

bad() {
    failed=$((failed + 1))
    printf 'FAIL  %s\n' "$1"
    shift
    [ $# = 0 ] || printf '      %s\n' "$@"
}

# A case that this machine or user cannot try. It is not counted.
skip() {
    printf 'skip  %s\n' "$1"
}

# check NAME EXPECTED ACTUAL
check() {
    if [ "$2" = "$3" ]; then
        ok "$1"
    else
        bad "$1" "expected: $(printf %q "$2")" "actual:   $(printf %q "$3")"
    fi
}

# check_holds NAME PART TEXT
check_holds() {
    if [[ $3 == *"$2"* ]]; then
        ok "$1"
    else
        bad "$1" "expected in it: $2" "$3"
    fi
}

# check_code NAME CODE COMMAND…
check_code() {
    local name=$1 expected=$2 output actual
    shift 2
    output=$("$@" 2>&1)
    actual=$?
    if [ "$actual" = "$expected" ]; then
        ok "$name"
    else
        bad "$name" "exit code $actual, expected $expected" "$output"
    fi
}

finish() {
    printf '%s passed, %s failed\n' "$passed" "$failed"
    [ "$failed" = 0 ] && [ "$passed" != 0 ]
}

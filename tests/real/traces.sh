# apt: python3 strace
# What the program does to files, as the kernel sees it: a secret is never readable by others, not
# for a moment, and commands that read change nothing.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

reader=$(dirname "${BASH_SOURCE[0]}")/traces.py
calls=?open,openat,?openat2,?creat,?rename,?renameat,renameat2,?mkdir,mkdirat,?mknod,mknodat
calls+=,?unlink,unlinkat,?rmdir,?link,linkat,?symlink,symlinkat,truncate,ftruncate,?chmod,fchmod
calls+=,fchmodat,?chown,fchown,fchownat,?utimensat,write,pwrite64,writev,execve,bind,connect
# The program makes itself unreadable for other programs of its user, a tracer included.
calls+=,prctl
# Nothing else is found on PATH: the doctor starts `claude --version`, which does as it likes.
traced() {
    clean PATH="$scratch/bin:/usr/bin:/bin" -- strace -f -y -qq -s 65536 -e "trace=$calls" -e inject=prctl:retval=0 -o "$home/trace" "$@"
}

key=$(made_up_key trace)
for mask in 000 022 077; do
    umask "$mask"
    rm -rf "$home/.config"
    put key <<<"$key"
    check_code "umask $mask: a save" 0 traced keywright onboard --flow api-key --non-interactive \
        --offline --env-file=yes --anthropic-api-key-file "$home/key"
    check "umask $mask: files with the key are created 0600 and by nobody else" "" \
        "$(python3 "$reader" secrets "$key" "$home/key" <"$home/trace")"
    check "umask $mask: and there are such files" "auth-profiles.json .env" \
        "$(cd "$home/.config/keywright" && echo $(grep -rl "$key" . | sed 's|.*/||' | sort -r))"
    check "umask $mask: nobody else can look into our folders" "" \
        "$(find "$home/.config" \( -perm /077 -o -type d ! -perm 700 \) -printf '%m %p\n')"

    # The second save keeps the first key in the journal.
    made_up_key second | put key
    check_code "umask $mask: a second save" 0 traced keywright onboard --flow api-key \
        --non-interactive --offline --replace --anthropic-api-key-file "$home/key"
    check "umask $mask: the journal's copy is created 0600, too" "" \
        "$(python3 "$reader" secrets "$key" "$home/key" <"$home/trace")"
    check_holds "umask $mask: and the journal has one" ".done.json" \
        "$(grep -rl "$key" "$home/.config/keywright/state")"
done
umask 022

readers=(
    'status'
    'status --json'
    'models status --check'
    'doctor --offline'
    'doctor --offline --json'
    'doctor list'
    'doctor explain ENV-001'
    'history'
    'flow list'
    'flow check'
    'env'
    'help exit-codes'
    'sandbox keys'
    'onboard --dry-run --offline --non-interactive --replace --anthropic-api-key-env K'
)
try_readers() {
    local reading
    for reading in "${readers[@]}"; do
        # shellcheck disable=SC2086
        traced env K="$key" keywright $reading >"$scratch/output" 2>&1
        # 1 is a problem found.
        check "$1: $reading ends well" yes "$([ $? -le 1 ] && [ -s "$scratch/output" ] && echo yes)"
        check "$1: $reading changes nothing" "" "$(python3 "$reader" changes <"$home/trace")"
    done
}
try_readers 'with a store'

# Every way to ask the doctor short of a fix, over a home with something of everybody in it. Where it
# may run something, only its own calls count: `claude --version` and a login shell do as they like.
fill_home() {
    clean -- mkdir -p .cache .claude .aws/sso/cache .openclaw .config/systemd/user .npm
    put .claude/.credentials.json <<<'{"claudeAiOauth":{"accessToken":"sk-ant-oat01-MADEUP","refreshToken":"sk-ant-ort01-MADEUP","expiresAt":1,"scopes":["user:inference"]}}'
    put .claude.json <<<'{broken'
    put .aws/config <<<$'[profile dev]\nsso_session = corp\nsso_account_id = 1\nsso_role_name = x\nregion = us-east-1\n[sso-session corp]\nsso_start_url = https://made-up.example/start\nsso_region = us-east-1'
    put .aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json <<<'{"startUrl":"https://made-up.example/start","region":"us-east-1","accessToken":"made-up","expiresAt":"2020-01-01T00:00:00Z","refreshToken":"made-up","clientId":"x","clientSecret":"made-up","registrationExpiresAt":"2099-01-01T00:00:00Z"}'
    put .openclaw/openclaw.json <<<'{ env: { vars: {} } }'
    put .openclaw/.env <<<"ANTHROPIC_API_KEY=$key"
    put .config/systemd/user/openclaw-gateway.service <<<$'[Service]\nEnvironmentFile=%h/.openclaw/.env\nExecStart=/usr/bin/openclaw gateway'
    put .bashrc <<<"export ANTHROPIC_API_KEY=$key"
}
state_of_home() {
    (cd "$home" && find . ! -path ./trace -printf '%p %m %T@ %s\n' | sort; cd "$home" && find . -type f ! -path ./trace -exec sha256sum {} + | sort)
}
stand_in=$(free_port)
serve "$scratch/stand-in.log" clean -- keywright sandbox --port "$stand_in"
answers "$stand_in" || bad 'the stand-in answers' "$(<"$scratch/stand-in.log")"
doctors=(
    '--offline'
    '--offline --format json'
    '--offline --format markdown'
    '--offline --format junit'
    '--offline --format github'
    '--offline --strict -v'
    ''
    '--service openclaw-gateway'
    '--probe-profile all'
    '--wait 1s --only net,api'
    '--only aws'
)
fill_home
before=$(state_of_home)
for asking in "${doctors[@]}"; do
    # shellcheck disable=SC2086
    traced env ANTHROPIC_BASE_URL="http://127.0.0.1:$stand_in" AWS_PROFILE=dev CLAUDE_CODE_USE_BEDROCK=1 \
        AWS_ENDPOINT_URL="http://127.0.0.1:$stand_in" keywright doctor $asking >"$scratch/output" 2>&1
    check "doctor $asking: ends well" yes "$([ $? -le 3 ] && [ -s "$scratch/output" ] && echo yes)"
    check "doctor $asking: changes nothing, as the kernel sees it" "" "$(python3 "$reader" changes <"$home/trace")"
done
check "and all of the home is as it was, times included" "$before" "$(state_of_home)"
traced keywright doctor --offline --deep >"$scratch/output" 2>&1
check "doctor --deep: changes nothing by itself" "" "$(python3 "$reader" changes keywright <"$home/trace")"
rm -rf "$home"/.{cache,claude,aws,openclaw,npm,bashrc,claude.json} "$home/.config/systemd"

# A bundle is one new file, and its facts are judged without a look at anything else.
clean -- mkdir "$home/given"
traced env K="$key" keywright doctor --offline --bundle "$home/given/b.json" >/dev/null 2>&1
check "a bundle is written" 600 "$(stat -c %a "$home/given/b.json")"
check "a bundle is all that is written" "" \
    "$(python3 "$reader" changes <"$home/trace" | grep -v -F "$home/given")"
check "no key is in it" 0 "$(grep -c -F -e "$key" -e "$(cat "$home/key")" "$home/given/b.json")"
mv "$home/given/b.json" "$home/b.json"
traced keywright doctor --from "$home/b.json" >"$scratch/output" 2>&1
check "its facts are judged" yes "$([ $? -le 1 ] && [ -s "$scratch/output" ] && echo yes)"
check "and nothing is changed" "" "$(python3 "$reader" changes <"$home/trace")"
check "and nothing else in the home is opened" "$home/b.json" \
    "$(grep 'open' "$home/trace" | grep -o "\"$home[^\"]*" | tr -d '"' | sort -u)"
check "and nothing is started or asked" "" \
    "$(grep -E 'execve|connect' "$home/trace" | grep -v -e '/keywright"' -e ENOENT)"
rm -rf "$home/given" "$home/b.json" "$home/.config"
try_readers 'without one'
check "nothing is there that was not" "" "$(find "$home" -mindepth 1 ! -name trace ! -name key)"

# The reader of traces can fail.
traced sh -c 'echo x > made; mkdir folder; mv made moved' >/dev/null 2>&1
check "a program that changes something is caught" "3" \
    "$(python3 "$reader" changes <"$home/trace" | grep -c -e made -e folder)"
traced sh -c 'umask 022; printf %s "$(cat key)" > copy; mv copy kept' >/dev/null 2>&1
check_holds "a program that writes a secret carelessly is caught" "copy" \
    "$(python3 "$reader" secrets "$(cat "$home/key")" "$home/key" <"$home/trace")"

finish

# apt: dash zsh fish python3 systemd
# Values that want to be more than values survive real shells, files of variables and `exec`.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

values=(
    'sk-ant-api03-MADE-UP_0123456789'
    "it's"
    '$HOME `id` $(id) ${PATH}'
    'a"b\c\\d\'
    '!! !$ !history'
    '=ls ~ ~root a:~/b'
    '-n --flag # no comment'
    '* ? [a-z] {a,b} <(x) >y | z & w ;'
    '%PATH% ^x %n %s'
    'ünï 漢字 ’‘“”'
    $'tab\there'
    '  spaces  around  '
    '\n \t \0 \x41 \u0041'
    'KEYWRIGHT'
)

# evaluate SHELL: reads code on its standard input, evaluates it, prints what a child then sees.
evaluate() {
    case $1 in
    fish) clean -- fish --no-config -c 'source; printenv ANTHROPIC_API_KEY' ;;
    zsh) clean ANTHROPIC_AUTH_TOKEN=old -- zsh -f -c 'eval "$(cat)"; printenv ANTHROPIC_AUTH_TOKEN; printenv ANTHROPIC_API_KEY' ;;
    *) clean ANTHROPIC_AUTH_TOKEN=old -- "$1" -c 'eval "$(cat)"; printenv ANTHROPIC_AUTH_TOKEN; printenv ANTHROPIC_API_KEY' ;;
    esac
}

# systemd_reads FILE: the key as systemd reads it, through the one reader of its format that runs
# without systemd.
systemd_reads() {
    put .config/environment.d/keywright.conf <"$1"
    clean -- /usr/lib/systemd/user-environment-generators/30-systemd-environment-d-generator |
        python3 -c 'import shlex,sys
for word in shlex.split(sys.stdin.read()):
    name, _, value = word.partition("=")
    if name == "ANTHROPIC_API_KEY": print(value)'
}

for value in "${values[@]}"; do
    store_key "$value"
    for shell in bash dash zsh fish; do
        language=${shell/dash/sh}
        code=$(clean -- keywright env --shell "$language")
        check "$shell: $value" "$value" "$(evaluate "$shell" <<<"$code")"
    done

    clean -- keywright env --shell dotenv >"$scratch/env"
    check "dotenv in sh: $value" "$value" \
        "$(clean -- sh -c 'set -a; . "$1"; printenv ANTHROPIC_API_KEY' sh "$scratch/env")"
    # It expands variables and escapes tabs by itself.
    if [[ $value != *['$'$'\t']* ]]; then
        check "dotenv in systemd: $value" "$value" "$(systemd_reads "$scratch/env")"
    fi

    check "json: $value" "$value" \
        "$(clean -- keywright env --shell json | python3 -c 'import json,sys; print(json.load(sys.stdin)["ANTHROPIC_API_KEY"])')"
    # As the runner reads it: name, delimiter, lines up to the delimiter.
    check "github: $value" "$value" \
        "$(clean -- keywright env --shell github | python3 -c 'import sys
name, end = sys.stdin.readline().rstrip("\n").split("<<", 1)
lines = iter(sys.stdin.read().split("\n"))
print("\n".join(iter(lambda: next(lines), end)))')"
    check "exec: $value" "$value" "$(clean -- keywright exec -- printenv ANTHROPIC_API_KEY)"
done

# An escaped dollar sign is one after reading: the generator then expands it, a service does not.
store_key 'at $HOME'
clean -- keywright env --shell dotenv >"$scratch/env"
check "dotenv in systemd: a dollar sign" "at $home" "$(systemd_reads "$scratch/env")"

for shell in bash dash zsh fish; do
    language=${shell/dash/sh}
    code=$(clean -- keywright env --shell "$language" --unset)
    names="ANTHROPIC_API_KEY ANTHROPIC_AUTH_TOKEN CLAUDE_CODE_OAUTH_TOKEN CLAUDE_CODE_USE_BEDROCK"
    case $shell in
    fish) evaluated=$(clean ${names// /=x }=x -- fish --no-config -c 'source; env' <<<"$code") ;;
    zsh) evaluated=$(clean ${names// /=x }=x -- zsh -f -c 'eval "$(cat)"; env' <<<"$code") ;;
    *) evaluated=$(clean ${names// /=x }=x -- "$shell" -c 'eval "$(cat)"; env' <<<"$code") ;;
    esac
    check "$shell: --unset" "" "$(grep -E "^(${names// /|})=" <<<"$evaluated")"
done

finish

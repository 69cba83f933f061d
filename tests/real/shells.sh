# apt: bsdutils dash zsh fish python3 systemd
# Values that want to be more than values survive real shells, files of variables and `exec`.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# A key with such characters would be refused; of a token only the provider knows what it may hold.
risk=--accept-risk=subscription-token-elsewhere
values=(
    'sk-ant-oat01-MADE-UP_0123456789'
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
    fish) clean -- fish --no-config -c 'source; printenv CLAUDE_CODE_OAUTH_TOKEN' ;;
    zsh) clean ANTHROPIC_AUTH_TOKEN=old -- zsh -f -c 'eval "$(cat)"; printenv ANTHROPIC_AUTH_TOKEN; printenv CLAUDE_CODE_OAUTH_TOKEN' ;;
    *) clean ANTHROPIC_AUTH_TOKEN=old -- "$1" -c 'eval "$(cat)"; printenv ANTHROPIC_AUTH_TOKEN; printenv CLAUDE_CODE_OAUTH_TOKEN' ;;
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
    if name == "CLAUDE_CODE_OAUTH_TOKEN": print(value)'
}

for value in "${values[@]}"; do
    store token token "$value"
    for shell in bash dash zsh fish; do
        language=${shell/dash/sh}
        code=$(clean -- keywright env "$risk" --shell "$language")
        check "$shell: $value" "$value" "$(evaluate "$shell" <<<"$code")"
    done

    clean -- keywright env "$risk" --shell dotenv >"$scratch/env"
    check "dotenv in sh: $value" "$value" \
        "$(clean -- sh -c 'set -a; . "$1"; printenv CLAUDE_CODE_OAUTH_TOKEN' sh "$scratch/env")"
    # It expands variables and escapes tabs by itself.
    if [[ $value != *['$'$'\t']* ]]; then
        check "dotenv in systemd: $value" "$value" "$(systemd_reads "$scratch/env")"
    fi

    check "json: $value" "$value" \
        "$(clean -- keywright env "$risk" --shell json | python3 -c 'import json,sys; print(json.load(sys.stdin)["CLAUDE_CODE_OAUTH_TOKEN"])')"
    # As the runner reads it: name, delimiter, lines up to the delimiter.
    check "github: $value" "$value" \
        "$(clean -- keywright env "$risk" --shell github | python3 -c 'import sys
name, end = sys.stdin.readline().rstrip("\n").split("<<", 1)
lines = iter(sys.stdin.read().split("\n"))
print("\n".join(iter(lambda: next(lines), end)))')"
    check "exec: $value" "$value" "$(clean -- keywright exec "$risk" -- printenv CLAUDE_CODE_OAUTH_TOKEN)"
done

# An escaped dollar sign is one after reading: the generator then expands it, a service does not.
store token token 'at $HOME'
clean -- keywright env "$risk" --shell dotenv >"$scratch/env"
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

# On a terminal the secret is shown only to a person who insists.
store api_key key "sk-ant-api03-$(printf 'A%.0s' {1..93})AA"
check_code "env on a terminal is refused" 64 clean -- script -qec 'keywright env' /dev/null
check "env --force on a terminal" "export ANTHROPIC_API_KEY=sk-ant-api03-$(printf 'A%.0s' {1..93})AA" \
    "$(clean -- script -qec 'keywright env --force' /dev/null | tr -d '\r' | tail -n 1)"

finish

# apt: strace python3
# What the system calls say: files with a secret are private from their first moment, and reading
# commands change nothing.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

key=sk-ant-api03-$(printf 'TRACE%088dAA' 0)

# traced FILE COMMAND…: runs it and keeps the calls that open, make, move or remove something.
traced() {
    local file=$1
    shift
    clean "${variables[@]}" -- strace -f -qq -o "$file" \
        -e trace=openat,open,creat,mkdir,mkdirat,rename,renameat,renameat2,unlink,unlinkat,link,linkat,symlink,symlinkat,chmod,fchmod,fchmodat \
        "$@" >/dev/null 2>&1
}

for mask in 000 022 077; do
    variables=()
    rm -rf "$home/.config"
    put key <<<"$key"
    umask "$mask"
    traced "$home/trace" keywright onboard --non-interactive --offline --env-file --anthropic-api-key-file "$home/key"
    check "umask $mask: the save works" 0 $?
    umask 022
    # Whatever was made with O_CREAT below our folder was made 0600, and anew.
    check "umask $mask: made anew with mode 0600" '' \
        "$(grep -E 'O_CREAT' "$home/trace" | grep -F .config/keywright | grep -v 'state/lock"' | grep -vE 'O_EXCL.*, 0600\)')"
    check "umask $mask: files with a secret are 0600" '' \
        "$(grep -rlF "$key" "$home/.config" | while read -r file; do stat -c '%a %n' "$file"; done | grep -v '^600 ')"
    check "umask $mask: our folders are 0700" '' \
        "$(find "$home/.config/keywright" -type d ! -perm 700)"
    check "umask $mask: something was written" 3 \
        "$(find "$home/.config/keywright" \( -name auth-profiles.json -o -name .env -o -name journal \) | wc -l)"
done

for command in 'status' 'status --json' 'models status --check' 'doctor --offline' 'doctor --offline --json' \
    'doctor list' 'doctor explain API-002' 'history' 'flow list' 'flow check' 'env' 'help exit-codes' 'sandbox keys'; do
    # Word splitting is meant.
    # shellcheck disable=SC2086
    traced "$home/trace" keywright $command
    check "$command was traced" yes "$(grep -q 'openat(' "$home/trace" && echo yes)"
    check "$command changes nothing" '' \
        "$(grep -vE '(/dev/null|/dev/tty)"' "$home/trace" | grep -E 'O_CREAT|O_WRONLY|O_RDWR|^[0-9]+ +(creat|mkdir|rename|unlink|link|symlink|chmod|fchmod)' | grep -v ENOENT)"
done

finish

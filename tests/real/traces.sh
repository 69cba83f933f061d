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

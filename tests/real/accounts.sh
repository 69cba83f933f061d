# apt: python3 strace util-linux
# `account` with twenty programs at once, on a disk that fails, on a full one, and killed: nothing
# that was said to be saved is lost, and no other account is touched.
if [ "$(id -u)" = 0 ] && [ -z "${KEYWRIGHT_TEST_MOUNTS:-}" ]; then
    # What is mounted here is gone with the script.
    export KEYWRIGHT_TEST_MOUNTS=own
    exec unshare -m -- bash "${BASH_SOURCE[0]}"
fi
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# add NAME KEY [OPTION…]: as the user of the tests; `trace` may name a program that runs it.
trace=()
add() {
    clean K="$2" -- ${trace[@]+"${trace[@]}"} keywright account add-api-key "$1" --api-key-env K "${@:3}"
}
store_file=$home/.config/keywright/agents/main/auth-profiles.json
# Every account with the end of its key, one per line.
stored() {
    python3 -c 'import json, sys
for name, profile in sorted(json.load(open(sys.argv[1]))["profiles"].items()):
    print(name, profile.get("key", "")[-12:])' "${1:-$store_file}"
}
left_behind() {
    find "$home/.config" -name '*.tmp*' -o -name '*.pending.json'
}

# Twenty programs for twenty accounts, then twenty for one.
together() {
    local number writers=() failed=""
    for number in $(seq 20); do
        add "$(name_of "$1" "$number")" "$(made_up_key "w$number")" --replace >/dev/null 2>&1 &
        writers+=($!)
    done
    for number in $(seq 20); do
        wait "${writers[number - 1]}" || failed+="$number "
    done
    echo "$failed"
}
name_of() {
    if [ "$1" = one ]; then echo one; else echo "a$2"; fi
}
check 'twenty programs, twenty accounts: all succeed' '' "$(together many)"
check 'twenty accounts are there' 20 "$(stored | wc -l)"
check 'each has its own key' 20 "$(stored | awk '{print $2}' | sort -u | wc -l)"
check 'twenty programs, one account: all succeed' '' "$(together one)"
check 'one account more is there' 21 "$(stored | wc -l)"
check 'nothing is left behind' '' "$(left_behind)"

# A disk that fails at each call that writes: the account is old or new, the others are as they were.
old=$(made_up_key old) new=$(made_up_key new)
add one "$old" --replace >/dev/null 2>&1
others=$(stored | grep -v ':one ')
for fault in write:ENOSPC fsync:EIO rename:ENOSPC renameat:ENOSPC; do
    call=${fault%:*} error=${fault#*:}
    wrong="" refusals=0
    for nth in {1..40}; do
        trace=(strace -f -o "$home/trace" -e "trace=$call" -e "inject=$call:error=$error:when=$nth")
        output=$(add one "$new" --replace 2>&1)
        code=$?
        trace=()
        grep -q INJECTED "$home/trace" || break
        held=$(stored | sed -n 's/^anthropic:one //p')
        reported=$(grep INJECTED "$home/trace" | grep -c 'write([12],')
        case $code:$held in
        0:"${new: -12}") ;;
        74:"${new: -12}") [ "$reported" = 1 ] || wrong+="#$nth: refused, and yet stored. " ;;
        74:"${old: -12}") refusals=$((refusals + 1)) ;;
        *) wrong+="#$nth: exit code $code, key $held, $output " ;;
        esac
        [ "$(stored | grep -v ':one ')" = "$others" ] || wrong+="#$nth: another account changed. "
        add one "$old" --replace >/dev/null 2>&1
        [ -z "$(left_behind)" ] || wrong+="#$nth: something is left behind. "
    done
    # The last one met no fault.
    add one "$old" --replace >/dev/null 2>&1
    check "$fault at each of $((nth - 1)) calls: old or new, and said so" '' "$wrong"
    check "$fault: some saves were refused" yes "$([ "$refusals" != 0 ] && echo yes)"
done

# Killed at each call that writes: the same.
wrong="" kills=0
for call in write fsync rename renameat; do
    for nth in {1..40}; do
        trace=(strace -f -o "$home/trace" -e "trace=$call" -e "inject=$call:signal=KILL:when=$nth")
        add one "$new" --replace >/dev/null 2>&1
        trace=()
        grep -q 'killed by SIGKILL' "$home/trace" || break
        kills=$((kills + 1))
        held=$(stored | sed -n 's/^anthropic:one //p')
        [ "$held" = "${new: -12}" ] || [ "$held" = "${old: -12}" ] || wrong+="$call #$nth: key $held. "
        [ "$(stored | grep -v ':one ')" = "$others" ] || wrong+="$call #$nth: another account changed. "
        add one "$old" --replace >/dev/null 2>&1 || wrong+="$call #$nth: the next save does not work. "
        [ -z "$(left_behind)" ] || wrong+="$call #$nth: something is left behind. "
    done
    add one "$old" --replace >/dev/null 2>&1
done
check 'programs were killed' yes "$([ "$kills" -gt 8 ] && echo yes)"
check 'killed at each call that writes: old or new, and the next one works' '' "$wrong"

if [ "$(id -u)" != 0 ]; then
    skip 'a full file system (needs root)'
    finish
    exit
fi
mkdir -p "$scratch/full"
mount -t tmpfs -o mode=700,uid=65534,gid=65534,size=64k none "$scratch/full"
check_code 'an account on a small disk' 0 add one "$old" --home "$scratch/full/ours"
as_user sh -c 'cat /dev/zero >"$1"' sh "$scratch/full/filler" 2>/dev/null
check_code 'another one on the full disk' 74 add two "$new" --home "$scratch/full/ours"
check_code 'switching on the full disk' 74 \
    clean -- keywright account use one --home "$scratch/full/ours"
check_code 'deleting on the full disk' 74 \
    clean -- keywright account delete one --force --home "$scratch/full/ours"
check 'the account is as it was' "anthropic:one ${old: -12}" \
    "$(stored "$scratch/full/ours/agents/main/auth-profiles.json")"
check_code 'it can be read' 0 clean -- keywright account list --home "$scratch/full/ours"
rm "$scratch/full/filler"
check_code 'with room again' 0 add two "$new" --home "$scratch/full/ours"
umount "$scratch/full"

finish

# apt: python3 strace util-linux
# Disks that are full, fail or cannot be written, and homes of other users: a clear message, the
# exit code of the contract, the old store intact, nothing left behind.
if [ "$(id -u)" = 0 ] && [ -z "${KEYWRIGHT_TEST_MOUNTS:-}" ]; then
    # What is mounted here is gone with the script.
    export KEYWRIGHT_TEST_MOUNTS=own
    exec unshare -m -- bash "${BASH_SOURCE[0]}"
fi
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

old=$(made_up_key old) new=$(made_up_key new) next=$(made_up_key next)

# save KEY [OPTION…]: as the user of the tests; `trace` may name a program that runs it.
trace=()
save() {
    clean K="$1" -- ${trace[@]+"${trace[@]}"} keywright onboard --flow api-key --non-interactive \
        --offline --replace --anthropic-api-key-env K "${@:2}"
}

# refused NAME CODE WORDS FOLDER COMMAND…: the command ends so, says so, and leaves FOLDER as it was.
refused() {
    local name=$1 expected=$2 words=$3 folder=$4 before output code
    shift 4
    before=$(state "$folder")
    output=$("$@" 2>&1)
    code=$?
    check "$name: exit code" "$expected" "$code"
    check_holds "$name: message" "$words" "$output"
    check "$name: the key is not in it" 0 "$(grep -c "$new" <<<"$output")"
    check "$name: nothing changed" "$before" "$(state "$folder")"
}
# Names, owners, modes and content; the lock's content is the last holder's number.
state() {
    find "$1" -printf '%P %U %m\n' 2>/dev/null | sort
    find "$1" -type f ! -name lock ! -name filler -exec sha256sum {} + 2>/dev/null | sort
}

# A disk that fails, at each call that writes, one after another until none is left to fail.
check_code 'a save' 0 save "$old"
store_file=$home/.config/keywright/agents/main/auth-profiles.json
stored() {
    field profiles anthropic:default key <"$store_file"
}
for fault in write:ENOSPC write:EIO write:EDQUOT fsync:EIO renameat:EIO renameat:EACCES rename:ENOSPC; do
    call=${fault%:*} error=${fault#*:}
    wrong="" refusals=0
    for nth in {1..40}; do
        trace=(strace -f -o "$home/trace" -e "trace=$call" -e "inject=$call:error=$error:when=$nth")
        output=$(save "$new" 2>&1)
        code=$?
        trace=()
        grep -q INJECTED "$home/trace" || break
        held=$(stored)
        # When only the report cannot be written, the key is stored.
        reported=$(grep INJECTED "$home/trace" | grep -c 'write([12],')
        case $code:$held in
        0:"$new") ;;
        74:"$new" | 77:"$new") [ "$reported" = 1 ] || wrong+="#$nth: refused, and yet stored. " ;;
        74:"$old" | 77:"$old") refusals=$((refusals + 1)) ;;
        *) wrong+="#$nth: exit code $code, key ${held: -5}, $output " ;;
        esac
        [ -z "$(find "$home/.config" -name '*.tmp*')" ] || wrong+="#$nth: a temporary file is left. "
        save "$next" >/dev/null 2>&1
        [ "$(stored)" = "$next" ] || wrong+="#$nth: the next save does not work. "
        [ -z "$(find "$home/.config" -name '*.tmp*' -o -name '*.pending.json')" ] ||
            wrong+="#$nth: the next save leaves something behind. "
        save "$old" >/dev/null 2>&1
    done
    save "$old" >/dev/null 2>&1
    check "$fault at each of $((nth - 1)) calls: old or new, and said so" "" "$wrong"
    check "$fault: some saves were refused" yes "$([ "$refusals" != 0 ] && echo yes)"
done

for command in status 'status --json' history 'flow list' 'doctor --offline' 'doctor list' 'env'; do
    # shellcheck disable=SC2086
    check_code "$command on a full device" 74 \
        clean -- sh -c '"$@" >/dev/full' sh keywright $command
done

if [ "$(id -u)" != 0 ]; then
    skip 'full and read-only file systems, other users (needs root)'
    finish
    exit
fi

# mounted NAME OPTIONS: a file system of its own for the user of the tests.
mounted() {
    mkdir -p "$scratch/$1"
    mount -t tmpfs -o "mode=700,uid=65534,gid=65534,$2" none "$scratch/$1"
}

mounted full size=64k
check_code 'a save on a small disk' 0 save "$old" --home "$scratch/full/ours"
as_user sh -c 'cat /dev/zero >"$1"' sh "$scratch/full/filler" 2>/dev/null
refused 'a full disk' 74 'No space left' "$scratch/full" save "$new" --home "$scratch/full/ours"
refused 'a full disk, first save' 74 "$scratch/full/other" "$scratch/full/ours" \
    save "$new" --home "$scratch/full/other"
check 'a full disk: the old key can be read' "$old" \
    "$(clean -- keywright exec --home "$scratch/full/ours" -- printenv ANTHROPIC_API_KEY)"
rm "$scratch/full/filler"
check_code 'with room again' 0 save "$new" --home "$scratch/full/ours"
umount "$scratch/full"

mounted inodes nr_inodes=3
refused 'no file can be made' 74 "$scratch/inodes" "$scratch/inodes/none" \
    save "$new" --home "$scratch/inodes/ours"
umount "$scratch/inodes"

mounted fixed size=1m
check_code 'a save on a disk' 0 save "$old" --home "$scratch/fixed/ours"
mount -o remount,ro "$scratch/fixed"
refused 'a read-only disk' 77 "$scratch/fixed/ours" "$scratch/fixed" \
    save "$new" --home "$scratch/fixed/ours"
refused 'a read-only disk, first save' 77 "$scratch/fixed/other" "$scratch/fixed" \
    save "$new" --home "$scratch/fixed/other"
check_code 'a read-only disk can be read' 0 clean -- keywright status --home "$scratch/fixed/ours"
umount "$scratch/fixed"

# Other users: numbers that have no name will do.
mkdir -m 777 "$scratch/foreign"
chown 65533:65533 "$scratch/foreign"
refused "another user's home" 77 'belongs to user id 65533' "$scratch/foreign" \
    save "$new" --home "$scratch/foreign"
mkdir -m 755 "$scratch/closed"
refused 'a folder that cannot be written' 77 "$scratch/closed" "$scratch/closed" \
    save "$new" --home "$scratch/closed/ours"

chown 65533:65533 "$store_file"
refused "another user's store" 77 'hint: ' "$home" save "$new"
chown 65534:65534 "$store_file"

as_root() {
    env -i HOME="$home" PATH="/usr/bin:/bin" K="$new" "$KEYWRIGHT" "$@"
}
refused "root in another user's home" 77 'user id 65534' "$home" as_root onboard --flow api-key \
    --non-interactive --offline --replace --anthropic-api-key-env K
rm -rf "$home/.config"
refused "root in another user's home, first save" 77 'user id 65534' "$home" as_root onboard \
    --flow api-key --non-interactive --offline --replace --anthropic-api-key-env K

finish

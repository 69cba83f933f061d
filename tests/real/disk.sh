# apt: python3
# Homes that cannot be written: full, read-only, somebody else's. The old store stays whole.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

old=sk-ant-api03-$(printf 'OLD%090dAA' 0)
new=sk-ant-api03-$(printf 'NEW%090dAA' 0)
put old <<<"$old"
put new <<<"$new"
folder=$home/keywright
store=$folder/agents/main/auth-profiles.json

save() {
    clean -- keywright --home "$folder" onboard --non-interactive --offline --replace \
        --anthropic-api-key-file "$home/$1"
}

# refused NAME CODE: a save fails with that code and a message, and the old key is still there.
refused() {
    local message
    message=$(save new 2>&1)
    check "$1: exit code" "$2" $?
    check "$1: a message" yes "$([ -n "$message" ] && echo yes)"
    check "$1: the key is not in it" '' "$(grep -F "$new" <<<"$message")"
    check "$1: the old key is there" yes "$(grep -qF "$old" "$store" && echo yes)"
    check "$1: no temporary file" '' "$(find "$folder" -name '.tmp*')"
}

if [ "$(id -u)" != 0 ]; then
    save old >/dev/null 2>&1
    chmod -R a-w "$folder"
    refused 'read-only folder' 77
    finish
    exit
fi

mkdir "$folder"
mount -t tmpfs -o size=64k,uid=65534,gid=65534,mode=0700 none "$folder"
trap 'umount "$folder" 2>/dev/null; chmod -R u+rwX "$scratch" 2>/dev/null; rm -rf "$scratch"' EXIT
check_code 'a save with room' 0 save old
as_user dd if=/dev/zero of="$folder/filler" bs=1k 2>/dev/null
refused 'full disk' 74
rm "$folder/filler"
mount -o remount,ro "$folder"
refused 'read-only file system' 77
mount -o remount,rw "$folder"
chown root:root "$store"
chmod 600 "$store"
refused 'a store of another user' 77
chown 65534:65534 "$store"
check_code 'mended, the same save works' 0 save new

# Root in somebody else's home leaves nothing of root's there.
output=$(env -i HOME="$home" PATH="$scratch/bin:/usr/bin:/bin" keywright onboard --non-interactive --offline \
    --anthropic-api-key-file "$home/new" 2>&1)
check 'root in the home of another user' 77 $?
check 'nothing of root is left there' '' "$(find "$home" -xdev -user 0)"

finish

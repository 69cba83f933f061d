# apt: dbus gnome-keyring libsecret-tools python3
# References into a real keyring: GNOME Keyring on a session bus of its own. Unlocked, locked, an entry
# that is not there, no keyring, no bus, and a bus that hangs.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

secret=sk-ant-api03-$(printf 'kQ7r%.0s' $(seq 22))ringAA
reference='{"source": "keyring", "provider": "default", "id": "the key"}'
put .config/keywright/agents/main/auth-profiles.json <<END
{"version": 1, "profiles": {"anthropic:default": {"type": "api_key", "provider": "anthropic", "keyRef": $reference}}}
END
runtime=$scratch/runtime
mkdir -m 700 "$runtime"
if [ "$(id -u)" = 0 ]; then
    chown 65534:65534 "$runtime"
fi

# on_bus COMMANDS: runs them in a shell on a session bus that ends with it. The keyrings of the
# scratch home stay from one to the next.
on_bus() {
    clean XDG_RUNTIME_DIR="$runtime" SECRET="$secret" -- dbus-run-session -- \
        sh -c "$1" 2>"$scratch/errors"
}
unlock='printf pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null'
save='printf %s "$SECRET" | secret-tool store --label=test service keywright account "the key"'

found=$(on_bus "$unlock; $save; keywright get --raw")
check 'an entry of an open keyring is found' "$secret" "$found"
found=$(on_bus "$unlock; secret-tool lookup service keywright account 'the key'")
check 'the entry is still there' "$secret" "$found"
found=$(on_bus "$unlock; keywright exec -- sh -c 'printenv ANTHROPIC_API_KEY'")
check 'exec hands it over' "$secret" "$found"
found=$(on_bus "$unlock; keywright models status --check --json" | field auth profiles 0 reasonCode)
check 'models status --check asks for it' ok "$found"

onboard='keywright onboard --non-interactive --offline --flow api-key --profile-id anthropic:ring'
ways='--secret-input-mode ref --anthropic-api-key-keyring "the key"'
found=$(on_bus "$unlock; $onboard $ways --json; keywright get --raw --profile anthropic:ring" | tail -1)
check 'onboard saves a reference to it' "$secret" "$found"
found=$(field profiles anthropic:ring keyRef source <"$home/.config/keywright/agents/main/auth-profiles.json")
check 'and no secret' keyring "$found"
check 'which is nowhere in our folder' '' "$(grep -r -l -F "$secret" "$home/.config/keywright")"

refused() {
    check "$1: nothing is handed out" '' "$2"
    check_holds "$1: it is said" "$3" "$(tr -s ' \n' ' ' <"$scratch/errors")"
}
start='gnome-keyring-daemon --start --components=secrets >/dev/null'
found=$(on_bus "$start; timeout 20 keywright get --raw")
refused 'a locked keyring' "$found" 'the keyring that it refers to is locked'
found=$(on_bus "$unlock; secret-tool clear service keywright account 'the key'; keywright get --raw")
refused 'an entry that is gone' "$found" 'the keyring has no entry with the service keywright'

# A bus without services: nothing can be started on it.
cat >"$scratch/bare.conf" <<'END'
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy>
</busconfig>
END
chmod 644 "$scratch/bare.conf"
found=$(clean XDG_RUNTIME_DIR="$runtime" -- dbus-run-session --config-file="$scratch/bare.conf" -- \
    keywright get --raw 2>"$scratch/errors")
refused 'a bus without a keyring' "$found" 'no keyring runs on the session bus'
found=$(clean -- keywright get --raw 2>"$scratch/errors")
refused 'no bus' "$found" 'there is no session bus'

# Something that takes a connection and never answers.
serve "$scratch/hung.log" python3 -c "
import socket, sys, time
bus = socket.socket(socket.AF_UNIX)
bus.bind(sys.argv[1])
bus.listen()
time.sleep(600)" "$scratch/hung"
for _ in $(seq 100); do
    [ -S "$scratch/hung" ] && break
    sleep 0.1
done
chmod 777 "$scratch/hung"
before=$SECONDS
found=$(clean DBUS_SESSION_BUS_ADDRESS="unix:path=$scratch/hung" -- timeout 20 keywright get --raw 2>"$scratch/errors")
refused 'a bus that hangs' "$found" 'the keyring did not answer within 3000 ms'
check 'and it does not take long' yes "$([ $((SECONDS - before)) -le 6 ] && echo yes)"

finish

# apt: python3 strace
# A save that is killed at any of its system calls leaves the old state or the new one.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

cp "$(dirname "${BASH_SOURCE[0]}")/kill.py" "$scratch/bin/kill.py"
chmod 644 "$scratch/bin/kill.py"
output=$(clean -- python3 "$scratch/bin/kill.py" "$KEYWRIGHT")
code=$?
last=$(tail -n 1 <<<"$output")
if [ "$code" = 0 ]; then
    ok "killed at every system call of a save: $last"
else
    bad "killed at every system call of a save" "$output"
fi

finish

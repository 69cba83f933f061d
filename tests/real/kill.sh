# apt: strace python3
# A save that is killed at any of its system calls leaves the old store or the new one.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

here=$(dirname "${BASH_SOURCE[0]}")
check_code 'kill -9 at every system call of a save' 0 python3 "$here/kill.py" "$KEYWRIGHT"

finish

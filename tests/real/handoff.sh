# apt: tmux
# npm: @anthropic-ai/claude-code
# The real `claude` gets the terminal from the wizard, as far as its sign-in, and Ctrl-C leads back:
# the terminal is as it was. Nobody signs in, so nothing is asked of any server but what it asks itself.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

copy_claude
multiplexer() {
    clean TMUX_TMPDIR="$home" -- tmux -f /dev/null "$@"
}
trap 'multiplexer kill-server 2>/dev/null; clear_up' EXIT

screen() {
    multiplexer capture-pane -p -J -S -
}
# sees TEXT: waits until the screen shows it, a minute at most.
sees() {
    local _
    for _ in $(seq 600); do
        [[ $(screen) != *"$1"* ]] || return 0
        sleep 0.1
    done
    bad "the screen shows: $1" "$(screen)"
    return 1
}
keys() {
    multiplexer send-keys "$@"
}
settings() {
    as_user stty -a -F "$(multiplexer display-message -p '#{pane_tty}')"
}
# start ARGUMENTS…: the wizard in a shell of a new terminal.
start() {
    as_user rm -rf "$home/.claude" "$home/.config"
    multiplexer new-session -d -x 120 -y 50 env CLAUDE_CONFIG_DIR="$home/.claude" DISABLE_AUTOUPDATER=1 \
        PATH="$scratch/npm/bin:$scratch/bin:/usr/bin:/bin" PS1='ready> ' sh
    sees 'ready>' && before=$(settings)
    keys "clear; keywright onboard $*" Enter
}
# back NAME TEXT: Ctrl-C in the program, then in the wizard, which says TEXT before; the terminal is
# as it was.
back() {
    sleep 0.3
    keys C-c
    sees "$2" && ok "$1: Ctrl-C leads back to the wizard"
    keys C-c
    sees 'Nothing was changed.' && ok "$1: Ctrl-C leaves the wizard"
    sees 'ready>' && check "$1: the terminal is as it was" "$before" "$(settings)"
    keys 'echo typ''ed' Enter
    sees typed && ok "$1: what is typed is seen again"
    check "$1: nothing is stored" '' "$(as_user ls -d "$home/.config/keywright/agents" 2>/dev/null)"
    multiplexer kill-server
}

start --flow setup-token
sees 'Where does the token come from?' && keys Enter
sees 'Go on with the token?' && keys y Enter
sees 'Paste code here if prompted' && ok 'setup-token: the real program has the terminal'
back setup-token 'did not come to its end'

start --flow claude-cli
sees 'Claude Code is not signed in here.' && keys Enter
sees 'Paste code here if prompted' && ok 'auth login: the real program has the terminal'
back 'auth login' '? What now?'

finish

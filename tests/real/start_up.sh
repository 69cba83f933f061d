# apt: zsh fish
# Who reads which start-up file: the doctor's words against real shells.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

key=$(made_up_key cd)

# told SHELL: the sessions that the doctor names, for the one file that sets the variable.
told() {
    clean SHELL="$1" -- keywright doctor --offline --only ENV-010 --json | python3 -c 'import json, re, sys
finding = json.load(sys.stdin)["checks"][0]["finding"]
words = re.search(r"sets it for ([^;]*);", finding["detail"])[1] if finding else ""
kinds = {"login shells": "login", "interactive shells": "interactive", "scripts": "script",
         "commands over SSH": "ssh"}
print(*(kinds[word] for word in words.split(", ") if word in kinds))'
}

# seen SHELL: the sessions that really have it.
seen() {
    local found=()
    sees "$1" -l -i && found+=(login)
    sees "$1" -i && found+=(interactive)
    sees "$1" && found+=(script)
    # What sshd starts for one command; bash looks for this sign and reads more then.
    sees env SSH_CLIENT='127.0.0.1 1 2' "$1" && found+=(ssh)
    echo "${found[*]-}"
}

sees() {
    clean -- setsid "$@" -c 'test -n "$ANTHROPIC_API_KEY"' </dev/null >/dev/null 2>&1
}

# file_case SHELL FILE LINE [FILE LINE]: the same in both.
file_case() {
    local shell expected
    shell=$(type -P "$1") || {
        skip "$1 is not here"
        return
    }
    put "$2" <<<"$3"
    [ $# -lt 5 ] || put "$4" <<<"$5"
    expected=$(seen "$shell")
    # What no shell would set at a prompt is not spoken of.
    case $expected in
    *login* | *interactive*) check "$1: $2${4:+, $4}" "$expected" "$(told "$shell")" ;;
    *) check "$1: $2${4:+, $4}" '' "$(told "$shell")" ;;
    esac
    as_user rm "$home/$2"
    [ $# -lt 5 ] || as_user rm "$home/$4"
}

line="export ANTHROPIC_API_KEY=$key"
for file in .bash_profile .bash_login .profile .bashrc .bash_aliases .zshrc; do
    file_case bash "$file" "$line"
done
file_case bash .bashrc "$line" .profile '. ~/.bashrc'
file_case bash .bashrc "$line" .bash_profile '[ -f "$HOME/.bashrc" ] && source "$HOME/.bashrc"'
file_case bash .bashrc "case \$- in *i*) ;; *) return;; esac
$line" .profile '. ~/.bashrc'
file_case bash .profile "$line" .bash_profile 'true'
file_case bash .profile "$line" .bash_login 'true'
file_case bash .bashrc '. ~/.own' .own "$line"
for file in .zshenv .zprofile .zshrc .zlogin .profile; do
    file_case zsh "$file" "$line"
done
file_case fish .config/fish/config.fish "set -gx ANTHROPIC_API_KEY $key"
file_case fish .config/fish/conf.d/key.fish "set -gx ANTHROPIC_API_KEY $key"
# As fish itself writes it.
if type -P fish >/dev/null; then
    clean -- fish -c "set -Ux ANTHROPIC_API_KEY $key"
    universal=$(cat "$home/.config/fish/fish_variables")
    as_user rm "$home/.config/fish/fish_variables"
    file_case fish .config/fish/fish_variables "$universal"
    put .config/fish/fish_variables <<<"$universal"
    for other in '' x; do
        status=$(clean SHELL=/usr/bin/fish "ANTHROPIC_API_KEY=$key$other" -- keywright doctor --offline --only ENV-010 --json | found info)
        check "fish: set -Ux${other:+, another value}" "${other:+ENV-010}" "$status"
    done
fi

finish

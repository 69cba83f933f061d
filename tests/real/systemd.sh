# apt: systemd git python3
# Files of variables, units and drop-ins are read as the real systemd reads them, and git's index as
# the real git writes it. systemd itself need not run: the generator for environment.d shares the
# reader of EnvironmentFile=, and a manager in test mode prints what it made of a unit.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

generator=/usr/lib/systemd/user-environment-generators/30-systemd-environment-d-generator
manager=/usr/lib/systemd/systemd
units=.config/systemd/user
key=$(made_up_key ab)
tail=${key#sk-ant-api03-}

# doctor NAME=VALUE… : the status of ENV-010 for the gateway, with that environment.
doctor() {
    clean SHELL=/bin/bash "$@" -- keywright doctor --offline --only ENV-010 --service openclaw-gateway --json |
        python3 -c 'import json, sys
check = json.load(sys.stdin)["checks"][0]
print(check["status"])'
}

# agrees NAME VALUE: the doctor sees the same value as systemd, and tells any other one apart.
agrees() {
    check "$1: the same" info "$(doctor "ANTHROPIC_API_KEY=$2")"
    check "$1: another" warn "$(doctor "ANTHROPIC_API_KEY=$2x")"
}

put $units/openclaw-gateway.service <<'END'
[Service]
ExecStart=/usr/bin/true
EnvironmentFile=%h/gateway.env
END

# file_case NAME TEXT: what systemd reads from the text is what the doctor compares with.
file_case() {
    put gateway.env <<<"$2"
    put .config/environment.d/x.conf <<<"$2"
    local value
    # Its output has the escapes of C in double quotes. A dot behind keeps a line break at the end.
    value=$(
        unset ANTHROPIC_API_KEY
        eval "$(clean -- "$generator" 2>/dev/null | sed "s/'/\\\\'/g; s/=\"\(.*\)\"\$/=\$'\1'/")"
        printf '%s.' "${ANTHROPIC_API_KEY-}"
    )
    as_user rm "$home/.config/environment.d/x.conf"
    value=${value%.}
    if [ -z "$value" ]; then
        check "$1: nothing is set" warn "$(doctor "ANTHROPIC_API_KEY=$key")"
    else
        agrees "$1" "$value"
    fi
}

if [ -x "$generator" ]; then
    file_case 'bare' "ANTHROPIC_API_KEY=$key"
    file_case 'single quotes' "ANTHROPIC_API_KEY='$key'"
    file_case 'double quotes' "ANTHROPIC_API_KEY=\"$key\""
    file_case 'white space around' "  ANTHROPIC_API_KEY =  $key   "
    file_case 'a comment behind' "ANTHROPIC_API_KEY=$key # mine"
    file_case 'quotes in the middle' "ANTHROPIC_API_KEY=sk-ant-api03-'$tail'"
    file_case 'parts in quotes' "ANTHROPIC_API_KEY='sk-ant-api03-' \"$tail\""
    file_case 'text behind quotes' "ANTHROPIC_API_KEY='sk-ant-api03-'$tail"
    file_case 'escapes' "ANTHROPIC_API_KEY=sk\\-ant\\-api03-$tail"
    file_case 'escapes in double quotes' "ANTHROPIC_API_KEY=\"sk\\-ant\\\"-\\\\api03-$tail\""
    file_case 'escapes in single quotes' "ANTHROPIC_API_KEY='sk\\-ant-api03-$tail'"
    file_case 'a joined line' "ANTHROPIC_API_KEY=sk-ant-api03-\\"$'\n'"$tail"
    file_case 'a joined line in quotes' "ANTHROPIC_API_KEY=\"sk-ant-api03-\\"$'\n'"$tail\""
    file_case 'a line break in quotes' "ANTHROPIC_API_KEY=\"sk-ant-api03-"$'\n'"$tail\""
    file_case 'white space kept by a backslash' "ANTHROPIC_API_KEY=$key\\ "
    file_case 'carriage returns' "ANTHROPIC_API_KEY=$key"$'\r'
    file_case 'the last one counts' "ANTHROPIC_API_KEY=first$key"$'\n'"ANTHROPIC_API_KEY=$key"
    file_case 'comments' "# ANTHROPIC_API_KEY=x"$'\n'"; ANTHROPIC_API_KEY=y"
    file_case 'a comment that goes on' "# x \\"$'\n'"ANTHROPIC_API_KEY=$key"
    file_case 'export' "export ANTHROPIC_API_KEY=$key"
    file_case 'an open quote' "OTHER='"$'\n'"ANTHROPIC_API_KEY=$key"
    file_case 'nothing behind it' "ANTHROPIC_API_KEY="
else
    skip 'systemd has no generator for environment.d here'
fi

# unit_case NAME UNIT [DROP-IN]: the same for Environment=, as a manager in test mode prints it.
unit_case() {
    local value
    put $units/openclaw-gateway.service <<<"[Service]
ExecStart=/usr/bin/true
$2"
    put $units/openclaw-.service.d/b.conf <<<"[Service]
${3-}"
    as_user mkdir -p "$home/$units/default.target.wants" "$home/run"
    as_user chmod 700 "$home/run"
    as_user ln -sf ../openclaw-gateway.service "$home/$units/default.target.wants/"
    value=$(clean "XDG_RUNTIME_DIR=$home/run" -- timeout 20 "$manager" --user --test 2>/dev/null |
        python3 -c 'import sys
inside, value = False, ""
for line in sys.stdin:
    if "-> Unit " in line: inside = "openclaw-gateway.service" in line
    name, _, rest = line.strip().partition(": ")
    if inside and name == "Environment" and rest.startswith("ANTHROPIC_API_KEY="):
        value = rest.partition("=")[2]
print(value)')
    if [ -z "$value" ]; then
        check "$1: nothing is set" warn "$(doctor "ANTHROPIC_API_KEY=$key")"
    else
        agrees "$1" "$value"
    fi
}

works=$(as_user mkdir -p "$home/run" && as_user chmod 700 "$home/run" &&
    clean "XDG_RUNTIME_DIR=$home/run" -- timeout 20 "$manager" --user --test 2>&1)
if [[ $works == *'-> Unit '* ]]; then
    unit_case 'Environment=' "Environment=ANTHROPIC_API_KEY=$key"
    unit_case 'in quotes' "Environment=\"ANTHROPIC_API_KEY=$key\" 'A=b c'"
    unit_case 'a quoted value' "Environment=A=b ANTHROPIC_API_KEY=\"$key\""
    unit_case 'quotes in the middle' "Environment=ANTHROPIC_API_KEY=sk-ant-'api03'-$tail"
    unit_case 'C escapes' "Environment=ANTHROPIC_API_KEY=\\x73k-\\141nt-api03-$tail"
    unit_case 'a specifier' "Environment=ANTHROPIC_API_KEY=sk-%p-$tail"
    unit_case 'a doubled percent sign' "Environment=ANTHROPIC_API_KEY=sk-%%-$tail"
    unit_case 'joined lines' "Environment=A=b \\"$'\n'"# not this"$'\n'"  ANTHROPIC_API_KEY=$key"
    unit_case 'an empty one begins anew' "Environment=ANTHROPIC_API_KEY=$key"$'\n'"Environment="
    unit_case 'the last one counts' "Environment=ANTHROPIC_API_KEY=first$key"$'\n'"Environment=ANTHROPIC_API_KEY=$key"
    unit_case 'a drop-in' "Environment=ANTHROPIC_API_KEY=first$key" "Environment=ANTHROPIC_API_KEY=$key"
    unit_case 'a drop-in that begins anew' "Environment=ANTHROPIC_API_KEY=$key" "Environment="
    put $units/openclaw-gateway.service.d/a.conf <<<"[Service]
Environment=ANTHROPIC_API_KEY=never$key"
    unit_case 'drop-ins by name' "" "Environment=ANTHROPIC_API_KEY=$key"
    put $units/openclaw-gateway.service.d/b.conf <<<"[Service]
Environment=ANTHROPIC_API_KEY=own$key"
    unit_case 'the more particular drop-in of a name' "" "Environment=ANTHROPIC_API_KEY=$key"
    unit_case 'another section' "[Install]"$'\n'"Environment=ANTHROPIC_API_KEY=$key"
else
    skip 'a manager does not run in test mode here'
fi

# What git itself writes into its index.
git_case() {
    as_user rm -rf "$home/tree"
    put tree/.env <<<"ANTHROPIC_API_KEY=$key"
    put tree/a/file <<<x
    clean -- sh -c 'cd tree && git init -q '"$2"' . && git add a && git '"$3"' update-index --index-version '"$4" ||
        { skip "$1"; return; }
    local status='import json, sys
print(json.load(sys.stdin)["checks"][0]["status"])'
    look() {
        clean -- sh -c 'cd tree && keywright doctor --offline --only ENV-006 --json' | python3 -c "$status"
    }
    check "$1: not tracked" pass "$(look)"
    clean -- git -C tree add -f .env
    check "$1: tracked" warn "$(look)"
    clean -- sh -c 'cd tree && mv .git ../store.git && echo "gitdir: ../store.git" > .git'
    check "$1: the repository somewhere else" warn "$(look)"
    as_user rm -rf "$home/store.git"
}
for version in 2 3 4; do
    git_case "git index version $version" '' '' $version
done
git_case 'git with SHA-256' '--object-format=sha256' '' 2

finish

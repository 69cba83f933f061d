# apt: acl python3
# Access lists as setfacl makes them, private groups as useradd makes them, and folders above.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

key=$(made_up_key access)
profiles=.config/keywright/agents/main/auth-profiles.json
store api_key key "$key"

# verdict: how CRED-001 stands.
verdict() {
    clean -- keywright doctor --offline --json --only CRED-001 |
        python3 -c 'import json, sys
print(*[c["status"] for c in json.load(sys.stdin)["checks"] if c["code"] == "CRED-001"])'
}
# says WORDS: yes when the text has them.
says() {
    local report
    report=$(clean -- keywright doctor --offline --only CRED-001 | tr -s '\n ' ' ')
    [[ $report == *"$1"* ]] && echo yes
}

check 'a store of its own' pass "$(verdict)"
as_user setfacl -m u:1:r "$home/$profiles"
check 'a list opens the store' fail "$(verdict)"
check 'it is named' yes "$(says 'by user 1, whom an access list lets in')"
as_user chmod 600 "$home/$profiles"
check 'chmod closes it' pass "$(verdict)"
as_user setfacl -b "$home/$profiles"
as_user setfacl -m g:1:rw "$home/$profiles"
check 'a list for a group' fail "$(verdict)"
check 'the right to write is named' yes "$(says 'can be written')"
as_user setfacl -b "$home/$profiles"
check 'without the list' pass "$(verdict)"
as_user setfacl -d -m u:1:rwx "$home/.config/keywright"
check 'a list for what is made there does no harm' pass "$(verdict)"
as_user setfacl -k "$home/.config/keywright"

as_user setfacl -m u:1:rwx "$home"
check 'a list opens the home folder' fail "$(verdict)"
check 'the folder is named' yes "$(says 'A folder above the stored credentials can be written to by user 1')"
as_user setfacl -b "$home"
as_user chmod 777 "$home"
check 'a home folder for everybody' fail "$(verdict)"
as_user chmod 1777 "$home"
check 'a sticky one' pass "$(verdict)"
as_user chmod 700 "$home"
check 'a home folder of its own' pass "$(verdict)"

# A login that a container is given as one mounted file.
if [ "$(id -u)" = 0 ]; then
    put .claude/.credentials.json <<<'{"claudeAiOauth":{"accessToken":"sk-ant-oat01-AAAAAAAAAAAA","refreshToken":"sk-ant-ort01-AAAAAAAAAAAA","expiresAt":4100000000000,"refreshTokenExpiresAt":4100000000000,"scopes":["user:inference"],"subscriptionType":"max"}}'
    put login.json <"$home/.claude/.credentials.json"
    shared() {
        unshare -m -- sh -c 'mount --bind "$1/login.json" "$1/.claude/.credentials.json" &&
            exec env -i HOME="$1" PATH="$2" keywright doctor --offline --only CRED-015' \
            sh "$home" "$scratch/bin:$PATH" | tr -s '\n ' ' '
    }
    check 'a login that is mounted' yes \
        "$([[ $(shared) == *'is mounted from somewhere else'* ]] && echo yes)"
fi

finish

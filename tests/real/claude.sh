# apt: python3
# npm: @anthropic-ai/claude-code
# The real `claude`: what the doctor says of none, one and two of them, which key one started by
# `exec` sends, whether a login is seen as it sees it, and what it says of a token. Always with a
# scratch HOME and CLAUDE_CONFIG_DIR and a time limit.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

copy_claude
without=$scratch/bin:/usr/bin:/bin
with=$scratch/npm/bin:$without
limited() {
    clean CLAUDE_CONFIG_DIR="$home/.claude" DISABLE_AUTOUPDATER=1 "${@:1:1}" -- timeout 60 "${@:2}"
}
# Status of each check of the `claude` family, and what it says.
examine() {
    limited "PATH=$1" keywright doctor --offline --json
}
statuses() {
    python3 -c 'import json, sys
for c in json.load(sys.stdin)["checks"]:
    if c["code"] in ("CLI-001", "CLI-002", "CLI-003"): print(c["code"], c["status"])' | xargs
}
finding() {
    python3 -c 'import json, sys
print(*(json.dumps(c["finding"]) for c in json.load(sys.stdin)["checks"] if c["code"] == sys.argv[1]))' "$1"
}

version=$(limited "PATH=$with" claude --version)
version=${version%% *}
store api_key key "$(made_up_key claude)"

if [ -e /usr/bin/claude ] || [ -e /usr/local/bin/claude ]; then
    skip 'no claude at all (this machine has one)'
else
    report=$(examine "$without")
    check 'none: the doctor says so' \
        'CLI-001 info CLI-002 pass CLI-003 not_applicable' "$(statuses <<<"$report")"
    check_holds 'none: and what it means' 'not installed' "$(finding CLI-001 <<<"$report")"

    report=$(examine "$with")
    check 'one: all is well' 'CLI-001 pass CLI-002 pass CLI-003 pass' "$(statuses <<<"$report")"
fi

# A second one where the native installer puts it.
put .local/share/claude/versions/"$version" <"$program"
as_user chmod 755 "$home/.local/share/claude/versions/$version"
as_user mkdir -p "$home/.local/bin"
as_user ln -s "../share/claude/versions/$version" "$home/.local/bin/claude"
for path in "$with" "$home/.local/bin:$with"; do
    report=$(examine "$path")
    told=$(finding CLI-002 <<<"$report")
    check "two, first ${path%%/bin:*}: the doctor warns" warn \
        "$(statuses <<<"$report" | sed 's/.*CLI-002 \([a-z_]*\).*/\1/')"
    check_holds "two: it names the npm one" "$scratch/npm/bin/claude" "$told"
    check_holds "two: it names the native one" "$home/.local/bin/claude" "$told"
    check_holds "two: it names the version" "$version" "$told"
done
as_user rm -r "$home/.local"

# sends NAME EXPECTED: what a `claude` that `exec` starts sends to the server, whatever else this
# environment holds. It also looks whether the server is there, without a credential.
sends() {
    recorder "seen-$1" 127.0.0.1
    limited "PATH=$with" env ANTHROPIC_BASE_URL="http://127.0.0.1:$port" ANTHROPIC_API_KEY="$(made_up_key other)" \
        ANTHROPIC_AUTH_TOKEN=other CLAUDE_CODE_OAUTH_TOKEN=other CLAUDE_CODE_MAX_RETRIES=0 \
        keywright exec -- claude -p hi --output-format json >"$scratch/result" 2>"$scratch/errors"
    check "$1: claude asked the server, with this and nothing else" "$2" \
        "$(sed -n 's/^POST \/v1\/messages //p' "$scratch/seen-$1" | sort -u)"
    check "$1: and with no other in any request" '' \
        "$(grep -v -e connection -e "$2" -e 'x-api-key=None authorization=None' "$scratch/seen-$1")"
    check "$1: it was told that it is refused" true "$(field is_error <"$scratch/result")"
}
key=$(made_up_key sent)
store api_key key "$key"
sends 'a key' "x-api-key=$key authorization=None"
token=sk-ant-oat01-$(printf 'A%.0s' {1..91})sent
store token token "$token"
sends 'a token' "x-api-key=None authorization=Bearer $token"

# The whole way in the sandbox, from nothing to an answer.
works=$(clean -- keywright sandbox keys --json | field keys 0 key)
check_code 'sandbox: onboard' 0 limited "PATH=$with" env K="$works" \
    keywright --sandbox onboard --non-interactive --anthropic-api-key-env K
limited "PATH=$with" keywright --sandbox exec -- claude -p hi --output-format json \
    >"$scratch/result" 2>"$scratch/errors"
check 'sandbox: claude ends well' 0 $?
check_holds 'sandbox: claude has its answer' sandbox "$(field result <"$scratch/result")"
check 'sandbox: and no error' false "$(field is_error <"$scratch/result")"

# A login in each of its states. The program itself says whether it takes it for one; through a proxy
# that is not there, so that it changes nothing.
access='"accessToken":"sk-ant-oat01-made-up"'
refresh='"refreshToken":"sk-ant-ort01-made-up"'
scopes='"scopes":["user:inference","user:profile"],"subscriptionType":"max"'
past=1000000000000
future=4000000000000
soon=$(($(date +%s) * 1000 + 86400000))
login() {
    put .claude/.credentials.json <<<"{\"claudeAiOauth\":{$1}}"
}
# state NAME FAILING SAYS: the codes of the login family that are not well, and whether the program
# says that it is logged in.
state() {
    local report before=absent after=absent
    [ -e "$home/.claude/.credentials.json" ] && before=$(cksum <"$home/.claude/.credentials.json")
    report=$(examine "$with")
    check "login, $1: the doctor" "$2" "$(python3 -c 'import json, sys
print(*(c["code"] for c in json.load(sys.stdin)["checks"]
    if "CRED-010" <= c["code"] <= "CRED-016" and c["status"] in ("fail", "warn", "info")))' <<<"$report")"
    [ -e "$home/.claude/.credentials.json" ] && after=$(cksum <"$home/.claude/.credentials.json")
    check "login, $1: its file is as it was" "$before" "$after"
    check "login, $1: claude" "$3" "$(limited "PATH=$with" env HTTPS_PROXY=http://127.0.0.1:9 \
        claude auth status --json | field loggedIn)"
    check "login, $1: nothing of it is told" '' "$(grep -o 'made-up' <<<"$report")"
}
as_user rm -rf "$home/.claude" "$home/.config/keywright"
state missing '' false
login "$access,$refresh,\"expiresAt\":$future,\"refreshTokenExpiresAt\":$future,$scopes"
state valid '' true
login "$access,$refresh,\"expiresAt\":$future,$scopes"
state 'of an older version' '' true
login "$access,$refresh,\"expiresAt\":$past,\"refreshTokenExpiresAt\":$future,$scopes"
state refreshable '' true
login "$access,$refresh,\"expiresAt\":$future,\"refreshTokenExpiresAt\":$soon,$scopes"
state 'ending soon' CRED-013 true
# The program calls this one fine, and no request with it succeeds.
login "$access,\"refreshToken\":null,\"expiresAt\":$past,$scopes"
state dead CRED-013 true
login '"accessToken":"","refreshToken":"","expiresAt":0,'"$scopes"
state blanked CRED-014 false
login "$access,$refresh,\"expiresAt\":$future,\"scopes\":[]"
state 'without the scope' CRED-016 false
put .claude/.credentials.json <<<'{"mcpOAuth":{}}'
state 'without a login' '' false
put .claude/.credentials.json <<<'{"claudeAiOauth":{"accessToken":'
state broken CRED-010 false
printf '\xef\xbb\xbf{"claudeAiOauth":{%s}}' "$access,$refresh,\"expiresAt\":$future,$scopes" | put .claude/.credentials.json
state 'after a byte-order mark' CRED-010 false
as_user rm -rf "$home/.claude"

# What comes before a login, as the program itself says.
login "$access,$refresh,\"expiresAt\":$future,$scopes"
winner() {
    limited "PATH=$with" env "$@" keywright why claude-code --json | field answers 0 winner
}
method() {
    limited "PATH=$with" env HTTPS_PROXY=http://127.0.0.1:9 "$@" claude auth status --json | field authMethod
}
key=$(made_up_key rank)
check 'rank: the login alone' 'login claude.ai' "$(winner A=) $(method A=)"
# 2.1.197 tells the login here and sends the key: what it sends counts.
recorder ranked 127.0.0.1
limited "PATH=$with" env ANTHROPIC_BASE_URL="http://127.0.0.1:$port" ANTHROPIC_API_KEY="$key" CLAUDE_CODE_MAX_RETRIES=0 \
    claude -p hi --output-format json >/dev/null 2>&1
check 'rank: a key' "ANTHROPIC_API_KEY x-api-key=$key authorization=None" \
    "$(winner ANTHROPIC_API_KEY="$key") $(sed -n 's/^POST [^ ]* //p' "$scratch/ranked" | sort -u)"
check 'rank: an empty key' 'login claude.ai' "$(winner ANTHROPIC_API_KEY=) $(method ANTHROPIC_API_KEY=)"
check 'rank: a bearer' 'ANTHROPIC_AUTH_TOKEN oauth_token' "$(winner ANTHROPIC_AUTH_TOKEN=t) $(method ANTHROPIC_AUTH_TOKEN=t)"
check 'rank: a token' 'CLAUDE_CODE_OAUTH_TOKEN oauth_token' \
    "$(winner CLAUDE_CODE_OAUTH_TOKEN=t) $(method CLAUDE_CODE_OAUTH_TOKEN=t)"
for on in 1 yes ON; do
    check "rank: Bedrock switched on with $on" 'CLAUDE_CODE_USE_BEDROCK third_party' \
        "$(winner CLAUDE_CODE_USE_BEDROCK=$on) $(method CLAUDE_CODE_USE_BEDROCK=$on)"
done
for off in 0 2 false; do
    check "rank: Bedrock switched off with $off" 'login claude.ai' \
        "$(winner CLAUDE_CODE_USE_BEDROCK=$off) $(method CLAUDE_CODE_USE_BEDROCK=$off)"
done
put .claude/settings.json <<<'{"env": {"ANTHROPIC_API_KEY": ""}}'
check 'rank: settings take a key away' 'login claude.ai' \
    "$(winner ANTHROPIC_API_KEY="$key") $(method ANTHROPIC_API_KEY="$key")"
put .claude/settings.json <<<'{"apiKeyHelper": "false"}'
check 'rank: a helper' 'apiKeyHelper api_key_helper' "$(winner A=) $(method A=)"
put .claude/settings.json <<<'{'
check 'rank: settings that are no JSON' 'login claude.ai' "$(winner A=) $(method A=)"
as_user rm -rf "$home/.claude"

# A token, tried by the program. The folder would have it run two things.
as_user mkdir -p "$home/project/.claude" "$home/project/below"
as_user sh -c 'cd "$1/project" && touch="touch $1/project"
cat >.claude/settings.json <<END
{"hooks": {"SessionStart": [{"hooks": [{"type": "command", "command": "$touch/hooked"}]}]}}
END
cat >.mcp.json <<END
{"mcpServers": {"made-up": {"command": "touch", "args": ["$1/project/served"]}}}
END' sh "$home"
port=$(free_port)
serve "$scratch/sandbox.log" clean -- keywright sandbox --port "$port"
answers "$port"
# token NAME: the text of one of the sandbox's tokens.
token() {
    clean -- keywright sandbox keys --json | python3 -c 'import json, sys
def every(value):
    if isinstance(value, dict):
        yield value
        for inner in value.values(): yield from every(inner)
    elif isinstance(value, list):
        for inner in value: yield from every(inner)
print(next(v["key"] for v in every(json.load(sys.stdin)) if v.get("name") == sys.argv[1]))' "$1"
}
# try_token FOLDER TOKEN: onboards it there, against the sandbox; prints the report.
try_token() {
    as_user rm -rf "$home/.config/keywright"
    limited "PATH=$with" env -C "$home/project/$1" ANTHROPIC_BASE_URL="http://127.0.0.1:$port" T="$2" \
        keywright onboard --flow setup-token --non-interactive --accept-risk=subscription-token \
        --token-env T --json 2>"$scratch/errors"
}
for folder in . below; do
    try_token "$folder" "$(token subscription-works)" >"$scratch/result"
    check "token in $folder: accepted" 0 $?
    try_token "$folder" "$(token subscription-revoked)" >"$scratch/result"
    check "token in $folder: refused" 1 $?
    check_holds "token in $folder: says why" token "$(<"$scratch/result")"
    check "token in $folder: nothing stored" '' "$(ls "$home/.config/keywright/agents/main/auth-profiles.json" 2>/dev/null)"
done
check 'token: no hook and no server of the folder was run' '' "$(cd "$home/project" && ls -d hooked served 2>/dev/null)"
check 'token: nothing is left behind' '' "$(cd "$home" && ls -Ad .keywright-* .cache/.keywright-* .claude 2>/dev/null)"

finish

# apt: python3
# npm: @anthropic-ai/claude-code
# The real `claude`: what the doctor says of none, one and two of them, and which key one started
# by `exec` sends. Always with a scratch HOME and CLAUDE_CONFIG_DIR and a time limit.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# A copy, in a place that the user of the tests can reach.
package=$(dirname "$(dirname "$(readlink -f "$(type -P claude)")")")
mkdir -p "$scratch/npm/node_modules/@anthropic-ai" "$scratch/npm/bin"
cp -r "$package" "$scratch/npm/node_modules/@anthropic-ai/claude-code"
program=$scratch/npm/node_modules/@anthropic-ai/claude-code/bin/$(basename "$(readlink -f "$(type -P claude)")")
ln -s "../node_modules/@anthropic-ai/claude-code/bin/${program##*/}" "$scratch/npm/bin/claude"
chmod -R u=rwX,go=rX "$scratch/npm"

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

# What `exec` starts sends the stored key and no other.
recorder seen 127.0.0.1
key=$(made_up_key sent)
store api_key key "$key"
limited "PATH=$with" env ANTHROPIC_BASE_URL="http://127.0.0.1:$port" ANTHROPIC_API_KEY="$(made_up_key other)" \
    ANTHROPIC_AUTH_TOKEN=other CLAUDE_CODE_OAUTH_TOKEN=other CLAUDE_CODE_MAX_RETRIES=0 \
    keywright exec -- claude -p hi --output-format json >"$scratch/result" 2>/dev/null
check 'claude asked the server' yes "$(grep -q '^POST /v1/messages ' "$scratch/seen" && echo yes)"
check 'claude sends the stored key and nothing else' "x-api-key=$key authorization=None" \
    "$(sed -n 's/^POST [^ ]* //p' "$scratch/seen" | sort -u)"
# It also looks whether the server is there, without a key.
check 'and no other key in any request' "" "$(grep -v connection "$scratch/seen" | grep -v -e "x-api-key=$key authorization=None" -e "x-api-key=None authorization=None")"
check 'it was told that the key is wrong' true "$(field is_error <"$scratch/result")"

# The whole way in the sandbox, from nothing to an answer.
works=$(clean -- keywright sandbox keys --json | field keys 0 key)
check_code 'sandbox: onboard' 0 limited "PATH=$with" env K="$works" \
    keywright --sandbox onboard --non-interactive --anthropic-api-key-env K
limited "PATH=$with" keywright --sandbox exec -- claude -p hi --output-format json \
    >"$scratch/result" 2>"$scratch/errors"
check 'sandbox: claude ends well' 0 $?
check_holds 'sandbox: claude has its answer' sandbox "$(field result <"$scratch/result")"
check 'sandbox: and no error' false "$(field is_error <"$scratch/result")"

finish

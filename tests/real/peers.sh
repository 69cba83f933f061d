# apt: python3
# pip: mock-ai-api
# Sets up a key against servers that stand in for the API, and uses it.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# Asks for the models as a program does that was given the key: prints how many there are.
ask='import json, os, urllib.request
request = urllib.request.Request(os.environ["ANTHROPIC_BASE_URL"] + "/v1/models",
    headers={"x-api-key": os.environ["ANTHROPIC_API_KEY"], "anthropic-version": "2023-06-01"})
print(len(json.load(urllib.request.urlopen(request, timeout=10))["data"]))'

# try_peer NAME URL KEY
try_peer() {
    local name=$1 url=$2 key=$3 report code
    rm -rf "$home/.config"
    report=$(clean ANTHROPIC_BASE_URL="$url" K="$key" -- keywright onboard --non-interactive \
        --anthropic-api-key-env K --json 2>"$scratch/errors")
    code=$?
    check "$name: onboard succeeds" 0 "$code"
    check "$name: and says so" '"saved" "works" 200' \
        "$(printf '"%s" "%s" %s' "$(field outcome <<<"$report")" \
            "$(field verification status <<<"$report")" "$(field verification httpStatus <<<"$report")")"
    check "$name: the profile is stored" "$key" \
        "$(field profiles anthropic:default key <"$home/.config/keywright/agents/main/auth-profiles.json")"
    check "$name: neither output holds the key" 0 \
        "$(cat - "$scratch/errors" <<<"$report" | grep -c -F "$key")"
    check "$name: exec gives it to a program that the server answers" yes \
        "$(clean ANTHROPIC_BASE_URL="$url" -- keywright exec -- python3 -c "$ask" | grep -q '^[1-9]' && echo yes)"
    check "$name: status --check" "0" \
        "$(clean ANTHROPIC_BASE_URL="$url" -- keywright status --check >/dev/null; echo $?)"
    report=$(clean ANTHROPIC_BASE_URL="$url" -- keywright doctor --only net,api --json)
    check "$name: doctor finds nothing that fails" "" "$(found fail <<<"$report")"
    check_holds "$name: doctor sees that it works" "API-001" "$(found pass <<<"$report")"
}

anthropic=$(free_port)
serve "$scratch/mock.log" mock-ai-api --anthropic-port "$anthropic" --openai-port "$(free_port)"
answers "$anthropic" || bad 'mock-ai-api answers' "$(<"$scratch/mock.log")"
try_peer 'mock-ai-api' "http://127.0.0.1:$anthropic" "$(made_up_key peer)"

sandbox=$(free_port)
serve "$scratch/sandbox.log" clean -- keywright sandbox --port "$sandbox"
answers "$sandbox" || bad 'the sandbox answers' "$(<"$scratch/sandbox.log")"
keys=$(clean -- keywright sandbox keys --json)
test_key() {
    python3 -c 'import json, sys
print(*(k["key"] for k in json.load(sys.stdin)["keys"] if k["name"] == sys.argv[1]))' "$1" <<<"$keys"
}
url=http://127.0.0.1:$sandbox
try_peer 'sandbox' "$url" "$(test_key works)"

# A refused key replaces nothing.
check_code 'sandbox: a revoked key is refused' 1 clean ANTHROPIC_BASE_URL="$url" \
    K="$(test_key revoked)" -- keywright onboard --non-interactive --replace --anthropic-api-key-env K
check 'sandbox: and the old one stays' "$(test_key works)" \
    "$(field profiles anthropic:default key <"$home/.config/keywright/agents/main/auth-profiles.json")"

finish

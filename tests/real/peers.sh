# apt: python3
# pip: mock-ai-api
# A stand-in for the API that others wrote, and our own.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

field() {
    python3 -c 'import json,sys
value = json.load(sys.stdin)
for name in sys.argv[1].split("."): value = value[name]
print(value)' "$1"
}

works=$(clean -- keywright sandbox keys --json |
    python3 -c 'import json,sys; print(next(k["key"] for k in json.load(sys.stdin)["keys"] if k["name"] == "works"))')

report=$(clean K="$works" -- keywright --sandbox onboard --non-interactive --anthropic-api-key-env K --json 2>"$scratch/err")
check 'our sandbox: exit code' 0 $?
check 'our sandbox: profile' anthropic:default "$(field profile <<<"$report")"
check 'our sandbox: the key is not in the report' '' "$(grep -F "$works" <<<"$report" "$scratch/err")"

port=18731
mock-ai-api --anthropic-port "$port" --openai-port $((port + 1)) >"$scratch/log" 2>&1 &
server=$!
answers "$port" || bad 'mock-ai-api answers' "$(cat "$scratch/log")"
report=$(clean K="$works" ANTHROPIC_BASE_URL="http://127.0.0.1:$port" -- \
    keywright onboard --non-interactive --anthropic-api-key-env K --json)
check 'mock-ai-api: exit code' 0 $?
check 'mock-ai-api: profile' anthropic:default "$(field profile <<<"$report")"
check_code 'mock-ai-api: doctor is content with it' 0 \
    clean ANTHROPIC_BASE_URL="http://127.0.0.1:$port" -- keywright doctor
check 'the key reaches the program that is started with it' "$works" \
    "$(clean -- keywright exec -- printenv ANTHROPIC_API_KEY)"
kill "$server"

finish

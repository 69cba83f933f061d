# apt: python3 iproute2
# pip: mitmproxy
# Networks as they are found: intercepted, behind a password, misspelt, absent, and foreign.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

key=sk-ant-api03-$(printf 'NETWORK%086dAA' 0)
put .config/keywright/agents/main/auth-profiles.json <<END
{"version": 1, "profiles": {"anthropic:default": {"type": "api_key", "provider": "anthropic", "key": "$key"}}}
END

# failing [VARIABLE…]: the codes that fail, with the exit code; and that text and JSON agree on it.
failing() {
    local report code
    report=$(clean "$@" -- keywright doctor --json --timeout 10s)
    code=$?
    clean "$@" -- keywright doctor --timeout 10s >/dev/null 2>&1
    [ $? = $code ] || printf 'text and JSON end differently: '
    python3 -c 'import json,sys
print(*[c["code"] for c in json.load(sys.stdin)["checks"] if c["status"] == "fail"], sys.argv[1])' "$code" <<<"$report"
}

proxy() {
    local port=$1
    shift
    mitmdump --set confdir="$scratch/mitm" -q --listen-host 127.0.0.1 -p "$port" \
        --set connection_strategy=lazy "$@" >"$scratch/mitm.log" 2>&1 &
    proxy=$!
    answers "$port" || bad "mitmdump answers" "$(cat "$scratch/mitm.log")"
}

# The proxy answers in place of the API, which it must not reach.
cat >"$scratch/api.py" <<'END'
import json
from mitmproxy import http
def request(flow):
    models = {"data": [{"type": "model", "id": "m", "display_name": "M", "created_at": "2026-01-01T00:00:00Z"}], "has_more": False}
    flow.response = http.Response.make(200, json.dumps(models), {"content-type": "application/json", "request-id": "req_1"})
END

proxy 18751 -s "$scratch/api.py"
check 'TLS is intercepted' 'NET-010 1' "$(failing HTTPS_PROXY=http://127.0.0.1:18751)"
install -m 644 "$scratch/mitm/mitmproxy-ca-cert.pem" "$scratch/ca.pem"
check 'with the authority of the proxy it works' '0' \
    "$(failing HTTPS_PROXY=http://127.0.0.1:18751 SSL_CERT_FILE="$scratch/ca.pem")"
kill "$proxy"; wait "$proxy" 2>/dev/null
check 'the proxy is down' 'NET-011 1' "$(failing HTTPS_PROXY=http://127.0.0.1:18751)"

proxy 18752 -s "$scratch/api.py" --set proxyauth=user:word
check 'the proxy wants a password' 'NET-011 1' "$(failing HTTPS_PROXY=http://127.0.0.1:18752)"
kill "$proxy"; wait "$proxy" 2>/dev/null

check 'a proxy variable is malformed' 'NET-011 1' "$(failing HTTPS_PROXY='::not a url')"
report=$(clean HTTPS_PROXY='::not a url' -- keywright doctor)
check 'it is named' yes "$(grep -q 'HTTPS_PROXY is not a proxy address' <<<"$report" && echo yes)"

# A host that must not see a stored key. Its address is made up and lives on this machine only.
if [ "$(id -u)" = 0 ] && ip addr add 192.0.2.1/32 dev lo 2>/dev/null; then
    python3 -m http.server --bind 192.0.2.1 18753 >"$scratch/foreign.log" 2>&1 &
    listener=$!
    sleep 1
    check 'a foreign address is not asked' 'ENV-004 1' "$(failing ANTHROPIC_BASE_URL=http://192.0.2.1:18753)"
    check 'and is not connected to' '' "$(grep -v '^Serving' "$scratch/foreign.log")"
    check_code 'nor by the wizard' 64 clean ANTHROPIC_BASE_URL=http://192.0.2.1:18753 K="$key" -- \
        keywright onboard --non-interactive --replace --profile-id anthropic:other --anthropic-api-key-env K
    kill "$listener"
    ip addr del 192.0.2.1/32 dev lo
else
    echo 'skip  a foreign address (needs root)'
fi

# A network with nothing in it.
if [ "$(id -u)" = 0 ] && ip netns add keywright 2>/dev/null; then
    report=$(ip netns exec keywright env -i HOME="$home" PATH="$scratch/bin:/usr/bin:/bin" \
        setpriv --reuid=65534 --regid=65534 --clear-groups keywright doctor --json --timeout 10s)
    check 'no network' 'NET-001' "$(python3 -c 'import json,sys
print(*[c["code"] for c in json.load(sys.stdin)["checks"] if c["status"] == "fail"])' <<<"$report")"
    ip netns del keywright
else
    echo 'skip  no network (needs root)'
fi

finish

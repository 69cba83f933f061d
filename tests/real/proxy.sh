# apt: python3 util-linux
# pip: mitmproxy
# Proxies that look inside, that want a password, that are not there: the doctor names each with
# exactly one code.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

sandbox=$(free_port)
serve "$scratch/sandbox.log" clean -- keywright sandbox --port "$sandbox"
answers "$sandbox" || bad 'the sandbox answers' "$(<"$scratch/sandbox.log")"
works=$(clean -- keywright sandbox keys --json | field keys 0 key)
store api_key key "$works"

# proxy NAME OPTION…: a proxy that opens TLS with a certificate of its own and sends what is meant
# for the API to the sandbox. Sets `port`.
proxy() {
    local name=$1
    shift
    port=$(free_port)
    serve "$scratch/$name.log" mitmdump --set "confdir=$scratch/mitm" --listen-host 127.0.0.1 -p "$port" \
        --set connection_strategy=lazy --set upstream_cert=false \
        --map-remote "|https://api.anthropic.com|http://127.0.0.1:$sandbox" "$@"
    answers "$port" || bad 'mitmdump answers' "$(<"$scratch/$name.log")"
}

# diagnose NAME CODES [VARIABLE…]: the codes that fail and what the exit code follows from that, as
# JSON and as text; the JSON stays in `report`.
diagnose() {
    local name=$1 codes=$2 code text
    shift 2
    report=$(clean "$@" -- keywright doctor --json)
    code=$?
    check "$name: the doctor's codes" "$codes" "$(found fail <<<"$report")"
    check "$name: the exit code" "$([ -z "$codes" ] && echo 0 || echo 1)" "$code"
    text=$(clean "$@" -- keywright doctor)
    check "$name: as text, too" "$code" $?
    [ -z "$codes" ] || check_holds "$name: the text names the code" "$codes" "$text"
}
finding() {
    python3 -c 'import json, sys
print(*(json.dumps(c["finding"]) for c in json.load(sys.stdin)["checks"] if c["code"] == sys.argv[1]))' "$1" <<<"$report"
}

proxy open
url=http://127.0.0.1:$port
cp "$scratch/mitm/mitmproxy-ca-cert.pem" "$scratch/ca.pem"
chmod 644 "$scratch/ca.pem"
diagnose 'a proxy that looks inside' NET-010 HTTPS_PROXY="$url"
check_holds 'it says how to trust it' SSL_CERT_FILE "$(finding NET-010)"
diagnose 'with its certificate' '' HTTPS_PROXY="$url" SSL_CERT_FILE="$scratch/ca.pem"
check_holds 'with its certificate: the key works' API-001 "$(found pass <<<"$report")"
check_code 'with its certificate: onboard' 0 clean HTTPS_PROXY="$url" SSL_CERT_FILE="$scratch/ca.pem" \
    K="$works" -- keywright onboard --non-interactive --anthropic-api-key-env K --profile-id anthropic:proxied
check_code 'without it: onboard cannot tell, and saves nothing' 3 clean HTTPS_PROXY="$url" \
    K="$works" -- keywright onboard --non-interactive --anthropic-api-key-env K --profile-id anthropic:unknown
check 'without it: no profile' "" "$(grep -o 'anthropic:unknown' -r "$home/.config")"

proxy closed --set proxyauth=user:p@ss
diagnose 'a proxy that wants a password' NET-011 HTTPS_PROXY="http://127.0.0.1:$port" SSL_CERT_FILE="$scratch/ca.pem"
check_holds 'it says 407' 407 "$(finding NET-011)"
diagnose 'with a wrong password' NET-011 HTTPS_PROXY="http://user:hunter2@127.0.0.1:$port" SSL_CERT_FILE="$scratch/ca.pem"
check 'the password is not shown' 0 "$(grep -c hunter2 <<<"$report")"
diagnose 'with the password' '' HTTPS_PROXY="http://user:p%40ss@127.0.0.1:$port" SSL_CERT_FILE="$scratch/ca.pem"
check_holds 'with the password: the key works' API-001 "$(found pass <<<"$report")"

diagnose 'a proxy that is not there' NET-011 HTTPS_PROXY="http://127.0.0.1:$(free_port)"
for value in '::garbage' 'not a url' 'foo://bar' 'http://'; do
    diagnose "a proxy that is none: $value" NET-011 HTTPS_PROXY="$value"
    check_holds "a proxy that is none: $value: the variable is named" HTTPS_PROXY "$(finding NET-011)"
done

# Without any network.
if [ "$(id -u)" = 0 ]; then
    offline=(unshare -n)
else
    offline=(unshare -r -n)
fi
if "${offline[@]}" true 2>/dev/null; then
    report=$("${offline[@]}" env -i HOME="$home" PATH="$scratch/bin:/usr/bin:/bin" \
        "$KEYWRIGHT" doctor --only env,net,api --json)
    check "no network: the doctor's codes" NET-001 "$(found fail <<<"$report")"
else
    skip 'no network (namespaces are not allowed)'
fi

finish

# apt: iproute2 python3
# A stored key goes to its provider, to this machine or to the host it was saved for, and nowhere
# else: not to the host that a base URL names, nor along a redirect.
if [ "$(id -u)" = 0 ] && [ -z "${KEYWRIGHT_TEST_NETWORK:-}" ]; then
    # A network of its own, in which other hosts can be made up.
    export KEYWRIGHT_TEST_NETWORK=own
    exec unshare -n -m -- bash "${BASH_SOURCE[0]}"
fi
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

key=$(made_up_key foreign)
profiles=.config/keywright/agents/main/auth-profiles.json

# try_foreign NAME URL: with the recorder `other`, which the URL leads to.
try_foreign() {
    local name=$1 url=$2 report
    : >"$scratch/other"
    store api_key key "$key"
    report=$(clean ANTHROPIC_BASE_URL="$url" -- keywright doctor --json)
    check "$name: doctor names it" ENV-004 "$(found fail <<<"$report")"
    check_code "$name: exec leaves the base URL out" 1 \
        clean ANTHROPIC_BASE_URL="$url" -- keywright exec -- printenv ANTHROPIC_BASE_URL
    check "$name: env unsets the base URL" yes \
        "$(clean ANTHROPIC_BASE_URL="$url" -- keywright env --shell sh 2>/dev/null | grep -q 'unset.* ANTHROPIC_BASE_URL' && echo yes)"
    clean ANTHROPIC_BASE_URL="$url" -- keywright status --check >/dev/null
    check "$name: nobody was asked" "" "$(<"$scratch/other")"
}

if [ -n "${KEYWRIGHT_TEST_NETWORK:-}" ]; then
    ip link set lo up
    ip address add 192.0.2.1/32 dev lo
    printf '127.0.0.1 localhost\n192.0.2.1 gateway.example\n127.0.0.1 local.example\n' >"$scratch/hosts"
    chmod 644 "$scratch/hosts"
    mount --bind "$scratch/hosts" /etc/hosts

    recorder other 0.0.0.0
    for host in 192.0.2.1 gateway.example local.example; do
        check "the listener is there: $host" 200 \
            "$(python3 -c 'import sys, urllib.request
print(urllib.request.urlopen(sys.argv[1] + "/v1/models", timeout=10).status)' "http://$host:$port")"
        try_foreign "$host over http" "http://$host:$port"
        try_foreign "$host over https" "https://$host:$port"
    done

    # A key from the environment that names the host may go there, encrypted.
    : >"$scratch/other"
    rm -rf "$home/.config"
    clean ANTHROPIC_BASE_URL="https://192.0.2.1:$port" ANTHROPIC_API_KEY="$key" -- \
        keywright doctor --only net,api >/dev/null
    check "a key of the same environment is tried" connection "$(sort -u "$scratch/other")"
    : >"$scratch/other"
    clean ANTHROPIC_BASE_URL="http://192.0.2.1:$port" ANTHROPIC_API_KEY="$key" -- \
        keywright doctor --only net,api >/dev/null
    check "but not unencrypted" "" "$(<"$scratch/other")"
    clean ANTHROPIC_BASE_URL="http://192.0.2.1:$port" K="$key" -- \
        keywright onboard --non-interactive --anthropic-api-key-env K >/dev/null 2>&1
    check "onboard does not send it unencrypted either" "" "$(<"$scratch/other")"
else
    skip 'a base URL that names another host (needs root)'
fi

# try_redirect NAME LOCATION: from a recorder `first` to the recorder `second`.
try_redirect() {
    local name=$1 location=$2 base report code
    rm -f "$scratch"/first*
    recorder first 127.0.0.1 "$location"
    base=http://127.0.0.1:$port
    : >"$scratch/second"
    rm -rf "$home/.config"
    clean ANTHROPIC_BASE_URL="$base" K="$key" -- \
        keywright onboard --non-interactive --anthropic-api-key-env K >/dev/null 2>&1
    code=$?
    check "$name: onboard fails" yes "$([ "$code" != 0 ] && echo yes)"
    check "$name: nothing is stored" no "$([ -e "$home/$profiles" ] && echo yes || echo no)"
    store api_key key "$key"
    report=$(clean ANTHROPIC_BASE_URL="$base" -- keywright doctor --json)
    check "$name: doctor names it" NET-011 "$(found fail <<<"$report")"
    check "$name: the first host got the key" "GET /v1/models x-api-key=$key authorization=None" \
        "$(grep GET "$scratch/first" | sort -u)"
    check "$name: the second got nothing" "" "$(<"$scratch/second")"
}

recorder second 0.0.0.0
second=$port
try_redirect 'a redirect to another host' "http://127.0.0.2:$second"
try_redirect 'a redirect to another port' "http://127.0.0.1:$second"

finish

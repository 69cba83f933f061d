# apt: python3
# own-pip: cuti cuti
# Accounts that the real cuti made are taken over, and cuti finds its files as it left them.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

cuti=$(type -P cuti || echo "${KEYWRIGHT_TEST_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/keywright-test-tools}/cuti/bin/cuti")
# A wide terminal: cuti breaks its lines. Its own user, since it may be out of nobody's reach.
theirs() {
    env -i -C "$home" HOME="$home" PATH="$PATH" COLUMNS=300 LC_ALL=C.UTF-8 "$cuti" claude "$@"
}
ours() {
    env -i -C "$home" HOME="$home" PATH="$scratch/bin:$PATH" LC_ALL=C.UTF-8 keywright "$@"
}
if [ "$(id -u)" = 0 ]; then
    # keywright writes to no home of another user.
    chown 0:0 "$home"
fi
key=$(made_up_key cuti)
id=AKIAIOSFODNN7MADEUPX
secret=madeupmadeup/madeup+madeupmadeupmadeup12
bearer=ABSK$(printf 'Ab1%.0s' {1..40})

check_code 'cuti keeps a key' 0 theirs add-api-key 'Prod API' --api-key "$key"
check_code 'cuti keeps a Bedrock key' 0 \
    theirs add-api-key 'Prod API' --api-key "$bearer" --provider bedrock --region us-east-1
check_code 'cuti keeps an access key' 0 theirs add-api-key pair --api-key unused --provider bedrock \
    --region eu-west-1 --access-key "$id" --secret-key "$secret" --access-keys
# The recipe of its own documents, which loses the access key.
check_code 'cuti takes its own recipe' 0 theirs add-api-key recipe \
    --api-key anthropic.claude-3-5-sonnet-20241022-v2:0 --provider bedrock --region us-east-1 \
    --access-key "$id" --secret-key "$secret"

before=$(cd "$home/.cuti" && find . -type f -exec stat -c '%n %a %y' {} + -exec sha256sum {} + | sort)
report=$(ours import cuti --yes --json --quiet)
check 'import succeeds' imported "$(field outcome <<<"$report")"
check 'cuti finds its files as it left them' "$before" \
    "$(cd "$home/.cuti" && find . -type f -exec stat -c '%n %a %y' {} + -exec sha256sum {} + | sort)"
store=$home/.config/keywright/agents/main/auth-profiles.json
check 'the key' "$key" "$(field profiles anthropic:prod-api key <"$store")"
check 'the Bedrock key' "$bearer" "$(field profiles bedrock:prod-api bearerToken <"$store")"
check 'the access key' "$secret" "$(field profiles bedrock:pair secretAccessKey <"$store")"
check 'its region' eu-west-1 "$(field profiles bedrock:pair region <"$store")"
check_holds 'what cuti lost is told' "a model's id stands where" "$(field leftOut 0 reason <<<"$report")"
check 'and not taken' null "$(field profiles bedrock:recipe <"$store")"

# While cuti writes, which empties its file first.
(for _ in $(seq 6); do theirs add-api-key busy --api-key "$key"; done) >/dev/null 2>&1 &
torn=$(for _ in $(seq 40); do ours import cuti --dry-run --json --quiet; done |
    grep -E 'it is empty|ends too early')
check 'a file that is just being written is read again' "" "$torn"
wait
check_holds 'and what was written meanwhile is there' anthropic:busy "$(ours import cuti --dry-run --json --quiet)"

finish

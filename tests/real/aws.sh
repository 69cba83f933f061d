# apt: python3
# own-pip: aws moto[server] botocore
# Bedrock against moto as STS, with signatures checked; and our signatures beside botocore's.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
here=$(dirname "${BASH_SOURCE[0]}")
tools=${KEYWRIGHT_TEST_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/keywright-test-tools}
python=$tools/aws/bin/python

moto=$(free_port)
serve "$scratch/moto.log" env INITIAL_NO_AUTH_ACTION_COUNT=3 "$tools/aws/bin/moto_server" -p "$moto"
answers "$moto" || bad 'moto answers' "$(<"$scratch/moto.log")"
read -r id secret < <("$python" "$here/aws.py" key "$moto" 2>>"$scratch/errors")
check_holds 'moto made an access key' AKIA "$id"
serve "$scratch/bedrock.port" "$python" "$here/aws.py" bedrock "$scratch/requests"
for _ in $(seq 100); do
    [ -s "$scratch/bedrock.port" ] && break
    sleep 0.1
done
bedrock=http://127.0.0.1:$(<"$scratch/bedrock.port")
sts=http://127.0.0.1:$moto

# onboard ID SECRET [MORE…]: tries Bedrock with an access key; prints the report, sets `code`.
onboard() {
    local key=$1 value=$2
    shift 2
    report=$(clean AWS_ENDPOINT_URL_STS="$sts" AWS_ENDPOINT_URL_BEDROCK="$bedrock" \
        AWS_ENDPOINT_URL_BEDROCK_RUNTIME="$bedrock" S="$value" AWS_EC2_METADATA_DISABLED=true \
        ${variable:+"$variable"} -- keywright onboard --non-interactive --json --flow bedrock \
        --aws-auth access_keys --region us-east-1 --access-key-id "$key" --secret-access-key-env S "$@" \
        2>"$scratch/errors")
    code=$?
}
# Other letters in the same places: a run of equal ones would be a placeholder.
wrong=$(tr A-Za-z N-ZA-Mn-za-m <<<"$secret")

onboard "$id" "$secret" --model us.anthropic.claude-made-up-20260101-v1:0
check 'moto: the right keys are accepted' '0 works' "$code $(field verification status <<<"$report")"
check 'moto: and are stored' "$secret" \
    "$(field profiles bedrock:default secretAccessKey <"$home/.config/keywright/agents/main/auth-profiles.json")"
check 'no output holds the secret' 0 "$(cat - "$scratch/errors" <<<"$report" | grep -c -F "$secret")"
onboard "$id" "$wrong" --profile-id w
check 'moto: a wrong secret is refused' 1 "$code"
check_holds 'moto: and is named' 'the secret does not belong to it' "$(field error message <<<"$report")"
onboard AKIAMADEUPMADEUPMADE "$secret" --profile-id w
check 'moto: an unknown key is refused' 1 "$code"
check_holds 'moto: and is named' 'does not know this access key' "$(field error message <<<"$report")"
check 'nothing refused is stored' 'bedrock:default' \
    "$(python3 -c 'import json, sys; print(*json.load(sys.stdin)["profiles"])' \
        <"$home/.config/keywright/agents/main/auth-profiles.json")"

# Signatures: everything goes to the recorder, and botocore signs it once more.
sts=$bedrock
: >"$scratch/requests"
secret_of_the_docs='wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'
variable=KEYWRIGHT_NOW=2026-11-20T12:00:00Z
onboard AKIDMADEUPMADEUPMADE "$secret_of_the_docs" --profile-id x --dry-run
onboard AKIAMADEUPMADEUPMADE "$secret_of_the_docs" --profile-id x --dry-run \
    --model us.anthropic.claude-made-up-20260101-v1:0
check 'a request to each service was recorded' 0 "$code"
compared=$("$python" "$here/aws.py" compare "$scratch/requests" "$secret_of_the_docs" 2>&1)
check 'every signature is the one of botocore' '' "$(grep -v ' equal$' <<<"$compared")"
for part in sts foundation-models inference-profiles foundation-model-availability model; do
    check_holds "botocore signs $part alike" "$part equal" "$compared"
done
: >"$scratch/requests"
report=$(clean AWS_ENDPOINT_URL="$bedrock" S="$secret_of_the_docs" T="$(printf 'token/%.0s' {1..30})" "$variable" -- \
    keywright onboard --non-interactive --flow bedrock --aws-auth access_keys --region eu-west-1 --dry-run \
    --access-key-id ASIAMADEUPMADEUPMADE --secret-access-key-env S --session-token-env T 2>&1)
compared=$("$python" "$here/aws.py" compare "$scratch/requests" "$secret_of_the_docs" 2>&1)
check_holds 'botocore signs with a session token alike' 'sts equal' "$compared"
check 'and nothing else' '' "$(grep -v ' equal$' <<<"$compared")"
variable=

# Profiles of the AWS CLI.
sts=http://127.0.0.1:$moto
put .aws/config <<END
[profile program]
credential_process = $scratch/home/credentials good
[profile broken-program]
credential_process = $scratch/home/credentials bad
[profile noise]
credential_process = $scratch/home/credentials noise
[profile role]
role_arn = arn:aws:iam::123456789012:role/made-up
source_profile = keys
[profile circle]
role_arn = arn:aws:iam::123456789012:role/made-up
source_profile = round
[profile round]
role_arn = arn:aws:iam::123456789012:role/made-up
source_profile = circle
[profile signed-out]
sso_session = s
sso_account_id = 123456789012
sso_role_name = made-up
[sso-session s]
sso_start_url = https://made-up.example/start
sso_region = us-east-1
END
put .aws/credentials <<END
[keys]
aws_access_key_id = $id
aws_secret_access_key = $secret
END
put credentials <<END
#!/bin/sh
case \$1 in
good) echo '{"Version": 1, "AccessKeyId": "$id", "SecretAccessKey": "$secret"}' ;;
bad) echo 'SECRET-OUTPUT' >&2; exit 3 ;;
*) echo 'SECRET-OUTPUT' ;;
esac
END
as_user chmod 700 "$home/credentials"

# profile NAME CODE WORDS: what comes of it.
profile() {
    report=$(clean AWS_ENDPOINT_URL_STS="$sts" AWS_ENDPOINT_URL_BEDROCK="$bedrock" \
        AWS_ENDPOINT_URL_BEDROCK_RUNTIME="$bedrock" AWS_EC2_METADATA_DISABLED=true -- \
        keywright onboard --non-interactive --flow bedrock --aws-auth profile --region us-east-1 \
        --aws-profile "$1" --profile-id "p-$1" 2>&1)
    check "profile $1: exit code" "$2" $?
    check_holds "profile $1: what it says" "$3" "$report"
    check "profile $1: no output of a program" 0 "$(grep -c 'SECRET-OUTPUT' <<<"$report")"
}
profile keys 0 'Saved as bedrock:p-keys'
profile program 0 'Saved as bedrock:p-program'
profile role 0 'Saved as bedrock:p-role'
profile broken-program 1 'exit code 3'
profile noise 1 'is not what credential_process must print'
profile circle 1 'in a circle'
profile signed-out 1 'has run out'
profile absent 1 'no AWS profile `absent`'
check 'a profile is stored by its name alone' 0 \
    "$(python3 -c 'import json, sys; print(json.dumps(json.load(sys.stdin)["profiles"]["bedrock:p-keys"]))' \
        <"$home/.config/keywright/agents/main/auth-profiles.json" | grep -c -F "$secret")"
check 'nothing was written to ~/.aws' 'config credentials' "$(as_user ls "$home/.aws" | tr '\n' ' ' | sed 's/ $//')"

check 'why aws names the credential that botocore takes' '24 machines' \
    "$("$python" "$here/aws.py" chain "$KEYWRIGHT" 2>&1)"

# The clock of this machine is 20 minutes late: told apart from a wrong secret.
late=$(date -u -d '20 minutes ago' +%Y-%m-%dT%H:%M:%SZ)
sandbox=$(free_port)
serve "$scratch/sandbox.log" clean -- keywright sandbox --port "$sandbox"
answers "$sandbox" || bad 'the sandbox answers' "$(<"$scratch/sandbox.log")"
keys=$(clean -- keywright sandbox keys --json)
identity() {
    python3 -c 'import json, sys
print(next(k[sys.argv[2]] for k in json.load(sys.stdin)["identities"] if k["name"] == sys.argv[1]))' "$@" <<<"$keys"
}
bedrock=http://127.0.0.1:$sandbox sts=http://127.0.0.1:$sandbox variable=KEYWRIGHT_NOW=$late
onboard "$(identity aws-works accessKeyId)" "$(identity aws-works secretAccessKey)" --profile-id late
check 'a late clock: nothing is known of the keys' 3 "$code"
check_holds 'a late clock: is named' 'the clock of this machine is wrong' "$(field error message <<<"$report")"

finish

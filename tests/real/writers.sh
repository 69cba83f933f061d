# apt: python3
# Fifty programs that save at the same moment: every profile is there afterwards.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

count=50
writers=()
for number in $(seq "$count"); do
    made_up_key "w$number" | clean -- keywright onboard --flow api-key --non-interactive --offline \
        --anthropic-api-key-stdin --profile-id "anthropic:writer-$number" --json \
        >"$scratch/$number" 2>&1 &
    writers+=($!)
done
failed_writers=""
for number in $(seq "$count"); do
    wait "${writers[number - 1]}" || failed_writers+="$number: $? $(cat "$scratch/$number"); "
done
check "$count writers at once all succeed" "" "$failed_writers"

expected=$(for number in $(seq "$count"); do
    printf 'anthropic:writer-%s %s\n' "$number" "$(made_up_key "w$number")"
done | sort)
check "each profile is there with its key" "$expected" \
    "$(python3 -c 'import json, sys
for name, profile in json.load(open(sys.argv[1]))["profiles"].items():
    print(name, profile["key"])' "$home/.config/keywright/agents/main/auth-profiles.json" | sort)"
check "no temporary file is left" "" "$(find "$home" -name '*.tmp*')"

finish

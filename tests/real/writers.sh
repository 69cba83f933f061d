# Fifty writers at once: every one of them finds its key again.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

writers=50
for n in $(seq "$writers"); do
    put "key$n" <<<"sk-ant-api03-$(printf 'WRITER%085d%02dAA' 0 "$n")"
done
for n in $(seq "$writers"); do
    clean -- keywright onboard --non-interactive --offline --profile-id "anthropic:w$n" \
        --anthropic-api-key-file "$home/key$n" >"$scratch/out$n" 2>&1 &
done
lost=0
for job in $(jobs -p); do
    wait "$job" || lost=$((lost + 1))
done
check 'every writer says that it saved' 0 "$lost"
check 'every key is there' "$writers" \
    "$(grep -o 'WRITER[0-9]*AA' "$home/.config/keywright/agents/main/auth-profiles.json" | sort -u | wc -l)"
check 'no temporary file is left' '' "$(find "$home/.config" -name '*.tmp*' -o -name '.tmp*')"

finish

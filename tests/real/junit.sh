# apt: libxml2-utils python3
# The JUnit report against its published schema, judged by libxml2.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

schema=$(dirname "${BASH_SOURCE[0]}")/../../docs/schema/doctor-junit.xsd
valid() {
    xmllint --noout --schema "$schema" "$1" >"$scratch/errors" 2>&1 || cat "$scratch/errors"
}

# ask NAME ARGUMENTS…: a report of that kind fits the schema.
ask() {
    local name=$1
    shift
    clean ANTHROPIC_BASE_URL="$url" K="$key" -- keywright doctor --format junit "$@" >"$scratch/report.xml"
    check "$name: the document fits its schema" "" "$(valid "$scratch/report.xml")"
}

sandbox=$(free_port)
serve "$scratch/sandbox.log" clean -- keywright sandbox --port "$sandbox"
answers "$sandbox" || bad 'the sandbox answers' "$(<"$scratch/sandbox.log")"
url=http://127.0.0.1:$sandbox
key=$(clean -- keywright sandbox keys --json | python3 -c 'import json, sys
print(*(k["key"] for k in json.load(sys.stdin)["keys"] if k["name"] == "revoked"))')

ask 'an empty machine' --offline
ask 'one check' --only tty-001 --offline
store api_key key "$key"
ask 'a key that is refused'
check_holds 'and it says who was asked' '<system-out>anthropic:default: ' "$(<"$scratch/report.xml")"
ask 'warnings that count' --offline --strict
put .claude.json <<<'{broken ]]></failure> & "x" '
ask 'text that means something in XML' --offline

sed 's/ tests="[0-9]*"/ tests="many"/' "$scratch/report.xml" >"$scratch/broken.xml"
check_holds 'a document that does not fit is refused' 'nonNegativeInteger' "$(valid "$scratch/broken.xml")"

finish

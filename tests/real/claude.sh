# apt: python3
# npm: @anthropic-ai/claude-code
# The real claude: found, told apart from a second one, and given exactly the stored key. It always
# runs with a home of its own.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

real=$(readlink -f "$(command -v claude)")
package=$(dirname "$(dirname "$real")")
version=$(timeout 60 env -i HOME="$scratch" CLAUDE_CONFIG_DIR="$scratch/claude" PATH=/usr/bin:/bin "$real" --version | cut -d' ' -f1)
# A copy that the unprivileged user may reach, laid out as npm lays it out.
one=$scratch/one/node_modules/@anthropic-ai/claude-code
mkdir -p "$one" "$scratch/one/bin" "$scratch/two"
cp -r "$package/package.json" "$package/bin" "$one/"
ln -s ../node_modules/@anthropic-ai/claude-code/bin/claude.exe "$scratch/one/bin/claude"
chmod -R a+rX "$scratch/one"

# status CODE [VARIABLE…]: what doctor says of one check.
status() {
    local code=$1
    shift
    clean "$@" -- keywright doctor --offline --only "$code" --json |
        python3 -c 'import json,sys
print(*[c["status"] for c in json.load(sys.stdin)["checks"] if c["code"] == sys.argv[1]])' "$code"
}

basic=$scratch/bin:/usr/bin:/bin
key=sk-ant-api03-$(printf 'CLAUDE%087dAA' 0)
put .config/keywright/agents/main/auth-profiles.json <<END
{"version": 1, "profiles": {"anthropic:default": {"type": "api_key", "provider": "anthropic",
 "key": "$key", "baseUrl": "http://127.0.0.1:18741"}}}
END
check 'no claude: a note, since a key needs none' info "$(status CLI-001 PATH="$basic")"
check 'the real claude is found' pass "$(status CLI-001 PATH="$scratch/one/bin:$basic")"
check 'the real claude runs' pass "$(status CLI-003 PATH="$scratch/one/bin:$basic")"
check 'one claude is no conflict' pass "$(status CLI-002 PATH="$scratch/one/bin:$basic")"
cp "$scratch/one/bin/claude" "$scratch/two/claude"
chmod a+rx "$scratch/two" "$scratch/two/claude"
check 'two installs are named' warn "$(status CLI-002 PATH="$scratch/one/bin:$scratch/two:$basic")"
report=$(clean PATH="$scratch/one/bin:$scratch/two:$basic" -- keywright doctor --offline --only CLI-002 -v)
check 'both places stand in the report' 2 \
    "$(grep -oE "$scratch/(one|two)/[^ ,:;)]*claude" <<<"$report" | sed "s#$scratch/##; s#/.*##" | sort -u | wc -l)"
check 'and the version' yes "$(grep -qF "$version" <<<"$report" && echo yes)"

# A recorder in place of the API: prints the credential of each request for a message.
cat >"$scratch/recorder.py" <<'END'
import http.server, sys
class Recorder(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers.get("content-length", 0)))
        if self.path.startswith("/v1/messages"):
            print(self.headers.get("x-api-key"), self.headers.get("authorization"), flush=True)
        self.send_response(401)
        self.send_header("content-type", "application/json")
        self.end_headers()
        self.wfile.write(b'{"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}}')
    do_GET = do_POST
    def log_message(self, *_): pass
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Recorder).serve_forever()
END
python3 "$scratch/recorder.py" 18741 >"$scratch/seen" 2>"$scratch/recorder.log" &
recorder=$!
answers 18741
clean PATH="$scratch/one/bin:$basic" CLAUDE_CONFIG_DIR="$home/.claude" CLAUDE_CODE_MAX_RETRIES=0 \
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC=1 ANTHROPIC_AUTH_TOKEN=another -- \
    timeout 60 keywright exec -- claude -p hi --output-format json >"$scratch/answer" 2>&1 </dev/null
kill "$recorder"
check 'claude sends exactly the stored key' "$key None" "$(sort -u "$scratch/seen")"

finish

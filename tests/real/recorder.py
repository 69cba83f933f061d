"""A server that answers as the API does and records what reaches it.

recorder.py ADDRESS LOG [LOCATION]: prints its port first. LOG gets a line for each connection
(`connection`) and one for each request (`GET /v1/models x-api-key=… authorization=…`). With
LOCATION every request is redirected there.
"""
import http.server
import json
import sys

address, log, *location = sys.argv[1:]
MODELS = {"data": [{"type": "model", "id": "claude-made-up", "display_name": "Made up",
                    "created_at": "2026-01-01T00:00:00Z"}],
          "has_more": False, "first_id": "claude-made-up", "last_id": "claude-made-up"}
REFUSED = {"type": "error", "error": {"type": "authentication_error", "message": "invalid x-api-key"}}


def record(line):
    with open(log, "a") as file:
        file.write(line + "\n")


class Handler(http.server.BaseHTTPRequestHandler):
    def setup(self):
        record("connection")
        super().setup()

    def answer(self):
        self.rfile.read(int(self.headers.get("content-length") or 0))
        headers = (f"{name}={self.headers[name]}" for name in ("x-api-key", "authorization"))
        record(" ".join((self.command, self.path.split("?")[0], *headers)))
        models = self.path.startswith("/v1/models")
        body = json.dumps(MODELS if models else REFUSED).encode()
        self.send_response(307 if location else 200 if models else 401)
        if location:
            self.send_header("location", location[0] + self.path)
        self.send_header("content-type", "application/json")
        self.send_header("request-id", "req_recorded")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_HEAD = answer

    def log_message(self, *_):
        pass


open(log, "a").close()
server = http.server.ThreadingHTTPServer((address, 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()

"""The doctors of others beside ours, on one machine: peers.py PROGRAM.

Everybody gets a home of its own that is new for each run, and a key that the server, which stands on
the loopback address, refuses with 401. Shown are the median time of five runs, the peak memory, the
exit code, and how many files the doctor left behind. Those that are not on PATH are left out; folders
in KEYWRIGHT_PEERS are searched first. Nothing here is a budget.
"""

import http.server
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time

RUNS, LIMIT = 5, 180
KEY = "sk-ant-api03-" + "A" * 93 + "AA"
REFUSED = json.dumps({"type": "error", "error": {"type": "authentication_error",
                      "message": "invalid x-api-key"}, "request_id": "req_made_up"}).encode()
PEERS = [
    ("claude", ["doctor"]),
    ("openclaw", ["doctor", "--non-interactive"]),
    ("cuti", ["providers", "doctor"]),
]


class Refuses(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self.send_response(401)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(REFUSED)))
        self.end_headers()
        self.wfile.write(REFUSED)

    do_POST = do_GET

    def log_message(self, *_):
        pass


def run(command, url, path):
    with tempfile.TemporaryDirectory() as home:
        folder = os.path.join(home, ".claude")
        os.mkdir(folder, 0o700)
        environment = {"HOME": home, "PATH": path, "TERM": "dumb", "NO_COLOR": "1",
                       "CLAUDE_CONFIG_DIR": folder, "DISABLE_AUTOUPDATER": "1",
                       "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
                       "ANTHROPIC_BASE_URL": url, "ANTHROPIC_API_KEY": KEY}
        measured = ["/usr/bin/time", "-q", "-o", os.path.join(home, "measured"), "-f", "%M", *command]
        start = time.perf_counter()
        try:
            done = subprocess.run(measured, env=environment, cwd=home, stdin=subprocess.DEVNULL,
                                  capture_output=True, timeout=LIMIT)
        except subprocess.TimeoutExpired:
            return LIMIT, 0, "no end", 0
        took = time.perf_counter() - start
        with open(os.path.join(home, "measured")) as file:
            peak = int(file.read().split()[-1]) / 1024
        left = sum(len(files) for _, _, files in os.walk(home)) - 1
        return took, peak, done.returncode, left


def row(name, command, url, path):
    runs = [run(command, url, path) for _ in range(RUNS)]
    took = statistics.median(run[0] for run in runs)
    peak = max(run[1] for run in runs)
    print(f"{name:<32} {took * 1000:>9.1f} ms {peak:>7.1f} MiB  exit {runs[-1][2]}, {runs[-1][3]} files left")
    return took


def main(program):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Refuses)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    path = os.pathsep.join(filter(None, [os.environ.get("KEYWRIGHT_PEERS"), os.environ["PATH"]]))
    program = os.path.realpath(program)
    # Without another `claude` on PATH, whose version it would ask for.
    row("keywright doctor", [program, "doctor"], url, "/nonexistent")
    row("keywright doctor --offline", [program, "doctor", "--offline"], url, "/nonexistent")
    for name, arguments in PEERS:
        found = shutil.which(name, path=path)
        if found is None:
            print(f"{name}: not installed here")
        else:
            row(" ".join([name, *arguments]), [found, *arguments], url, path)


if __name__ == "__main__":
    main(*sys.argv[1:])

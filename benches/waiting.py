"""How long doctor takes where the API answers after 100 ms: waiting.py PROGRAM HOME.

One such wait and 50 ms are allowed, and 32 MiB of memory. Times depend on the machine: the median of eleven runs counts,
and the same without the network is shown beside it.
"""

import http.server
import json
import os
import re
import statistics
import subprocess
import sys
import threading
import time

WAIT, ALLOWED, RUNS = 0.1, 0.15, 11
MEBI_ALLOWED = 32
REPLY = json.dumps({"data": [{"type": "model", "id": "m", "display_name": "M",
                              "created_at": "2026-01-01T00:00:00Z"}], "has_more": False}).encode()


class Slow(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        time.sleep(WAIT)
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(REPLY)))
        self.end_headers()
        self.wfile.write(REPLY)

    def log_message(self, *_):
        pass


def median(command, environment):
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True)
        times.append(time.perf_counter() - start)
        if done.returncode != 0:
            raise SystemExit(f"{command} ended with {done.returncode}:\n{done.stdout.decode()}")
    return statistics.median(times)


def peak(command, environment):
    """MiB at most in memory."""
    timed = ["/usr/bin/time", "-f", "peak %M", *command]
    said = subprocess.run(timed, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    return int(re.search(r"peak (\d+)", said.stderr).group(1)) / 1024


def main(program, home):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Slow)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    environment = {"HOME": home, "PATH": "/nonexistent",
                   "ANTHROPIC_BASE_URL": f"http://127.0.0.1:{server.server_port}"}
    program = os.path.realpath(program)
    offline = median([program, "doctor", "--offline"], environment)
    online = median([program, "doctor"], environment)
    print(f"doctor --offline {offline * 1000:.1f} ms; doctor with a reply after {WAIT * 1000:.0f} ms {online * 1000:.1f} ms"
          f" (at most {ALLOWED * 1000:.0f} ms)")
    memory = peak([program, "doctor"], environment)
    print(f"doctor with the network: {memory:.1f} MiB peak (at most {MEBI_ALLOWED})")
    if memory > MEBI_ALLOWED:
        raise SystemExit("doctor takes too much memory")
    if online > ALLOWED:
        raise SystemExit("doctor waits for more than one reply")


if __name__ == "__main__":
    main(*sys.argv[1:])

"""How keywright does with thousands of profiles, beside cuti and OpenClaw where they are installed.

    accounts.py PROGRAM

Reads with 100, 1,000 and 10,000 profiles must take at most 60 ms and 25 MiB, and no more than their
number says; a save among 100 must take at most 10 ms, with every sync of the disk. Times are the
median of eleven runs, and depend on the machine; memory is the largest resident set. CUTI and
OPENCLAW name the other programs, which are looked for on PATH otherwise.
"""

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

COUNTS = [100, 1_000, 10_000]
RUNS, MOST_MS, MOST_MIB, MOST_SAVE_MS = 11, 60, 25, 10
READS = [["models", "status", "--json"], ["account", "list"], ["account", "list", "--json"]]
KEY = "sk-ant-api03-" + "Ab3_" * 22 + "99999AA"


def environment(home):
    return {"HOME": home, "PATH": os.environ["PATH"], "KEYWRIGHT_NOW": "2026-11-21T10:00:00Z",
            "SSL_CERT_FILE": "/nonexistent"}


def run(command, home, given=""):
    done = subprocess.run(command, env=environment(home), cwd=home, input=given, text=True,
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr}")
    return done.stderr


def milliseconds(command, home, given=lambda number: ""):
    times = []
    for number in range(RUNS):
        text = given(number)
        start = time.perf_counter()
        run(command, home, text)
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def mebibytes(command, home, given=""):
    said = run(["/usr/bin/time", "-f", "peak %M", *command], home, given)
    return int(re.search(r"peak (\d+)", said).group(1)) / 1024


def show(name, count, took, peak, over=False):
    print(f"{name:<42} {count:>6} {took:>9.1f} ms {peak:>7.1f} MiB {'TOO MUCH' if over else ''}".rstrip())
    return over


def keywright(program, home, count):
    over = []
    for arguments in READS:
        command = [program, *arguments]
        took, peak = milliseconds(command, home), mebibytes(command, home)
        name = " ".join(["keywright", *arguments])
        over.append(show(name, count, took, peak, took > MOST_MS or peak > MOST_MIB))
    command = [program, "account", "add-api-key", "bench", "--replace", "--api-key-stdin"]
    # Each is another key, so that each is a save.
    key = lambda number: KEY.replace("99999", f"{number:05}")
    took, peak = milliseconds(command, home, key), mebibytes(command, home, KEY)
    too_slow = count == COUNTS[0] and took > MOST_SAVE_MS
    over.append(show("keywright account add-api-key", count, took, peak, too_slow))
    return any(over)


def cuti(program, home, count):
    folder = os.path.join(home, ".cuti", "claude-accounts")
    accounts = {}
    for number in range(count):
        name = f"account-{number:05}"
        accounts[name] = {"created": "2026-11-21T10:00:00", "last_used": "never", "type": "API",
                          "credential_type": "anthropic_api"}
        os.makedirs(os.path.join(folder, name))
        with open(os.path.join(folder, name, ".api_keys.json"), "w") as file:
            json.dump({"anthropic": {"api_key": KEY, "provider": "anthropic"}}, file)
    with open(os.path.join(folder, "accounts.json"), "w") as file:
        json.dump({"accounts": accounts, "active": None}, file)
    for arguments in [["list"], ["add-api-key", "bench", "--api-key", KEY]]:
        command = [program, "claude", *arguments]
        name = f"cuti claude {arguments[0]}"
        show(name, count, milliseconds(command, home), mebibytes(command, home))


def openclaw(program, home, count):
    if count == COUNTS[0]:
        # Its profiles are in a database of its own: what is measured is the command without any.
        command = [program, "models", "status", "--json"]
        show("openclaw models status --json", 0, milliseconds(command, home), mebibytes(command, home))


def main(program):
    program = os.path.realpath(program)
    over = []
    store = os.path.join(os.path.dirname(__file__), "store.py")
    peers = [(os.environ.get("CUTI") or shutil.which("cuti"), cuti),
             (os.environ.get("OPENCLAW") or shutil.which("openclaw"), openclaw)]
    for count in COUNTS:
        with tempfile.TemporaryDirectory() as scratch:
            home = os.path.join(scratch, "ours")
            subprocess.run([sys.executable, store, home, str(count)], check=True)
            over.append(keywright(program, home, count))
            for peer, measure in peers:
                if peer:
                    home = os.path.join(scratch, measure.__name__)
                    os.mkdir(home)
                    measure(peer, home, count)
    if any(over):
        raise SystemExit("a budget is exceeded")


if __name__ == "__main__":
    main(*sys.argv[1:])

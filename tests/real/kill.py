#!/usr/bin/env python3
"""Kills a save at every one of its system calls and looks at what is left.

After each kill the store and the .env file must each be the old one or the new one, whole; the next
writing command must work, must give both the same key, and must leave no temporary file behind.
Usage: kill.py KEYWRIGHT
"""
import collections
import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile

KEYWRIGHT = sys.argv[1]


def key(tail):
    return "sk-ant-api03-" + "TEST".ljust(93 - len(tail), "A") + tail + "AA"


OLD, NEW, NEXT = key("old1"), key("new2"), key("next")


def save(home, secret):
    """The command line and the environment of a save that needs no network."""
    (home / "key").write_text(secret)
    command = [KEYWRIGHT, "onboard", "--flow", "api-key", "--non-interactive", "--offline", "--replace",
               "--anthropic-api-key-file", str(home / "key"), "--env-file=yes", "--json"]
    return command, {"HOME": str(home), "PATH": "/usr/bin:/bin", "TERM": "dumb"}


def stored(home):
    path = home / ".config/keywright/agents/main/auth-profiles.json"
    return json.loads(path.read_text())["profiles"]["anthropic:default"]["key"]


def managed(home):
    """The key in the .env file."""
    lines = (home / ".config/keywright/.env").read_text().splitlines()
    [value] = [line.split("=", 1)[1] for line in lines if line.startswith("ANTHROPIC_API_KEY=")]
    return value.strip("\"'")


def temporary(home):
    """Files of our folder that a finished save does not leave."""
    return [str(path) for path in (home / ".config/keywright").rglob("*") if ".tmp" in path.name]


def fresh(template):
    home = pathlib.Path(tempfile.mkdtemp(prefix="killed-", dir=os.environ["HOME"]))
    shutil.copytree(template, home, dirs_exist_ok=True)
    return home


def run(command, environment, trace=()):
    return subprocess.run([*trace, *command], env=environment, stdin=subprocess.DEVNULL,
                          capture_output=True, timeout=60)


def points(template):
    """Every (system call, occurrence) of one save; strace counts them for each thread by itself."""
    home = fresh(template)
    trace = home / "trace"
    done = run(*save(home, NEW), ["strace", "-f", "-qq", "-o", str(trace)])
    assert done.returncode == 0, done
    assert stored(home) == managed(home) == NEW
    counts = collections.Counter()
    for line in trace.read_text(errors="replace").splitlines():
        if match := re.match(r"(\d+)\s+([a-z_0-9]+)\(", line):
            counts[match.groups()] += 1
    most = collections.Counter()
    for (_, name), count in counts.items():
        most[name] = max(most[name], count)
    shutil.rmtree(home)
    return [(name, k) for name, count in sorted(most.items()) for k in range(1, count + 1)]


def attempt(template, name, k):
    """What one kill left: for the store and for .env."""
    home = fresh(template)
    killed = run(*save(home, NEW), ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={name}",
                                    "-e", f"inject={name}:signal=KILL:when={k}"])
    found = tuple({OLD: "old", NEW: "new"}[read(home)] for read in (stored, managed))
    if killed.returncode != -signal.SIGKILL:
        assert killed.returncode == 0, killed
        assert found == ("new", "new"), f"it said that it was saved: {found}"
    done = run(*save(home, NEXT))
    assert done.returncode == 0, (done.stdout, done.stderr)
    assert stored(home) == managed(home) == NEXT, "the next save did not take"
    assert not temporary(home), temporary(home)
    shutil.rmtree(home)
    return found, killed.returncode != 0


def main():
    template = pathlib.Path(tempfile.mkdtemp(prefix="template-", dir=os.environ["HOME"]))
    done = run(*save(template, OLD))
    assert done.returncode == 0, done
    outcomes, failed, missed = collections.Counter(), 0, 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        attempts = {pool.submit(attempt, template, *point): point for point in points(template)}
        for future in concurrent.futures.as_completed(attempts):
            try:
                found, killed = future.result()
            except Exception as problem:  # every point is reported, whatever it raised
                failed += 1
                print(f"killed at {attempts[future]}: {problem!r}")
                continue
            missed += not killed
            outcomes[found] += 1
    shutil.rmtree(template)
    counts = ", ".join(f"{count} {'/'.join(found)}" for found, count in sorted(outcomes.items()))
    print(f"{len(attempts)} points, {counts}, {missed} not reached, {failed} bad")
    both = outcomes["old", "old"] and outcomes["new", "new"]
    # A thread may make a few calls more or less from run to run.
    sys.exit(1 if failed or not both or missed > len(attempts) // 20 else 0)


main()

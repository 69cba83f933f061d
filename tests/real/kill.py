#!/usr/bin/env python3
"""Kills a save at every one of its system calls and looks at what is left.

After each kill the store must be the old one or the new one, whole; the next writing command must
work, and must leave no temporary file behind. Usage: kill.py KEYWRIGHT
"""
import collections
import json
import pathlib
import re
import shutil
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
               "--anthropic-api-key-file", str(home / "key"), "--json"]
    return command, {"HOME": str(home), "PATH": "/usr/bin:/bin", "TERM": "dumb"}


def stored(home):
    path = home / ".config/keywright/agents/main/auth-profiles.json"
    document = json.loads(path.read_text())
    return document["profiles"]["anthropic:default"]["key"]


def leftovers(home):
    """Files of our folder that a finished save does not leave."""
    ours = home / ".config/keywright"
    return [str(p) for p in ours.rglob("*") if p.is_file() and (p.name.startswith(".tmp") or ".tmp" in p.name)]


def fresh(template):
    home = pathlib.Path(tempfile.mkdtemp(prefix="kw-kill-"))
    shutil.copytree(template, home, dirs_exist_ok=True)
    return home


def run(command, environment, trace=()):
    return subprocess.run([*trace, *command], env=environment, stdin=subprocess.DEVNULL,
                          capture_output=True, timeout=60)


def points(template):
    """Every (system call, occurrence) of one save, per thread the most."""
    home = fresh(template)
    command, environment = save(home, NEW)
    trace = home / "trace"
    done = run(command, environment, ["strace", "-f", "-qq", "-o", str(trace)])
    assert done.returncode == 0, done
    counts = collections.Counter()
    for line in trace.read_text(errors="replace").splitlines():
        if match := re.match(r"(\d+)\s+([a-z_0-9]+)\(", line):
            counts[match.groups()] += 1
    most = collections.Counter()
    for (_, name), count in counts.items():
        most[name] = max(most[name], count)
    shutil.rmtree(home)
    return [(name, k) for name, count in sorted(most.items()) for k in range(1, count + 1)]


def check(template, name, k):
    home = fresh(template)
    command, environment = save(home, NEW)
    run(command, environment, ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={name}",
                               "-e", f"inject={name}:signal=KILL:when={k}"])
    found = {OLD: "old", NEW: "new"}[stored(home)]
    command, environment = save(home, NEXT)
    done = run(command, environment)
    assert done.returncode == 0, (done.stdout, done.stderr)
    assert stored(home) == NEXT, "the next save did not take"
    assert not leftovers(home), leftovers(home)
    shutil.rmtree(home)
    return found


def main():
    template = pathlib.Path(tempfile.mkdtemp(prefix="kw-kill-template-"))
    command, environment = save(template, OLD)
    done = run(command, environment)
    assert done.returncode == 0, done
    outcomes, failed = collections.Counter(), 0
    for name, k in points(template):
        try:
            outcomes[check(template, name, k)] += 1
        except Exception as problem:  # every point is reported, whatever it raised
            failed += 1
            print(f"FAIL killed at {name} #{k}: {problem!r}")
    shutil.rmtree(template)
    print(f"killed at {sum(outcomes.values()) + failed} system calls: {dict(outcomes)}, {failed} bad")
    sys.exit(1 if failed or not outcomes["old"] or not outcomes["new"] else 0)


main()

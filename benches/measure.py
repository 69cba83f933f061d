"""Runs a program in a cleared environment and compares with the budgets: measure.py PROGRAM HOME."""

import os
import re
import subprocess
import sys

MILLION, MEBI = 1_000_000, 1024 * 1024

# Command line, budget in million instructions, budget in MiB of peak memory; None: reported only.
COMMANDS = [
    (["--version"], 1.8, 10),
    (["--help"], None, 10),
    (["models", "status", "--json"], 3.5, 10),
    (["models", "status"], None, 10),
    (["doctor", "--offline"], 8, 32),
]
BINARY_MEBI = 13


def run(command, home):
    # Nobody shall need the certificates, so there are none. No claude is on this PATH.
    environment = {"HOME": home, "PATH": "/nonexistent", "KEYWRIGHT_NOW": "2026-11-21T10:00:00Z",
                   "SSL_CERT_FILE": "/nonexistent"}
    done = subprocess.run(command, env=environment, cwd=home, stdin=subprocess.DEVNULL,
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr}")
    return done.stderr


def instructions(program, arguments, home):
    valgrind = ["/usr/bin/valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]
    said = run([*valgrind, program, *arguments], home)
    return int(re.search(r"Collected : (\d+)", said).group(1))


def peak_memory(program, arguments, home):
    said = run(["/usr/bin/time", "-f", "peak %M", program, *arguments], home)
    return int(re.search(r"peak (\d+)", said).group(1)) * 1024


def row(name, value, budget, unit):
    over = budget is not None and value > budget
    limit = "" if budget is None else f"{budget:g}"
    print(f"{name:<42} {value:>9.2f} {limit:>8} {unit:<12} {'TOO MUCH' if over else ''}".rstrip())
    return over


def main(program, home):
    program = os.path.realpath(program)
    print(f"{'what':<42} {'measured':>9} {'budget':>8} unit")
    over = [row("size of the program", os.path.getsize(program) / MEBI, BINARY_MEBI, "MiB")]
    for arguments, most_instructions, most_memory in COMMANDS:
        name = " ".join(["keywright", *arguments])
        counted = instructions(program, arguments, home) / MILLION
        over.append(row(name, counted, most_instructions, "M instr."))
        peak = peak_memory(program, arguments, home) / MEBI
        over.append(row("", peak, most_memory, "MiB peak"))
    if any(over):
        raise SystemExit("a budget is exceeded")


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Judges a trace of `strace -f -y` on standard input; prints what is wrong, a line each.

traces.py changes [NAME]     every call that changes a file, or tries to; with NAME those of the
                             processes that were not started to be another program
traces.py secrets KEY READ   every file that KEY is written to and that was not created 0600 with
                             O_CREAT and O_EXCL, every later widening, and KEY in an argument
"""
import re
import sys

CHANGING = {"creat", "rename", "renameat", "renameat2", "mkdir", "mkdirat", "mknod", "mknodat",
            "unlink", "unlinkat", "rmdir", "link", "linkat", "symlink", "symlinkat", "truncate",
            "ftruncate", "chmod", "fchmod", "fchmodat", "chown", "fchown", "fchownat", "utimensat"}
WRITING = {"write", "pwrite64", "writev"}
ALLOWED = ("/dev/null", "/dev/tty", "/dev/pts/")


def calls(program=None):
    """Name, arguments and whole line of each call, those that were interrupted put together. With
    `program`, a process counts no longer once it has become another one."""
    begun, others = {}, set()
    for line in sys.stdin:
        if not (match := re.match(r"(\d+)\s+(.*)", line.rstrip("\n"))):
            continue
        process, text = match.groups()
        if text.endswith("<unfinished ...>"):
            begun[process] = text.removesuffix("<unfinished ...>")
            continue
        if match := re.match(r"<\.\.\. \w+ resumed>(.*)", text):
            text = begun.pop(process) + match[1]
        if match := re.match(r"(\w+)\((.*)", text):
            name, rest = match.groups()
            if program and name == "execve" and rest.endswith(" = 0"):
                own = re.match(rf'"(?:[^"]*/)?{program}"', rest)
                (others.discard if own else others.add)(process)
            if process not in others:
                yield name, rest, text


def changes(program=None):
    for name, rest, text in calls(program):
        opened = name.startswith("open") and re.search(r"O_CREAT|O_WRONLY|O_RDWR|O_TRUNC", rest)
        path = re.match(r"\d+<(/[^>]*)>", rest) if name in WRITING else re.search(r'"([^"]*)"', rest)
        written = name in WRITING and path and not rest.startswith(("1<", "2<"))
        if (opened or written or name in CHANGING) and not (path and path[1].startswith(ALLOWED)):
            print(text)


def secrets(key, source):
    private, written = set(), False
    for name, rest, text in calls():
        path = re.match(r"\d+<([^>]*)>", rest)
        if name == "execve" and key in rest:
            print(text)
        elif name == "openat" and "O_CREAT" in rest and "O_EXCL" in rest and re.search(r", 0600\) =", rest):
            private.add(re.search(r'"([^"]*)"', rest)[1])
        elif name in WRITING and key in rest:
            written = True
            if path[1] not in private:
                print(text)
        elif "chmod" in name and not re.search(r", 0[67]00\)", rest):
            print(text)
    if not written:
        print("the secret was written to no file")


if sys.argv[1] == "changes":
    changes(*sys.argv[2:])
else:
    secrets(*sys.argv[2:])

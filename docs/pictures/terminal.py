"""A small terminal: runs a program in a pseudo-terminal and keeps the screen that it draws.

It knows what keywright and its prompts use: cursor movement, erasing, scrolling, colours, and the
question for the cursor's place. It is no general terminal.
"""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
import unicodedata

CSI = re.compile(r"\x1b\[([?>]?)([0-9;]*)([@-~])")
OSC = re.compile(r"\x1b\][^\x07\x1b]*(\x07|\x1b\\)")


def plain():
    """The look of text without any colour."""
    return {"fg": None, "bg": None, "bold": False, "dim": False, "italic": False,
            "underline": False, "reverse": False}


class Screen:
    """Rows of (character, look); lines that scroll out at the top are lost."""

    def __init__(self, columns, rows):
        self.columns, self.rows = columns, rows
        self.cells = [self.blank() for _ in range(rows)]
        self.row = self.column = 0
        self.saved = (0, 0)
        self.look = plain()
        self.cursor_shown = True
        self.rest = ""
        self.questions = 0

    def blank(self):
        return [(" ", plain()) for _ in range(self.columns)]

    def text(self):
        return "\n".join("".join(c for c, _ in row).rstrip() for row in self.cells)

    def feed(self, text):
        text = self.rest + text
        self.rest = ""
        place = 0
        while place < len(text):
            if text[place] != "\x1b":
                self.put(text[place])
                place += 1
                continue
            found = CSI.match(text, place)
            if found:
                self.control(*found.groups())
                place = found.end()
                continue
            found = OSC.match(text, place)
            if found:
                place = found.end()
                continue
            if text[place + 1:place + 2] in ("7", "8", "c", "=", ">", "M"):
                self.escape(text[place + 1])
                place += 2
                continue
            if len(text) - place < 32:
                self.rest = text[place:]  # The sequence is not complete yet.
                return
            place += 1

    def escape(self, kind):
        if kind == "7":
            self.saved = (self.row, self.column)
        elif kind == "8":
            self.row, self.column = self.saved

    def newline(self):
        if self.row + 1 < self.rows:
            self.row += 1
        else:
            self.cells.pop(0)
            self.cells.append(self.blank())

    def put(self, c):
        if c == "\n":
            self.newline()
        elif c == "\r":
            self.column = 0
        elif c == "\b":
            self.column = max(0, self.column - 1)
        elif c == "\t":
            self.column = min(self.columns - 1, (self.column // 8 + 1) * 8)
        elif c >= " " and c != "\x7f":
            wide = 2 if unicodedata.east_asian_width(c) in "WF" else 1
            if unicodedata.combining(c):
                return
            if self.column + wide > self.columns:
                self.column = 0
                self.newline()
            self.cells[self.row][self.column] = (c, dict(self.look))
            if wide == 2:
                self.cells[self.row][self.column + 1] = ("", dict(self.look))
            self.column += wide

    def control(self, private, text, kind):
        numbers = [int(n) if n else 0 for n in text.split(";")]
        first = numbers[0] or 1
        if private:
            if kind in "hl" and 25 in numbers:
                self.cursor_shown = kind == "h"
            return
        column = min(self.column, self.columns - 1)
        if kind == "A":
            self.row = max(0, self.row - first)
        elif kind == "B":
            self.row = min(self.rows - 1, self.row + first)
        elif kind == "C":
            self.column = min(self.columns - 1, column + first)
        elif kind == "D":
            self.column = max(0, column - first)
        elif kind == "E":
            self.row, self.column = min(self.rows - 1, self.row + first), 0
        elif kind == "F":
            self.row, self.column = max(0, self.row - first), 0
        elif kind == "G":
            self.column = min(self.columns - 1, first - 1)
        elif kind in "Hf":
            second = numbers[1] if len(numbers) > 1 and numbers[1] else 1
            self.row = min(self.rows - 1, first - 1)
            self.column = min(self.columns - 1, second - 1)
        elif kind == "J":
            self.erase_screen(numbers[0])
        elif kind == "K":
            self.erase_line(numbers[0])
        elif kind == "m":
            self.style(numbers)
        elif kind == "n" and numbers[0] == 6:
            self.questions += 1
        elif kind == "s":
            self.saved = (self.row, self.column)
        elif kind == "u":
            self.row, self.column = self.saved

    def erase_line(self, how):
        start = 0 if how in (1, 2) else self.column
        end = self.columns if how in (0, 2) else self.column + 1
        for place in range(start, min(end, self.columns)):
            self.cells[self.row][place] = (" ", plain())

    def erase_screen(self, how):
        if how == 0:
            self.erase_line(0)
            rows = range(self.row + 1, self.rows)
        elif how == 1:
            self.erase_line(1)
            rows = range(self.row)
        else:
            rows = range(self.rows)
        for row in rows:
            self.cells[row] = self.blank()

    def style(self, numbers):
        numbers = list(numbers)
        while numbers:
            n = numbers.pop(0)
            if n == 0:
                self.look = plain()
            elif n in (1, 2, 3, 4, 7):
                name = {1: "bold", 2: "dim", 3: "italic", 4: "underline", 7: "reverse"}[n]
                self.look[name] = True
            elif n == 22:
                self.look["bold"] = self.look["dim"] = False
            elif n in (23, 24, 27):
                self.look[{23: "italic", 24: "underline", 27: "reverse"}[n]] = False
            elif 30 <= n <= 37:
                self.look["fg"] = n - 30
            elif 90 <= n <= 97:
                self.look["fg"] = n - 90 + 8
            elif 40 <= n <= 47:
                self.look["bg"] = n - 40
            elif 100 <= n <= 107:
                self.look["bg"] = n - 100 + 8
            elif n in (38, 48):
                self.look["fg" if n == 38 else "bg"] = extended(numbers)
            elif n in (39, 49):
                self.look["fg" if n == 39 else "bg"] = None


def extended(numbers):
    """A colour of 256, or red, green and blue; takes what it needs from the front."""
    kind = numbers.pop(0) if numbers else 0
    if kind == 5 and numbers:
        return numbers.pop(0)
    if kind == 2 and len(numbers) >= 3:
        return tuple(numbers.pop(0) for _ in range(3))
    return None


class Program:
    """A program in a pseudo-terminal of a fixed size."""

    def __init__(self, command, environment, folder, columns, rows):
        self.screen = Screen(columns, rows)
        self.output = b""
        self.answered = 0
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            os.chdir(folder)
            os.execve(command[0], command, environment)

    def read(self, seconds):
        """Takes what the program writes within that time. False at its end."""
        ready, _, _ = select.select([self.fd], [], [], seconds)
        if not ready:
            return True
        try:
            piece = os.read(self.fd, 65536)
        except OSError:
            piece = b""
        self.output += piece
        self.screen.feed(piece.decode("utf-8", "replace"))
        while self.answered < self.screen.questions:
            self.answered += 1
            self.send(f"\x1b[{self.screen.row + 1};{self.screen.column + 1}R")
        return bool(piece)

    def send(self, text):
        os.write(self.fd, text.encode())

    def wait_for(self, text, seconds=20):
        """Reads until the screen shows `text` and nothing more comes."""
        end = time.monotonic() + seconds
        while text not in self.screen.text():
            if time.monotonic() > end or not self.read(0.1):
                raise SystemExit(f"waited for {text!r}, and saw:\n{self.screen.text()}")
        self.settle()

    def settle(self, quiet=0.25):
        before = None
        while before != self.output:
            before = self.output
            if not self.read(quiet):
                return

    def wait_for_end(self, seconds=60):
        """Reads to the end of the program; its exit code."""
        end = time.monotonic() + seconds
        while self.read(0.1):
            if time.monotonic() > end:
                self.kill()
                raise SystemExit(f"it does not end:\n{self.screen.text()}")
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def kill(self):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)

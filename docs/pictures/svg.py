"""Draws a screen as SVG: fixed size, no fonts or scripts from elsewhere."""

from xml.sax.saxutils import escape

CELL, LINE, PAD, BAR = 8.4, 19, 18, 34
BACKGROUND, FOREGROUND, FRAME = "#16181d", "#d7dae0", "#2a2d35"
PALETTE = ["#5c6370", "#e06c75", "#98c379", "#e5c07b", "#61afef", "#c678dd", "#56b6c2", "#d7dae0",
           "#7f848e", "#ef7b85", "#a9d48a", "#f0cf8d", "#74bdf7", "#d48be8", "#66c6d2", "#ffffff"]
FONT = "ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace"


def color(value, default):
    if value is None:
        return default
    if isinstance(value, tuple):
        return "#%02x%02x%02x" % value
    if value < 16:
        return PALETTE[value]
    if value < 232:
        value -= 16
        steps = [0, 95, 135, 175, 215, 255]
        return "#%02x%02x%02x" % (steps[value // 36], steps[value // 6 % 6], steps[value % 6])
    return "#%02x%02x%02x" % ((8 + (value - 232) * 10,) * 3)


def runs(row):
    """Neighbours that look the same: (column, text, look)."""
    found = []
    for column, (c, look) in enumerate(row):
        if found and found[-1][2] == look:
            found[-1][1] += c
        else:
            found.append([column, c, look])
    return found


def number(value):
    return f"{value:.1f}".rstrip("0").rstrip(".")


def draw_run(column, text, look, y):
    fg, bg = color(look["fg"], FOREGROUND), color(look["bg"], None)
    if look["reverse"]:
        fg, bg = bg or BACKGROUND, fg
    parts = []
    x, width = number(PAD + column * CELL), number(len(text) * CELL)
    if bg:
        parts.append(f'<rect x="{x}" y="{number(y - LINE + 5)}" width="{width}" height="{LINE}" fill="{bg}"/>')
    words = text.strip()
    if words:
        # Space at an end is left out: viewers do not agree about it.
        x = number(PAD + (column + text.index(words[0])) * CELL)
        width = number(len(words) * CELL)
        more = "".join([
            ' font-weight="bold"' if look["bold"] else "",
            ' font-style="italic"' if look["italic"] else "",
            ' text-decoration="underline"' if look["underline"] else "",
            ' opacity="0.6"' if look["dim"] else "",
        ])
        parts.append(f'<text x="{x}" y="{number(y)}" textLength="{width}" fill="{fg}"{more}>{escape(words)}</text>')
    return parts


def draw(screen, title):
    """The picture of a screen, down to its last line that holds something."""
    rows = screen.cells
    while rows and not "".join(c for c, _ in rows[-1]).strip():
        rows = rows[:-1]
    width = screen.columns * CELL + 2 * PAD
    height = BAR + len(rows) * LINE + PAD
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {number(width)} {number(height)}" '
        f'width="{number(width)}" height="{number(height)}" role="img" aria-label="{escape(title)}">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{number(width)}" height="{number(height)}" rx="8" fill="{BACKGROUND}" stroke="{FRAME}"/>',
        f'<text x="{number(width / 2)}" y="21" text-anchor="middle" font-family="{FONT}" font-size="13" fill="#7f848e">{escape(title)}</text>',
        f'<g font-family="{FONT}" font-size="14" xml:space="preserve">',
    ]
    for index, row in enumerate(rows):
        y = BAR + (index + 1) * LINE - 5
        for column, text, look in runs(row):
            parts += draw_run(column, text, look, y)
    parts += ["</g>", "</svg>", ""]
    return "\n".join(parts)

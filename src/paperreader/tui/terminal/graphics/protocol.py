"""Escape sequences that show pictures in a terminal: kitty's graphics protocol with Unicode placeholders.

Source: "Terminal graphics protocol" (https://sw.kovidgoyal.net/kitty/graphics-protocol/), with the section "Unicode
placeholders". A picture is sent once and gets a virtual placement of some cells. Any cell with the character U+10EEEE
then shows a part of it, so that pictures are painted, covered and scrolled like text, also by tmux.

Everything in the sequences is a number of this program or base64 that it encoded.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator
from functools import cache
from itertools import chain

ESC, END = "\x1b", "\x1b\\"

NAME_QUERY = "\x1b[>0q"
"""Asks for name and version of the terminal: XTVERSION of xterm's "Control Sequences"."""

CHUNK_CHARACTERS = 4096
"""Base64 in one sequence, at most what the protocol allows."""

PLACEHOLDER = "\U0010eeee"

FIRST_COLOR, LAST_COLOR = 16, 255
"""Numbers of colors in the palette of 256 that every terminal and tmux keep as they are. They identify pictures."""

_RANGES = (
    "305 30d-30e 310 312 33d-33f 346 34a-34c 350-352 357 35b 363-36f 483-487 592-595 597-599 59c-5a1 5a8-5a9 5ab-5ac "
    "5af 5c4 610-617 657-65b 65d-65e 6d6-6dc 6df-6e2 6e4 6e7-6e8 6eb-6ec 730 732-733 735-736 73a 73d 73f-741 743 745 "
    "747 749-74a 7eb-7f1 7f3 816-819 81b-823 825-827 829-82d 951 953-954 f82-f83 f86-f87 135d-135f 17dd 193a 1a17 "
    "1a75-1a7c 1b6b 1b6d-1b73 1cd0-1cd2 1cda-1cdb 1ce0 1dc0-1dc1 1dc3-1dc9 1dcb-1dcc 1dd1-1de6 1dfe 20d0-20d1 "
    "20d4-20d7 20db-20dc 20e1 20e7 20e9 20f0 2cef-2cf1 2de0-2dff a66f a67c-a67d a6f0-a6f1 a8e0-a8f1 aab0 aab2-aab3 "
    "aab7-aab8 aabe-aabf aac1 fe20-fe26 10a0f 10a38 1d185-1d189 1d1aa-1d1ad 1d242-1d244"
)
"""The marks that mean the numbers from 0 on (rowcolumn-diacritics.txt of the protocol)."""

_KITTY_VERSION = re.compile(r"kitty\((\d{1,4})\.(\d{1,4})")
_FIRST_KITTY_VERSION = (0, 28)
"""The first version of kitty with Unicode placeholders."""
_OTHER_NAMES = ("ghostty ",)
"""What the names of other terminals with Unicode placeholders begin with."""

_GRAPHICS_REPLY = re.compile(r"\x1b_Gi=(\d{1,10})(?:,p=\d{1,10})?;(OK\b)?")
_NAME_REPLY = re.compile(r"\x1bP>\|([ -~]{1,200})")


@cache
def number_marks() -> str:
    """Return the combining characters that mean the numbers from 0 to 296 in a placeholder."""
    bounds = (part.partition("-") for part in _RANGES.split())
    ranges = (range(int(first, 16), int(last or first, 16) + 1) for first, _, last in bounds)
    return "".join(map(chr, chain.from_iterable(ranges)))


def image_id(color: int, group: int) -> int:
    """Return the id of a picture: its color, and the number from 1 to 255 that all pictures of a program share."""
    return color | group << 24


def placeholder(row: int, column: int, group: int) -> str:
    """Return the text of a cell that shows a part of a picture. The color of the text says of which one."""
    marks = number_marks()
    return PLACEHOLDER + marks[row] + marks[column] + marks[group]


def for_tmux(sequence: str) -> str:
    """Return what makes tmux pass a sequence on to its terminal, if its option `allow-passthrough` is set."""
    return f"{ESC}Ptmux;{sequence.replace(ESC, ESC + ESC)}{END}"


def graphics_query(id: int) -> str:
    """Return the question whether the terminal shows pictures. A picture of one pixel is not kept."""
    return f"{ESC}_Gi={id},s=1,v=1,a=q,t=d,f=24;AAAA{END}"


def transmission(id: int, width: int, height: int, data: bytes) -> Iterator[str]:
    """Yield the sequences that send a picture. All of them have to be written.

    Args:
        id: see `image_id`.
        width: in pixels.
        height: in pixels.
        data: red, green and blue of each pixel, compressed with zlib.
    """
    text = b64encode(data).decode()
    control = f"a=t,i={id},f=24,o=z,s={width},v={height},"
    for start in range(0, len(text), CHUNK_CHARACTERS):
        more = int(start + CHUNK_CHARACTERS < len(text))
        yield f"{ESC}_G{control}q=2,m={more};{text[start : start + CHUNK_CHARACTERS]}{END}"
        control = ""


TRANSMISSION_END = f"{ESC}_Gq=2,m=0;{END}"
"""Ends a transmission early. The terminal discards the picture, because it has too few pixels."""


def placement(id: int, columns: int, rows: int) -> str:
    """Return the sequence that makes a picture as large as some cells, for placeholders."""
    return f"{ESC}_Ga=p,U=1,i={id},c={columns},r={rows},q=2{END}"


def deletion(id: int) -> str:
    """Return the sequence that deletes a picture and its placement, and frees its memory."""
    return f"{ESC}_Ga=d,d=I,i={id},q=2{END}"


def graphics_reply(text: str) -> tuple[int, bool] | None:
    """Return id and success of the answer to a `graphics_query`; None for anything else."""
    match = _GRAPHICS_REPLY.match(text)
    return (int(match[1]), match[2] is not None) if match else None


def name_reply(text: str) -> str | None:
    """Return the answer to `NAME_QUERY`; None for anything else."""
    match = _NAME_REPLY.fullmatch(text)
    return match[1] if match else None


def has_placeholders(name: str) -> bool:
    """Return whether the terminal of that name is known to show Unicode placeholders.

    The protocol has no question for them, and some terminals (Konsole, Warp, WezTerm) know the rest of it only.
    """
    match = _KITTY_VERSION.match(name)
    if match:
        return (int(match[1]), int(match[2])) >= _FIRST_KITTY_VERSION
    return name.startswith(_OTHER_NAMES)


def is_tmux(name: str) -> bool:
    """Return whether tmux gave this name."""
    return name.startswith("tmux ")

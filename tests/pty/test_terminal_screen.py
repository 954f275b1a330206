"""The faster emulation of a terminal shows what that of pyte shows."""

from __future__ import annotations

import pyte
from hypothesis import example, given
from hypothesis import strategies as st

from tests.examples import examples
from tests.terminal_screen import FastScreen, FastStream

WRITTEN = st.sampled_from(
    (
        *(
            "a",
            "lanterns and rivers",
            "é",
            "e\u0301",
            "─│★",
            "漢字",
            "\u200b",
            "\t",
            "\r\n",
            "\b",
            "\x0e",
            "\x0f",
        ),
        *(
            "\x1b[m",
            "\x1b[1;38;2;10;20;30m",
            "\x1b[0;7m",
            "\x1b[48;5;17m",
            "\x1b[;3m",
            "\x1b[22",
            "m",
            "\x1b",
        ),
        *("\x1b[2;3H", "\x1b[H", "\x1b[2J", "\x1b[K", "\x1b[1K", "\x1b[2L", "\x1b[M", "\x1b[4P", "\x1b[3@"),
        *("\x1b[4h", "\x1b[4l", "\x1b[?7l", "\x1b[?7h", "\x1b[?5h", "\x1b[2;4r", "\x1b[S", "\x1bD", "\x1bM"),
        *("\x1b(0", "\x1b(B", "\x1b7", "\x1b8", "\x1bc", "\x1b]0;title \x1b[1m\x07", "\x1b%@", "\x1b%G"),
    )
)


@given(written=st.lists(WRITTEN, max_size=40), cuts=st.lists(st.integers(1, 20), max_size=8))
@example(written=["─│★", "\x1b[4;19H", "漢字", "e\u0301"], cuts=[3])
@examples(50)
def test_same_cells_and_text_as_pyte(written, cuts):
    fast, slow = FastScreen(20, 4), pyte.Screen(20, 4)
    streams = FastStream(fast), pyte.ByteStream(slow)
    data = "".join(written).encode()
    while data:
        cut = cuts.pop() if cuts else len(data)
        for stream in streams:
            stream.feed(data[:cut])
        data = data[cut:]
        assert [[fast.buffer[y][x] for x in range(20)] for y in range(4)] == [
            [slow.buffer[y][x] for x in range(20)] for y in range(4)
        ]
        assert fast.text == "\n".join(
            "".join(fast.buffer[y][x].data for x in range(20)).rstrip() for y in range(4)
        )
        assert (fast.cursor.x, fast.cursor.y) == (slow.cursor.x, slow.cursor.y)

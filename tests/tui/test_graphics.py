"""Pictures with the pixels of the terminal: questions, sending, deleting, and the cells that show them."""

from __future__ import annotations

import asyncio
import os
import re
import unicodedata
import zlib
from base64 import b64decode

import pytest
from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import ANSIToTruecolor
from textual.strip import Strip

from paperreader.text.cell_width import cell_width
from paperreader.tui.terminal.graphics import support
from paperreader.tui.terminal.graphics.placeholders import PlaceholderColors
from paperreader.tui.terminal.graphics.protocol import PLACEHOLDER, number_marks
from paperreader.tui.terminal.graphics.terminal_graphics import TerminalGraphics
from paperreader.tui.terminal.input.parser import InputParser
from paperreader.tui.terminal.palette import NearestPaletteColors
from paperreader.tui.terminal.replies import TerminalReply

GROUP = os.getpid() % 255 + 1
QUERY = GROUP << 24 | 16
KITTY, OK, REFUSED = "\x1bP>|kitty(0.35.2)", f"\x1b_Gi={QUERY};OK", f"\x1b_Gi={QUERY};ENOTSUP:no"
TMUX = "\x1bP>|tmux 3.4"
NOISE = zlib.compress(os.urandom(30_000))


class FakePort:
    """A terminal that takes everything, unless it is busy."""

    def __init__(self):
        self.is_active, self.is_writing, self.cell_size = True, False, None
        self.cleanup = lambda: ""
        self.written = []

    def write(self, data):
        self.written.append(data)

    @property
    def text(self):
        return "".join(self.written)

    def deleted(self, text=None):
        return re.findall(r"a=d,d=I,i=(\d+)", self.text if text is None else text)


@pytest.fixture
def port():
    return FakePort()


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch):
    monkeypatch.setattr(support, "ANSWER_SECONDS", 0.01)


async def ask(port, *replies, is_forced=False):
    graphics = TerminalGraphics(port, is_forced=is_forced)
    asking = asyncio.create_task(graphics.support.find_out())
    await asyncio.sleep(0)
    for reply in replies:
        graphics.support.receive(reply)
    await asking
    return graphics


@pytest.mark.parametrize(
    ("replies", "is_forced", "expected"),
    [
        ((KITTY, OK), False, True),
        (("\x1bP>|kitty(0.27.1)", OK), False, False),
        (("\x1bP>|ghostty 1.0.1", OK), False, True),
        (("\x1bP>|ghostty 1.0.1-arch2", REFUSED), False, False),
        (("\x1bP>|WezTerm 20240203", OK), False, False),
        (("\x1bP>|Konsole 24.12", OK), False, False),
        ((KITTY,), False, False),
        ((OK,), False, False),
        ((), False, False),
        ((KITTY, "\x1b_Gi=31;OK"), False, False),
        ((TMUX, KITTY, OK), False, True),
        ((TMUX, OK, KITTY), False, True),
        ((TMUX, "\x1bP>|XTerm(392)", OK), False, False),
        ((TMUX, TMUX, OK), False, False),
        ((TMUX,), False, False),
        (("\x1bP>|WezTerm 20240203",), True, True),
        ((TMUX,), True, True),
        ((), True, True),
        (
            ("\x1bP>|kitty(99999999999999.1)", "\x1b_Gi=;OK", "\x1b_G", "\x1bP>|", "\x1bP>|\u202ekitty"),
            False,
            False,
        ),
    ],
)
async def test_a_terminal_shows_pictures_if_name_and_answer_say_so(port, replies, is_forced, expected):
    graphics = await ask(port, *replies, is_forced=is_forced)
    assert graphics.support.is_supported is expected and graphics.support.is_known
    # A picture is only sent as a question where the name is that of a terminal with placeholders.
    assert port.written[0] == "\x1b[>0q" and ("a=q" in port.text) == (
        not is_forced and (TMUX in replies or replies[:1] == (KITTY,) or "ghostty" in "".join(replies))
    )
    assert ("Ptmux;" in port.text) == (TMUX in replies and not is_forced)


async def test_an_answer_that_is_late_counts_and_another_terminal_is_asked_again(port):
    graphics = await ask(port)
    late = []
    graphics.support.on_late_answer = lambda: late.append(1)
    graphics.support.receive(KITTY)
    graphics.support.receive(OK)
    assert graphics.support.is_supported and late == [1]
    graphics.support.forget()
    assert not graphics.support.is_known
    await graphics.support.find_out()
    assert port.written.count("\x1b[>0q") == 2 and not graphics.support.is_supported


def test_the_parser_finds_answers_and_nothing_else():
    def replies(*reads):
        parser = InputParser(clock=lambda: 0.0)
        found = [message for read in reads for message in parser.feed(read.encode())]
        return [message.text if isinstance(message, TerminalReply) else message.key for message in found]

    assert replies(f"a{KITTY}\x1b\\b{OK}\x1b\\c") == ["a", KITTY, "b", OK, "c"]
    assert replies(OK[:6], OK[6:], "\x1b", "\\") == [OK]
    assert replies("\x1b]52;c;UQ==\x07", "\x1b_X\x1b\\", "\x1b_G" + "i=1" * 200 + "\x1b\\") == []


async def test_a_picture_is_sent_in_pieces_while_keys_are_painted(port):
    graphics = await ask(port, KITTY, OK)
    del port.written[:]
    port.is_writing = True
    sending = asyncio.create_task(graphics.send((100, 100), NOISE, 10, 5))
    await asyncio.sleep(0.02)
    assert port.written == []  # earlier output comes first
    port.is_writing = False
    image = await sending
    pieces = re.findall(r"\x1b_G([^;]*);([^\x1b]*)\x1b\\", port.text)
    assert pieces[0][0] == f"a=t,i={QUERY + 1},f=24,o=z,s=100,v=100,q=2,m=1"
    assert [head for head, _ in pieces[1:]] == ["q=2,m=1"] * (len(pieces) - 2) + ["q=2,m=0"]
    assert all(len(data) <= 4096 for _, data in pieces) and len(port.written) > 2
    assert b64decode("".join(data for _, data in pieces)) == NOISE
    assert port.written[-1] == f"\x1b_Ga=p,U=1,i={QUERY + 1},c=10,r=5,q=2\x1b\\"
    assert [len(image.row(row)) for row in (0, 4, 5)] == [10, 10, 0]
    graphics.delete([image])
    assert port.deleted() == [str(QUERY + 1)]
    graphics.delete([image])
    assert len(port.deleted()) == 1


@pytest.mark.parametrize("way", ["cancelled", "left", "deleted"])
async def test_a_transmission_that_is_given_up_is_ended_and_deleted(port, way):
    graphics = await ask(port, TMUX, KITTY, OK)
    other = await graphics.send((1, 1), zlib.compress(b"abc"), 1, 1)
    write, started = port.write, asyncio.Event()

    def become_slow(data):
        write(data)
        port.is_writing = True
        started.set()

    port.write = become_slow
    sending = asyncio.create_task(graphics.send((100, 100), NOISE, 10, 5))
    await started.wait()
    del port.written[:]
    if way == "cancelled":
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending
        text = port.text
    else:
        text = port.cleanup() if way == "left" else ""
        graphics.delete([other])
        port.is_active = way != "left"
        assert await sending is None
        text += port.text
    assert text.startswith("\x1bPtmux;\x1b\x1b_Gq=2,m=0;\x1b\x1b\\\x1b\\") and "a=p" not in text
    deleted = {str(QUERY + 2)} | ({str(QUERY + 1)} if way != "cancelled" else set())
    assert set(port.deleted(text)) == deleted
    if way == "left":
        assert await graphics.send((1, 1), b"", 1, 1) is None


def test_numbers_are_marks_of_no_width_in_the_order_of_the_protocol():
    marks = number_marks()
    assert len(marks) == len(set(marks)) == 297 and list(marks) == sorted(marks)
    assert marks[:5] == "\u0305\u030d\u030e\u0310\u0312" and marks[-1] == "\U0001d244"
    for mark in marks:
        assert unicodedata.combining(mark) == 230 and not unicodedata.decomposition(mark)
        assert cell_len(PLACEHOLDER + mark) == cell_width(PLACEHOLDER + mark) == 1


async def test_cells_keep_number_and_marks_whatever_is_cut_and_filtered(port):
    graphics = await ask(port, KITTY, OK)
    image = await graphics.send((1, 1), zlib.compress(b"abc"), 200, 30)
    marks = number_marks()
    strip = Strip([Segment("  "), *image.row(29)]).crop(1, 150)
    from rich.terminal_theme import DEFAULT_TERMINAL_THEME

    for name in (ANSIToTruecolor(DEFAULT_TERMINAL_THEME), NearestPaletteColors(), PlaceholderColors()):
        strip = strip.apply_filter(name, Color(0, 0, 0))
    cells = list(strip)[1:]
    assert [cell.text for cell in cells] == [
        PLACEHOLDER + marks[29] + marks[column] + marks[GROUP] for column in range(148)
    ]
    assert {cell.style.render("x").partition("m")[0] for cell in cells} == {"\x1b[38;5;17"}

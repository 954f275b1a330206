"""Tests of terminal input: only keys are keys, however a sequence arrives."""

from __future__ import annotations

from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events

from paperreader.tui.terminal.input.parser import InputParser
from tests.terminal_input import ESC, REPORTS


class Keyboard:
    """A parser with a clock that only `wait` moves."""

    def __init__(self) -> None:
        self.now = 0.0
        self._parser = InputParser(clock=lambda: self.now)
        self.messages: list[object] = []

    def send(self, *reads: str | bytes) -> Keyboard:
        for read in reads:
            self.messages += self._parser.feed(read if isinstance(read, bytes) else read.encode())
        return self

    def wait(self, seconds: float) -> Keyboard:
        """Let time pass, as the input thread does: in steps."""
        for _ in range(round(seconds * 20)):
            self.now += 0.05
            self.messages += self._parser.tick()
        return self

    def wait_idle(self, seconds: float) -> Keyboard:
        """Let time pass in which nothing is read."""
        self.now += seconds
        self.messages += self._parser.tick()
        return self

    @property
    def keys(self) -> list[str]:
        return [message.key for message in self.messages if isinstance(message, events.Key)]

    @property
    def typed(self) -> str:
        keys = (message for message in self.messages if isinstance(message, events.Key))
        return "".join(key.character or "" for key in keys)

    @property
    def pastes(self) -> list[str]:
        return [message.text for message in self.messages if isinstance(message, events.Paste)]


KEYS = {
    "a": "a",
    "Q": "Q",
    "字": "字",
    "\r": "enter",
    "\t": "tab",
    "\x7f": "backspace",
    "\x13": "ctrl+s",
    " ": "space",
    "\x1b[A": "up",
    "\x1bOB": "down",
    "\x1b[5~": "pageup",
    "\x1b[1;5C": "ctrl+right",
    "\x1b[Z": "shift+tab",
    "\x1bx": "alt+x",
    "\x1bQ": "alt+shift+q",
    "\x1b\x1b[A": "up",
    "\x1b[[A": "f1",
    "\x1b[15~": "f5",
    "\x1bOP": "f1",
    "\x1b[27u": "escape",
    "\x1b[97u": "a",
    "\x1b[97;1:1u": "a",
    "\x1b[97;1:2u": "a",
    "\x1b[97:65;2;65u": "A",
    "\x1b[97;5u": "ctrl+a",
    "\x1b[97;65;97u": "a",
    "\x1b[0;;229u": "å",
    "\x1b[1;1:2B": "down",
    "\x1b[13u": "enter",
    "\x1b[9;2u": "shift+tab",
    "\x1b[57441;2u": "left_shift",
    "\x9b1;5A": "ctrl+up",
}
"""Sequences, and the names of their keys."""


@pytest.mark.parametrize("sequence", KEYS, ids=ascii)
def test_keys(sequence: str) -> None:
    assert Keyboard().send(sequence).wait(1).keys == [KEYS[sequence]]


def test_text_of_a_key_is_typed() -> None:
    keyboard = Keyboard().send("\x1b[97u\x1b[98;2;66u\x1b[32;;32u\x1b[0;;27721:23383u\x1b[99;5u\x1b[100;1:3u")
    assert keyboard.typed == "aB 汉字"


@pytest.mark.parametrize("report", REPORTS, ids=ascii)
def test_no_report_is_a_key(report: str) -> None:
    for place, pause in product(range(1, len(report)), (0.0, 0.05, 0.4, 0.9)):
        keyboard = (
            Keyboard().wait_idle(10).send(report[:place]).wait(pause).send(report[place:]).wait(1).send("j")
        )
        expected = ["j"] if place > 1 or pause < 0.1 or report[0] != ESC else ["escape", "j"]
        assert keyboard.keys == expected, (report[:place], report[place:], pause)
        assert not keyboard.pastes


@pytest.mark.parametrize("report", REPORTS, ids=ascii)
def test_no_report_is_a_key_byte_by_byte(report: str) -> None:
    for pause in (0.0, 0.05, 0.3):
        keyboard = Keyboard().wait_idle(10)
        for byte in report.encode():
            keyboard.send(bytes([byte])).wait(pause)
        keyboard.wait(1).send("j")
        assert [key for key in keyboard.keys if key != "escape"] == ["j"], pause


@pytest.mark.parametrize("report", REPORTS, ids=ascii)
def test_keys_work_after_a_report_that_was_cut_off(report: str) -> None:
    for keys in ("j", "jk", "/two words\r", "\x1b[B", "\r", "\x1b[106u"):
        expected = Keyboard().send(keys).keys
        for place in range(2, len(report)):
            keyboard = Keyboard().send(report[:place]).wait(1).send(keys)
            assert keyboard.keys == expected, (report[:place], keys)


@pytest.mark.parametrize(
    "rest",
    [
        "1e1e/1e1e\x07",
        "Y29weQ==\x1b\\",
        "]11;rgb:1/1/1\x07",
        "[?62;22c",
        "[8;24;80t",
        "[?997;2n",
        "P>|x\x1b\\",
    ],
    ids=ascii,
)
def test_end_of_a_report_whose_beginning_an_editor_has_read(rest: str) -> None:
    assert Keyboard().send(rest).wait(1).send("j").keys == ["j"]


@pytest.mark.parametrize(
    "sequence",
    [
        "\x1b[97;1:3u",
        "\x1b[1;1:3B",
        "\x1b[1114112u",
        "\x1b[55296u",
        "\x1b[3u",
        "\x1b[128u",
        "\x1b[0u",
        "\x1b[63743u",
        "\x1b[99~",
        "\x1b[98;0u",
        "\x1b[98;300u",
        "\x1b[98;1:7u",
        "\x1b[98;1;27u",
        "\x1b[98;1;1114112u",
        "\x1b[" + "9" * 5000 + "u",
        "\x1b[98" + ":98" * 5000 + "u",
        "\x1b[97:x;1u",
        "\x1b[5b;3u",
        "\x1b[9\r7u",
        "\x1b[98;98;98;98u",
        "\x1b[M !!",
        "\x1b[<0;99999999999999999999;5M",
        "\x1b[<128;5;5M",
        "\x1b[48;0;0;0;0t",
        "\x1b[48;1;1;1;1t",
        "\x80\x85\x99",
    ],
    ids=lambda sequence: ascii(sequence[:20]),
)
def test_invalid_sequences_are_discarded(sequence: str) -> None:
    keyboard = Keyboard().send(sequence)
    assert keyboard.messages == []
    assert keyboard.wait(1).send("b").keys == ["b"]


def test_key_in_the_same_read_as_a_report() -> None:
    assert Keyboard().send("j\x1b[?2026;2$yk\x1b]11;rgb:0/0/0\x07l\x1b[Im").keys == ["j", "k", "l", "m"]


def test_escape_key() -> None:
    keyboard = Keyboard().send("\x1b")
    assert keyboard.keys == []
    assert keyboard.wait(0.15).keys == ["escape"]
    assert keyboard.send("j", "]", "1").wait(1).keys == ["escape", "j", "right_square_bracket", "1"]
    assert Keyboard().send("\x1b\x1b").wait(0.2).keys == ["escape", "escape"]
    assert Keyboard().send("\x1b").wait(0.2).send("[").wait(1).send("j").keys == [
        "escape",
        "left_square_bracket",
        "j",
    ]
    assert Keyboard().send("\x1b").wait(0.2).send("]", "q").keys == ["escape", "right_square_bracket", "q"]
    assert Keyboard().send("\x1b").wait(0.2).send("[A").keys == ["escape", "up"]
    assert Keyboard().send("\x1b]11;rgb").wait(1).send("\x1b").wait(0.2).keys == ["escape"]


def test_mouse() -> None:
    keyboard = Keyboard().send("\x1b[<0;5;3M\x1b[<0;5;3m\x1b[<64;5;3M\x1b[<35;6;3M")
    kinds = [type(message) for message in keyboard.messages]
    assert kinds == [events.MouseDown, events.MouseUp, events.MouseScrollUp, events.MouseMove]


@pytest.mark.parametrize(
    "text",
    ["one", "two\nlines\r\n", "汉字", "word " * 2000, "\x1b[31mred\x1b[0m\x00\x07\x9b", "[201~"],
    ids=range(6),
)
@pytest.mark.parametrize("cuts", [[], [1], [5, 6, 7], [8], [9, 20]], ids=str)
def test_paste_is_delivered_to_the_letter(text: str, cuts: list[int]) -> None:
    data = f"a\x1b[200~{text}\x1b[201~b".encode()
    offsets = [0, *(cut for cut in cuts if cut < len(data)), len(data)]
    keyboard = Keyboard().send(*(data[start:end] for start, end in pairwise(offsets)))
    assert keyboard.pastes == [text]
    assert keyboard.keys == ["a", "b"]


def test_fake_end_marker_does_not_end_the_paste() -> None:
    keyboard = Keyboard().send("\x1b[200~harmless\x1b[201~q\x1b[A\x1b[201~x\x1b[200~next\x1b[201~")
    assert keyboard.pastes == ["harmless\x1b[201~q\x1b[A", "next"]
    assert keyboard.keys == ["x"]


def test_paste_that_was_cut_off_is_delivered_and_keys_work_again() -> None:
    keyboard = Keyboard().send("\x1b[200~half of").wait(3)
    assert keyboard.pastes == ["half of"]
    assert keyboard.send("j").keys == ["j"]
    keyboard = Keyboard().send("\x1b[200~half of").wait(3).send(" the text\x1b[201~j")
    assert keyboard.pastes == ["half of", " the text"]
    assert keyboard.keys == ["j"]


ABSTRACT = (
    "We ask how few lamps light a corridor of many doors, and how soon the lamps that are moved find them."
)


@pytest.mark.parametrize(
    "text",
    [
        ABSTRACT,
        "Attention Is All\rYou Need, and a\rlittle more of it",
        f"{ABSTRACT}\n\n\t{ABSTRACT}\n",
        ABSTRACT * 50,
    ],
    ids=range(4),
)
def test_paste_without_brackets(text: str) -> None:
    keyboard = Keyboard().send(text)
    assert (keyboard.pastes, keyboard.keys) == ([text], [])
    assert keyboard.wait(0.1).send("b", "lamp", "\r").keys == ["b", *"lamp", "enter"]


def test_paste_without_brackets_in_several_reads() -> None:
    keyboard = Keyboard().send(ABSTRACT, "and so", " on.")
    assert "".join(keyboard.pastes) == f"{ABSTRACT}and so on."
    assert keyboard.send("\r").keys == ["enter"]


@pytest.mark.parametrize(
    "text",
    [
        f"/{ABSTRACT}\r",
        "/sparse lanterns\r",
        "j" * 500,
        " " * 500,
        "jk " * 100,
        "n Ask Ada about layer nine, and then about ten",
        f"n{ABSTRACT}\x13",
        "b\rb\r",
    ],
    ids=lambda text: ascii(text[:12]),
)
def test_bursts_of_keys_are_no_paste(text: str) -> None:
    keyboard = Keyboard().send(text)
    assert not keyboard.pastes
    assert len(keyboard.keys) == len(text)


def test_enter_after_a_long_query_in_the_same_read() -> None:
    keyboard = Keyboard().send(f"{ABSTRACT}\r")
    assert (keyboard.pastes, keyboard.keys) == ([ABSTRACT], ["enter"])


def test_invalid_bytes_are_replaced() -> None:
    keyboard = Keyboard().send(b"caf\xe9 \xff\x80x\x1b[200~caf\xe9\x1b[201~")
    assert keyboard.typed == "caf\ufffd \ufffdx"
    assert keyboard.pastes == ["caf\ufffd"]


@given(st.lists(st.binary(max_size=12) | st.sampled_from(REPORTS), max_size=8), st.integers(0, 12))
def test_no_input_raises(reads: list[str | bytes], pause: int) -> None:
    keyboard = Keyboard()
    for read in reads:
        keyboard.send(read).wait(pause / 10)
    keyboard.wait(5).messages.clear()
    assert keyboard.send("\x1b\\", "\x1b[201~").wait(5).send("j").keys[-1:] == ["j"]

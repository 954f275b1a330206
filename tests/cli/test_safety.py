"""Papers that try to speak to the terminal: nothing of theirs may reach it, in any command."""

from __future__ import annotations

import re
import sys
import unicodedata

import pytest

from paperreader.exports import Exported, lines
from paperreader.models import Link, Mark, Paper, Record, Source
from tests.terminal import Terminal

EVIL = (
    "\x1b]0;OWNED\x07\x1b[2J\x1b[31337;1HOops \x9b31337m\x9d52;c;T1dORUQ=\x9c \x1bP1$r\x1b\\"
    "\u202edetrever\u202c \x00\x08\x7f\r\v\f \x1b[?1049l\x1b]52;c;T1dORUQ=\x07 \u2066x\u2069 [/INST] <think>"
)
"""A title's worth of escape sequences, C1 controls, bidi overrides, and what others take for markup."""

OWN_STYLES = re.compile(rb"\x1b\[(?:0|1|2|33|34)m")


@pytest.fixture
def hostile(paperreader, tmp_path):
    """The command line over a library of papers full of escape sequences, in text, page and file name."""
    source = Source(
        "capture", f"evil{EVIL}.txt".replace("/", "_").replace("\x00", ""), "2025-01-02", "0" * 16 + ":0"
    )
    link = Link("https://github.com/evil/repo", "code", "github.com")
    said = {"title": f"Evil {EVIL} paper", "abstract": f"All {EVIL} of it.\n{EVIL}", "links": (link,)}
    said |= {"arxiv": "2501.00001", "authors": (f"Eve {EVIL}",) * 3, "keywords": (EVIL,), "summary": EVIL}
    record = Record(source=source, **said)
    paper = Paper(id="2501.00001", sources=(source,), **said)
    mark = Mark(title=EVIL, bookmark=(True, 5), note=(f"note {EVIL}", 5), tags={f"tag{EVIL}": (True, 5)})
    (tmp_path / "evil.jsonl").write_text("\n".join(lines("jsonl", [Exported(paper, mark, (record,))])) + "\n")
    page = tmp_path / f"page {EVIL}.txt".replace("/", "_").replace("\x00", "")
    page.write_text(
        f"new\n\nSubscribe\n\nMar 14\n\nEvil {EVIL} Lanterns in Corridors\n\n"
        f"We light {EVIL} corridors with lamps, and every lamp is {EVIL} counted twice before it is lit.\n\n"
        f"A Title {EVIL} Cut Off\n",
        encoding="utf-8",
    )
    return paperreader, [tmp_path / "evil.jsonl", page]


def assert_plain(text):
    bad = [char for char in text if char != "\n" and unicodedata.category(char) in {"Cc", "Cs"}]
    assert not bad
    assert not set(text) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def test_no_command_lets_a_control_character_through_a_pipe(hostile):
    paperreader, files = hostile
    met = []
    for arguments in (
        ["import", *files],
        ["import", "--json", *files],
        ["import", f"missing{EVIL}".replace("\x00", "")],
        ["search"],
        ["search", "evil"],
        ["search", "--json", "evil"],
        ["search", f"nothing{EVIL}"],
        ["show", "2501.00001"],
        ["show", "--json", "2501.00001"],
        ["show", f"nobody{EVIL}"],
        ["mark", "2501.00001", "--note", f"again {EVIL}"],
        ["mark", "2501.00001", f"--{EVIL}"],
        ["export", "--format", "jsonl"],
        ["export", "--format", EVIL],
        ["paths"],
        ["check"],
        ["reindex"],
        ["remove", "2501.00001"],
        ["remove", "--undo"],
        ["remove", "--source", f"{EVIL}"],
    ):
        answer = paperreader(*arguments)
        assert_plain(answer.out)
        assert_plain(answer.err)
        assert "Traceback" not in answer.err
        met.append(answer.out + answer.err)
    assert "31337" in "".join(met)  # the text is there, its teeth are not


@pytest.mark.parametrize(
    "arguments",
    [["search", "evil"], ["search"], ["show", "2501.00001"], ["import"], ["export", "--format", "jsonl"]],
)
def test_on_a_terminal_only_our_own_colours_are_escape_sequences(hostile, arguments):
    paperreader, files = hostile
    paperreader("import", *files)
    given = arguments + (list(map(str, files)) if arguments == ["import"] else [])
    with Terminal([sys.executable, "-m", "paperreader", *given]) as terminal:
        assert terminal.wait_end() == 0
        left = OWN_STYLES.sub(b"", bytes(terminal.raw)).replace(b"\r\n", b"\n").replace(b"\r", b"")
        assert_plain(left.decode())
        assert terminal.screen.title != "OWNED"
        assert len(left) > 20

"""Escape sequences in papers never reach the terminal, in any command."""

from __future__ import annotations

import re
import unicodedata

import pytest

from paperreader.__main__ import main
from paperreader.exporters.formats import ExportItem, render
from paperreader.models import Link, Mark, Paper, Source, SourceRecord
from tests.pages import HOSTILE, hostile_name, hostile_page
from tests.terminal import Terminal

OWN_STYLES = re.compile(rb"\x1b\[(?:0|1|2|33|34)m")


@pytest.fixture
def hostile(paperreader, tmp_path):
    """The command line with papers that have escape sequences in text, page and file name."""
    source = Source("capture", hostile_name("evil"), "2025-01-02", "0" * 16 + ":0")
    link = Link("https://github.com/evil/repo", "code", "github.com")
    fields = {
        "title": f"Evil {HOSTILE} paper",
        "abstract": f"All {HOSTILE} of it.\n{HOSTILE}",
        "links": (link,),
    }
    fields |= {
        "arxiv": "2501.00001",
        "authors": (f"Eve {HOSTILE}",) * 3,
        "keywords": (HOSTILE,),
        "summary": HOSTILE,
    }
    record = SourceRecord(source=source, **fields)
    paper = Paper(id="2501.00001", sources=(source,), **fields)
    mark = Mark(
        title=HOSTILE, bookmark=(True, 5), note=(f"note {HOSTILE}", 5), tags={f"tag{HOSTILE}": (True, 5)}
    )
    (tmp_path / "evil.jsonl").write_text(
        "\n".join(render("jsonl", [ExportItem(paper, mark, (record,))])) + "\n"
    )
    page = tmp_path / hostile_name("page")
    page.write_text(hostile_page(), encoding="utf-8")
    return paperreader, [tmp_path / "evil.jsonl", page]


def assert_plain(text):
    bad = [char for char in text if char != "\n" and unicodedata.category(char) in {"Cc", "Cs"}]
    assert not bad
    assert not set(text) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def test_no_command_prints_control_characters_in_a_pipe(hostile):
    paperreader, files = hostile
    met = []
    for arguments in (
        ["import", *files],
        ["import", "--json", *files],
        ["import", f"missing{HOSTILE}".replace("\x00", "")],
        ["search"],
        ["search", "evil"],
        ["search", "--json", "evil"],
        ["search", f"nothing{HOSTILE}"],
        ["show", "2501.00001"],
        ["show", "--json", "2501.00001"],
        ["show", f"nobody{HOSTILE}"],
        ["mark", "2501.00001", "--note", f"again {HOSTILE}"],
        ["mark", "2501.00001", f"--{HOSTILE}"],
        ["export", "--format", "jsonl"],
        ["export", "--format", HOSTILE],
        ["paths"],
        ["check"],
        ["reindex"],
        ["remove", "2501.00001"],
        ["remove", "--undo"],
        ["remove", "--source", f"{HOSTILE}"],
    ):
        result = paperreader(*arguments)
        assert_plain(result.out)
        assert_plain(result.err)
        assert "Traceback" not in result.err
        met.append(result.out + result.err)
    assert "31337" in "".join(met)  # the text is there, its teeth are not


@pytest.mark.parametrize(
    "arguments",
    [["search", "evil"], ["search"], ["show", "2501.00001"], ["import"], ["export", "--format", "jsonl"]],
)
def test_terminal_output_has_no_escape_sequences_but_styles(hostile, arguments):
    paperreader, files = hostile
    paperreader("import", *files)
    given = arguments + (list(map(str, files)) if arguments == ["import"] else [])
    with Terminal(["paperreader", *given], run=main) as terminal:
        assert terminal.wait_for_exit() == 0
        left = OWN_STYLES.sub(b"", bytes(terminal.raw)).replace(b"\r\n", b"\n").replace(b"\r", b"")
        assert_plain(left.decode())
        assert terminal.screen.title != "OWNED"
        assert len(left) > 20

"""Everything that leaves the program passes the sanitizer: every export format, digest, command, prompt and log."""

from __future__ import annotations

import datetime as dt
import json
import sys
import types
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from paperreader import paths
from paperreader.catalog.journal.format import encode_chunk, encode_header
from paperreader.cli import output
from paperreader.cli.crash_log import log_exception
from paperreader.cli.main import run
from paperreader.cli.parser import COMMAND_MODULES
from paperreader.cli.progress import ProgressBar
from paperreader.digest.digest import Digest, Group
from paperreader.digest.entry import DigestEntry
from paperreader.digest.mail.message import build_message, parse_mail_address
from paperreader.digest.render import RENDERERS
from paperreader.exporters import formats
from paperreader.exporters.formats import EXPORT_FORMATS, ExportFormat, ExportItem, render
from paperreader.json_codec import paper_to_json, to_json_line
from paperreader.library import Library, Progress
from paperreader.library.exporting import cite_bibtex, cite_markdown
from paperreader.local_state import LocalState
from paperreader.mark_codec import mark_to_json
from paperreader.text.sanitize import clean_output, sanitize
from tests.examples import endurance
from tests.hostile.hostile_input import store_full_text
from tests.hostile.unsafe_text import (
    INVISIBLE,
    NASTY,
    nasty_mark,
    nasty_paper,
    nasty_record,
    nasty_struct,
    unsafe_parts,
)
from tests.pages import HOSTILE

URL = "https://good.example/x"


def items() -> list[ExportItem]:
    """Return papers with unsafe text in every field, with and without usable ids, dates and links."""
    papers = [
        nasty_paper(),
        nasty_paper(id="2501.00001", arxiv="2501.00001", published="2025-01-02", listed="2025-01-03"),
        nasty_paper(id="a", doi="10.1/x", entry_type="techreport", journal="", published=None, listed=None),
        nasty_paper(id="b", arxiv="", doi="", authors=(), journal="", booktitle="", abstract=""),
    ]
    return [ExportItem(paper, nasty_mark(), (nasty_record(paper),)) for paper in papers]


@pytest.mark.parametrize("name", [row.name for row in EXPORT_FORMATS])
def test_export_format_is_safe(name, tmp_path):
    file = tmp_path / "out"
    Library.open().exports.write(file, render(name, items()))
    written = file.read_text(encoding="utf-8")
    assert not unsafe_parts(written)
    assert written.count("31337") >= 4, "the text itself is there"


def test_csv_formula_behind_a_control_character_is_escaped():
    for hidden in ("\x1b", "\u202e", "\u200b", INVISIBLE, "\x00\x01"):
        item = ExportItem(nasty_paper(summary=f"{hidden}=cmd()", doi=f"{hidden}@x"), nasty_mark(), ())
        row = "\n".join(render("csv", [item]))
        assert "=cmd()" in row
        assert ",=cmd()" not in row
        assert ",@x" not in row


def raw_renderer(monkeypatch) -> None:
    """Add a format that sanitizes nothing."""
    module = types.ModuleType("paperreader.exporters.raw")
    module.render = lambda papers: (f"{item.paper!r} {item.mark!r} {NASTY}" for item in papers)
    monkeypatch.setitem(sys.modules, "paperreader.exporters.raw", module)
    row = ExportFormat("raw", "Raw", "everything", ".raw", "w", "raw")
    monkeypatch.setattr(formats, "FORMATS", {**formats.FORMATS, "raw": row})


def test_format_that_sanitizes_nothing_is_safe(monkeypatch):
    raw_renderer(monkeypatch)
    written = "\n".join(render("raw", items()))
    assert not unsafe_parts(written)
    assert "31337" in written


def test_citations_are_safe():
    for item in items():
        assert not unsafe_parts(cite_bibtex(item.paper) + cite_markdown(item.paper))


def digest() -> Digest:
    """Return a digest whose entries were not sanitized."""
    entry = nasty_struct(
        DigestEntry, links=((f"code {NASTY}", URL),), other_groups=(NASTY,), votes=3, date=NASTY
    )
    group = Group(NASTY, NASTY, (entry, entry), 3)
    return Digest(dt.datetime(2025, 1, 2, tzinfo=dt.UTC), "2025-01-01", False, (group,))


@pytest.mark.parametrize("name", RENDERERS)
def test_digest_format_is_safe_without_sanitized_entries(name):
    written = "\n".join(RENDERERS[name](digest()))
    assert not unsafe_parts(written)
    assert "31337" in written


def test_mail_is_safe():
    address = parse_mail_address("Ada <ada@example.org>")
    message = build_message(digest(), address, [address])
    for part in message.walk():
        if not part.is_multipart():
            assert not unsafe_parts(part.get_content())
    assert b"\x1b" not in message.as_bytes()


@pytest.mark.parametrize("words", [["--help"], ["mark", "--help"], ["mrak"]])
def test_help_has_no_colors(words, capsys, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")  # for argparse from Python 3.14 on
    run(words)
    printed = capsys.readouterr()
    assert "\x1b" not in printed.out + printed.err
    assert "paperreader" in printed.out + printed.err


def test_every_printing_function_is_safe(capsys):
    output.print_line(NASTY, (NASTY, "bold"))
    output.print_raw(NASTY)
    output.print_error(NASTY)
    output.print_json({NASTY: [NASTY]})
    printed = capsys.readouterr()
    assert not unsafe_parts(printed.out + printed.err)
    assert (printed.out + printed.err).count("31337") >= 4


@pytest.mark.parametrize("text", ["\ud800", "a\udfffb", "\udfff\ud83d", "😀\ud83d", "\\\\ud800 \\ud800"])
def test_json_for_other_programs_is_valid_unicode(capsys, text):
    output.print_json({text: [text]})
    item = ExportItem(nasty_paper(title=text, authors=(text,)), nasty_mark(), (nasty_record(nasty_paper()),))
    for line in (capsys.readouterr().out, *render("jsonl", [item])):
        json.dumps(json.loads(line), ensure_ascii=False).encode("utf-8")  # fails for lone surrogates
    if not any("\ud800" <= char <= "\udfff" for char in text):
        assert json.loads(line)["title"] == text


def test_progress_is_safe(monkeypatch, capsys):
    monkeypatch.setattr(output, "is_terminal", lambda _: True)
    with ProgressBar() as bar:
        bar(Progress(NASTY, 1, 2, NASTY))
    assert not unsafe_parts(capsys.readouterr().err.replace("\r", ""))


def test_log_is_safe(tmp_path):
    (tmp_path / "state.json").mkdir()
    LocalState(tmp_path / f"state {HOSTILE}".replace("/", "_").replace("\0", "")).set("x", 1)
    log_exception(ValueError(NASTY))
    log = paths.log_file().read_text(encoding="utf-8")
    assert "31337" in log
    assert not unsafe_parts(log)


def write_store(library: Path) -> None:
    """Write a catalog and a notebook by hand, with unsafe text in every field, known and unknown."""
    library.mkdir(parents=True)
    unknown = {f"unknown {NASTY}": {NASTY: [NASTY]}, "later": NASTY}
    stored = items()[:2]
    lines = [to_json_line({**paper_to_json(item.paper), **unknown}).encode() for item in stored]
    header = encode_header("01234567-89ab-cdef-0123-456789abcdef", 1)
    (library / "papers.jsonl").write_bytes(header + encode_chunk(lines, len(header), 2)[0])
    marks = {item.paper.id: {**mark_to_json(item.mark), **unknown} for item in stored}
    notebook = {"version": 1, NASTY: NASTY, "papers": marks}
    (library / "notebook.json").write_text(json.dumps(notebook), encoding="utf-8")


KNOWN_ID = "2501.00001"
REQUESTS: Mapping[str, Sequence[Sequence[str]]] = {
    "fetch": [["--date", NASTY], ["--week", NASTY], [NASTY]],
    "add": [[NASTY]],
    "find": [["is:bookmarked"], ["--source", NASTY, "x"]],
    "enrich": [[], [NASTY]],
    "import": [[NASTY], ["--undo"], ["--undo", "--json"]],
    "search": [[], ["is:bookmarked"], ["--json"], [NASTY], ["tag:plain sort:votes"]],
    "show": [[KNOWN_ID], ["--json", KNOWN_ID], [NASTY]],
    "text": [[KNOWN_ID], ["--markdown", KNOWN_ID], ["--json", KNOWN_ID], [NASTY]],
    "open": [[NASTY]],
    "pdf": [[NASTY], [NASTY, "--open"]],
    "mark": [[KNOWN_ID, "--tag", NASTY], [KNOWN_ID, "--note", NASTY], [NASTY]],
    "tags": [[], ["--json"], ["--rename", NASTY, "x"], ["--delete", NASTY]],
    "inbox": [[], ["--json"], ["--dismiss"], ["--undo"]],
    "subscribe": [[NASTY, "is:bookmarked"], ["all", "tag:plain"], [NASTY, NASTY]],
    "subscriptions": [[], ["--json"]],
    "digest": [["--everything", "--since", "1000-01-01", "--format", name] for name in RENDERERS]
    + [["--mail-to", NASTY], ["--output", f"/nowhere/{NASTY}"]],
    "trends": [[], ["--json"]],
    "foryou": [[], ["--json"], [NASTY]],
    "zotero": [[], [NASTY]],
    "watch": [[], ["--json"], [NASTY]],
    "serve": [[], [NASTY]],
    "export": [["--format", row.name] for row in EXPORT_FORMATS] + [["--format", NASTY], ["--output", NASTY]],
    "reindex": [[]],
    "paths": [[]],
    "config": [[], ["--json"]],
    "help": [[], ["inbox"], [NASTY]],
    "completion": [["bash"], ["zsh"], ["fish"], [NASTY]],
    "unsubscribe": [[NASTY]],
    "check": [[], ["--repair"]],
    "remove": [[KNOWN_ID], ["--undo"], ["--source", NASTY], [NASTY]],
    "restore": [[], ["1"], [NASTY]],
}
"""Arguments of every command; where the library has to be asked first, in this order."""


@pytest.mark.parametrize("terminal", [endurance(False), True])
def test_every_command_is_safe(monkeypatch, capsys, terminal):
    assert {*REQUESTS} == {*COMMAND_MODULES}, "a command without requests"
    write_store(Library.open().folder)
    store_full_text(Library.open(), KNOWN_ID, NASTY.replace("\ud800", ""))  # no page contains lone surrogates
    run(["reindex"])
    if terminal:
        monkeypatch.setattr(output, "is_terminal", lambda _: True)
        monkeypatch.setenv("NO_COLOR", "1")
    printed = capsys.readouterr()
    for command, requests in REQUESTS.items():
        if terminal and command in ("export", "digest", "completion", "help", "text"):
            continue  # their output is the same, or goes through a pager
        for arguments in requests:
            run([command, *(word.translate({0: None, 0xD800: "\udc9b"}) for word in arguments)])
            printed = capsys.readouterr()
            text = printed.out + printed.err
            assert not unsafe_parts(text.replace("\r", "")), (command, arguments)
            assert "unexpected error" not in text, (command, arguments, text)
            assert text or command in ("mark", "remove"), (command, arguments)
            if (command, arguments) == ("search", []):
                assert text.count("31337") >= 2


def test_completions_are_safe():
    write_store(Library.open().folder)
    library = Library.open()
    library.maintenance.reindex()
    for text in ("tag:", "author:", "source:", "t", "ev", "aut", "title", "is:"):
        for found in library.complete(text, len(text)):
            assert not unsafe_parts(f"{found.text} {found.description}"), text
            assert "\n" not in found.text
    (tag,) = library.complete("tag:hid", len("tag:hid"))
    assert tag.text == '"hidden tag"'
    assert len(library.search(f"tag:{tag.text} ").rows) == len(library.table), "it still finds the tag"


def test_clean_output_keeps_layout_and_what_sanitize_returns():
    for text in ("a\tb\n  c\u3000d\xa0e", "naïve 學習 한국어 می‌خواهم क्‍ष ★ 👍🏽 ﬁ", json.dumps(NASTY)):
        assert clean_output(text) == text
    assert clean_output(sanitize(NASTY)) == sanitize(NASTY)
    assert clean_output(clean_output(NASTY)) == clean_output(NASTY)
    assert clean_output("a\r\nb\rc\u2028d\x85e") == "a\nb\nc\nd…e"

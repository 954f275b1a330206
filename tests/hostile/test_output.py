"""Everything that leaves the program passes the sanitizer: every export format, digest, command, prompt and log."""

from __future__ import annotations

import datetime as dt
import json
import sys
import types

import pytest

from paperreader import paths
from paperreader.cli import output
from paperreader.cli.crash_log import log_exception
from paperreader.cli.progress import ProgressBar
from paperreader.digest.digest import Digest, Group
from paperreader.digest.entry import DigestEntry
from paperreader.digest.mail.message import build_message, parse_mail_address
from paperreader.digest.render import RENDERERS
from paperreader.exporters import formats
from paperreader.exporters.formats import EXPORT_FORMATS, ExportFormat, ExportItem, render
from paperreader.library import Library, Progress
from paperreader.library.exporting import cite_bibtex, cite_markdown
from paperreader.local_state import LocalState
from paperreader.text.sanitize import clean_output, sanitize
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


def test_every_printing_function_is_safe(capsys):
    output.print_line(NASTY, (NASTY, "bold"))
    output.print_raw(NASTY)
    output.print_error(NASTY)
    output.print_json({NASTY: [NASTY]})
    printed = capsys.readouterr()
    assert not unsafe_parts(printed.out + printed.err)
    assert (printed.out + printed.err).count("31337") >= 4


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


def test_clean_output_keeps_layout_and_what_sanitize_returns():
    for text in ("a\tb\n  c\u3000d\xa0e", "naïve 學習 한국어 می‌خواهم क्‍ष ★ 👍🏽 ﬁ", json.dumps(NASTY)):
        assert clean_output(text) == text
    assert clean_output(sanitize(NASTY)) == sanitize(NASTY)
    assert clean_output(clean_output(NASTY)) == clean_output(NASTY)
    assert clean_output("a\r\nb\rc\u2028d\x85e") == "a\nb\nc\nd…e"

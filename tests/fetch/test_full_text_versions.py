"""The versions of a full text: exactly one is printed if the id names it, and a newer one is pointed out."""

from __future__ import annotations

import json

import pytest

from paperreader import fulltext
from paperreader.library import Library
from tests.fetch.full_text_pages import full_text_page, not_found, page_reply
from tests.fetch.server import Reply
from tests.fulltext.conversion import convert_in_this_process
from tests.fulltext.pdf_file import pdf_of

ID = "2611.00001"
PDF_LINES = [(72.0, 700.0 - 14 * line, 11.0, "We count the bends of rivers.") for line in range(30)]


@pytest.fixture(autouse=True)
def no_pdfs_and_no_child_processes(monkeypatch):
    monkeypatch.setattr(fulltext.conversion, "find_spec", lambda name: None)
    convert_in_this_process(monkeypatch)


@pytest.fixture
def library(paperreader, tmp_path):
    """A library of one paper, whose metadata name version 3."""
    row = {
        "id": ID,
        "title": "River Bends",
        "abstract": "We count.",
        "authors": "Cy River",
        "versions": [{"version": f"v{number}", "created": "Sun, 1 Nov 2026 10:00:00 GMT"} for number in (1, 2, 3)],
        "update_date": "2026-11-03",
    }  # fmt: skip
    (tmp_path / "rows.json").write_text(json.dumps(row))
    assert paperreader("import", tmp_path / "rows.json").code == 0
    return paperreader


def page(version: int, words: str) -> Reply:
    return page_reply(full_text_page(version=version, words=words))


def test_an_id_with_a_version_prints_exactly_that_one(library, service):
    service.respond(f"/html/{ID}", page(3, "Newest."))
    assert "Newest." in library("text", ID).out
    service.respond(f"/html/{ID}v1", page(1, "Oldest."))
    for id in (f"{ID}v1", f"arXiv:{ID}v1", f"https://arxiv.org/abs/{ID}v1"):
        result = library("text", id)
        assert (result.code, result.err) == (0, "") and "Oldest." in result.out
    assert service.paths == [f"/html/{ID}", f"/html/{ID}v1"]
    assert "Newest." in library("text", f"{ID}v3").out
    both = library("text", f"{ID}v3", f"{ID}v1", ID).out
    assert both.count("Newest.") == 2 and both.index("Newest.") < both.index("Oldest.")
    assert len(service.paths) == 2
    assert [text.version for text in Library.open().full_texts.stored(ID)] == [3, 1]


def test_a_version_that_is_missing_is_remembered_by_itself(library, service):
    service.respond(f"/html/{ID}v9", not_found())
    for _ in range(2):
        result = library("text", f"{ID}v9")
        assert result.code == 1 and "arXiv has no HTML for version 9 of this paper." in result.err
    assert service.paths == [f"/html/{ID}v9"], "Hugging Face does not have versions"
    service.respond(f"/html/{ID}", page(3, "Newest."))
    assert library("text", ID).code == 0
    service.respond(f"/html/{ID}v9", page(9, "At last."))
    assert "At last." in library("text", "--refresh", f"{ID}v9").out


def test_another_version_than_the_wanted_one_is_not_printed(library, service):
    service.respond(f"/html/{ID}v2", page(3, "Newest."))
    result = library("text", f"{ID}v2")
    assert (result.code, result.out) == (1, "") and "no text of version 2" in result.err


def test_the_pdf_of_the_version_is_the_next_source(library, service, monkeypatch):
    pytest.importorskip("pypdfium2")
    monkeypatch.setattr(fulltext.conversion, "find_spec", lambda name: True)
    service.respond("/html/", not_found())
    service.respond(f"/pdf/{ID}v2", Reply(pdf_of(PDF_LINES), content_type="application/pdf"))
    assert "bends of rivers" in library("text", f"{ID}v2").out
    assert service.paths == [f"/html/{ID}v2", f"/pdf/{ID}v2"]
    assert [text.version for text in Library.open().full_texts.stored(ID)] == [2]


def test_a_newer_version_is_pointed_out_without_a_request(library, service):
    service.respond(f"/html/{ID}", page(1, "Oldest."), page(1, "Oldest."), page(3, "Newest."))
    for options, message in (
        ([], "Version 3 is available. --refresh fetches it."),
        ([], "Version 3 is available. --refresh fetches it."),
        (["--refresh"], "arXiv has no text of version 3 yet; this is version 1."),
        (["--refresh"], "Version 3 is new; the earlier one is kept."),
        ([], ""),
    ):
        result = library("text", *options, ID)
        assert result.code == 0
        assert result.err == (f"paperreader: {ID}: {message}\n" if message else "")
    assert len(service.paths) == 3
    assert library("text", f"{ID}v1").err == ""

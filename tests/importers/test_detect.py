"""Detection of formats by content, and limits that apply to every format."""

from __future__ import annotations

import json
from importlib import import_module

import pytest

from paperreader.import_formats import IMPORT_FORMATS, SOURCE_RANKS
from paperreader.importers import dispatch
from paperreader.importers.json import paperreader_lines
from paperreader.object_formats import OBJECT_FORMATS
from paperreader.page_formats import PAGE_FORMATS
from tests.importers.import_helpers import import_text
from tests.pages import THREE_PAPERS

ATOM = b'<a:feed xmlns:a="http://www.w3.org/2005/Atom"/>'


@pytest.mark.parametrize(
    ("head", "form"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \r\n\t", "empty"),
        (THREE_PAPERS.encode(), "capture"),
        (THREE_PAPERS.encode("utf-16"), "capture"),
        (b"[CLS] Attention Is All You Need\n\nWe look at it.", "capture"),
        (b"[1] Numbered Paper\n\nText", "capture"),
        (b"<think> So Let's Begin\n\nText", "capture"),
        (b"{Braces} in a Title\n\nText", "capture"),
        (b"@home: A Study of Rooms\n\nText", "capture"),
        (b"[]", "json"),
        (b'[{"paper": 1}]', "json"),
        (b"[\n  \"{'paper': 1}\"]", "json"),
        (b'{"paperreader":1}\n{"paperreader":1}', "json-lines"),
        (b'{"id": "x", "abstract": "' + b"y" * 70000, "json-lines"),
        (b'{"status": "ok", "date": "2025-01-10", "count": 9, "data": ["' + b"y" * 70000, "json"),
        (b'{"data": []}', "json"),
        (b'{\n  "id": "2405.01234",\n  "title": "x"\n}', "json"),
        (b'{"title": "cut', "json-lines"),
        (b"<!DOCTYPE html><html>", "html"),
        (b"<html lang=en>", "html"),
        (b'<?xml version="1.0"?><!DOCTYPE html PUBLIC "x">', "html"),
        (b"<!-- saved from url=(0029)https://huggingface.co/papers -->\n<html>", "html"),
        (ATOM, "arxiv"),
        (b'<?xml version="1.0"?>\n' + ATOM, "arxiv"),
        (b'<rss version="2.0">', "arxiv"),
        (b"@article{a,", "bibtex"),
        (b"% a comment\n\n  @InProceedings( a,", "bibtex"),
        (b"Some words before.\n\n@string{a = {b}}", "bibtex"),
        (b"TY  - JOUR", "ris"),
        (b"\xef\xbb\xbfTY  - JOUR", "ris"),
        (b"PMID- 31970001\nOWN - NLM", "nbib"),
        (b"FN Clarivate Analytics Web of Science\nVR 1.0\nPT J\n", "wos"),
        (b"\xef\xbb\xbfPT\tAU\tBA\tBE\tGP\tAF\n", "wos"),
        ("PT\tAU\tBA\tBE\tTI\n".encode("utf-16"), "wos"),
        (b"%0 Journal Article\n%T x", "enw"),
        (b"%A Ada Lee\n%D 2020\n%T x", "enw"),
        (b"% a comment of TeX\n@misc{a, title = {x}}", "bibtex"),
        (b"<xml><records><record>", "endnote-xml"),
        (b'<?xml version="1.0" encoding="UTF-8" ?><xml><records><record><database', "endnote-xml"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"\xfd7zXZ\x00", "xz"),
        (b"PK\x03\x04", "zip"),
        (b"%PDF-1.7", "unsupported"),
        (b"\x89PNG\r\n\x1a\n", "unsupported"),
        (b"<svg>", "unsupported"),
        (b'<svg class="rich-terminal" viewBox="0 0 9 9">\n', "unsupported"),
        (b'<?xml version="1.0"?><svg>', "unsupported"),
    ],
)
def test_format_is_detected_by_content(head, form):
    found = dispatch.detect(head)
    detected = found.packing or (found.format and found.format.name)
    assert (detected or ("unsupported" if found.unsupported else "empty")) == form


def test_every_format_has_an_importer_that_writes_its_source_kind():
    for row in IMPORT_FORMATS:
        importer = import_module(f"paperreader.importers.{row.reader_module}")
        assert callable(importer.read_entries)
        assert not row.label or row.name == importer.SOURCE_KIND
    for page in PAGE_FORMATS:
        reader = import_module(f"paperreader.importers.{page.reader_module}")
        assert callable(reader.read_page)
        assert not page.label or page.name == reader.SOURCE_KIND
    for row in OBJECT_FORMATS:
        converter = import_module(f"paperreader.importers.{row.reader_module}")
        assert callable(converter.to_entry)
        assert row.name == converter.SOURCE_KIND
    names = [row.name for row in (*IMPORT_FORMATS, *OBJECT_FORMATS, *PAGE_FORMATS)]
    assert len(set(names)) == len(names) == len(SOURCE_RANKS)


def test_white_space_alone_is_reported():
    for blank in (b" ", b"\n" * 1_000_000):
        records, (problem,) = import_text(blank)
        assert records == []
        assert "white space" in problem.message


def test_page_may_begin_with_any_amount_of_white_space():
    records, problems = import_text(b"\n" * 200_000 + THREE_PAPERS.encode())
    assert (len(records), problems) == (3, [])


@pytest.mark.parametrize("deep", ["[" * 200_000, '{"a":' * 100_000, '[{"paper": ' + "[" * 100_000])
def test_deep_nesting_is_reported(deep):
    records, problems = import_text(deep)
    assert records == []
    assert problems


def test_document_with_too_many_values_is_not_parsed():
    records, (problem,) = import_text("[" + "{}," * 3_000_000 + "{}]")
    assert records == []
    assert "more values than any papers need" in problem.message


def test_file_with_nothing_but_problems_is_abandoned():
    records, problems = import_text("[" + "0," * 50_000 + "0]")
    assert records == []
    assert len(problems) == dispatch.MAX_PROBLEMS + 1
    assert "what follows was not read" in problems[-1].message


def test_problems_between_papers_are_counted_and_lose_no_paper():
    paper = json.dumps({"title": "A Paper about Lamps", "votes": 3})
    records, problems = import_text(f"{paper}\n0\n" * 1500)
    assert len(records) == 1500
    assert len(problems) == dispatch.MAX_PROBLEMS + 1
    assert problems[-1].message == "has 500 more problems like these"


def test_exported_paper_is_read_in_any_layout():
    line = json.dumps(
        {"paperreader": paperreader_lines.MAX_VERSION, "title": "A Paper about Lamps", "votes": 3}
    )
    for text in (line, f"{line}\n{line}", f"[{line},{line}]", json.dumps(json.loads(line), indent=2)):
        records, problems = import_text(text)
        assert problems == []
        assert {(record.source.kind, record.votes) for record in records} == {("jsonl", 3)}


def test_json_schema_is_not_a_paper():
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Settings",
        "type": "object",
    }
    for text in (json.dumps(schema), json.dumps(schema, indent=2)):
        records, (problem,) = import_text(text)
        assert records == []
        assert problem.message == "is a JSON schema, which contains no papers"

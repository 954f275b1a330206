"""Export of JSON Lines."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperreader.errors import UsageError
from paperreader.exporters.formats import FORMATS, ExportItem, render
from paperreader.json_codec import record_from_json
from paperreader.mark_codec import mark_from_json
from paperreader.models import EMPTY_MARK, Mark, Paper, Source, SourceRecord

SOURCE = Source("capture", "page.txt", "2025-01-02", "0123456789abcdef:0")


def exported(title="T", abstract="A", mark=EMPTY_MARK):
    record = SourceRecord(title=title, abstract=abstract, source=SOURCE)
    return ExportItem(Paper(id="t-1", title=title, abstract=abstract, sources=(SOURCE,)), mark, (record,))


@given(st.text(), st.text(), st.text())
def test_any_text_is_one_ascii_line_that_round_trips(title, abstract, note):
    mark = Mark(title=title, note=(note, 7), extra={"later": [1]})
    (line,) = render("jsonl", [exported(title, abstract, mark)])
    assert line.isascii()
    assert line.isprintable()
    data = json.loads(line)
    assert data["paperreader"] == 1
    assert (data["title"], data["abstract"]) == (title, abstract)
    (record,) = map(record_from_json, data["records"])
    assert (record.title, record.abstract, record.source) == (title, abstract, SOURCE)
    assert mark_from_json(data["mark"]) == mark


def test_paper_without_marks_has_no_mark():
    (line,) = render("jsonl", [exported()])
    assert json.loads(line)["mark"] is None


def test_papers_are_written_as_they_come():
    def endless():
        while True:
            yield exported()

    assert next(render("jsonl", endless()))


def test_unknown_format_is_reported_with_the_known_ones():
    with pytest.raises(UsageError, match=", ".join(FORMATS)):
        render("papyrus", [])

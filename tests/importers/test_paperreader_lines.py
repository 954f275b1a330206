"""Import of exported JSON Lines: without loss, and with a report of every damaged line."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperreader.importers import Input, read_entries
from paperreader.json_codec import paper_to_public_json, record_to_json, to_json_line
from paperreader.mark_codec import mark_to_json
from paperreader.models import ImportedEntry, Link, Mark, Paper, Problem, Source, SourceRecord
from tests.importers.import_helpers import import_text
from tests.importers.page_rendering import TODAY

texts = st.text(max_size=40)
words = st.text(min_size=1, max_size=12)
moments = st.integers(1, 2**45)
records = st.builds(
    SourceRecord,
    title=words,
    source=st.builds(
        Source, kind=st.sampled_from(["capture", "arxiv"]), name=texts, date=st.none(), key=words
    ),
    abstract=texts,
    arxiv=st.sampled_from(["", "2403.01234"]),
    authors=st.lists(words, max_size=3).map(tuple),
    links=st.just((Link("https://github.com/a/b", "code", "github.com"),)),
    published=st.sampled_from([None, "2024-03-01", "2024-03", "2024"]),
    votes=st.none() | st.integers(0, 10**6),
    keywords=st.lists(words, max_size=3).map(tuple),
)
marks = st.builds(
    Mark,
    title=texts,
    bookmark=st.tuples(st.booleans(), moments),
    note=st.tuples(texts, moments),
    tags=st.dictionaries(words, st.tuples(st.booleans(), moments), max_size=3),
    extra=st.dictionaries(st.just("colour"), texts, max_size=1),
)


def parse(
    data: str | bytes, name: str = "library.jsonl", date: str | None = None
) -> list[ImportedEntry | Problem]:
    raw = data if isinstance(data, bytes) else data.encode()
    return list(read_entries(Input(name, raw), date=date, today=TODAY))


def line(items: list[SourceRecord], mark: Mark | None) -> str:
    paper = Paper(id="x", title=items[0].title)
    public = paper_to_public_json(paper, mark or Mark(), collapse=False)
    return to_json_line(
        {
            "paperreader": 1,
            **public,
            "records": [record_to_json(record) for record in items],
            "mark": None if mark is None else mark_to_json(mark),
        },
        ascii_only=True,
    )


@given(
    st.lists(st.tuples(st.lists(records, min_size=1, max_size=3), st.none() | marks), min_size=1, max_size=4)
)
def test_export_round_trip(papers: list[tuple[list[SourceRecord], Mark | None]]) -> None:
    data = "".join(line(items, mark) + "\n" for items, mark in papers)
    assert parse(data) == [
        ImportedEntry(tuple(items), mark, line=at, is_exported=True)
        for at, (items, mark) in enumerate(papers, 1)
    ]


def test_hand_written_line() -> None:
    data = {
        "id": "2403.01234v2",
        "title": "A Title",
        "abstract": "See https://github.com/a/b.",
        "authors": ["Ada"],
        "votes": 3,
        "listed": "2024-03-05",
        "published": "2024-03-01",
        "keywords": None,
        "summary": None,
        "sources": [{"kind": "arxiv", "name": "x", "date": None}],
        "unknown": {"x": 1},
    }
    entry, unused = parse(json.dumps(data))
    assert isinstance(unused, Problem)
    assert "unknown" in unused.message
    assert isinstance(entry, ImportedEntry)
    (record,) = entry.records
    assert (record.arxiv, record.title, record.authors, record.votes) == (
        "2403.01234",
        "A Title",
        ("Ada",),
        3,
    )
    assert (record.source.kind, record.source.date, record.published) == ("jsonl", "2024-03-05", "2024-03-01")
    assert [link.url for link in record.links] == ["https://github.com/a/b"]
    assert entry.mark is None
    dated, _ = parse(json.dumps(data), date="2020-01-01")
    assert isinstance(dated, ImportedEntry)
    assert dated.records[0].source.date == "2020-01-01"


def test_given_links_are_classified_again() -> None:
    data = {
        "title": "T",
        "links": [{"url": "http://github.com/A/B/"}, {"url": "javascript:alert(1)"}, "https://a.org"],
    }
    (entry,) = parse(json.dumps(data))
    assert isinstance(entry, ImportedEntry)
    assert [(link.url, link.kind) for link in entry.records[0].links] == [
        ("https://github.com/A/B", "code"),
        ("https://a.org", "other"),
    ]


GOOD = '{"title": "Good", "votes": 1}'


@pytest.mark.parametrize(
    ("bad", "words_in_message"),
    [
        ('{"title": "cut off', "not valid JSON"),
        ('"just text"', "not an object"),
        ("not json at all", "not valid JSON"),
        ('{"abstract": "no title"}', "title is missing"),
        ('{"title": " "}', "title is missing"),
        ('{"title": 5}', "title is missing"),
        ('{"title": "x", "records": []}', "records is not a list"),
        ('{"title": "x", "records": [{"title": "x"}]}', "a source is malformed"),
        ('{"title": "x", "mark": {"read": "yes"}}', "a field with a timestamp"),
        ('{"paperreader": 2, "title": "x"}', "newer paperreader"),
        ('{"title": "x", "abstract": ' + "[" * 100_000 + "}", "cannot be used"),
    ],
)
def test_only_a_damaged_line_is_lost(bad: str, words_in_message: str) -> None:
    found = parse(f"{GOOD}\n\n{bad}\n{GOOD}\n")
    assert [type(item) for item in found] == [ImportedEntry, Problem, ImportedEntry]
    problem = found[1]
    assert isinstance(problem, Problem)
    assert (problem.file, problem.line) == ("library.jsonl", 3)
    assert words_in_message in problem.message


def test_invalid_utf_8_is_reported_and_no_line_is_lost() -> None:
    found = parse(GOOD.encode() + b'\n{"title": "\xff", "votes": 1}\n' + GOOD.encode())
    assert [type(item) for item in found] == [ImportedEntry, Problem, ImportedEntry, ImportedEntry]


def test_line_that_is_too_long_is_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("paperreader.importers.json.json_lines.MAX_LINE_BYTES", 1000)
    found = parse(f"{GOOD}\n" + '{"title": "' + "x" * 5000 + f'"}}\n{GOOD}\n')
    assert [type(item) for item in found] == [ImportedEntry, Problem, ImportedEntry]


def test_byte_order_mark_and_windows_line_ends() -> None:
    found = parse(b"\xef\xbb\xbf" + f"{GOOD}\r\n{GOOD}".encode())
    assert [type(item) for item in found] == [ImportedEntry, ImportedEntry]
    keys = [item.records[0].source.key for item in found if isinstance(item, ImportedEntry)]
    assert [key.rpartition(":")[2] for key in keys] == ["0", "1"]


def test_lines_of_control_characters_are_damaged_lines() -> None:
    control = "\x01" * 60
    found = parse(f"{GOOD}\n{control}\n{GOOD}\n")
    assert [type(item) for item in found] == [ImportedEntry, Problem, ImportedEntry]


@given(st.lists(st.text(max_size=60), max_size=8))
def test_any_lines_are_accepted(lines: list[str]) -> None:
    data = "\n".join([GOOD, *(line.translate({ord(end): " " for end in "\0\n\r"}) for line in lines)])
    found = parse(data.encode("utf-8", "surrogatepass"))
    assert isinstance(found[0], ImportedEntry)
    assert len(found) <= len(lines) + 1


def test_the_file_of_a_library_is_refused_with_advice():
    records, (problem,) = import_text(
        '{"paperreader":1,"library":"0a","generation":1}\n{"id":"a","title":"A Lamp","sources":[]}\n{"commit":1}\n'
    )
    assert records == []
    assert "export" in problem.message

"""Random input for every parser and for queries: a result or a reported problem, never a crash or control character."""

from __future__ import annotations

import datetime
import json
import unicodedata
import zlib
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from paperreader import importers, sync_copies
from paperreader.catalog import Catalog
from paperreader.catalog.journal import undo_records
from paperreader.errors import PaperreaderError
from paperreader.importers.input.files import Input
from paperreader.json_codec import paper_from_json, record_from_json
from paperreader.library import Library
from paperreader.local_state import LocalState
from paperreader.mark_codec import mark_from_json
from paperreader.models import ImportedEntry, Problem
from paperreader.notebook import notebook_merge
from paperreader.notebook.format import NotebookDamaged, parse_notebook
from paperreader.notebook.recovery import recover_marks
from paperreader.text import dates, ids
from paperreader.text.cell_width import cell_width, truncate_cells, wrap_cells
from paperreader.text.sanitize import sanitize, single_line
from paperreader.text.tex_display import tex_to_unicode
from tests.hostile.hostile_input import COMBINING_FLOOD, hostile
from tests.pages import HOSTILE, THREE_PAPERS

TODAY = datetime.date(2025, 10, 3)
FRAGMENTS = st.sampled_from(
    [
        *(
            "new\n",
            "\n\n",
            "Subscribe",
            "Mar 14\n\n",
            "Get trending papers in your email inbox once a day!",
            "by AK\n",
        ),
        *(
            "\\frac{",
            "$",
            "}",
            '\\"',
            "https://github.com/",
            "http://",
            "\x1b[2J",
            "\x9b1m",
            "\u202e",
            "\u200d",
            "\ud800",
        ),
        *(
            "[CLS]",
            "[/]",
            "{0}",
            "%s",
            '"',
            "-",
            "*",
            "tag:",
            "(",
            ")",
            "AND",
            "OR",
            "NOT",
            "'",
            ":",
            "^",
            "~",
            "\x00",
        ),
        *(
            "A Title of Some Words",
            "An abstract. It has sentences, and https://a.b/c is among them.",
            "\r",
            "\f",
            "字",
            "é",
        ),
        HOSTILE,
        COMBINING_FLOOD[:200],
    ]
)
TEXTS = st.lists(FRAGMENTS | st.text(max_size=5), max_size=12).map("".join)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "title",
                    "note",
                    "tags",
                    "bookmark",
                    "links",
                    "url",
                    "kind",
                    "source",
                    "records",
                    "mark",
                    "x",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=10,
)
FIELDS = (
    "title",
    "abstract",
    "arxiv",
    "doi",
    "authors",
    "links",
    "votes",
    "records",
    "mark",
    "source",
    "sources",
    "id",
)
LINES = st.dictionaries(st.sampled_from([*FIELDS, "paperreader", "listed", "keywords"]), VALUES, max_size=6)


def read(data: bytes) -> list[ImportedEntry | Problem]:
    found = list(importers.read_entries(Input(single_line(hostile("x")), data), date=None, today=TODAY))
    for item in found:
        assert isinstance(item, ImportedEntry | Problem)
        if isinstance(item, ImportedEntry):
            assert all(record.title for record in item.records) or item.records
        else:
            assert item.message
    return found


@given(st.binary(max_size=300) | TEXTS.map(lambda text: text.encode("utf-8", "surrogatepass")))
@example(b"{" + b'"a":[' * 3000 + b"]" * 3000)
def test_file_of_any_bytes_is_read_or_reported(data):
    assert read(data)


@given(
    TEXTS,
    st.integers(0, len(THREE_PAPERS)),
    st.sampled_from(["utf-8", "utf-16", "latin-1", "cp1252", "utf-32"]),
)
def test_page_with_random_fragments_is_read(fragments, offset, encoding):
    page = THREE_PAPERS[:offset] + fragments + THREE_PAPERS[offset:]
    assert read(page.encode(encoding, "replace"))


@given(st.lists(LINES, max_size=3))
def test_json_lines_of_any_shape_are_read_or_reported(lines):
    read("".join(json.dumps(line) + "\n" for line in lines).encode() + b'{"title": "x"}')


@given(VALUES)
def test_stored_objects_of_any_shape_are_parsed_or_raise_value_error(value):
    for load in (mark_from_json, record_from_json, paper_from_json):
        with suppress(ValueError):
            load(value if load is mark_from_json or isinstance(value, dict) else {"title": value})


@given(VALUES, st.binary(max_size=60), st.integers(0, 80))
def test_notebook_of_any_shape_is_parsed_or_damaged(value, fragment, offset):
    whole = json.dumps({"version": 1, "papers": value}).encode()
    for data in (whole, whole[:offset] + fragment + whole[offset:], fragment):
        with suppress(NotebookDamaged):
            parse_notebook(data)
        recover_marks(data)


GIT = st.sampled_from(
    ["<<<<<<< HEAD\n", "=======\n", ">>>>>>> other\n", "||||||| base\n", "a\n", '"x": 1,\n', "\r\n"]
)


@given(st.lists(GIT | TEXTS, max_size=12).map("".join))
def test_merge_conflict_in_any_text_is_split_or_not(text):
    data = text.encode("utf-8", "surrogatepass")
    both = sync_copies.split_merge_conflict(data)
    if both is not None:
        assert all(len(side) < len(data) for side in both)
    notebook_merge.resolve_merge_markers(data)


@given(
    st.dictionaries(st.sampled_from(["imported", "sources", "was", "x"]), VALUES, max_size=4),
    st.binary(max_size=40),
)
@example({"sources": [], "was": [None]}, b"")
def test_import_line_of_any_shape_is_parsed_or_damaged(value, fragment):
    for line in (json.dumps(value).encode(), json.dumps(value).encode() + fragment, fragment):
        with suppress(ValueError):
            undo_records.import_operation_id(line)
        with suppress(ValueError):
            undo_records.parse_import_chunk(line)
        list(
            undo_records.source_keys(
                b'{"id":"x","key":' + json.dumps(fragment.decode("latin-1")).encode() + b"}"
            )
        )


@given(st.lists(LINES, max_size=4), st.binary(max_size=60), st.integers(0, 400))
def test_catalog_of_any_bytes_opens_or_raises(tmp_path_factory, values, fragment, offset):
    folder = tmp_path_factory.mktemp("catalog")
    catalog = Catalog(folder / "library", lambda uuid: folder / "cache")
    (folder / "library").mkdir()
    body = "".join(json.dumps(value) + "\n" for value in values).encode()
    whole = b'{"paperreader":1,"library":"01234567-89ab-cdef-0123-456789abcdef","generation":1}\n' + body
    whole += b'{"commit":%d,"crc":%d}\n' % (len(values), zlib.crc32(body))
    for name in ("papers.jsonl", "papers (1).jsonl"):
        (folder / "library" / name).write_bytes(whole[:offset] + fragment + whole[offset:])
    with suppress(PaperreaderError):
        table = catalog.open()
        for row in table.newest:
            assert table.paper(row).id
    with suppress(PaperreaderError):
        catalog.merge_conflict_copies()
    with suppress(PaperreaderError):
        catalog.undo_import()


@given(TEXTS)
def test_displayed_text_is_printable(text):
    for shown in (sanitize(text), tex_to_unicode(text), single_line(text)):
        bad = {char for char in shown if char != "\n" and unicodedata.category(char) in {"Cc", "Cs"}}
        assert not bad
        assert not {
            char for char in shown if unicodedata.bidirectional(char) in {"RLO", "LRO", "RLE", "LRE", "RLI"}
        }
        assert cell_width(truncate_cells(single_line(shown), 20)) <= 20
        assert all(cell_width(line) <= 20 for line in wrap_cells(single_line(shown), 20))
    assert single_line(single_line(text)) == single_line(text)


@given(TEXTS)
def test_ids_and_dates_in_any_text(text):
    assert ids.parse_arxiv_id(text).isprintable()
    assert ids.parse_doi(text) == "" or ids.parse_doi(text).startswith("10.")
    assert ids.slug_id(text, text).isascii()
    assert dates.iso_date_in_name(text) is None or dates.parse_iso(dates.iso_date_in_name(text))
    dates.month_day(text)


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        home = tmp_path_factory.mktemp("library")
        for name in ("DATA", "CACHE", "STATE", "CONFIG"):
            patch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
        page = home / "page.txt"
        page.write_text(THREE_PAPERS, encoding="utf-8")
        library = Library.open()
        library.imports.import_paths([str(page)])
        library.search("lamps")
        yield library


@given(query=TEXTS)
def test_any_query_returns_results(library, query):
    hits = library.search(query)
    assert len(hits.rows) <= 3
    with suppress(PaperreaderError):
        library.resolve(query)


def test_query_of_hundred_thousand_words_returns_results(library):
    assert library.search("lamps " + " ".join(f"word{number}" for number in range(100_000))).rows is not None
    assert library.search('"' * 100_000).rows is not None
    assert library.search("-" * 100_000 + "lamps").rows is not None


@given(st.dictionaries(st.sampled_from(["history", "drafts", "theme", "visited", "position"]), VALUES))
def test_local_state_of_any_shape_opens(tmp_path_factory, values):
    folder = tmp_path_factory.mktemp("state")
    (folder / "state.json").write_text(json.dumps(values))
    state = LocalState(folder)
    assert all(isinstance(past, str) for past in state.query_history)
    assert isinstance(state.draft("x"), str)

"""Metadata files, thanks to which no query reads all papers."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from paperreader.errors import StorageError
from paperreader.models import Link, Paper, Source
from paperreader.search import IndexStore, SearchEngine
from paperreader.search.analysis.tokenizer import split_words
from paperreader.search.metadata import tables
from paperreader.search.metadata.file_format import BASE_FILE, DELTA_FILE, FORMAT_VERSION, TableFile
from paperreader.search.update import metadata_updater
from paperreader.text.tex_display import tex_to_unicode
from tests.search.conftest import MemoryTable


def paper(number: int, title: str, *authors: str) -> Paper:
    return Paper(
        f"2403.0000{number}",
        title,
        "",
        authors=authors,
        keywords=("Small Lamps", f"doors {number}"),
        categories=("cs.CL",) if number % 2 else ("hep-th", "cs.LG"),
        journal="Journal of Lamps" if number % 3 else "",
        booktitle="Proceedings of LAMPS 2024",
        added=f"2025-03-0{number + 1}",
        links=(Link(f"https://github.com/lamps/{number}", "code", "github.com"),),
        sources=(Source("arxiv", f"page-{number}.txt", None, ""),),
    )


PAPERS = (
    paper(0, "beta", "Ada Lovelace", "Yann LeCun"),
    paper(1, "Épsilon", "Geoffrey Hinton"),
    paper(2, "alpha", "Yann Hinton", "Ada LeCun"),
    paper(3, "Zeta", "Grace Hopper"),
)
QUERIES = {
    "author:hinton ": {1, 2},
    "author:hint": {1, 2},
    'author:"yann lecun" ': {0},
    'author:"ada le': {2},
    "author:hopprr~ ": {3},
    "author:zzzzzz~ ": set(),
    "author:hintn~ ": {1, 2},
    "author:ada author:lecun ": {0, 2},
    "id:2403": {0, 1, 2, 3},
    "id:2403.00003 ": {3},
    "source:page-1 ": {1},
    "source:arxiv ": {0, 1, 2, 3},
    "source:arXiv ": {0, 1, 2, 3},
    "cat:cs.CL ": {1, 3},
    "cat:CS.cl ": {1, 3},
    "cat:cs ": {0, 1, 2, 3},
    "cat:c ": set(),
    "cat:hep": {0, 2},
    "cat:hep ": set(),
    "keyword:lamps ": {0, 1, 2, 3},
    "keyword:lamp ": set(),
    "keyword:lamp": {0, 1, 2, 3},
    'keyword:"doors 2" ': {2},
    "keyword:oors": set(),
    'venue:"journal of lamps" ': {1, 2},
    "venue:LAMPS ": {0, 1, 2, 3},
    "venue:lamp": {0, 1, 2, 3},
    "added:2025-03-02 ": {1},
    "added:>=2025-03-03 ": {2, 3},
    "-added:2025 ": set(),
}


@pytest.fixture
def table() -> MemoryTable:
    return MemoryTable(PAPERS)


@pytest.fixture
def engine(engine, table) -> SearchEngine:
    engine.store.update(table)
    return engine


def rows(engine, query, table) -> set[int]:
    return set(engine.search(query, table, {}).rows)


def all_rows(engine, table) -> list[set[int]]:
    return [rows(engine, query, table) for query in QUERIES]


def titles(engine, table) -> list[str]:
    return [table.papers[row].title for row in engine.search("sort:title", table, {}).rows]


def test_titles_are_sorted_as_they_are_displayed(tmp_path):
    expected = (
        r"“Attention”, Again",
        r"\textbf{Bold} Ideas",
        r"\'Etude of Doors",
        r"$f$-Divergences",
        "ﬁnite Models",
        r"{G}raph Nets",
        r"$\ell_1$ Norms",
        "zebras",
        r"$\alpha$-Rényi",
    )
    table = MemoryTable([paper(number, title) for number, title in enumerate(reversed(expected))])
    store = IndexStore(tmp_path / "other")
    store.update(table)
    assert titles(SearchEngine(store), table) == list(expected)


@pytest.mark.parametrize("query", QUERIES)
def test_metadata_queries(engine, table, query):
    assert rows(engine, query, table) == QUERIES[query]


def test_queries_read_no_papers(engine, folder, table):
    table.reads.clear()
    reopened = SearchEngine(IndexStore(folder))
    for query in (*QUERIES, "sort:title", "beta sort:title"):
        reopened.search(query, table, {})
    assert reopened.complete("author:hin", 10, table, {})
    assert table.reads == []


@pytest.mark.parametrize("state", ["delta file", "base file", "compacted", "not updated"])
def test_changes_give_same_results_as_rebuild(engine, folder, table, tmp_path, monkeypatch, state):
    if state == "base file":
        monkeypatch.setattr(metadata_updater, "_MIN_CHANGES", 0)
    later = table.with_changes({4: paper(4, "Gamma", "Ada Hinton"), 0: None})
    later = later.with_changes({1: replace(PAPERS[1], title="aleph", authors=("Yann LeCun",))})
    if state != "not updated":
        engine.store.update(later)
    if state == "compacted":
        monkeypatch.setattr(metadata_updater, "_MIN_CHANGES", 0)
        engine.store.optimize()
    if state in ("base file", "compacted"):
        assert TableFile(folder.parent / BASE_FILE).catalog_version == later.version
    content = SearchEngine(IndexStore(tmp_path / "other" / "index"))
    content.store.update(later)
    for one in (engine, SearchEngine(IndexStore(folder))):
        assert titles(one, later) == titles(content, later) == ["aleph", "alpha", "Gamma", "Zeta"]
        assert all_rows(one, later) == all_rows(content, later)
        for query in ("author:ad", "cat:", "keyword:door", "venue:lamp", "source:"):
            assert one.complete(query, 99, later, {}) == content.complete(query, 99, later, {})


def test_small_change_does_not_rewrite_base_file(engine, folder, table):
    before = (folder.parent / BASE_FILE).read_bytes()
    table.reads.clear()
    later = table.with_changes({4: paper(4, "Gamma", "Ada Hinton")})
    engine.store.update(later)
    assert (folder.parent / BASE_FILE).read_bytes() == before
    assert set(later.reads) == {4}
    assert rows(engine, "author:ada ", later) == {0, 2, 4}


def test_table_older_or_newer_than_files(engine, folder, table):
    later = table.with_changes({4: paper(4, "Gamma", "Ada Hinton")})
    assert rows(engine, "author:hinton ", later) == {1, 2, 4}
    IndexStore(folder).update(later)
    assert rows(engine, "author:hinton ", table) == {1, 2}
    assert len(titles(engine, table)) == len(PAPERS)


def test_rows_of_other_generation_are_not_used(engine, folder, table):
    later = table.with_changes({0: None})
    engine.store.update(later)
    compacted = later.compacted()
    assert not engine.store.is_current(compacted.version)
    engine.store.update(compacted)
    assert rows(engine, "author:hinton ", compacted) == {0, 1}


def test_metadata_files_are_private(engine, folder, table):
    engine.store.update(table.with_changes({0: None}))
    for name in (BASE_FILE, DELTA_FILE):
        assert (folder.parent / name).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("name", [BASE_FILE, DELTA_FILE])
@pytest.mark.parametrize("how", ["cut", "changed", "foreign", "empty", "version", "gone"])
def test_damaged_metadata_file_is_detected_and_rebuilt(engine, folder, table, name, how):
    later = table.with_changes({4: paper(4, "Gamma", "Ada Hinton")})
    engine.store.update(later)
    path = folder.parent / name
    content = path.read_bytes()
    if how == "gone":
        path.unlink()
    else:
        path.write_bytes(
            {
                "cut": content[:-5],
                "changed": content[:-60] + bytes(byte ^ 1 for byte in content[-60:]),
                "foreign": b"[1, 2]\nnames",
                "empty": b"",
                "version": content.replace(b'"format": %d' % FORMAT_VERSION, b'"format": 99'),
            }[how]
        )
    reopened = SearchEngine(IndexStore(folder))
    noticed = bool(reopened.store.verify()) or not reopened.store.is_current(later.version)
    assert noticed
    for query in ("author:hinton ", "sort:title", "id:24", "source:arxiv "):
        try:
            reopened.search(query, later, {})
        except StorageError as error:
            assert "paperreader reindex" in str(error)
    assert len(reopened.search("beta ", later, {}).rows) == 1
    reopened.store.update(later, from_scratch=reopened.store.is_current(later.version))
    assert reopened.store.verify() == []
    assert rows(reopened, "author:hinton ", later) == {1, 2, 4}
    assert titles(reopened, later) == ["alpha", "beta", "Épsilon", "Gamma", "Zeta"]


PARTS_OF_NAMES = ("Li", "Ana-Maria", "J.", ".", "é", "O'Neil", "A*", "(x)", "--", "$x$", "\n", "|")


@given(st.lists(st.lists(st.sampled_from(PARTS_OF_NAMES)).map(" ".join) | st.text()))
@example([".", "Li"])
@example(["A" * 70])
def test_author_words_are_words_of_each_name(names):
    expected = " | ".join(" ".join(split_words(tex_to_unicode(name))) for name in names)
    assert tables.metadata_of(Paper("id", "Title", authors=tuple(names))).authors == (
        f" {expected} " if expected else ""
    )

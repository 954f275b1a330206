"""What papers are called is kept in files, so that no query reads all papers."""

import pytest
from msgspec.structs import replace

from paperreader.errors import StorageError
from paperreader.models import Paper, Source
from paperreader.search import IndexStore, SearchEngine
from paperreader.search.metadata.file_format import BASE_FILE, DELTA_FILE, TableFile
from paperreader.search.update import metadata_updater
from tests.search.conftest import MemoryTable


def paper(number: int, title: str, *authors: str) -> Paper:
    return Paper(
        f"2403.0000{number}",
        title,
        "",
        authors=authors,
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
}


@pytest.fixture
def table() -> MemoryTable:
    return MemoryTable(PAPERS)


@pytest.fixture
def index(index, table) -> SearchEngine:
    index.store.update(table)
    return index


def rows(index, query, table) -> set[int]:
    return set(index.search(query, table, {}).rows)


def answers(index, table) -> list[set[int]]:
    return [rows(index, query, table) for query in QUERIES]


def titles(index, table) -> list[str]:
    return [table.papers[row].title for row in index.search("sort:title", table, {}).rows]


@pytest.mark.parametrize("query", QUERIES)
def test_papers_are_found_by_what_they_are_called(index, table, query):
    assert rows(index, query, table) == QUERIES[query]


def test_no_query_reads_a_paper(index, folder, table):
    table.reads.clear()
    again = SearchEngine(IndexStore(folder))
    for query in (*QUERIES, "sort:title", "beta sort:title"):
        again.search(query, table, {})
    assert again.complete("author:hin", 10, table, {})
    assert table.reads == []


@pytest.mark.parametrize("kept", ["small file", "large file", "settled", "not yet"])
def test_changed_papers_answer_as_if_all_was_made_anew(index, folder, table, tmp_path, monkeypatch, kept):
    if kept == "large file":
        monkeypatch.setattr(metadata_updater, "_MIN_CHANGES", 0)
    later = table.with_changes({4: paper(4, "Gamma", "Ada Hinton"), 0: None})
    later = later.with_changes({1: replace(PAPERS[1], title="aleph", authors=("Yann LeCun",))})
    if kept != "not yet":
        index.store.update(later)
    if kept == "settled":
        monkeypatch.setattr(metadata_updater, "_MIN_CHANGES", 0)
        index.store.optimize()
    if kept in ("large file", "settled"):
        assert TableFile(folder.parent / BASE_FILE).catalog_version == later.version
    whole = SearchEngine(IndexStore(tmp_path / "other" / "index"))
    whole.store.update(later)
    for one in (index, SearchEngine(IndexStore(folder))):
        assert titles(one, later) == titles(whole, later) == ["aleph", "alpha", "Gamma", "Zeta"]
        assert answers(one, later) == answers(whole, later)
        assert one.complete("author:ad", 9, later, {}) == whole.complete("author:ad", 9, later, {})


def test_a_little_change_leaves_the_large_file_alone(index, folder, table):
    before = (folder.parent / BASE_FILE).read_bytes()
    table.reads.clear()
    later = table.with_changes({4: paper(4, "Gamma", "Ada Hinton")})
    index.store.update(later)
    assert (folder.parent / BASE_FILE).read_bytes() == before
    assert set(later.reads) == {4}
    assert rows(index, "author:ada ", later) == {0, 2, 4}


def test_a_reader_behind_or_ahead_of_the_files_still_has_answers(index, folder, table):
    later = table.with_changes({4: paper(4, "Gamma", "Ada Hinton")})
    assert rows(index, "author:hinton ", later) == {1, 2, 4}
    IndexStore(folder).update(later)
    assert rows(index, "author:hinton ", table) == {1, 2}
    assert len(titles(index, table)) == len(PAPERS)


def test_papers_of_another_generation_are_not_taken_for_these(index, folder, table):
    later = table.with_changes({0: None})
    index.store.update(later)
    compacted = later.compacted()
    assert not index.store.is_current(compacted.version)
    index.store.update(compacted)
    assert rows(index, "author:hinton ", compacted) == {0, 1}


def test_files_are_private(index, folder, table):
    index.store.update(table.with_changes({0: None}))
    for name in (BASE_FILE, DELTA_FILE):
        assert (folder.parent / name).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("name", [BASE_FILE, DELTA_FILE])
@pytest.mark.parametrize("how", ["cut", "changed", "foreign", "empty", "version", "gone"])
def test_a_damaged_file_is_noticed_and_made_anew(index, folder, table, name, how):
    later = table.with_changes({4: paper(4, "Gamma", "Ada Hinton")})
    index.store.update(later)
    path = folder.parent / name
    whole = path.read_bytes()
    if how == "gone":
        path.unlink()
    else:
        path.write_bytes(
            {
                "cut": whole[:-5],
                "changed": whole[:-60] + bytes(byte ^ 1 for byte in whole[-60:]),
                "foreign": b"[1, 2]\nnames",
                "empty": b"",
                "version": whole.replace(b'"names": 3', b'"names": 9'),
            }[how]
        )
    mended = SearchEngine(IndexStore(folder))
    noticed = bool(mended.store.verify()) or not mended.store.is_current(later.version)
    assert noticed
    for query in ("author:hinton ", "sort:title", "id:24", "source:arxiv "):
        try:
            mended.search(query, later, {})
        except StorageError as error:
            assert "paperreader reindex" in str(error)
    assert len(mended.search("beta ", later, {}).rows) == 1
    mended.store.update(later, from_scratch=mended.store.is_current(later.version))
    assert mended.store.verify() == []
    assert rows(mended, "author:hinton ", later) == {1, 2, 4}
    assert titles(mended, later) == ["alpha", "beta", "Épsilon", "Gamma", "Zeta"]

"""Which records are merged into one paper, and the fields of that paper."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from paperreader.catalog import Catalog
from paperreader.catalog.merge.grouping import group_by_paper
from paperreader.catalog.merge.matching import with_keys
from paperreader.catalog.merge.paper_merge import merge_records
from paperreader.models import ImportedEntry, Paper, Source, SourceRecord
from tests.catalog.records import (
    catalog_in,
    entry,
    link,
    paper_lines,
    papers_by_id,
    papers_file,
    record,
    row_table_file,
    temporary_folder,
)
from tests.examples import examples

LONG = "Learning to read papers in the terminal"
OTHER = "Quite another matter altogether, at length"
ABSTRACT = "We show that reading is easier when someone else has sorted the papers beforehand."


def merged(tmp_path: Path, *entries: ImportedEntry) -> dict[str, Any]:
    catalog = catalog_in(tmp_path)
    catalog.add(entries)
    return papers_by_id(catalog)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"arxiv": "2403.00001"}, {"arxiv": "2403.00001", "title": OTHER}),
        ({"doi": "10.1/x"}, {"doi": "10.1/x", "title": OTHER}),
        ({}, {"title": LONG.upper() + "!"}),
        ({"arxiv": "2403.00001"}, {}),
        ({"title": "GPT", "abstract": ABSTRACT}, {"title": "gpt", "abstract": ABSTRACT + " "}),
    ],
    ids=["arxiv", "doi", "title", "title of an arXiv paper", "short title and abstract"],
)
def test_records_with_a_shared_identifier_are_merged(
    tmp_path: Path, first: dict[str, Any], second: dict[str, Any]
) -> None:
    found = merged(
        tmp_path,
        entry(**{"title": LONG, "key": "a:0", **first}),
        entry(**{"title": LONG, "key": "b:0", **second}),
    )
    assert [len(paper.sources) for paper in found.values()] == [2]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"arxiv": "2403.00001", "doi": "10.1/x"}, {"arxiv": "2403.00002", "doi": "10.1/x"}),
        ({}, {"title": OTHER}),
        ({"title": "GPT", "abstract": ABSTRACT}, {"title": "GPT", "abstract": ABSTRACT[::-1]}),
        ({"title": "GPT", "doi": "10.1/x"}, {"title": "GPT", "doi": "10.1/y"}),
    ],
    ids=["two arXiv ids", "two titles", "short title, two abstracts", "short title, two DOIs"],
)
def test_similar_records_without_a_shared_identifier_are_not_merged(
    tmp_path: Path, first: dict[str, Any], second: dict[str, Any]
) -> None:
    found = merged(
        tmp_path,
        entry(**{"title": LONG, "key": "a:0", **first}),
        entry(**{"title": LONG, "key": "b:0", **second}),
    )
    assert [len(paper.sources) for paper in found.values()] == [1, 1]


def test_record_matching_two_papers_merges_them_and_keeps_ids_as_aliases(tmp_path: Path) -> None:
    catalog = catalog_in(tmp_path)
    catalog.add([entry(LONG, "a:0"), entry(OTHER, "b:0", doi="10.1/x")])
    before = set(papers_by_id(catalog))
    report = catalog.add([entry(LONG, "c:0", doi="10.1/x")])
    (paper,) = papers_by_id(catalog).values()
    assert (report.new, report.merged) == (0, 1)
    assert before == {paper.id, *paper.aliases}
    table = catalog.open()
    assert {table.row_of(name) for name in before} == {table.newest[0]}


def test_doi_match_takes_precedence_over_title_match(tmp_path: Path) -> None:
    found = merged(
        tmp_path,
        entry(LONG, "a:0", arxiv="2403.00001"),
        entry(OTHER, "b:0", arxiv="2403.00002", doi="10.1/x"),
        entry(LONG, "c:0", doi="10.1/x"),
    )
    assert [len(found[name].sources) for name in ("2403.00001", "2403.00002")] == [1, 2]


def test_title_only_record_joins_smallest_arxiv_id(tmp_path: Path) -> None:
    catalog = catalog_in(tmp_path)
    catalog.add([entry(LONG, "a:0"), entry(LONG, "b:0", arxiv="2403.00002")])
    (alias,) = papers_by_id(catalog)["2403.00002"].aliases
    report = catalog.add([entry(LONG, "c:0", arxiv="2403.00001")])
    found = papers_by_id(catalog)
    assert (report.new, report.merged) == (1, 0)
    assert found["2403.00001"].aliases == (alias,)
    assert found["2403.00002"].aliases == ()
    table = catalog.open()
    assert table.row_of(alias) == table.row_of("2403.00001")


def test_each_field_comes_from_best_source(tmp_path: Path) -> None:
    (paper,) = merged(
        tmp_path,
        entry(
            LONG,
            "a:0",
            abstract="From a page, and a good deal longer than the other one.",
            date="2024-03-02",
            votes=9,
            observed="2024-03-02",
        ),
        entry(
            LONG.lower(),
            "b:0",
            kind="arxiv",
            arxiv="2403.00001",
            abstract="From arXiv.",
            published="2024-02-28",
        ),
        entry(LONG, "c:0", kind="bibtex", doi="10.1/x", authors=("A", "B"), published="2024-01-01"),
        entry(LONG, "d:0", date="2024-03-05", votes=4, observed="2024-03-05", authors=("A", "B", "C")),
    ).values()
    assert (paper.id, paper.title, paper.abstract) == ("2403.00001", LONG.lower(), "From arXiv.")
    assert (paper.doi, paper.authors) == ("10.1/x", ("A", "B"))
    assert paper.published == "2024-01-01", "of the publication that the DOI is of, not of the preprint"
    assert (paper.listed, paper.date) == ("2024-03-05", "2024-03-05")
    assert paper.votes == 4, "the newest number counts, not the largest"


def test_equal_sources_prefer_longer_then_smaller_value(tmp_path: Path) -> None:
    (paper,) = merged(
        tmp_path,
        entry(LONG, "a:0", abstract="short", summary="bbb", votes=7),
        entry(LONG, "b:0", abstract="longer one", summary="aaa", votes=12),
        entry(LONG, "c:0", votes=11),
    ).values()
    assert (paper.abstract, paper.summary, paper.votes) == ("longer one", "aaa", 11)


def test_links_to_same_target_are_merged(tmp_path: Path) -> None:
    (paper,) = merged(
        tmp_path,
        entry(
            LONG,
            "a:0",
            links=(link("https://github.com/Owner/Name"), link("https://example.org/", "project")),
        ),
        entry(LONG, "b:0", kind="huggingface", links=(link("https://github.com/owner/name.git"),)),
    ).values()
    assert [one.url for one in paper.links] == ["https://github.com/owner/name.git", "https://example.org/"]


def test_source_keeps_first_name_and_date_unless_date_is_given(tmp_path: Path) -> None:
    catalog = catalog_in(tmp_path)
    catalog.add([entry(LONG, "a:0", date="2024-03-01", name="first.txt")])
    before = papers_file(tmp_path).read_bytes()
    touched = entry(
        LONG, "a:0", date="2024-04-01", name="renamed.txt", observed="2024-04-02", added="2024-04-02"
    )
    report = catalog.add([touched])
    assert (report.read, report.unchanged) == (1, 1)
    assert papers_file(tmp_path).read_bytes() == before
    report = catalog.add([touched], date_given=True)
    (paper,) = papers_by_id(catalog).values()
    assert (report.merged, paper.listed, paper.added, paper.sources[0].name) == (
        1,
        "2024-04-01",
        "2024-05-06",
        "first.txt",
    )


def test_reread_source_replaces_earlier_content(tmp_path: Path) -> None:
    catalog = catalog_in(tmp_path)
    catalog.add([entry(LONG, "a:0", abstract="cut in the mid")])
    report = catalog.add([entry(LONG, "a:0", abstract="cut")])
    (paper,) = papers_by_id(catalog).values()
    assert (report.merged, paper.abstract, len(paper.sources)) == (1, "cut", 1)


def test_entry_with_several_records_counts_once_and_returns_id_for_its_mark(tmp_path: Path) -> None:
    from paperreader.models import Mark

    catalog = catalog_in(tmp_path)
    both = ImportedEntry(
        (record(LONG, "a:0"), record(OTHER, "b:0", arxiv="2403.00001")), Mark(bookmark=(True, 5))
    )
    again = ImportedEntry(
        (record(LONG, "a:0", doi="10.1/x"), record(OTHER, "c:0", arxiv="2403.00001")), Mark()
    )
    report = catalog.add([entry("Something in front of it all", "z:0"), both, again])
    assert (report.read, report.new, report.merged) == (3, 2, 1)
    table = catalog.open()
    assert {position: table.row_of(id) for position, id in report.ids.items()} == {
        1: table.row_of(next(id for id, paper in papers_by_id(catalog).items() if paper.title == LONG)),
        2: table.row_of(next(id for id, paper in papers_by_id(catalog).items() if paper.title == LONG)),
    }


def test_records_are_stored_unchanged(tmp_path: Path) -> None:
    records = (
        record(LONG, "a:0", abstract="line\none \ud800 \x1b[2J ", votes=0, observed="2024-01-01T00:00:00"),
        record(
            LONG,
            "b:0",
            kind="arxiv",
            arxiv="2403.00001",
            authors=("É", ""),
            keywords=("k",),
            published="2024-01-02",
        ),
        record(
            LONG,
            "c:0",
            abstract="line\none \ud800 \x1b[2J ",
            votes=0,
            observed="2024-01-01T00:00:00",
            date="2024-02-02",
        ),
    )
    catalog = catalog_in(tmp_path)
    catalog.add([ImportedEntry((one,)) for one in records])
    table = catalog.open()
    assert set(table.paper_records(table.newest[0])) == set(records)


def test_more_precise_date_wins_within_same_year(tmp_path: Path) -> None:
    dates = (("bibtex", "2016"), ("csv", "2016-05"), ("jsonl", "2016-05-03"), ("capture", "2015-01-01"))
    for records in itertools.permutations(
        record(LONG, f"{kind}:0", kind=kind, published=published) for kind, published in dates
    ):
        catalog = catalog_in(tmp_path / "".join(each.source.kind for each in records))
        catalog.add([ImportedEntry((one,)) for one in records])
        table = catalog.open()
        assert table.paper(table.newest[0]).published == "2016-05-03"


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_works_with_one_title_stay_separate_and_are_not_mixed(tmp_path: Path, order: tuple[int, ...]) -> None:
    entries = (
        entry(
            "Deep learning",
            "a:0",
            kind="bibtex",
            doi="10.1038/nature14539",
            journal="Nature",
            published="2015",
            authors=("Yann LeCun", "Yoshua Bengio", "Geoffrey Hinton"),
        ),
        entry(
            "Deep Learning",
            "a:1",
            kind="bibtex",
            published="2016",
            authors=("Ian Goodfellow", "Yoshua Bengio", "Aaron Courville"),
        ),
        entry("Deep learning", "b:0", authors=("Geoffrey Hinton", "Someone Else"), published="2017"),
    )
    found = merged(tmp_path, *(entries[position] for position in order))
    assert {
        (paper.authors[0], paper.doi, paper.journal, paper.published, len(paper.sources))
        for paper in found.values()
    } == {
        ("Yann LeCun", "10.1038/nature14539", "Nature", "2015", 1),
        ("Ian Goodfellow", "", "", "2016", 1),
        ("Geoffrey Hinton", "", "", "2017", 1),
    }
    again = merged(tmp_path, *(entries[position] for position in reversed(order)))
    assert again == found


@pytest.mark.parametrize("marked", [True, False])
def test_id_of_two_works_with_one_title_stays_with_the_first_one_only_if_it_is_marked(
    tmp_path: Path, marked: bool
) -> None:
    ids: list[str] = []
    catalog = catalog_in(tmp_path, marked_ids=ids)
    catalog.add([entry(LONG, "a:0", authors=("A. First",))])
    (before,) = papers_by_id(catalog)
    if marked:
        ids.append(before)
    catalog.add([entry(LONG, "b:0", authors=("B. Second",))])
    table = catalog.open()
    assert len(table) == 2
    row = table.row_of(before)
    assert (None if row is None else table.paper(row).authors) == (("A. First",) if marked else None)
    assert len(table.rows_with_slug(before)) == (1 if marked else 2)


def test_marked_id_of_removed_work_is_not_given_to_another_one_with_its_title(tmp_path: Path) -> None:
    ids: list[str] = []
    catalog = catalog_in(tmp_path, marked_ids=ids)
    catalog.add([entry(LONG, "a:0", name="one.txt", authors=("A. First",))])
    (marked,) = ids[:] = list(papers_by_id(catalog))
    catalog.add([entry(LONG, "b:0", authors=("B. Second",))])
    catalog.remove_source("one.txt")
    catalog.add([entry(LONG, "b:0", authors=("B. Second",), abstract="Read again.")])
    assert catalog.open().row_of(marked) is None
    catalog.undo_removal()
    table = catalog.open()
    row = table.row_of(marked)
    assert row is not None
    assert table.paper(row).authors == ("A. First",)


@pytest.mark.parametrize("from_arxiv", [("Journal of Lamps, special issue", ""), ("J. Lamps", "7")])
def test_reference_as_one_text_is_no_better_than_fields(tmp_path: Path, from_arxiv: tuple[str, str]) -> None:
    journal, volume = from_arxiv
    name = {"arxiv": "2401.00001", "authors": ("Ada Lee",)}
    (paper,) = merged(
        tmp_path,
        entry(LONG, "a:0", kind="kaggle", journal=journal, volume=volume, **name),
        entry(LONG, "b:0", kind="bibtex", journal="Journal of Lamps", volume="7", pages="1--9", **name),
    ).values()
    assert (paper.journal, paper.volume) == ((journal if volume else "Journal of Lamps"), "7")


def test_fields_of_one_publication_come_from_one_record(tmp_path: Path) -> None:
    journal = {"doi": "10.1/j", "journal": "Journal of Lamps", "published": "2021", "entry_type": "article"}
    preprint = {"arxiv": "1901.00001", "published": "2019-01-02", "authors": ("Ann Jay", "Bo Kay")}
    conference = {"booktitle": "Lamps 2019", "published": "2019", "authors": ("A. Jay", "B. Kay")}
    records = [
        entry(LONG, "a:0", kind="bibtex", authors=("A. Jay",), **journal),
        entry(LONG, "b:0", kind="huggingface", **preprint),
        entry(LONG, "c:0", kind="bibtex", **conference),
    ]
    for position, order in enumerate(itertools.permutations(records)):
        (paper,) = merged(tmp_path / str(position), *order).values()
        assert (paper.arxiv, len(paper.sources)) == ("1901.00001", 3)
        assert (paper.doi, paper.journal, paper.booktitle, paper.published) == (
            "10.1/j",
            "Journal of Lamps",
            "",
            "2021",
        )
        assert (paper.authors, paper.entry_type) == (("A. Jay",), "article")


@examples(25)
@given(st.data())
def test_publication_fields_are_never_mixed(data: st.DataObject) -> None:
    """Each source states its name in every field of the publication, so that a mixture is visible."""
    records = [
        record(
            LONG,
            f"{number}:0",
            kind=data.draw(st.sampled_from(("bibtex", "arxiv", "capture"))),
            authors=("Ann Jay", f"Number {number}"),
            published=f"20{10 + number}",
            **data.draw(
                st.sampled_from(
                    (
                        {},
                        {"journal": f"Journal {number}"},
                        {"booktitle": f"Proceedings {number}"},
                        {"journal": f"Journal {number}", "doi": "10.1/x"},
                    )
                )
            ),
        )
        for number in range(data.draw(st.integers(2, 4)))
    ]
    keyed = [with_keys(one) for one in records]
    assert len(group_by_paper(keyed)) == 1
    paper = merge_records("", keyed).paper
    fields = ("authors", "published", "journal", "booktitle")
    assert tuple(getattr(paper, name) for name in fields) in {
        tuple(getattr(one, name) for name in fields) for one in records
    }


TITLES = ((LONG, LONG.upper()), (LONG, LONG.upper(), OTHER, "GPT", "gpt!", ""))
AUTHORS = ("A. Jay", "Ann Jay", "B. Kay", "Kay Bo", "Cy Elm", "???")
texts = st.sampled_from(("", "Short.", ABSTRACT, ABSTRACT + " More of it."))
days = st.none() | st.sampled_from(("2024-03-01", "2024-03-02"))
counts = st.none() | st.integers(0, 12)
urls = (
    "https://github.com/A/b",
    "https://github.com/a/B.git",
    "https://example.org/x",
    "https://example.org/y",
)


@st.composite
def record_sets(draw: st.DrawFn) -> list[SourceRecord]:
    """Records of few works, so that many of them share a title or an identifier, and many contradict each other."""
    fields = st.fixed_dictionaries(
        {
            "title": st.sampled_from(draw(st.sampled_from(TITLES))),
            "abstract": texts,
            "arxiv": st.sampled_from(("", "", "2403.00001", "2403.00002", "hep-th/9901001")),
            "doi": st.sampled_from(
                ("", "", "10.1/x", "10.1/y", "10.48550/arxiv.2403.00001", "10.2139/ssrn.1")
            ),
            "entry_type": st.sampled_from(("", "", "article", "book", "incollection", "inbook")),
            "edition": st.sampled_from(("", "", "2")),
            "links": st.lists(st.sampled_from(urls).map(link), max_size=3).map(tuple),
            "authors": st.lists(st.sampled_from(AUTHORS), max_size=2).map(tuple),
            "editors": st.lists(st.sampled_from(AUTHORS), max_size=2).map(tuple),
            "repo": st.sampled_from(("", urls[0])),
            "published": days | st.sampled_from(("2024", "2024-03", "2023")),
            "added": st.sampled_from(("2024-05-05", "2024-05-06")),
            "observed": st.sampled_from(("", "2024-05-05", "2024-05-06")),
            "votes": counts,
            "stars": counts,
            "summary": texts,
            "journal": st.sampled_from(("", "Lamps", "Doors", "Long Lamps")),
        }
    )
    sources = st.builds(
        Source,
        kind=st.sampled_from(("capture", "arxiv", "huggingface", "bibtex", "jsonl")),
        name=st.sampled_from(("one.txt", "two.txt")),
        date=days,
        key=st.just("?"),
        is_date_assumed=st.booleans(),
    )
    found = draw(st.lists(st.tuples(fields, sources), min_size=1, max_size=7))
    return [
        SourceRecord(source=replace(source, key=f"{index:016x}:{index}"), **fields)
        for index, (fields, source) in enumerate(found)
    ]


property_test = examples(15)


def merge_result(catalog: Catalog) -> dict[str, Paper]:
    """Return all papers, after checking that every id and alias belongs to one of them."""
    found = papers_by_id(catalog)
    names = [name for paper in found.values() for name in (paper.id, *paper.aliases)]
    assert len(names) == len(set(names))
    return found


@property_test
@given(record_sets(), st.data())
def test_result_does_not_depend_on_order_chunks_or_entries(
    records: list[SourceRecord], data: st.DataObject
) -> None:
    with temporary_folder() as folder:
        together, apart = catalog_in(folder / "together"), catalog_in(folder / "apart")
        together.add([ImportedEntry((one,)) for one in records])
        shuffled = data.draw(st.permutations(records))
        while shuffled:
            size = data.draw(st.integers(1, len(shuffled)))
            batch, shuffled = shuffled[:size], shuffled[size:]
            apart.add(
                [ImportedEntry(tuple(batch))]
                if data.draw(st.booleans())
                else [ImportedEntry((one,)) for one in batch]
            )
        assert merge_result(apart) == merge_result(together)


@property_test
@given(record_sets(), st.randoms(use_true_random=False))
def test_second_import_changes_nothing(records: list[SourceRecord], random: Any) -> None:
    with temporary_folder() as folder:
        catalog = catalog_in(folder)
        report = catalog.add([ImportedEntry((one,)) for one in records])
        assert report.read == len(records) == report.new + report.merged + report.unchanged
        before = papers_file(folder).read_bytes()
        again = random.sample(records, len(records))
        report = catalog.add([ImportedEntry((one,)) for one in again])
        assert (report.read, report.unchanged) == (len(records), len(records))
        assert papers_file(folder).read_bytes() == before


@property_test
@given(record_sets(), st.data())
def test_updated_row_table_equals_rebuilt_one(records: list[SourceRecord], data: st.DataObject) -> None:
    with temporary_folder() as folder:
        catalog = catalog_in(folder)
        for one in records:
            catalog.add([ImportedEntry((one,))])
            operation = data.draw(
                st.sampled_from(("go on", "go on", "remove", "remove source", "undo", "compact"))
            )
            if operation == "remove":
                catalog.remove([data.draw(st.sampled_from(sorted(papers_by_id(catalog))))])
            elif operation == "remove source":
                catalog.remove_source("one.txt")
            elif operation == "undo":
                catalog.undo_removal()
            elif operation == "compact":
                catalog.compact()
        grown, before = row_table_file(folder).read_bytes(), paper_lines(catalog)
        row_table_file(folder).unlink()
        assert paper_lines(catalog) == before
        assert row_table_file(folder).read_bytes() == grown
        assert catalog.verify() == []
        catalog.compact()
        assert paper_lines(catalog) == before
        grown = row_table_file(folder).read_bytes()
        row_table_file(folder).unlink()
        catalog.open()
        assert row_table_file(folder).read_bytes() == grown


@property_test
@given(record_sets())
def test_source_can_be_removed_and_restored(records: list[SourceRecord]) -> None:
    with temporary_folder() as folder:
        catalog, without = catalog_in(folder / "all"), catalog_in(folder / "rest")
        catalog.add([ImportedEntry((one,)) for one in records])
        before = merge_result(catalog)
        catalog.remove_source("one.txt")
        rest = [one for one in records if one.source.name != "one.txt"]
        if rest:
            without.add([ImportedEntry((one,)) for one in rest])
        assert merge_result(catalog) == (merge_result(without) if rest else {})
        undone = catalog.undo_removal()
        assert (undone is None) == (len(rest) == len(records))
        assert merge_result(catalog) == before


def papers_shown(catalog: Catalog, marked: Collection[str], moved: dict[str, str]) -> dict[str, Paper]:
    """Return the paper that is shown with the marks of each marked id, if there is one."""
    table = catalog.open()
    rows = {id: table.row_of(id) for id in marked if id not in moved}
    return {id: table.paper(row) for id, row in rows.items() if row is not None}


def keys_of(paper: Paper) -> set[str]:
    return {source.key for source in paper.sources}


def may_have_same_authors(one: Paper, other: Paper) -> bool:
    """Return whether an author may be the same: "A. Jay" may be "Ann Jay"."""
    words, other_words = (set(re.findall("[A-Za-z]{3,}", " ".join(each.authors))) for each in (one, other))
    return not words or not other_words or not words.isdisjoint(other_words)


@property_test
@given(record_sets(), st.data())
def test_marked_ids_stay_with_records_of_the_paper_that_was_shown(
    records: list[SourceRecord], data: st.DataObject
) -> None:
    """After each change, marks belong to a paper with a record of the paper that was shown just before, or to the
    paper with the marked arXiv id, unless it has other authors.

    It need not have the records from when the mark was made: a paper may get the authors of another record, and if its
    records are separated later, marks stay with the authors that were shown.
    """
    marked: set[str] = set()
    moved: dict[str, str] = {}
    with temporary_folder() as folder:
        catalog = catalog_in(folder, marked, moved)
        for one in records:
            for change in ("add", "undo") if data.draw(st.booleans()) else ("add",):
                shown = papers_shown(catalog, marked, moved)
                if change == "add":
                    catalog.add([ImportedEntry((one,))])
                else:
                    catalog.undo_import()
                papers = sorted(papers_by_id(catalog).values(), key=lambda each: each.id)
                marked.update(moved.values())  # as in a notebook
                remaining = set().union(*map(keys_of, papers))
                after = papers_shown(catalog, marked, moved)
                for id, paper in shown.items():
                    if keys_of(paper) & remaining:
                        now = after[moved.pop(id, id)]
                        is_new_version = now.arxiv == id and may_have_same_authors(now, paper)
                        assert is_new_version or keys_of(paper) & keys_of(now)
                if papers:
                    marked.add(data.draw(st.sampled_from(papers)).id)


def test_marks_stay_with_the_authors_that_were_shown_last(tmp_path: Path) -> None:
    """A paper is marked before another record states its authors. Then a third one takes the marked record."""
    marked: set[str] = set()
    catalog = catalog_in(tmp_path, marked)
    catalog.add([entry(LONG, "a:0", doi="10.1/x")])
    (id,) = papers_by_id(catalog)
    marked.add(id)
    catalog.add([entry(LONG, "b:0", authors=("A. Jay",))])
    assert papers_shown(catalog, marked, {})[id].authors == ("A. Jay",)
    catalog.add([entry(LONG, "c:0", doi="10.1/x", authors=("B. Kay",))])
    authors = {frozenset(keys_of(paper)): paper.authors for paper in papers_by_id(catalog).values()}
    assert authors == {frozenset({"a:0", "c:0"}): ("B. Kay",), frozenset({"b:0"}): ("A. Jay",)}
    assert papers_shown(catalog, marked, {})[id].authors == ("A. Jay",)


@pytest.mark.parametrize(
    ("first", "authors", "is_other_work"),
    [
        ("new version", (), False),
        ("new version", ("A. Jay", "C. Elm"), False),
        ("undo", (), False),
        ("undo", ("A. Jay", "C. Elm"), False),
        ("undo", ("B. Kay",), True),
    ],
)
def test_marks_of_an_arxiv_id_stay_with_its_new_version_but_not_with_another_work(
    tmp_path: Path, first: str, authors: tuple[str, ...], is_other_work: bool
) -> None:
    """An undone import leaves a record without an arXiv id, and before or after there is one with another title."""
    marked: set[str] = set()
    moved: dict[str, str] = {}
    catalog = catalog_in(tmp_path, marked, moved)
    new_version = entry(LONG, "c:0", arxiv="2403.00001", authors=authors)
    catalog.add([entry(OTHER, "a:0", authors=("A. Jay",))])
    if first == "new version":
        catalog.add([new_version])
    catalog.add([entry(OTHER, "b:0", kind="arxiv", arxiv="2403.00001", authors=("A. Jay",))])
    marked.add("2403.00001")
    assert papers_shown(catalog, marked, {})["2403.00001"].title == OTHER
    catalog.undo_import()
    if first == "undo":
        (remaining,) = papers_by_id(catalog).values()
        assert "2403.00001" in remaining.aliases
        catalog.add([new_version])
    (id,) = papers_by_id(catalog).keys() - {"2403.00001"}
    assert papers_by_id(catalog)["2403.00001"].title == LONG
    assert moved == ({"2403.00001": id} if is_other_work else {})


@pytest.mark.parametrize("votes", [(1, 9), (9, 1)], ids=["arXiv paper last", "arXiv paper first"])
def test_source_of_papers_that_join_without_it_can_be_restored(
    tmp_path: Path, votes: tuple[int, int]
) -> None:
    """A book and an article stay separate, but what is left of both is one paper."""
    catalog = catalog_in(tmp_path)
    catalog.add(
        [
            entry(LONG, "a:0", name="one.txt", arxiv="2403.00001", entry_type="book"),
            entry(LONG, "a:1", arxiv="2403.00001", votes=votes[0]),
            entry(LONG, "b:0", name="one.txt", doi="10.1/x", entry_type="article"),
            entry(LONG, "b:1", doi="10.1/x", votes=votes[1]),
        ]
    )
    before = merge_result(catalog)
    catalog.remove_source("one.txt")
    assert [len(paper.sources) for paper in papers_by_id(catalog).values()] == [2]
    catalog.undo_removal()
    assert merge_result(catalog) == before


def test_repository_is_spelled_as_in_the_links(tmp_path: Path) -> None:
    found = merged(
        tmp_path,
        entry(
            LONG,
            "a:0",
            kind="arxiv",
            links=(link("https://github.com/else/where"), link("https://github.com/Lab/Lamps/tree/v2")),
        ),
        entry(
            LONG,
            "b:0",
            kind="huggingface",
            links=(link("https://github.com/lab/lamps"),),
            repo="https://github.com/lab/lamps",
        ),
    )
    (paper,) = found.values()
    assert paper.repo == "https://github.com/Lab/Lamps/tree/v2"
    assert paper.code_link == link("https://github.com/Lab/Lamps/tree/v2")

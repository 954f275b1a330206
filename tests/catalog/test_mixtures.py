"""Libraries in which earlier versions mixed several works are split, and marks stay with the work that was shown."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from paperreader import storage
from paperreader.catalog import Catalog
from paperreader.catalog.journal.format import encode_chunk, encode_header
from paperreader.catalog.journal.paper_line import encode_paper
from paperreader.catalog.merge.matching import with_keys
from paperreader.catalog.merge.paper_merge import MergedPaper, merge_records
from paperreader.catalog.mixtures import MERGE_RULES, MERGE_RULES_FILE_NAME
from paperreader.models import ImportedEntry, Paper, SourceRecord
from tests.catalog.records import catalog_in, entry, numbered_entries, papers_by_id, papers_file, record

TITLE = "Deep learning"
SHARED_FIELDS = set(SourceRecord.__struct_fields__) & set(Paper.__struct_fields__)
LECUN = record(
    TITLE,
    "a:0",
    kind="bibtex",
    authors=("Yann LeCun", "Yoshua Bengio"),
    published="2015",
    journal="Nature",
    doi="10.1038/nature14539",
)
GOODFELLOW = record(
    TITLE, "a:1", kind="bibtex", authors=("Ian Goodfellow", "Yoshua Bengio"), published="2016"
)
PREPRINT = record(TITLE, "b:0", kind="arxiv", arxiv="2403.00001", authors=("Someone Else",))


def library_with(folder: Path, *papers: MergedPaper, moved: dict[str, str] | None = None) -> Catalog:
    """Return a catalog with these papers, merged as they are and marked. `moved` gets the marks that move."""
    header = encode_header("00000000-0000-4000-8000-000000000000", 1)
    data, _ = encode_chunk([encode_paper(merged) for merged in papers], len(header), 2)
    papers_file(folder).parent.mkdir()
    papers_file(folder).write_bytes(header + data)
    return catalog_in(folder, [merged.paper.id for merged in papers], moved)


def mixture(*records: SourceRecord, shown: SourceRecord) -> MergedPaper:
    merged = merge_records(records[0].arxiv, [with_keys(one) for one in records])
    return replace(merged, paper=replace(merged.paper, authors=shown.authors, editors=shown.editors))


def authors_of(catalog: Catalog, id: str) -> tuple[str, ...]:
    table = catalog.open()
    row = table.row_of(id)
    assert row is not None
    return table.paper(row).authors


def test_check_lists_mixture_and_repair_splits_it(tmp_path: Path) -> None:
    mixed = mixture(LECUN, GOODFELLOW, shown=GOODFELLOW)
    catalog = library_with(tmp_path, mixed)
    (problem,) = [each for each in catalog.verify() if each.file == "papers.jsonl"]
    assert problem.message == (
        f"{mixed.paper.id} mixes “Deep learning” by Yann LeCun, Yoshua Bengio 2015 10.1038/nature14539 and "
        "“Deep learning” by Ian Goodfellow, Yoshua Bengio 2016 (different first authors and years); "
        "`paperreader check --repair` separates them"
    )
    assert "Separated works or publications that were mixed in 1 paper: “Deep learning”." in " ".join(
        catalog.repair()
    )
    found = papers_by_id(catalog).values()
    assert {(paper.authors[0], paper.doi, paper.journal, paper.published) for paper in found} == {
        ("Yann LeCun", "10.1038/nature14539", "Nature", "2015"),
        ("Ian Goodfellow", "", "", "2016"),
    }
    assert authors_of(catalog, mixed.paper.id) == GOODFELLOW.authors, (
        "marks stay with the work that was shown"
    )
    assert catalog.verify() == []
    assert catalog.repair() == []


@pytest.mark.parametrize("change", ["import", "remove", "undo removal", "undo import"])
def test_mixtures_are_split_before_any_other_change(tmp_path: Path, change: str) -> None:
    mixed = mixture(LECUN, GOODFELLOW, shown=LECUN)
    other = merge_records("", [with_keys(record("A work on something else", "c:0"))])
    catalog = library_with(tmp_path, mixed, other)
    if change == "import":
        catalog.add([entry("Unrelated to all of them", "d:0")])
    elif change == "remove":
        catalog.remove([other.paper.id])
    elif change == "undo removal":
        catalog.undo_removal()
    else:
        catalog.undo_import()
    assert "Separated works or publications that were mixed in 1 paper" in " ".join(catalog.warnings)
    assert authors_of(catalog, mixed.paper.id) == LECUN.authors
    assert catalog.verify() == []


def test_mixture_from_another_machine_is_split_when_one_of_its_records_is_imported(tmp_path: Path) -> None:
    """The papers of this library have been checked before."""
    mixed = mixture(LECUN, GOODFELLOW, shown=LECUN)
    catalog = library_with(tmp_path, mixed)
    catalog.open()
    (tmp_path / "cache" / catalog.uuid / MERGE_RULES_FILE_NAME).write_bytes(b"%d" % MERGE_RULES)
    catalog.add([entry("Unrelated to all of them", "d:0")])
    assert len(papers_by_id(catalog)) == 2
    known = entry(TITLE, "a:1", kind="bibtex", authors=GOODFELLOW.authors, published="2016")
    report = catalog.add([known])
    assert (report.read, report.merged, report.split) == (1, 1, 1)
    assert catalog.add([known]).split == 0
    assert len(papers_by_id(catalog)) == 3
    assert authors_of(catalog, mixed.paper.id) == LECUN.authors


@pytest.mark.parametrize("order", [(LECUN, PREPRINT), (PREPRINT, LECUN)])
@pytest.mark.parametrize("together", [True, False])
def test_mixture_without_records_is_split_when_its_sources_are_imported_again(
    tmp_path: Path, order: tuple[SourceRecord, ...], together: bool
) -> None:
    mixed = mixture(PREPRINT, LECUN, shown=LECUN)
    fields = {name: getattr(mixed.paper, name) for name in SHARED_FIELDS}
    same = tuple(with_keys(SourceRecord(source=source, **fields)) for source in mixed.paper.sources)
    marks: dict[str, str] = {}
    catalog = library_with(tmp_path, replace(mixed, keyed_records=same), moved=marks)
    assert b'"records"' not in papers_file(tmp_path).read_bytes()
    entries = [ImportedEntry((one,)) for one in order]
    reports = [catalog.add(batch) for batch in ([entries] if together else [[one] for one in entries])]
    assert [report.split for report in reports][-1] == 1
    papers = papers_by_id(catalog)
    (moved,) = marks.items()
    assert {papers[id].authors for id in ("2403.00001",)} == {PREPRINT.authors}
    assert moved[0] == "2403.00001"
    assert papers[moved[1]].authors == LECUN.authors
    assert {(paper.doi, paper.journal) for paper in papers.values()} == {(LECUN.doi, LECUN.journal), ("", "")}


@pytest.mark.parametrize("shown", [LECUN, PREPRINT])
def test_marks_of_an_arxiv_id_that_showed_another_work_move(tmp_path: Path, shown: SourceRecord) -> None:
    moved: dict[str, str] = {}
    catalog = library_with(tmp_path, mixture(PREPRINT, LECUN, shown=shown), moved=moved)
    catalog.repair()
    papers = papers_by_id(catalog)
    assert papers["2403.00001"].authors == PREPRINT.authors
    assert {(old, papers[new].authors) for old, new in moved.items()} == (
        {("2403.00001", LECUN.authors)} if shown is LECUN else set()
    )


def test_arxiv_paper_keeps_its_id_when_another_work_is_split_off(tmp_path: Path) -> None:
    catalog = library_with(tmp_path, mixture(PREPRINT, LECUN, shown=PREPRINT))
    catalog.repair()
    assert authors_of(catalog, "2403.00001") == PREPRINT.authors
    assert {len(paper.sources) for paper in papers_by_id(catalog).values()} == {1}


def test_fields_of_several_publications_are_merged_again(tmp_path: Path) -> None:
    conference = record(
        TITLE, "a:2", kind="bibtex", authors=("Y. LeCun",), published="2016", booktitle="Talks"
    )
    catalog = library_with(tmp_path, mixture(LECUN, conference, shown=conference))
    assert any("several publications" in each.message for each in catalog.verify())
    catalog.repair()
    (paper,) = papers_by_id(catalog).values()
    assert (paper.authors, paper.doi, paper.published) == (LECUN.authors, LECUN.doi, "2015")
    assert catalog.verify() == []


def test_library_without_mixtures_has_no_suspects(tmp_path: Path) -> None:
    catalog = catalog_in(tmp_path)
    catalog.add([*numbered_entries(20), entry(TITLE, "a:0"), entry(TITLE, "b:0", abstract="More.")])
    assert catalog.verify() == []


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_books_of_different_editors_are_different_papers(tmp_path: Path, order: tuple[int, ...]) -> None:
    editors = (("Ada Lantern",), ("Bo Quill",), ("Cy Elm", "Bo Quill"))
    shared: dict[str, Any] = {"kind": "bibtex", "entry_type": "book", "published": "2019"}
    books = [
        entry("Handbook of Lamps", f"a:{index}", editors=names, **shared)
        for index, names in enumerate(editors)
    ]
    catalog = catalog_in(tmp_path)
    for index in order:
        catalog.add([books[index]])
    found = papers_by_id(catalog)
    assert {paper.editors: len(paper.sources) for paper in found.values()} == {editors[0]: 1, editors[2]: 2}
    together = catalog_in(tmp_path / "together")
    together.add(books)
    assert papers_by_id(together) == found


def test_books_of_different_editors_that_earlier_versions_mixed_are_separated(tmp_path: Path) -> None:
    shared: dict[str, Any] = {"kind": "bibtex", "entry_type": "book", "published": "2019"}
    one = record("Handbook of Lamps", "a:0", editors=("Ada Lantern",), **shared)
    other = record("Handbook of Lamps", "a:1", editors=("Bo Quill",), **shared)
    mixed = mixture(one, other, shown=other)
    catalog = library_with(tmp_path, mixed)
    path = tmp_path / "cache" / catalog.uuid / MERGE_RULES_FILE_NAME
    storage.ensure_folder(path.parent)
    path.write_bytes(b"1\n")
    catalog.add([entry("Unrelated to all of them", "d:0")])
    papers = {paper.editors: paper for paper in papers_by_id(catalog).values()}
    assert len(papers) == 3
    assert mixed.paper.id in papers[other.editors].aliases, "marks stay with the editor that was shown"

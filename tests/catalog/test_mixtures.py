"""Libraries in which earlier versions mixed several works are split, and marks stay with the work that was shown."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from paperreader.catalog import Catalog
from paperreader.catalog.journal.format import encode_chunk, encode_header
from paperreader.catalog.journal.paper_line import encode_paper
from paperreader.catalog.merge.matching import with_keys
from paperreader.catalog.merge.paper_merge import MergedPaper, merge_records
from paperreader.models import SourceRecord
from tests.catalog.records import catalog_in, entry, numbered_entries, papers_by_id, papers_file, record

TITLE = "Deep learning"
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


def library_with(folder: Path, *papers: MergedPaper) -> Catalog:
    """Return a catalog with these papers, merged as they are."""
    header = encode_header("00000000-0000-4000-8000-000000000000", 1)
    data, _ = encode_chunk([encode_paper(merged) for merged in papers], len(header), 2)
    papers_file(folder).parent.mkdir()
    papers_file(folder).write_bytes(header + data)
    return catalog_in(folder)


def mixture(*records: SourceRecord, shown: SourceRecord) -> MergedPaper:
    merged = merge_records(records[0].arxiv, [with_keys(one) for one in records])
    return replace(merged, paper=replace(merged.paper, authors=shown.authors))


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
    assert "Separated works that were mixed in 1 paper." in " ".join(catalog.repair())
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


def test_import_of_known_record_splits_mixture(tmp_path: Path) -> None:
    mixed = mixture(LECUN, GOODFELLOW, shown=LECUN)
    catalog = library_with(tmp_path, mixed)
    known = entry(TITLE, "a:1", kind="bibtex", authors=GOODFELLOW.authors, published="2016")
    report = catalog.add([known])
    assert (report.read, report.merged, report.split) == (1, 1, 1)
    assert catalog.add([known]).split == 0
    assert len(papers_by_id(catalog)) == 2
    assert authors_of(catalog, mixed.paper.id) == LECUN.authors


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

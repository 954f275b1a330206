"""Marks contain titles, so that they are found again when a lost catalog is imported from other sources."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from paperreader.errors import Ambiguous
from paperreader.library import Library
from paperreader.models import MarkChange

TITLE = "Slow Rivers Remember: A Study of Sediment Clocks"


def import_papers(tmp_path: Path, *papers: dict[str, object]) -> Library:
    file = tmp_path / "papers-to-import.jsonl"
    file.write_text("".join(json.dumps(paper) + "\n" for paper in papers))
    library = Library.open()
    library.imports.import_paths([str(file)])
    return library


def mark_all(library: Library) -> None:
    for row in library.table.newest:
        paper = library.paper(row)
        library.save_and_apply([MarkChange(paper.id, paper.title, bookmark=True, note=f"on {paper.title}")])


def delete_catalog(library: Library) -> None:
    (library.folder / "papers.jsonl").unlink()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"arxiv": "2501.00009"}, {"arxiv": "2501.00009"}),
        ({}, {"arxiv": "2501.00009"}),
        ({"arxiv": "2501.00009"}, {}),
        ({}, {}),
    ],
    ids=["the same id", "an arXiv id now", "an arXiv id no longer", "no arXiv id"],
)
def test_marks_are_found_again_after_reimport(
    tmp_path: Path, before: dict[str, str], after: dict[str, str]
) -> None:
    mark_all(import_papers(tmp_path, {"title": TITLE, "keywords": "rivers", **before}))
    delete_catalog(Library.open())
    alone = Library.open()
    assert len(alone.table) == 0
    stored = json.loads((alone.folder / "notebook.json").read_bytes())["papers"]
    assert [mark["title"] for mark in stored.values()] == [TITLE]
    library = import_papers(tmp_path, {"title": TITLE.upper(), "abstract": "From elsewhere.", **after})
    (mark,) = library.marks.values()
    assert (mark.bookmarked, mark.note_text) == (True, f"on {TITLE}")
    found = library.search("note:rivers")
    assert found.full_matches == 1
    paper = library.paper(found.rows[0])
    library.save_and_apply([MarkChange(paper.id, paper.title, note="and more", note_base=mark.note_text)])
    assert Library.open().mark(found.rows[0]).note_text == "and more"


def test_marks_do_not_apply_to_another_arxiv_id(tmp_path: Path) -> None:
    mark_all(import_papers(tmp_path, {"title": TITLE, "arxiv": "2501.00009"}))
    delete_catalog(Library.open())
    assert not import_papers(tmp_path, {"title": TITLE, "arxiv": "2501.00010"}).marks


def test_short_title_does_not_match_marks(tmp_path: Path) -> None:
    mark_all(import_papers(tmp_path, {"title": "GPT", "abstract": "An abstract about one thing."}))
    delete_catalog(Library.open())
    assert not import_papers(tmp_path, {"title": "GPT", "abstract": "An abstract about another thing."}).marks


def test_marks_that_may_belong_to_any_of_several_works_are_reported(tmp_path: Path) -> None:
    library = import_papers(tmp_path, {"title": TITLE, "authors": ["Ann Jay"]})
    mark_all(library)
    (marked,) = (library.paper(row).id for row in library.table.newest)
    delete_catalog(library)
    works = [{"title": TITLE, "authors": [author]} for author in ("Ann Jay", "Bo Kay")]
    library = import_papers(tmp_path, *works)
    assert not library.marks
    ids = sorted(library.paper(row).id for row in library.table.newest)
    expected = f"arks under the id {marked} are not shown, because they may belong to any of "
    assert expected in " ".join(library.pop_warnings())
    (problem,) = library.maintenance.check()
    assert expected in problem.message
    assert all(id in problem.message for id in ids)
    with pytest.raises(Ambiguous, match="one of several works with the same title"):
        library.resolve(marked)
    notebook = library.folder / "notebook.json"
    notebook.write_text(notebook.read_text(encoding="utf-8").replace(marked, ids[1]), encoding="utf-8")
    repaired = Library.open()
    assert repaired.maintenance.check() == []
    (row,) = repaired.marks
    assert repaired.paper(row).id == ids[1]

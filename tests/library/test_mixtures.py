"""Marks and notes of papers that mixed several works stay with the work that was shown, and the user is informed."""

from __future__ import annotations

from pathlib import Path
from unittest import mock

import pytest

from paperreader.catalog.write import writer
from paperreader.errors import StorageError
from paperreader.library import Library
from paperreader.models import MarkChange, SourceRecord
from tests.catalog.test_mixtures import GOODFELLOW, LECUN, PREPRINT, TITLE, library_with, mixture

BIBTEX = """
@article{a, title={Deep learning}, author={Yann LeCun and Yoshua Bengio}, journal={Nature}, year={2015}}
@book{b, title={Deep learning}, author={Ian Goodfellow and Yoshua Bengio}, year={2016}}
"""


@pytest.mark.parametrize("shown", [LECUN, GOODFELLOW])
@pytest.mark.parametrize("separate", ["repair", "import"])
def test_note_stays_with_work_that_was_shown(tmp_path: Path, shown: SourceRecord, separate: str) -> None:
    mixed = mixture(LECUN, GOODFELLOW, shown=shown)
    library_with(tmp_path, mixed)
    library = Library.open(tmp_path / "library")
    library.save_and_apply([MarkChange(mixed.paper.id, TITLE, note="Read chapter 2.")])
    if separate == "repair":
        messages = " ".join(library.maintenance.repair())
    else:
        file = tmp_path / "references.bib"
        file.write_text(BIBTEX, encoding="utf-8")
        library.imports.import_paths([str(file)])
        messages = " ".join(library.pop_warnings())
    assert "separated" in messages.lower()
    library.refresh()
    notes = {library.paper(row).authors: library.mark(row).note_text for row in library.table.newest}
    assert notes == {
        LECUN.authors: "Read chapter 2." if shown is LECUN else "",
        GOODFELLOW.authors: "Read chapter 2." if shown is GOODFELLOW else "",
    }


@pytest.mark.parametrize("separate", ["repair", "import"])
def test_note_under_arxiv_id_moves_to_the_work_that_was_shown(tmp_path: Path, separate: str) -> None:
    library_with(tmp_path, mixture(PREPRINT, LECUN, shown=LECUN))
    library = Library.open(tmp_path / "library")
    change = MarkChange("2403.00001", TITLE, bookmark=True, note="Read page 2.", tags={"lamps": True})
    library.save_and_apply([change])
    if separate == "repair":
        library.maintenance.repair()
    else:
        file = tmp_path / "other.bib"
        file.write_text("@article{x, title={Quite another matter altogether}, author={Ann Jay}}")
        library.imports.import_paths([str(file)])
    for opened in (library, Library.open(tmp_path / "library")):
        marked = [
            (opened.paper(row).authors, mark.bookmarked, mark.note_text, mark.tag_names)
            for row, mark in opened.marks.items()
            if mark.is_set
        ]
        assert marked == [(LECUN.authors, True, "Read page 2.", ("lamps",))]
        assert opened.maintenance.check() == [] or separate == "repair"


def test_marks_are_not_lost_if_papers_cannot_be_written_after_their_marks_have_moved(tmp_path: Path) -> None:
    library_with(tmp_path, mixture(PREPRINT, LECUN, shown=LECUN))
    folder = tmp_path / "library"
    library = Library.open(folder)
    library.save_and_apply([MarkChange("2403.00001", TITLE, note="Read page 2.")])
    full = mock.patch.object(writer, "append_chunk", side_effect=StorageError("The disk is full."))
    with full, pytest.raises(StorageError, match="disk is full"):
        library.maintenance.repair()
    library = Library.open(folder)
    assert [mark.note_text for mark in library.marks.values()] == ["Read page 2."]
    library.maintenance.repair()
    library = Library.open(folder)
    assert [
        (library.paper(row).authors, mark.note_text) for row, mark in library.marks.items() if mark.is_set
    ] == [(LECUN.authors, "Read page 2.")]

"""Libraries that earlier versions wrote open without loss. Files in `stored/` are never changed, only added.

`mixed/` was written by a version that merged records by title or DOI alone: its papers mix works. Each note names the
authors that were shown when it was written.

`version_1/` is a library in the first format of the catalog and the notebook, with papers of several sources, two works
with one title, marks, a removed paper, an import that can be undone, and keys of the notebook that no version knew.
`expected.jsonl` is what `export --format jsonl` printed then.

`without_categories/` was written before categories were stored, with its metadata tables (`names.bin`) and the files
that it was imported from.

`with_categories/` is a library with categories, and with fields that no version knew.

`with_dislikes/` is one with the mark "less of this".

`with_summaries/` is one with summaries by commands, one of them deleted.

`with_versions/` is one with three versions of a paper, of which the user has seen the second.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from paperreader import paths
from paperreader.jobs.client import Job
from paperreader.library import Library, history_of
from paperreader.models import MarkChange

STORED = Path(__file__).parent / "stored"

SEPARATED = {
    ("Ann Jay", "Bo Kay"): "",
    ("Cy Elm", "Bo Kay", "Di Low"): "Note on Cy Elm, Bo Kay, Di Low",
    ("Dee Fir",): "",
    ("Eve Gum", "Flo Hay"): "Note on Eve Gum, Flo Hay",
    ("Hal Jet", "Gil Ivy"): "Note on Hal Jet, Gil Ivy",
    ("Ida Kit", "Jo Lee"): "Note on Ida Kit, Jo Lee",
    ("Kim May", "Lou Nye"): "Note on Kim May, Lou Nye",
    ("Max Oak",): "Note on Max Oak",
}
"""Notes by the authors of their papers, after works were separated by what is stored."""


def copy_library(name: str, folder: Path) -> Path:
    return Path(shutil.copytree(STORED / name, folder / name))


def notes_by_authors(library: Library) -> dict[tuple[str, ...], str]:
    papers = {row: library.paper(row) for row in library.table.newest}
    assert len({paper.authors for paper in papers.values()}) == len(papers)
    return {paper.authors: library.mark(row).note_text for row, paper in papers.items()}


@pytest.mark.parametrize("change", ["repair", "import", "remove and undo", "undo import"])
def test_mixed_works_are_separated_before_the_next_change(tmp_path: Path, change: str) -> None:
    folder = copy_library("mixed", tmp_path)
    library = Library.open(folder)
    assert len(library.table) == 6
    library.pop_warnings()
    expected = dict(SEPARATED)
    if change == "repair":
        messages = library.maintenance.repair()
    elif change == "import":
        other = tmp_path / "other.bib"
        other.write_text(
            "@article{a, title={On Something Else Entirely}, author={Zed, Zoe}}", encoding="utf-8"
        )
        library.imports.import_paths([str(other)])
        expected[("Zoe Zed",)] = ""
    elif change == "remove and undo":
        library.removals.remove(["a-plain-paper-about-walls-e63feee7"])
        library.removals.undo()
    else:
        library.imports.undo_import()
        expected = {}
    if change != "repair":
        messages = list(library.pop_warnings())
    assert "works or publications that were mixed in 3 papers: “" in " ".join(messages)
    for opened in (library, Library.open(folder)):
        assert notes_by_authors(opened) == expected
        problems = [problem for problem in opened.maintenance.check() if problem.file != "index"]
        assert problems == []
    assert "mixed" not in " ".join(Library.open(folder).pop_warnings())


def test_what_the_records_do_not_tell_apart_is_separated_by_importing_the_file_again(tmp_path: Path) -> None:
    folder = copy_library("mixed", tmp_path)
    library = Library.open(folder)
    library.imports.import_paths([str(folder / "references.bib")])
    assert "Papers that mixed several works" in " ".join(library.pop_warnings())
    found = {
        (library.paper(row).title.casefold(), library.paper(row).published): library.mark(row).note_text
        for row in library.table.newest
    }
    assert found == {
        ("slow lamps in autumn", "2015"): "",
        ("slow lamps in autumn", "2016"): "Note on Cy Elm, Bo Kay, Di Low",
        ("counting doors at night", "2024"): "",
        ("counting doors at night", "2020"): "Note on Eve Gum, Flo Hay",
        ("hinges and where to find them", "2012"): "",
        ("handles through the ages of doors", "2012"): "Note on Hal Jet, Gil Ivy",
        ("an introduction to lamps", "1998"): "Note on Ida Kit, Jo Lee",
        ("an introduction to lamps", "2018"): "",
        ("windows revisited slowly", "2021"): "Note on Kim May, Lou Nye",
        ("a plain paper about walls", "2011"): "Note on Max Oak",
    }
    assert all(mark.bookmarked == bool(mark.note_text) for mark in library.marks.values())


def stored_files(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in ("papers.jsonl", "notebook.json")}


def test_library_of_version_1_opens_unchanged(tmp_path: Path) -> None:
    folder = copy_library("version_1", tmp_path)
    before = stored_files(folder)
    library = Library.open(folder)
    exported = library.exports.lines(library.table.newest, "jsonl")
    expected = (folder / "expected.jsonl").read_text(encoding="utf-8").splitlines()
    for then, now in zip(map(json.loads, expected), map(json.loads, exported), strict=True):
        assert {name: now.get(name) for name in then} == then, "fields are only ever added"
    assert [problem for problem in library.maintenance.check() if problem.file != "index"] == []
    assert stored_files(folder) == before


def test_library_of_version_1_can_be_changed_and_restored(tmp_path: Path) -> None:
    folder = copy_library("version_1", tmp_path)
    library = Library.open(folder)
    titles = {library.paper(row).title for row in library.table.newest}
    change = MarkChange("introduction-to-windows-525cc5a58eee", note="The article. Read it.")
    library.save_and_apply([change])
    notebook = json.loads((folder / "notebook.json").read_bytes())
    assert notebook["future"] == {"kept": [1, 2]}
    assert notebook["papers"]["2502.00011"]["rating"] == 5
    assert library.removals.undo() == ("removed-before-long-37767e15",)
    undone = library.imports.undo_import()
    assert undone is not None
    assert (undone.removed, undone.restored, undone.source_names) == (1, 1, ("later.bib",))
    opened = Library.open(folder)
    assert {opened.paper(row).title for row in opened.table.newest} == (
        titles - {"Imported Last of All"} | {"Removed before long"}
    )
    notes = {opened.paper(row).authors: mark.note_text for row, mark in opened.marks.items()}
    assert notes[("Dee Fir",)] == "The article. Read it."
    assert notes[("Ann Jay", "Bo Kay")] == "First thought.\n\nSecond thought: “λ”."
    opened.maintenance.repair()
    assert opened.maintenance.check() == []


def test_categories_arrive_when_the_files_are_imported_again(tmp_path: Path) -> None:
    folder = copy_library("without_categories", tmp_path)
    before = stored_files(folder)
    library = Library.open(folder)
    cache = paths.cache_folder(library.uuid)
    cache.mkdir(parents=True, exist_ok=True)
    shutil.copy(folder / "names.bin", cache)
    assert stored_files(folder) == before
    assert not library.maintenance.index_is_current()
    Job(folder, "reindex").run(lambda progress: None)
    assert library.maintenance.index_is_current()
    assert [library.paper(row).arxiv for row in library.search("lamps OR windows").rows] == [
        "2503.00002",
        "2404.00001",
    ]
    report = library.imports.import_paths([str(folder / name) for name in ("refs.bib", "feed.xml")])
    assert (report.new, report.read) == (0, 3)
    found = [library.paper(row).arxiv for row in library.search("cat:cs.LG added:<=today").rows]
    assert found == ["2503.00002", "2404.00001"]
    papers = [library.paper(row) for row in library.table.newest]
    assert {paper.arxiv: paper.categories for paper in papers} == {
        "2404.00001": ("cs.LG",),
        "2503.00002": ("cs.CL", "cs.LG"),
        "": (),
    }
    assert {mark.tag_names or mark.note_text for mark in library.marks.values()} == {
        ("talk",),
        "Dim is good.",
    }


def test_unknown_fields_of_papers_are_preserved(tmp_path: Path) -> None:
    folder = copy_library("with_categories", tmp_path)
    before = stored_files(folder)
    library = Library.open(folder)
    exported = [json.loads(line) for line in library.exports.lines(library.table.newest, "jsonl")]
    expected = (folder / "expected.jsonl").read_text(encoding="utf-8").splitlines()
    for then, now in zip(map(json.loads, expected), exported, strict=True):
        assert {name: now.get(name) for name in then} == then, "fields are only ever added"
    assert stored_files(folder) == before
    other = tmp_path / "other.bib"
    other.write_text(
        "@misc{a, title={Dim Lamps See More}, author={Ann Jay}, eprint={2404.00001}, votes={3}}",
        encoding="utf-8",
    )
    assert library.imports.import_paths([str(other)]).merged == 1
    library.imports.import_paths([str(folder / "refs.bib")])
    library.maintenance.repair()
    lines = (folder / "papers.jsonl").read_text(encoding="utf-8").splitlines()
    *_, line = [line for line in lines if line.startswith('{"id":"2404.00001"')]
    assert json.loads(line)["rating"] == {"of": 5, "by": ["ann"]}


def test_less_of_this_is_read_and_preserved(tmp_path: Path) -> None:
    folder = copy_library("with_dislikes", tmp_path)
    before = stored_files(folder)
    library = Library.open(folder)
    marks = {library.paper(row).arxiv: mark for row, mark in library.marks.items()}
    assert marks["2503.00002"].disliked == (True, 1741080001000)
    assert not (marks["2503.00001"].is_disliked or marks["2503.00002"].is_hidden)
    assert stored_files(folder) == before
    library.save_and_apply(
        [MarkChange("2503.00001", disliked=True), MarkChange("2503.00002", disliked=False)]
    )
    papers = json.loads((folder / "notebook.json").read_bytes())["papers"]
    assert {id: mark["disliked"][0] for id, mark in papers.items()} == {
        "2503.00001": True,
        "2503.00002": False,
    }
    assert papers["2503.00001"]["tags"] == {"light": [True, 1741080000000]}


def test_summaries_are_read_and_preserved(tmp_path: Path) -> None:
    folder = copy_library("with_summaries", tmp_path)
    before = stored_files(folder)
    library = Library.open(folder)
    marks = {library.paper(row).arxiv: mark for row, mark in library.marks.items()}
    shown = {id: {name: each.text for name, each in mark.generated.items()} for id, mark in marks.items()}
    assert shown == {
        "2503.00001": {"tldr": "Few lamps suffice."},
        "2503.00002": {"tldr": "Sediment is a memory."},
    }
    assert stored_files(folder) == before
    library.save_and_apply([MarkChange(id, bookmark=True) for id in shown])
    after = json.loads((folder / "notebook.json").read_bytes())["papers"]
    old = json.loads(before["notebook.json"])["papers"]
    assert all(after[id]["summaries"] == old[id]["summaries"] for id in shown)


def test_versions_are_read_and_preserved(tmp_path: Path) -> None:
    folder = copy_library("with_versions", tmp_path)
    before = stored_files(folder)
    library = Library.open(folder)
    (row,) = library.inbox.updates.of(library.table)
    history = history_of(library.table, row)
    assert history is not None
    assert [(each.number, each.title, each.day) for each in history.versions] == [
        (3, "Lamps at Sea", "2025-04-05"),
        (2, "Lamps at Sea", "2025-03-20"),
        (1, "Lamps", "2025-03-01"),
    ]
    assert library.mark(row).seen_version == (2, 1741080000000)
    assert stored_files(folder) == before
    library.save_and_apply([MarkChange("2503.00001", seen_version=3)])
    assert not library.inbox.updates.of(library.table)

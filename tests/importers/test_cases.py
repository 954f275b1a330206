"""Small files of every kind that is easily lost or mixed up, imported into one library and read back from it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from paperreader.exporters.formats import ExportItem, render
from paperreader.library import Library
from paperreader.models import Mark, Paper
from tests.importers.import_helpers import import_paths

FOLDER = Path(__file__).parent / "cases"
EXPECTED: dict[str, list[dict[str, Any]]] = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))
"""The papers in each file, with the fields that are checked."""

REAL_COUNTS = dict(
    zip(
        (f"{number:02}" for number in range(1, 30)),
        (4, 2, 1, 1, 1, 1, 2, 1, 1, 1, 2, 4, 1, 1, 2, 2, 1, 1, 2, 2, 1, 1, 1, 2, 1, 2, 1, 1, 2),
        strict=True,
    )
)
"""Papers in each of the files after which the cases above were modelled."""


class Imported(NamedTuple):
    """The papers of one library by the file they came from, in its order, with their marks."""

    papers: dict[str, list[tuple[Paper, Mark]]]
    problems: list[str]


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Imported:
    """Import all files at once, so that each may be mixed up with any other."""
    folder = tmp_path_factory.mktemp("cases")
    with pytest.MonkeyPatch.context() as environment:
        for name in ("DATA", "CACHE", "STATE", "CONFIG"):
            environment.setenv(f"XDG_{name}_HOME", str(folder / name.lower()))
        library = Library.open(folder / "library")
        report = library.imports.import_paths([str(FOLDER / name) for name in EXPECTED])
        library.refresh()
        found = [(library.paper(row), library.mark(row)) for row in library.table.newest]
    papers: dict[str, list[tuple[Paper, Mark]]] = {}
    for paper, mark in sorted(found, key=lambda each: int(each[0].sources[0].key.rpartition(":")[2])):
        assert len({source.name for source in paper.sources}) == 1, "two works were mixed"
        papers.setdefault(paper.sources[0].name, []).append((paper, mark))
    return Imported(papers, [problem.message for problem in report.problems])


@pytest.mark.parametrize("name", EXPECTED)
def test_every_paper_of_a_case_is_imported_as_its_file_says(imported: Imported, name: str) -> None:
    found = imported.papers[name]
    assert len(found) == len(EXPECTED[name])
    for (paper, mark), expected in zip(found, EXPECTED[name], strict=True):
        shown = {
            **{field: getattr(paper, field) for field in Paper.__struct_fields__},
            "links": [link.url for link in paper.links],
            "note": mark.note_text if mark else "",
        }
        lists = {field: list(value) for field, value in shown.items() if isinstance(value, tuple)}
        assert {field: (shown | lists)[field] for field in expected} == expected


def test_nothing_is_reported(imported: Imported) -> None:
    assert imported.problems == []


def test_exports_without_tex(imported: Imported) -> None:
    ((paper, _),) = imported.papers["28-tex-into-ris.bib"]
    title, abstract = "Doors & Lamps: Öl with 50% of Wick and More", "We use 50% of oil."
    for form, parts in {
        "ris": [f"TI  - {title}", f"AB  - {abstract}", "T2  - Light & Dark"],
        "csv": [title, abstract, "Light & Dark"],
    }.items():
        text = "\n".join(render(form, [ExportItem(paper, Mark(), ())]))
        assert [part for part in parts if part not in text] == []
        assert "\\" not in text


@pytest.fixture
def real_cases(real_data: Path) -> list[Path]:
    """The files of the cases, which cannot be distributed."""
    files = [
        path for path in (real_data.parent / "cases" / "files").glob("*") if ".expected." not in path.name
    ]
    return sorted(files) or pytest.skip("no real cases at hand")


def test_real_cases(real_cases: list[Path]) -> None:
    counts = {}
    for path in real_cases:
        records, problems = import_paths(path)
        counts[path.name[:2]] = len(records)
        assert problems == [], path.name
    assert counts == REAL_COUNTS


def test_real_works_with_equal_titles_or_dois_stay_separate(real_cases: list[Path], tmp_path: Path) -> None:
    library = Library.open(tmp_path / "library")
    library.imports.import_paths([str(path) for path in real_cases if path.name[:2] in ("01", "26", "29")])
    library.refresh()
    assert len(library.table) == 8
    assert all(len(library.paper(row).sources) == 1 for row in library.table.newest)

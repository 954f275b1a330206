"""Random damage to derived files. `python -m tests.endurance.damage` runs more trials."""

from __future__ import annotations

from pathlib import Path

from paperreader.library import Library
from tests.endurance import damage


def test_damaged_derived_files_never_change_results(tmp_path: Path) -> None:
    counts = damage.run(tmp_path, 8, papers=8)
    assert counts.total() == 8


def test_results_do_not_depend_on_how_the_index_was_built(tmp_path: Path) -> None:
    bench = damage.DamageBench(tmp_path, 30)
    queries = sorted({f"{word[:4]}*" for word in damage.WORDS})
    found = damage.results_of(Library(bench.folder), queries)
    Library(bench.folder).maintenance.reindex(from_scratch=True)
    assert damage.results_of(Library(bench.folder), queries) == found

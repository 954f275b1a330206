"""Random damage to derived files. `python -m tests.endurance.damage` runs more trials."""

from __future__ import annotations

from pathlib import Path

from tests.endurance import damage


def test_damaged_derived_files_never_change_results(tmp_path: Path) -> None:
    counts = damage.run(tmp_path, 8, papers=8)
    assert counts.total() == 8

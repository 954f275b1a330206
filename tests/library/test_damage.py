"""Derived files damaged at random, in short; `python -m tests.endurance.damage` goes on for as long as one likes."""

from __future__ import annotations

from pathlib import Path

from tests.endurance import damage


def test_damaged_derived_files_never_change_results(tmp_path: Path) -> None:
    ended = damage.run(tmp_path, 8, papers=8)
    assert ended.total() == 8

"""Derived files damaged at random, in short; `python -m tests.endurance.damage` goes on for as long as one likes."""

from __future__ import annotations

from pathlib import Path

from tests.endurance import damage


def test_damage_to_derived_files_costs_a_rebuild_and_no_answer(tmp_path: Path) -> None:
    ended = damage.run(tmp_path, 8, papers=8)
    assert ended.total() == 8

"""Random terminal input; `python -m tests.endurance.terminal_input` sends 100,000 sequences."""

from __future__ import annotations

from pathlib import Path

from tests.endurance import terminal_input


def test_random_sequences_change_nothing(tmp_path: Path) -> None:
    assert terminal_input.run_in_reader(tmp_path, 2_000, seed=20251129) > 0


def test_random_sequences_in_pieces_are_no_keys() -> None:
    assert terminal_input.run_parser(10_000, seed=20251129) > 0

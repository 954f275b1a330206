"""A reader in a terminal and another process at once; `python -m tests.endurance.two_readers` makes 500 marks each."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.endurance import two_readers


@pytest.mark.endurance
def test_marks_of_both_processes_are_saved_and_shown(tmp_path: Path) -> None:
    assert two_readers.run(tmp_path, 10) > 0

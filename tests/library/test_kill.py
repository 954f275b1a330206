"""kill -9 at random moments. `python -m tests.endurance.kill` runs longer."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.endurance import full_texts, kill


@pytest.mark.endurance
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_acknowledged_changes_survive_kill(tmp_path: Path) -> None:
    counts = kill.run(tmp_path, 2, seconds=0.25)
    assert counts["kills"] == 2
    assert counts["mark"] + counts["note"] + counts["import"] > 0, "some actions were acknowledged"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_full_texts_are_whole_after_a_kill(tmp_path: Path) -> None:
    counts = full_texts.run(tmp_path / "texts", 4, seconds=0.05)
    assert counts["kills"] == 4
    assert counts["checked"] > 0

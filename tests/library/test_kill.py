"""kill -9 in the middle of everything, in short; `python -m tests.endurance.kill` goes on for as long as one likes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.endurance import kill


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_acknowledged_changes_survive_kill(tmp_path: Path) -> None:
    figures = kill.run(tmp_path, 4, seconds=0.25)
    assert figures["kills"] == 4
    assert figures["mark"] + figures["note"] + figures["import"] > 0, "something was acknowledged at all"

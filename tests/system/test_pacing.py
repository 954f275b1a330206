"""Pauses in long loops."""

from __future__ import annotations

import pytest

from paperreader.system import pacing


@pytest.mark.parametrize(("count", "pauses"), [(0, 0), (9, 0), (10, 1), (35, 3)])
def test_every_item_is_yielded_with_a_pause_after_some(
    monkeypatch: pytest.MonkeyPatch, count: int, pauses: int
) -> None:
    slept: list[float] = []
    monkeypatch.setattr(pacing.time, "sleep", slept.append)
    assert list(pacing.paced(range(count), at_once=10)) == list(range(count))
    assert len(slept) == pauses

"""Tests of garbage collection between key presses."""

from __future__ import annotations

import gc
import weakref

import pytest

from paperreader.tui.runtime.idle_gc import IDLE_SECONDS, IdleCollector


class Knot:
    """A reference cycle, which only a full collection frees."""

    def __init__(self):
        self.itself = self


@pytest.fixture
def collector():
    """Restore the settings of the collector afterwards."""
    enabled, thresholds = gc.isenabled(), gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*thresholds)
    (gc.enable if enabled else gc.disable)()


def test_garbage_is_collected_only_after_a_pause(collector):
    now = 0.0
    tidying = IdleCollector(lambda: now)
    gc.disable()
    tidying.enable()
    assert gc.isenabled()
    gc.collect()
    knot = weakref.ref(Knot())
    gc.collect(0)  # as happens during painting: moves the cycle to the middle generation
    held = [Knot()]
    gc.collect(0)
    kept = weakref.ref(held.pop())
    tidying.note_activity()
    now = IDLE_SECONDS / 2
    assert not tidying.collect_if_idle()
    assert kept() is not None
    now = 2 * IDLE_SECONDS
    assert tidying.collect_if_idle()
    assert kept() is None and knot() is None
    assert not tidying.collect_if_idle()

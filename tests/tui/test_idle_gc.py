"""Tests of garbage collection between key presses."""

from __future__ import annotations

import gc
import weakref

import pytest

from paperreader.tui.runtime.idle_gc import IDLE_SECONDS, IdleCollector


class Cycle:
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
    idle_collector = IdleCollector(lambda: now)
    gc.disable()
    idle_collector.enable(papers=10)
    assert gc.isenabled()
    gc.collect()
    old_reference = weakref.ref(Cycle())
    gc.collect(0)  # as happens during painting: moves the cycle to the middle generation
    objects = [Cycle()]
    gc.collect(0)
    young_reference = weakref.ref(objects.pop())
    idle_collector.note_activity()
    now = IDLE_SECONDS / 2
    assert not idle_collector.collect_if_idle()
    assert young_reference() is not None
    now = 2 * IDLE_SECONDS
    assert idle_collector.collect_if_idle()
    assert young_reference() is None and old_reference() is None
    assert not idle_collector.collect_if_idle()

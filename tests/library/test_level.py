"""Neither searches nor imports leave something behind; `python -m tests.endurance.level` tells it over thousands."""

from __future__ import annotations

import gc
import random
import sys
import tracemalloc
from pathlib import Path

import pytest

from paperreader.library import Library
from tests.endurance import level

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")


@pytest.fixture
def library(tmp_path: Path) -> Library:
    library = Library.open()
    level.import_page(library, tmp_path, -1, 200, random.Random(1))
    return library


def test_number_of_open_files_stays_constant(library: Library, tmp_path: Path) -> None:
    chance = random.Random(2)
    counts = []
    for number in range(8):
        level.import_page(library, tmp_path, number, 5, chance)
        for _ in range(10):
            level.search(library, chance)
        counts.append(level.ResourceUsage.now().open_files)
    # An index of several pieces has several files open; they are put together now and then.
    library.maintenance.maintain()
    level.search(library, chance)
    assert level.ResourceUsage.now().open_files <= min(counts)


def test_searches_do_not_leak_memory(library: Library) -> None:
    def held() -> int:
        for seed in range(30):
            level.search(library, random.Random(seed))
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    held()
    tracemalloc.start()
    try:
        held()
        first = held()
        for _ in range(3):
            last = held()
    finally:
        tracemalloc.stop()
    assert last - first < 3 * 30 * 700, "not even the rows of an answer"

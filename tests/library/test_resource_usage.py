"""Searches and imports leak no memory and no open files. `python -m tests.endurance.resource_usage` does thousands."""

from __future__ import annotations

import gc
import random
import sys
import tracemalloc
from pathlib import Path

import pytest

from paperreader.library import Library
from tests.endurance import resource_usage

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")


@pytest.fixture
def library(tmp_path: Path) -> Library:
    library = Library.open()
    resource_usage.import_page(library, tmp_path, -1, 200, random.Random(1))
    return library


@pytest.mark.endurance
def test_number_of_open_files_stays_constant(library: Library, tmp_path: Path) -> None:
    rng = random.Random(2)
    counts = []
    for number in range(8):
        resource_usage.import_page(library, tmp_path, number, 5, rng)
        for _ in range(10):
            resource_usage.search(library, rng)
        counts.append(resource_usage.ResourceUsage.now().open_files)
    # Each segment of the index has open files; maintenance merges the segments.
    library.maintenance.maintain()
    resource_usage.search(library, rng)
    assert resource_usage.ResourceUsage.now().open_files <= min(counts)


def test_no_file_of_a_library_is_mapped(library: Library, home: Path) -> None:
    library.maintenance.reindex()
    library = Library.open()
    for seed in range(10):
        resource_usage.search(library, random.Random(seed))
    library.maintenance.maintain()
    # Reading a mapped page of a failing disk, or of a file that was truncated, ends the process (SIGBUS).
    assert str(home) not in Path("/proc/self/maps").read_text(encoding="utf-8")


@pytest.mark.endurance
def test_searches_do_not_leak_memory(library: Library) -> None:
    def memory_after_searches() -> int:
        for seed in range(30):
            resource_usage.search(library, random.Random(seed))
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    memory_after_searches()
    tracemalloc.start()
    try:
        memory_after_searches()
        first = memory_after_searches()
        for _ in range(3):
            last = memory_after_searches()
    finally:
        tracemalloc.stop()
    assert last - first < 3 * 30 * 700, "less than the rows of one result"

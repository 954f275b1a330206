"""Returning memory to the system, with glibc."""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

import pytest

from paperreader.system import memory

glibc = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="no effect with other C libraries")

_THREADS = """
import ctypes, threading
from paperreader.system import memory
{first}
barrier = threading.Barrier(4)
def work():
    block = bytearray(4096)
    barrier.wait()
    return block
for _ in range(3):
    threading.Thread(target=work).start()
barrier.wait()
ctypes.CDLL(None).malloc_stats()
"""


def count_heaps(first: str) -> int:
    """Return how many heaps three threads use, if `first` was executed before they were started."""
    stats = subprocess.run(
        [sys.executable, "-c", _THREADS.format(first=first)], capture_output=True, text=True, check=True
    ).stderr
    return stats.count("Arena ")


@glibc
def test_threads_share_one_heap_on_request():
    assert count_heaps("memory.use_single_heap()") == 1
    assert count_heaps("") > 1


@glibc
def test_free_memory_is_returned_to_the_system():
    blocks = [bytes(50_000) for _ in range(400)]
    before = anonymous_kilobytes()
    blocks[::2] = [b""] * 200  # holes inside the heap
    memory.release_free_memory()
    assert before - anonymous_kilobytes() > 5_000


_FREED_ARRAY = """
from paperreader.system import memory
from tests.system.test_memory import anonymous_kilobytes
{first}
memory.release_large_arrays_early()
array = b"." * (8 << 20)
del array
kept = anonymous_kilobytes()
memory.release_free_memory()
print(kept - anonymous_kilobytes())
"""


@glibc
@pytest.mark.parametrize(
    ("first", "is_kept"),
    [
        ("memory.keep_freed_memory(1_000_000)", True),
        ("memory.keep_freed_memory(100_000)", False),
        ("", False),
    ],
    ids=["kept", "few papers", "returned"],
)
def test_memory_of_large_arrays_is_only_kept_with_very_many_papers(first: str, is_kept: bool):
    output = subprocess.run(
        [sys.executable, "-c", _FREED_ARRAY.format(first=first)],
        capture_output=True,
        check=True,
        text=True,
        cwd=Path(__file__).parents[2],
    ).stdout
    assert (int(output) > 6_000) is is_kept


def anonymous_kilobytes() -> int:
    with Path("/proc/self/status").open(encoding="ascii") as status:
        return int(next(line.split()[1] for line in status if line.startswith("RssAnon")))

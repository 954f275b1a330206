"""Open files of a library."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from paperreader.library import Library

FILE_DESCRIPTORS = Path("/proc/self/fd")


@pytest.mark.skipif(not FILE_DESCRIPTORS.exists(), reason="files of a process can be listed on Linux only")
def test_dropped_library_closes_its_files(home, tmp_path):
    """Without the garbage collector: objects that exist when the search engine is loaded are never collected."""
    page = tmp_path / "page.bib"
    page.write_text(
        "@article{a, title={Slow Rivers Remember}, author={Ada Ford}, abstract={Rivers.}, year={2020}}"
    )
    gc.collect()
    gc.disable()
    try:
        library = Library.open()
        library.imports.import_paths([str(page)])
        library.search("rivers")
        folder = library.folder.resolve()
        assert open_files_in(folder)
        del library
        assert not open_files_in(folder)
    finally:
        gc.enable()


def open_files_in(folder):
    return [path for path in FILE_DESCRIPTORS.iterdir() if path.resolve().is_relative_to(folder)]

"""The index after a large import."""

from __future__ import annotations

import json

from paperreader.catalog.catalog_file import BULK_IMPORT_BYTES
from paperreader.library import Library


def test_large_first_import_is_searchable(tmp_path):
    file = tmp_path / "large.jsonl"
    long = "light " * (BULK_IMPORT_BYTES // 24)
    with file.open("w", encoding="utf-8") as lines:
        for number in range(5):
            print(json.dumps({"title": f"Lanterns, part {number}", "abstract": long}), file=lines)
    library = Library.open(tmp_path / "library")
    assert library.imports.import_paths([str(file)]).new == 5
    assert len(library.table) == 5
    assert library.maintenance.index_is_current()
    assert library.search("lanterns").full_matches == 5

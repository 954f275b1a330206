"""Importing the search prints nothing and loads no unneeded modules."""

import os
import subprocess
import sys

import pytest


@pytest.mark.endurance  # its version is pinned: only a new Python can change it
def test_compiling_whoosh_emits_no_warning(tmp_path):
    # An empty bytecode cache: everything is compiled.
    process = subprocess.run(
        [
            sys.executable,
            "-W",
            "error::SyntaxWarning",
            "-W",
            "error::DeprecationWarning",
            "-c",
            "import paperreader.search.engine",
        ],
        env={**os.environ, "PYTHONPYCACHEPREFIX": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (process.returncode, process.stderr) == (0, "")


def test_search_loads_no_network_modules():
    process = subprocess.run(
        [sys.executable, "-c", "import paperreader.search.engine, sys; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert {"whoosh.index", "numpy"} <= set(process)
    assert not {"urllib.request", "http.client", "ssl", "email"} & set(process)


def test_network_modules_load_after_search():
    code = (
        "import paperreader.search, urllib.request, os\n"
        "print(urllib.request.urlopen, os.environ.get('OPENBLAS_NUM_THREADS'))"
    )
    process = subprocess.run(
        [sys.executable, "-c", code],
        env={name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert process.startswith("<function urlopen")
    assert process.split()[-1] == "None"


def test_update_loads_no_query_modules_and_no_term_table(tmp_path):
    code = """
import sys
from pathlib import Path
from paperreader.catalog import Catalog
from paperreader.models import ImportedEntry, Source, SourceRecord
from paperreader.search import IndexStore
folder = Path(sys.argv[1])
catalog = Catalog(folder / "library", cache_root=lambda uuid: folder / "cache")
for title in ("Alpha", "Beta"):
    catalog.add([ImportedEntry((SourceRecord(title=title, source=Source("arxiv", "page", None, title)),))])
    store = IndexStore(folder / "cache" / "index")
    store.update(catalog.open())
print(store.snapshot(preload=False).is_loaded, *sys.modules)
"""
    is_loaded, *modules = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True
    ).stdout.split()
    assert is_loaded == "False"
    query_modules = ("engine", "session", "assist", "query", "metadata.lookup", "index.postings")
    query_prefixes = tuple(f"paperreader.search.{part}" for part in query_modules)
    assert [name for name in modules if name.startswith(query_prefixes)] == []

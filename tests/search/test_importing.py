"""Importing the search says nothing on a terminal, and loads nothing that only goes to the network."""

import os
import subprocess
import sys


def test_compiling_whoosh_gives_no_warning(tmp_path):
    # A cache of its own, empty: everything is compiled anew.
    told = subprocess.run(
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
    assert (told.returncode, told.stderr) == (0, "")


def test_the_search_loads_no_network():
    told = subprocess.run(
        [sys.executable, "-c", "import paperreader.search.engine, sys; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert {"whoosh.index", "numpy"} <= set(told)
    assert not {"urllib.request", "http.client", "ssl", "email"} & set(told)


def test_the_network_can_be_loaded_after_the_search():
    code = (
        "import paperreader.search, urllib.request, os\n"
        "print(urllib.request.urlopen, os.environ.get('OPENBLAS_NUM_THREADS'))"
    )
    told = subprocess.run(
        [sys.executable, "-c", code],
        env={name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert told.startswith("<function urlopen")
    assert told.split()[-1] == "None"


def test_updating_the_index_loads_nothing_that_answers_queries(tmp_path):
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
    parts = ("engine", "session", "assist", "query", "metadata.lookup", "index.postings")
    answering = tuple(f"paperreader.search.{part}" for part in parts)
    assert [name for name in modules if name.startswith(answering)] == []

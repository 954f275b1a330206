"""An archive of Daily Papers as a library with an index, and who submitted which paper.

The archive is a folder or a tar file of responses of Hugging Face, one JSON file a day, named by the day. The default
is `hf_daily` in `PAPERREADER_TEST_DATA`.
"""

from __future__ import annotations

import argparse
import ast
import datetime as dt
import json
import os
import tarfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import corpus
import numpy as np
from numpy.typing import NDArray

from paperreader import importers
from paperreader.models import ImportedEntry, PaperTable, Problem
from paperreader.search import IndexStore, SearchEngine
from paperreader.search.for_you.recommender import Recommender, Taste
from paperreader.search.for_you.stem_store import StemStore


class Archive:
    """The papers of an archive, and scores of the personal order for any of them as bookmarks.

    Args:
        path: the archive.
        folder: where the library is made.
        more: other papers, which are added to the library.
    """

    def __init__(self, path: Path, folder: Path, more: Sequence[ImportedEntry] = ()) -> None:
        entries = [*load_papers(path), *more]
        self.table: PaperTable = corpus.create_catalog(folder / "library", entries, folder / "cache").open()
        self.engine = SearchEngine(IndexStore(folder / "index"))
        self.engine.store.update(self.table)
        self.recommender = Recommender(self.engine.open_index, StemStore(folder / "for-you.bin"))
        self.rows = [row for row in self.table.newest if self.table.paper(row).listed]
        """Of the papers with a day of listing, that is, those of the archive."""
        self.weeks: dict[int, list[int]] = {}
        """Rows by week, counted from the first year."""
        for row in self.rows:
            self.weeks.setdefault(self.week(row), []).append(row)

    def week(self, row: int) -> int:
        """Return the number of the week in which a paper was listed."""
        return (dt.date.fromisoformat(self.table.paper(row).listed).toordinal() - 1) // 7

    def scores(self, liked: Sequence[int], disliked: Sequence[int] = ()) -> NDArray[np.float32]:
        """Return the score of every row for these bookmarks, and papers with "less of this"."""
        taste = Taste(tuple(sorted(liked)), tuple(sorted(disliked)))
        return self.recommender.score(taste, self.table).values


def add_archive_argument(parser: argparse.ArgumentParser) -> None:
    """Add the argument `archive`, by default the one in `PAPERREADER_TEST_DATA`."""
    data = os.environ.get("PAPERREADER_TEST_DATA")
    default = Path(data) / "hf_daily" if data else None
    parser.add_argument(
        "archive",
        type=Path,
        nargs="?" if default else None,
        default=default,
        help="archive of Daily Papers: a folder of JSON files or of tar files, or such a file",
    )


def load_papers(path: Path) -> list[ImportedEntry]:
    """Load the papers of an archive."""
    return [
        entry
        for item in importers.expand_paths([str(path)])
        if not isinstance(item, Problem)
        for entry in importers.read_entries(item, date=None, today=dt.date(2025, 9, 1))
        if isinstance(entry, ImportedEntry)
    ]


def submitters(path: Path) -> dict[str, str]:
    """Return who submitted each paper first, by arXiv id."""
    found: dict[str, str] = {}
    for content in _days(path):
        for item in json.loads(content):
            entry = _as_object(item)
            paper = _as_object(entry.get("paper"))
            by = _as_object(paper.get("submittedOnDailyBy")) or _as_object(entry.get("submittedBy"))
            name = by.get("user") or by.get("name")
            if name and paper.get("id"):
                found.setdefault(str(paper["id"]), str(name))
    return found


def _days(path: Path) -> Iterator[bytes]:
    """Yield the responses by day."""
    found: dict[str, bytes] = {}
    for file in sorted(path.iterdir()) if path.is_dir() else [path]:
        if file.suffix == ".json":
            found[file.name] = file.read_bytes()
        elif ".tar" in file.name:
            with tarfile.open(file) as archive:
                for member in archive:
                    if member.isfile() and member.name.endswith(".json"):
                        content = archive.extractfile(member)
                        found[Path(member.name).name] = content.read() if content is not None else b"[]"
    return (found[name] for name in sorted(found))


def _as_object(value: Any) -> dict[str, Any]:
    """Return a JSON object, also one that an archiver stored as the source text of a Python dictionary."""
    if isinstance(value, str):
        try:
            value = ast.literal_eval(value)
        except (ValueError, SyntaxError):
            return {}
    return value if isinstance(value, dict) else {}

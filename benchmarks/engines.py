"""What the search is measured against: SQLite FTS5, and tantivy where it is installed."""

from __future__ import annotations

import importlib.util
import shutil
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from paperreader.models import Paper

MAX_HITS = 10
"""Hits that an engine is asked for."""


class Engine(Protocol):
    """Takes papers once, then answers queries by words. The last word is completed unless the query ends in a blank."""

    name: str

    def build(self, papers: Iterable[Paper]) -> None: ...

    def search(self, query: str) -> int:
        """How many hits were given (some at most)."""
        ...

    def phrase(self, query: str) -> int:
        """As `search`, with the words side by side."""
        ...


class Fts5:
    """SQLite's full-text search as a program would use it to search while typing."""

    name = "FTS5"

    def __init__(self, folder: Path) -> None:
        self._path = folder / "fts5.db"
        self._path.unlink(missing_ok=True)
        self._database = sqlite3.connect(self._path)

    def build(self, papers: Iterable[Paper]) -> None:
        self._database.execute(
            "create virtual table papers using fts5"
            "(title, abstract, content='', tokenize='porter unicode61', prefix='2 3')"
        )
        self._database.executemany(
            "insert into papers (title, abstract) values (?, ?)",
            ((paper.title, paper.abstract) for paper in papers),
        )
        self._database.commit()

    def search(self, query: str) -> int:
        words = [f'"{word}"' for word in query.split()]
        return self._count_hits(" ".join(words) + ("" if query.endswith(" ") else "*"))

    def phrase(self, query: str) -> int:
        return self._count_hits(f'"{query}"')

    def _count_hits(self, query: str) -> int:
        found = self._database.execute(
            f"select rowid from papers where papers match ? order by rank limit {MAX_HITS}", (query,)
        )
        return len(found.fetchall())


class Tantivy:
    """The search library written in Rust, through its Python module."""

    name = "tantivy"

    def __init__(self, folder: Path) -> None:
        import tantivy

        self._tantivy = tantivy
        builder = tantivy.SchemaBuilder()
        for field in ("title", "abstract"):
            builder.add_text_field(field, stored=False, tokenizer_name="en_stem")
        self._path = folder / "tantivy"
        shutil.rmtree(self._path, ignore_errors=True)
        self._path.mkdir()
        self._schema = builder.build()
        self._index = tantivy.Index(self._schema, path=str(self._path))

    def build(self, papers: Iterable[Paper]) -> None:
        writer = self._index.writer(heap_size=128 << 20)
        for paper in papers:
            writer.add_document(self._tantivy.Document(title=paper.title, abstract=paper.abstract))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()

    def search(self, query: str) -> int:
        *words, last = query.split()
        parts = [
            f"+(title:{word} abstract:{word})" for word in (*words, *([last] if query[-1] == " " else []))
        ]
        if query[-1] != " ":
            # Its parser completes phrases only; a pattern over terms is what it has for a single word.
            parsed = [self._index.parse_query(part) for part in parts]
            any_field = self._tantivy.Query.boolean_query(
                [
                    (
                        self._tantivy.Occur.Should,
                        self._tantivy.Query.regex_query(self._schema, field, f"{last.lower()}.*"),
                    )
                    for field in ("title", "abstract")
                ]
            )
            must = self._tantivy.Occur.Must
            return self._count_hits(
                self._tantivy.Query.boolean_query([(must, each) for each in (*parsed, any_field)])
            )
        return self._count_hits(self._index.parse_query(" ".join(parts)))

    def phrase(self, query: str) -> int:
        return self._count_hits(self._index.parse_query(f'"{query}"', ["title", "abstract"]))

    def _count_hits(self, query: object) -> int:
        return len(self._index.searcher().search(query, MAX_HITS).hits)


def available_engines(folder: Path) -> list[Engine]:
    """The engines that can be had here, their files in `folder`."""
    found: list[Engine] = [Fts5(folder)]
    if importlib.util.find_spec("tantivy"):
        found.append(Tantivy(folder))
    return found

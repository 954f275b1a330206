"""Search engines for comparison: SQLite FTS5, and tantivy if it is installed."""

from __future__ import annotations

import importlib.util
import shutil
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from paperreader.models import Paper

MAX_HITS = 10
"""Number of hits requested from an engine."""


class Engine(Protocol):
    """Indexes papers once, then searches by words. The last word is a prefix unless the query ends with a space."""

    name: str

    def build(self, papers: Iterable[Paper]) -> None: ...

    def search(self, query: str) -> int:
        """Return the number of hits, at most `MAX_HITS`."""
        ...

    def phrase(self, query: str) -> int:
        """Like `search`, for a phrase."""
        ...


class Fts5:
    """SQLite full-text search, configured for search as you type."""

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
        engines = self._database.execute(
            f"select rowid from papers where papers match ? order by rank limit {MAX_HITS}", (query,)
        )
        return len(engines.fetchall())


class Tantivy:
    """The search library tantivy (Rust) through its Python bindings."""

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
            # Its query parser supports prefixes only in phrases; use a regular expression over terms.
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
    """Return the installed engines, with their files in `folder`."""
    engines: list[Engine] = [Fts5(folder)]
    if importlib.util.find_spec("tantivy"):
        engines.append(Tantivy(folder))
    return engines

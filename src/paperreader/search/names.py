"""Authors, ids and sources of all papers, for `author:`, `id:` and `source:`.

One short string a row and kind, searched from end to end: 100,000 rows take some milliseconds and 30 MB. Read from the
catalog when one of these filters is used for the first time, kept in a file, and in step with the catalog.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np

from paperreader.errors import StorageError
from paperreader.models import CatalogStamp, Paper, PaperTable
from paperreader.search import names_file
from paperreader.search.spelling import Spelling
from paperreader.search.tokens import words
from paperreader.search.words import Words
from paperreader.text.clean import fold
from paperreader.text.latex import readable

_BETWEEN = " | "
"""Parts the authors of a paper: no word holds a bar, so that a phrase never reaches across."""

_WORTH_KEEPING = 500
"""So many papers read, and the file is written anew."""


class Names:
    """What papers and those who wrote or told of them are called.

    Args:
        path: where they are kept between starts (see `names_file`).
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._stamp: CatalogStamp | None = None
        self._wanted: CatalogStamp | None = None
        self._todo: list[int] = []
        self._not_kept = 0
        """Papers read since they were last written to a file."""
        self._authors: list[str] = []
        self._joined_authors: _Joined | None = None
        self._joined_ids: _Joined | None = None
        self._author_words: Words | None = None
        self._author_spelling = Spelling(Words())
        self._ids: list[str] = []
        self._sources = array("I")
        """By row, which of `_told`."""
        self._told: dict[str, int] = {"": 0}
        """What papers' sources are called, every combination once."""

    def follow(self, table: PaperTable, check: Callable[[], None]) -> None:
        """Take over what the table says. `check` may raise, to break off; the next call goes on from there."""
        stamp = table.stamp
        if self._stamp == stamp:
            return
        if self._wanted is None and self._path is not None and (kept := names_file.read(self._path)):
            self._stamp, self._authors, self._ids = kept.stamp, kept.authors, kept.ids
            self._sources, self._told = kept.sources, {told: number for number, told in enumerate(kept.told)}
        if self._wanted != stamp:
            known = self._stamp
            changed = table.changed_since(known) if known is not None else None
            if changed is None:
                self._authors, self._ids, self._sources = [], [], array("I")
                changed = table.newest
            # Broken off before: what was still to be read then is read as well.
            self._todo = [*self._todo, *changed] if known is not None else list(changed)
            self._wanted = stamp
        self._author_words = self._joined_authors = self._joined_ids = None
        while self._todo:
            check()
            row = self._todo[-1]
            self._put(row, _paper(table, row) if table.is_live(row) else None)
            self._todo.pop()
            self._not_kept += 1
        self._stamp = stamp
        if self._path is not None and self._not_kept > _WORTH_KEEPING:
            with suppress(OSError):  # All of it is still here; the next start reads the papers again.
                names_file.write(
                    self._path,
                    names_file.Kept(stamp, self._authors, self._ids, self._sources, list(self._told)),
                )
            self._not_kept = 0

    def author_rows(self, phrases: Sequence[str], *, open: bool) -> list[int]:
        """The rows of papers by an author whose name holds one of the phrases (folded words, parted by blanks).

        `open`: the last word may go on.
        """
        if self._joined_authors is None:
            self._joined_authors = _Joined(self._authors)
        return self._joined_authors.holding([f" {phrase}" if open else f" {phrase} " for phrase in phrases])

    def id_rows(self, beginning: str) -> list[int]:
        """The rows of papers with an id, alias or DOI that begins so (in lower case)."""
        if self._joined_ids is None:
            self._joined_ids = _Joined(self._ids)
        return self._joined_ids.holding([f" {beginning}"])

    def source_rows(self, name: str) -> list[int]:
        """The rows of papers with a source of that kind, or whose name holds that (folded)."""
        if not self._sources:
            return []
        chosen = np.fromiter((name in told for told in self._told), np.bool_, len(self._told))
        found: list[int] = np.flatnonzero(chosen[np.frombuffer(self._sources, np.uint32)]).tolist()
        return found

    def author_words(self) -> Words:
        """The words of authors' names, with how many papers have each."""
        if self._author_words is None:
            counts = Counter(word for names in self._authors for word in set(names.split()))
            del counts["|"]
            self._author_words = Words(counts.items())
            self._author_spelling = Spelling(self._author_words)
        return self._author_words

    def near_author(self, word: str) -> tuple[str, ...]:
        """The words of authors' names that are spelt nearly so."""
        self.author_words()
        return self._author_spelling.near(word)

    def source_names(self) -> Counter[str]:
        """Kinds and names of sources, with how many papers came from each."""
        papers = Counter(self._sources)
        counts: Counter[str] = Counter()
        for told, number in self._told.items():
            for name in set(told.split("\n")):
                counts[name] += papers[number]
        return +counts

    def _put(self, row: int, paper: Paper | None) -> None:
        missing = row + 1 - len(self._authors)
        if missing > 0:
            self._authors += [""] * missing
            self._ids += [""] * missing
            self._sources.extend([0] * missing)
        if paper is None:
            self._authors[row] = self._ids[row] = ""
            self._sources[row] = 0
            return
        authors = _BETWEEN.join(" ".join(words(readable(name))) for name in paper.authors)
        self._authors[row] = f" {authors} " if authors else ""
        ids = dict.fromkeys((paper.id, *paper.aliases, paper.arxiv, paper.doi))
        self._ids[row] = f" {' '.join(id.lower() for id in ids if id)} "
        told = "\n".join(
            sorted({fold(name) for source in paper.sources for name in (source.kind, source.name)})
        )
        self._sources[row] = self._told.setdefault(told, len(self._told))


def _paper(table: PaperTable, row: int) -> Paper | None:
    try:
        return table.paper(row)
    except StorageError:
        # Its line is damaged: the catalog reports that, and there is nothing to be found by.
        return None


class _Joined:
    """Strings searched as one, which is many times quicker than one after the other."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._text = "\n".join(texts)
        lengths = np.fromiter(map(len, texts), np.int64, len(texts)) + 1
        self._starts = np.cumsum(lengths) - lengths

    def holding(self, parts: Iterable[str]) -> list[int]:
        """Which of the strings hold one of the parts, ascending."""
        places = [found.start() for part in parts for found in re.finditer(re.escape(part), self._text)]
        if not places:
            return []
        rows: list[int] = np.unique(np.searchsorted(self._starts, places, side="right") - 1).tolist()
        return rows

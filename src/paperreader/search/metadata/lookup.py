"""Authors, ids, sources and titles of all papers, for `author:`, `id:`, `source:` and `sort:title`.

`keep` makes the files while the index is brought up to date; a query reads the part it needs, some megabytes at 100,000
papers, and looks its words up in sorted tables: nothing is searched from end to end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from paperreader.models import CatalogStamp, PaperTable
from paperreader.search.analysis.fuzzy import Nearby, Spelling
from paperreader.search.analysis.tokenizer import words
from paperreader.search.analysis.vocabulary import Words
from paperreader.search.index.array_file import Arrays
from paperreader.search.index.term_dictionary import Damaged, Lexicon
from paperreader.search.metadata.file_format import BASE, NEWER, Parts
from paperreader.search.metadata.tables import (
    Entry,
    Lines,
    Terms,
    author_words,
    encoded,
    entry,
    names_going_on,
)
from paperreader.search.update import metadata_updater as keeping

_MOST_READ = 500
"""Papers that a query reads itself: those that came in since the files were made. Any others are found later."""


_MOST_LOOKED_AT = 1000
"""Papers whose authors are looked through for a name, which takes 5 ms."""


class Unusable(Exception):
    """There are no files, or they are not what was written: `keep` makes them anew."""


class AuthorWords:
    """The words of authors' names, with how many papers have each."""

    def __init__(self, kept: Terms, newer: Words) -> None:
        self._kept = kept
        self._newer = newer
        """What changed since; fewer is negative."""

    def frequency(self, word: str) -> int:
        """How many papers have a word."""
        number = self._kept.lexicon.find(encoded(word))
        return (self._kept.count(number) if number >= 0 else 0) + self._newer.frequency(word)

    def starting(self, prefix: str) -> Iterator[tuple[str, int]]:
        """The words that begin so, each with how many papers have it."""
        counts = Counter(dict(self._newer.starting(prefix)))
        for number in self._kept.lexicon.starting(encoded(prefix)):
            counts[self._kept.lexicon[number].decode()] += self._kept.count(number)
        return iter((+counts).items())

    def nearby(self) -> Sequence[Nearby]:
        """All of them, to be searched for those spelt nearly like another."""
        lexicon = self._kept.lexicon
        return [Nearby.of_utf8(lexicon.text, lexicon.ends[1:]), *self._newer.nearby()]


class Names:
    """What papers and those who wrote or told of them are called, read from the files in a folder.

    Raises, in every method:
        Unusable: there is nothing of use.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._signature: object = None
        self._kept: tuple[CatalogStamp, Mapping[int, Entry]]
        self._stamp: CatalogStamp | None = None
        self._base: Parts | None = None
        self._changes: Mapping[int, Entry] = {}
        """Of rows that changed since the large file was made."""
        self._changed = np.empty(0, np.int64)
        """Those rows."""
        self._parts: dict[str, Arrays] = {}
        self._terms: dict[str, Terms] = {}
        self._author_words: AuthorWords | None = None
        self._author_spelling = Spelling(Words())
        self._title_order: tuple[NDArray[np.int64], NDArray[np.int64]] | None = None

    def follow(self, table: PaperTable, check: Callable[[], None]) -> None:
        """Take over what the files and the table say. `check` may raise, to break off."""
        signature = _signature(self._folder)
        if self._signature == signature and self._stamp == table.stamp:
            return
        if self._signature != signature:
            try:
                base, stamp, kept = keeping.open_files(self._folder)
            except Damaged as error:
                keeping.drop(self._folder)  # made anew by the next update, and trusted no longer
                raise Unusable from error
            except OSError as error:
                raise Unusable from error
            if self._base is not None:
                self._base.close()
            self._base, self._signature = base, signature
            self._parts, self._terms = {}, {}
            self._kept = (stamp, kept)
        stamp, changes = self._kept
        now = table.stamp
        if (stamp.uuid, stamp.generation) != (now.uuid, now.generation):
            raise Unusable  # The rows are those of other papers.
        found = dict(changes)
        # Nothing, where the files are ahead of the table.
        for row in (table.changed_since(stamp) or ())[-_MOST_READ:]:
            check()
            found[row] = entry(table, row)
        self._changes, self._stamp = found, table.stamp
        self._changed = np.array(sorted(found), np.int64)
        self._author_words = self._title_order = None

    def author_rows(self, phrases: Sequence[str], *, open: bool) -> NDArray[np.int64]:
        """The rows of papers by an author whose name holds one of the phrases (folded words, parted by blanks).

        `open`: the last word may go on.
        """
        kept, found = self._known("author"), [np.empty(0, np.int64)]
        for phrase in phrases:
            *before, last = phrase.split(" ")
            rows = kept.holding(last, beginning=open).astype(np.int64)
            for word in before:
                rows = rows[np.isin(rows, kept.holding(word, beginning=False))]
            wanted = f" {phrase}" if open else f" {phrase} "
            if before:
                authors = Lines(self._part("author"), "authors")
                rows = np.array([row for row in set(rows.tolist()) if wanted in authors[row]], np.int64)
            found.append(rows)
        wanted_new = [f" {phrase}" if open else f" {phrase} " for phrase in phrases]
        return self._with_changes(
            np.concatenate(found), lambda each: any(name in each.authors for name in wanted_new)
        )

    def id_rows(self, beginning: str) -> NDArray[np.int64]:
        """The rows of papers with an id, alias or DOI that begins so (in lower case)."""
        found = self._known("id").holding(beginning, beginning=True).astype(np.int64)
        return self._with_changes(
            found, lambda each: any(id.startswith(beginning) for id in each.ids.split("\n") if id)
        )

    def source_rows(self, name: str) -> NDArray[np.int64]:
        """The rows of papers with a source of that kind, or whose name holds that (folded)."""
        part = self._part("source")
        chosen = np.array([bool(told) and name in told for told in Lines(part, "told")], np.bool_)
        rows = np.flatnonzero(chosen[part["source"]]) if len(chosen) else np.empty(0, np.int64)
        return self._with_changes(rows, lambda each: bool(each.told) and name in each.told)

    def author_words(self) -> AuthorWords:
        """The words of authors' names."""
        if self._author_words is None:
            kept = self._known("author")
            authors = Lines(self._part("author"), "authors")
            more = Counter(word for each in self._changes.values() for word in author_words(each.authors))
            more.subtract(
                word
                for row in self._changed[self._changed < len(authors)].tolist()
                for word in author_words(authors[row])
            )
            self._author_words = AuthorWords(
                kept, Words((word, count) for word, count in more.items() if count)
            )
            self._author_spelling = Spelling(self._author_words)
        return self._author_words

    def going_on(self, beginning: str, most: int) -> list[tuple[str, int]]:
        """The names of authors of which a word, or several, begin so, from there on, with how many papers each has.

        Of names the likeliest first; of very many papers the last ones to come in say which those are. A beginning
        that is a name itself is left alone by rarer ones.
        """
        *before, last = words(beginning) or [""]
        if not last:
            return []
        open = beginning[-1:].isalnum()
        phrase = " ".join([*before, last]) + ("" if open else " ")
        kept, authors = self._known("author"), Lines(self._part("author"), "authors")
        rows = np.unique(kept.holding(last, beginning=open))
        for word in before:
            rows = rows[np.isin(rows, kept.holding(word, beginning=False))]
        rows = rows[~np.isin(rows, self._changed)][-_MOST_LOOKED_AT:]
        found = Counter(name for row in rows.tolist() for name in names_going_on(authors[row], phrase))
        for each in self._changes.values():
            found.update(names_going_on(each.authors, phrase))
        own = found[phrase] if open else 0
        likely = [
            name
            for name, count in found.most_common()
            if (count > own or name == phrase) and (open or name != phrase.rstrip())
        ]
        counted = [(name, len(self.author_rows([name], open=False))) for name in likely[:most]]
        return sorted(counted, key=lambda pair: (-pair[1], pair[0]))

    def near_author(self, word: str) -> tuple[str, ...]:
        """The words of authors' names that are spelt nearly so."""
        self.author_words()
        return self._author_spelling.near(word)

    def source_names(self) -> Counter[str]:
        """Kinds and names of sources, with how many papers came from each."""
        part = self._part("source")
        kept = np.delete(part["source"], self._changed[self._changed < len(part["source"])])
        told = list(Lines(part, "told"))
        papers = Counter(dict(zip(told, np.bincount(kept, minlength=len(told)).tolist(), strict=True)))
        papers.update(each.told for each in self._changes.values())
        counts: Counter[str] = Counter()
        for text, count in papers.items():
            for name in text.split("\n") if text else ():
                counts[name] += count
        return +counts

    def title_order(self, size: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Two numbers for each of `size` rows: titles sort as the first do, where these are equal as the second do."""
        if self._title_order is None or len(self._title_order[0]) < size:
            part = self._part("title")
            known = Lexicon(part["titles.text"], part["titles.ends"])
            # Odd numbers are titles that are kept; the even ones between them are for those that are not.
            first = np.full(
                max(size, len(part["rank"]), len(self._changed) and int(self._changed[-1]) + 1), -1
            )
            first[: len(part["rank"])] = 2 * part["rank"].astype(np.int64) + 1
            first[first < 0] = 2 * len(known) + 1
            second = np.zeros(len(first), np.int64)
            for number, (title, row) in enumerate(
                sorted((encoded(each.title), row) for row, each in self._changes.items())
            ):
                place = known.place(title)
                same = place < len(known) and known[place] == title
                first[row], second[row] = 2 * place + same, 0 if same else number
            self._title_order = (first, second)
        return self._title_order

    def _part(self, name: str) -> Arrays:
        if name not in self._parts:
            if self._base is None:
                raise Unusable
            try:
                self._parts[name] = self._base.read(name)
            except (Damaged, OSError) as error:
                keeping.drop(self._folder)
                raise Unusable from error
        return self._parts[name]

    def _known(self, name: str) -> Terms:
        if name not in self._terms:
            self._terms[name] = Terms(self._part(name))
        return self._terms[name]

    def _with_changes(self, rows: NDArray[np.int64], fits: Callable[[Entry], bool]) -> NDArray[np.int64]:
        """Rows of the large file, put right by what changed since; each once, ascending."""
        kept = self._base.rows if self._base is not None else 0
        mask = np.zeros(max(kept, int(self._changed.max(initial=-1)) + 1), np.bool_)
        mask[rows] = True
        mask[self._changed] = [fits(self._changes[row]) for row in self._changed.tolist()]
        return np.flatnonzero(mask)


def _signature(folder: Path) -> object:
    """Changes whenever a file is replaced."""
    found = []
    for name in (BASE, NEWER):
        with suppress(OSError):
            status = (folder / name).stat()
            found.append((name, status.st_ino, status.st_mtime_ns, status.st_size))
    return tuple(found)

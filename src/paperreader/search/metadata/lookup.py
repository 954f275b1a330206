"""Look up authors, ids, sources and titles, for `author:`, `id:`, `source:` and `sort:title`.

`update.metadata_updater` writes the files. A query reads the part it needs (some megabytes at 100,000 papers) and looks
terms up in sorted tables, without a full scan.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from paperreader.models import CatalogVersion, PaperTable
from paperreader.search.analysis.fuzzy import FuzzyMatcher, WordSet
from paperreader.search.analysis.tokenizer import split_words
from paperreader.search.analysis.vocabulary import Vocabulary
from paperreader.search.index.array_file import Arrays
from paperreader.search.index.errors import IndexDamaged
from paperreader.search.index.term_dictionary import TermList
from paperreader.search.metadata.file_format import (
    BASE_FILE,
    DELTA_FILE,
    TableFile,
    discard_metadata,
    open_tables,
)
from paperreader.search.metadata.tables import (
    PaperMetadata,
    TermIndex,
    TextColumn,
    author_words,
    metadata_of_row,
    name_completions,
    to_bytes,
)

_MAX_ROWS_READ = 500
"""Papers changed since the files were written that a query reads itself. Further ones are found after an update."""

_MAX_PAPERS_SCANNED = 1000
"""Papers whose authors are scanned to complete a name, which takes 5 ms."""


class MetadataUnavailable(Exception):
    """The files are missing or damaged. The next update rebuilds them."""


class AuthorVocabulary:
    """Words of author names, with the number of papers of each."""

    def __init__(self, saved: TermIndex, changes: Vocabulary) -> None:
        self._saved = saved
        self._changes = changes
        """Changes of the counts since the base file was written; negative for fewer papers."""

    def frequency(self, word: str) -> int:
        """Return the number of papers with a word."""
        number = self._saved.terms.find(to_bytes(word))
        return (self._saved.count(number) if number >= 0 else 0) + self._changes.frequency(word)

    def with_prefix(self, prefix: str) -> Iterator[tuple[str, int]]:
        """Return the words with that prefix, each with its number of papers."""
        counts = Counter(dict(self._changes.with_prefix(prefix)))
        for number in self._saved.terms.with_prefix(to_bytes(prefix)):
            counts[self._saved.terms[number].decode()] += self._saved.count(number)
        return iter((+counts).items())

    def word_sets(self) -> Sequence[WordSet]:
        """Return all words, for fuzzy matching."""
        terms = self._saved.terms
        return [WordSet.from_utf8(terms.text, terms.ends[1:]), *self._changes.word_sets()]


class MetadataIndex:
    """Authors, ids, sources and titles of all papers, read from the files in a folder.

    Raises, in every method:
        MetadataUnavailable: the files are missing or damaged.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._signature: object = None
        self._saved: tuple[CatalogVersion, Mapping[int, PaperMetadata]]
        self._version: CatalogVersion | None = None
        self._base: TableFile | None = None
        self._changes: Mapping[int, PaperMetadata] = {}
        """Metadata of the rows that changed since the base file was written."""
        self._changed = np.empty(0, np.int64)
        """The keys of `_changes`, ascending."""
        self._parts: dict[str, Arrays] = {}
        self._term_indexes: dict[str, TermIndex] = {}
        self._author_vocabulary: AuthorVocabulary | None = None
        self._fuzzy_authors = FuzzyMatcher(Vocabulary())
        self._title_order: tuple[NDArray[np.int64], NDArray[np.int64]] | None = None

    def refresh(self, table: PaperTable, check: Callable[[], None]) -> None:
        """Update to the current files and table. `check` may raise to cancel."""
        signature = _file_signatures(self._folder)
        if self._signature == signature and self._version == table.version:
            return
        if self._signature != signature:
            try:
                base, version, saved = open_tables(self._folder)
            except IndexDamaged as error:
                discard_metadata(self._folder)  # rebuilt by the next update
                raise MetadataUnavailable from error
            except OSError as error:
                raise MetadataUnavailable from error
            if self._base is not None:
                self._base.close()
            self._base, self._signature = base, signature
            self._parts, self._term_indexes = {}, {}
            self._saved = (version, saved)
        version, changes = self._saved
        current = table.version
        if (version.uuid, version.generation) != (current.uuid, current.generation):
            raise MetadataUnavailable  # rows of another generation are other papers
        result = dict(changes)
        # None when the files are newer than the table.
        for row in (table.changed_since(version) or ())[-_MAX_ROWS_READ:]:
            check()
            result[row] = metadata_of_row(table, row)
        self._changes, self._version = result, table.version
        self._changed = np.array(sorted(result), np.int64)
        self._author_vocabulary = self._title_order = None

    def rows_by_author(self, phrases: Sequence[str], *, is_prefix: bool) -> NDArray[np.int64]:
        """Return the rows of papers with an author whose name contains one of the phrases.

        Args:
            phrases: folded words, separated by spaces.
            is_prefix: whether the last word of each phrase is a prefix.
        """
        saved, result = self._term_index("author"), [np.empty(0, np.int64)]
        for phrase in phrases:
            *before, last = phrase.split(" ")
            rows = saved.rows_with(last, is_prefix=is_prefix).astype(np.int64)
            for word in before:
                rows = rows[np.isin(rows, saved.rows_with(word, is_prefix=False))]
            wanted = f" {phrase}" if is_prefix else f" {phrase} "
            if before:
                authors = TextColumn(self._read_part("author"), "authors")
                rows = np.array([row for row in set(rows.tolist()) if wanted in authors[row]], np.int64)
            result.append(rows)
        wanted_new = [f" {phrase}" if is_prefix else f" {phrase} " for phrase in phrases]
        return self._with_changes(
            np.concatenate(result), lambda metadata: any(name in metadata.authors for name in wanted_new)
        )

    def rows_by_id(self, prefix: str) -> NDArray[np.int64]:
        """Return the rows of papers with an id, alias or DOI that starts with `prefix` (in lower case)."""
        result = self._term_index("id").rows_with(prefix, is_prefix=True).astype(np.int64)
        return self._with_changes(
            result, lambda metadata: any(id.startswith(prefix) for id in metadata.ids.split("\n") if id)
        )

    def rows_by_source(self, name: str) -> NDArray[np.int64]:
        """Return the rows of papers with a source of that kind, or whose name contains `name` (folded)."""
        part = self._read_part("source")
        matching = np.array(
            [bool(names) and name in names for names in TextColumn(part, "source_names")], np.bool_
        )
        rows = np.flatnonzero(matching[part["source"]]) if len(matching) else np.empty(0, np.int64)
        return self._with_changes(
            rows, lambda metadata: bool(metadata.source_names) and name in metadata.source_names
        )

    def author_vocabulary(self) -> AuthorVocabulary:
        """Return the words of author names."""
        if self._author_vocabulary is None:
            saved = self._term_index("author")
            authors = TextColumn(self._read_part("author"), "authors")
            changes = Counter(
                word for metadata in self._changes.values() for word in author_words(metadata.authors)
            )
            changes.subtract(
                word
                for row in self._changed[self._changed < len(authors)].tolist()
                for word in author_words(authors[row])
            )
            self._author_vocabulary = AuthorVocabulary(
                saved, Vocabulary((word, count) for word, count in changes.items() if count)
            )
            self._fuzzy_authors = FuzzyMatcher(self._author_vocabulary)
        return self._author_vocabulary

    def author_completions(self, prefix: str, limit: int) -> list[tuple[str, int]]:
        """Complete an author name from the start of any of its words; return completions with their paper counts.

        The most frequent come first; when very many papers match, the latest of them are counted. If `prefix` is a name
        itself, rarer names are omitted.
        """
        *before, last = split_words(prefix) or [""]
        if not last:
            return []
        is_prefix = prefix[-1:].isalnum()
        phrase = " ".join([*before, last]) + ("" if is_prefix else " ")
        saved, authors = self._term_index("author"), TextColumn(self._read_part("author"), "authors")
        rows = np.unique(saved.rows_with(last, is_prefix=is_prefix))
        for word in before:
            rows = rows[np.isin(rows, saved.rows_with(word, is_prefix=False))]
        rows = rows[~np.isin(rows, self._changed)][-_MAX_PAPERS_SCANNED:]
        result = Counter(name for row in rows.tolist() for name in name_completions(authors[row], phrase))
        for metadata in self._changes.values():
            result.update(name_completions(metadata.authors, phrase))
        own_count = result[phrase] if is_prefix else 0
        candidates = [
            name
            for name, count in result.most_common()
            if (count > own_count or name == phrase) and (is_prefix or name != phrase.rstrip())
        ]
        counted = [(name, len(self.rows_by_author([name], is_prefix=False))) for name in candidates[:limit]]
        return sorted(counted, key=lambda pair: (-pair[1], pair[0]))

    def fuzzy_author_words(self, word: str) -> tuple[str, ...]:
        """Return the words of author names within a small edit distance of `word`."""
        self.author_vocabulary()
        return self._fuzzy_authors.matches(word)

    def source_counts(self) -> Counter[str]:
        """Return kinds and names of sources with the number of papers from each."""
        part = self._read_part("source")
        saved = np.delete(part["source"], self._changed[self._changed < len(part["source"])])
        names = list(TextColumn(part, "source_names"))
        papers = Counter(dict(zip(names, np.bincount(saved, minlength=len(names)).tolist(), strict=True)))
        papers.update(metadata.source_names for metadata in self._changes.values())
        counts: Counter[str] = Counter()
        for text, count in papers.items():
            for name in text.split("\n") if text else ():
                counts[name] += count
        return +counts

    def title_order(self, size: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return two sort keys (primary, secondary) for the titles of `size` rows."""
        if self._title_order is None or len(self._title_order[0]) < size:
            part = self._read_part("title")
            known = TermList(part["titles.text"], part["titles.ends"])
            # Odd keys are titles in the base file; the even keys between them are for titles that are not.
            primary = np.full(
                max(size, len(part["rank"]), len(self._changed) and int(self._changed[-1]) + 1), -1
            )
            primary[: len(part["rank"])] = 2 * part["rank"].astype(np.int64) + 1
            primary[primary < 0] = 2 * len(known) + 1
            secondary = np.zeros(len(primary), np.int64)
            for number, (title, row) in enumerate(
                sorted((to_bytes(metadata.title), row) for row, metadata in self._changes.items())
            ):
                index = known.insertion_point(title)
                is_known = index < len(known) and known[index] == title
                primary[row], secondary[row] = 2 * index + is_known, 0 if is_known else number
            self._title_order = (primary, secondary)
        return self._title_order

    def _read_part(self, name: str) -> Arrays:
        if name not in self._parts:
            if self._base is None:
                raise MetadataUnavailable
            try:
                self._parts[name] = self._base.read(name)
            except (IndexDamaged, OSError) as error:
                discard_metadata(self._folder)
                raise MetadataUnavailable from error
        return self._parts[name]

    def _term_index(self, name: str) -> TermIndex:
        if name not in self._term_indexes:
            self._term_indexes[name] = TermIndex(self._read_part(name))
        return self._term_indexes[name]

    def _with_changes(
        self, rows: NDArray[np.int64], fits: Callable[[PaperMetadata], bool]
    ) -> NDArray[np.int64]:
        """Correct rows of the base file by the changes since; return them unique and ascending."""
        row_count = self._base.row_count if self._base is not None else 0
        mask = np.zeros(max(row_count, int(self._changed.max(initial=-1)) + 1), np.bool_)
        mask[rows] = True
        mask[self._changed] = [fits(self._changes[row]) for row in self._changed.tolist()]
        return np.flatnonzero(mask)


def _file_signatures(folder: Path) -> object:
    """Return a value that changes whenever a file is replaced."""
    result = []
    for name in (BASE_FILE, DELTA_FILE):
        with suppress(OSError):
            status = (folder / name).stat()
            result.append((name, status.st_ino, status.st_mtime_ns, status.st_size))
    return tuple(result)

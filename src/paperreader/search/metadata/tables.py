"""Searchable metadata: one `PaperMetadata` per paper, and all of them as tables of arrays."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain, pairwise
from typing import Any, Literal, get_args

import numpy as np
from msgspec import Struct
from msgspec.structs import astuple
from numpy.typing import NDArray

from paperreader.errors import StorageError
from paperreader.models import Paper, PaperTable, Source
from paperreader.search.analysis.tokenizer import MAX_WORD_LENGTH, split_words
from paperreader.search.index.array_file import Arrays
from paperreader.search.index.term_dictionary import TermList
from paperreader.text.categories import all_categories
from paperreader.text.sanitize import fold_for_search, single_line
from paperreader.text.source_names import source_names
from paperreader.text.tex_display import tex_to_unicode
from paperreader.text.urls import url_key

AUTHOR_SEPARATOR = " | "
"""Separates the authors of a paper. No word contains a bar, so phrases do not match across authors."""

_PLAIN_NAMES = re.compile(r"[A-Za-z0-9 .,()\n-]+", re.ASCII)
"""Names, one per line, without TeX, apostrophes, and signs that belong to words."""
_NAME_SPACED = bytes(
    ord("|")
    if code == ord("\n")
    else ord(chr(code).lower())
    if code < 128 and chr(code).isalnum()
    else ord(" ")
    for code in range(256)
)

_SORTS_LAST = "\U0010ffff"
"""Title of a paper that cannot be read."""


NamePart = Literal["id", "category", "keyword", "venue", "link"]
"""A table of names of which each paper may have several."""

NAME_PARTS: tuple[NamePart, ...] = get_args(NamePart)

_FIELD_OF_PART: Mapping[NamePart, str] = {
    "id": "ids",
    "category": "categories",
    "keyword": "keywords",
    "venue": "venues",
    "link": "links",
}


class PaperMetadata(Struct, frozen=True):
    """Metadata of one paper; all empty for a removed one."""

    authors: str = ""
    """Folded words, each with a space before and after it."""
    ids: str = ""
    """Id, aliases, arXiv id and DOI in lower case, one per line."""
    source_names: str = ""
    """Kinds and names of its sources, as they are stored and as they are shown, folded, one per line."""
    title: str = ""
    """Sort key: the title as displayed, folded, from its first letter or digit on."""
    categories: str = ""
    """Categories of arXiv in lower case, one per line."""
    keywords: str = ""
    """Keywords, folded, one per line."""
    venues: str = ""
    """Journal and proceedings, folded, one per line."""
    links: str = ""
    """Keys of the URLs of its links (`url_key`), one per line."""
    added: int = 0
    """The day it was added to the library as YYYYMMDD; 0 if unknown."""

    def names(self, part: NamePart) -> list[str]:
        """Return the names of one kind."""
        text: str = getattr(self, _FIELD_OF_PART[part])
        return text.split("\n") if text else []


def metadata_of_row(table: PaperTable, row: int) -> PaperMetadata:
    """Return the metadata of the paper at that row."""
    if not table.is_live(row):
        return PaperMetadata()
    try:
        return metadata_of(table.paper(row))
    except StorageError:
        return metadata_of(None)


def metadata_of(paper: Paper | None) -> PaperMetadata:
    """Return the metadata of a paper; None means a paper whose line is damaged."""
    if paper is None:
        return PaperMetadata(title=_SORTS_LAST)
    authors = _author_words(paper.authors)
    ids = dict.fromkeys(id.lower() for id in (paper.id, *paper.aliases, paper.arxiv, paper.doi) if id)
    names = {
        name for source in paper.sources for name in _folded_names(source.kind, source.name, source.date)
    }
    return PaperMetadata(
        f" {authors} " if authors else "",
        "\n".join(ids),
        "\n".join(sorted(names)),
        _title_sort_key(paper.title),
        "\n".join(all_categories(paper)).lower(),
        _lines(map(_display_text, paper.keywords)),
        _lines(map(_display_text, (paper.journal, paper.booktitle))),
        _lines(url_key(link.url) for link in paper.links),
        _day_number(paper.added),
    )


@lru_cache
def _day_number(day: str) -> int:
    digits = day.replace("-", "")
    return int(digits) if digits.isdecimal() else 0


@lru_cache
def _folded_names(kind: str, name: str, date: str | None) -> frozenset[str]:
    """Return the folded names of a source, which are those of all papers in a file."""
    return frozenset(map(fold_for_search, source_names(Source(kind, name, date, ""))))


def _author_words(authors: Sequence[str]) -> str:
    """Return the words of names, with `AUTHOR_SEPARATOR` between the names."""
    listed = "\n".join(authors)
    is_plain = _PLAIN_NAMES.fullmatch(listed) and listed.count("\n") + 1 == len(authors)
    if is_plain and max(map(len, authors)) <= MAX_WORD_LENGTH:
        marked = listed.encode().translate(_NAME_SPACED).decode().replace("|", AUTHOR_SEPARATOR)
        found = " ".join(marked.split())
        if "| |" not in f"| {found} |":  # no name is empty
            return found
    return AUTHOR_SEPARATOR.join(map(_name_words, authors))


@lru_cache(maxsize=20_000)
def _name_words(name: str) -> str:
    return " ".join(split_words(tex_to_unicode(name)))


def _display_text(text: str) -> str:
    return fold_for_search(single_line(tex_to_unicode(text))) if text else ""


def _lines(names: Iterable[str]) -> str:
    return "\n".join(dict.fromkeys(name for name in names if name and "\n" not in name))


def _title_sort_key(title: str) -> str:
    folded = fold_for_search(single_line(tex_to_unicode(title)))
    if folded[:1].isalnum():
        return folded
    first = next((place for place, char in enumerate(folded) if char.isalnum()), 0)
    return folded[first:]


def author_words(authors: str) -> set[str]:
    """Return the words of `PaperMetadata.authors`."""
    return set(authors.split()) - {AUTHOR_SEPARATOR.strip()}


def name_completions(authors: str, prefix: str) -> set[str]:
    """Return the names in `PaperMetadata.authors` that contain `prefix` at a word start, cut before that word."""
    found = set()
    for name in authors.split(AUTHOR_SEPARATOR):
        at = f" {name.strip()} ".find(f" {prefix}")
        if at >= 0:
            found.add(name.strip()[at:])
    return found


class TermIndex:
    """Sorted terms, each with its rows."""

    def __init__(self, part: Arrays) -> None:
        self.terms = TermList(part["text"], part["ends"])
        self.ends: NDArray[np.uint32] = part["starts"]
        """Start of each term's rows in `rows`, and the end of the last ones."""
        self.rows: NDArray[np.uint32] = part["rows"]

    def rows_with(self, term: str, *, is_prefix: bool) -> NDArray[np.uint32]:
        """Return the rows of a term, or of all terms with that prefix; in any order and with duplicates."""
        coded = to_bytes(term)
        if is_prefix:
            found = self.terms.with_prefix(coded)
        else:
            number = self.terms.find(coded)
            found = range(number, number + 1) if number >= 0 else range(0)
        return self.rows[int(self.ends[found.start]) : int(self.ends[found.stop])]

    def rows_of(self, number: int) -> NDArray[np.uint32]:
        """Return the rows of the term with that number."""
        return self.rows[int(self.ends[number]) : int(self.ends[number + 1])]

    def count(self, number: int) -> int:
        """Return the number of rows of a term."""
        return int(self.ends[number + 1]) - int(self.ends[number])


class TextColumn:
    """A sequence of texts, decoded on access."""

    def __init__(self, part: Arrays, name: str) -> None:
        self._text = part[f"{name}.text"].data
        self._ends = part[f"{name}.ends"]

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, number: int) -> str:
        return from_bytes(bytes(self._text[int(self._ends[number]) : int(self._ends[number + 1])]))

    def __iter__(self) -> Iterator[str]:
        return (from_bytes(bytes(self._text[start:end])) for start, end in pairwise(self._ends.tolist()))


def build_tables(entries: Sequence[PaperMetadata]) -> dict[str, Arrays]:
    """Build all tables; a paper's number is its index in `entries`."""
    names = {text: number for number, text in enumerate(dict.fromkeys(each.source_names for each in entries))}
    titles = sorted({to_bytes(each.title) for each in entries})
    rank = {title: number for number, title in enumerate(titles)}
    return {
        "author": build_term_index([author_words(each.authors) for each in entries])
        | build_text_column("authors", (to_bytes(each.authors) for each in entries)),
        **{part: build_term_index([each.names(part) for each in entries]) for part in NAME_PARTS},
        "added": {"day": np.fromiter((each.added for each in entries), np.uint32, len(entries))},
        "source": build_text_column("source_names", map(to_bytes, names))
        | {"source": np.fromiter((names[each.source_names] for each in entries), np.uint32, len(entries))},
        "title": build_text_column("titles", titles)
        | {"rank": np.fromiter((rank[to_bytes(each.title)] for each in entries), np.uint32, len(entries))},
    }


def encode_changes(changes: Mapping[int, PaperMetadata]) -> Arrays:
    """Encode metadata by row as one part."""
    listed = [[row, *astuple(each)] for row, each in sorted(changes.items())]
    return {"json": np.frombuffer(json.dumps(listed).encode(), np.uint8)}


def decode_changes(part: Arrays) -> dict[int, PaperMetadata]:
    """Invert `encode_changes`."""
    return {row: PaperMetadata(*values) for row, *values in json.loads(part["json"].tobytes())}


def to_bytes(text: str) -> bytes:
    """Encode any string as UTF-8, including lone surrogates."""
    return text.encode("utf-8", "surrogatepass")


def from_bytes(text: bytes) -> str:
    """Invert `to_bytes`."""
    return text.decode("utf-8", "surrogatepass")


def build_term_index(terms: Sequence[Iterable[str]]) -> dict[str, NDArray[Any]]:
    """Invert the terms of each row: build the arrays of a `TermIndex`."""
    rows_of: defaultdict[str, list[int]] = defaultdict(list)
    for row, row_terms in enumerate(terms):
        for term in row_terms:
            rows_of[term].append(row)
    # Code points and UTF-8 have the same order.
    ordered = sorted(rows_of)
    rows = list(map(rows_of.__getitem__, ordered))
    coded = list(map(to_bytes, ordered))
    counts = np.fromiter(map(len, rows), np.int64, len(rows))
    return {
        "text": np.frombuffer(b"".join(coded), np.uint8),
        "ends": _end_offsets(map(len, coded)),
        "starts": np.append(0, np.cumsum(counts)).astype(np.uint32),
        "rows": np.fromiter(chain.from_iterable(rows), np.uint32, int(counts.sum())),
    }


def build_text_column(name: str, texts: Iterable[bytes]) -> dict[str, NDArray[Any]]:
    """Build the arrays of a `TextColumn`."""
    listed = list(texts)
    return {
        f"{name}.text": np.frombuffer(b"".join(listed), np.uint8),
        f"{name}.ends": _end_offsets(map(len, listed)),
    }


def _end_offsets(lengths: Iterable[int]) -> NDArray[np.uint32]:
    return np.append(0, np.cumsum(np.fromiter(lengths, np.int64))).astype(np.uint32)

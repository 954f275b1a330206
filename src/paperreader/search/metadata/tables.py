"""What papers are called, as `names` keeps it: an `Entry` a paper, and all of them as arrays that are searched."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from paperreader.errors import StorageError
from paperreader.models import Paper, PaperTable
from paperreader.search.analysis.tokenizer import words
from paperreader.search.index.array_file import Arrays
from paperreader.search.index.term_dictionary import Lexicon
from paperreader.text.clean import fold, printable
from paperreader.text.tex_display import readable

_BETWEEN = " | "
"""Parts the authors of a paper: no word holds a bar, so that a phrase never reaches across."""

_LAST = "\U0010ffff"
"""The title of a paper that cannot be read: it sorts last."""


class Entry(Struct, frozen=True):
    """One paper; all empty for one that was removed."""

    authors: str = ""
    """Folded words, each with a blank before and behind it."""
    ids: str = ""
    """Id, aliases, arXiv id and DOI in lower case, a line each."""
    told: str = ""
    """Kinds and names of its sources, folded, a line each."""
    title: str = ""
    """As it sorts."""


def entry(table: PaperTable, row: int) -> Entry:
    """What the paper at that row is called."""
    if not table.is_live(row):
        return Entry()
    try:
        return entry_of(table.paper(row))
    except StorageError:
        return entry_of(None)


def entry_of(paper: Paper | None) -> Entry:
    """What a paper is called; None: its line is damaged, and there is nothing to be found by."""
    if paper is None:
        return Entry(title=_LAST)
    authors = _BETWEEN.join(" ".join(words(readable(name))) for name in paper.authors)
    ids = dict.fromkeys(id.lower() for id in (paper.id, *paper.aliases, paper.arxiv, paper.doi) if id)
    told = sorted({fold(name) for source in paper.sources for name in (source.kind, source.name)})
    return Entry(
        f" {authors} " if authors else "", "\n".join(ids), "\n".join(told), fold(printable(paper.title))
    )


def author_words(authors: str) -> set[str]:
    """The words of an entry's authors."""
    return set(authors.split()) - {_BETWEEN.strip()}


def names_going_on(authors: str, beginning: str) -> set[str]:
    """The names among an entry's authors of which a word, or several, begin so: from that word on."""
    found = set()
    for name in authors.split(_BETWEEN):
        at = f" {name.strip()} ".find(f" {beginning}")
        if at >= 0:
            found.add(name.strip()[at:])
    return found


class Terms:
    """Sorted terms, each with the rows it stands for."""

    def __init__(self, part: Arrays) -> None:
        self.lexicon = Lexicon(part["text"], part["ends"])
        self.ends: NDArray[np.uint32] = part["starts"]
        """Where the rows of each term begin, and where the last ones end."""
        self.rows: NDArray[np.uint32] = part["rows"]

    def holding(self, term: str, *, beginning: bool) -> NDArray[np.uint32]:
        """The rows of a term, or of all that begin so. In no order, and perhaps several times."""
        coded = encoded(term)
        if beginning:
            found = self.lexicon.starting(coded)
        else:
            number = self.lexicon.find(coded)
            found = range(number, number + 1) if number >= 0 else range(0)
        return self.rows[int(self.ends[found.start]) : int(self.ends[found.stop])]

    def count(self, number: int) -> int:
        """How many rows a term has."""
        return int(self.ends[number + 1]) - int(self.ends[number])


class Lines:
    """Texts by number."""

    def __init__(self, part: Arrays, name: str) -> None:
        self._text = part[f"{name}.text"].data
        self._ends = part[f"{name}.ends"]

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, number: int) -> str:
        return decoded(bytes(self._text[int(self._ends[number]) : int(self._ends[number + 1])]))

    def __iter__(self) -> Iterator[str]:
        return (decoded(bytes(self._text[start:end])) for start, end in pairwise(self._ends.tolist()))


def parts_of(entries: Sequence[Entry]) -> dict[str, Arrays]:
    """All that is kept of the papers, by place in `entries`."""
    told = {text: number for number, text in enumerate(dict.fromkeys(each.told for each in entries))}
    titles = sorted({encoded(each.title) for each in entries})
    rank = {title: number for number, title in enumerate(titles)}
    return {
        "author": terms_of([author_words(each.authors) for each in entries])
        | lines_of("authors", (encoded(each.authors) for each in entries)),
        "id": terms_of([each.ids.split("\n") if each.ids else () for each in entries])
        | lines_of("ids", (encoded(each.ids) for each in entries)),
        "source": lines_of("told", map(encoded, told))
        | {"source": np.fromiter((told[each.told] for each in entries), np.uint32, len(entries))},
        "title": lines_of("titles", titles)
        | {"rank": np.fromiter((rank[encoded(each.title)] for each in entries), np.uint32, len(entries))},
    }


def changes_part(changes: Mapping[int, Entry]) -> Arrays:
    """Entries by row as one part."""
    listed = [[row, each.authors, each.ids, each.told, each.title] for row, each in sorted(changes.items())]
    return {"json": np.frombuffer(json.dumps(listed).encode(), np.uint8)}


def changes_of(part: Arrays) -> dict[int, Entry]:
    """The inverse of `changes_part`."""
    return {row: Entry(*texts) for row, *texts in json.loads(part["json"].tobytes())}


def encoded(text: str) -> bytes:
    """Any string as UTF-8, lone surrogates too."""
    return text.encode("utf-8", "surrogatepass")


def decoded(text: bytes) -> str:
    """The inverse of `encoded`."""
    return text.decode("utf-8", "surrogatepass")


def terms_of(terms: Sequence[Iterable[str]]) -> dict[str, NDArray[Any]]:
    """The terms of each row turned over: for each term its rows, ascending."""
    rows_of: dict[str, list[int]] = {}
    for row, own in enumerate(terms):
        for term in own:
            rows_of.setdefault(term, []).append(row)
    coded = sorted((encoded(term), rows) for term, rows in rows_of.items())
    counts = np.fromiter((len(rows) for _, rows in coded), np.int64, len(coded))
    return {
        "text": np.frombuffer(b"".join(term for term, _ in coded), np.uint8),
        "ends": _ends(len(term) for term, _ in coded),
        "starts": np.append(0, np.cumsum(counts)).astype(np.uint32),
        "rows": np.fromiter((row for _, rows in coded for row in rows), np.uint32, int(counts.sum())),
    }


def lines_of(name: str, texts: Iterable[bytes]) -> dict[str, NDArray[Any]]:
    """Texts as `Lines` reads them."""
    listed = list(texts)
    return {
        f"{name}.text": np.frombuffer(b"".join(listed), np.uint8),
        f"{name}.ends": _ends(map(len, listed)),
    }


def _ends(lengths: Iterable[int]) -> NDArray[np.uint32]:
    return np.append(0, np.cumsum(np.fromiter(lengths, np.int64))).astype(np.uint32)

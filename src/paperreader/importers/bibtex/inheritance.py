"""Fields that an entry of BibTeX inherits from others: `crossref`, and `xdata` of BibLaTeX.

https://ctan.org/pkg/biblatex, section 2.4.1 and appendix B
"""

from __future__ import annotations

from collections.abc import Iterable

from paperreader.importers.bibtex.syntax import MAX_EXPANSION, Block

MAX_GENERATIONS = 5
"""Entries between an entry and the farthest one that it inherits from; more are a circle."""

_INHERITED = (
    *("booktitle", "booksubtitle", "journal", "journaltitle", "editor", "publisher", "isbn", "issn"),
    *("volume", "series", "edition", "school", "institution", "date", "year", "month"),
)
_BOOK_TITLES = {"title": "booktitle", "subtitle": "booksubtitle"}
_DATES = frozenset(("date", "year", "month"))


class Inheritance:
    """What the entries of one file inherit.

    A small file can make many entries inherit a long text, or an entry inherit the same fields along very many paths.
    So what an entry inherits is computed once, and all entries inherit at most `MAX_EXPANSION` times the length of
    the entries.
    """

    def __init__(self, blocks: Iterable[Block]) -> None:
        self._by_key = entries_by_key(blocks)
        length = sum(len(text) for block in self._by_key.values() for text in block.fields.values())
        self._chars_left = MAX_EXPANSION * (length + 10_000)
        self._known: dict[tuple[str, int], dict[str, str]] = {}

    def fields_of(self, block: Block) -> dict[str, str]:
        """Return the fields of an entry with those that it inherits."""
        fields = self._inherit(block, MAX_GENERATIONS)
        self._chars_left -= sum(len(text) for name, text in fields.items() if name not in block.fields)
        return fields if self._chars_left >= 0 else dict(block.fields)

    def _of_key(self, key: str, generations: int) -> dict[str, str]:
        if (key, generations) not in self._known:
            self._known[key, generations] = self._inherit(self._by_key[key], generations)
        return self._known[key, generations]

    def _inherit(self, block: Block, generations: int) -> dict[str, str]:
        fields = dict(block.fields)
        if not generations or fields.keys().isdisjoint(("crossref", "xdata")):
            return fields
        for key in dict.fromkeys(map(_key, fields.get("xdata", "").split(","))):
            if (other := self._by_key.get(key)) and other is not block:
                fields = {**self._of_key(key, generations - 1), **fields}
        key = _key(fields.get("crossref", ""))
        parent = self._by_key.get(key)
        if parent is None or parent is block:
            return fields
        inherited = self._of_key(key, generations - 1)
        titles = {child: inherited[name] for name, child in _BOOK_TITLES.items() if name in inherited}
        if "booktitle" in inherited:
            titles.pop("booksubtitle", None)
        dated = not _DATES.isdisjoint(fields)
        own = {
            name: inherited[name]
            for name in _INHERITED
            if name in inherited and not (dated and name in _DATES)
        }
        return {**(titles if block.kind != "article" else {}), **own, **fields}


def entries_by_key(blocks: Iterable[Block]) -> dict[str, Block]:
    """Return the entries by their key in lower case; of several with the same key, the first."""
    found: dict[str, Block] = {}
    for block in blocks:
        if block.key:
            found.setdefault(block.key.lower(), block)
    return found


def _key(text: str) -> str:
    return text.strip().lower()

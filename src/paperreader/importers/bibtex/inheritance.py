"""Fields that an entry of BibTeX inherits from others: `crossref`, and `xdata` of BibLaTeX.

https://ctan.org/pkg/biblatex, section 2.4.1 and appendix B
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from paperreader.importers.bibtex.syntax import Block

MAX_GENERATIONS = 5
"""Entries between an entry and the farthest one that it inherits from; more are a circle."""

_INHERITED = (
    *("booktitle", "booksubtitle", "journal", "journaltitle", "editor", "publisher", "isbn", "issn"),
    *("volume", "series", "edition", "school", "institution", "date", "year", "month"),
)
_BOOK_TITLES = {"title": "booktitle", "subtitle": "booksubtitle"}
_DATES = frozenset(("date", "year", "month"))


def inherit_fields(block: Block, by_key: Mapping[str, Block]) -> dict[str, str]:
    """Return the fields of an entry with those that it inherits.

    Args:
        block: the entry.
        by_key: the entries of the file by their key in lower case.
    """
    return _inherit(block, by_key, MAX_GENERATIONS)


def entries_by_key(blocks: Iterable[Block]) -> dict[str, Block]:
    """Return the entries by their key in lower case; of several with the same key, the first."""
    found: dict[str, Block] = {}
    for block in blocks:
        if block.key:
            found.setdefault(block.key.lower(), block)
    return found


def _inherit(block: Block, by_key: Mapping[str, Block], generations: int) -> dict[str, str]:
    fields = dict(block.fields)
    if not generations or fields.keys().isdisjoint(("crossref", "xdata")):
        return fields
    for key in fields.get("xdata", "").split(","):
        if (other := by_key.get(key.strip().lower())) and other is not block:
            fields = {**_inherit(other, by_key, generations - 1), **fields}
    parent = by_key.get(fields.get("crossref", "").strip().lower())
    if parent is None or parent is block:
        return fields
    inherited = _inherit(parent, by_key, generations - 1)
    titles = {child: inherited[name] for name, child in _BOOK_TITLES.items() if name in inherited}
    if "booktitle" in inherited:
        titles.pop("booksubtitle", None)
    dated = not _DATES.isdisjoint(fields)
    own = {
        name: inherited[name] for name in _INHERITED if name in inherited and not (dated and name in _DATES)
    }
    return {**(titles if block.kind != "article" else {}), **own, **fields}

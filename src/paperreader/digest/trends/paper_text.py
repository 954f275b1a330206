"""Read only what trends count of papers: a quarter of the time of whole papers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from paperreader.errors import StorageError
from paperreader.library import Library
from paperreader.text.sanitize import fold_for_search, single_line
from paperreader.text.tex_display import tex_to_unicode

MAX_ABSTRACT_CHARS = 5000
"""Characters of an abstract that are read; longer ones are usually not abstracts."""


class PaperText(msgspec.Struct, frozen=True):
    """Some of the fields of a `Paper`, as the catalog stores them."""

    title: str = ""
    abstract: str = ""
    keywords: tuple[str, ...] = ()
    listed: str | None = None


_decode = msgspec.json.Decoder(PaperText).decode


def sample_texts(library: Library, rows: Sequence[int], limit: int) -> Iterator[PaperText]:
    """Yield the texts of the papers at `rows`, or of an even sample if there are more than `limit`."""
    for row in rows[:: -(-len(rows) // limit) or 1]:
        try:
            yield _read(library, row)
        except StorageError:  # a damaged line, which `check` reports
            continue


def _read(library: Library, row: int) -> PaperText:
    try:
        return _decode(library.table.line(row))
    except msgspec.DecodeError:  # perhaps of JSON that only the parser of papers reads
        paper = library.paper(row)
        return PaperText(paper.title, paper.abstract, paper.keywords, paper.listed)


def readable_parts(paper: PaperText) -> tuple[str, str]:
    """Return title and abstract in Unicode."""
    return tex_to_unicode(paper.title), tex_to_unicode(paper.abstract[:MAX_ABSTRACT_CHARS])


def keyword_spellings(paper: PaperText) -> dict[str, str]:
    """Return the keywords, folded, with their spellings."""
    keywords: dict[str, str] = {}
    for keyword in paper.keywords:
        spelling = single_line(tex_to_unicode(keyword[:200])).replace('"', "")
        if term := fold_for_search(spelling):
            keywords.setdefault(term, spelling)
    return keywords

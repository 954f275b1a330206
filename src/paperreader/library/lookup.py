"""Finding a paper by id, address, or the beginning of an id."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from paperreader.catalog import CatalogTable
from paperreader.errors import Ambiguous, NotFound

MAX_IDS_SHOWN = 3
"""Ids in a message about several papers."""

MAX_SHORT_ID_LENGTH = 28
"""Characters of an id in a table. The start of a longer one (the slug of a title) is nearly always unambiguous."""


def resolve_row(table: CatalogTable, text: str) -> int:
    """Return the row of an id (with version, with `arXiv:`, or as a URL), an alias, or an unambiguous prefix.

    Raises:
        NotFound: it matches no paper.
        Ambiguous: it matches several.
    """
    from paperreader.text.ids import parse_arxiv_id, parse_doi  # takes 5 ms, and startup does not need it

    text = text.strip()
    for candidate in (text, parse_arxiv_id(text), parse_doi(text)):
        if candidate and (row := table.row_of(candidate)) is not None:
            return row
    same_title = table.rows_with_slug(text)
    if len(same_title) > 1:
        raise Ambiguous(
            f'"{text}" is one of several works with the same title: {_list_ids(table, same_title)}.'
        )
    if same_title:
        return same_title[0]
    matches = table.ids_with_prefix(text, limit=4) if text else []
    if len(matches) == 1 and (row := table.row_of(matches[0])) is not None:
        return row
    if matches:
        shown = ", ".join(matches[:3]) + (", …" if len(matches) > 3 else "")
        raise Ambiguous(f'"{text}" matches several papers: {shown}. Enter more of the id.')
    raise papers_not_found(text)


def _list_ids(table: CatalogTable, rows: Sequence[int]) -> str:
    ids = [table.id_of(row) for row in rows[:MAX_IDS_SHOWN]]
    return ", ".join(ids) + (", …" if len(rows) > MAX_IDS_SHOWN else "")


def papers_not_found(*ids: str) -> NotFound:
    """Return the error for ids that match no paper."""
    papers = "paper" if len(ids) == 1 else "papers"
    quoted = ", ".join(f'"{id}"' for id in ids)
    return NotFound(f"No {papers} {quoted} in this library. {_advice(ids)}")


def _advice(ids: Sequence[str]) -> str:
    from paperreader.text.ids import parse_arxiv_id

    if len(ids) <= MAX_IDS_SHOWN and all(arxiv := [parse_arxiv_id(id) for id in ids]):
        return f"Use `paperreader add {' '.join(arxiv)}` to add {'it' if len(arxiv) == 1 else 'them'}."
    return "Use `paperreader search` to find ids."


def short_ids(table: CatalogTable, ids: Iterable[str]) -> dict[str, str]:
    """Return for each id a form for a table: for a long one its beginning, if that is unambiguous."""
    prefixes = {
        id: id[:MAX_SHORT_ID_LENGTH].rstrip("-") if len(id) > MAX_SHORT_ID_LENGTH else id for id in ids
    }
    shortened = {prefix for id, prefix in prefixes.items() if prefix != id}
    ambiguous = table.ambiguous_prefixes(shortened) | {
        prefix for prefix in shortened if table.row_of(prefix) is not None
    }
    return {id: id if prefix in ambiguous else prefix for id, prefix in prefixes.items()}

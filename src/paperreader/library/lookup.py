"""The paper that a person means: by id, by address, or by the beginning of an id."""

from __future__ import annotations

from collections.abc import Iterable

from paperreader.catalog import CatalogTable
from paperreader.errors import Ambiguous, NotFound


def resolve_row(table: CatalogTable, text: str) -> int:
    """The row of an id, with version, with `arXiv:`, as a URL, an alias, or an unambiguous prefix.

    Raises:
        NotFound: no paper answers to it.
        Ambiguous: several papers do.
    """
    from paperreader.text.ids import parse_arxiv_id, parse_doi  # 5 ms, which no start needs

    text = text.strip()
    for candidate in (text, parse_arxiv_id(text), parse_doi(text)):
        if candidate and (row := table.row_of(candidate)) is not None:
            return row
    starting = table.ids_with_prefix(text, limit=4) if text else []
    if len(starting) == 1 and (row := table.row_of(starting[0])) is not None:
        return row
    if starting:
        shown = ", ".join(starting[:3]) + (", …" if len(starting) > 3 else "")
        raise Ambiguous(f"{text} could be {shown}; give more of the id.")
    raise NotFound(f"No paper {text or 'without a name'} in this library; `paperreader search` finds ids.")


MAX_SHORT_ID_LENGTH = 28
"""Characters of an id in a table: the start of a longer one (the slug of a title) nearly always says which it is."""


def short_ids(table: CatalogTable, ids: Iterable[str]) -> dict[str, str]:
    """For each id what stands for it in a table: of a long one its beginning, where that finds it."""
    beginnings = {
        id: id[:MAX_SHORT_ID_LENGTH].rstrip("-") if len(id) > MAX_SHORT_ID_LENGTH else id for id in ids
    }
    cut = {beginning for id, beginning in beginnings.items() if beginning != id}
    unclear = table.ambiguous_prefixes(cut) | {each for each in cut if table.row_of(each) is not None}
    return {id: id if beginning in unclear else beginning for id, beginning in beginnings.items()}

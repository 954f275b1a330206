"""Choose the publication that a merged paper shows.

A preprint, its conference version and its journal version are one paper, but the authors, the DOI, the venue, the year
and the pages of a citation have to be those of one of them. They come from the record that states most precisely where
the work appeared. What that record does not state is taken from others about the same publication only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from paperreader.catalog.merge.contradictions import is_preprint_doi
from paperreader.catalog.merge.versions import replaced_version
from paperreader.import_formats import source_rank
from paperreader.models import PUBLICATION_FIELDS, SourceRecord
from paperreader.text.ids import title_key

_TAKEN_TOGETHER = ("doi", "editors", *PUBLICATION_FIELDS)
"""Fields, except authors and date, that are taken together from records of one publication."""

_YEAR_LENGTH = 4

BestValue = Callable[[Sequence[SourceRecord], str], Any]
"""Returns the best value of a field among records."""


def publication_fields(records: Sequence[SourceRecord], best_value: BestValue) -> dict[str, Any]:
    """Return the authors, the date and all fields of `_TAKEN_TOGETHER`, from records of one publication.

    Authors and date, without which a paper can neither be cited nor sorted, come from any record if those of the
    publication do not state them: all records are about one work.

    Args:
        records: the records of the paper, by priority.
        best_value: decides between records of the same publication.
    """
    published = [record for record in records if _is_published(record)]
    main = min(published or records, key=_preference)
    same = [record for record in records if record is not main and _is_same_publication(main, record)]
    fields = {name: getattr(main, name) for name in _TAKEN_TOGETHER}
    if same:
        fields.update({name: best_value(same, name) for name, value in fields.items() if not value})
    fields["authors"] = (
        main.authors or best_value(same or records, "authors") or best_value(records, "authors")
    )
    known = main.published or best_value(same or records, "published") or best_value(records, "published")
    fields["published"] = _refine_date(known or None, records, best_value)
    return fields


def _is_published(record: SourceRecord) -> bool:
    """Return whether the record states where the work was published, other than as a preprint."""
    return bool(record.journal or record.booktitle or (record.doi and not is_preprint_doi(record.doi)))


def _preference(record: SourceRecord) -> tuple[Any, ...]:
    """Sort key: the better source first, then the later version at arXiv, then the record with authors, a DOI and a
    venue, then more text.

    A reference that is one text in place of a journal, as arXiv has them, is no better than the fields of others.
    """
    stated = [getattr(record, name) for name in (*_TAKEN_TOGETHER, "authors", "published")]
    rank = source_rank(record.source.kind)
    return (
        rank == source_rank("arxiv") and bool(record.journal) and not record.volume,
        rank,
        -replaced_version(record),
        not record.authors,
        not (record.doi and (record.journal or record.booktitle)),
        -sum(map(bool, stated)),
        -sum(len(value) for value in stated if value),
        repr(stated),
    )


def _is_same_publication(main: SourceRecord, other: SourceRecord) -> bool:
    """Return whether `other` is about the publication of `main`, or does not state another one."""
    if main.doi and other.doi:
        return main.doi == other.doi
    venues = title_key(main.journal or main.booktitle), title_key(other.journal or other.booktitle)
    if all(venues) and venues[0] != venues[1]:
        return False
    years = (main.published or "")[:_YEAR_LENGTH], (other.published or "")[:_YEAR_LENGTH]
    return not all(years) or years[0] == years[1]


def _refine_date(known: str | None, records: Sequence[SourceRecord], best_value: BestValue) -> str | None:
    """Return the date, refined where another record knows the month of that year or the day of that month."""
    while known:
        more_precise = [each for each in records if (each.published or "").startswith(f"{known}-")]
        if not more_precise:
            break
        known = best_value(more_precise, "published")
    return known

"""Read the field `journal-ref` of arXiv: where a preprint was published, in one line that its authors wrote.

https://info.arxiv.org/help/prep.html#journal says what it should look like; there is no fixed form.
"""

from __future__ import annotations

import re

from msgspec.structs import replace

from paperreader.importers.references.fields import is_arxiv_venue, with_publication
from paperreader.lazy_pattern import lazy_pattern
from paperreader.models import SourceRecord

_JOURNAL = r"(?P<journal>[^\W\d_][^\d;()]{1,80}?)[ ,]*(?:\bvol(?:ume)?\b\.?\s*)?(?P<volume>[0-9]{1,4})"
_NUMBER = r"(?:no|issue)\.?\s?(?P<number>[0-9]{1,4})"
_PAGES = r"(?:pp?\.?\s?)?(?P<pages>[A-Z]?[0-9]{1,9}(?:\s?[-–]{1,3}\s?[A-Z]?[0-9]{1,9})?)"
_YEAR = r"(?:19|20)[0-9]{2}"
_FORMS = (
    # Phys.Rev.D76:013009,2007 · J. Lamps 23(10): 2592-2601 (2006) · J. Lamps, vol. 4, no. 3, pp. 1-9, 2008
    lazy_pattern(
        _JOURNAL
        + rf"(?:\s?\((?P<issue>[0-9]{{1,3}})\)|,\s?{_NUMBER})?\s?[,:]\s?{_PAGES}[,\s]*\(?{_YEAR}\)?\.?",
        re.IGNORECASE,
    ),
    # J. Lamps 52 (2008), no. 2, 681-689
    lazy_pattern(_JOURNAL + rf"\s?\({_YEAR}\)[,:]?\s?(?:{_NUMBER}[,:]?\s?)?{_PAGES}\.?", re.IGNORECASE),
)
_PROCEEDINGS = lazy_pattern(
    r"\b(?:proc|proceedings|conf|conference|workshop|symposium)\b|^in\b", re.IGNORECASE
)
_COUNTED_OTHERWISE = lazy_pattern(r"\b(?:no|nr|issue|art|report)\.?,?\s*$", re.IGNORECASE)
"""The end of a journal after which the number is no volume."""

MAX_PARSED_CHARS = 200


def with_journal_ref(record: SourceRecord, text: str) -> SourceRecord:
    """Return the record with journal, volume, number and pages of a `journal-ref`, unless it has a venue already.

    The journal is the whole text if that has no known form, which then cannot be mistaken for another one.
    """
    text = " ".join(text.split())
    if not text or record.journal or record.booktitle or is_arxiv_venue(text):
        return record
    is_candidate = len(text) <= MAX_PARSED_CHARS and not _PROCEEDINGS.search(text)
    found = next(filter(None, (form.fullmatch(text) for form in _FORMS)), None) if is_candidate else None
    if found is None or _COUNTED_OTHERWISE.search(found["journal"]):
        return replace(record, journal=text)
    parts = found.groupdict(default="")
    return with_publication(
        replace(record, journal=parts["journal"].rstrip(" ,")),
        entry_type=record.entry_type,
        editors=record.editors,
        volume=parts["volume"],
        number=parts["number"] or parts.get("issue", ""),
        pages=parts["pages"],
    )

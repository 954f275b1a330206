"""What services answered, on its way into the catalog."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from paperreader import importers
from paperreader.importers.daily_papers.items import FIRST_DAY_WITH_SUBMISSION_DATES
from paperreader.models import SERVICE_PREFIX, ImportedEntry, Problem, SourceRecord
from paperreader.text.ids import slug_id

LISTING_DATES_SINCE = FIRST_DAY_WITH_SUBMISSION_DATES
"""The ISO day from which on a paper of Hugging Face says itself when it was listed."""


class ServiceResponse(Struct, frozen=True):
    """An answer of a service, as it was sent."""

    name: str
    """What was asked, as an address without scheme: the same whenever the same is asked again. People see it as the
    source of a paper."""
    data: bytes
    requested_at: str
    """When it was asked for (ISO, UTC): how old its votes are."""


class ResponseReader:
    """The entries of some answers, and beside them everything in them that could not be used.

    Iterate it once; then `problems` is complete.
    """

    def __init__(self, answers: Iterable[ServiceResponse]) -> None:
        self._answers = answers
        self.problems: list[Problem] = []

    def __iter__(self) -> Iterator[ImportedEntry]:
        today = dt.datetime.now(dt.UTC).date()
        for answer in self._answers:
            item = importers.Input(answer.name, answer.data, observed_at=answer.requested_at)
            for made in importers.read_entries(item, date=None, today=today):
                if isinstance(made, Problem):
                    self.problems.append(made)
                else:
                    yield replace(
                        made, records=tuple(_with_service_key(record, answer) for record in made.records)
                    )


def _with_service_key(record: SourceRecord, answer: ServiceResponse) -> SourceRecord:
    """The record with a key that it has again when the same is asked again: its place in the answer says nothing then,
    and neither does the answer's content.
    """
    digest = hashlib.sha256(answer.name.encode()).hexdigest()[:15]
    paper = record.arxiv or slug_id(record.title, record.abstract)
    source = replace(record.source, key=f"{SERVICE_PREFIX}{digest}:{paper}")
    return replace(record, source=source, observed=record.observed or answer.requested_at)

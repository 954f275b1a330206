"""What services answered, on its way into the catalog."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from paperreader import importers
from paperreader.importers.daily_papers.items import SUBMISSIONS_SINCE
from paperreader.models import LIVE, Entry, Problem, Record
from paperreader.text.ids import slug_id

DAYS_TOLD_SINCE = SUBMISSIONS_SINCE
"""The ISO day from which on a paper of Hugging Face says itself when it was listed."""


class Answer(Struct, frozen=True):
    """An answer of a service, as it was sent."""

    name: str
    """What was asked, as an address without scheme: the same whenever the same is asked again. People see it as the
    source of a paper."""
    data: bytes
    asked: str
    """When it was asked for (ISO, UTC): how old its votes are."""


class Answered:
    """The entries of some answers, and beside them everything in them that could not be used.

    Iterate it once; then `problems` is complete.
    """

    def __init__(self, answers: Iterable[Answer]) -> None:
        self._answers = answers
        self.problems: list[Problem] = []

    def __iter__(self) -> Iterator[Entry]:
        today = dt.datetime.now(dt.UTC).date()
        for answer in self._answers:
            item = importers.Input(answer.name, answer.data, observed=answer.asked)
            for made in importers.read(item, date=None, today=today):
                if isinstance(made, Problem):
                    self.problems.append(made)
                else:
                    yield replace(made, records=tuple(_live(record, answer) for record in made.records))


def _live(record: Record, answer: Answer) -> Record:
    """The record with a key that it has again when the same is asked again: its place in the answer says nothing then,
    and neither does the answer's content.
    """
    digest = hashlib.sha256(answer.name.encode()).hexdigest()[:15]
    paper = record.arxiv or slug_id(record.title, record.abstract)
    source = replace(record.source, key=f"{LIVE}{digest}:{paper}")
    return replace(record, source=source, observed=record.observed or answer.asked)

"""The versions of a paper at arXiv, as its records state them: what each said, and when the latest one was added."""

from __future__ import annotations

from collections.abc import Sequence

from paperreader.import_formats import source_rank
from paperreader.models import PaperVersion, SourceRecord, VersionHistory

_RANK = source_rank("arxiv")


def replaced_version(record: SourceRecord) -> int:
    """Return the version that a record states if there are earlier ones, else 0: a source without one may have v1."""
    return record.arxiv_version if record.arxiv_version > 1 else 0


def latest_update(records: Sequence[SourceRecord]) -> str:
    """Return the day on which the latest version was submitted (ISO), or an empty string if none states it."""
    return max((record.arxiv_version, record.arxiv_updated) for record in records)[1]


def version_history(records: Sequence[SourceRecord]) -> VersionHistory | None:
    """Return the versions that the records of a paper state; None if no earlier one is known.

    A record without a version, such as those of Daily Papers, is of an earlier one if it was added before the day on
    which the latest was submitted.
    """
    by_number: dict[int, list[SourceRecord]] = {}
    for record in records:
        if source_rank(record.source.kind) == _RANK:
            by_number.setdefault(record.arxiv_version, []).append(record)
    number = max(by_number, default=0)
    if number < 2:
        return None
    latest = by_number[number]
    numbers = sorted((each for each in by_number if 0 < each < number), reverse=True)
    earlier = [_version(each, by_number[each]) for each in numbers]
    updated = latest_update(latest)
    if not earlier and (before := [each for each in by_number.get(0, ()) if each.added < updated]):
        earlier = [_version(1 if number == 2 else 0, before)]
    if not earlier:
        return None
    return VersionHistory((_version(number, latest), *earlier), min(map(_noticed, latest)))


def _version(number: int, records: Sequence[SourceRecord]) -> PaperVersion:
    best = max(records, key=lambda each: (len(each.abstract), len(each.title), each.source.key))
    day = latest_update(records) or min(record.added for record in records)
    return PaperVersion(number, best.title, best.abstract, best.authors, day)


def _noticed(record: SourceRecord) -> str:
    """Return when a record was added: the time of the response, if that was on the day of the import."""
    return record.observed if record.observed.startswith(record.added) else record.added

"""Decide what to store of a source that is imported again. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from paperreader.catalog.merge.matching import KeyedRecord
from paperreader.models import Source, SourceRecord


def merge_reread(old: KeyedRecord, new: KeyedRecord, *, date_given: bool) -> KeyedRecord:
    """Return what to store of a source that was read again, or `old` itself if nothing has changed.

    Its name, its date and the times of its first import stay. Its content is replaced, because a newer version of an
    importer may read more of it, and its date only if the user gave one. Fields that this version does not know stay.
    """
    source = _with_certainty(old.record.source, new.record.source, date_given=date_given)
    before = old.record
    extra = new.record.extra or before.extra
    record = replace(new.record, source=source, added=before.added, observed=before.observed, extra=extra)
    if record == old.record:
        return old
    return KeyedRecord(record, new.keys, new.slug)


def _with_certainty(old: Source, new: Source, *, date_given: bool) -> Source:
    """Return a source that was read again. Earlier versions did not store that a year was assumed."""
    if date_given:
        return replace(old, date=new.date, is_date_assumed=new.is_date_assumed)
    return replace(old, is_date_assumed=True) if new.is_date_assumed and new.date == old.date else old


def merge_response(old: KeyedRecord, new: KeyedRecord, others: Iterable[KeyedRecord]) -> KeyedRecord:
    """Return what to store of a service that was queried again: its latest response, or `old` itself if both agree.

    If they agree, the newer time of observation is stored only if another source was observed in between, because the
    newest observation decides the votes of the paper.
    """
    before, now = old.record, new.record
    if (now.observed, _content_key(now)) < (before.observed, _content_key(before)):
        return old
    listed = max(filter(None, (before.source.date, now.source.date)), default=None)
    added = min(before.added, now.added)
    extra = now.extra or before.extra
    record = replace(now, source=replace(before.source, date=listed), added=added, extra=extra)
    if replace(record, observed=before.observed) == before and not any(
        one is not old and before.observed < one.record.observed <= now.observed for one in others
    ):
        return old
    return KeyedRecord(record, new.keys, new.slug)


def split_versions(one: KeyedRecord, other: KeyedRecord) -> tuple[KeyedRecord, KeyedRecord] | None:
    """Return the later and the earlier of two versions that a service stated of a paper at arXiv; else None.

    The later one stays what the service states now. The earlier one becomes a record of its own, `KEYvN`, whatever the
    order in which they arrive: so its title and abstract are kept, and it is merged and undone like any record.
    """
    numbers = one.record.arxiv_version, other.record.arxiv_version
    if not all(numbers) or numbers[0] == numbers[1] or not one.record.arxiv:
        return None
    earlier, later = sorted((one, other), key=lambda each: each.record.arxiv_version)
    source = earlier.record.source
    source = replace(source, key=f"{one.record.source.key}v{earlier.record.arxiv_version}")
    return later, KeyedRecord(replace(earlier.record, source=source), earlier.keys, earlier.slug)


def _content_key(record: SourceRecord) -> str:
    """Sort key for two responses observed at the same time, so that the result does not depend on their order."""
    return repr(replace(record, source=replace(record.source, date=None), added=""))

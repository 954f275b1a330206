"""Find papers that mix several works, as earlier versions merged them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Protocol

from msgspec.structs import replace

from paperreader.catalog.merge.grouping import find_suspect
from paperreader.catalog.merge.paper_merge import MergedPaper, merge_records, merged_from_stored
from paperreader.catalog.merge.versions import replaced_version
from paperreader.errors import StorageError
from paperreader.models import Paper, SourceRecord

_MAX_AUTHORS_SHOWN = 2
_SOURCE_KEY = b'"key":'


class PaperLines(Protocol):
    """What is needed of a `CatalogTable`."""

    @property
    def newest(self) -> Sequence[int]: ...
    def line(self, row: int) -> bytes: ...
    def paper(self, row: int) -> Paper: ...
    def paper_records(self, row: int) -> tuple[SourceRecord, ...]: ...


def find_mixtures(table: PaperLines) -> Iterator[tuple[str, str]]:
    """Yield the id of each paper that would not be merged today as it is, and why. Reads every line."""
    for row in table.newest:
        with suppress(StorageError):  # a damaged line is reported by `verify`
            if table.line(row).count(_SOURCE_KEY) > 1:
                paper = table.paper(row)
                if reason := suspicion(merged_from_stored(paper, table.paper_records(row))):
                    yield paper.id, reason


def suspicion(merged: MergedPaper) -> str:
    """Return why a paper of several records would not be merged like this today; empty if it would be."""
    if len(merged.keyed_records) < 2:
        return ""
    suspect = find_suspect(merged.keyed_records)
    if suspect is not None:
        return f"mixes {_describe(suspect.one)} and {_describe(suspect.other)} ({suspect.reason})"
    paper = merged.paper
    if any(map(replaced_version, merged.records)):
        return ""  # earlier versions of this program preferred the longer text to that of the later version
    fresh = merge_records(paper.arxiv, merged.keyed_records).paper
    # A version of this program that did not know these may have merged them as unknown fields.
    versions = {"arxiv_version": paper.arxiv_version, "arxiv_updated": paper.arxiv_updated}
    unchanged = {"id": paper.id, "aliases": paper.aliases, **versions}
    if replace(fresh, **unchanged) != paper:
        return "has authors, DOI, venue or date of several publications"
    return ""


def _describe(record: SourceRecord) -> str:
    """Return what tells one work from another with the same title."""
    credited = record.authors or tuple(f"{name} (ed.)" for name in record.editors)
    authors = ", ".join(credited[:_MAX_AUTHORS_SHOWN]) or "unknown authors"
    if len(credited) > _MAX_AUTHORS_SHOWN:
        authors += " et al."
    return " ".join(filter(None, (f"“{record.title}” by {authors}", record.published, record.doi)))

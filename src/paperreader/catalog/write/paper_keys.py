"""Keys of papers by which changes find the papers that they affect."""

from __future__ import annotations

from collections.abc import Iterable

from paperreader.catalog.merge.paper_merge import MergedPaper


def match_hashes(papers: Iterable[MergedPaper], *, identified: bool) -> set[int]:
    """Return the hashes under which papers are found that share a key with records with, or without, arXiv ids."""
    hashes: set[int] = set()
    for one in (one for merged in papers for one in merged.keyed_records):
        if bool(one.record.arxiv) == identified:
            hashes.update(one.match_hashes(), () if identified else one.id_hashes())
    return hashes


def source_keys(merged: MergedPaper) -> tuple[str, ...]:
    """Return the source keys of the records of a paper."""
    return tuple(one.record.source.key for one in merged.keyed_records)

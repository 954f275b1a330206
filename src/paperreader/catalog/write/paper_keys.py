"""Keys of papers by which changes find the papers that they affect."""

from __future__ import annotations

from collections.abc import Iterable

from paperreader.catalog.merge.grouping import PaperGroup, contended_slugs
from paperreader.catalog.merge.paper_merge import MergedPaper


def contended_slugs_of(papers: Iterable[MergedPaper]) -> frozenset[str]:
    """Return the slugs that several of the papers would have as ids."""
    return contended_slugs(PaperGroup(merged.paper.arxiv, merged.keyed_records) for merged in papers)


def match_hashes(papers: Iterable[MergedPaper], *, identified: bool) -> set[int]:
    """Return the hashes under which papers are found that share a key with records with, or without, arXiv ids."""
    hashes: set[int] = set()
    for one in (one for merged in papers for one in merged.keyed_records):
        if bool(one.record.arxiv) == identified:
            hashes.update(one.match_hashes(), () if identified else one.id_hashes())
    return hashes


def source_keys(merged: MergedPaper) -> list[str]:
    """Return the source keys of the records of a paper."""
    return [one.record.source.key for one in merged.keyed_records]

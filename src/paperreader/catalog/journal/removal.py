"""Removals that can be undone: what a removal line carries.

    {"removed":ID,"at":MILLISECONDS,"paper":{…}}     what was taken: the paper, or those of its records that went
    {"restored":MILLISECONDS}                        the removal of that moment was undone

Lines of one removal share `at`. Where only some of a paper's records went, the paper's own line follows.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from paperreader.catalog.journal.paper_line import paper_from_object, paper_to_object
from paperreader.catalog.merge.paper_merge import MergedPaper, merge_records
from paperreader.json_codec import to_json_line
from paperreader.models import SourceRecord


def removal_line(before: MergedPaper, removed: Iterable[SourceRecord], operation_id: int) -> bytes:
    """The line that tells that those records of a paper are gone."""
    keys = {record.source.key for record in removed}
    taken = merge_records(
        before.paper.arxiv,
        [one for one in before.keyed_records if one.record.source.key in keys],
        {before.paper.id, *before.paper.aliases},
    )
    return to_json_line(
        {"removed": before.paper.id, "at": operation_id, "paper": paper_to_object(taken)}
    ).encode()


def undone_removal_line(operation_id: int) -> bytes:
    """The line that tells that a removal was undone."""
    return to_json_line({"restored": operation_id}).encode()


def removed_records(line: bytes) -> tuple[tuple[SourceRecord, ...], tuple[str, ...]]:
    """The records that a removal line carries, and the ids the paper went by.

    Raises:
        ValueError: it carries none.
    """
    paper = json.loads(line).get("paper")
    if not isinstance(paper, dict):
        raise ValueError("the removal carries no paper")
    holding = paper_from_object(paper)
    return holding.records, (holding.paper.id, *holding.paper.aliases)


def removal_operation_id(line: bytes) -> int:
    """When the removal on that line took place.

    Raises:
        ValueError: the line does not say.
    """
    at: Any = json.loads(line).get("at")
    if type(at) is not int:
        raise ValueError("the removal has no moment")
    return at

"""Removals that can be undone: what a removal line carries.

    {"removed":ID,"at":MILLISECONDS,"paper":{…}}     what was taken: the paper, or those of its records that went
    {"restored":MILLISECONDS}                        the removal of that moment was undone

Lines of one removal share `at`. Where only some of a paper's records went, the paper's own line follows.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from paperreader.catalog.journal.paper_line import from_json, to_json
from paperreader.catalog.merge.paper_merge import Holding, hold
from paperreader.json_codec import dumps
from paperreader.models import Record


def removal_line(before: Holding, lost: Iterable[Record], at: int) -> bytes:
    """The line that tells that those records of a paper are gone."""
    keys = {record.source.key for record in lost}
    taken = hold(
        before.paper.arxiv,
        [one for one in before.known if one.record.source.key in keys],
        {before.paper.id, *before.paper.aliases},
    )
    return dumps({"removed": before.paper.id, "at": at, "paper": to_json(taken)}).encode()


def restored_line(at: int) -> bytes:
    """The line that tells that a removal was undone."""
    return dumps({"restored": at}).encode()


def taken(line: bytes) -> tuple[tuple[Record, ...], tuple[str, ...]]:
    """The records that a removal line carries, and the ids the paper went by.

    Raises:
        ValueError: it carries none.
    """
    paper = json.loads(line).get("paper")
    if not isinstance(paper, dict):
        raise ValueError("the removal carries no paper")
    holding = from_json(paper)
    return holding.records, (holding.paper.id, *holding.paper.aliases)


def moment(line: bytes) -> int:
    """When the removal on that line took place.

    Raises:
        ValueError: the line does not say.
    """
    at: Any = json.loads(line).get("at")
    if type(at) is not int:
        raise ValueError("the removal has no moment")
    return at

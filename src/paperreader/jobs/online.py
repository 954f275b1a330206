"""Results of a search online as JSON, between the process that requests them and the reader."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from paperreader.json_codec import (
    paper_from_json,
    paper_to_json,
    record_from_json,
    record_to_json,
    to_json_line,
)
from paperreader.library import OnlinePaper
from paperreader.models import ImportedEntry

if TYPE_CHECKING:
    from paperreader.fetch.online.search import OnlineResults


class OnlineReply(Struct, frozen=True):
    """One page of results."""

    papers: list[OnlinePaper]
    next_start: int | None
    total: int | None
    ignored: list[str]
    is_old: bool
    problems: list[str]
    titles_only: int
    """How many papers were left out because only their titles are known."""


def online_reply(results: OnlineResults) -> dict[str, Any]:
    """Return results as values for JSON, of which `read_reply` makes an `OnlineReply`."""
    return {
        "papers": [_paper_to_json(each) for each in results.papers],
        "next_start": results.next_start,
        "total": results.total,
        "ignored": list(results.ignored),
        "is_old": results.is_old,
        "problems": [str(problem) for problem in results.problems],
        "titles_only": results.titles_only,
    }


def read_reply(data: dict[str, Any]) -> OnlineReply:
    """Return what `online_reply` was made of."""
    return OnlineReply(**{**data, "papers": [_paper_from_json(each) for each in data["papers"]]})


def write_papers(papers: Iterable[OnlinePaper]) -> bytes:
    """Return papers as lines of JSON, which `read_papers` reads."""
    return "".join(f"{to_json_line(_paper_to_json(each), ascii_only=True)}\n" for each in papers).encode()


def read_papers(lines: Iterable[str]) -> list[OnlinePaper]:
    """Return the papers of lines that `write_papers` wrote."""
    return [_paper_from_json(json.loads(line)) for line in lines]


def _paper_to_json(each: OnlinePaper) -> dict[str, Any]:
    return {
        "paper": paper_to_json(each.paper),
        "records": list(map(record_to_json, each.entry.records)),
        "citations": each.citations,
    }


def _paper_from_json(data: dict[str, Any]) -> OnlinePaper:
    records = tuple(map(record_from_json, data["records"]))
    return OnlinePaper(paper_from_json(data["paper"]), ImportedEntry(records, citations=data["citations"]))

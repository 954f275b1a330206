"""What tools answer: plain objects for JSON, bounded, and without control or invisible characters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from paperreader.json_codec import paper_to_public_json, to_json_line
from paperreader.text.sanitize import sanitize, single_line

if TYPE_CHECKING:
    from paperreader.models import Mark, Paper

Answer = dict[str, Any]

MAX_ANSWER_CHARS = 100_000
"""No answer is longer as JSON. Clients put answers into the context of a language model."""

MAX_PAPERS_CHARS = 60_000
"""Of the papers in a list."""

MAX_LONG_TEXT_CHARS = 10_000
"""Abstracts, notes and summaries."""

MAX_TEXT_CHARS = 400
"""All other texts of a paper."""

MAX_NAME_CHARS = 100
"""Names in a list of papers, and headings."""

MAX_EXCERPT_CHARS = 500
"""The beginning of an abstract in a list."""

MAX_ITEMS = 40
"""Authors, links, tags, highlights and other lists of a paper."""

MAX_LISTED_AUTHORS = 10

_LONG_TEXTS = frozenset(("abstract", "note", "summary", "summaries"))
_LISTED_FIELDS = ("id", "title", "date", "authors", "categories", "repo", "bookmarked", "read", "tags")


def paper_answer(paper: Paper, mark: Mark) -> Answer:
    """Return everything that is known about a paper. `cut` names the fields that are not complete."""
    answer: Answer = {}
    cut: set[str] = set()
    for name, value in paper_to_public_json(paper, mark).items():
        answer[name], is_complete = _bounded(
            value, MAX_LONG_TEXT_CHARS if name in _LONG_TEXTS else MAX_TEXT_CHARS
        )
        cut |= set() if is_complete else {name}
    while _length(answer) > MAX_ANSWER_CHARS - MAX_TEXT_CHARS:
        lists = [name for name, value in answer.items() if isinstance(value, list)]
        longest = max(lists, key=lambda name: _length(answer[name]))
        answer[longest] = answer[longest][: len(answer[longest]) // 2]
        cut.add(longest)
    return answer | {"cut": sorted(cut)}


def listed_paper(paper: Paper, mark: Mark) -> Answer:
    """Return what a list shows of a paper."""
    whole = paper_to_public_json(paper, mark)
    answer: Answer = {name: _bounded(whole[name], MAX_NAME_CHARS)[0] for name in _LISTED_FIELDS}
    answer["id"], answer["title"] = paper.id, _bounded(whole["title"], MAX_TEXT_CHARS)[0]
    if (more := len(paper.authors) - MAX_LISTED_AUTHORS) > 0:
        answer["authors"] = [*answer["authors"][:MAX_LISTED_AUTHORS], f"and {more:,} more"]
    answer["abstract"] = cut_text(single_line(paper.abstract[: 2 * MAX_EXCERPT_CHARS]), MAX_EXCERPT_CHARS)
    answer["has_note"] = bool(mark.note_text)
    return answer


def page_of_papers(papers: Iterable[Answer], offset: int, total: int) -> Answer:
    """Return as many papers of a list as one answer may contain, and where the next answer begins.

    Args:
        papers: those from `offset` on, as many as were asked for.
        offset: the number of papers before.
        total: the number of all papers.
    """
    page: list[Answer] = []
    length = 0
    for paper in papers:
        length += _length(paper)
        if page and length > MAX_PAPERS_CHARS:
            break
        page.append(paper)
    end = offset + len(page)
    return {"papers": page, "next_offset": end if page and end < total else None}


def cut_text(text: str, length: int) -> str:
    """Return `text`, or its beginning of `length` characters with an ellipsis."""
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"


def _bounded(value: Any, length: int) -> tuple[Any, bool]:
    """Return a value of a paper with texts of at most `length` characters and lists of at most `MAX_ITEMS`, and whether
    nothing was left out.
    """
    if isinstance(value, str):
        beginning = value[: 2 * length]
        text = cut_text(sanitize(beginning), length)
        return text, len(beginning) == len(value) and not (text.endswith("…") and not value.endswith("…"))
    if isinstance(value, list):
        items = [_bounded(item, length) for item in value[:MAX_ITEMS]]
        return [item for item, _ in items], len(items) == len(value) and all(whole for _, whole in items)
    if isinstance(value, Mapping):
        found = {name: _bounded(item, length) for name, item in value.items()}
        return {name: item for name, (item, _) in found.items()}, all(whole for _, whole in found.values())
    return value, True


def _length(value: Any) -> int:
    """Return the length of a value as JSON."""
    return len(to_json_line(value))

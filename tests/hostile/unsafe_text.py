"""What must never be written, by its definition in Unicode, and papers that have it in every field."""

from __future__ import annotations

import json
import re
import types
import typing
import unicodedata
from typing import Any

from msgspec.structs import fields

from paperreader.models import Link, Mark, Paper, Source, SourceRecord
from tests.hostile.hostile_input import IGNORABLE, INVISIBLE, MARKUP
from tests.pages import HOSTILE

_FLOODS = "a" + "\u0301" * 40 + " " + "\u20e3" * 40

NASTY = f"{HOSTILE} \ud800 {INVISIBLE} {_FLOODS} {MARKUP}"

_MARK_FLOOD = re.compile("[\u0300-\u036f\u20d0-\u20ff]{9}")


def unsafe_parts(text: str) -> list[str]:
    """Return every character of `text` that must not be written, and every flood of marks."""
    unsafe = {
        char
        for char in set(text)
        if (unicodedata.category(char) in {"Cc", "Cs"} and char not in "\n\t")
        or any(first <= ord(char) <= last for first, last in IGNORABLE)
    }
    found = [char for char in text if char in unsafe] if unsafe else []
    return [ascii(part) for part in (*found, *_MARK_FLOOD.findall(text))]


def nasty_value(kind: Any, name: str) -> Any:
    """Return a value of that type with `NASTY` in every text; numbers are small."""
    if name == "extra":  # fields of later versions, as JSON
        return ((f"unknown {NASTY}", json.dumps({NASTY: [NASTY]})),)
    if kind is str:
        return f"{name} {NASTY}"
    if kind is int:
        return 3
    if kind is bool:
        return True
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        return nasty_value(typing.get_args(kind)[0], name)
    if typing.get_origin(kind) is typing.Literal:
        return typing.get_args(kind)[0]
    if typing.get_origin(kind) is tuple:
        return (nasty_value(typing.get_args(kind)[0], name),) * 2
    if kind in (Link, Source):
        return nasty_struct(kind)
    raise AssertionError(f"{name} has a type for which no value is known: {kind}")


def nasty_struct(kind: type, **given: Any) -> Any:
    """Return a paper, record, link or source with `NASTY` in every field, those added later included."""
    return kind(**{each.name: nasty_value(each.type, each.name) for each in fields(kind)} | given)


def nasty_paper(**given: Any) -> Paper:
    """Return a paper with `NASTY` everywhere except in `given`."""
    paper: Paper = nasty_struct(Paper, **given)
    return paper


def nasty_record(paper: Paper) -> SourceRecord:
    """Return a record with the fields of a paper."""
    record: SourceRecord = nasty_struct(SourceRecord, arxiv=paper.arxiv, source=paper.sources[0])
    return record


def nasty_mark() -> Mark:
    """Return a mark with `NASTY` in every text, and unknown keys."""
    return Mark(
        title=NASTY,
        bookmark=(True, 5),
        note=(f"{NASTY}\n\n# heading {NASTY}\n```\n{NASTY}\n```", 5),
        tags={f"tag {NASTY}": (True, 5), "plain": (True, 5), "h\u202eidden\x1b tag\u200b": (True, 5)},
        extra={f"unknown {NASTY}": {NASTY: [NASTY]}},
    )

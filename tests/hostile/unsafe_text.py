"""What must never be written, by its definition in Unicode, and papers that have it in every field."""

from __future__ import annotations

import re
import types
import typing
import unicodedata
from typing import Any

from msgspec.structs import fields

from paperreader.models import Link, Mark, Paper, Source, SourceRecord
from tests.hostile.hostile_input import MARKUP
from tests.pages import HOSTILE

INVISIBLE = (
    "\u034f\u061c\u115f\u1160\u17b4\u180b\u180e\u200b\u200e\u200f"
    "\u2060\u2064\u3164\ufe0f\ufeff\uffa0\U000e0041\U000e0100"
)
"""A character of every kind that takes no cell and shows nothing."""

_FLOODS = "a" + "\u0301" * 40 + " " + "\u20e3" * 40

NASTY = f"{HOSTILE} \ud800 {INVISIBLE} {_FLOODS} {MARKUP}"

_IGNORABLE = (
    *((0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F)),
    *((0x200B, 0x200B), (0x200E, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164)),
    *((0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8), (0x1BCA0, 0x1BCA3)),
    *((0x1D173, 0x1D17A), (0xE0000, 0xE0FFF)),
)
"""Default_Ignorable_Code_Point of Unicode without the two joiners, which some scripts need."""

_MARK_FLOOD = re.compile("[\u0300-\u036f\u20d0-\u20ff]{9}")


def unsafe_parts(text: str) -> list[str]:
    """Return every character of `text` that must not be written, and every flood of marks."""
    found = [
        char
        for char in text
        if (unicodedata.category(char) in {"Cc", "Cs"} and char not in "\n\t")
        or any(first <= ord(char) <= last for first, last in _IGNORABLE)
    ]
    return [ascii(part) for part in (*found, *_MARK_FLOOD.findall(text))]


def nasty_value(kind: Any, name: str) -> Any:
    """Return a value of that type with `NASTY` in every text; numbers are small."""
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

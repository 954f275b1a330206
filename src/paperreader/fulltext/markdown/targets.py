"""Find the blocks to which links lead: the ids of the page are gone, but they say what they were."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec.structs import replace

from paperreader.fulltext.document import AnyBlock, Caption, Equation, Heading, Piece, Text
from paperreader.fulltext.lines import block_lines

_ID = re.compile(
    r"(?:S(?P<section>[0-9]+)|A(?P<appendix>[0-9]+))(?:\.SS(?P<sub>[0-9]+))?(?:\.SSS(?P<subsub>[0-9]+))?"
    r"(?:\.(?P<kind>[FTE])(?P<number>[0-9]+))?"
)
"""Ids of LaTeXML: `S2.SS1`, `A1.F3`, `S2.E8`."""

_ROMAN = {"I": 1, "V": 5, "X": 10}


def with_anchors(blocks: list[AnyBlock], targets: set[str]) -> list[AnyBlock]:
    """Return the blocks with those of the ids as anchors whose block is known by its number."""
    by_key: dict[str, int] = {}
    for index, block in enumerate(blocks):
        if key := _key_of_block(block):
            by_key.setdefault(key, index)
    for target in sorted(targets):
        found = _ID.fullmatch(target)
        key = _key_of_id(found) if found else ""
        if key in by_key:
            index = by_key[key]
            blocks[index] = replace(blocks[index], anchors=(*blocks[index].anchors, target))
    return blocks


def targets_of(blocks: list[AnyBlock]) -> set[str]:
    """Return the ids to which links lead."""
    return {piece.target[1:] for piece in _pieces(blocks) if piece.target.startswith("#")}


def _pieces(blocks: list[AnyBlock]) -> Iterator[Piece]:
    for block in blocks:
        for line in block_lines(block):
            yield from line


def _key_of_block(block: AnyBlock) -> str:
    match block:
        case Heading(number=number) if number:
            return f"section {_arabic(number)}"
        case Caption(label=label, of=kind) if label:
            return f"{kind} {_arabic(label.partition(' ')[2])}"
        case Equation(rows=rows) if rows[-1].number:
            return f"equation {rows[-1].number.strip('()')}"
    return ""


def _key_of_id(found: re.Match[str]) -> str:
    kind = {"F": "figure", "T": "table", "E": "equation"}.get(found["kind"] or "")
    if kind:
        return f"{kind} {found['number']}"
    first = found["section"] or chr(ord("A") + int(found["appendix"]) - 1)
    return "section " + ".".join(part for part in (first, found["sub"], found["subsub"]) if part)


def _arabic(number: str) -> str:
    """Return a number in the form that ids have: `IV-A` is `4.1`."""
    parts = re.split(r"[.-]", number)
    if not re.fullmatch(r"[IVX]+", parts[0]):
        return ".".join(parts)
    total = 0
    values = [_ROMAN[letter] for letter in parts[0]]
    for value, following in zip(values, [*values[1:], 0], strict=True):
        total += -value if value < following else value
    others = (
        str(ord(part) - ord("A") + 1) if len(part) == 1 and part.isalpha() else part for part in parts[1:]
    )
    return ".".join((str(total), *others))


def keep_known_targets(text: Text, known: frozenset[str], url: str) -> Text:
    """Return a text in which links that lead nowhere in the document lead to the page."""
    if not any(piece.target.startswith("#") and piece.target[1:] not in known for piece in text):
        return text
    return tuple(
        Piece(piece.text, piece.kind, piece.style, f"{url.partition('#')[0]}{piece.target}" if url else "")
        if piece.target.startswith("#") and piece.target[1:] not in known
        else piece
        for piece in text
    )

"""Other spellings of the words of a query: joined, hyphenated and spaced (`zeroshot`, `zero-shot`, `zero shot`).

A hyphen separates words in texts and queries, so two forms are left: one word, and adjacent words. The index knows
nothing of this: which spellings exist is looked up in the vocabulary for each query.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import TypeVar

from msgspec.structs import replace

from paperreader.search.analysis.function_words import FUNCTION_WORDS
from paperreader.search.query.plan import BooleanGroup, Node, Not, QueryPlan, ScoredNode, TermGroup, TermSlot

MIN_PREFIX_LENGTH = 3
"""A word that is being typed is joined with the one before it from this length on."""

MAX_ATOMS = 4
"""Words and numbers of which a compound consists; longer ones are searched as typed."""

MIN_SPLIT_SHARE = 0.05
"""A word is split into two only if both of them occur in this share of its papers: otherwise it is hardly made of them.
Splitting every word would cost much: `net work`."""

MIN_JOINED_SHARE = 0.005
"""Two separate words are looked for side by side if papers with the joined word are this share of those with the rarer
one. Those before a number always are: `GPT 4`."""

_MIN_PART_LENGTH = 3
_SHORT_PARTS = frozenset({"ai", "bi", "co", "de", "qa", "re", "rl", "un"})
"""Shorter parts of split words."""

_MAX_SPLITS = 2
_BOUNDARY = re.compile("(?<=[a-z]{2})(?=[0-9])|(?<=[0-9])(?=[a-z]{2})")
_LETTERS = re.compile("[a-z]{2,}")

Frequency = Callable[[TermSlot], int]
"""Returns the number of papers with a word."""

FrequencyIn = Callable[[str], Frequency]
"""Returns the frequency of words in a field."""

Slots = tuple[TermSlot, ...]
_Node = TypeVar("_Node", bound=Node)


def add_spellings(plan: QueryPlan, frequency_in: FrequencyIn) -> QueryPlan:
    """Return the plan with the other spellings of its words.

    Separate words that also occur joined are found both ways; papers with the joined word, or in which the words are
    adjacent, are ranked higher.
    """
    frequency = frequency_in("")
    scored = [_with_own_spellings(node, frequency_in) for node in plan.scored]
    adjacent: list[TermGroup] = []
    joined: dict[int, list[Slots]] = {}
    for first, members in _neighbors(plan.scored):
        forms = [form for form in _joined_forms(members) if all(frequency(slot) for slot in form)]
        for number in range(first, first + len(members)):
            joined.setdefault(number, []).extend(forms)
        slots = tuple(replace(slot, is_prefix=False) for group in members for slot in group.slots)
        needed = MIN_JOINED_SHARE * min(map(frequency, slots)) if forms else 0
        is_numbered = members[-1].slots[0].word.isdigit()
        if is_numbered or any(max(map(frequency, form)) >= needed for form in forms):
            adjacent.append(TermGroup(slots, spellings=tuple(forms)))
    for number, forms in joined.items():
        group = scored[number]
        assert isinstance(group, TermGroup)
        scored[number] = replace(group, spellings=tuple(dict.fromkeys((*group.spellings, *forms))))
    filters = tuple(_with_own_spellings(node, frequency_in) for node in plan.filters)
    return replace(plan, scored=tuple(scored), filters=filters, optional=(*plan.optional, *adjacent))


def _neighbors(nodes: Sequence[ScoredNode]) -> Iterator[tuple[int, list[TermGroup]]]:
    """Yield pairs of separate words, and triples around a `to`, each with the number of its first node."""
    for first in range(len(nodes) - 1):
        for count in (2, 3):
            members = [
                node
                for node in nodes[first : first + count]
                if isinstance(node, TermGroup) and not node.field and _is_open(node)
            ]
            if (
                len(members) == count
                and (count == 2 or members[1].slots[0].word == "to")
                and not any(_is_just_begun(group.slots[-1]) for group in members)
            ):
                yield first, members


def _is_just_begun(slot: TermSlot) -> bool:
    return slot.is_prefix and len(slot.word) < MIN_PREFIX_LENGTH and not slot.word.isdigit()


def _joined_forms(members: Sequence[TermGroup]) -> Iterator[Slots]:
    """Yield separate words joined: `flash attention`, `qwen 2.5` as `qwen2.5`, `text to image` as `text2image`."""
    first, last = members[0], members[-1]
    between = "2" if len(members) == 3 else ""
    word = first.slots[-1].word + between + last.slots[0].word
    yield (*first.slots[:-1], replace(last.slots[0], word=word, capitals=""), *last.slots[1:])


def _with_own_spellings(node: _Node, frequency_in: FrequencyIn) -> _Node:
    """Return the node with the spellings of each of its groups."""
    if isinstance(node, Not):
        return replace(node, node=_with_own_spellings(node.node, frequency_in))
    if isinstance(node, BooleanGroup):
        return replace(node, nodes=tuple(_with_own_spellings(each, frequency_in) for each in node.nodes))
    if isinstance(node, TermGroup) and _is_open(node):
        found = (form for form in _spellings(node.slots, frequency_in(node.field)) if form != node.slots)
        return replace(node, spellings=tuple(dict.fromkeys((*node.spellings, *found))))
    return node


def _is_open(group: TermGroup) -> bool:
    """Whether the words of a group may be spelled differently."""
    return not (
        group.is_quoted
        or group.is_filter
        or any(slot.is_exact or slot.is_fuzzy or not slot.word.isascii() for slot in group.slots)
    )


def _spellings(slots: Slots, frequency: Frequency) -> Iterator[Slots]:
    atoms = [atom for slot in slots for atom in _BOUNDARY.split(slot.word)]
    if len(atoms) == 1 and _LETTERS.fullmatch(atoms[0]):
        yield from _splits(slots[0], frequency)
    if not 1 < len(atoms) <= MAX_ATOMS:
        return
    written = [slot.word for slot in slots]
    forms = list(_compositions(atoms))
    for middle in range(1, len(atoms) - 1):
        if (other := {"2": "to", "to": "2"}.get(atoms[middle])) and all(
            map(_LETTERS.fullmatch, (atoms[middle - 1], atoms[middle + 1]))
        ):
            forms += _compositions([*atoms[:middle], other, *atoms[middle + 1 :]])
    for form in forms:
        found = tuple(TermSlot(word) for word in form)
        if slots[-1].is_prefix and form[-1].endswith(written[-1]):
            found = (*found[:-1], replace(found[-1], is_prefix=True))
        if form != written and all(map(frequency, found)):
            yield found


def _compositions(atoms: Sequence[str]) -> Iterator[list[str]]:
    """Yield every way to join adjacent atoms, from all joined to none."""
    for gaps in product(("", " "), repeat=len(atoms) - 1):
        yield (atoms[0] + "".join(gap + atom for gap, atom in zip(gaps, atoms[1:], strict=True))).split()


def _splits(slot: TermSlot, frequency: Frequency) -> Iterator[Slots]:
    """Yield the most likely ways to write one word as two."""
    word = slot.word
    needed = max(MIN_SPLIT_SHARE * frequency(TermSlot(word)), 1)
    found = []
    for middle in range(2, len(word) - 1):
        parts = word[:middle], word[middle:]
        if all(
            (len(part) >= _MIN_PART_LENGTH or part in _SHORT_PARTS) and part not in FUNCTION_WORDS
            for part in parts
        ):
            pair = TermSlot(parts[0]), TermSlot(parts[1])
            # The first part is known from the letters typed before.
            if (before := frequency(pair[0])) >= needed and (after := frequency(pair[1])) >= needed:
                found.append((min(before, after), pair))
    yield from (pair for _, pair in sorted(found, key=lambda one: -one[0])[:_MAX_SPLITS])


def _can_be_part(word: str) -> bool:
    return word not in FUNCTION_WORDS and (len(word) >= _MIN_PART_LENGTH or word in _SHORT_PARTS)

"""Find the papers of a Hugging Face page in plain text, as w3m, lynx, elinks or a copy out of a browser have it.

Between two cards is always a line that is neither title nor abstract. The texts between such lines are one card: the
title, the abstract if the page has them, and the organization if the paper has one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct, field

from paperreader.importers.daily_papers import line_signs
from paperreader.importers.daily_papers.cards import Card, IncompletePage, LineJoiner
from paperreader.importers.daily_papers.unspaced_texts import has_room, separate_texts

MAX_PARAGRAPHS = 3
"""Paragraphs of an abstract; more are those of several cards."""


class _Group(Struct):
    """The texts of a card, with the signs after them up to the next card."""

    line: int
    above: line_signs.Sign
    """What is above the first text."""
    texts: list[str] = field(default_factory=list)
    signs: list[line_signs.Sign] = field(default_factory=list)
    votes: int | None = None
    date: str = ""
    lines: list[str] = field(default_factory=list)
    """The lines of the texts as they are on the page."""
    following: str = ""
    """The line below the texts, if it may be the last one of a wrapped title."""
    is_spaced: bool = False
    """Whether the organization is left out already."""


def find_plain_cards(lines: Sequence[str], join: LineJoiner) -> list[Card]:
    """Return the papers of a page.

    Raises:
        IncompletePage: they cannot be told apart with certainty.
    """
    region = _card_lines(lines)
    groups = list(_groups(region, join))
    if len(groups) != _count_cards([line for _, line in region]):
        raise IncompletePage
    if groups and not groups[0].is_spaced:
        has_marks = any(line_signs.begins_with_mark(line) for _, line in region)
        _separate_unspaced(groups, join, has_marks=has_marks)
    cards: dict[str, Card] = {}
    for group in groups:
        title, *others = _without_organization(group)
        is_whole = {"authors", "dot", "date"} & set(group.signs) and len(others) <= MAX_PARAGRAPHS
        if not is_whole or not line_signs.is_title(title) or group.above not in ("votes", "submitted"):
            raise IncompletePage
        card = Card(group.line, title=title, abstract="\n\n".join(others), votes=group.votes, date=group.date)
        cards.setdefault(title, card)
    if not cards:
        raise IncompletePage
    return list(cards.values())


def _separate_unspaced(groups: Sequence[_Group], join: LineJoiner, *, has_marks: bool) -> None:
    texts = separate_texts(
        [group.lines for group in groups], [group.following for group in groups], join, has_marks=has_marks
    )
    for group, separate in zip(groups, texts, strict=True):
        group.texts = [line_signs.strip_marks(text) for text in separate]


def _count_cards(lines: Sequence[str]) -> int:
    """Return the number of cards by what each of them has once: a dot, or else the number of authors."""
    dots = sum(line_signs.strip_marks(line).startswith("·") for line in lines)
    return dots or sum(line_signs.sign_of(line) == "authors" for line in lines)


def _card_lines(lines: Sequence[str]) -> list[tuple[int, str]]:
    """Return the lines between header and footer of a page, with their numbers.

    Raises:
        IncompletePage: no card begins below the header, or there is a text between them.
    """
    heading = next((at for at, line in enumerate(lines) if line_signs.is_heading(line)), -1)
    signs = [line_signs.sign_of(line) if line.strip() else "empty" for line in lines]
    starts = (at for at in range(heading + 1, len(lines)) if signs[at] in ("submitted", "votes"))
    start = next(starts, None)
    if start is None:
        raise IncompletePage
    above = [at for at in range(heading + 1, start) if signs[at] != "empty"]
    if above and signs[above[-1]] == "text" and not line_signs.is_header(lines[above[-1]]):
        raise IncompletePage
    ends = (
        at for at in range(start, len(lines)) if line_signs.is_footer(lines[at]) and signs[at - 1] != "text"
    )
    end = next(ends, len(lines))
    if {"submitted", "dot", "authors"} & set(signs[end:]):
        raise IncompletePage
    return [(at + 1, lines[at]) for at in range(start, end)]


def _groups(lines: Sequence[tuple[int, str]], join: LineJoiner) -> Iterator[_Group]:
    """Yield the texts between the lines that are none, one group for each card."""
    is_spaced = _is_spaced([line for _, line in lines])
    width = max((len(line) for _, line in lines if line_signs.sign_of(line) == "text"), default=0)
    group: _Group | None = None
    block: list[str] = []
    votes: int | None = None
    above: line_signs.Sign = "empty"
    for at, line, sign in _signs([*lines, (0, "-")], is_spaced=is_spaced):
        if sign == "text":
            if group is not None and group.signs:
                yield group
                group = None
            group = group or _Group(at, above, votes=votes, is_spaced=is_spaced)
            block.append(line)
        if block and group is not None and (sign != "text" or not is_spaced):
            _add_block(group, block, join, width if is_spaced and sign == "dot" else 0)
            block = []
        if sign in ("text", "empty"):
            continue
        # Of several numbers, the one directly above the title counts the votes.
        votes = line_signs.votes_in(line) if sign == "votes" else None
        above = sign
        if group is not None and not group.signs and sign in line_signs.WRAPPED_SIGNS:
            group.following = line
        if group is not None and at:
            group.signs.append(sign)
            group.date = group.date or line_signs.date_in(line)
    if group is not None:
        yield group


def _add_block(group: _Group, block: list[str], join: LineJoiner, width_above_dot: int) -> None:
    """Add the lines of a title or paragraph to a card.

    Args:
        group: the card.
        block: the lines.
        join: joins them.
        width_above_dot: the width of the page if the last line may be an organization, else 0.

    Raises:
        IncompletePage: the beginning or the end of the title is uncertain.
    """
    group.lines += block
    if width_above_dot and len(block) + len(group.texts) > 1:
        # The organization is directly above the dot, in lynx even without a blank line above it.
        if not group.texts:
            raise IncompletePage
        if len(block) == 1 or has_room(block[-2], block[-1], width_above_dot):
            block = block[:-1]
    if block and not group.texts and line_signs.begins_with_mark(block[0]):
        raise IncompletePage
    if block:
        group.texts.append(join([line_signs.strip_marks(block[0]), *block[1:]]))


def _signs(
    lines: Sequence[tuple[int, str]], *, is_spaced: bool
) -> Iterator[tuple[int, str, line_signs.Sign]]:
    """Yield the lines with what they are. The name of who submitted a paper is left out."""
    is_name = False
    before: line_signs.Sign = "empty"
    for at, line in lines:
        sign = line_signs.sign_of(line) if line.strip() else "empty"
        if is_name and sign != "empty":
            is_name = False
            continue
        if is_spaced and before == "text" and at and sign in line_signs.WRAPPED_SIGNS:
            # The last word of a wrapped title, such as "Models".
            sign = "text"
        is_name = is_name or (sign == "submitted" and line_signs.strip_marks(line).lower() == "submitted by")
        yield at, line, sign
        before = sign if line.strip() else "empty"


def _is_spaced(lines: Sequence[str]) -> bool:
    """Whether blank lines separate titles and paragraphs."""
    cards = sum(line_signs.sign_of(line) == "authors" for line in lines)
    return sum(not line.strip() for line in lines) >= max(cards, 1)


def _without_organization(group: _Group) -> list[str]:
    """Return the texts of a card on a page without blank lines, without the name of the organization before a dot."""
    texts = group.texts
    if (
        not group.is_spaced
        and len(texts) > 1
        and group.signs[:1] == ["dot"]
        and line_signs.is_organization(texts[-1])
    ):
        return texts[:-1]
    return texts

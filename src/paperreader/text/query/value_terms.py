"""What a field with a value adds to a query, except for words: filters, and clauses about the whole query."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, cast

from paperreader.models import SortOrder
from paperreader.text.query.fields import FieldKind, QueryField
from paperreader.text.query.hints import choice_hint, span_hint
from paperreader.text.query.relative_dates import INCOMPLETE
from paperreader.text.query.syntax_tree import ChoiceFilter, Or, RangeFilter
from paperreader.text.query.values import parse_choice, parse_date_span, parse_number_span

if TYPE_CHECKING:
    from paperreader.text.query.parser import QueryParser

MAX_LIKES = 5
"""Papers that others are related to; further ones are ignored."""


def _parse_span(parser: QueryParser, field: QueryField, value: str, negated: bool, unfinished: bool) -> bool:
    parse = parse_date_span if field.kind == "date" else parse_number_span
    span = parse(value, unfinished=unfinished)
    if span is None:
        parser.hints.append(span_hint(field, value))
        return False
    if span == INCOMPLETE:
        parser.groups[-1].add(None)
    else:
        parser.add(RangeFilter(field.name, *span), negated)
    return True


def _parse_choices(
    parser: QueryParser, field: QueryField, value: str, negated: bool, unfinished: bool
) -> bool:
    """Parse one choice, or several separated by bars or commas, any of which may hold."""
    choices = {each: parse_choice(field, each) for each in re.split(r"[|,]+", value) if each}
    nodes = dict.fromkeys(ChoiceFilter(field.name, each) for each in choices.values() if each is not None)
    if unknown := [each for each, choice in choices.items() if choice is None]:
        parser.hints.append(choice_hint(field, value, unknown[0]))
    elif nodes:
        parser.add(next(iter(nodes)) if len(nodes) == 1 else Or(tuple(nodes)), negated)
    return not unknown


def _parse_clause(
    parser: QueryParser, field: QueryField, value: str, negated: bool, unfinished: bool
) -> bool:
    choice = None if negated else parse_choice(field, value.lstrip("-"))
    if choice is None:
        parser.hints.append(choice_hint(field, value, value))
    elif field.kind == "scope":
        parser.scope = choice
    else:
        parser.sort, parser.is_reversed = cast(SortOrder, choice), value.startswith("-")
    return choice is not None


def _parse_like(parser: QueryParser, field: QueryField, value: str, negated: bool, unfinished: bool) -> bool:
    if negated or len(parser.groups) > 1:
        parser.hints.append(f"{field.name}: has no meaning {'with a minus' if negated else 'in parentheses'}")
    elif len(parser.likes) < MAX_LIKES:
        parser.likes.append(value)
    return True


_ValueParser = Callable[["QueryParser", QueryField, str, bool, bool], bool]
VALUE_PARSERS: Mapping[FieldKind, _ValueParser] = {
    "date": _parse_span,
    "number": _parse_span,
    "choice": _parse_choices,
    **dict.fromkeys(("sort", "scope"), _parse_clause),
    "paper": _parse_like,
}
"""Functions of a parser, a field, its value, whether it is negated and unfinished: whether the value was understood."""

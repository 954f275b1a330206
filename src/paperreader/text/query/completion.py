"""What could stand where the cursor is in a query: field names and their choices; what else is asked for, by kind."""

from __future__ import annotations

import re

from msgspec import Struct

from paperreader.models import Completion
from paperreader.text.query.fields import (
    FIELD_ALIASES,
    FIELD_CHOICES,
    FIELD_HELP,
    FIELD_NAMES,
    STRAIGHT_QUOTES,
)

_FIELD = re.compile(r"-*([A-Za-z]{1,20}):")
_PARTING = re.compile(r'[\s()"]')
_BEFORE_ONE = re.compile(r'-*(?:[A-Za-z]{1,20}:)?"?')
"""What may stand before the first value of a query."""
_LAST_WORD = re.compile(r".*[\W_]", re.DOTALL)
"""What stands before it."""
_WORDS = ("", "title", "abstract", "note")
"""Fields in which words are completed one by one."""
_MAX_LOOKBEHIND = 200
"""Characters before the cursor that are looked at."""


class CompletionRequest(Struct, frozen=True):
    """What is being typed at the cursor."""

    field: str
    """Its field; empty where it is a word, or the name of a field."""
    prefix: str
    """What stands there of it so far."""
    start: int
    end: int
    """The stretch that a completion takes the place of."""
    quoted: bool = False
    """A quote was opened before it."""
    quote_closed: bool = False
    """And stands closed behind the cursor."""
    is_first: bool = False
    """There is nothing else in the query before it."""

    def complete_name(self, name: str, note: str = "") -> Completion:
        """A completion that puts a name there, in quotes where it holds a blank or a bracket."""
        if self.quoted:
            return self.complete(name if self.quote_closed else f'{name}"', note)
        needed = any(char.isspace() or char in '()"' for char in name)
        return self.complete(f'"{name}"' if needed else name, note)

    def complete(self, text: str, note: str = "") -> Completion:
        """A completion that puts `text` there."""
        return Completion(text, self.start, self.end, note)


def completion_request(text: str, cursor: int) -> CompletionRequest | None:
    """What is being typed before the cursor; None in the midst of a word, and where nothing was begun."""
    cursor = max(0, min(cursor, len(text)))
    if text[cursor : cursor + 1].strip(' \t\n)"'):
        return None
    before = text[max(0, cursor - _MAX_LOOKBEHIND) : cursor].translate(STRAIGHT_QUOTES)
    head, _, value = before.rpartition('"')
    quoted = before.count('"') % 2 == 1
    if not quoted:
        head, value = "", _PARTING.split(before)[-1]
    named = _FIELD.match(_PARTING.split(head)[-1] if quoted else value)
    field = _canonical_field(named[1]) if named else ""
    if named and not quoted:
        value = value[named.end() :]
    if field in FIELD_CHOICES:
        value = re.split(r"[|,]", value)[-1]
    elif field in _WORDS:
        value = _LAST_WORD.sub("", value)
    if not (value or field):
        return None
    start = cursor - len(value)
    return CompletionRequest(
        field,
        value,
        start,
        cursor,
        quoted,
        quote_closed=quoted and text[cursor : cursor + 1].translate(STRAIGHT_QUOTES) == '"',
        is_first=bool(_BEFORE_ONE.fullmatch(text[:start].translate(STRAIGHT_QUOTES).strip())),
    )


def field_completions(request: CompletionRequest) -> list[Completion]:
    """The names of fields, or the values of a field with a choice, that begin so."""
    beginning = request.prefix.lower()
    if request.field in FIELD_CHOICES:
        return [
            request.complete(value) for value in FIELD_CHOICES[request.field] if value.startswith(beginning)
        ]
    if request.field or request.quoted or not beginning:
        return []
    return [
        request.complete(f"{name}:", FIELD_HELP[name]) for name in FIELD_NAMES if name.startswith(beginning)
    ]


def _canonical_field(name: str) -> str:
    name = name.lower()
    name = FIELD_ALIASES.get(name, name)
    return name if name in FIELD_NAMES else ""

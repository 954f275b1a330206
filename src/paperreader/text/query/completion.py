"""What is being typed at the cursor of a query, and its completions from the field registry.

Words, names and dates come from the library; `search/assist/completion.py` completes those.
"""

from __future__ import annotations

import re

from msgspec import Struct

from paperreader.models import Completion
from paperreader.text.query.fields import FIELDS, QUERY_FIELDS, STRAIGHT_QUOTES, find_field

_FIELD = re.compile(r"[-!]*([A-Za-z]{1,20})(?:[:=]|(?=[<>≤≥]))")
_SEPARATOR = re.compile(r'[\s()"]')
_BEFORE_FIRST_VALUE = re.compile(r'[-!]*(?:[A-Za-z]{1,20}(?:[:=]|(?=[<>≤≥])))?[<>=≤≥]*"?')
"""What may precede the first value of a query."""
_BEFORE_LAST_WORD = re.compile(r".*[\W_]", re.DOTALL)
_PREVIOUS = re.compile(r"(?:^|[\s\"“„(])([^\W\d_][\w'’-]*\.?)\s+$")
_MAX_LOOKBEHIND = 200
"""Characters before the cursor that are examined."""


class CompletionRequest(Struct, frozen=True):
    """What is being typed at the cursor."""

    field: str
    """Name of its field; empty if it is a word, or the name of a field."""
    prefix: str
    """What of it is typed so far."""
    start: int
    end: int
    """The span of the query that a completion replaces."""
    quoted: bool = False
    """Whether a quote is open before it."""
    quote_closed: bool = False
    """Whether that quote is closed right after the cursor."""
    is_first: bool = False
    """Whether nothing precedes it in the query."""
    previous: str = ""
    """The plain word right before it; empty if there is none, or if it is the value of a field."""

    def complete_name(self, name: str, description: str = "") -> Completion:
        """Return a completion that inserts a name, quoted if it contains a blank or a parenthesis."""
        if self.quoted:
            return self.complete(name if self.quote_closed else f'{name}"', description)
        needs_quotes = any(char.isspace() or char in '()"' for char in name)
        return self.complete(f'"{name}"' if needs_quotes else name, description)

    def complete(self, text: str, description: str = "") -> Completion:
        """Return a completion that inserts `text`."""
        return Completion(text, self.start, self.end, description)


def completion_request(text: str, cursor: int) -> CompletionRequest | None:
    """Return what is being typed before the cursor; None inside a word, and where nothing is typed yet."""
    cursor = max(0, min(cursor, len(text)))
    if text[cursor : cursor + 1].strip(' \t\n)"'):
        return None
    before = text[max(0, cursor - _MAX_LOOKBEHIND) : cursor].translate(STRAIGHT_QUOTES)
    head, _, value = before.rpartition('"')
    quoted = before.count('"') % 2 == 1
    if not quoted:
        head, value = "", _SEPARATOR.split(before)[-1]
    prefix = _FIELD.match(_SEPARATOR.split(head)[-1] if quoted else value)
    field = find_field(prefix[1]) if prefix else None
    if prefix and not quoted:
        value = value[prefix.end() :]
    if field and field.choices:
        value = re.split(r"[|,]|^-", value)[-1]
    elif field is None or field.kind == "words":
        value = _BEFORE_LAST_WORD.sub("", value)
    if not (value or field):
        return None
    start = cursor - len(value)
    return CompletionRequest(
        field.name if field else "",
        value,
        start,
        cursor,
        quoted,
        quote_closed=quoted and text[cursor : cursor + 1].translate(STRAIGHT_QUOTES) == '"',
        previous=found[1] if not field and (found := _PREVIOUS.search(text[:start])) else "",
        is_first=bool(_BEFORE_FIRST_VALUE.fullmatch(text[:start].translate(STRAIGHT_QUOTES).strip())),
    )


def field_completions(request: CompletionRequest) -> list[Completion]:
    """Return the names of fields, or the choices of the request's field, that have the typed prefix."""
    prefix = request.prefix.lower()
    if request.field:
        choices = FIELDS[request.field].choices
        return [request.complete(value) for value in choices if value.startswith(prefix)]
    if request.quoted or not prefix:
        return []
    return [
        request.complete(f"{field.name}:", field.help)
        for field in QUERY_FIELDS
        if field.name.startswith(prefix)
    ]

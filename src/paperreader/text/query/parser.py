"""From what a person types to a `Query`. Any string is one, at any moment of its being typed; linear time."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import cast

from paperreader.models import Sort
from paperreader.text.query.fields import ALIASES, QUOTES, TEXT_FIELDS, field_meant
from paperreader.text.query.parentheses import Group, flat
from paperreader.text.query.syntax_tree import (
    Either,
    Has,
    Is,
    Item,
    Kind,
    Not,
    Part,
    Query,
    Role,
    State,
    Text,
    TextField,
)
from paperreader.text.query.values import NOT_YET, chosen, days, shown, votes
from paperreader.text.tex_display import readable

MOST_ITEMS = 100
"""Words and filters that count: an abstract can be pasted, and is found by its beginning."""

MOST_WIDE = 6
"""Beginnings (`quant*`), approximations (`x~`), authors, ids and sources that count: each costs milliseconds."""

MOST_DEPTH = 20
"""Parentheses within parentheses that count; deeper ones are passed over."""

_TOKEN = re.compile(
    r'(?P<minus>-*)(?:(?P<open>\()|(?P<quoted>"(?P<phrase>[^"]*)(?P<closing>"?))'
    r"|(?P<field>[A-Za-z]{1,20}):(?!//)|(?P<chunk>[^\s\"()]+))|(?P<close>\))"
)
_LETTER = re.compile(r"[^\W_]")
_VALUE = re.compile(r'[^\s"()]+')
_PIECE = re.compile(r"[^\s,;:|&()\[\]{}<>!?=*~]+")
"""What of a chunk between blanks hangs together: `gpt-4`, but not `cats,dogs`."""
_ENDING = re.compile(r"(?:(\*)|(~)[12]?)(?![^\s,;:|&()\[\]{}<>!?=*~])")
"""What makes the piece before it a beginning, or an approximation."""
_WHOLE_VALUE = ("tag", "id", "source")
"""Fields whose value is one string, whatever is in it."""
_COSTLY = ("author", "id", "source")
_LEAST_BEGINNING = 2
"""Letters before a `*`: `A*` and `C*-algebra` are names."""


def parse(text: str) -> Query:
    """`text` as a query.

    The last word counts as unfinished unless something follows it, be it a blank; a quote or parenthesis that is never
    closed reaches to the end; a field without a value says nothing. A text that holds TeX is read as the reader shows
    it. What cannot be understood is taken for plain words, and the query's hint says so.
    """
    if "\\" in text or "$" in text:
        text = readable(text)
    return _Parser(text).query()


class _Parser:
    """One pass over the text, with the open parentheses on a stack."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.source = text.translate(QUOTES)
        """As long as `text`, with one kind of quotes."""
        self.groups = [Group()]
        self.passed_over = 0
        """Parentheses that are open and too deep to count."""
        self.count = self.wide = 0
        self.sort: Sort | None = None
        self.parts: list[Part] = []
        self.hints: list[str] = []

    def query(self) -> Query:
        at = 0
        while self.count < MOST_ITEMS and (token := _TOKEN.search(self.source, at)):
            at = self.take(token)
        if self.count >= MOST_ITEMS and _TOKEN.search(self.source, at):
            self.hints.append(f"only the first {MOST_ITEMS} words count")
        while len(self.groups) > 1:
            self.close()
        hint = self.hints[0] if self.hints else ""
        if len(self.hints) > 1:
            hint += f"; {len(self.hints) - 1} more likewise"
        return Query(flat(self.groups[0].items), self.sort, hint, self.text, tuple(self.parts))

    def take(self, token: re.Match[str]) -> int:
        """Understand what begins there; where to go on."""
        negated = bool(token["minus"])
        if negated:
            self.mark(token.start("minus"), token.end("minus"), "operator")
        if token["close"]:
            self.mark(token.start(), token.end(), "operator")
            if self.passed_over:
                self.passed_over -= 1
            elif len(self.groups) > 1:
                self.close()
        elif token["open"]:
            self.mark(token.start("open"), token.end(), "operator")
            self.open(negated, self.groups[-1].where)
        elif token["quoted"] is not None:
            self.phrase(token, negated, self.groups[-1].where)
        elif token["field"]:
            return self.field(token, negated)
        elif token["chunk"] in ("OR", "AND") and not negated:
            self.mark(token.start(), token.end(), "operator")
            if token["chunk"] == "OR" and self.groups[-1].items:
                self.groups[-1].either = True
        else:
            self.words(token.start("chunk"), token.end("chunk"), negated, self.groups[-1].where)
        return token.end()

    # Pieces of the text

    def open(self, negated: bool, where: TextField) -> None:
        if len(self.groups) > MOST_DEPTH:
            self.passed_over += 1
        else:
            self.groups.append(Group(negated, where))

    def close(self) -> None:
        closed = self.groups.pop().closed()
        self.groups[-1].add(closed)

    def add(self, item: Item, negated: bool) -> None:
        self.count += 1
        if isinstance(item, Text) and item.where in _COSTLY and not self.may_be_wide():
            return
        self.groups[-1].add(Not(item) if negated else item)

    def mark(self, start: int, end: int, role: Role) -> None:
        self.parts.append(Part(start, end, role))

    def phrase(self, token: re.Match[str], negated: bool, where: TextField) -> None:
        words = token["phrase"]
        prefix = words.endswith("*") and self.may_be_wide()
        words = words.rstrip("*") if prefix else words
        if words.strip():
            unfinished = not (token["closing"] or negated or prefix) and token.end() == len(self.source)
            self.add(
                Text(words, where, quoted=True, prefix=prefix, open=unfinished, start=token.start("phrase")),
                negated,
            )
        else:
            self.groups[-1].add(None)

    def words(self, start: int, end: int, negated: bool, where: TextField) -> None:
        """The pieces of a chunk, each an item of its own."""
        while self.count < MOST_ITEMS and (piece := _PIECE.search(self.source, start, end)):
            start = piece.end()
            if not _LETTER.search(piece[0]):
                continue
            ending = _ENDING.match(self.source, piece.end(), end)
            prefix = bool(ending and ending[1] and len(piece[0]) >= _LEAST_BEGINNING) and self.may_be_wide()
            fuzzy = bool(ending and ending[2]) and self.may_be_wide()
            if ending and (prefix or fuzzy):
                self.mark(ending.start(), ending.end(), "operator")
                start = ending.end()
            self.add(
                Text(
                    self.text[piece.start() : piece.end()],
                    where,
                    prefix=prefix,
                    fuzzy=fuzzy,
                    open=piece.end() == len(self.source) and not negated,
                    start=piece.start(),
                ),
                negated,
            )

    def may_be_wide(self) -> bool:
        """Whether one more may stand for many words."""
        self.wide += 1
        if self.wide == MOST_WIDE + 1:
            self.hints.append(f"only the first {MOST_WIDE} stars, tildes and names count")
        return self.wide <= MOST_WIDE

    # Fields

    def field(self, token: re.Match[str], negated: bool) -> int:
        """A word with a colon, and what stands behind it."""
        name = token["field"].lower()
        name = ALIASES.get(name, name)
        start, at = token.start("field"), token.end()
        if name in TEXT_FIELDS:
            self.mark(start, at, "field")
            return self.text_field(cast(TextField, name), at, negated)
        found = _VALUE.match(self.source, at)
        value, end = (found[0], found.end()) if found else ("", at)
        reader = _READERS.get(name)
        if reader is None:
            if found and not negated and len(name) > 1:
                self.mark(start, at, "unknown")
                meant = f" ({near}: is one)" if (near := field_meant(name)) else ""
                self.hints.append(f"{token['field']}: is no field{meant}, searched as words")
            self.words(start, end, negated, "")
            return end
        if not found:
            self.mark(start, at, "field")
            self.groups[-1].add(None)
            return at
        if not reader(self, name, value, negated, end == len(self.source)):
            self.mark(start, at, "unknown")
            self.words(start, end, negated, "")
            return end
        self.mark(start, at, "field")
        self.mark(at, end, "value")
        return end

    def text_field(self, name: TextField, at: int, negated: bool) -> int:
        """A field whose value is text: a phrase, a group, words, or one string."""
        token = _TOKEN.match(self.source, at)
        if token and token["quoted"] is not None and not token["minus"]:
            self.phrase(token, negated, name)
            return token.end()
        if token and token["open"] and not token["minus"]:
            self.open(negated, name)
            return token.end()
        found = _VALUE.match(self.source, at)
        if not found:
            self.groups[-1].add(None)
            return at
        if name not in _WHOLE_VALUE:
            self.words(at, found.end(), negated, name)
        elif value := found[0].rstrip("*"):
            starred = value != found[0]
            self.mark(at, found.end(), "value")
            unfinished = found.end() == len(self.source) and not (negated or starred)
            self.add(Text(value, name, prefix=starred, open=unfinished, start=at), negated)
        return found.end()

    def number(self, name: str, value: str, negated: bool, open: bool) -> bool:
        """`date:` and `votes:`. Whether the value was understood."""
        item = days(value, open=open) if name == "date" else votes(value, open=open)
        if item == NOT_YET:
            self.groups[-1].add(None)
        elif item is None:
            kind = "date" if name == "date" else "number"
            self.hints.append(f"{shown(name, value)} is no {kind}, searched as words")
            return False
        else:
            self.add(item, negated)
        return True

    def choice(self, name: str, value: str, negated: bool, open: bool) -> bool:
        """`has:` and `is:`, several values parted by bars or commas. Whether all were understood."""
        values = [chosen(name, each) for each in re.split(r"[|,]+", value) if each]
        if None in values:
            return self.unknown(name, value)
        items = [Has(cast(Kind, each)) if name == "has" else Is(cast(State, each)) for each in values]
        if items:
            either = tuple(dict.fromkeys(items))
            self.add(either[0] if len(either) == 1 else Either(either), negated)
        return True

    def order(self, name: str, value: str, negated: bool, open: bool) -> bool:
        """`sort:`. Whether the value was understood."""
        order = None if negated else chosen(name, value)
        if order is None:
            return self.unknown(name, value)
        self.sort = cast(Sort, order)
        return True

    def unknown(self, name: str, value: str) -> bool:
        self.hints.append(f"{shown(name, value)} is unknown, searched as words")
        return False


_Reader = Callable[[_Parser, str, str, bool, bool], bool]
_READERS: dict[str, _Reader] = {
    "date": _Parser.number,
    "votes": _Parser.number,
    "has": _Parser.choice,
    "is": _Parser.choice,
    "sort": _Parser.order,
}

"""From what a person types to a `Query`. Any string is one, at any moment of its being typed; linear time."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import cast

from paperreader.models import SortOrder
from paperreader.text.query.fields import FIELD_ALIASES, STRAIGHT_QUOTES, TEXT_FIELDS, suggest_field
from paperreader.text.query.parentheses import OpenGroup, flatten
from paperreader.text.query.syntax_tree import (
    HasFilter,
    HasValue,
    Not,
    Or,
    PaperState,
    Query,
    QueryNode,
    QuerySpan,
    SpanRole,
    StateFilter,
    TextField,
    TextTerm,
)
from paperreader.text.query.values import (
    INCOMPLETE,
    format_value,
    parse_choice,
    parse_date_range,
    parse_vote_range,
)
from paperreader.text.tex_display import tex_to_unicode

MAX_TERMS = 100
"""Words and filters that count: an abstract can be pasted, and is found by its beginning."""

MAX_EXPANDED_TERMS = 6
"""Beginnings (`quant*`), approximations (`x~`), authors, ids and sources that count: each costs milliseconds."""

MAX_NESTING = 20
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
_VERBATIM_FIELDS = ("tag", "id", "source")
"""Fields whose value is one string, whatever is in it."""
_EXPENSIVE_FIELDS = ("author", "id", "source")
_MIN_PREFIX_LENGTH = 2
"""Letters before a `*`: `A*` and `C*-algebra` are names."""


def parse_query(text: str) -> Query:
    """`text` as a query.

    The last word counts as unfinished unless something follows it, be it a blank; a quote or parenthesis that is never
    closed reaches to the end; a field without a value says nothing. A text that holds TeX is read as the reader shows
    it. What cannot be understood is taken for plain words, and the query's hint says so.
    """
    if "\\" in text or "$" in text:
        text = tex_to_unicode(text)
    return _Parser(text).parse()


class _Parser:
    """One pass over the text, with the open parentheses on a stack."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.source = text.translate(STRAIGHT_QUOTES)
        """As long as `text`, with one kind of quotes."""
        self.groups = [OpenGroup()]
        self.ignored_groups = 0
        """Parentheses that are open and too deep to count."""
        self.count = self.expanded = 0
        self.sort: SortOrder | None = None
        self.spans: list[QuerySpan] = []
        self.hints: list[str] = []

    def parse(self) -> Query:
        at = 0
        while self.count < MAX_TERMS and (token := _TOKEN.search(self.source, at)):
            at = self.consume(token)
        if self.count >= MAX_TERMS and _TOKEN.search(self.source, at):
            self.hints.append(f"only the first {MAX_TERMS} words count")
        while len(self.groups) > 1:
            self.close_group()
        hint = self.hints[0] if self.hints else ""
        if len(self.hints) > 1:
            hint += f"; {len(self.hints) - 1} more likewise"
        return Query(flatten(self.groups[0].items), self.sort, hint, self.text, tuple(self.spans))

    def consume(self, token: re.Match[str]) -> int:
        """Understand what begins there; where to go on."""
        negated = bool(token["minus"])
        if negated:
            self.add_span(token.start("minus"), token.end("minus"), "operator")
        if token["close"]:
            self.add_span(token.start(), token.end(), "operator")
            if self.ignored_groups:
                self.ignored_groups -= 1
            elif len(self.groups) > 1:
                self.close_group()
        elif token["open"]:
            self.add_span(token.start("open"), token.end(), "operator")
            self.open_group(negated, self.groups[-1].in_field)
        elif token["quoted"] is not None:
            self.parse_phrase(token, negated, self.groups[-1].in_field)
        elif token["field"]:
            return self.parse_field(token, negated)
        elif token["chunk"] in ("OR", "AND") and not negated:
            self.add_span(token.start(), token.end(), "operator")
            if token["chunk"] == "OR" and self.groups[-1].items:
                self.groups[-1].after_or = True
        else:
            self.parse_words(token.start("chunk"), token.end("chunk"), negated, self.groups[-1].in_field)
        return token.end()

    # Pieces of the text

    def open_group(self, negated: bool, in_field: TextField) -> None:
        if len(self.groups) > MAX_NESTING:
            self.ignored_groups += 1
        else:
            self.groups.append(OpenGroup(negated, in_field))

    def close_group(self) -> None:
        closed = self.groups.pop().to_node()
        self.groups[-1].add(closed)

    def add(self, item: QueryNode, negated: bool) -> None:
        self.count += 1
        if isinstance(item, TextTerm) and item.in_field in _EXPENSIVE_FIELDS and not self.may_expand():
            return
        self.groups[-1].add(Not(item) if negated else item)

    def add_span(self, start: int, end: int, role: SpanRole) -> None:
        self.spans.append(QuerySpan(start, end, role))

    def parse_phrase(self, token: re.Match[str], negated: bool, in_field: TextField) -> None:
        words = token["phrase"]
        prefix = words.endswith("*") and self.may_expand()
        words = words.rstrip("*") if prefix else words
        if words.strip():
            unfinished = not (token["closing"] or negated or prefix) and token.end() == len(self.source)
            self.add(
                TextTerm(
                    words,
                    in_field,
                    quoted=True,
                    prefix=prefix,
                    unfinished=unfinished,
                    start=token.start("phrase"),
                ),
                negated,
            )
        else:
            self.groups[-1].add(None)

    def parse_words(self, start: int, end: int, negated: bool, in_field: TextField) -> None:
        """The pieces of a chunk, each an item of its own."""
        while self.count < MAX_TERMS and (piece := _PIECE.search(self.source, start, end)):
            start = piece.end()
            if not _LETTER.search(piece[0]):
                continue
            ending = _ENDING.match(self.source, piece.end(), end)
            prefix = bool(ending and ending[1] and len(piece[0]) >= _MIN_PREFIX_LENGTH) and self.may_expand()
            fuzzy = bool(ending and ending[2]) and self.may_expand()
            if ending and (prefix or fuzzy):
                self.add_span(ending.start(), ending.end(), "operator")
                start = ending.end()
            self.add(
                TextTerm(
                    self.text[piece.start() : piece.end()],
                    in_field,
                    prefix=prefix,
                    fuzzy=fuzzy,
                    unfinished=piece.end() == len(self.source) and not negated,
                    start=piece.start(),
                ),
                negated,
            )

    def may_expand(self) -> bool:
        """Whether one more may stand for many words."""
        self.expanded += 1
        if self.expanded == MAX_EXPANDED_TERMS + 1:
            self.hints.append(f"only the first {MAX_EXPANDED_TERMS} stars, tildes and names count")
        return self.expanded <= MAX_EXPANDED_TERMS

    # Fields

    def parse_field(self, token: re.Match[str], negated: bool) -> int:
        """A word with a colon, and what stands behind it."""
        name = token["field"].lower()
        name = FIELD_ALIASES.get(name, name)
        start, at = token.start("field"), token.end()
        if name in TEXT_FIELDS:
            self.add_span(start, at, "field")
            return self.parse_text_field(cast(TextField, name), at, negated)
        found = _VALUE.match(self.source, at)
        value, end = (found[0], found.end()) if found else ("", at)
        reader = _READERS.get(name)
        if reader is None:
            if found and not negated and len(name) > 1:
                self.add_span(start, at, "unknown")
                meant = f" ({near}: is one)" if (near := suggest_field(name)) else ""
                self.hints.append(f"{token['field']}: is no field{meant}, searched as words")
            self.parse_words(start, end, negated, "")
            return end
        if not found:
            self.add_span(start, at, "field")
            self.groups[-1].add(None)
            return at
        if not reader(self, name, value, negated, end == len(self.source)):
            self.add_span(start, at, "unknown")
            self.parse_words(start, end, negated, "")
            return end
        self.add_span(start, at, "field")
        self.add_span(at, end, "value")
        return end

    def parse_text_field(self, name: TextField, at: int, negated: bool) -> int:
        """A field whose value is text: a phrase, a group, words, or one string."""
        token = _TOKEN.match(self.source, at)
        if token and token["quoted"] is not None and not token["minus"]:
            self.parse_phrase(token, negated, name)
            return token.end()
        if token and token["open"] and not token["minus"]:
            self.open_group(negated, name)
            return token.end()
        found = _VALUE.match(self.source, at)
        if not found:
            self.groups[-1].add(None)
            return at
        if name not in _VERBATIM_FIELDS:
            self.parse_words(at, found.end(), negated, name)
        elif value := found[0].rstrip("*"):
            starred = value != found[0]
            self.add_span(at, found.end(), "value")
            unfinished = found.end() == len(self.source) and not (negated or starred)
            self.add(TextTerm(value, name, prefix=starred, unfinished=unfinished, start=at), negated)
        return found.end()

    def parse_number(self, name: str, value: str, negated: bool, unfinished: bool) -> bool:
        """`date:` and `votes:`. Whether the value was understood."""
        item = (
            parse_date_range(value, unfinished=unfinished)
            if name == "date"
            else parse_vote_range(value, unfinished=unfinished)
        )
        if item == INCOMPLETE:
            self.groups[-1].add(None)
        elif item is None:
            kind = "date" if name == "date" else "number"
            self.hints.append(f"{format_value(name, value)} is no {kind}, searched as words")
            return False
        else:
            self.add(item, negated)
        return True

    def parse_choices(self, name: str, value: str, negated: bool, unfinished: bool) -> bool:
        """`has:` and `is:`, several values parted by bars or commas. Whether all were understood."""
        values = [parse_choice(name, each) for each in re.split(r"[|,]+", value) if each]
        if None in values:
            return self.report_unknown(name, value)
        items = [
            HasFilter(cast(HasValue, each)) if name == "has" else StateFilter(cast(PaperState, each))
            for each in values
        ]
        if items:
            either = tuple(dict.fromkeys(items))
            self.add(either[0] if len(either) == 1 else Or(either), negated)
        return True

    def parse_sort(self, name: str, value: str, negated: bool, unfinished: bool) -> bool:
        """`sort:`. Whether the value was understood."""
        order = None if negated else parse_choice(name, value)
        if order is None:
            return self.report_unknown(name, value)
        self.sort = cast(SortOrder, order)
        return True

    def report_unknown(self, name: str, value: str) -> bool:
        self.hints.append(f"{format_value(name, value)} is unknown, searched as words")
        return False


_Reader = Callable[[_Parser, str, str, bool, bool], bool]
_READERS: dict[str, _Reader] = {
    "date": _Parser.parse_number,
    "votes": _Parser.parse_number,
    "has": _Parser.parse_choices,
    "is": _Parser.parse_choices,
    "sort": _Parser.parse_sort,
}

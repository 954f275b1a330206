"""Parse what is typed into a `Query`. Any text is a query, also while it is being typed; linear time."""

from __future__ import annotations

import re

from paperreader.models import SortOrder
from paperreader.text.query.fields import (
    QUERY_FIELDS,
    STRAIGHT_QUOTES,
    TEXT_KINDS,
    QueryField,
    find_field,
)
from paperreader.text.query.hints import name_hint, unknown_field_hint
from paperreader.text.query.operators import OPERATORS, include_title, is_title_in_capitals
from paperreader.text.query.parentheses import OpenGroup, flatten
from paperreader.text.query.scope import in_scope
from paperreader.text.query.syntax_tree import (
    Not,
    Query,
    QueryNode,
    QuerySpan,
    SpanRole,
    TextTerm,
)
from paperreader.text.query.tokens import LETTER, MEANING_MARK, SUFFIX, TOKEN, VALUE, WORD
from paperreader.text.query.value_terms import VALUE_PARSERS
from paperreader.text.tex_display import tex_to_unicode

MAX_TERMS = 100
"""Words and filters that are used: of a pasted abstract, the beginning."""

MAX_EXPANDED_TERMS = 6
"""Prefixes (`quant*`), fuzzy words (`x~`), authors, ids and sources that are used: each costs milliseconds."""

MAX_NESTING = 20
"""Levels of parentheses that are used; deeper ones are ignored."""

_EXPENSIVE_FIELDS = frozenset(field.name for field in QUERY_FIELDS if field.is_expensive)
_MIN_PREFIX_LENGTH = 2
"""Letters before a `*`: `A*` and `C*-algebra` are names."""


def parse_query(text: str, *, is_typing: bool = True) -> Query:
    """Return `text` as a query.

    With `is_typing`, the last word is unfinished unless anything follows, even a blank. A quote or parenthesis never
    closed reaches to the end. A field without a value has no meaning. A text with TeX is parsed as it is displayed.
    What is not understood is searched as plain words, and reported in the query's hint.
    """
    if "\\" in text or "$" in text:
        text = tex_to_unicode(text)
    return QueryParser(text, is_typing).parse()


class QueryParser:
    """One pass over the text, with the open parentheses on a stack."""

    def __init__(self, text: str, is_typing: bool) -> None:
        self.text = text
        self.unfinished_end = len(text) if is_typing and not text[-1:].isspace() else -1
        self.source = text.translate(STRAIGHT_QUOTES)
        """As long as `text`, with one kind of quotes."""
        self.groups = [OpenGroup()]
        self.ignored_groups = 0
        """Open parentheses that are nested too deeply."""
        self.terms = self.expanded = 0
        self.negates_next = self.has_not = False
        """Whether the last word, or any word, was `NOT`."""
        self.ignores_operators = is_title_in_capitals(self.source)
        self.is_quote_open = False
        self.sort: SortOrder | None = None
        self.is_reversed, self.scope = False, ""
        self.likes: list[str] = []
        self.spans: list[QuerySpan] = []
        self.hints: list[str] = []

    def parse(self) -> Query:
        at = 0
        if (mark := MEANING_MARK.match(self.source)) is not None:
            at = mark.end()
            self.add_span(at - 1, at, "operator")
        while self.terms < MAX_TERMS and (token := TOKEN.search(self.source, at)):
            at = self.consume(token)
        if self.terms >= MAX_TERMS and TOKEN.search(self.source, at):
            self.hints.append(f"only the first {MAX_TERMS} words count")
        while len(self.groups) > 1:
            self.close_group()
        nodes = flatten(self.groups[0].nodes)
        if self.has_not:
            nodes = include_title(self.text, nodes, unfinished=self.unfinished_end >= 0)
        if self.is_quote_open:
            self.hints.append("the quote is not closed")
        hint = self.hints[0] if self.hints else ""
        if len(self.hints) > 1:
            hint += f"; {len(self.hints) - 1} more problem{'s' * (len(self.hints) > 2)}"
        nodes = in_scope(nodes, self.scope)
        return Query(
            nodes,
            self.sort,
            self.is_reversed,
            self.scope,
            mark is not None,
            tuple(dict.fromkeys(self.likes)),
            hint,
            self.text,
            tuple(self.spans),
        )

    def consume(self, token: re.Match[str]) -> int:
        """Parse what begins with the token; return where to continue."""
        if token["minus"]:
            self.add_span(token.start("minus"), token.end("minus"), "operator")
        elif token["chunk"] in OPERATORS and not self.ignores_operators:
            return self.parse_operator(token)
        negated = bool(token["minus"]) or self.negates_next
        self.negates_next = False
        if token["close"]:
            self.add_span(token.start(), token.end(), "operator")
            if self.ignored_groups:
                self.ignored_groups -= 1
            elif len(self.groups) > 1:
                self.close_group()
        elif token["open"]:
            self.add_span(token.start("open"), token.end(), "operator")
            self.open_group(negated, self.groups[-1].field)
        elif token["quoted"] is not None:
            self.parse_phrase(token, negated, self.groups[-1].field)
        elif token["field"] or token["compared"]:
            return self.parse_field(token, negated)
        else:
            self.parse_words(token.start("chunk"), token.end("chunk"), negated, self.groups[-1].field)
        return token.end()

    def parse_operator(self, token: re.Match[str]) -> int:
        self.add_span(token.start(), token.end(), "operator")
        operator = OPERATORS[token["chunk"]]
        if operator == "or" and self.groups[-1].nodes:
            self.groups[-1].after_or = True
        elif operator == "not":
            self.negates_next = self.has_not = True
        return token.end()

    # Terms

    def open_group(self, negated: bool, field: str) -> None:
        if len(self.groups) > MAX_NESTING:
            self.ignored_groups += 1
        else:
            self.groups.append(OpenGroup(negated, field))

    def close_group(self) -> None:
        node = self.groups.pop().to_node()
        self.groups[-1].add(node)

    def add(self, node: QueryNode, negated: bool) -> None:
        self.terms += 1
        if isinstance(node, TextTerm) and node.field in _EXPENSIVE_FIELDS and not self.may_expand():
            return
        self.groups[-1].add(Not(node) if negated else node)

    def add_span(self, start: int, end: int, role: SpanRole) -> None:
        self.spans.append(QuerySpan(start, end, role))

    def parse_phrase(self, token: re.Match[str], negated: bool, field: str) -> None:
        words = token["phrase"]
        prefix = words.endswith("*") and self.may_expand()
        words = words.rstrip("*") if prefix else words
        if words.strip():
            self.is_quote_open = not token["closing"]
            unfinished = not (token["closing"] or negated or prefix) and token.end() == self.unfinished_end
            start = token.start("phrase")
            term = TextTerm(words, field, quoted=True, prefix=prefix, unfinished=unfinished, start=start)
            self.add(term, negated)
        else:
            self.groups[-1].add(None)

    def parse_words(self, start: int, end: int, negated: bool, field: str) -> None:
        """Add each word of a chunk as a term."""
        while self.terms < MAX_TERMS and (word := WORD.search(self.source, start, end)):
            start = word.end()
            if not LETTER.search(word[0]):
                continue
            suffix = SUFFIX.match(self.source, word.end(), end)
            prefix = bool(suffix and suffix[1] and len(word[0]) >= _MIN_PREFIX_LENGTH) and self.may_expand()
            fuzzy = bool(suffix and suffix[2]) and self.may_expand()
            if suffix and (prefix or fuzzy):
                self.add_span(suffix.start(), suffix.end(), "operator")
                start = suffix.end()
            self.add(
                TextTerm(
                    self.text[word.start() : word.end()],
                    field,
                    prefix=prefix,
                    fuzzy=fuzzy,
                    unfinished=word.end() == self.unfinished_end and not negated,
                    start=word.start(),
                ),
                negated,
            )

    def may_expand(self) -> bool:
        """Count a term that can match many words; return whether it is used."""
        self.expanded += 1
        if self.expanded == MAX_EXPANDED_TERMS + 1:
            self.hints.append(f"only the first {MAX_EXPANDED_TERMS} stars, tildes and names count")
        return self.expanded <= MAX_EXPANDED_TERMS

    # Fields

    def parse_field(self, token: re.Match[str], negated: bool) -> int:
        """Parse a field and the value after it (`stars:10`, `stars > 10`); return where to continue."""
        name = token["field"] or token["compared"]
        field = find_field(name)
        start, at = (token.start("field"), token.end()) if token["field"] else token.span("compared")
        if field and field.kind in TEXT_KINDS:
            self.add_span(start, at, "field")
            return self.parse_text_field(field, at, negated)
        if token["compared"]:
            comparison = token["comparison"] or ""
            value, end = f"{comparison}{token['limit']}" if token["limit"] else "", token.end()
        else:
            value, end = self.value_at(at, quotes=field is not None)
        if field is None:
            if value and not negated and len(name) > 1 and self.source[at - 1] == ":":
                self.add_span(start, at, "unknown")
                self.hints.append(unknown_field_hint(name, value))
            self.parse_words(start, end, negated, "")
            return end
        if not value:
            self.groups[-1].add(None)
        elif not VALUE_PARSERS[field.kind](self, field, value, negated, end == self.unfinished_end):
            self.add_span(start, at, "unknown")
            self.parse_words(start, end, negated, "")
            return end
        self.add_span(start, at, "field")
        if value:
            self.add_span(at, end, "value")
        return end

    def value_at(self, at: int, *, quotes: bool) -> tuple[str, int]:
        """Return the value of a field, which may be in `quotes`, and where it ends; empty if there is none."""
        token = TOKEN.match(self.source, at)
        if quotes and token and token["quoted"] is not None and not token["minus"]:
            return token["phrase"].strip(), token.end()
        found = VALUE.match(self.source, at)
        return (found[0], found.end()) if found else ("", at)

    def parse_text_field(self, field: QueryField, at: int, negated: bool) -> int:
        """Parse a value that is a phrase, a group, words, or one string; return where to continue."""
        token = TOKEN.match(self.source, at)
        if token and token["quoted"] is not None and not token["minus"]:
            self.parse_phrase(token, negated, field.name)
            return token.end()
        if token and token["open"] and not token["minus"]:
            self.open_group(negated, field.name)
            return token.end()
        found = VALUE.match(self.source, at)
        if not found:
            self.groups[-1].add(None)
            return at
        if field.kind != "name":
            self.parse_words(at, found.end(), negated, field.name)
        elif value := found[0].rstrip("*"):
            prefix = value != found[0]
            self.add_span(at, found.end(), "value")
            unfinished = found.end() == self.unfinished_end and not (negated or prefix)
            self.hints += filter(None, [name_hint(field, value, unfinished=unfinished or prefix)])
            self.add(TextTerm(value, field.name, prefix=prefix, unfinished=unfinished, start=at), negated)
        return found.end()

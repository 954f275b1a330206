"""Label the paragraphs of a page as titles and abstracts.

Titles and abstracts alternate. That is the strongest evidence, because their lengths overlap (titles have 5 to 239
characters, abstracts 43 to 16,000). A title without an abstract, an abstract of several paragraphs or an abstract that
lost its title breaks the alternation. Every labelling of the page has a cost: how unlike its label each paragraph
looks, and each break. Dynamic programming over the paragraphs finds the cheapest one, so that one odd paragraph never
shifts the labels of the rest.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from paperreader.importers.daily_papers.paragraphs import Paragraph

Label = Literal["title", "abstract", "more", "nothing"]
"""`more` continues the abstract above it; `nothing` is not part of a paper."""

_LABELS: tuple[Label, ...] = ("title", "abstract", "more", "nothing")

LOST_ABSTRACT_COST, LOST_TITLE_COST, CUT_AT_END_COST = 5.0, 6.0, 3.0
"""A title follows a title; an abstract is where a title should be; the page ends after a title."""

SHORT_ABSTRACT_COST = 2.0
"""An abstract is shorter than its title."""

SECOND_PARAGRAPH_COST, FURTHER_PARAGRAPH_COST, SAME_BLOCK_COST = 5.0, 3.0, 1.0
"""An abstract continues: for the first time, again, and without a blank line on a page that uses them."""

MAX_CLEAR_COST, MIN_CLEAR_ABSTRACT_LENGTH = 4.0, 120
"""A title and abstract with a higher cost, or a shorter abstract, are no evidence of a page."""

MIN_RESEARCH_WORDS = 3
"""All but one in a hundred abstracts, and hardly any other prose, contain this many different words of research."""

MIN_ENGLISH_ASCII_SHARE = 0.9
"""Share of ASCII characters in English text, including formulas and dashes."""

_RESEARCH = re.compile(
    r"\b(we|our|paper|propos|introduc|present|stud(?:y|i)|show|demonstrat|result|experiment|method|model|approach"
    r"|framework|algorithm|analy[sz]|investigat|evaluat|perform|dataset|benchmark|task|learn|train|problem|theor"
    r"|novel|existing|achiev|improv|significan|research|challeng|obtain|observ|estimat|measur|effect|propert"
    r"|structur|function|equation|prov(?:e|ing)|deriv)",
    re.IGNORECASE,
)
"""Beginnings of words that are typical of research."""

_IMPOSSIBLE = float("inf")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]}]*$")
_SENTENCE_BREAK = re.compile(r"[a-z0-9)%\]\"'][.?!][\"')\]]* [A-Z]")
_URL = re.compile(r"https?:/|www\.|github\.com/|\.github\.io")
_URL_AT_END = re.compile(r"(?:https?:|www\.|github\.com/)\S*$")
_CONTINUES = re.compile(
    r"(?:code|codes|project|project page|website|demo|data|dataset|models?|keywords?|index terms|availability"
    r"|source code|github|homepage|page|video|note|background|methods?|results?|conclusions?|objectives?|purpose"
    r"|significance|contributions?)\b[^.:]{0,30}[:—–]"
    r"|[-*•‣·–]\s|\(?[0-9ivx]{1,4}[.)]\s",
    re.IGNORECASE,
)
_PROSE_START = re.compile(
    r"(?:We|In this|This (?:paper|work|study|article|thesis|preprint|report)|Our|However|To address|Recent)\b"
)
_LONG_WORD = re.compile(r"\b[^\W\d_]{5,}")
_TITLE_LENGTHS = ((150, 0.0), (250, 1.5), (400, 5.0), (800, 9.0), (1500, 14.0))
_ABSTRACT_LENGTHS = ((40, 5.0), (100, 3.5), (200, 2.0), (350, 0.5), (500, 0.0))
"""Cost of a title or an abstract by its length in characters; see `_interpolate`."""

_EXCERPT_LENGTH = 600
"""Characters at either end of a long paragraph that are examined."""


def label_paragraphs(paragraphs: Sequence[Paragraph]) -> list[Label]:
    """Return the label of each paragraph of one page. Linear time."""
    # The state is the label of the previous paragraph that is not "nothing".
    best: dict[str, float] = {"start": 0.0}
    ways: list[dict[str, tuple[str, Label]]] = []
    for index, paragraph in enumerate(paragraphs):
        looks = _label_costs(paragraph.text)
        before = len(paragraphs[index - 1].text) if index else 0
        reached: dict[str, float] = {}
        way: dict[str, tuple[str, Label]] = {}
        for state, cost in best.items():
            for name in _LABELS:
                new = state if name == "nothing" else name
                total = cost + looks[name] + _transition_cost(state, name, paragraph, before)
                if total < reached.get(new, _IMPOSSIBLE):
                    reached[new] = total
                    way[new] = (state, name)
        best = reached
        ways.append(way)
    if not ways:
        return []
    state = min(best, key=lambda name: best[name] + (CUT_AT_END_COST if name == "title" else 0.0))
    found: list[Label] = []
    for way in reversed(ways):
        state, name = way[state]
        found.append(name)
    return found[::-1]


def is_clearly_a_paper(title: str, abstract: str) -> bool:
    """Whether title and abstract look like a paper even without a page: most papers do, and hardly anything else."""
    if len(abstract) < MIN_CLEAR_ABSTRACT_LENGTH or not _has_research_words(abstract):
        return False
    return _label_costs(title)["title"] + _label_costs(abstract)["abstract"] <= MAX_CLEAR_COST


def _has_research_words(abstract: str) -> bool:
    """Whether an abstract has typical words, if it is in English; true for other languages."""
    if sum(char.isascii() for char in abstract) < len(abstract) * MIN_ENGLISH_ASCII_SHARE:
        return True
    return len({word.lower() for word in _RESEARCH.findall(abstract)}) >= MIN_RESEARCH_WORDS


def _transition_cost(state: str, name: Label, paragraph: Paragraph, before: int) -> float:
    """Return the cost of a paragraph with this label after the state."""
    if name == "nothing":
        return 0.0
    if name == "title":
        return (LOST_ABSTRACT_COST if state == "title" else 0.0) + (
            LOST_ABSTRACT_COST if paragraph.is_same_block else 0.0
        )
    if name == "abstract":
        shorter = SHORT_ABSTRACT_COST if len(paragraph.text) < before else 0.0
        return {"title": shorter, "start": LOST_TITLE_COST}.get(state, _IMPOSSIBLE)
    further = SAME_BLOCK_COST if paragraph.is_same_block else FURTHER_PARAGRAPH_COST
    second = SAME_BLOCK_COST if paragraph.is_same_block else SECOND_PARAGRAPH_COST
    return {"abstract": second, "more": further}.get(state, _IMPOSSIBLE)


def _label_costs(text: str) -> dict[Label, float]:
    """Return how unlike each label the paragraph looks; 0 is typical."""
    length = len(text)
    head, tail = text[:_EXCERPT_LENGTH], text[-_EXCERPT_LENGTH:]
    ends = bool(_SENTENCE_END.search(tail)) and not tail.endswith("...")
    broken = bool(_SENTENCE_BREAK.search(head))
    has_url = bool(_URL.search(head))
    ends_with_url = bool(_URL_AT_END.search(tail))
    continues = bool(_CONTINUES.match(head))
    prose = bool(_PROSE_START.match(head))

    sentence = ends and tail[-1] == "." and not _in_title_case(head)
    title = _interpolate(length, _TITLE_LENGTHS)
    title += 5.0 if sentence else 1.0 if ends and tail[-1] == "." else 0.0
    title += 4.0 if broken else 0.0
    title += 4.0 if has_url else 0.0
    title += 3.0 if continues and (ends or has_url) else 0.0
    title += 2.0 if prose and ends else 0.0

    abstract = _interpolate(length, _ABSTRACT_LENGTHS)
    more = 0.0 if continues or has_url else abstract * (0.3 if sentence else 1.0)
    if not ends and not ends_with_url:
        unlike = 1.5
        if not (broken or has_url or prose) and length < 250:
            unlike += 6.5 if _in_title_case(head) else 3.0
        abstract += unlike
        more += 0.0 if continues or has_url else unlike
    letters = sum(char.isalnum() for char in head[:20])
    nothing = 2.0 if letters < 3 else 14.0 + length / 100
    return {"title": title, "abstract": abstract, "more": more, "nothing": nothing}


def _in_title_case(text: str) -> bool:
    """Whether most of the longer words are capitalized."""
    words = _LONG_WORD.findall(text)
    return bool(words) and sum(word[0].isupper() for word in words) > len(words) * 0.6


def _interpolate(length: int, steps: Sequence[tuple[int, float]]) -> float:
    """Return the cost at this length, by linear interpolation between the points and constant beyond them."""
    before_length, before_cost = steps[0]
    if length <= before_length:
        return before_cost
    for at, cost in steps[1:]:
        if length <= at:
            return before_cost + (cost - before_cost) * (length - before_length) / (at - before_length)
        before_length, before_cost = at, cost
    return before_cost

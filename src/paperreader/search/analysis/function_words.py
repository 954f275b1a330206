"""Words that only connect others, and the questions in which they mean nothing."""

from __future__ import annotations

_WORDS = """
a about am an and any are as at be been being between but by can could did do does doing for from had has have having
how i if in into is it its me my no not of on onto or our over should so some than that the their them then there these
they this those through to under up us using was we were what when where which who whom whose why will with within
without would you your
"""
FUNCTION_WORDS = frozenset(_WORDS.split())

_FIRST_WORDS = """
how what when where which who whom whose why are can could did do does has have is should was were will would
"""
_QUESTION_WORDS = frozenset(_FIRST_WORDS.split())
"""First words of questions."""

_MIN_QUESTION_WORDS = 3


def is_question(words: list[str]) -> bool:
    """Whether lower-case words, without punctuation, begin like a question."""
    return len(words) >= _MIN_QUESTION_WORDS and words[0] in _QUESTION_WORDS

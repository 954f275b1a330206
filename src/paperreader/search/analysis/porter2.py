"""The Porter2 stemmer of Whoosh (http://snowball.tartarus.org), without the steps that cannot change a word.

Most steps only concern a few endings, and Whoosh tries all of them for each word. An import has hundreds of thousands
of different words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from whoosh.lang import porter2

_Rule = TypeVar("_Rule", bound=Sequence[Any])


def _by_ending(rules: Iterable[_Rule]) -> Mapping[str, tuple[_Rule, ...]]:
    """Group rules, each with the suffix it concerns first, by the last two letters of the suffix."""
    found: dict[str, tuple[_Rule, ...]] = {}
    for rule in rules:
        found[rule[0][-2:]] = (*found.get(rule[0][-2:], ()), rule)
    return found


_STEP_2 = _by_ending(porter2.s2_triples)
_STEP_3 = _by_ending(porter2.s3_triples)
_STEP_4 = frozenset({"on", *(suffix[-2:] for suffix in porter2.s4_delete_list)})
"""The last two letters of the suffixes of step 4, which are also `sion` and `tion`."""


def stem(word: str) -> str:
    """Return the Porter2 stem of a word of at least three letters `a` to `z`."""
    if word in porter2.exceptional_forms:
        return str(porter2.exceptional_forms[word])
    if "y" in word:
        word = porter2.capitalize_consonant_ys(word)
    r1 = porter2.get_r1(word)
    region = porter2.r_exp.match(word, r1)
    r2 = region.start(1) if region else len(word)
    if word[-1] in "sd":
        word = porter2.step_1a(word)
    if word in porter2.exceptional_early_exit_post_1a:
        return word
    if word[-1] in "dgyY":
        word = porter2.step_1c(porter2.step_1b(word, r1))
    word = _long_suffixes_removed(word, r1, r2)
    if word[-1:] in ("e", "l"):
        word = porter2.step_5(word, r1, r2)
    return word.replace("Y", "y")


def _long_suffixes_removed(word: str, r1: int, r2: int) -> str:
    """Return the word after steps 2 to 4."""
    for rule in _STEP_2.get(word[-2:], ()):
        if found := porter2.step_2_helper(word, r1, *rule):
            word = found
            break
    for rule in _STEP_3.get(word[-2:], ()):
        if found := porter2.step_3_helper(word, r1, r2, *rule):
            word = found
            break
    return str(porter2.step_4(word, r2)) if word[-2:] in _STEP_4 else word

"""Compare the words of a query with the name of one author: initials, middle names and either order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from paperreader.search.metadata.tables import AUTHOR_SEPARATOR

_BAR = AUTHOR_SEPARATOR.strip()
_MIN_FULL_WORDS = 2
"""Whole words of a name after which an initial that the name lacks is ignored."""


def is_name_of(words: Sequence[str], name: Sequence[str], *, is_prefix: bool = False) -> bool:
    """Return whether words of a query are a name, in any order.

    An initial represents a name, and a name for its initial; the name may have more words. At least one whole word is
    the same. An initial that the name lacks, such as that of a middle name, is ignored after two whole words.

    Args:
        words: folded words of a query.
        name: folded words of the name of one author.
        is_prefix: whether the last word of the query may be incomplete.
    """
    left = list(name)
    whole = missing = 0
    last = words[-1] if is_prefix else None
    for word in sorted(words, key=len, reverse=True):
        found = _find(word, left, is_prefix=word == last)
        if found is not None:
            whole += len(word) > 1 and len(found) > 1
            left.remove(found)
        elif len(word) > 1:
            return False
        else:
            missing += 1
    if not _has_first_and_last(words, name) or (whole == 1 and not _has_given_initial(words, name)):
        return False
    return whole > 0 and (not missing or whole >= _MIN_FULL_WORDS)


def is_ordered_name_of(words: Sequence[str], name: Sequence[str], *, is_prefix: bool = False) -> bool:
    """Return whether words of a query, in this order, are in a name, from which they may lack only initials.

    At least one whole word is the same.
    """
    whole = any(len(word) > 1 and word in name for word in words) or is_prefix
    if not whole or not _has_first_and_last(words, name):
        return False
    return any(_follows(words, name[start:], is_prefix) for start in range(len(name)))


def names_with_any(words: Sequence[str], authors: str, *, is_prefix: bool = False) -> Iterator[str]:
    """Yield the names in `PaperMetadata.authors` that have a whole word of a name: only they need a closer look.

    The last word may be a prefix. A name with several of the words is repeated.
    """
    for word in words:
        wanted = f" {word}" if is_prefix and word == words[-1] else f" {word} "
        at = authors.find(wanted) if len(word) > 1 else -1
        while at >= 0:
            end = authors.find(_BAR, at)
            yield authors[authors.rfind(_BAR, 0, at) + 1 : end if end >= 0 else None]
            at = authors.find(wanted, end) if end >= 0 else -1


def _has_first_and_last(words: Sequence[str], name: Sequence[str]) -> bool:
    """Return whether first and family name are among the words, if the name has initials: those of given names.

    Otherwise `michael kaiser` would be Michael K. Ng, and `kim ng` as well.
    """
    whole = [word for word in name if len(word) > 1]
    if len(whole) == len(name):
        return True
    has_family_name = bool(whole) and any(whole[-1].startswith(word) for word in words)
    return has_family_name and any(_fits(word, name[0], True) for word in words)


def _has_given_initial(words: Sequence[str], name: Sequence[str]) -> bool:
    """Return whether the first initial among the words, if there is one, is that of the given name.

    The given name comes first, or second if the family name comes first.
    """
    initials = [word for word in words if len(word) == 1]
    if not initials:
        return True
    first, second = name[0], name[1] if len(name) > 1 else " "
    return second[0] == initials[0] if first in words and len(first) > 1 else first[0] == initials[0]


def _follows(words: Sequence[str], name: Sequence[str], is_prefix: bool) -> bool:
    at = 0
    for number, word in enumerate(words):
        may_continue = is_prefix and number == len(words) - 1
        while at < len(name) and not _fits(word, name[at], may_continue):
            if not number or len(name[at]) > 1:
                return False
            at += 1
        if at == len(name):
            return False
        at += 1
    return True


def _find(word: str, names: Sequence[str], *, is_prefix: bool) -> str | None:
    if word in names:
        return word
    for name in names:
        if _fits(word, name, is_prefix):
            return name
    return None


def _fits(word: str, name: str, is_prefix: bool) -> bool:
    if word == name or (is_prefix and name.startswith(word)):
        return True
    return word[0] == name[0] and 1 in (len(word), len(name))

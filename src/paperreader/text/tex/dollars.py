"""Decide whether a dollar sign is a price or begins a formula."""

from __future__ import annotations

from paperreader.lazy_pattern import lazy_pattern

MAX_FORMULA_LENGTH = 1000
"""Characters between two single dollar signs that may be one formula."""

_MAX_ATTEMPTS = 4
"""Dollar signs that are tried as the end of a formula, which may contain text with another formula."""

_CERTAIN_MATH = lazy_pattern(r"\\[A-Za-z{}|]|[\^_]")
_WORD = lazy_pattern(r"(?<![\\A-Za-z])[A-Za-z]{4,}")
_PRICE_WORD = lazy_pattern(r"\s[a-z]{2,}\b")
_BLANK = lazy_pattern(r"\s")
_BLANK_LINE = lazy_pattern(r"\n[ \t]*\n")
_WITH_ARGUMENT = lazy_pattern(r"\\[a-zA-Z]+\s{0,2}\{[^{}]{0,200}\}")


def find_closing_dollar(text: str, offset: int, stop: int, end: int, longest: int) -> int:
    """Return the offset of the dollar signs that close those from `offset` to `stop` (one or two); 0 without them."""
    if stop - offset == 2:
        close = text.find("$$", stop, min(end, offset + longest))
        inner = text[stop:close] if close > 0 else ""
        return close if inner.strip() and "$" not in inner and not _BLANK_LINE.search(inner) else 0
    close = stop - 1
    for _ in range(_MAX_ATTEMPTS):
        close = _next_dollar(text, close + 1, min(end, offset + MAX_FORMULA_LENGTH))
        if close < 0:
            return 0
        inner = text[stop:close]
        if inner.count("{") > inner.count("}"):
            continue
        return close if is_formula(inner, text[close + 1 : close + 2]) else 0
    return 0


def is_formula(inner: str, after: str) -> bool:
    """Whether the text between two dollar signs is mathematics; `after` is the character after the second."""
    bare = inner.strip()
    if not bare or _BLANK_LINE.search(inner):
        return False
    strong = bool(_CERTAIN_MATH.search(inner))
    visible = _WITH_ARGUMENT.sub("", inner) if strong else inner
    words, price_word = len(_WORD.findall(visible)), _PRICE_WORD.search(visible)
    one_sided = inner[0].isspace() != inner[-1].isspace()
    number = bare[0].isdigit()
    if strong:
        return not (one_sided and inner[-1].isspace() and (words or price_word))
    if not _BLANK.search(bare):
        return not (number and after.isdigit()) and not (one_sided and bare[0].isalnum())
    unbalanced = sum(map(inner.count, "([")) != sum(map(inner.count, ")]"))
    price = (number or inner[0].isspace()) and (after.isdigit() or price_word or _PRICE_WORD.match(inner))
    return not (one_sided or unbalanced or price or words > 2)


def _next_dollar(text: str, offset: int, end: int) -> int:
    close = text.find("$", offset, end)
    while close > 0 and text[close - 1] == "\\" and text[close - 2 : close - 1] != "\\":
        close = text.find("$", close + 1, end)
    return close

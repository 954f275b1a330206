"""Convert texts with the tags of JATS, HTML or CSL, as publishers deposit titles and abstracts, to plain text.

Only known tags are removed: titles contain `<think>`, which is none. https://jats.nlm.nih.gov/archiving/tag-library/1.3/
and https://citationstyles.org/schema/ (rich text in fields).
"""

from __future__ import annotations

import re
from html import unescape
from html.entities import html5

from paperreader.lazy_pattern import lazy_pattern

_TAGS = (
    "p|sec|title|h[1-6]|break|br|list|list-item|label|italic|bold|i|b|em|strong|u|sc|sup|sub|span|monospace|roman|sans-serif|"
    "underline|ext-link|xref|email|uri|named-content|styled-content|inline-formula|disp-formula|alternatives|"
    "inline-graphic|graphic|abstract|div|scp|tt|supplementary-material"
)
_TEX_MATH = lazy_pattern(r"<(?:jats:)?tex-math\b[^<>]{0,300}>(.*?)</(?:jats:)?tex-math>", re.DOTALL)
_FORMULA = lazy_pattern(
    r"<(?:jats:)?(?:inline|disp)-formula\b[^<>]{0,300}>.*?</(?:jats:)?(?:inline|disp)-formula>", re.DOTALL
)
_TEX_BODY = lazy_pattern(r"\\begin\{document\}(.*?)\\end\{document\}", re.DOTALL)
_MATH = lazy_pattern(r"<((?:mml:)?math)\b[^<>]{0,2000}>(.*?)</\1>", re.DOTALL)
_ANY_TAG = lazy_pattern(r"<[^<>]{1,2000}>")
_SCRIPT = lazy_pattern(r"<((?:jats:)?su([bp]))\b[^<>]{0,99}>([^<>]{0,99})</\1>")
_FIRST_HEADING = lazy_pattern(
    r"\s*<(?:jats:)?title\b[^<>]{0,99}>\s*(?:abstract|summary)\s*</(?:jats:)?title>", re.I
)
_HEADING = lazy_pattern(
    r"<(?:jats:)?(?:title|h[1-6])\b[^<>]{0,99}>([^<>]{1,200}?)[.:]?\s*</(?:jats:)?(?:title|h[1-6])>"
)
_BLOCK = lazy_pattern(r"\s*</?(?:jats:)?(?:p|sec|break|br|list|list-item|div|abstract)\b[^<>]{0,300}>\s*")
_TAG = lazy_pattern(rf"</?(?:jats:)?(?:{_TAGS})(?:\s[^<>]{{0,500}})?/?>", re.IGNORECASE)
_CLOSED_TAG = lazy_pattern(rf"</(?:jats:|mml:)?(?:{_TAGS}|math)\s?>", re.IGNORECASE)
_ENTITY = lazy_pattern(r"&(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_ESCAPED_TWICE = lazy_pattern("&amp;(?=(?:#[0-9]{1,7}|[A-Za-z]{2,8});)")
_ESCAPED_HTML = lazy_pattern(r"<(?:p|div|span|jats:\w+)(?:\s[^<>]{0,300})?>", re.IGNORECASE)
_HEADING_END = "\x00"
_AFTER_HEADING = lazy_pattern(rf"{_HEADING_END}\s*")
_BLANK_LINES = lazy_pattern(r"[ \t]*\n\s*\n\s*")


def strip_tags(text: str) -> str:
    """Return a title or an abstract without tags: paragraphs are separated by an empty line, formulas become TeX."""
    plain = _without_tags(text) if _TAG.search(text) or _MATH.search(text) else unescape(text).strip()
    # Some publishers deposit HTML that is escaped once more.
    return _without_tags(plain) if _ESCAPED_HTML.match(plain) else plain


def remove_markup(text: str) -> str:
    """Return a text of a reference without entities such as `&amp;`, and without tags if one of them is closed.

    Unlike `strip_tags`, it leaves `a <b and c> d` and `AT&T` as they are, since most such texts have no markup.
    """
    if "&" not in text and "</" not in text:
        return text
    text = _ESCAPED_TWICE.sub("&", text)
    if _CLOSED_TAG.search(text):
        return strip_tags(text)
    plain = _ENTITY.sub(_entity, text)
    return _without_tags(plain) if plain != text and _CLOSED_TAG.search(plain) else plain


def _entity(found: re.Match[str]) -> str:
    """Return the character of an entity. `unescape` would also replace the beginning of other names."""
    return unescape(found[0]) if found[1][0] == "#" else html5.get(f"{found[1]};", found[0])


def _without_tags(text: str) -> str:
    text = _FIRST_HEADING.sub("", " ".join(text.split()))
    text = _FORMULA.sub(_formula, text)
    text = _MATH.sub(lambda found: _ANY_TAG.sub("", found[2]), text)
    text = _HEADING.sub(rf"\n\n\1:{_HEADING_END}", text)
    text = _BLOCK.sub("\n\n", text)
    text = _SCRIPT.sub(
        lambda found: (
            f"${'^' if found[2] == 'p' else '_'}{{{found[3].strip()}}}$" if found[3].strip() else ""
        ),
        text,
    )
    text = unescape(_TAG.sub("", text))
    return _AFTER_HEADING.sub(" ", _BLANK_LINES.sub("\n\n", text)).strip()


def _formula(found: re.Match[str]) -> str:
    """Return the TeX of a formula if it has one, else its text."""
    tex = _TEX_MATH.search(found[0])
    if not tex:
        return found[0]
    body = _TEX_BODY.search(tex[1])
    source = " ".join((body[1] if body else tex[1]).split())
    return source if source.startswith(("$", "\\(", "\\[")) else f"${source}$"

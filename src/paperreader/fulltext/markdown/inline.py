"""Convert the inline tokens of markdown-it to pieces of text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import quote

from markdown_it.token import Token

from paperreader.fulltext.document import Piece, Text
from paperreader.fulltext.html.formulas import clean_tex
from paperreader.fulltext.html.inline import InlineText
from paperreader.fulltext.html.links import PageLinks
from paperreader.fulltext.markdown.tex_runs import split_text

UNDERSCORE, ASTERISK = "\ue000", "\ue001"
"""Signs of TeX that must not begin emphasis, while Markdown is parsed."""

FORMULA = "\ue002"
"""The first sign of code that is a formula: pandoc writes formulas as code between dollar signs."""

_PANDOC_FORMULA = re.compile(r"\$(`+)([^`\n]{1,5000})\1\$(?:(?=\$`)())?")
_TEX_UNDERSCORE = re.compile(r"(?<=[\w})\]'])_(?=[\w{\\(])|(?<=\s)_(?=\{)")
_TEX_ASTERISK = re.compile(r"(?<=[\^{_])\*|(?<=\\)\*")
_LINE_END = re.compile(r"(?<!\\)\\\n(?=\S)")
_ESCAPED = re.compile(r"\\([\[\]*#&_`$|]|-(?=\s|\Z))")
_NUMBERED_IMAGE = re.compile(r"Image [0-9]+(?::\s*|\Z)")
_NO_ALTERNATIVES = ("refer to caption", "[uncaptioned image]")


def protect_tex(text: str) -> str:
    """Return Markdown in which subscripts and stars of TeX are no emphasis."""
    text = _LINE_END.sub("  \n", text)
    text = _PANDOC_FORMULA.sub(_mark_formula, text)
    return _TEX_ASTERISK.sub(ASTERISK, _TEX_UNDERSCORE.sub(UNDERSCORE, text))


def _mark_formula(found: re.Match[str]) -> str:
    quotes, tex, is_followed = found.groups()
    # Without a blank, the quotes of two formulas would be one longer quote.
    return f"{quotes}{FORMULA}{tex}{quotes}{'' if is_followed is None else ' '}"


def restore_tex(text: str) -> str:
    """Return text as it was before `protect_tex`, also in addresses, which the parser encodes."""
    if "%EE%80%8" in text:
        text = text.replace(quote(UNDERSCORE), "_").replace(quote(ASTERISK), "*")
    return text.replace(UNDERSCORE, "_").replace(ASTERISK, "*")


def read_inline(tokens: Sequence[Token], links: PageLinks) -> Text:
    """Return the pieces of a paragraph, heading or cell."""
    line = InlineText()
    styles: list[str] = []
    targets: list[str] = []
    for token in tokens:
        style, target = "".join(sorted(set(styles))), targets[-1] if targets else ""
        _add(line, token, style, target, links)
        if token.type in ("em_open", "strong_open"):
            styles.append("i" if token.type == "em_open" else "b")
        elif token.type in ("em_close", "strong_close") and styles:
            styles.pop()
        elif token.type == "link_open":
            targets.append(links.target(restore_tex(str(token.attrs.get("href", "")))))
        elif token.type == "link_close" and targets:
            targets.pop()
    return line.take()


def _add(line: InlineText, token: Token, style: str, target: str, links: PageLinks) -> None:
    if token.type == "text":
        for piece in split_text(_ESCAPED.sub(r"\1", restore_tex(token.content)), style, target):
            if piece.kind == "text":
                line.add_text(piece.text, piece.style, piece.target)
            else:
                line.add_piece(piece)
    elif token.type == "code_inline" and token.content.startswith(FORMULA):
        line.add_piece(Piece(clean_tex(restore_tex(token.content[1:])), "math", "", target))
    elif token.type == "code_inline":
        line.add_piece(Piece(restore_tex(token.content), "text", "".join(sorted({*style, "c"})), target))
    elif token.type == "softbreak":
        line.add_text(" ", style, target)
    elif token.type == "hardbreak":
        line.add_break()
    elif token.type == "image":
        alternative = _NUMBERED_IMAGE.sub("", restore_tex(token.content), count=1).strip()
        if alternative.lower() in _NO_ALTERNATIVES:
            alternative = ""
        line.add_piece(
            Piece(alternative, "image", "", links.image(restore_tex(str(token.attrs.get("src", "")))))
        )

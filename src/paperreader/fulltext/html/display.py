"""Text of a page as one string, for marks, numbers and labels."""

from __future__ import annotations

from paperreader.fulltext.document import Text
from paperreader.text.tex_display import formula_to_unicode


def label_text(text: Text) -> str:
    """Return a text on one line, formulas in Unicode."""
    shown = "".join(
        formula_to_unicode(piece.text) if piece.kind == "math" else piece.text
        for piece in text
        if piece.kind != "image"
    )
    return " ".join(shown.split())

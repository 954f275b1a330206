"""Text made fit for display and for comparing."""

from __future__ import annotations

import re

from paperreader.text.sanitize import clean, fold, printable
from paperreader.text.tex_display import readable

__all__ = ["clean", "fold", "printable", "title_key"]

_NOT_KEY = re.compile(r"[\W_]+")


def title_key(title: str) -> str:
    """What two spellings of one title share: TeX to Unicode, NFKC, no accents, case folded, letters and digits only.

    Papers are matched by it and the ids of papers without an arXiv id are hashed from it.
    """
    return _NOT_KEY.sub("", fold(readable(title)))

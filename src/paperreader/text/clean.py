"""Text made fit for display and for comparing."""

from __future__ import annotations

import re

from paperreader.text.sanitize import fold_for_search, sanitize, single_line
from paperreader.text.tex_display import tex_to_unicode

__all__ = ["fold_for_search", "sanitize", "single_line", "title_key"]

_NOT_KEY = re.compile(r"[\W_]+")


def title_key(title: str) -> str:
    """What two spellings of one title share: TeX to Unicode, NFKC, no accents, case folded, letters and digits only.

    Papers are matched by it and the ids of papers without an arXiv id are hashed from it.
    """
    return _NOT_KEY.sub("", fold_for_search(tex_to_unicode(title)))

r"""Remove entities and tags of HTML, which publishers leave in BibTeX: `R\&amp;D`, `<i>in vivo</i>`."""

from __future__ import annotations

import re
from html import unescape

from paperreader.text.jats import remove_markup

_ENTITY = re.compile(r"(?:\{\\&\}|\\&)(?:amp;)?(\\?#[0-9]{1,7}|[A-Za-z]{2,8});")
"""An entity whose first character is escaped, perhaps twice an entity."""


def remove_tex_markup(text: str) -> str:
    """Return the TeX of a field without entities and tags. A decoded ampersand stays escaped."""
    if "&" in text:
        text = _ENTITY.sub(_decoded, text)
    return remove_markup(text)


def _decoded(found: re.Match[str]) -> str:
    entity = f"&{found[1].replace(chr(92), '')};"
    character = unescape(entity)
    if character == entity:
        return found[0]
    return "\\&" if character == "&" else character

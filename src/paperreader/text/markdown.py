"""Text put into Markdown so that it stays text."""

from __future__ import annotations

import re

_SIGNS = re.compile(r"[\\`*_\[\]<>#&~|$!^{}]")
_ADDRESS = re.compile(r":(?=//)|(?<=www)\.|@", re.I)
"""What makes an address into a link, or a word into a mention, by itself."""
_FIRST = re.compile(r"(?:[-+=:]|(\d{1,9})([.)]))(?=\s|[-=+:]|\Z)")
"""What makes a list, a rule or an underline of a line that begins with it."""


def escaped(text: str) -> str:
    """`text` on one line, shown by any Markdown as it stands: its signs behind backslashes (CommonMark 0.31, 2.4)."""
    safe = _ADDRESS.sub(r"\\\g<0>", _SIGNS.sub(r"\\\g<0>", " ".join(text.split())))
    begins = _FIRST.match(safe)
    if not begins:
        return safe
    at = begins.end(1) if begins[1] else 0
    return f"{safe[:at]}\\{safe[at:]}"

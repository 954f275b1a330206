"""Braces that only keep capitals in a bibliography."""

from __future__ import annotations

import re

from paperreader.text.tex.scanner import brace_pairs

_PART = re.compile(r"\\[a-zA-Z]+\s*|\\.|[\^_]\s*|[{}$]|[^\\^_{}$]+|\\", re.DOTALL)


def strip_case_braces(text: str) -> str:
    r"""`text` without the braces that only keep capitals (`{BERT}`); those of TeX (`\"{u}`, `x^{2}`, `$…$`) stay."""
    kept: list[str] = []
    closing: list[str] = []
    in_math = belongs = False
    parts = [found[0] for found in _PART.finditer(text)]
    for place, part in enumerate(parts):
        if part == "{":
            following = parts[place + 1] if place + 1 < len(parts) else ""
            keep = in_math or belongs or following.startswith("\\")
            closing.append("}" if keep else "")
            kept.append("{" if keep else "")
        elif part == "}" and closing:
            kept.append(closing.pop())
        else:
            in_math ^= part == "$"
            kept.append(part)
        # A command's second argument follows the brace of the first.
        belongs = part[0] in "\\^_" or (part == "}" and kept[-1] == "}")
    return "".join(kept)


def brace_content(text: str) -> str:
    """What stands in the one pair of braces around all of `text`; `text` where there is none."""
    around = text[:1] == "{" and text[-1:] == "}" and brace_pairs(text).get(0) == len(text) - 1
    return text[1:-1] if around else text

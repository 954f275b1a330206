"""Patterns of the parts of a query."""

from __future__ import annotations

import re

TOKEN = re.compile(
    r'(?P<minus>[-!]*)(?:(?P<open>\()|(?P<quoted>"(?P<phrase>[^"]*)(?P<closing>"?))'
    r"|(?P<field>[A-Za-z]{1,20})(?::(?!//)|=(?=\S))|(?P<chunk>[^\s\"()]+))|(?P<close>\))"
)
LETTER = re.compile(r"[^\W_]")
VALUE = re.compile(r'[^\s"()]+')
WORD = re.compile(r"(?<![^\W_])[^\W\d_]\*(?![\w*])|[^\s,;:|&()\[\]{}<>!?=*~]+")
"""One term of a chunk between blanks: `gpt-4` or `Q*`, but not `cats,dogs`."""
SUFFIX = re.compile(r"(?:(\*)|(~)[12]?)(?![^\s,;:|&()\[\]{}<>!?=*~])")
"""What makes the word before it a prefix, or fuzzy."""

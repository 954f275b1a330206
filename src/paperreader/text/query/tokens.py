"""Patterns of the parts of a query.

Dates and numbers may be compared without a colon, or with blanks: `stars>10`, `year >= 2024`.
"""

from __future__ import annotations

from paperreader.lazy_pattern import lazy_pattern
from paperreader.text.query.fields import QUERY_FIELDS

_COMPARED = "|".join(
    name
    for field in QUERY_FIELDS
    if field.kind in ("date", "number")
    for name in (field.name, *field.aliases)
)
_OPERATOR = "[<>]=?|=[<>=]?|[≤≥]"

TOKEN = lazy_pattern(
    r'(?P<minus>[-!]*)(?:(?P<open>\()|(?P<quoted>"(?P<phrase>[^"]*)(?P<closing>"?))'
    rf"|(?P<compared>(?i:{_COMPARED}))(?:\s{{0,2}}:?\s{{0,2}}(?P<comparison>{_OPERATOR})\s{{0,2}}|:\s{{1,2}}(?=[0-9]))"
    r"(?P<limit>[^\s\"()<>=]+|$)"
    r"|(?P<field>[A-Za-z]{1,20})(?::(?!//)|=(?=\S))|(?P<chunk>[^\s\"()]+))|(?P<close>\))"
)
LETTER = lazy_pattern(r"[^\W_]")
VALUE = lazy_pattern(r'[^\s"()]+')
WORD = lazy_pattern(r"(?<![^\W_])[^\W\d_]\*(?![\w*])|[^\s,;:|&()\[\]{}<>!?=*~]+")
"""One term of a chunk between blanks: `gpt-4` or `Q*`, but not `cats,dogs`."""
MEANING_MARK = lazy_pattern(r"\s*~(?!~)")
"""What begins a query for meaning."""
SUFFIX = lazy_pattern(r"(?:(\*)|(~)[12]?)(?![^\s,;:|&()\[\]{}<>!?=*~])")
"""What makes the word before it a prefix, or fuzzy."""

"""The lines about the authors at the beginning of a document: names, affiliations, addresses and notes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from paperreader.fulltext.document import Text

MAX_AUTHOR_LINES = 200

_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_NUMBER = re.compile(r"[0-9]{3}")
_AFFILIATION = re.compile(
    r"universi|institut|departe?ment|school|colle[gc]|laborator|\blabs?\b|research|academ|faculty|cent(?:re|er)\b"
    r"|hospital|company|\binc\b|\bltd\b|\bcorp|google|microsoft|deepmind|nvidia|openai|facebook|\bmeta\b|amazon"
    r"|alibaba|tencent|baidu|huawei|apple\b|ibm\b",
    re.IGNORECASE,
)
_PARTICLES = frozenset(
    (
        *(
            "and",
            "et",
            "al",
            "de",
            "del",
            "della",
            "der",
            "den",
            "di",
            "du",
            "da",
            "dos",
            "el",
            "la",
            "le",
            "ten",
        ),
        *("ter", "van", "von", "y", "zu", "zur"),
    )
)
_WORD = re.compile(r"[^\W\d_]+")


def shown_authors(authors: Sequence[Text]) -> Iterator[Text]:
    """Yield the lines about the authors, without e-mail addresses that stand in an earlier line."""
    before = ""
    for line in authors[:MAX_AUTHOR_LINES]:
        text = plain(line)
        if not (_ADDRESS.fullmatch(text.strip()) and text.strip() in before):
            yield line
        before += f"{text}\n"


def is_name_line(line: Text) -> bool:
    """Return whether a line consists of names, as far as that can be told."""
    if not line or "^" in line[0].style:  # the mark of an affiliation
        return False
    text = "".join(piece.text for piece in line if piece.kind == "text" and "^" not in piece.style)
    if _ADDRESS.search(text) or _NUMBER.search(text) or "://" in text or _AFFILIATION.search(text):
        return False
    words = _WORD.findall(text)
    return bool(words) and all(
        word[0].isupper() or word.casefold() in _PARTICLES or not word[0].islower() for word in words
    )


def plain(line: Text) -> str:
    """Return the text of a line."""
    return "".join(piece.text for piece in line)

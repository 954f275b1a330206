"""Import a page of Hugging Face Papers that was saved as HTML: its papers are JSON in an attribute of one element.

The element is `<div data-target="DailyPapers" data-props="{&quot;date&quot;:…,&quot;dailyPapers&quot;:[…]}">`, with its
attributes in any order. On the page of a single paper, `data-target` is another name, and `data-props` contains the
`paper`. The rest of the page is ignored. A page without such data is read by `article_page`.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from paperreader.importers.daily_papers import article_page
from paperreader.importers.input.content import SourceOrigin
from paperreader.importers.json import documents
from paperreader.models import ImportedEntry, Problem

_TARGET = re.compile(r"""\bdata-target\s{0,9}=\s{0,9}["']?(?:DailyPapers|PaperContent)\b["']?""")
_PROPS = re.compile(r"""\bdata-props\s{0,9}=\s{0,9}(?:"([^"]*+)"|'([^']*+)')""")


def read_page(text: str, file: str, origin: SourceOrigin) -> Iterator[ImportedEntry | Problem]:
    """Yield the papers of a saved page.

    Raises:
        UnsupportedContent: the data of the page are missing, or contain too much.
    """
    props = _props(text)
    if props is None:
        yield from article_page.read_page(text, file, origin)
        return
    for made in documents.read_entries(html.unescape(props), file, origin):
        # Line numbers are relative to the attribute, so they are useless to the user.
        yield Problem(made.file, None, made.message) if isinstance(made, Problem) else made


def _props(text: str) -> str | None:
    """Return the list of papers, still escaped; None if there is none."""
    target = _TARGET.search(text)
    if target is None:
        return None
    following = _PROPS.search(text, target.end())
    if following and "<" not in text[target.end() : following.start()]:
        return following[1] or following[2]
    earlier = list(_PROPS.finditer(text, 0, target.start()))
    before = earlier[-1] if earlier else None
    if before and "<" not in text[before.end() : target.start()]:
        return before[1] or before[2]
    return None

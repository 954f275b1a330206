"""Recognise the title of a paper beside its link in Markdown."""

from __future__ import annotations

import re
from collections.abc import Sequence

from paperreader.importers.markdown.links import Segment
from paperreader.importers.markdown.plain_text import plain
from paperreader.text.ids import parse_arxiv_id, parse_doi
from paperreader.text.urls import parse_link

MAX_TITLE_CHARS = 400

MAX_WORDS_BEFORE = 6
"""Words before a title in bold or quotation marks: a date, a venue, a few names."""

MAX_ITEM_CHARS = 1000
"""Characters at the beginning of an item in which its title is looked for."""

MIN_TITLE_CASE_SHARE = 0.6
"""Share of the longer words with a capital letter from which a text before a link is a title and no sentence."""

_GENERIC = frozenset(
    (
        *(
            "a",
            "abs",
            "abstract",
            "acl",
            "acm",
            "an",
            "anthology",
            "arxiv",
            "available",
            "blog",
            "cite",
            "code",
        ),
        *("data", "dataset", "demo", "doi", "download", "full", "github", "here", "homepage", "html"),
        *("huggingface", "hf", "ieee", "in", "journal", "link", "links", "more", "online", "openreview"),
        *("original", "our", "page", "pages", "paper", "papers", "pdf", "poster", "preprint", "project"),
        *(
            "publication",
            "read",
            "repo",
            "report",
            "repository",
            "see",
            "site",
            "slides",
            "source",
            "springer",
        ),
        *("tech", "technical", "text", "the", "this", "twitter", "tweet", "url", "version", "video", "web"),
        *("website", "wiki", "official", "arxiv.org", "publisher", "proceedings", "icml", "iclr", "neurips"),
        *("nips", "cvpr", "iccv", "eccv", "emnlp", "naacl", "eacl", "aaai", "ijcai", "kdd", "www", "sigir"),
        *(
            "interspeech",
            "icassp",
            "tmlr",
            "jmlr",
            "tpami",
            "supplementary",
            "supp",
            "appendix",
            "bibtex",
            "null",
        ),
        *("none", "preprints", "workshop", "spotlight", "oral", "findings", "论文", "代码", "链接"),
    )
)
"""Words for the link itself or for where the paper appeared."""

_TAGS = re.compile(
    r"\s*(?:[\[(【][^\[\]()]{0,60}[\])】]|[0-9]{4}[-./][0-9]{1,2}(?:[-./][0-9]{1,2})?\b|[^\w\s\"“$(\[]+)\s*[:,-]?\s*"
)
_ID_BEFORE = re.compile(r"\s*\[?(?:arxiv:)?[0-9]{4}\.[0-9]{4,5}(?:v[0-9])?\]?\s*[-:]?\s*", re.IGNORECASE)
_NUMBER_BEFORE = re.compile(r"(?:\[[0-9]{1,3}\]|[0-9]{1,3}[.)])\s+(?=\S)")
"""The number of a heading or an item."""
_SITES = r"arxiv(?:\.org)?|hugging ?face|semantic scholar|openreview|acl anthology|alphaxiv|researchgate"
_SITE_AFTER = re.compile(rf"\s+[-–—|]\s+(?:{_SITES})\s*$", re.IGNORECASE)
_PAPER_PAGE = re.compile(r"\s*Paper page\s+[-–—]\s+", re.IGNORECASE)
_CUT = re.compile(r"(?:\.\.\.|…)\s*$")
_CITATION = re.compile(
    r"\bet\.? al\b|\([0-9]{4}[a-z]?\)\s*$|^[^\s,]+(?:,| and | & )[^,]{0,60}\b[0-9]{4}[a-z]?$"
)
_BOLD = re.compile(r"\*\*(?=\S)([^*\n]{8,400})\*\*")
_QUOTED = re.compile(r"[\"“«]([^\"“”«»\n]{12,400})[\"”»]")
_TRAILING = re.compile(r"[\s.,;:|\[(*_-]+$")
_IDEOGRAPH = re.compile(r"[\u3041-\u30ff\u3400-\u9fff]")
"""A character of a language that has no blanks between words, of which two make a word."""


def title_of(
    segments: Sequence[Segment], *, is_certain: bool, min_words: int = 3, may_be_quoted: bool = False
) -> str:
    """Return the title in a part of a document: the text of a link to a paper, or text in bold or quotation marks.

    Args:
        segments: the part, split at its links.
        is_certain: whether it is a place for titles, such as a column, where any text is one.
        min_words: of a text that may be something else.
        may_be_quoted: whether text in quotation marks may be the title; in prose it is a quotation.
    """
    for segment in segments:
        title = clean_title(segment.text)
        if (
            segment.url
            and _is_paper(segment.url)
            and title
            and is_title(title, 1 if is_certain else min_words)
        ):
            return title
    if is_certain:
        around = [clean_title(segment.text) for segment in segments if "img.shields" not in segment.url]
        return next((title for title in around if is_title(title, 1)), "")
    first = segments[0].text[:MAX_ITEM_CHARS] if segments and not segments[0].url else ""
    quoted = _QUOTED.finditer(first) if may_be_quoted else ()
    for found in (*_BOLD.finditer(first), *quoted):
        # Further on in a text it is an emphasis or a quotation.
        is_first = len(plain(first[: found.start()]).split()) <= MAX_WORDS_BEFORE
        if is_first and is_title(title := clean_title(found[1]), min_words):
            return title
    return ""


def title_before_link(segments: Sequence[Segment]) -> str:
    """Return the title at the beginning of an item, before its first link; empty if it may be a sentence."""
    if not segments or segments[0].url:
        return ""
    text = plain(segments[0].text)[:MAX_ITEM_CHARS]
    while (tag := _TAGS.match(text)) and tag.end():
        text = text[tag.end() :]
    title = clean_title(_TRAILING.sub("", text))
    words = re.findall(r"[^\W\d_]{4,}", title)
    capitals = sum(word[0].isupper() for word in words)
    if not is_title(title, 4) or re.search(r"[.!?]\s+[A-Z]", title):
        return ""
    return title if capitals >= len(words) * MIN_TITLE_CASE_SHARE else ""


def clean_title(text: str) -> str:
    """Return a title without what programs and people write around it: ids, the name of the site, a full stop."""
    text = _NUMBER_BEFORE.sub("", plain(text), count=1)
    text = _PAPER_PAGE.sub("", _ID_BEFORE.sub("", text, count=1), count=1)
    text = _SITE_AFTER.sub("", text)
    return text[:-1] if text.endswith(".") and not text.endswith("..") else text.strip(" ,;|")


def is_title(text: str, min_words: int) -> bool:
    """Whether a text beside a link to a paper may be its title, not a word for the link or a citation."""
    words = text.split()
    count = len(words) + len(_IDEOGRAPH.findall(text)) // 2
    if not min_words <= count or len(words) > 60 or len(text) > MAX_TITLE_CHARS or _CUT.search(text):
        return False
    if all(word.strip(".,:;!?'’()[]*|#0123456789-/").lower() in _GENERIC | {""} for word in words):
        return False
    if "://" in text or parse_arxiv_id(text) or parse_doi(text) or (min_words > 1 and _CITATION.search(text)):
        return False
    # Words of a sentence around a link begin with a small letter; a few names of systems do as well.
    return min_words == 1 or not text[0].islower() or ":" in text


def _is_paper(url: str) -> bool:
    link = parse_link(url)
    return bool(parse_arxiv_id(url) or parse_doi(url) or (link and link.kind == "paper"))

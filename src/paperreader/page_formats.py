"""The web pages that papers can be imported from, one row each, when they are saved as HTML; how text and Markdown of
pages, lists of papers and mails are recognised.

To add a page, add a module to `paperreader.importers` that reads it, and a row here.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class PageFormat(NamedTuple):
    """A kind of page. Name, label and rank are as in `import_formats.ImportFormat`."""

    name: str
    label: str
    rank: int
    marker: str
    """Regular expression for what only such a page contains, anywhere: programs that save pages insert styles and
    scripts at the top."""
    reader_module: str
    """Module of `paperreader.importers` whose `read_page` reads it."""


PAGE_FORMATS = (
    # Its papers are objects of the Hugging Face API, whose kind they have.
    PageFormat(
        "daily-papers-html",
        "",
        3,
        r"""\bdata-target\s{0,9}=\s{0,9}["']?(?:DailyPapers|PaperContent)\b""",
        "daily_papers.html_page",
    ),
    PageFormat(
        "arxiv-abstract",
        "arXiv",
        0,
        r"""\bcitation_arxiv_id\b|<blockquote class=["']?abstract\b""",
        "arxiv.abstract_page",
    ),
    PageFormat(
        "arxiv-listing",
        "arXiv",
        0,
        r"""<\w{1,9} class=["']?(?:list-title|arxiv-result)\b""",
        "arxiv.listing_page",
    ),
    # What authors wrote, without the metadata of arXiv.
    PageFormat(
        "arxiv-html",
        "arXiv HTML",
        1,
        r"\bltx_title_document\b",
        "arxiv.full_text_page",
    ),
    # Saved without the data of its scripts. Its papers have the kind of a page saved as text.
    PageFormat(
        "papers-html",
        "",
        3,
        r"""<h[2-4]\b[^<>]{0,300}>\s{0,99}<a\b[^<>]{0,600}?/papers/[0-9]{4}\.[0-9]"""
        r"|<title>\s{0,99}Paper page - ",
        "daily_papers.article_page",
    ),
)
"""Kinds of pages; the first one whose marker a page contains reads it."""


# Not compiled before they are needed: every start of the program imports this module.

_BANNER = rb"(?i)get trending papers in your email inbox"
_PAGE_SIGNS = (
    rb"(?im)^[^\w\n]{0,40}(?:submitted by|log in|sign up|upvote|submit a paper)\b[^\n]{0,80}$"
    rb"|^[^\w\n]{0,20}daily\W{0,20}weekly\W{0,20}monthly|dailyweeklymonthly|trending papers\W{1,20}submit a paper"
    rb"|\]\([^()\s]{0,60}/papers/[0-9]|^[^\w\n]{0,40}[0-9,]{1,6} authors?\b[^\w\n]{0,9}$"
    rb"|^\s{0,9}(?:[0-9]{1,4}\. )?https?://huggingface\.co/papers/[0-9]{4}\.[0-9]{4,5}\s*$"
)
"""What stands around the papers of a page, which a page of titles and abstracts alone does not have."""

MIN_SIGNS = 3
"""Lines between the papers of such a page without its header; a text may have a few by chance."""

_DOCUMENT = rb"(?i)<(?:!doctype|\?xml|html|head|body)\b|\{|\[\s{0,99}\{"
"""The beginning of a document that is no plain text: markup, or a JSON object or array of objects."""
_CARD_LINK = rb"\]\([^()\s]{0,40}/login\?next=%2Fpapers%2F[0-9]|\]\(/papers/[0-9]{4}\.[0-9]"
_SUBMITTED_BY = rb"(?im)^[^\w\n]{0,40}(?:submitted by\b|[0-9,]{1,6} authors?[^\w\n]{0,9}$)"
_ANNOUNCEMENT = (
    rb"(?m)^(?:> ?){0,9}(?:<[^<>\n]{1,99}>){0,9}\\\\\r?\n(?:> ?){0,9}"
    rb"(?:arXiv:|Paper(?: \(\*cross-listing\*\))?: )[\w.-]"
)
_MAIL_OF_ARXIV = (
    rb"(?i)\A(?:From \S[^\n]*\n)?(?:[!-9;-~]{1,60}:[^\n]*\n(?:[ \t][^\n]*\n)*){0,80}?"
    rb"(?:From|Sender|Reply-To|To):[^\n]{0,200}arxiv\.org"
)
_PAPER_HOST = (
    rb"(?:[\w-]{1,40}\.){0,3}(?:arxiv\.org/(?:abs|pdf|html)|alphaxiv\.org|(?:huggingface|hf)\.co/papers|doi\.org/10|openreview\.net"
    rb"|aclanthology\.org|aclweb\.org|proceedings\.mlr\.press|openaccess\.thecvf\.com|(?:papers|proceedings)\.(?:nips|neurips)\.cc"
    rb"|dl\.acm\.org|ieeexplore\.ieee\.org|link\.springer\.com|nature\.com|semanticscholar\.org)/?"
)
_PAPER_LINK = (
    rb"(?im)\]\(\s{0,9}<?https?://"
    + _PAPER_HOST
    + rb"|^\s{0,3}\[[^\]\n]{1,60}\]:\s+<?https?://"
    + _PAPER_HOST
    + rb"|\blink:?\*{0,2}:?\s{0,9}https?://"
    + _PAPER_HOST
)
_LIST_MARK = rb"(?m)^[ \t>]{0,20}(?:[-*+] |#{1,6} |\||[0-9]{1,4}[.)] |\*\*\S|\[)"
_HEADER_OF_PAPER = (
    rb"(?i)\A\s{0,9}(?:---[ \t]*\r?\n(?:[^\n]*\n){0,60}?"
    rb"(?:arxiv[\w -]{0,12}|doi|url|source[\w -]{0,8}|link|eprint|id)"
    rb":[^\n]{0,60}(?:[0-9]{4}\.[0-9]{4,5}|10\.[0-9]{4,9}/)"
    rb"|title: [^\n]*\n\s{0,9}url source: [^\n]{0,60}[0-9]{4}\.[0-9]{4,5})"
)
_PAPER_PAGE = rb"(?im)^[^\w\n]{0,20}arxiv: ?[0-9]{4}\.[0-9]{4,5}(?:v[0-9]{1,2})?\s*$"
_PAPER_PAGE_SIGNS = rb"(?im)^[^\w\n]{0,20}(?:authors:|published on [a-z]{3} [0-9]{1,2}, [0-9]{4})"
_BIBTEX_ENTRY = rb"(?im)^[ \t]*@[a-z]{2,30}[ \t]*\{[^\n]*,[ \t]*$"


def is_rendered_page(head: bytes) -> bool:
    """Whether a text is a page of Hugging Face Papers with everything around its papers, made by another program."""
    if re.match(_DOCUMENT, head):
        return False
    if re.search(_BANNER, head):
        return re.search(_PAGE_SIGNS, head) is not None
    return re.search(_CARD_LINK, head) is not None or len(re.findall(_SUBMITTED_BY, head)) > MIN_SIGNS


def is_mhtml(head: bytes) -> bool:
    """Whether a file is a web page saved as one MIME message, and no mail."""
    headers = re.match(rb"(?:[!-9;-~]{1,60}:[^\n]*\n(?:[ \t][^\n]*\n)*)+", head)
    if headers is None or not re.search(rb"(?im)^Content-Type:\s*multipart/related", headers[0]):
        return False
    return not re.search(rb"(?im)^(?:Received|Message-ID|Delivered-To|To):", headers[0])


def is_announcement_mail(head: bytes) -> bool:
    """Whether a file is a mail of arXiv with new papers, or the text of one."""
    if re.match(_DOCUMENT, head):
        return False
    return bool(re.search(_ANNOUNCEMENT, head) or re.match(_MAIL_OF_ARXIV, head))


def is_paper_list(head: bytes) -> bool:
    """Whether a text is Markdown with links to papers, more than BibTeX entries."""
    if re.match(_DOCUMENT, head) or re.search(_BANNER, head):
        return False
    if re.match(_HEADER_OF_PAPER, head):
        return True
    links = len(re.findall(_PAPER_LINK, head))
    return links > len(re.findall(_BIBTEX_ENTRY, head)) and re.search(_LIST_MARK, head) is not None


def is_paper_page(head: bytes) -> bool:
    """Whether a text is the page of a single paper of Hugging Face, made by another program."""
    if re.match(_DOCUMENT, head):
        return False
    return re.search(_PAPER_PAGE, head) is not None and re.search(_PAPER_PAGE_SIGNS, head) is not None

"""Render invented papers as text browsers, converters and a browser's copy render a page of Hugging Face Papers."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from itertools import count
from typing import NamedTuple

MENU = ("Models", "Datasets", "Spaces", "Buckets new", "Docs", "Enterprise", "Pricing", "Log In", "Sign Up")
INVITATION = (
    "Get trending papers in your email inbox once a day!",
    "Get trending papers in your email inbox!",
)
FOOTER = ("Previous", "Next", "System theme", "Company", "© Hugging Face", "TOS", "Privacy", "About", "Jobs")
SITE = "https://huggingface.co"


class Item(NamedTuple):
    """A paper of a page."""

    id: str
    title: str
    abstract: str = ""
    votes: int = 7
    authors: int = 3
    organization: str = ""


Renderer = Callable[[Sequence[Item]], str]


def browser_copy(items: Sequence[Item]) -> str:
    """Return what a browser copies: a line for each block, no blank lines."""
    lines = ["Hugging Face", *MENU, "new", *INVITATION, "Subscribe", "Daily Papers", "by", "AK"]
    lines += ["and the research community", "Search by arxiv id or title", "Submit a paper", "Aug 1"]
    for item in items:
        lines += ["Submitted by", "akhaliq", str(item.votes), item.title]
        lines += [item.abstract] if item.abstract else []
        lines += [item.organization] if item.organization else []
        lines += ["·", f"{item.authors} authors", "2"]
    return "\n".join([*lines, *FOOTER])


def w3m(items: Sequence[Item]) -> str:
    """Return `w3m -dump`: names of pictures in brackets, wrapped at 80 columns, never at a hyphen."""
    lines = ["Hugging Face's logo Hugging Face", "[                    ]", ""]
    lines += [f"  • {word}" for word in MENU]
    lines += ["", "new", "", INVITATION[0], "", INVITATION[1], "", "Subscribe", "", "Daily Papers", ""]
    lines += [
        "by[papers-by]AK and the research community",
        "",
        "[                    ]",
        "  • Daily",
        "  • Weekly",
    ]
    lines += ["  • Monthly", "", "Trending Papers Submit a paper", " Aug 1"]
    for item in items:
        lines += [f"[{item.id[:4]}]", "Submitted by", "[s] lamplighter", " [ ]", str(item.votes), ""]
        lines += [*_wrap(item.title, 79), ""]
        lines += [*_wrap(item.abstract, 79), ""] if item.abstract else []
        lines += [f"orgname{item.organization}"] if item.organization else []
        lines += ["·", "", "  • [0]", f"  • {item.authors} authors", "", "201"]
    return "\n".join([*lines, "Previous", "", "  • Aug 1", "", *FOOTER[1:]])


def lynx(items: Sequence[Item]) -> str:
    """Return `lynx -dump`: numbered links, their URLs at the end; headings less indented than text."""
    numbers = count(1)
    urls: list[str] = []

    def link(path: str) -> str:
        urls.append(f"{SITE}{path}")
        return f"[{next(numbers)}]"

    lines = [f"   {link('/')} Hugging Face's logo Hugging Face"]
    lines += [f"     * {link('/' + word.lower().replace(' ', '-'))}{word}" for word in MENU]
    lines += [
        "",
        "   new",
        "",
        *(f"   {line}" for line in INVITATION),
        f"   {link('/login?next=%2Fpapers')}Subscribe",
    ]
    lines += [
        "",
        f"{link('/papers')}Daily Papers",
        "",
        f"by{link('/akhaliq')} AK and the research community",
        "",
    ]
    lines += ["     * (BUTTON) Daily", "     * (BUTTON) Weekly", "     * (BUTTON) Monthly", "", "   Aug 1"]
    for item in items:
        lines += [
            "   Submitted by",
            "   lamplighter",
            f"   {link(f'/login?next=%2Fpapers%2F{item.id}')}",
            "   [ ]",
        ]
        lines += [f"   {item.votes}", "", *_wrap(f"{link(f'/papers/{item.id}')}{item.title}", 72), ""]
        if item.abstract:
            lines += [f"   {line}" for line in _wrap(f"{link(f'/papers/{item.id}')}{item.abstract}", 72)]
        lines += [f"   {link('/org')}orgname {item.organization}"] if item.organization else []
        lines += [
            "   ·",
            "     *",
            f"     * {item.authors} authors",
            "",
            f"   {link(f'/papers/{item.id}#community')}2",
        ]
    lines += [f"   {link('/papers/date/2026-07-31')}Previous", "", *(f"   {word}" for word in FOOTER[1:])]
    listed = [f"{number:4}. {url}" for number, url in enumerate(urls, 1)]
    return "\n".join([*lines, "", "References", "", "   Visible links:", *listed])


def elinks(items: Sequence[Item]) -> str:
    """Return `elinks -dump -no-references`."""
    lines = ["   Hugging Face's logo Hugging Face", *(f"     • {word}" for word in MENU), "", "   new", ""]
    lines += [
        f"   {INVITATION[0]}",
        "",
        f"   {INVITATION[1]}",
        "",
        "   Subscribe",
        "",
        "        Daily Papers",
        "",
    ]
    lines += [
        "by[IMG]AK and the research community",
        "",
        "     • Daily",
        "     • Weekly",
        "     • Monthly",
        "",
    ]
    lines += ["   Trending Papers Submit a paper", "   Aug 1"]
    for item in items:
        lines += ["   [IMG]", "   Submitted by", "   lamplighter", "   [\xa0]", f"   {item.votes}", ""]
        lines += [*(f"  {line}" for line in _wrap(item.title, 76)), ""]
        lines += [*(f"   {line}" for line in _wrap(item.abstract, 74)), ""] if item.abstract else []
        lines += [f"   orgname{item.organization}"] if item.organization else []
        lines += ["   ·", "", "     • [IMG]", f"     • {item.authors} authors", "", "   201"]
    return "\n".join([*lines, *(f"   {word}" for word in FOOTER)])


def html2text(items: Sequence[Item]) -> str:
    """Return what the Python program html2text writes: Markdown, wrapped also after hyphens."""
    lines = ["[![Hugging Face's logo](/front/logo.svg) Hugging Face](/)", ""]
    lines += [f"  * [{word}](/{word.lower()})" for word in MENU]
    lines += [
        "",
        "new",
        "",
        INVITATION[0],
        "",
        "[Subscribe](/login?next=%2Fpapers)",
        "",
        "# [Daily Papers](/papers)",
        "",
    ]
    lines += ["## by[![](/front/papers-by.png)AK](/akhaliq) and the research community", "", "Aug 1", ""]
    for item in items:
        lines += [
            f"[![](https://cdn.example/papers/{item.id}.png)](/papers/{item.id})",
            "",
            "Submitted by",
            "",
        ]
        lines += [
            "![](/avatars/s.svg) lamplighter",
            "",
            f"[ {item.votes}](/login?next=%2Fpapers%2F{item.id})",
            "",
        ]
        lines += [*_wrap(f"### [{_escape(item.title)}](/papers/{item.id})", 78, hyphens=True), ""]
        if item.abstract:
            lines += [*_wrap(f"[{_escape(item.abstract)}](/papers/{item.id})", 78, hyphens=True), ""]
        lines += [f"[![org](/avatars/o.png){item.organization}](/org)", ""] if item.organization else []
        lines += [
            "·",
            "",
            "[",
            "",
            "  * ![](/avatars/0.svg)",
            f"  * {item.authors} authors",
            "",
            f"](/papers/{item.id})",
            "",
        ]
        lines += [f"[20](https://github.com/lanternlab/paper-{item.id})[1](/papers/{item.id}#community)", ""]
    return "\n".join([*lines, "[Previous](/papers/date/2026-07-31)", "", *FOOTER[2:]])


def jina(items: Sequence[Item]) -> str:
    """Return Markdown of Jina Reader: a header of its own, underlined headings, absolute URLs."""
    lines = ["Title: Daily Papers - Hugging Face", "", f"URL Source: {SITE}/papers/date/2026-08-01", ""]
    lines += [
        "Markdown Content:",
        f"[![Image 1: Hugging Face's logo]({SITE}/front/logo.svg) Hugging Face]({SITE}/)",
        "",
    ]
    lines += [f"*   [{word}]({SITE}/{word.lower()})" for word in MENU]
    lines += ["", "new", "", INVITATION[0], "", f"[Subscribe]({SITE}/login?next=%2Fpapers)", ""]
    lines += [
        f"[Daily Papers]({SITE}/papers)",
        "=" * 40,
        "",
        f"by[![Image 2]({SITE}/front/papers-by.png)AK]({SITE}/akhaliq)",
    ]
    lines += ["and the research community", "-" * 40, ""]
    for item in items:
        page = f"{SITE}/papers/{item.id}"
        lines += [
            f"[![Image 3]({SITE}/social/{item.id}.png)]({page})",
            "",
            "Submitted by",
            "",
            f"![Image 4]({SITE}/a.svg) lamplighter",
            "",
        ]
        lines += [
            f"[- [x] {item.votes}]({SITE}/login?next=%2Fpapers%2F{item.id})",
            "",
            f"### [{_escape(item.title)}]({page})",
            "",
        ]
        lines += [f"[{_escape(item.abstract)}]({page})", ""] if item.abstract else []
        lines += (
            [f"[![Image 5]({SITE}/o.png){item.organization}]({SITE}/org)", ""] if item.organization else []
        )
        lines += [
            "·",
            "",
            f"[*   ![Image 6]({SITE}/a.svg) * {item.authors} authors]({page})",
            "",
            f"[2]({page}#community)",
            "",
        ]
    return "\n".join([*lines, f"[Previous]({SITE}/papers/date/2026-07-31)", "", "Company"])


def firecrawl(items: Sequence[Item]) -> str:
    """Return Markdown of Firecrawl: line breaks inside links as two backslashes."""
    lines = [
        "---",
        "url: https://huggingface.co/papers",
        "statusCode: 200",
        "title: Daily Papers - Hugging Face",
        "---",
        "new",
        "",
    ]
    lines += [INVITATION[0], "", f"[Subscribe]({SITE}/login?next=%2Fpapers)", "", "# Daily Papers", ""]
    lines += [
        f"## by [![]({SITE}/papers-by.png)AK]({SITE}/akhaliq) and the research community",
        "",
        "- Daily",
        "- Weekly",
    ]
    lines += ["- Monthly", "", f"[Trending Papers]({SITE}/papers/trending)", "", "Aug 1", ""]
    for item in items:
        page = f"{SITE}/papers/{item.id}"
        broken = "\\\\\n".join(
            textwrap.wrap(_escape(item.abstract), 60, break_on_hyphens=False, break_long_words=False)
        )
        lines += [
            f"[{item.votes}]({SITE}/login?next=%2Fpapers%2F{item.id})",
            "",
            f"### [{_escape(item.title)}]({page})",
            "",
        ]
        lines += [f"[{broken}]({page})", ""] if item.abstract else []
        lines += [
            f"[- ![]({SITE}/avatars/1.svg)\\\\",
            f"- {item.authors} authors]({page})",
            "",
            "·",
            "",
            "Jul 30",
            "",
        ]
    return "\n".join([*lines, f"[Previous]({SITE}/papers/date/2026-07-31)"])


def url_lines(items: Sequence[Item]) -> str:
    """Return a text with the URL of each link on a line below it."""
    lines = ["# Daily Papers - Hugging Face"]
    for word in MENU:
        lines += [word, "", f"{SITE}/{word.lower()}", ""]
    lines += [
        "new",
        "",
        *INVITATION,
        "",
        "Subscribe",
        "",
        f"{SITE}/login?next=%2Fpapers",
        "",
        "Daily Papers",
        "",
        "by",
        "",
        "AK",
    ]
    lines += [
        "",
        f"{SITE}/akhaliq",
        "",
        " and the research community",
        "",
        "Daily",
        "",
        "Weekly",
        "",
        "Monthly",
        "",
        "Aug 1",
        "",
    ]
    for item in items:
        page = f"{SITE}/papers/{item.id}"
        lines += [
            f" [-] {item.votes}",
            "",
            f"{SITE}/login?next=%2Fpapers%2F{item.id}",
            "",
            item.title,
            "",
            page,
            "",
        ]
        lines += [item.abstract, "", page, ""] if item.abstract else []
        lines += ["[", "", f"{item.authors} authors]({page})", "", "·", "", "Jul 30", ""]
    return "\n".join([*lines, "Previous"])


def headings(items: Sequence[Item]) -> str:
    """Return Markdown without links."""
    lines = [
        INVITATION[0],
        INVITATION[1],
        "",
        "## Daily Papers",
        "",
        "## by AK and the research community",
        "",
        "Aug 1",
        "",
    ]
    for item in items:
        lines += [f"### {_escape(item.title)}", "", *([_escape(item.abstract)] if item.abstract else [])]
        lines += [
            f"- {item.authors} authors",
            f"[LINK: GitHub 1.3k](https://github.com/lanternlab/paper-{item.id})",
            "",
        ]
    return "\n".join(lines)


def debian_html2text(items: Sequence[Item]) -> str:
    """Return what Debian's program html2text writes: underscores in links and headings, wrapped also after hyphens."""
    lines = [f"    * {word.replace(' ', '_')}" for word in MENU]
    lines += [
        "new",
        *INVITATION,
        "Subscribe",
        "****** Daily_Papers ******",
        "by",
        "AK",
        " and the research community",
    ]
    lines += ["    * Daily", "    * Weekly", "    * Monthly", "Trending_Papers Submit_a_paper", "Aug 1"]
    for item in items:
        heading = f"**** {item.title.replace(' ', '_')} ****".replace("_", " ")
        wrapped = [line.replace(" ", "_") for line in _wrap(heading, 78, hyphens=True)]
        wrapped[0] = wrapped[0].replace("****_", "**** ", 1)
        wrapped[-1] = wrapped[-1].replace("_****", " ****")
        lines += ["Submitted by", " lamplighter", "⁰", str(item.votes), *wrapped]
        lines += _wrap(item.abstract, 78, hyphens=True) if item.abstract else []
        lines += [f"[orgname]{item.organization.replace(' ', '_')}"] if item.organization else []
        lines += ["·", f"    *_{item.authors}_authors", "20"]
    return "\n".join([*lines, *FOOTER])


RENDERERS: dict[str, Renderer] = {
    "browser's copy": browser_copy,
    "w3m": w3m,
    "lynx": lynx,
    "elinks": elinks,
    "html2text": html2text,
    "Jina": jina,
    "Firecrawl": firecrawl,
    "URL lines": url_lines,
    "headings": headings,
}


def _wrap(text: str, width: int, *, hyphens: bool = False) -> list[str]:
    return textwrap.wrap(text, width, break_on_hyphens=hyphens, break_long_words=False)


def _escape(text: str) -> str:
    """Escape brackets and emphasis, as programs that write Markdown do."""
    for char in "\\`*_[]":
        text = text.replace(char, f"\\{char}")
    return text

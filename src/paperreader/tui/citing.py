"""One paper as a citation: a Markdown line, a BibTeX entry."""

from __future__ import annotations

import re

from paperreader.models import Paper
from paperreader.serialize import fold_space
from paperreader.text.clean import fold, printable
from paperreader.text.latex import readable
from paperreader.text.pages import page_of

_MARKDOWN = re.compile(r"([\\`*_\[\]<>#])")
_TEX = re.compile(r"(?<!\\)([&%#_])")
_KEY_WORD = re.compile(r"[a-z0-9]+")
_DULL = frozenset(
    {"a", "an", "the", "on", "of", "for", "in", "to", "towards", "toward", "with", "and", "is", "are"}
)


def markdown(paper: Paper) -> str:
    """`[Title](page)`, as a link where the paper has a page, the title alone where it has none."""
    title = _MARKDOWN.sub(r"\\\1", printable(readable(paper.title)))
    page = page_of(paper)
    return f"[{title}]({page})" if page else title


def bibtex(paper: Paper) -> str:
    """A BibTeX entry with the fields arXiv gives in its own export (`@misc` with eprint), or with the DOI.

    The title keeps its TeX; braces around it keep its capitals.
    """
    fields: list[tuple[str, str]] = [("title", "{" + _tex(paper.title) + "}")]
    if paper.authors:
        fields.append(("author", " and ".join(_tex(author) for author in paper.authors)))
    if year := printable(paper.published or paper.listed or "")[:4]:
        fields.append(("year", year))
    if paper.arxiv:
        fields += [("eprint", _plain(paper.arxiv)), ("archivePrefix", "arXiv")]
    if paper.doi:
        fields.append(("doi", _plain(paper.doi)))
    if page := page_of(paper):
        fields.append(("url", page))
    body = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields)
    return f"@misc{{{citation_key(paper)},\n{body}\n}}"


def citation_key(paper: Paper) -> str:
    """`karpathy2025unreasonable`: first author's last word, year, first telling word of the title; ASCII only."""
    author = _words(paper.authors[0])[-1:] if paper.authors else []
    year = "".join(_words((paper.published or paper.listed or "")[:4]))
    title = [word for word in _words(readable(paper.title)) if word not in _DULL][:1]
    return "".join([*author, year, *title]) or re.sub(r"[^A-Za-z0-9.-]", "", paper.id) or "paper"


def _plain(text: str) -> str:
    """An id as it is, without what would end its field or steer a terminal."""
    return re.sub(r"[{}\s]", "", printable(text))


def _words(text: str) -> list[str]:
    return _KEY_WORD.findall(fold(text))


def _tex(text: str) -> str:
    whole = fold_space(printable(text))
    if (len(whole) - len(whole.rstrip("\\"))) % 2:
        whole = whole[:-1]  # it would take the brace behind it for its own
    return _balanced(_TEX.sub(r"\\\1", whole))


def _balanced(text: str) -> str:
    """`text`, its braces dropped where they do not match: one stray brace would swallow the rest of the file."""
    depth = 0
    for sign in re.sub(r"\\[{}]", "", text):
        depth += (sign == "{") - (sign == "}")
        if depth < 0:
            break
    return text if depth == 0 else re.sub(r"(?<!\\)[{}]", "", text)

"""What the two dialects of BibTeX have in common: how an entry is laid out, and what its fields hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from paperreader.exporters.citation_keys import citation_key
from paperreader.exporters.item import Exported
from paperreader.models import Paper
from paperreader.text.clean import clean, printable
from paperreader.text.paper_urls import other_addresses, page_of, repository_of
from paperreader.text.tex.escape import literal
from paperreader.text.tex.latex_source import tex_source
from paperreader.text.tex_display import readable

Field = tuple[str, str]
"""The name of a field and its value, as it stands between the braces."""

FieldsOf = Callable[[Exported], list[Field]]

_AS_IT_IS = re.compile(r"[{}\\\s]")
_NEEDS_BRACES = re.compile(r",|\band\b|^others$", re.IGNORECASE)
_CATEGORY = re.compile(r"[a-z]+(?:-[a-z]+)*\.[A-Za-z]{2}(?:-[a-z]{2,3})?")
# https://arxiv.org/category_taxonomy: those without a dot, which are words of other meaning elsewhere too.
_ARCHIVES = frozenset(
    ("gr-qc", "hep-ex", "hep-lat", "hep-ph", "hep-th", "math-ph", "nucl-ex", "nucl-th", "quant-ph")
)


def entry(kind: str, key: str, fields: Iterable[Field]) -> str:
    """`@kind{key, …}`, one field a line; empty ones are left out. `month` is one of TeX's own words."""
    shown = [
        f"  {name} = {value}" if name == "month" else f"  {name} = {{{value}}}"
        for name, value in fields
        if value
    ]
    body = ",\n".join([key, *shown])
    return f"@{kind}{{{body}\n}}\n"


def entries(kind: str, papers: Iterable[Exported], fields_of: FieldsOf) -> Iterator[str]:
    """An entry for each paper: of that kind where it is not known to have appeared in something."""
    for item in papers:
        yield entry(kind_of(item.paper, kind), citation_key(item.paper), fields_of(item))


def kind_of(paper: Paper, otherwise: str) -> str:
    """What styles know a paper as that appeared in a journal or in proceedings; `otherwise` for any other."""
    return "article" if paper.journal else "inproceedings" if paper.booktitle else otherwise


class Written:
    """The values of one paper's fields, in TeX."""

    def __init__(self, item: Exported, *, ascii_only: bool) -> None:
        self.item, self.paper, self._ascii = item, item.paper, ascii_only

    @property
    def title(self) -> str:
        """In braces of its own, which keep its capitals."""
        source = tex_source(" ".join(clean(self.paper.title).split()), ascii_only=self._ascii)
        return f"{{{source}}}" if source else ""

    @property
    def authors(self) -> str:
        """As they are written on the paper; in braces where a name has something in it that parts names."""
        return " and ".join(filter(None, map(self._author, self.paper.authors)))

    @property
    def journal(self) -> str:
        return tex_source(" ".join(clean(self.paper.journal).split()), ascii_only=self._ascii)

    @property
    def booktitle(self) -> str:
        return tex_source(" ".join(clean(self.paper.booktitle).split()), ascii_only=self._ascii)

    @property
    def abstract(self) -> str:
        return tex_source(clean(self.paper.abstract).strip(), ascii_only=self._ascii)

    @property
    def keywords(self) -> str:
        """The paper's subject words, then the reader's tags that are none of them."""
        return self._joined([*dict.fromkeys((*self.paper.keywords, *self.item.mark.tag_names))])

    @property
    def note(self) -> str:
        return literal(clean(self.item.mark.note_text).strip("\n"), ascii_only=self._ascii)

    @property
    def code(self) -> str:
        best = repository_of(self.paper)
        return best.url if best else ""

    @property
    def links(self) -> str:
        return " ".join(url for url in other_addresses(self.paper) if url != self.code)

    @property
    def own(self) -> list[Field]:
        """What no BibTeX knows a field for; styles pass over it, and it comes back."""
        paper, mark = self.paper, self.item.mark
        counts = (("votes", paper.votes), ("comments", paper.comments), ("stars", paper.stars))
        return [
            ("code", self.code),
            ("links", self.links),
            ("listed", paper.listed or ""),
            (
                "published",
                "" if paper.published else "unknown",
            ),  # the year is that of the id, or of the listing
            *((name, "" if count is None else str(count)) for name, count in counts),
            ("summary", tex_source(clean(paper.summary).strip(), ascii_only=self._ascii)),
            ("tags", self._joined(mark.tag_names)),
            ("bookmarked", "yes" if mark.bookmarked else ""),
            ("read", "yes" if mark.is_read else ""),
        ]

    @property
    def url(self) -> str:
        return page_of(self.paper)

    @property
    def eprint(self) -> str:
        return as_it_is(self.paper.arxiv)

    @property
    def doi(self) -> str:
        return as_it_is(self.paper.doi)

    def _author(self, name: str) -> str:
        shown = printable(readable(name))
        source = literal(shown, ascii_only=self._ascii)
        return f"{{{source}}}" if _NEEDS_BRACES.search(shown) else source

    def _joined(self, words: Sequence[str]) -> str:
        """Words parted by commas; by semicolons where a word has a comma in it."""
        plain = [printable(word).replace(";", ",") for word in words]
        commas = any("," in word for word in plain)
        text = ("; " if commas else ", ").join(filter(None, plain)) + (";" if commas else "")
        return literal(text, ascii_only=self._ascii)


def category_of(paper: Paper) -> str:
    """The paper's class at arXiv, where a keyword or an id of the old form tells it."""
    if not paper.arxiv:
        return ""
    archive, slash, _ = paper.arxiv.partition("/")
    told = (word for word in paper.keywords if _CATEGORY.fullmatch(word) or word in _ARCHIVES)
    return archive if slash and re.fullmatch("[a-z-]+", archive) else next(told, "")


def as_it_is(text: str) -> str:
    """An id or address as it is, without what would end its field."""
    return _AS_IT_IS.sub("", printable(text))

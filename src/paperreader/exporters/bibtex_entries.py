"""Entries of BibTeX and BibLaTeX: their layout, and the values of their fields."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from paperreader.exporters.citation_keys import citation_key
from paperreader.exporters.formats import ExportItem
from paperreader.models import Paper
from paperreader.text.categories import all_categories, find_categories
from paperreader.text.paper_urls import landing_page, other_urls, safe_code_link
from paperreader.text.sanitize import sanitize, single_line
from paperreader.text.tex.braces import brace_content
from paperreader.text.tex.escape import escape_tex
from paperreader.text.tex.latex_source import to_latex_source

Field = tuple[str, str]
"""The name of a field, and its value without the braces around it."""

FieldsOf = Callable[[ExportItem], list[Field]]

_NOT_VERBATIM = re.compile(r"[{}\\\s]")
_NEEDS_BRACES = re.compile(r",|\band\b|^others$|^\s|\s$", re.IGNORECASE)
_OTHER_TYPES = frozenset(
    (
        "book",
        "booklet",
        "inbook",
        "incollection",
        "proceedings",
        "phdthesis",
        "mastersthesis",
        "techreport",
        "manual",
        "unpublished",
    )
)
"""Types of entries that do not follow from journal and book."""
_PAPER_TYPES = frozenset(("article", "inproceedings"))


def format_entry(kind: str, key: str, fields: Iterable[Field]) -> str:
    """Return `@kind{key, …}`, one field a line, without empty fields. `month` is a BibTeX abbreviation."""
    shown = [
        f"  {name} = {value}" if name == "month" else f"  {name} = {{{value}}}"
        for name, value in fields
        if value
    ]
    body = ",\n".join([key, *shown])
    return f"@{kind}{{{body}\n}}\n"


def format_entries(kind: str, papers: Iterable[ExportItem], fields_of: FieldsOf) -> Iterator[str]:
    """Yield an entry for each paper; `kind` is for papers that are not known to be published anywhere."""
    for item in papers:
        yield format_entry(entry_type(item.paper, kind), citation_key(item.paper), fields_of(item))


def entry_type(paper: Paper, otherwise: str) -> str:
    """Return the entry type of a paper: that of its source, else by where it appeared; `otherwise` for any other."""
    if paper.entry_type in _OTHER_TYPES:
        return paper.entry_type
    if paper.journal or paper.booktitle:
        return "article" if paper.journal else "inproceedings"
    # The journal of many an article is arXiv.
    return paper.entry_type if paper.entry_type in _PAPER_TYPES and not paper.arxiv else otherwise


class EntryFields:
    """The values of the fields of one paper, in TeX."""

    def __init__(self, item: ExportItem, *, ascii_only: bool) -> None:
        self.item, self.paper, self._ascii = item, item.paper, ascii_only

    @property
    def title(self) -> str:
        """In additional braces, which protect its capitals."""
        return f"{{{self._text(self.paper.title)}}}" if self.paper.title.strip() else ""

    @property
    def authors(self) -> str:
        """As they are written on the paper; a name that contains a separator of names is in braces."""
        return self._names(self.paper.authors)

    @property
    def editors(self) -> str:
        return self._names(self.paper.editors)

    @property
    def publication_fields(self) -> list[Field]:
        """Volume, pages and the like."""
        paper = self.paper
        institution = "institution" if paper.entry_type == "techreport" else "school"
        fields = (
            *(("volume", paper.volume), ("number", paper.number), ("pages", paper.pages)),
            *(("edition", paper.edition), ("publisher", paper.publisher), (institution, paper.school)),
            *(("type", paper.report_type), ("isbn", paper.isbn), ("issn", paper.issn)),
        )
        return [(name, self._unbraced(text)) for name, text in fields if text]

    @property
    def journal(self) -> str:
        return self._unbraced(self.paper.journal)

    @property
    def booktitle(self) -> str:
        return self._unbraced(self.paper.booktitle)

    @property
    def abstract(self) -> str:
        return self._unbraced(self.paper.abstract) if self.paper.abstract.strip() else ""

    @property
    def keywords(self) -> str:
        """The keywords of the paper, then the user's tags that are not among them."""
        return self._join([*dict.fromkeys((*self.paper.keywords, *self.item.mark.tag_names))])

    @property
    def note(self) -> str:
        return escape_tex(sanitize(self.item.mark.note_text).strip("\n"), ascii_only=self._ascii)

    @property
    def code(self) -> str:
        best = safe_code_link(self.paper)
        return best.url if best else ""

    @property
    def links(self) -> str:
        return " ".join(url for url in other_urls(self.paper) if url != self.code)

    @property
    def user_fields(self) -> list[Field]:
        """Values without a standard field, which styles ignore and the import reads."""
        paper, mark = self.paper, self.item.mark
        counts = (("votes", paper.votes), ("comments", paper.comments), ("stars", paper.stars))
        return [
            ("code", self.code),
            ("links", self.links),
            ("listed", paper.listed or ""),
            *((name, "" if count is None else str(count)) for name, count in counts),
            ("summary", self._unbraced(paper.summary)),
            ("categories", " ".join(find_categories(paper.categories))),
            ("tags", self._join(mark.tag_names)),
            ("bookmarked", "yes" if mark.bookmarked else ""),
            ("read", "yes" if mark.is_read else ""),
        ]

    @property
    def url(self) -> str:
        return landing_page(self.paper)

    @property
    def eprint(self) -> str:
        return verbatim(self.paper.arxiv)

    @property
    def doi(self) -> str:
        return verbatim(self.paper.doi)

    def _text(self, text: str) -> str:
        return to_latex_source(text, ascii_only=self._ascii)

    def _unbraced(self, text: str) -> str:
        """Return a text whose own braces around all of it are doubled: the import drops those of many programs."""
        source = self._text(text)
        return source if brace_content(source) == source else f"{{{source}}}"

    def _names(self, names: Iterable[str]) -> str:
        return " and ".join(map(self._name, filter(str.strip, names)))

    def _name(self, name: str) -> str:
        source = self._text(sanitize(name).replace("\n", " "))
        return f"{{{source}}}" if _NEEDS_BRACES.search(source) or brace_content(source) != source else source

    def _join(self, words: Sequence[str]) -> str:
        """Return words joined by commas, or by semicolons if a word contains a comma; braces protect a semicolon."""
        plain = [word for word in map(single_line, words) if word]
        commas = any("," in word for word in plain)
        escaped = (escape_tex(word, ascii_only=self._ascii) for word in plain)
        # The import drops braces around all of a word.
        written = [
            f"{{{source}}}" if ";" in source or brace_content(source) != source else source
            for source in escaped
        ]
        text = ("; " if commas else ", ").join(written)
        return f"{text};" if commas or brace_content(text) != text else text


def arxiv_category(paper: Paper) -> str:
    """Return the primary category of a paper at arXiv; empty if it is not known."""
    return next(iter(all_categories(paper)), "") if paper.arxiv else ""


def verbatim(text: str) -> str:
    """Return an id or URL without the characters that would end its field."""
    return _NOT_VERBATIM.sub("", single_line(text))

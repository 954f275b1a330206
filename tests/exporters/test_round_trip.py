"""Export and import of a paper preserve everything that the format can represent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperreader.exporters.formats import ExportItem
from paperreader.models import EMPTY_MARK, Paper
from paperreader.text.csv_cells import escape_formula, unescape_formula
from paperreader.text.ids import arxiv_month, slug_id
from paperreader.text.sanitize import sanitize
from paperreader.text.tex.escape import escape_tex, unescape_tex
from paperreader.text.tex.latex_source import from_latex_source, to_latex_source
from paperreader.text.tex_display import tex_to_unicode
from paperreader.text.urls import url_key
from tests.examples import examples
from tests.exporters.papers import GROUPS, NAMES, PROSE, export_items, import_back, render_text

FORMATS = ("bibtex", "biblatex", "ris", "csv", "csl-json")


def is_read_back(form: str, read: str, original: str) -> bool:
    """Return whether a text is read back exactly, or as it is displayed from RIS and CSV, which do not contain TeX."""
    if form in ("bibtex", "biblatex"):
        return read == sanitize(original) or not sanitize(original).strip()
    return sanitize(read).split() == sanitize(tex_to_unicode(original)).split()


def derived_year(paper: Paper) -> str | None:
    """Return the year that is exported for a paper without a date."""
    return arxiv_month(paper.arxiv)[:4] if paper.arxiv else (paper.listed or "")[:4] or None


@pytest.mark.parametrize("form", FORMATS)
@examples(15)
@given(data=st.data())
def test_papers_round_trip(form, data):
    items = data.draw(st.lists(export_items(NAMES | GROUPS), max_size=3), label="papers")
    text = render_text(form, *items)
    found = import_back(text) if items else []
    assert len(found) == len(items), text
    for item, (record, mark) in zip(items, found, strict=True):
        paper = item.paper
        assert is_read_back(form, record.title, paper.title), text
        assert is_read_back(form, record.abstract, paper.abstract), text
        assert record.arxiv == paper.arxiv
        assert record.published == paper.published or form in ("bibtex", "biblatex")
        assert record.published in (paper.published, None, derived_year(paper))
        assert record.doi == paper.doi
        assert is_read_back(form, record.journal, paper.journal), text
        if form != "ris" or not paper.journal:  # the export has one
            assert is_read_back(form, record.booktitle, paper.booktitle), text
        assert len(record.authors) == len(paper.authors)
        assert all(map(is_read_back, [form] * len(paper.authors), record.authors, paper.authors)), text
        # A keyword that is also a tag is exported once, and may be imported only as a tag.
        shared = set(mark.tag_names) if form not in ("csv", "csl-json") else set()
        assert set(record.keywords) <= set(paper.keywords)
        assert [word for word in record.keywords if word not in shared] == [
            word for word in paper.keywords if word not in shared
        ]
        assert record.categories == paper.categories
        assert {url_key(link.url) for link in record.links} >= {url_key(link.url) for link in paper.links}
        assert mark.note_text == item.mark.note_text
        assert mark.tag_names == item.mark.tag_names
        assert record.source.date == paper.listed
        assert (record.votes, record.comments, record.stars) == (paper.votes, paper.comments, paper.stars)
        assert (mark.bookmarked, mark.is_read) == (item.mark.bookmarked, item.mark.is_read)
        assert form == "ris" or is_read_back(form, record.summary, paper.summary), "RIS has no field for it"


@examples(60)
@given(st.one_of(PROSE, st.text()), st.booleans())
def test_escaped_tex_reads_back_exactly(text, ascii_only):
    text = sanitize(text)
    source = escape_tex(text, ascii_only=ascii_only)
    assert unescape_tex(source) == text
    assert source.count("{") == source.count("}")


@examples(80)
@given(st.one_of(PROSE, st.text(), st.text(alphabet=r"\${}%'eau-/@~^_`\n éα")), st.booleans())
def test_prose_with_tex_reads_back_exactly(text, ascii_only):
    source = to_latex_source(text, ascii_only=ascii_only)
    assert from_latex_source(source) == sanitize(text)
    assert source.count("{") == source.count("}")


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("50% of R&D", r"50\% of R\&D"),
        (r"50\% of R\&D", r"50{}\% of R{}\&D"),
        ("café", r"caf{\'e}"),
        (r"caf{\'e}", r"caf{}{\'e}"),
        (r"caf\'e", r"caf\'e"),
        (r"na\"{\i}ve \emph{\'e} \emph{50\%}", r"na\"{\i}ve \emph{\'e} \emph{50{}\%}"),
        (r"\foo{\'e}", r"\textbackslash{}foo{}{\'e}"),
        ("α", r"$\alpha$"),
        (r"$\alpha$", r"{}$\alpha$"),
        (r"$x_α + \beta$", r"$x_\alpha{} + \beta$"),
        (r"$x_\alpha{}$", r"$x_\alpha{}{}$"),
        (r"see \input{/etc/passwd}", r"see \textbackslash{}input{/etc/passwd}"),
        (r"$\unheard{x}$ and $x^2$", r"\$\textbackslash{}unheard\{x\}\$ and $x^2$"),
        ("at https://a.example/b_c.", r"at \url{https://a.example/b_c}."),
        (r"at \url{https://a.example/b_c}", r"at {}\url{https://a.example/b_c}"),
        (r"at https://a.example/b\_c/d\_e.", r"at \url{https://a.example/b_c/d_e}{}."),
        ("{\\it so} and \\it so", "{\\it so} and \\textbackslash{}it so"),
        ("a lone } brace", r"a lone \textbraceright{} brace"),
        ("$5 and more", r"\$5 and more"),
        ("$5 ² V$ and $α$", r"\$5 \textsuperscript{2} V\$ and $\alpha{}$"),
    ],
)
def test_source_of_prose(text, source):
    assert to_latex_source(text, ascii_only=True) == source
    assert from_latex_source(source) == text


@examples(60)
@given(st.one_of(PROSE, st.text(alphabet="'=+-@;\t\n a,")))
def test_cells_never_begin_a_formula_and_round_trip(text):
    cell = escape_formula(text)
    for sign in "=+-@":
        assert not any(part.lstrip().startswith(sign) for part in cell.replace("\n", ";").split(";"))
    assert unescape_formula(cell) == text


@pytest.mark.parametrize("form", ["ris", "csv"])
def test_formats_without_tex_contain_none(form):
    source = (
        r"@article{x, title={Questions \& Answers: {\"U}bungen with 50\% of {\sc Lisp} and \emph{More}},"
        r" author={M{\"u}ller, J.}, journal={Science \& Medicine}, abstract={We use 50\% of \textbf{data}.}}"
    )
    ((record, _),) = import_back(source)
    paper = Paper(
        id="x", **{name: getattr(record, name) for name in ("title", "abstract", "authors", "journal")}
    )
    text = render_text(form, ExportItem(paper, EMPTY_MARK, ()))
    for shown in (
        "Questions & Answers: Übungen with 50% of Lisp and More",
        "We use 50% of data.",
        "Science & Medicine",
    ):
        assert shown in text
    assert "\\" not in text


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("article", "journal={Lamps}, volume={5}, number={2}, pages={10--12}, issn={1234-5678}"),
        (
            "inproceedings",
            "booktitle={Proc. of Lamps \\& Doors}, pages={1--9}, editor={Ditor, E. and Lee, Ada}",
        ),
        ("incollection", "booktitle={Lamps}, publisher={Lamp Press}, edition={2}"),
        ("book", "publisher={Lamp Press}, isbn={978-3}, edition={Second}, editor={Ditor, E.}"),
        ("phdthesis", "school={Corridor College}, type={Habilitation}"),
        ("mastersthesis", "school={Corridor College}"),
        ("article", "volume={5}"),
        ("inproceedings", "pages={1--9}"),
        ("techreport", "institution={Lamp Lab}, number={7}"),
    ],
)
def test_publications_round_trip(form, kind, fields):
    ((record, _),) = import_back(f"@{kind}{{k, title={{A Lamp}}, author={{Lee, Ada}}, year=2020, {fields}}}")
    names = set(Paper.__struct_fields__) & set(type(record).__struct_fields__)
    paper = Paper(id=slug_id(record.title), **{name: getattr(record, name) for name in names})
    text = render_text(form, ExportItem(paper, EMPTY_MARK, ()))
    assert not text.startswith("@") or text.startswith(f"@{kind}{{")
    ((again, _),) = import_back(text)
    # RIS and CSV contain no TeX.
    changed = set() if form in ("bibtex", "biblatex") else {"booktitle"}
    assert tex_to_unicode(again.booktitle) == tex_to_unicode(record.booktitle)
    assert {name: getattr(again, name) for name in names - changed} == {
        name: getattr(record, name) for name in names - changed
    }


@pytest.mark.parametrize("form", FORMATS)
def test_title_that_is_a_url_is_read_back(form):
    paper = Paper(slug_id("https://github.com/a/b"), "https://github.com/a/b", added="2025-01-01", sources=())
    ((record, _),) = import_back(render_text(form, ExportItem(paper, EMPTY_MARK, ())))
    assert is_read_back(form, record.title, paper.title)

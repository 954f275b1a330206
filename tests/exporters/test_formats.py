"""Every export format as other programs read it, and what it never outputs."""

from __future__ import annotations

import csv
import io
import re
from html.parser import HTMLParser

import bibtexparser
import pytest
import rispy
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from msgspec.structs import replace

from paperreader.cli.commands.export import FORMAT_NAMES
from paperreader.exporters.bibtex import bibtex_entry
from paperreader.exporters.citation_keys import citation_key
from paperreader.exporters.formats import FORMATS, ExportItem, render
from paperreader.models import Highlight, Mark, Paper, Summary
from paperreader.text.tex_display import tex_to_unicode
from tests.examples import examples
from tests.exporters.papers import LAMPS, LAMPS_MARK, export_items, lamp_paper, render_text
from tests.pages import HOSTILE

KEY = re.compile(r"[A-Za-z0-9.-]+")


def entries(text):
    """Parse BibTeX with an independent library."""
    library = bibtexparser.parse_string(text)
    assert not library.failed_blocks, library.failed_blocks
    return library.entries


@pytest.mark.parametrize("form", ["bibtex", "biblatex"])
@examples(20)
@given(items=st.lists(export_items(), max_size=3))
def test_bibtexparser_reads_the_bibtex(form, items):
    items = list({item.paper.id: item for item in items}.values())
    text = render_text(form, *items)
    found = entries(text)
    assert [entry.key for entry in found] == [citation_key(item.paper) for item in items]
    assert len({entry.key for entry in found}) == len(items)
    for entry, item in zip(found, items, strict=True):
        fields = {field.key: field.value for field in entry.fields}
        assert KEY.fullmatch(entry.key)
        assert fields.get("eprint", "") == item.paper.arxiv
        assert fields["title"].startswith("{")
        assert {"title", "author", "eprint"} >= {
            name for name in ("title", "author", "eprint") if name in fields
        }
    if form == "bibtex":
        letters = {char for char in text if not char.isascii()}
        assert not letters & set("éàüñçøßłŁ–—“”’…αβ≤×²₂𝒪ℝ𝔻𝔄")


def test_bibtex_has_arxiv_fields_and_marks():
    (entry,) = entries(render_text("bibtex", lamp_paper(title="Lamps & {Doors}: $n^{2}$ of a Café")))
    fields = {field.key: field.value for field in entry.fields}
    assert entry.entry_type == "misc"
    assert entry.key == "lantern2024lamps-2401.04321"
    assert fields["author"] == r"Ad{\'a} Lantern and {Corridor Group, Inc.} and Plato"
    assert (fields["year"], fields["month"], fields["eprint"]) == ("2024", "jan", "2401.04321")
    assert (fields["archivePrefix"], fields["primaryClass"]) == ("arXiv", "cs.LG")
    assert (fields["doi"], fields["url"]) == ("10.1000/xyz", "https://arxiv.org/abs/2401.04321")
    assert fields["keywords"] == "cs.LG, small lamps, =cmd, rl"
    assert fields["annote"].startswith("\\# To do\n")


def test_biblatex_has_unicode_and_full_dates():
    (entry,) = entries(render_text("biblatex", lamp_paper(title="Über Lamps")))
    fields = {field.key: field.value for field in entry.fields}
    assert (entry.entry_type, fields["title"], fields["date"]) == ("online", "{Über Lamps}", "2024-01-09")
    assert (fields["eprinttype"], fields["eprintclass"]) == ("arxiv", "cs.LG")
    assert "annotation" in fields


def test_only_harmless_tex_stays():
    def title(text, form="bibtex"):
        (entry,) = entries(render_text(form, lamp_paper(title=text)))
        return next(field.value for field in entry.fields if field.key == "title")

    assert title(r"V$^2$L at 100% of R\&D") == r"{V$^2$L at 100\% of R{}\&D}"
    assert title(r"$\mathcal{O}(n\log n)$ costs $5 or $6") == r"{$\mathcal{O}(n\log n)$ costs \$5 or \$6}"
    assert title(r"Poincar\'e and na\"{\i}ve") == r"{Poincar\'e and na\"{\i}ve}"
    for hostile in (r"\input{/etc/passwd}", r"\write18{rm -rf ~}", r"$\def\x{\x}\x$", r"\catcode`\%=12 a"):
        assert "\\" + hostile.lstrip("$\\").partition("{")[0].partition("\\")[0] not in title(
            f"Lamps {hostile}"
        )


def test_url_with_escaped_characters_is_complete():
    abstract = r"Films are at https://doors.example/jumping\_lamps/v\_1. See also https://a.example/b."
    for form in ("bibtex", "biblatex"):
        (entry,) = entries(render_text(form, lamp_paper(abstract=abstract)))
        abstract = next(field.value for field in entry.fields if field.key == "abstract")
        assert r"\url{https://doors.example/jumping_lamps/v_1}{}." in abstract
        assert r"\url{https://a.example/b}." in abstract


def test_citation_key_depends_on_the_paper_alone():
    assert citation_key(LAMPS) == "lantern2024lampnet-2401.04321"
    assert citation_key(replace(LAMPS, arxiv="", id="lampnet-0123456789ab")).endswith("-0123456789ab")
    assert citation_key(replace(LAMPS, arxiv="hep-th/9901001")).startswith(
        "lantern1999lampnet-hep-th-9901001"
    )
    other = Paper(
        id="doors-and-lamps-0a1b2c3d", title="Doors and Lamps", authors=("Bo Døør",), published="2020-01-01"
    )
    assert citation_key(other) == "door2020doors-0a1b2c3d"
    assert citation_key(Paper(id="ランプ-0a1b2c3d", title="ランプ")) == "0a1b2c3d"
    assert citation_key(
        replace(LAMPS, listed="2026-01-01", published="2025-12-31", votes=99)
    ) == citation_key(LAMPS)


@pytest.mark.parametrize("form", ["markdown", "html"])
@pytest.mark.parametrize(("votes", "shown"), [(1, " · 1 vote"), (2, " · 2 votes"), (1234, " · 1,234 votes")])
def test_votes_are_counted_in_words(form, votes, shown):
    text = render_text(form, lamp_paper(votes=votes))
    assert re.search(rf"{re.escape(shown)}\b", text)


@pytest.mark.parametrize("form", ["bibtex", "biblatex", "ris"])
def test_keyword_that_is_also_a_tag_occurs_once(form):
    paper = replace(LAMPS, keywords=("classic", "lamps"))
    mark = Mark(title=paper.title, tags={"classic": (True, 9), "rl": (True, 9)})
    text = render_text(form, ExportItem(paper, mark, ()))
    words = re.findall("KW  - (.*)", text) or re.findall(r"keywords = {(.*)}", text)[0].split(", ")
    assert words == ["classic", "lamps", "rl"]


def test_no_field_says_what_another_one_says():
    text = render_text("bibtex", ExportItem(replace(LAMPS, authors=(), published=None), LAMPS_MARK, ()))
    (entry,) = entries(text)
    assert {"author", "key", "published"}.isdisjoint(field.key for field in entry.fields)


def test_citation_is_the_entry_without_marks():
    (entry,) = entries(bibtex_entry(LAMPS))
    assert [field.key for field in entry.fields] == [
        *("title", "author", "year", "month", "eprint", "archivePrefix", "primaryClass", "doi", "url"),
    ]


def test_rispy_reads_the_ris():
    (entry,) = rispy.loads(render_text("ris", lamp_paper()))
    assert entry["type_of_reference"] == "JOUR"
    assert entry["authors"] == ["Lantern, Adá", "Corridor Group, Inc.", "Plato"]
    assert (entry["year"], entry["date"], entry["doi"]) == ("2024", "2024/01/09/", "10.1000/xyz")
    assert entry["keywords"] == ["cs.LG", "small lamps", "=cmd", "rl"]
    assert entry["urls"] == [
        *(
            "https://arxiv.org/abs/2401.04321",
            "https://github.com/lanternlab/lamp_net",
            "https://lamps.github.io",
        ),
    ]


def test_spreadsheet_finds_no_formula():
    names = ("=cmd|' /C calc'!A0", "+1", "-2+3", "@SUM(1)", "x;=1", "a\n=2", "＝1")
    text = render_text(
        "csv", *(ExportItem(replace(LAMPS, title=name, authors=(name,)), LAMPS_MARK, ()) for name in names)
    )
    header, *rows = csv.reader(io.StringIO(text))
    assert header[:3] == ["id", "title", "authors"]
    assert len(rows) == len(names)
    for cell in (cell for row in rows for cell in row):
        assert not re.match(r"\s*[=+\-@＝＋－＠]", cell)
        assert not re.search(r"[;\t\n]\s*[=+\-@]", cell)


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.links, self.text = set(), [], ""

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.links += [value for name, value in attributes if name in ("href", "src")]
        assert not [name for name, _ in attributes if name.startswith("on")]

    def handle_data(self, data):
        self.text += data


def test_page_is_self_contained_and_runs_nothing():
    note = Mark(
        note=(
            "# Why\n<script>x()</script> **so** [a](javascript:alert(1)) [b](https://b.example) ![i](https://t/x.png)",
            1,
        )
    )
    items = [
        lamp_paper(),
        ExportItem(replace(LAMPS, title='<img src=x onerror="y()">', authors=("<b>",)), note, ()),
    ]
    page = Tags()
    page.feed(render_text("html", *items))
    assert not page.tags & {"script", "img", "iframe", "object", "link", "b"}
    assert {"h1", "article", "strong", "h3"} <= page.tags, "headings of notes are below the title"
    assert all(link.startswith("https://") for link in page.links)
    assert "https://b.example" in page.links
    assert "<script>x()</script>" in page.text
    assert "default-src 'none'" in render_text("html")


@pytest.mark.parametrize("form", ["markdown", "html"])
def test_urls_in_an_abstract_are_links(form):
    abstract = "See https://a.example/x_y?p=1&q=2. Or (https://b.example), [https://c.example/d](https://c.example/d),"
    abstract += " not javascript:x()."
    text = render_text(form, lamp_paper(abstract=abstract, links=()))
    page = Tags()
    page.feed(MarkdownIt("commonmark").render(text) if form == "markdown" else text)
    assert {"https://a.example/x_y?p=1&q=2", "https://b.example", "https://c.example/d"} < set(page.links)
    assert not any("]" in link for link in page.links)
    assert abstract in page.text


def test_reading_list_shows_the_papers():
    note = Mark(note=("Compare with *A*.\n\n- one\n- `a<b>` <i>two</i>", 1), tags={"a_b": (True, 1)})
    text = render_text("markdown", ExportItem(replace(LAMPS, title="[CLS] *and* <think> `x` 1_a_"), note, ()))
    page = Tags()
    page.feed(MarkdownIt("commonmark").render(text))
    assert "[CLS] *and* <think> `x` 1_a_" in page.text
    assert "We light [CLS]." in page.text
    assert "a_b" in page.text
    assert "https://github.com/lanternlab/lamp_net" in page.links
    assert {"blockquote", "em", "li", "code"} <= page.tags
    assert not page.tags & {"think", "i", "b"}


@examples(15)
@given(item=export_items())
@pytest.mark.parametrize("form", ["markdown", "html"])
def test_titles_are_escaped(form, item):
    text = render_text(form, item)
    page = Tags()
    page.feed(MarkdownIt("commonmark").render(text) if form == "markdown" else text)
    shown = " ".join(tex_to_unicode(item.paper.title).split())
    assert "".join(shown.split()) in "".join(page.text.split())
    assert page.tags <= {
        *(
            "html",
            "head",
            "meta",
            "title",
            "style",
            "body",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "article",
            "p",
            "a",
        ),
        *("div", "span", "ul", "li", "ol", "blockquote", "em", "strong", "code", "pre", "br", "hr"),
    }


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_no_format_outputs_control_characters(form):
    item = ExportItem(
        replace(LAMPS, title=f"T {HOSTILE}", abstract=HOSTILE, authors=(HOSTILE,), keywords=(HOSTILE,)),
        Mark(note=(HOSTILE, 1), tags={HOSTILE: (True, 1)}),
        (),
    )
    text = "".join(render(form, [item]))
    assert not set(text) & {
        *map(chr, range(9)),
        *map(chr, range(11, 32)),
        "\x7f",
        *map(chr, range(0x80, 0xA0)),
        "\u202e",
    }


def test_command_line_offers_every_format():
    assert tuple(FORMATS) == FORMAT_NAMES, "FORMAT_NAMES in cli/commands/export.py is out of date"


def test_every_format_has_a_renderer_and_its_own_shortcut():
    assert all("".join(render(name, [])) is not None for name in FORMATS)
    assert len({row.shortcut for row in FORMATS.values()} - set("apsjkyq")) == len(FORMATS), (
        "every format needs a shortcut of its own; a, p, s, j, k, y and q have a meaning in the dialog"
    )


HIGHLIGHTED = ExportItem(
    LAMPS,
    Mark(
        highlights={
            "1": (Highlight("Lamps <i>are</i> *lit*.\nAt dusk.", comment="Is *this* so?\x1b[2J"), 5),
            "2": (None, 6),
        },
        summaries={"tldr": (Summary("Lamps *are* <b>lit</b>.\x1b[2J", "2026-11-29"), 5), "old": (None, 6)},
    ),
    (),
)


@pytest.mark.parametrize(
    ("form", "shown"),
    [
        ("markdown", "> «Lamps \\<i\\>are\\</i\\> \\*lit\\*. At dusk.»\n\nIs *this* so?[2J"),
        ("html", "<blockquote>Lamps &lt;i&gt;are&lt;/i&gt; *lit*. At dusk.</blockquote>"),
        ("html", '<div class="comment"><p>Is <em>this</em> so?[2J</p></div>'),
        ("markdown", "*Generated by tldr, 29 Nov 2026*\n\n> Lamps *are* "),
        (
            "html",
            '<p class="facts">Generated by tldr, 29 Nov 2026</p>\n<div class="generated"><p>Lamps <em>are</em>',
        ),
        ("jsonl", '"summaries":[{"command":"tldr","day":"2026-11-29","text":"Lamps *are*'),
        ("jsonl", '"highlights":[{"quote":"Lamps <i>are</i> *lit*.\\nAt dusk.","comment":"Is *this* so?'),
    ],
)
def test_highlights_and_summaries_are_exported(form, shown):
    assert shown in render_text(form, HIGHLIGHTED)

"""Tests of the layout of the detail pane."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperreader.models import Highlight, Link, Mark, Source, Summary
from paperreader.text.cell_width import cell_width
from paperreader.tui.terminal.glyphs import ASCII
from paperreader.tui.widgets.detail.layout import DetailOptions, layout_detail, ordered_links
from tests.tui.fakes import code_link, make_paper, word_highlighter

REPO = code_link("https://github.com/yuntian-group/interactive-training")
PROJECT = Link("https://www.example.org/page/", "project", "www.example.org")
MODEL = Link("https://huggingface.co/some/model", "model", "huggingface.co")
ABSTRACT = "Traditional neural network training\nfollows fixed recipes. " * 4 + "\n\nSecond paragraph."


def lines_of(paper, mark=None, width=80, **options):
    layout = layout_detail(paper, mark or Mark(), DetailOptions(width, **options))
    return ["".join(span.text for span in line) for line in layout.lines]


def full_paper(**more):
    return make_paper(
        2297,
        title="Interactive Training",
        abstract=ABSTRACT,
        authors=("Wentao Zhang", "Yang Lu", "Yuntian Deng"),
        links=(PROJECT, MODEL, REPO),
        votes=1020,
        comments=2,
        stars=5,
        **more,
    )


NOTED = Mark(
    bookmark=(True, 1), note=("Try it on KITTI.\n\nAsk Mei.", 1), tags={"3dgs": (True, 1), "old": (False, 2)}
)


def test_full_layout_order():
    assert lines_of(full_paper(), NOTED) == [
        "Interactive Training",
        "3 Oct 2025 · ▲1,020 · 2510.02297 · 2 comments · Hugging Face",
        "Wentao Zhang, Yang Lu, Yuntian Deng",
        "★ bookmarked  #3dgs",
        "",
        "y code    github.com/yuntian-group/interactive-training   5 stars",
        "  model   huggingface.co/some/model",
        "  project example.org/page",
        "  paper   arxiv.org/abs/2510.02297",
        "",
        "Traditional neural network training follows fixed recipes. Traditional neural",
        "network training follows fixed recipes. Traditional neural network training",
        "follows fixed recipes. Traditional neural network training follows fixed",
        "recipes.",
        "",
        "Second paragraph.",
        "",
        "✎ Note",
        "│ Try it on KITTI.",
        "│ ",
        "│ Ask Mei.",
    ]


def test_compact_layout_has_one_line_of_links_and_the_rest_after_the_note():
    assert lines_of(full_paper(), NOTED, compact=True) == [
        "Interactive Training",
        "3 Oct 2025 · ▲1,020 · 2510.02297 · 2 comments · Hugging Face",
        "y code    github.com/yuntian-group/interactive-training   5 stars  +3",
        "",
        *lines_of(full_paper(), NOTED)[10:],
        "",
        "★ bookmarked  #3dgs",
        "",
        "y code    github.com/yuntian-group/interactive-training   5 stars",
        "  model   huggingface.co/some/model",
        "  project example.org/page",
        "  paper   arxiv.org/abs/2510.02297",
        "",
        "Wentao Zhang, Yang Lu, Yuntian Deng",
    ]


def test_summary_precedes_and_keywords_follow_the_abstract():
    paper = full_paper(
        summary="Training with\n a hand on the wheel, $O(n)$ a step.", keywords=("feedback", "live training")
    )
    lines = lines_of(paper)
    short = lines.index("in short: Training with a hand on the wheel, O(n) a step.")
    assert lines[short - 1] == lines[short + 1] == ""
    assert lines[short + 2].startswith("Traditional neural network training")
    assert lines[-2:] == ["", "keywords: feedback, live training"]
    low = lines_of(paper, compact=True)
    assert low.index("Second paragraph.") < low.index(lines[short])
    assert low[-3:] == ["keywords: feedback, live training", "", "Wentao Zhang, Yang Lu, Yuntian Deng"]


def test_stars_without_repository_link_are_metadata():
    assert "5 stars" in lines_of(make_paper(stars=5))[1]
    assert "star" not in lines_of(full_paper())[1]


def test_minimal_paper():
    paper = make_paper(title="Bare", arxiv="", listed=None, sources=())
    assert lines_of(paper) == ["Bare", "", "No abstract available"]
    assert lines_of(paper, compact=True) == ["Bare", "", "No abstract available"]


def test_editors_stand_in_for_authors():
    editors = ("Marco Wiering", "Martijn van Otterlo")
    assert "Marco Wiering (ed.), Martijn van Otterlo (ed.)" in lines_of(make_paper(1, editors=editors))
    assert lines_of(make_paper(1, editors=editors, authors=("Ada Lee",)))[2] == "Ada Lee"


def test_lines_are_limited_to_max_line_width():
    paper = full_paper()
    assert max(map(cell_width, lines_of(paper, width=200))) <= 80
    assert lines_of(paper, width=200) == lines_of(paper, width=80)


def test_copy_key_is_shown_next_to_its_link():
    other = code_link("https://gitlab.com/a/b")
    named = make_paper(links=(other, REPO), repo=REPO.url)
    assert [line for line in lines_of(named) if line.startswith("y")] == [
        "y code    github.com/yuntian-group/interactive-training"
    ]
    assert "  code    gitlab.com/a/b" in lines_of(named)
    assert not [line for line in lines_of(make_paper(links=(PROJECT,))) if line.startswith("y")]


def test_landing_page_is_listed_once():
    assert [link.url for link in ordered_links(make_paper(7))] == ["https://arxiv.org/abs/2510.00007"]
    spelt = Link("https://arxiv.org/pdf/2510.00007v2", "paper", "arxiv.org")
    assert ordered_links(make_paper(7, links=(spelt,))) == (spelt,)
    assert [link.url for link in ordered_links(make_paper(arxiv="", doi="10.1/x"))] == [
        "https://doi.org/10.1/x"
    ]
    assert ordered_links(make_paper(arxiv="")) == ()


def test_many_links_are_truncated_with_a_count():
    links = tuple(Link(f"https://e.org/{n}", "other", "e.org") for n in range(50))
    lines = lines_of(make_paper(arxiv="", links=links))
    assert sum(line.startswith("  link ") for line in lines) == 20
    assert "  +30" in lines


def test_long_urls_are_truncated_but_link_to_the_full_url():
    url = "https://github.com/" + "o" * 60 + "/" + "r" * 60
    layout = layout_detail(make_paper(links=(code_link(url),)), Mark(), DetailOptions(50))
    line = "".join(span.text for span in layout.lines[layout.link_regions[0].line])
    assert cell_width(line) <= 50
    assert line.endswith("…")
    assert layout.link_regions[0].url == url


def test_link_regions_match_the_displayed_urls():
    layout = layout_detail(full_paper(), Mark(), DetailOptions(80))
    for target in layout.link_regions:
        line = "".join(span.text for span in layout.lines[target.line])
        assert line[target.start : target.end] in target.url


def test_authors_that_do_not_fit_are_counted_and_listed_at_the_end():
    paper = make_paper(authors=tuple(f"Author Number{n}" for n in range(3000)), abstract="Short.")
    lines = lines_of(paper, width=60)
    assert lines[2] == "Author Number0, Author Number1, Author Number2 +2,997"
    end = lines.index("Short.")
    assert lines[end + 2].startswith("Author Number0, Author Number1, Author Number2,")
    assert " ".join(lines[end + 2 :]).endswith("Author Number499 and 2,500 more")


@pytest.mark.parametrize(
    ("width", "query", "shown"),
    [
        (30, "gum", "Ann Jay, Eve Gum, Bo Kay +2"),
        (80, "gum", "Ann Jay, Bo Kay, Cy Elm, Dee Fir, Eve Gum"),
        (30, "short", "Ann Jay, Bo Kay, Cy Elm +2"),
    ],
)
def test_authors_that_match_are_shown_after_the_first(width, query, shown):
    paper = make_paper(authors=("Ann Jay", "Bo Kay", "Cy Elm", "Dee Fir", "Eve Gum"), abstract="Short.")
    assert shown in lines_of(paper, width=width, find_matches=word_highlighter(query))


def test_name_wider_than_the_pane_is_truncated():
    lines = lines_of(make_paper(authors=("The Very Long Collaboration of Everybody", "Another")), width=24)
    assert lines[lines.index("Hugging Face") + 1] == "The Very Long… +1"


def test_metadata_wraps_over_several_lines():
    assert lines_of(full_paper(), width=30)[1:4] == [
        "3 Oct 2025 · ▲1,020",
        "2510.02297 · 2 comments",
        "Hugging Face",
    ]
    assert "1 comment ·" in lines_of(make_paper(comments=1))[1]


def test_sources_are_listed_once_with_page_count():
    sources = [
        Source("capture", "a.txt", "2025-10-01", "a:0"),
        Source("capture", "b.txt", "2025-10-03", "b:0"),
        Source("arxiv", "feed", None, "c:0"),
        Source("capture", "c.txt", None, "d:0"),
        Source("arxiv", "feed", None, "e:0"),
    ]
    assert lines_of(make_paper(sources=tuple(sources[:2])))[1].endswith("Daily Papers 2025-10-03 +1")
    assert lines_of(make_paper(sources=(sources[2], sources[4], sources[0])))[1].endswith(
        "arXiv, Daily Papers 2025-10-01"
    )
    assert lines_of(make_paper(sources=(sources[3],)))[1].endswith("Daily Papers c.txt")


def test_raw_text_is_the_imported_text():
    paper = make_paper(title="V$^2$L", abstract=r"It takes $\mathcal{O}(n)$ steps.")
    assert lines_of(paper, raw=True)[0] == "V$^2$L"
    assert r"It takes $\mathcal{O}(n)$ steps." in lines_of(paper, raw=True)
    assert lines_of(paper)[0] == "V²L"


def test_matches_are_counted_in_title_abstract_and_note():
    layout = layout_detail(
        make_paper(title="Sparse attention", abstract="Sparse. " * 30),
        NOTED,
        DetailOptions(40, find_matches=word_highlighter("sparse kitti")),
    )
    assert len(layout.match_lines) == 32
    assert layout.match_lines == tuple(sorted(layout.match_lines))
    for number in (0, 1, 30, 31):
        found = layout_detail(
            make_paper(title="Sparse attention", abstract="Sparse. " * 30),
            NOTED,
            DetailOptions(40, find_matches=word_highlighter("sparse kitti"), current_match=number),
        )
        selected = [
            (at, span.text) for at, line in enumerate(found.lines) for span in line if span.role == "match"
        ]
        assert selected == [(layout.match_lines[number], "KITTI" if number == 31 else "Sparse")]


def test_match_across_lines_counts_once():
    paper = make_paper(abstract="one two three four five")
    layout = layout_detail(
        paper, Mark(), DetailOptions(9, find_matches=lambda text: [(4, 18)] if text.startswith("one") else [])
    )
    assert len(layout.match_lines) == 1
    assert [span.text for line in layout.lines for span in line if span.role == "hit"] == [
        "two",
        "three",
        "four",
    ]


def test_reading_end_is_after_the_note():
    layout = layout_detail(full_paper(), NOTED, DetailOptions(80, compact=True))
    assert "".join(span.text for span in layout.lines[layout.reading_end - 1]) == "│ Ask Mei."


@given(
    title=st.text(max_size=200),
    abstract=st.text(max_size=600),
    note=st.text(max_size=200),
    names=st.lists(st.text(max_size=40), max_size=5),
    url=st.text(max_size=80),
    summary=st.text(max_size=80),
    width=st.integers(1, 100),
    compact=st.booleans(),
    raw=st.booleans(),
    ascii_only=st.booleans(),
)
def test_lines_fit_and_contain_no_control_characters(
    title, abstract, note, names, url, summary, width, compact, raw, ascii_only
):
    paper = make_paper(
        title=title,
        abstract=abstract,
        authors=tuple(names),
        keywords=tuple(names),
        summary=summary,
        links=(Link(f"https://{url}", "code", url),),
        sources=(Source("capture", url, None, "k:0"),),
    )
    more = {"glyphs": ASCII} if ascii_only else {}
    mark = Mark(note=(note, 1), tags=dict.fromkeys(names, (True, 1)))
    view = DetailOptions(width, compact=compact, raw=raw, find_matches=word_highlighter("a 0"), **more)
    layout = layout_detail(paper, mark, view)
    assert len(layout.text_positions) == len(layout.lines)
    assert list(layout.text_positions) == sorted(layout.text_positions)
    for line in layout.lines:
        text = "".join(span.text for span in line)
        assert cell_width(text) <= width
        assert not any(
            unicodedata.category(char) in ("Cc", "Zl", "Zp") or char in "\u202e\u2066" for char in text
        )


@pytest.mark.parametrize("width", [20, 34, 56, 80])
def test_whole_abstract_is_shown(width):
    words = ABSTRACT.split()
    shown = " ".join(lines_of(make_paper(abstract=ABSTRACT), width=width)).split()
    assert any(shown[at : at + len(words)] == words for at in range(len(shown)))


@pytest.mark.parametrize("where", ["abstract", "note"])
def test_of_a_huge_text_the_beginning_is_shown_and_the_rest_counted(where):
    book = "words of a book " * 100_000
    paper = make_paper(abstract=book if where == "abstract" else "Short.")
    lines = lines_of(paper, Mark(note=(book if where == "note" else "", 1)), width=80)
    assert len(lines) < 1_000
    assert "1,550,000 more characters, which `paperreader show` prints" in lines


def test_other_huge_texts_are_cut():
    book = "words of a book " * 100_000
    highlight = Highlight(book, comment=book)
    mark = Mark(highlights={"1": (highlight, 1)}, summaries={"tldr": (Summary(book), 1)})
    assert len(lines_of(make_paper(title=book, summary=book), mark, width=80)) < 4_000


def test_summaries_are_last_and_labelled():
    summaries = {
        "tldr": (Summary("# Lamps\n\n- are *lit* [bold]\x1b[2J", "2026-11-29"), 1),
        "gone": (None, 1),
        "old": (Summary("Plain."), 1),
    }
    lines = lines_of(full_paper(), Mark(note=("Mine.", 1), summaries=summaries))
    at = lines.index("Generated by old")
    assert lines[at - 2].endswith("Mine.")
    assert lines[at + 1 : at + 4] == ["│ Plain.", "", "Generated by tldr, 29 Nov 2026"]
    assert any("lit [bold]" in line for line in lines[at + 4 : at + 8])


def test_highlights_follow_the_note():
    highlights = {
        "1": (Highlight("Lamps are lit\nat dusk.", comment="Is *this* so?"), 1),
        "2": (Highlight("Rivers are slow.", block=3), 1),
    }
    lines = lines_of(full_paper(), Mark(note=("Mine.", 1), highlights=highlights))
    at = lines.index("✎ 2 highlights")
    assert lines[at - 2].endswith("Mine.")
    assert lines[at + 1 : at + 5] == [
        "│ Lamps are lit at dusk.",
        "│   Is this so?",
        "│ ",
        "│ Rivers are slow.",
    ]

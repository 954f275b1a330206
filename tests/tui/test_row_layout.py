"""Tests of the layout of a row of the paper list."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperreader.models import Link
from paperreader.text.cell_width import cell_width
from paperreader.tui.terminal.glyphs import ASCII
from paperreader.tui.widgets.paper_list.match_reason import MatchReason, abstract_text, match_reason
from paperreader.tui.widgets.paper_list.row_layout import (
    GUTTER_WIDTH,
    INDENT_WIDTH,
    RowState,
    layout_row,
    separator_line,
    visible_columns,
)
from paperreader.tui.widgets.paper_list.row_text import RowText, row_text
from tests.tui.fakes import code_link, make_paper, word_highlighter

LONG = "StealthAttack: Robust 3D Gaussian Splatting Poisoning via Density-Guided Illusions"


def texts(lines):
    return ["".join(span.text for span in line) for line in lines]


def in_role(lines, role):
    return [span.text for line in lines for span in line if span.role == role]


def one(text, state=None, width=80, **more):
    return texts(layout_row(text, state or RowState(), width=width, **more))[0]


def test_one_line_row_has_gutter_title_and_mark_columns():
    text = RowText("Interactive Training", votes=20, code=True)
    state = RowState(unread=True, bookmarked=True, has_note=True, cursor=True, date="3 Oct")
    line = one(text, state)
    assert line == "▌●★ Interactive Training" + " " * 40 + "3 Oct ✎ </>  ▲20"
    assert cell_width(line) == 80


@pytest.mark.parametrize(
    ("given", "below"),
    [
        ({"authors": ("Ada Stone",), "abstract": "Rivers."}, "Ada Stone"),
        ({"authors": (), "summary": "Short.", "abstract": "Rivers remember."}, "Short."),
        ({"authors": (), "abstract": "Rivers\n remember \\alpha."}, "Rivers remember α."),
        ({"authors": (), "abstract": " "}, "2510.00001"),
    ],
)
def test_second_line_is_never_empty(given, below):
    paper = make_paper(1, title="Slow Rivers", **given)
    _, second = texts(layout_row(row_text(paper), RowState(), width=60, lines=2))
    assert second.strip() == below


def test_mark_columns_are_fixed():
    rows = [
        one(RowText("A", votes=9)),
        one(RowText("A", votes=43, code=True)),
        one(RowText("A", votes=254, code=True), RowState(has_note=True)),
        one(RowText("A", votes=99_000), RowState(has_note=True, date="2024-10")),
    ]
    assert [row.rstrip()[-4:] for row in rows] == ["  ▲9", " ▲43", "▲254", "▲99k"]
    assert {row.index("</>") for row in rows[1:3]} == {72}
    assert {row.index("✎") for row in rows[2:]} == {70}
    assert rows[3].index("2024-10") + 7 == 69


def test_title_uses_the_space_left_of_the_marks():
    with_all = one(RowText(LONG, votes=16, code=True), RowState(has_note=True, date="3 Oct"))
    bare = one(RowText(LONG))
    assert with_all[GUTTER_WIDTH:].startswith("StealthAttack: Robust 3D Gaussian Splatting Poisoning via…")
    assert (
        bare[GUTTER_WIDTH:].rstrip()
        == "StealthAttack: Robust 3D Gaussian Splatting Poisoning via Density-Guided…"
    )
    assert with_all.endswith("3 Oct ✎ </>  ▲16")


def test_read_unread_and_dimmed_have_different_roles():
    assert in_role(layout_row(RowText("A"), RowState(unread=True), width=60), "unread") == ["A"]
    assert in_role(layout_row(RowText("A"), RowState(dimmed=True), width=60), "dim") == ["A"]
    assert "A" in in_role(layout_row(RowText("A"), RowState(), width=60), "text")


def test_second_line_continues_the_title_indented():
    text = RowText(LONG, "Bo-Hsu Ke +3", 16, True)
    state = RowState(tags=("3dgs", "security"), bookmarked=True, has_note=True, cursor=True, date="3 Oct")
    first, second = texts(layout_row(text, state, width=54, lines=2))
    assert first == "▌ ★ StealthAttack: Robust 3D Gaussian Splatting  3 Oct"
    assert second.startswith("▌     Poisoning via Density-Guided…")
    assert second.endswith("✎ </>  ▲16")
    assert cell_width(first) == cell_width(second) == 54


def test_tags_or_first_author_follow_the_title():
    state = RowState(tags=("3dgs", "security"))
    assert texts(layout_row(RowText(LONG, "Bo-Hsu Ke +3"), state, width=78, lines=2))[1].split() == [
        "Illusions",
        "#3dgs",
        "#security",
    ]
    short = RowText("Self-Forcing++", "Justin Cui +8", 43, True)
    assert texts(layout_row(short, RowState(), width=54, lines=2))[1].split() == [
        "Justin",
        "Cui",
        "+8",
        "</>",
        "▲43",
    ]
    assert texts(layout_row(short, state, width=54, lines=2))[1].split() == [
        "#3dgs",
        "#security",
        "</>",
        "▲43",
    ]


def test_only_complete_tags_are_shown():
    state = RowState(tags=("one", "a-tag-of-quite-some-length", "two"))
    line = texts(layout_row(RowText("Title"), state, width=40, lines=2))[1]
    assert line.strip() == "#one #a-tag-of-quite-some-length"
    assert texts(layout_row(RowText("Title"), state, width=36, lines=2))[1].strip() == "#one"


@pytest.mark.parametrize("lines", [1, 2])
def test_columns_are_dropped_one_by_one_as_width_shrinks(lines):
    order = ["code", "date", "votes", "note"]
    dropped: list[str] = []
    for width in range(120, 0, -1):
        shown = visible_columns(width, lines)
        dropped += [name for name in order if not getattr(shown, name) and name not in dropped]
    assert dropped == order
    for width in range(20, 120):
        line = texts(
            layout_row(
                RowText(LONG, votes=9), RowState(unread=True, bookmarked=True), width=width, lines=lines
            )
        )
        assert line[0].startswith(" ●★ ")


@given(
    title=st.text(max_size=300),
    author=st.text(max_size=60),
    votes=st.none() | st.integers(-5, 10**7),
    tags=st.lists(st.text(max_size=30), max_size=4),
    width=st.integers(GUTTER_WIDTH, 220),
    lines=st.sampled_from([1, 2]),
    date=st.sampled_from(["", "3 Oct", "2024-10"]),
    query=st.sampled_from(["", "a", "0 b", "e"]),
    flags=st.tuples(*[st.booleans()] * 5),
    ascii_only=st.booleans(),
)
def test_every_row_fills_its_width_exactly(
    title, author, votes, tags, width, lines, date, query, flags, ascii_only
):
    paper = make_paper(title=title, authors=(author,) if author else (), votes=votes)
    text = row_text(paper)
    find = word_highlighter(query) if query else None
    reason = (
        match_reason(find, text.title, title, lambda: abstract_text(make_paper(abstract=author)))
        if find
        else None
    )
    state = RowState(*flags[:3], tuple(tags), *flags[3:], date, reason)
    more = {"glyphs": ASCII} if ascii_only else {}
    rows = layout_row(text, state, width=width, lines=lines, ranges=find(text.title) if find else (), **more)
    assert len(rows) == lines
    for line in texts(rows):
        assert cell_width(line) == max(width, GUTTER_WIDTH) or (lines == 2 and width < INDENT_WIDTH)
        assert not any(unicodedata.category(char) in ("Cc", "Zl", "Zp") for char in line)


def test_width_is_measured_in_cells():
    title = "視覚言語モデルのための強化学習: " + "e\u0301" * 60
    line = one(row_text(make_paper(title=title, votes=7)), width=50)
    assert cell_width(line) == 50
    assert line.endswith("▲7")
    assert "…" in line


def test_match_across_the_title_break_is_highlighted():
    lines = layout_row(
        RowText(LONG),
        RowState(),
        width=54,
        lines=2,
        ranges=word_highlighter("splatting illusions robust")(LONG),
    )
    assert in_role(lines, "hit") == ["Robust", "Splatting", "Illusions"]
    lines = layout_row(
        RowText(LONG), RowState(unread=True), width=44, lines=1, ranges=word_highlighter("gauss")(LONG)
    )
    assert in_role(lines, "hit") == ["Gaussian"]
    assert in_role(lines, "unread")[0] == "StealthAttack: Robust 3D "


def test_only_match_of_a_title_stays_visible():
    title = (
        "Agentic Jigsaw Interaction Learning for Enhancing Perception, Reasoning and Seeing "
        "of Many Kinds in Language Models"
    )
    first, second = layout_row(
        RowText(title), RowState(), width=54, lines=2, ranges=word_highlighter("language")(title)
    )
    assert "Language" in in_role([second], "hit")
    assert texts([second])[0].strip().startswith("…")
    assert texts([first])[0].strip() == "Agentic Jigsaw Interaction Learning for Enhancing"


def test_row_shows_match_reason():
    find = word_highlighter("poison")
    abstract = (
        "Radiance fields are used a lot. " * 5
        + "Our attack is a poisoning of the training set. "
        + "More. " * 20
    )
    reason = match_reason(find, "StealthAttack", "", lambda: abstract)
    lines = layout_row(
        RowText("StealthAttack"), RowState(reason=reason), width=60, lines=2, ranges=find("StealthAttack")
    )
    assert in_role(lines, "hit") == ["poisoning"]
    second = texts(lines)[1].strip()
    assert second.startswith("…")
    assert second.endswith("…")
    assert "Our attack is a poisoning of" in second


def test_match_reason_replaces_rest_of_long_title():
    find = word_highlighter("fields")
    reason = match_reason(find, LONG, "", lambda: "Radiance fields " + "are used a lot " * 9)
    first, second = texts(
        layout_row(RowText(LONG), RowState(reason=reason), width=46, lines=2, ranges=find(LONG))
    )
    assert first.rstrip().endswith("…")
    assert second.startswith(" " * INDENT_WIDTH + "Radiance fields are")


def test_row_text_is_converted_and_sanitized():
    paper = make_paper(
        title="V$^2$L  and\n[CLS] \x1b[2J\u202eevil",
        authors=("Ada\x1b[31m Love\nlace", *(f"Author {n}" for n in range(2999))),
        links=(code_link("https://github.com/a/b"), Link("https://a.org", "project", "a.org")),
        votes=3,
    )
    text = row_text(paper)
    assert text.title == "V²L and [CLS] [2Jevil"
    assert text.author == "Ada[31m Love lace +2,999"
    assert (text.votes, text.code) == (3, True)


def test_paper_without_title_shows_its_id():
    assert row_text(make_paper(title=" \u200b ")).title == "2510.00000"


def test_zero_votes_are_not_shown():
    assert one(RowText("A", votes=0)).split() == ["A"]
    assert one(RowText("A", votes=-3)).split() == ["A"]


def test_ascii_replaces_every_glyph():
    text = RowText(LONG, votes=20, code=True)
    state = RowState(
        True, True, True, cursor=True, date="3 Oct", reason=MatchReason("x " * 90 + "hit", [(180, 183)], 0)
    )
    for lines in (1, 2):
        for line in texts(layout_row(text, state, width=60, lines=lines, glyphs=ASCII)):
            assert line.isascii()
            assert cell_width(line) == 60
    assert (
        "".join(span.text for span in separator_line("partial matches", 40, ASCII))
        == "    -- partial matches " + "-" * 17
    )


def test_separator_line_fills_the_width():
    for width in (10, 40, 200):
        assert cell_width("".join(span.text for span in separator_line("partial matches", width))) == width


def test_note_precedes_abstract_as_match_reason():
    reason = match_reason(
        word_highlighter("kitti"), "A Title", "Try it\non our KITTI split.", lambda: "KITTI is a data set"
    )
    assert (reason.text, reason.label) == ("Try it on our KITTI split.", "note")
    lines = layout_row(RowText("A Title"), RowState(reason=reason), width=60, lines=2)
    assert texts(lines)[1].strip() == "✎ Try it on our KITTI split."
    assert in_role(lines, "yours")[-1] == "✎ "


# What is watched


WATCHED = RowState(watched=("Yann LeCun", "world models"), list_has_watched=True)


def test_mark_of_watched_papers_has_a_column_of_its_own():
    state = {"list_has_watched": True, "date": "2024-10"}
    rows = [
        one(RowText("A", votes=9), RowState(watched=("x",), **state)),
        one(RowText("A", votes=43, code=True), RowState(watched=("x",), has_note=True, **state)),
        one(RowText("A", votes=43, code=True), RowState(has_note=True, **state)),
    ]
    assert [row.find("◆") for row in rows] == [68, 68, -1]
    assert {row.index("2024-10") for row in rows} == {60}
    assert rows[1].index("✎") == rows[2].index("✎") == 70
    assert "w" in one(RowText("A"), WATCHED, glyphs=ASCII)


@pytest.mark.parametrize(
    ("text", "tags", "width", "expected"),
    [
        (RowText("A", "Ann Jay +2"), (), 70, "Ann Jay +2   watched: Yann LeCun, world models      ◆"),
        (RowText("A", "Ann Jay +2"), (), 50, "Ann Jay +2   watched: Yann LeCun          ◆"),
        (RowText("A", "Ann Jay +2"), (), 36, "watched: Yann LeCun ◆"),
        (RowText("A", "Ann Jay +2"), ("rl",), 60, "watched: Yann LeCun, world models  #rl              ◆"),
        (RowText("A", beginning="Rivers."), (), 60, "watched: Yann LeCun, world models                   ◆"),
        (RowText("A", "Ann Jay +2"), (), 25, "Ann Jay +2 ◆"),
    ],
)
def test_second_line_says_what_is_watched(text, tags, width, expected):
    state = RowState(watched=WATCHED.watched, list_has_watched=True, tags=tags, list_has_votes=False)
    _, second = texts(layout_row(text, state, width=width, lines=2))
    assert second.split() == expected.split()
    assert cell_width(second) == width


def test_line_says_what_is_watched_after_a_short_title():
    assert "A   watched: Yann LeCun, world models" in one(RowText("A"), WATCHED)
    assert "watched" not in one(RowText(LONG), WATCHED)
    assert "◆" in one(RowText(LONG), WATCHED)


@given(st.integers(INDENT_WIDTH, 130), st.sampled_from([1, 2]), st.text(max_size=40), st.booleans())
def test_watched_rows_have_the_width_of_the_pane(width, lines, name, has_note):
    state = RowState(watched=(name, "b"), list_has_watched=True, has_note=has_note, date="3 Oct")
    for row in texts(layout_row(RowText(LONG, "Ann", votes=4, code=True), state, width=width, lines=lines)):
        assert cell_width(row) == width

"""Highlights and comments in a full text."""

from __future__ import annotations

import re
from contextlib import nullcontext
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from rich.style import Style

from paperreader.fulltext import (
    BlockTexts,
    LayoutOptions,
    Paragraph,
    Passage,
    Piece,
    Place,
    block_text,
    layout_document,
    passage_text,
    to_highlight,
)
from paperreader.library import Library
from paperreader.models import Highlight, MarkChange
from paperreader.tui.dialogs.passage_list import PassageListDialog
from paperreader.tui.full_text.passages.highlights import passage_ranges
from paperreader.tui.model.note_drafts import COMMENT_SEPARATOR, unsaved_drafts
from paperreader.tui.widgets.full_text.line_painter import LinePainter
from tests.fulltext.sample_paper import PAPER
from tests.tui.test_full_text import TextDriver, copied, documents, open_text, stored  # noqa: F401

FIRST = "Clocks drift."
SECOND = (
    "We show that a pendulum of length l keeps time to 10⁻⁶ seconds a day if it is told so often enough, "
    "and release every wheel of it at clocks.example."
)


def painted(text: TextDriver, role: str) -> str:
    """Return the visible text that is painted in a style, with one blank for each white space."""
    view = text.view
    background = view.get_visual_style(f"full-text--{role}").rich_style.bgcolor
    lines = [
        "".join(
            segment.text
            for segment in view.render_line(y)
            if segment.style is not None and segment.style.bgcolor == background
        )
        for y in range(view.size.height)
    ]
    return re.sub(r"\s+", " ", " ".join(lines)).strip()


def highlights(library: Library, row: int = 0) -> list[Highlight]:
    return list(library.mark(row).passages)


def saved(text: TextDriver) -> list[Highlight]:
    """Return the highlights of the open paper that are on the disk."""
    library = Library.open()
    row = library.table.row_of(text.reader.paper.id)
    return list(library.mark(row).passages)


async def test_a_sentence_is_selected_and_highlighted_and_the_highlight_removed(open_text):  # noqa: F811
    async with open_text() as text:
        await text.press("v")
        assert painted(text, "selected") == FIRST, "not the heading above"
        assert "2 words" in text.reader.screen_text and "SELECT" in text.reader.screen_text
        await text.press("enter")
        assert painted(text, "selected") == "" and painted(text, "highlight") == FIRST
        assert "Highlighted  u undoes" in text.status
        (highlight,) = saved(text)
        assert (highlight.quote, highlight.comment, highlight.version) == (FIRST, "", 2)
        await text.press("v")
        assert painted(text, "selected") == FIRST and "highlighted" in text.reader.screen_text
        await text.press("enter")
        assert saved(text) == [] and "Highlight removed" in text.status
        await text.press("u")
        assert painted(text, "highlight") == FIRST and "Undone: remove the highlight" in text.status
        await text.press("u")
        assert painted(text, "highlight") == ""
        await text.press("u")
        assert "Nothing to undo" in text.status
        await text.press("U")
        assert painted(text, "highlight") == FIRST and saved(text) == [highlight]


async def test_help_shows_the_keys_of_the_selection_first_and_keeps_it(open_text):  # noqa: F811
    async with open_text() as text:
        await text.press("v", "j", "question_mark")
        shown = text.reader.screen_text
        assert shown.index("While a passage is selected") < shown.index("extend, shorten")
        assert "In a full text" not in shown[: shown.index("While a passage is selected")]
        await text.press("escape")
        assert painted(text, "selected") == f"{FIRST} {SECOND}" and "SELECT" in text.reader.screen_text
        await text.press("k")
        assert painted(text, "selected") == FIRST


async def test_the_selection_is_extended_shortened_and_moved(open_text):  # noqa: F811
    async with open_text() as text:
        await text.press("v", "j")
        assert painted(text, "selected") == f"{FIRST} {SECOND}"
        await text.press("k")
        assert painted(text, "selected") == FIRST
        await text.press("up")
        assert painted(text, "selected") == f"Abstract {FIRST}"
        await text.press("right", "right", "h")
        assert painted(text, "selected") == FIRST
        await text.press("tab")
        assert (
            painted(text, "selected")
            == "Clocks drift. We show that a pendulum of length l keeps time to 10⁻⁶ seconds"
        )
        await text.press("down", "tab")
        assert painted(text, "selected") == f"{FIRST} {SECOND}"
        await text.press("escape")
        assert painted(text, "selected") == "" and text.status.startswith("TEXT")
        await text.press("j", "k", "v")
        assert painted(text, "selected") == SECOND  # where the last selection ended
        await text.press("v")
        assert text.is_open and text.status.startswith("TEXT")


async def test_a_longer_highlight_replaces_those_inside(open_text):  # noqa: F811
    async with open_text() as text:
        await text.press("v", "n", *"first", "ctrl+s")
        await text.press("v", "l", "n", *"next", "ctrl+s")
        assert [each.comment for each in saved(text)] == ["first", "next"]
        await text.press("v", "k", "enter")
        (highlight,) = saved(text)
        assert highlight.quote == f"{FIRST} {SECOND}"
        assert highlight.comment == "first\n\nnext"
        await text.press("u")
        assert len(saved(text)) == 2


async def test_comments_are_written_edited_and_shown_in_the_margin(open_text):  # noqa: F811
    async with open_text() as text:
        await text.press("v", "n")
        assert "Comment  Clocks drift." in text.reader.screen_text
        await text.type("*Why* so?")
        await text.press("ctrl+s")
        assert [(each.quote, each.comment) for each in saved(text)] == [(FIRST, "*Why* so?")]
        assert any(line.startswith("✎ Clocks drift.") for line in text.lines)
        await text.press("v", "n")
        await text.type(" Yes.")
        await text.press("escape")
        assert "The comment is not saved" in text.reader.screen_text
        await text.press("s")
        assert saved(text)[0].comment == "*Why* so? Yes."
        await text.press("u")
        assert saved(text)[0].comment == "*Why* so?"
        await text.press("v", "n", "escape", "v", "n", "x", "escape", "d")
        assert len(saved(text)) == 1 and text.is_open
        await text.press("escape")
        assert "Why so?" in text.reader.screen_text  # in the detail


async def test_an_unsaved_comment_is_a_draft(open_text):  # noqa: F811
    async with open_text() as text:
        await text.press("v", "n", *"draft")
        text.screen.controllers.editing.save_draft()
        await text.reader.wait_until_idle()
    async with open_text() as text:
        await text.press("g", "v", "n")
        assert "draft" in text.reader.screen_text
        await text.press("ctrl+s")
        assert saved(text)[0].comment == "draft"


async def test_an_unsaved_comment_is_offered_when_the_text_is_opened_again(open_text, copied):  # noqa: F811
    async with open_text() as text:
        await text.press("v", "l", "n", *"lost")
        text.screen.controllers.editing.save_draft()
        await text.reader.wait_until_idle()
    async with open_text() as text:
        assert "1 unsaved comment. Press H to continue" in text.status
        await text.press("H")
        assert "unsaved ✎ lost" in text.reader.screen_text
        await text.press("y", "H", "enter")
        assert copied == ["lost"]
        assert text.status.startswith("COMMENT") and f"Comment  {SECOND[:20]}" in text.reader.screen_text
        await text.press(*" and found", "ctrl+s")
        assert [(each.quote, each.comment) for each in saved(text)] == [(SECOND, "lost and found")]
        await text.press("escape", "enter")
        assert "unsaved" not in text.status
        await text.press("v", "n", *"!", "escape", "d", "H")
        assert "1 highlight" in text.reader.screen_text and "unsaved" not in text.reader.screen_text


async def test_the_mouse_selects_words_and_a_click_ends_the_selection(open_text):  # noqa: F811
    async with open_text() as text:
        line = next(number for number, shown in enumerate(text.lines) if "Clocks drift" in shown)
        column = text.lines[line].index("drift")
        drag(text, (column + 1, line), (column + 12, line))
        await text.reader.wait_until_idle()
        assert painted(text, "selected") == "drift. We show"
        await text.press("enter")
        assert [each.quote for each in saved(text)] == ["drift. We show"]
        drag(text, (column + 1, line), (column + 12, line + 1))
        await text.reader.wait_until_idle()
        await text.reader.pilot.click("#full-text", offset=(column, line + 4))
        await text.reader.wait_until_idle()
        assert painted(text, "selected") == "" and text.status.startswith("TEXT")


def drag(text: TextDriver, start: tuple[int, int], end: tuple[int, int]) -> None:
    from textual.events import MouseDown, MouseMove, MouseUp

    view = text.view
    left, top = view.region.offset
    for kind, (x, y), button in ((MouseDown, start, 1), (MouseMove, end, 1), (MouseUp, end, 1)):
        text.reader.app.post_message(
            kind(view, x + left, y + top, 0, 0, button, False, False, False, x + left, y + top)
        )


async def test_highlights_are_listed_and_copied_with_their_source(open_text, copied):  # noqa: F811
    async with open_text() as text:
        await text.press("H")
        assert "No highlights. Press v to select a sentence" in text.status
        await text.press("v", "n", *"mine", "ctrl+s", "G", "v", "enter", "g")
        mark_elsewhere(text, Highlight("Gone with the wind.", block=3, version=1))
        await text.press("H")
        assert isinstance(text.reader.app.screen, PassageListDialog)
        shown = text.reader.screen_text
        assert "3 highlights, 1 not in this text" in shown
        assert shown.index("✎ Clocks drift.  mine") < shown.index("not in this text    Gone with the wind.")
        await text.press("g", "y")
        assert copied == [f"“{FIRST}”\n— {text.reader.title}, arXiv:2510.00001v2"]
        await text.press("H", "g", "j", "enter")
        assert "Copied" in text.status and text.view.scroll_offset.y > 0
        await text.press("backspace", "H", "G", "enter")
        assert "does not contain the passage any more" in text.status
        await text.press("y", "enter")
        assert copied[1].startswith(f"“{FIRST}”\n— ")
        await text.press("v", "y")
        await text.press("J", "v", "y")
        assert copied[3].endswith(", arXiv:2510.00001v2, Section 1 Introduction")


def mark_elsewhere(text: TextDriver, *added: Highlight) -> None:
    """Do what another process would."""
    change = MarkChange(text.reader.paper.id, "", highlights={each.id: each for each in added})
    library = text.reader.library
    library.preview([change])
    text.reader.controllers.marks.history._marks_changed([change])


async def test_changes_of_other_processes_appear(open_text, stored):  # noqa: F811
    async with open_text() as text:
        other = Library.open()
        other.save([MarkChange(text.reader.paper.id, "", highlights={"x": Highlight(FIRST, block=1)})])
        await text.reader.controllers.sync.refresh()
        await text.reader.wait_until_idle()
        assert painted(text, "highlight") == FIRST


async def test_highlights_of_an_older_version_find_their_place(open_text, documents):  # noqa: F811
    async with open_text() as text:
        await text.press("v", "enter")
        blocks = (Paragraph(content=(Piece("New first paragraph."),)), *PAPER.blocks)
        text.screen.controllers.documents._show_text(
            replace_document(text, replace(PAPER, blocks=blocks, version=3)), text.view.top
        )
        await text.reader.wait_until_idle()
        assert painted(text, "highlight") == FIRST
        await text.press("u")
        assert saved(text) == []


def replace_document(text, document):
    from paperreader.tui.full_text.context import OpenText

    return OpenText(text.reader.paper.id, "Title", document)


@pytest.mark.parametrize("toml", ['[appearance]\nmarks = "ascii"\ntheme = "ansi-dark"\n'])
async def test_highlights_have_a_mark_in_ascii(open_text, toml):  # noqa: F811
    async with open_text(toml=toml) as text:
        await text.press("v", "l", "enter", "v", "h", "n", "x", "ctrl+s")
        assert [line[:2] for line in text.lines if line[:2].strip()] == ['" ', "| ", "| "]


async def test_a_highlight_that_cannot_be_saved_disappears(open_text, monkeypatch):  # noqa: F811
    from paperreader.errors import StorageError

    async with open_text() as text:

        def fail(changes):
            raise StorageError("The disk is full.")

        monkeypatch.setattr(text.reader.library, "save", fail)
        await text.press("v", "enter")
        assert painted(text, "highlight") == "" and text.reader.notifications == ["The disk is full."]
        await text.press("u")
        assert "Nothing to undo" in text.status
        await text.press("v", "n", *"lost?", "ctrl+s")
        assert "kept as a draft" in text.status and saved(text) == []
        monkeypatch.undo()
        await text.press("v", "n")
        assert "lost?" in text.text and "unsaved" in text.text


async def test_a_comment_that_was_also_written_elsewhere_keeps_both_texts(open_text):  # noqa: F811
    async with open_text() as text:
        await text.press("v", "n", *"here")
        (highlight,) = [to_highlight(BlockTexts(PAPER), text.screen.controllers.selection.passage, version=2)]
        other = replace(highlight, comment="elsewhere")
        Library.open().save([MarkChange(text.reader.paper.id, "", highlights={other.id: other})])
        await text.reader.controllers.sync.refresh()
        await text.press("ctrl+s")
        assert [each.comment for each in saved(text)] == ["elsewhere\n\nhere"]
        assert any("Both texts were kept" in each for each in text.reader.notifications)


async def test_a_change_elsewhere_is_not_undone_in_the_text(open_text):  # noqa: F811
    async with open_text() as text:
        library = text.reader.library
        other = next(row for row in library.table.newest if library.table.id_of(row) != text.reader.paper.id)
        change = MarkChange(library.table.id_of(other), "Another", bookmark=True)
        text.reader.controllers.marks.history.apply("bookmark", "Another", [change], on_failed=print)
        await text.press("u")
        assert "The last change (bookmark) is not of this paper" in text.status
        assert library.mark(other).bookmarked


async def test_a_bookmark_of_the_paper_is_undone_in_the_text(open_text):  # noqa: F811
    async with open_text() as text:
        before = text.reader.library.mark(0).bookmarked
        await text.press("b", "u")
        assert "Undone: bookmark" in text.status
        assert text.reader.library.mark(0).bookmarked == before


PLACES = [
    (block, at)
    for block in range(len(PAPER.blocks))
    for at in range(len(block_text(PAPER.blocks[block])) + 1)
]


@given(st.sampled_from(PLACES), st.sampled_from(PLACES), st.integers(20, 100))
@settings(max_examples=60)
def test_what_is_painted_is_the_passage(one, other, width):
    """Formulas in two dimensions and pictures are painted as a whole."""
    (start, end) = sorted((one, (other[0] if other[0] - one[0] in (0, 1, 2) else one[0], other[1])))
    texts = BlockTexts(PAPER)
    end = (end[0], min(end[1], len(texts[end[0]])))
    passage = Passage(Place(*start), Place(*end))
    ranges = {block: [found] for block, found in passage_ranges(texts, passage, "highlight")}
    painter = LinePainter(lambda role: Style(underline=role == "highlight"), more_left="<", more_right=">")
    lines = layout_document(PAPER, LayoutOptions(width, max_width=300)).lines
    painted = [
        "".join(
            segment.text
            for span, strip in (
                (span, painter.paint(line._replace(spans=(span,)), 300, marked=marked)) for span in line.spans
            )
            if len(span.text) == span.end - span.start
            for segment in strip
            if segment.style is not None and segment.style.underline
        )
        for line in lines
        if (marked := ranges.get(line.block))
    ]
    if all(
        len(s.text) == s.end - s.start
        for line in lines
        if line.block in ranges
        for s in line.spans
        if s.start >= 0
    ):
        assert sorted("".join("".join(painted).split())) == sorted(
            "".join(passage_text(texts, passage).split())
        )


async def test_a_comment_is_continued_in_the_editor_of_the_user(open_text, tmp_path, monkeypatch):  # noqa: F811
    program = tmp_path / "vim"
    program.write_text("#!/bin/sh\nprintf ' and more' >> \"$1\"\n")
    program.chmod(0o700)
    monkeypatch.setenv("EDITOR", str(program))
    async with open_text() as text:
        monkeypatch.setattr(text.reader.app, "suspend", nullcontext)
        await text.press("v", "n", *"mine", "ctrl+g", "ctrl+s")
        assert saved(text)[0].comment.split() == ["mine", "and", "more"]
        monkeypatch.setenv("EDITOR", str(tmp_path / "missing"))
        await text.press("v", "n", "ctrl+g")
        assert "missing" in text.reader.notifications[0]
        await text.press("escape")
        assert text.status.startswith("TEXT")


async def test_what_an_editor_saves_after_it_returned_becomes_a_draft(open_text, tmp_path, monkeypatch):  # noqa: F811
    program = tmp_path / "gui"
    program.write_text(f"#!/bin/sh\nprintf '%s' \"$1\" > {tmp_path}/edited\n")
    program.chmod(0o700)
    monkeypatch.setenv("EDITOR", str(program))
    async with open_text() as text:
        monkeypatch.setattr(text.reader.app, "suspend", nullcontext)
        await text.press("v", "n", *"mine", "ctrl+g")
        id = text.reader.paper.id
        Path((tmp_path / "edited").read_text()).write_text("mine, and more")
        await text.press("ctrl+s")
        assert saved(text)[0].comment == "mine"
        (highlight,) = saved(text)
    library = Library.open()
    assert unsaved_drafts(library) == []  # it is offered when the passage is commented on again
    assert library.state.draft(f"{id}{COMMENT_SEPARATOR}{highlight.id}") == "mine, and more"

"""The full text of a paper on the screen."""

from __future__ import annotations

import json
import threading
from contextlib import asynccontextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from paperreader.errors import PaperreaderError
from paperreader.fulltext import Document, Equation, EquationRow, Heading, Line, Paragraph, Piece, find_anchor
from paperreader.tui.dialogs.choice import ChoiceDialog, ChoiceLine
from paperreader.tui.dialogs.overview import OverviewDialog
from paperreader.tui.full_text.links import LABEL_LETTERS, link_labels
from paperreader.tui.full_text.screen import FullTextScreen
from paperreader.tui.reader_screen import ReaderScreen
from paperreader.tui.widgets.full_text.contents_pane import NO_MATCH
from paperreader.tui.widgets.full_text.line_painter import max_sideways_offset, next_sideways_offset
from tests.fulltext.sample_paper import PAPER
from tests.tui.reader_driver import line_text, wait_until


class TextDriver:
    """An open full text, and the texts on its screen."""

    def __init__(self, reader):
        self.reader, self.press, self.type = reader, reader.press, reader.type

    @property
    def screen(self):
        return next(each for each in self.reader.app.screen_stack if isinstance(each, FullTextScreen))

    @property
    def is_open(self):
        return any(isinstance(each, FullTextScreen) for each in self.reader.app.screen_stack)

    @property
    def view(self):
        return self.screen.widgets.view

    @property
    def lines(self):
        """The visible lines."""
        lines = self.reader.screen_text.split("\n")
        return [line.rstrip(" ▁▂▃▄▅▆▇█▔") for line in lines[1:-2]]

    @property
    def text(self):
        return "\n".join(self.lines)

    @property
    def status(self):
        return line_text(self.screen.widgets.status)

    @property
    def title(self):
        return line_text(self.screen.widgets.title)

    @property
    def top(self):
        """The first line with text."""
        return next(line.strip() for line in self.lines if line.strip())

    @property
    def labels(self):
        """The labels of links with their targets."""
        links = self.screen.controllers.links
        return {label: link.target for label, link in links.labelled.items()}

    @property
    def selected(self):
        """The selected entry of the contents."""
        entry = self.screen.widgets.contents.list.selected
        return entry.text if entry else None


@pytest.fixture
def documents():
    """The stored full texts, by the id of the paper; `None` for all other papers."""
    return {None: PAPER}


@pytest.fixture
def stored(library, documents, monkeypatch):
    monkeypatch.setattr(
        library.full_texts, "load", lambda id, version=None: documents.get(id, documents[None])
    )
    return library


@pytest.fixture
def copied(monkeypatch):
    """What is copied."""
    from paperreader.system import clipboard

    texts = []
    result = clipboard.CopyResult("copied")
    monkeypatch.setattr(clipboard, "copy_text", lambda text, **_: texts.append(text) or result)
    return texts


@pytest.fixture
def run_job(monkeypatch):
    """Return a function that sets the outcome of jobs: a result, an error, or an event to wait for."""

    def prepare(outcome, before=lambda: None):
        class FakeJob:
            def __init__(self, folder, task, arguments):
                prepare.calls.append((arguments[0], task, *arguments[1:]))
                self.stopped = False

            def run(self, progress):
                before()
                while isinstance(outcome, threading.Event) and not outcome.wait(0.01):
                    if self.stopped:
                        raise PaperreaderError("stopped")
                if isinstance(outcome, Exception):
                    raise outcome
                return {} if isinstance(outcome, threading.Event) else dict(outcome)

            def stop(self):
                self.stopped = True

        monkeypatch.setattr("paperreader.jobs.client.Job", FakeJob)
        return outcome

    prepare.calls = []
    return prepare


@pytest.fixture
def open_text(stored, open_reader):
    """Return a function that opens the full text of the first paper: `async with open_text() as text:`."""

    @asynccontextmanager
    async def opened(**options):
        async with open_reader(stored, **options) as reader:
            await reader.press("enter", "enter")
            yield TextDriver(reader)

    return opened


async def test_enter_opens_the_detail_and_then_the_full_text(open_text):
    async with open_text() as text:
        assert text.top == "Keeping Time with ℓ₂ Pendulums"
        assert "v2" in text.title and "HTML of arXiv" in text.title
        assert text.status.startswith("TEXT") and text.status.endswith("0%")


async def test_bookmark_of_the_open_paper_is_shown_and_can_be_undone(open_text):
    async with open_text() as text:
        before = "★" in text.title
        await text.press("b")
        assert ("★" in text.title) != before
        assert "Bookmarked:" in text.status
        await text.press("b")
        assert ("★" in text.title) == before
        await text.press("N")
        assert "Marked as read: " in text.status
        await text.press("N")
        assert "Marked as unread: " in text.status
        await text.press("b", "escape", "u")
        await text.press("enter")
        assert ("★" in text.title) == before


async def test_closing_returns_to_where_the_user_was(open_text):
    async with open_text() as text:
        for key in ("escape", "q"):
            paper = text.reader.paper
            await text.press(key)
            assert not text.is_open
            assert isinstance(text.reader.app.screen, ReaderScreen)
            assert (text.reader.paper, text.reader.mode) == (paper, "detail")
            await text.press("escape")
            assert text.reader.mode == "list"
            await text.press("enter", "enter")


SCROLLED = {
    **{"j": 1, "down": 1, "j j k": 1, "space": 20, "pagedown": 20, "ctrl+d": 10, "space -": 0},
    **{"space pageup": 0, "G g": 0, "end home": 0, "ctrl+d ctrl+d ctrl+u": 10, "space up": 19},
}
"""Keys, and the line to which they scroll from the beginning."""


async def test_keys_scroll(open_text):
    async with open_text() as text:
        for keys, line in SCROLLED.items():
            text.view.scroll_to(y=0, animate=False)
            await text.press(*keys.split())
            assert text.view.scroll_offset.y == line, keys


async def test_the_end_is_reached_and_announced_as_hundred_percent(open_text):
    async with open_text() as text:
        await text.press("G")
        assert text.status.endswith("100%")
        assert "of Nowhere, 2024." in text.text
        assert "References" in text.status


async def test_sections_are_reached_by_keys_and_shown_in_the_status_bar(open_text):
    async with open_text() as text:
        sections = []
        for key in ("J", "J", "J", "K", "K", "K"):
            await text.press(key)
            sections.append(text.top)
        assert sections == [
            "1  Introduction",
            "2  Method",
            "2.1  How a Pendulum Swings",
            "2  Method",
            "1  Introduction",
            "Keeping Time with ℓ₂ Pendulums",
        ]
        await text.press("K")
        assert "This is the beginning" in text.status
        await text.press("G", "J")
        assert "This is the last section" in text.status
        await text.press("space")
        assert "This is the end" in text.status


async def test_the_contents_list_everything_and_lead_there(open_text):
    async with open_text() as text:
        await text.press("J", "J")
        position = text.status.split()[1:]
        await text.press("c")
        assert text.status.split() == ["CONTENTS", *position]
        assert text.selected == "Method"
        for entry in ("2.1", "Figures", "Figure 1", "Tables", "Table 2", "Algorithms", "Theorem 1"):
            assert entry in text.text
        await text.press("down", "down", "enter")
        assert text.top == "3  Results"
        assert text.status.startswith("TEXT")
        await text.press("backspace")
        assert text.top == "2  Method"


async def test_a_figure_is_shown_from_its_beginning_when_its_caption_is_below_it(open_text):
    async with open_text() as text:
        await text.press("c", *"figure 1", "enter")
        assert text.top.startswith("Figure 1  x1.png") and "Figure 1: A pendulum at rest." in text.text


async def test_contents_beside_the_text_are_open_again_the_next_time(open_text):
    async with open_text(size=(120, 40)) as text:
        assert not text.reader.is_visible(text.screen.widgets.contents)
        await text.press("c", "tab", "escape")
        assert not text.is_open
        await text.press("enter")
        assert text.reader.is_visible(text.screen.widgets.contents) and "2.1  How" in text.text
        assert text.status.startswith("TEXT") and text.selected
        await text.press("J", "J")
        assert text.selected == "Method" or "2  Method" in text.text
        await text.press("c", "escape", "escape")
        assert not text.is_open
        await text.press("enter")
        assert not text.reader.is_visible(text.screen.widgets.contents)
        await text.press("c", "escape", "c", "tab", "escape")
    async with open_text(size=(80, 24)) as text:
        assert text.status.startswith("TEXT") and not text.reader.is_visible(text.screen.widgets.contents)


async def test_contents_without_room_beside_the_text_are_closed(open_text):
    async with open_text(size=(120, 40)) as text:
        await text.press("J", "J", "c", "tab")
        await text.reader.pilot.resize_terminal(80, 24)
        await text.reader.wait_until_idle()
        assert text.top == "2  Method"
        await text.press("c")
        assert text.selected == "Method"


async def test_a_filter_that_matches_nothing_says_so(open_text):
    async with open_text() as text:
        await text.press("c", *"zzz", "enter")
        assert NO_MATCH in text.text and text.selected is None and text.status.startswith("CONTENTS")


async def test_typing_filters_the_contents(open_text):
    async with open_text() as text:
        await text.press("c", *"swings", "enter")
        assert text.top == "2.1  How a Pendulum Swings"
        await text.press("c", *"table 2")
        assert text.selected == "Swings in each hour of a day."
        await text.press("escape", *"2")
        assert text.selected == "Method"
        await text.press("escape", "escape")
        await text.press("tab", *"errors of", "escape")
        assert "Figure 1" in text.text
        await text.press("escape")
        assert text.top == "2.1  How a Pendulum Swings"


async def test_contents_stay_open_beside_the_text_on_a_wide_screen(open_text):
    async with open_text(size=(120, 40)) as text:
        await text.press("c", "down", "enter")
        assert "2  Method" in text.lines[0] and "Introduction" in text.text.replace("1  ", "")
        assert text.status.startswith("TEXT")
        await text.press("c", "tab", "J")
        assert text.reader.is_visible(text.screen.widgets.contents)
        assert "How a Pendulum Swings" in text.lines[0]
        await text.press("c", "escape")
        assert not text.reader.is_visible(text.screen.widgets.contents)
        await text.press("escape")
        assert not text.is_open


async def test_a_filter_is_kept_while_the_text_is_laid_out_beside_the_contents(open_text):
    async with open_text(size=(120, 40)) as text:
        await text.type("cswi")
        assert text.screen.widgets.contents.input.value == "swi"
        await text.reader.pilot.resize_terminal(140, 40)
        await text.reader.wait_until_idle()
        assert text.screen.widgets.contents.input.value == "swi"


async def test_links_are_labelled_with_letters(open_text):
    async with open_text() as text:
        await text.press("space", "f")
        assert text.status.startswith("LINKS") and "Type the letter on a link" in text.status
        assert text.labels == {"a": "#S2.F1"} or "#S2.F1" in text.labels.values()
        await text.press("escape")
        assert text.labels == {} and text.is_open
        await text.press("f", "9")
        assert text.labels == {} and text.is_open


async def label_of(text, target):
    """Label the links, and return the label of a target."""
    await text.press("f")
    return next(label for label, found in text.labels.items() if found == target)


LINKS = [
    ("#bib.bib1", ["Reference", "cited in 1 Introduction", "A smaller model of time"], "[1]"),
    ("#bib.bib3", ["Reference", "What a pendulum knows"], "Ōta"),
    ("#S2", ["Section", "referred to in 1", "Method"], "2  Method"),
    ("#S2.F1", ["Figure", "A pendulum at rest"], "Figure 1  x1.png"),
]
"""Targets, what their overview shows, and what the text shows after the jump."""


async def test_a_link_shows_an_overview_and_then_leads_there(open_text):
    async with open_text() as text:
        await text.press("J")
        top = text.top
        for target, shown, jumped in LINKS:
            await text.press(await label_of(text, target))
            assert isinstance(text.reader.app.screen, OverviewDialog)
            for part in shown:
                assert part in text.reader.screen_text
            await text.press("escape")
            assert text.top == top
            await text.press(await label_of(text, target), "f")
            assert jumped in text.text
            place = find_anchor(PAPER, target[1:])
            visible = [text.view.layout_shown.lines[number].block for number in text.view.visible_lines]
            assert place.block in visible
            assert "backspace goes back" in text.status
            await text.press("backspace")
            assert text.top == top
            await text.press("backspace")
            assert "No earlier place" in text.status


async def test_urls_open_in_the_browser(open_text, opened_urls):
    async with open_text() as text:
        await text.press(await label_of(text, "https://clocks.example/wheels"))
        assert opened_urls == ["https://clocks.example/wheels"]
        await text.press("o")
        assert opened_urls[1:] == [PAPER.url]


async def test_the_overview_is_copied(open_text, copied):
    async with open_text() as text:
        await text.press("J")
        await text.press(await label_of(text, "#bib.bib2"), "y")
        assert copied == [
            "[2]\nBlaise Mechanic. Wheels that count. Journal of Made-up Machines 3(2):14–52, 1999."
        ]
        await text.press(await label_of(text, "#bib.bib2"), "o")
        assert isinstance(text.reader.app.screen, OverviewDialog), "it contains no link"
        assert "open link" not in text.reader.screen_text


async def test_a_click_follows_a_link_and_the_wheel_scrolls(open_text, opened_urls):
    async with open_text() as text:
        line = next(number for number, line in enumerate(text.lines) if "clocks.example" in line)
        assert await text.reader.pilot.click("#full-text", offset=(text.lines[line].index("clocks"), line))
        await text.reader.wait_until_idle()
        assert opened_urls == ["https://clocks.example/wheels"]
        text.view.post_message(_wheel_down(text.view))
        await text.reader.wait_until_idle()
        assert text.view.scroll_offset.y > 0


async def test_a_click_above_an_overview_closes_it(open_text):
    async with open_text() as text:
        await text.press(await label_of(text, "#bib.bib2"))
        dialog = text.reader.app.screen
        assert isinstance(dialog, OverviewDialog)
        await text.reader.pilot.click("#overview-title")
        await text.reader.wait_until_idle()
        assert text.reader.app.screen is dialog
        await text.reader.pilot.click(offset=(4, 2))
        await text.reader.wait_until_idle()
        assert isinstance(text.reader.app.screen, FullTextScreen)


def _wheel_down(widget):
    from textual.events import MouseScrollDown

    return MouseScrollDown(widget, 1, 1, 0, 0, 0, False, False, False)


def test_labels_have_two_letters_when_one_is_not_enough():
    assert link_labels(3) == list(LABEL_LETTERS[:3])
    many = link_labels(40)
    assert len(set(many)) == 40 and all(len(label) == 2 for label in many)


async def test_math_is_shown_as_tex(open_text):
    async with open_text() as text:
        assert "10⁻⁶" in text.text
        await text.press("m")
        assert "$10^{-6}$" in text.text
        await text.press("m")
        assert "10⁻⁶" in text.text


async def test_a_formula_wider_than_the_text_begins_below_it_if_there_is_room(open_text, documents):
    cells = ("".join(rf"\operatorname{{part{index}}}" for index in range(14)),)
    blocks = (Paragraph(content=(Piece("Running text."),)), Equation(rows=(EquationRow(cells=cells),)))
    documents[None] = Document((Piece("Wide"),), blocks, "arxiv-html")
    for width, is_indented in ((160, True), (100, False)):
        async with open_text(size=(width, 24)) as text:
            (left,) = {line.index("Running") for line in text.lines if "Running" in line}
            (start,) = {line.index("part0") for line in text.lines if "part0" in line}
            assert (start == left + 4) == is_indented
            assert any("part13" in line for line in text.lines), "all of it is visible"


async def test_wide_tables_scroll_sideways_and_keep_their_first_column(open_text):
    async with open_text() as text:
        await text.press("l")
        assert "Nothing here is wider" in text.status
        await text.press("G", "K", "space")
        table = next(line for line in text.lines if "City" in line)
        assert "Hour 1 " in table and table.rstrip().endswith("›")
        await text.press("l")
        moved = next(line for line in text.lines if "City" in line)
        assert (
            moved.startswith(table[:6]) and "Hour 1 " not in moved and "‹Hour 2 " in moved.replace(" ‹", "‹")
        )
        await text.press("l")
        moved = next(line for line in text.lines if "City" in line)
        assert "‹Hour 3 " in moved
        basel = next(line for line in text.lines if "Basel" in line)
        assert len(basel.rstrip()) == len(moved.rstrip())
        await text.press("h", "left")
        assert next(line for line in text.lines if "City" in line) == table
        await text.press("h")
        assert "start of its lines" in text.status
        await text.press("l")
        assert "its lines" not in text.status


@given(
    st.lists(st.integers(1, 60), min_size=2, max_size=20),
    st.booleans(),
    st.integers(20, 80),
    st.integers(0, 3),
)
def test_a_table_scrolls_by_columns_and_skips_nothing(widths, keeps_first, room, margin):
    starts = [margin]
    for width in widths:
        starts.append(starts[-1] + width + 2)
    width = starts.pop() - 2
    fixed = starts[1] if keeps_first and starts[1] <= room // 2 else 0
    stops = tuple(start for start in starts if start >= fixed)
    line = Line((), 0, 0, width if width > room else 0, fixed, stops)
    seen, offset = set(range(fixed)), 0
    while True:
        first = fixed + offset + (offset > 0)
        seen.update(range(first, offset + room - (offset + room < width)))
        after = next_sideways_offset([(line, room)], offset, 1, 8)
        if after == offset:
            break
        is_page = after - offset >= room - fixed - 2
        assert after + 1 + fixed in stops or is_page or after == max_sideways_offset(line, room)
        offset = after
    assert set(range(width)) - {start - 1 for start in stops} <= seen
    while offset:
        before = next_sideways_offset([(line, room)], offset, -1, 8)
        assert before < offset
        offset = before


async def test_what_is_visible_is_copied(open_text, copied):
    async with open_text(size=(80, 60)) as text:
        labels = {}
        for page in range(3):
            await text.press("y")
            assert isinstance(text.reader.app.screen, ChoiceDialog)
            labels |= {
                line.label.strip(): (page, line.key) for line in text.reader.app.screen.query(ChoiceLine)
            }
            await text.press("escape", "space")
        assert {"title", "paragraph", "heading", "TeX", "CSV", "citation", "code", "caption"} <= set(labels)
        await text.press("g", "J", "J", "J", "y")
        dialog = text.reader.app.screen
        choices = [line.label.strip() for line in dialog.query(ChoiceLine)]
        dialog.action_pick(choices.index("TeX"))
        await text.reader.wait_until_idle()
        assert copied == [r"\ddot{\theta}+\frac{g}{l}\sin\theta=0,"]


async def test_the_place_is_kept_when_the_text_is_closed_or_resized(open_text):
    async with open_text() as text:
        await text.press("J", "J", "j", "j")
        top = text.top
        await text.press("escape", "enter")
        assert text.top == top
        await text.reader.pilot.resize_terminal(120, 40)
        await text.reader.wait_until_idle()
        assert text.top == top


async def test_the_place_is_kept_across_sessions(open_text, stored):
    async with open_text() as text:
        await text.press("J", "J")
        await text.press("escape")
    stored.state.reload()
    async with open_text() as text:
        assert text.top == "2  Method"


async def test_a_damaged_place_counts_as_the_beginning(open_text, stored):
    paper = stored.paper(0).id
    damaged = [
        [],
        {"x": 1},
        "x",
        {"block": -5},
        {"block": 10**9, "offset": 0},
        {"block": "1", "offset": None},
    ]
    async with open_text(start_row=0) as text:
        for value in damaged:
            await text.press("J", "J", "escape")
            stored.state.set("full_text_places", {paper: value} if isinstance(value, dict) else value)
            await text.press("enter")
            assert text.is_open and text.top == "Keeping Time with ℓ₂ Pendulums", value


async def test_another_paper_opens_in_the_same_screen_and_backspace_returns(open_text, documents):
    other = Document(title=(Piece("Another Clock"),), blocks=(), source="pdf", version=1)
    async with open_text() as text:
        await text.press("J")
        documents["other"] = other
        text.screen.controllers.documents.open_paper("other", "Another Clock")
        await text.reader.wait_until_idle()
        assert text.top == "Another Clock"
        assert "text of the PDF" in text.title
        await text.press("backspace")
        assert text.top == "1  Introduction"
        documents["other"] = None
        text.screen.controllers.documents.open_paper("other", "Another Clock")
        await text.reader.wait_until_idle()
        assert "not stored" in text.status


async def test_a_long_text_is_complete_when_a_key_needs_it(open_text, documents):
    paragraph = Paragraph(content=(Piece("word " * 100),))
    headings = [Heading(content=(Piece(f"Part {number}"),), level=1) for number in range(200)]
    documents[None] = replace(PAPER, blocks=tuple(block for each in headings for block in (each, paragraph)))
    async with open_text() as text:
        text.reader.send_keys("m", "G")
        await text.reader.wait_until_idle()
        assert "Part 199" in text.text and text.status.endswith("100%")


async def test_hostile_text_reaches_the_screen_without_control_characters(open_text, documents):
    evil = "\x1b]0;x\x07 [bold]red[/bold] \u202e \x00"
    documents[None] = Document(
        title=(Piece(evil),), blocks=(Paragraph(content=(Piece(evil), Piece(evil, "math"))),), source="pdf"
    )
    async with open_text() as text:
        shown = text.reader.screen_text
        assert "[bold]red[/bold]" in shown
        assert all(char.isprintable() or char == "\n" for char in shown)
        await text.press("y", "escape", "c")
        assert "no sections" in text.status


async def test_help_and_palette_open_over_the_text(open_text):
    async with open_text() as text:
        await text.press("?")
        headings = [
            line
            for line in text.reader.app.screen.query_one("HelpText").plain_text.split("\n")
            if line and not line.startswith(" ")
        ]
        assert headings[0] == "In a full text"
        assert headings.index("In a full text: search") < headings.index("Navigation")
        await text.press("escape", "ctrl+p", *"contents", "enter")
        assert text.status.startswith("CONTENTS")


async def test_the_width_of_lines_is_a_setting(open_text):
    async with open_text(toml="[reading]\ntext_width = 40\n") as text:
        assert max(len(line.strip()) for line in text.lines) <= 40


async def test_places_are_written_with_the_state(open_text, stored):
    async with open_text() as text:
        await text.press("J", "escape")
    places = json.loads((stored.state.folder / "state.json").read_text())["full_text_places"]
    assert [set(place) for place in places.values()] == [{"version", "block", "offset"}]


async def test_a_newer_version_is_offered_and_opened_only_if_chosen(open_text, documents, run_job):
    results = run_job({"version": 3, "newer": True, "warning": ""})
    async with open_text() as text:
        documents[None] = replace(PAPER, version=3, title=(Piece("Third Version"),))
        await text.press("r")
        assert "Version 3 is there" in text.reader.screen_text
        await text.press("r")
        assert text.top == "Keeping Time with ℓ₂ Pendulums"
        await text.press("r", "o")
        assert text.top == "Third Version" and "v3" in text.title
        await text.press("backspace")
        assert "v2" in text.title
        results.clear()
        results |= {"version": 2}
        await text.press("r")
        assert "This is the newest version" in text.status
        assert [call[1:] for call in run_job.calls] == [("full-text", "refresh")] * 3


async def test_a_text_that_is_not_stored_is_fetched(open_reader, stored, documents, run_job):
    run_job({"version": 2, "newer": False, "warning": ""}, lambda: documents.update({None: PAPER}))
    documents[None] = None
    async with open_reader(stored) as reader:
        await reader.press("enter", "enter")
        assert TextDriver(reader).top == "Keeping Time with ℓ₂ Pendulums"


async def test_why_there_is_no_text_is_said_with_what_to_do(open_reader, stored, documents, run_job):
    documents[None] = None
    run_job({"missing": "arXiv has no HTML for this paper."})
    async with open_reader(stored) as reader:
        await reader.press("enter", "enter")
        assert "arXiv has no HTML for this paper. Press p for the PDF" in reader.status
        assert reader.mode == "detail"


async def test_an_error_of_the_service_is_shown(open_reader, stored, documents, run_job):
    documents[None] = None
    run_job(PaperreaderError("arXiv did not answer. Try again later."))
    async with open_reader(stored) as reader:
        await reader.press("enter", "enter")
        assert reader.notifications == ["arXiv did not answer. Try again later."]


async def test_fetching_is_cancelled_by_escape(open_reader, stored, documents, run_job):
    documents[None] = None
    run_job(threading.Event())
    async with open_reader(stored) as reader:
        reader.send_keys("enter", "enter")
        await wait_until(lambda: reader.controllers.full_texts.is_running)
        reader.send_keys("enter")
        await wait_until(lambda: "Already fetching" in reader.status)
        reader.send_keys("escape", "escape")
        await reader.wait_until_idle()
        assert "Fetching cancelled" in reader.status
        assert not reader.controllers.full_texts.is_running


async def test_a_text_that_arrives_while_another_paper_is_shown_does_not_open(
    open_reader, stored, documents, run_job
):
    documents[None] = None
    released = threading.Event()
    run_job(released)
    async with open_reader(stored) as reader:
        title = reader.title
        reader.send_keys("enter", "enter")
        await wait_until(lambda: reader.controllers.full_texts.is_running)
        reader.send_keys("escape", "j")
        await wait_until(lambda: reader.title != title)
        documents[None] = PAPER
        released.set()
        await reader.wait_until_idle()
        assert f"Fetched the full text of {title[:20]}" in reader.status
        assert not TextDriver(reader).is_open


MANY_AUTHORS = replace(
    PAPER,
    authors=tuple(
        (Piece(line),)
        for name in ("Ada Writer", "Bo Reader", "Cy Editor")
        for line in (name, "University of Somewhere", f"{name.split()[0].lower()}@example.org")
    ),
)


async def test_a_shows_all_about_the_authors(open_text, documents):
    documents[None] = MANY_AUTHORS
    async with open_text() as text:
        assert "Ada Writer, Bo Reader, Cy Editor" in text.text and "University" not in text.text
        assert "a shows affiliations and addresses" in text.text and "Clocks drift." in text.text
        await text.press("a")
        assert text.text.count("University of Somewhere") == 3 and "cy@example.org" in text.text
        await text.press("a")
        assert "University" not in text.text
        await text.press("G", "a")
        assert "cy@example.org" in text.text and "backspace goes back" in text.status
        await text.press("backspace")
        assert text.view.scroll_offset.y > 0


async def test_finding_an_address_shows_it(open_text, documents):
    documents[None] = MANY_AUTHORS
    async with open_text() as text:
        await text.press("/", *"cy@example")
        assert "cy@example.org" in text.text
        await text.press("enter", "escape")
        assert text.is_open


async def test_title_and_authors_cannot_be_selected_and_the_status_bar_says_so(open_text):
    from textual.events import MouseDown, MouseMove, MouseUp

    async with open_text() as text:
        left, top = text.view.region.offset
        for kind, x, button in ((MouseDown, 4, 1), (MouseMove, 20, 1), (MouseUp, 20, 1)):
            text.reader.app.post_message(
                kind(text.view, x + left, top, 0, 0, button, False, False, False, x + left, top)
            )
        await text.reader.wait_until_idle()
        assert "Title and authors cannot be highlighted" in text.status

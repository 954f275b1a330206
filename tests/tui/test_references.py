"""References of a full text that become papers, and papers that cite each other."""

from __future__ import annotations

from contextlib import asynccontextmanager

import pytest
from msgspec.structs import replace

from paperreader.errors import PaperreaderError, StorageError
from paperreader.fulltext import (
    Document,
    Heading,
    LayoutOptions,
    Paragraph,
    Piece,
    Reference,
    Span,
    StoredText,
    layout_document,
    with_notes,
)
from paperreader.fulltext.store import FullTextStore
from paperreader.fulltext.text_file import pack_document
from paperreader.library import Library
from paperreader.models import MarkChange
from paperreader.tui.dialogs.choice import ChoiceDialog
from paperreader.tui.dialogs.overview import OverviewDialog
from paperreader.tui.dialogs.references import ReferencesDialog
from paperreader.tui.full_text.screen import FullTextScreen
from paperreader.tui.reader_screen import ReaderScreen
from tests.fulltext.sample_paper import PAPER
from tests.tui.library_pages import TITLES
from tests.tui.reader_driver import line_text

LANTERNS, RIVERS, _, TIDES, *_ = TITLES
MISSING = "2501.01234"


def cite(text: str, number: int) -> Piece:
    return Piece(text, target=f"#bib.bib{number}")


def reference(number: int, text: str, *ids: str) -> Reference:
    return Reference(label=f"[{number}]", content=(Piece(text),), ids=ids, anchors=(f"bib.bib{number}",))


def text_of(title: str, *references: Reference, version: int = 1) -> Document:
    numbers = range(1, len(references) + 1)
    padding = tuple(Paragraph(content=(Piece("Lamps and water. " * 20),)) for _ in range(8))
    return Document(
        title=(Piece(title),),
        source="arxiv-html",
        version=version,
        url="https://arxiv.example/html/1",
        blocks=(
            Heading(content=(Piece("Past"),), level=1, number="1"),
            Paragraph(content=tuple(cite(f"[{number}] ", number) for number in numbers)),
            *padding,
            Heading(content=(Piece("References"),), level=1),
            *references,
        ),
    )


CITING = text_of(
    "On Lanterns",
    reference(1, f"A. Writer. {RIVERS}. In Proc. of Water, 2024."),
    reference(2, f"B. Tester. A paper that is not here yet. arXiv:{MISSING}, 2025.", f"arxiv:{MISSING}"),
    reference(3, "C. Nobody. Private communication."),
    reference(4, f"D. Writer. {TIDES}. Journal of Harbours, 2023."),
)
CITED = text_of("On Tides", reference(1, f"A. Writer. {RIVERS}. In Proc. of Water, 2024."))


def row_of(library: Library, title: str) -> int:
    return next(row for row in library.table.newest if library.paper(row).title == title)


def store(library: Library, title: str, document: Document) -> None:
    text = StoredText(
        paper=library.paper(row_of(library, title)).id,
        version=document.version,
        source="arxiv-html",
        kind="html",
    )
    FullTextStore(library.full_texts.folder).write(text, pack_document(document), b"")


@pytest.fixture
def texts(library):
    """The full texts of two papers, of which the first one cites the second one and two others."""
    store(library, LANTERNS, CITING)
    store(library, TIDES, CITED)
    return library


class Driver:
    """The reader, with what the screen of a full text shows."""

    def __init__(self, reader):
        self.reader, self.press = reader, reader.press

    @property
    def front(self):
        return self.reader.app.screen

    @property
    def text(self):
        """The visible lines without scrollbars."""
        return "\n".join(line.rstrip(" ▁▂▃▄▅▆▇█▔") for line in self.reader.screen_text.split("\n"))

    @property
    def shown(self):
        """The title of the full text in front."""
        assert isinstance(self.front, FullTextScreen)
        return self.front.controllers.documents.text.title

    @property
    def status(self):
        screen = next(each for each in self.reader.app.screen_stack if isinstance(each, FullTextScreen))
        return line_text(screen.widgets.status)

    async def follow(self, number):
        """Show the overview of the reference with that number."""
        await self.press("g", "f", "asdf"[number - 1])
        assert isinstance(self.front, OverviewDialog)


@pytest.fixture
def open_text(texts, open_reader):
    """Return a function that opens the full text of the first paper."""

    @asynccontextmanager
    async def opened(library=texts, **options):
        async with open_reader(library, start_row=row_of(library, LANTERNS), **options) as reader:
            await reader.press("enter", "enter")
            yield Driver(reader)

    return opened


@pytest.fixture
def run_add(monkeypatch, texts, tmp_path):
    """Return a function that sets what a job does: add a paper, or fail."""

    def prepare(error=None):
        class FakeJob:
            def __init__(self, folder, task, arguments=()):
                prepare.calls.append((task, *arguments))

            def run(self, progress):
                if error is not None:
                    raise error
                file = tmp_path / "added.json"
                file.write_text(
                    f'[{{"title": "A Paper That Was Not Here", "arxiv_id": "{MISSING}", "abstract": "It is."}}]'
                )
                Library.open(texts.folder).imports.import_paths([str(file)])
                return {"new": 1, "merged": 0, "new_versions": 0, "problems": [], "warnings": []}

            def stop(self):
                """Nothing runs."""

        monkeypatch.setattr("paperreader.jobs.client.Job", FakeJob)

    prepare.calls = []
    return prepare


async def test_the_bibliography_shows_which_papers_are_in_the_library_with_marks(open_text, texts):
    paper = texts.paper(row_of(texts, RIVERS))
    texts.save_and_apply([MarkChange(paper.id, read=True, tags={"water": True})])
    async with open_text(size=(80, 40)) as text:
        await text.press("G")
        lines = [line.strip() for line in text.text.split("\n")]
        notes = [line for line in lines if "in the library" in line]
        assert notes == ["✓ in the library  read  #water", "✓ in the library"]
        texts.save_and_apply([MarkChange(paper.id, bookmark=True)])
        text.reader.controllers.marks.history._marks_changed(())
        await text.reader.wait_until_idle()
        assert "✓ in the library  ★ bookmarked  read  #water" in text.text


async def test_a_damaged_record_costs_only_its_own_note(open_text, texts, monkeypatch):
    damaged, table = row_of(texts, RIVERS), type(texts.table)
    original = table.paper

    def paper(self, row):
        if row == damaged:
            raise StorageError("The line is damaged.")
        return original(self, row)

    async with open_text(size=(80, 40)) as text:
        monkeypatch.setattr(table, "paper", paper)
        text.front.controllers.references._match()
        await text.press("G")
        assert text.text.count("in the library") == 1


async def test_an_overview_shows_the_marks_bookmarks_and_opens_the_paper(open_text, texts):
    async with open_text() as text:
        await text.follow(1)
        assert "✓ in the library" in text.text and "open the paper" in text.text
        await text.press("b")
        assert f"Bookmarked: {RIVERS[:20]}" in text.status
        assert texts.mark(row_of(texts, RIVERS)).bookmarked
        await text.follow(1)
        assert "★ bookmarked" in text.text
        await text.press("escape")
        await text.follow(3)
        assert "Not in the library. Paste its id or URL into the list to add it" in text.text
        assert "open link" not in text.text
        await text.press("b")
        assert isinstance(text.front, OverviewDialog)
        await text.press("enter")
        assert "Private communication." in text.text and isinstance(text.front, FullTextScreen)


async def test_a_paper_with_a_full_text_opens_and_backspace_returns(open_text):
    async with open_text() as text:
        await text.follow(4)
        await text.press("enter")
        assert text.shown == TIDES
        await text.press("backspace")
        assert text.shown == LANTERNS
        await text.press("backspace")
        assert "No earlier place" in text.status


async def test_a_paper_without_a_full_text_opens_in_the_list_and_backspace_returns_across_papers(
    open_text,
):
    async with open_text() as text:
        await text.follow(4)
        await text.press("enter", "G")
        await text.press("f", "a")  # the note below its only reference
        assert isinstance(text.front, ReaderScreen)
        assert (text.reader.title, text.reader.mode) == (RIVERS, "detail")
        assert "backspace goes back" in text.reader.status
        assert text.reader.titles == [RIVERS]
        await text.press("backspace")
        assert text.shown == TIDES and "in the library" in text.text
        await text.press("backspace")
        assert text.shown == LANTERNS
        await text.press("escape")
        assert text.reader.title == LANTERNS and len(text.reader.titles) == 10
        await text.press("backspace")
        assert "No full text to go back to" in text.reader.status


async def test_a_missing_paper_is_added_and_then_matched(open_text, texts, run_add):
    run_add()
    async with open_text() as text:
        await text.follow(2)
        assert "Not in the library" in text.text and "add the paper" in text.text
        await text.press("escape", "R", "j", "enter")
        assert isinstance(text.front, ChoiceDialog) and MISSING in text.text
        await text.press("escape")
        assert run_add.calls == [] and isinstance(text.front, ReferencesDialog)
        await text.press("escape")
        await text.follow(2)
        await text.press("enter")  # without asking again: the overview says what it does
        assert run_add.calls[0] == ("add", MISSING)
        assert f"Added {MISSING}" in text.status
        await text.follow(2)
        assert "✓ in the library" in text.text


async def test_the_list_stays_open_when_a_paper_is_added(open_text, texts, run_add):
    run_add()
    async with open_text() as text:
        await text.press("R", "g", "j", "enter")
        assert isinstance(text.front, ChoiceDialog)
        before = text.text.count("✓ in the library")
        await text.press("a")
        assert isinstance(text.front, ReferencesDialog)
        assert text.text.count("✓ in the library") == before + 1
        assert f"Added {MISSING}" in text.status
        await text.press("b")
        assert "bookmarked" in text.text


LINKS = {
    "a link": (Piece("C. Nobody. A report. "), Piece("Report", target="https://reports.example/7")),
    "a DOI": (Piece("C. Nobody. A report. doi:10.1000/7"),),
}


@pytest.mark.parametrize(
    ("kind", "url"), [("a link", "https://reports.example/7"), ("a DOI", "https://doi.org/10.1000/7")]
)
async def test_the_link_of_a_paper_that_cannot_be_added_is_offered(open_text, texts, opened_urls, kind, url):
    ids = ("doi:10.1000/7",) if kind == "a DOI" else ()
    store(texts, LANTERNS, text_of("On Lanterns", replace(reference(1, "", *ids), content=LINKS[kind])))
    async with open_text() as text:
        await text.press("R", "enter")
        assert isinstance(text.front, ChoiceDialog) and "no arXiv id is known" in text.text
        await text.press("enter")
        assert isinstance(text.front, ReferencesDialog)
        await text.press("escape")
        await text.follow(1)
        assert "open link" in text.text
        await text.press("o")
        assert opened_urls == [url, url]


async def test_messages_about_a_jump_go_with_it(open_text):
    async with open_text() as text:
        await text.follow(3)
        await text.press("enter")
        assert "backspace goes back" in text.status
        await text.press("backspace")
        assert "goes back" not in text.status
        await text.follow(3)
        await text.press("enter", "f")
        assert "goes back" not in text.status


async def test_a_paper_that_cannot_be_added_is_reported(open_text, run_add):
    run_add(PaperreaderError("Cannot reach arxiv.org; check the network."))
    async with open_text() as text:
        await text.press("R", "g", "j", "enter", "a")
        assert text.reader.notifications == ["Cannot reach arxiv.org; check the network."]
        assert "Added" not in text.status and "adding" not in text.status


async def test_the_list_of_references_moves_filters_bookmarks_and_opens(open_text, texts):
    async with open_text(size=(80, 40)) as text:
        await text.press("R")
        dialog = text.front
        assert isinstance(dialog, ReferencesDialog)
        assert "2 of 4 in the library" in text.text and "Private communication" in text.text
        first = dialog.selected
        await text.press("j", "j", "k", "G")
        assert dialog.selected == first + 3
        await text.press("g", "space", "tab")
        assert "Private communication" not in dialog_text(text) and dialog.selected == first + 3
        await text.press("k", "b")
        assert texts.mark(row_of(texts, RIVERS)).bookmarked
        assert "★ bookmarked" in dialog_text(text)
        await text.press("b", "tab", "j", "j", "f")
        assert "Private communication" in text.text and isinstance(text.front, FullTextScreen)
        await text.press("R")
        assert text.front.selected == first + 2
        await text.press("j", "enter")
        assert text.shown == TIDES


def dialog_text(text):
    return text.text.partition("References  ")[2]


async def test_a_text_without_references_says_so(open_text, texts):
    store(texts, LANTERNS, text_of("On Lanterns"))
    async with open_text() as text:
        await text.press("R")
        assert "no list of references" in text.status


async def test_related_papers_can_be_references_and_citing_papers(open_text, texts):
    async with open_text() as text:
        await text.press("escape", "R", "r")
        assert text.reader.titles == [RIVERS, TIDES]
        assert "References of" in text.reader.status
        assert text.reader.result.sort_label == "in the order of the text"
        await text.press("R", "c")
        assert set(text.reader.titles) == {LANTERNS, TIDES}
        assert "Papers citing" in text.reader.status
        await text.press("j" if text.reader.title != LANTERNS else "g", "enter", "enter")
        assert text.shown in (LANTERNS, TIDES) and RIVERS[:30] in text.text
        await text.press("escape", "escape")
        assert text.reader.mode == "list" and set(text.reader.titles) == {LANTERNS, TIDES}
        await text.press("escape")
        assert text.reader.titles == [RIVERS, TIDES]
        await text.press("escape")
        assert len(text.reader.titles) == 10
        await text.press("R", "R")
        assert text.reader.list_query.relation == "related" and text.reader.list_query.related_to


async def test_a_paper_that_nothing_cites_says_what_is_known(open_text):
    async with open_text() as text:
        await text.press("escape", "R", "c")
        said = (
            "No paper cites it. Only the references of stored full texts are known. Press escape to go back"
        )
        assert said in " ".join(text.text.split())


async def test_a_newer_version_that_is_stored_is_offered(open_text, texts):
    async with open_text() as text:
        store(texts, LANTERNS, replace(CITING, version=3, title=(Piece("On Brighter Lanterns"),)))
        await text.press("R", "k", "escape")
        text.front.controllers.versions._look_for_newer()
        await text.reader.wait_until_idle()
        assert "v3 available: press r" in text.text
        await text.press("r")
        assert "On Brighter Lanterns" in text.text and "available" not in text.text
        await text.press("backspace")
        assert "v3 available: press r" in text.text


@pytest.mark.parametrize("width", [20, 77])
def test_notes_add_lines_and_leave_all_others(width):
    layout = layout_document(PAPER, LayoutOptions(width=width, max_width=width))
    blocks = [index for index, block in enumerate(PAPER.blocks) if isinstance(block, Reference)]
    noted = with_notes(layout, {block: (Span("a note", "muted"),) for block in (*blocks, 10_000)})
    added = [line for line in noted.lines if line not in layout.lines]
    assert [line for line in noted.lines if line not in added] == layout.lines
    assert [line.block for line in added] == blocks
    places = [layout.place_at(number) for number in range(len(layout.lines))]
    assert [noted.place_at(noted.line_at(place)) for place in places] == places
    for block in blocks:
        assert noted.lines[noted.lines_of(block).stop - 1] in added
    assert with_notes(layout, {}) is layout


async def test_references_are_filtered_by_words(open_text):
    async with open_text() as text:
        await text.press("R", "/", *"writer har")
        assert "Journal of Harbours" in text.text and "Nobody" not in text.text
        await text.press("enter", "f")
        assert isinstance(text.front, FullTextScreen) and "backspace" not in text.text.split("\n")[-1][:4]
        await text.press("R", "/", *"nothing like it")
        assert "No reference contains these words" in text.text
        await text.press("enter", "enter", "b", "y")
        assert isinstance(text.front, ReferencesDialog), "there is nothing to choose"
        await text.press("/", "escape")
        assert "Nobody" in text.text and "Journal of Harbours" in text.text
        await text.press("/", *"TESTER", "down", "escape", "escape")
        assert isinstance(text.front, FullTextScreen)


async def test_enter_on_a_reference_without_id_says_what_to_do_and_stays(open_text):
    async with open_text() as text:
        await text.press("R", "g", "j", "j", "enter")
        assert isinstance(text.front, ReferencesDialog)
        assert "Paste its id or URL into the list to add it" in text.text
        await text.press("k")
        assert "of 4 in the library" in text.text
        await text.press("enter")
        assert isinstance(text.front, ChoiceDialog)


async def test_the_reference_to_which_a_link_leads_is_marked_until_the_next_jump(open_text):
    async with open_text() as text:
        view = text.front.widgets.view
        await text.follow(2)
        assert "Not in the library. enter adds it" in text.text
        await text.press("f")
        assert marked_lines(view) and all(
            "not here yet" in line or MISSING in line for line in marked_lines(view)
        )
        await text.press("backspace")
        assert marked_lines(view) == []


async def test_the_page_of_the_id_is_the_link_of_a_reference(open_text, monkeypatch):
    opened = []
    monkeypatch.setattr(
        "paperreader.tui.context.sharing.Sharing.open_url", lambda self, url: opened.append(url)
    )
    async with open_text() as text:
        await text.follow(3)
        assert "open link" not in text.text
        await text.press("o", "escape")
        await text.follow(2)
        assert "open link" in text.text
        await text.press("o")
        assert opened == [f"https://arxiv.org/abs/{MISSING}"]


def marked_lines(view):
    """Return the visible lines that are painted as the target of a jump."""
    background = view.get_visual_style("full-text--target").rich_style.bgcolor
    return [
        text
        for y in range(view.size.height)
        if (
            text := "".join(
                segment.text
                for segment in view.render_line(y)
                if segment.style is not None and segment.style.bgcolor == background
            ).strip()
        )
    ]

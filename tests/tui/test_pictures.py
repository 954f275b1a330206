"""Pictures in a full text."""

from __future__ import annotations

import zlib
from base64 import b64encode
from types import SimpleNamespace

import pytest
from msgspec.structs import replace
from rich.console import COLOR_SYSTEMS

from paperreader.errors import PaperreaderError
from paperreader.fulltext import Figure, Image, Place
from paperreader.fulltext.layout.blocks import MESSAGE_ROWS
from paperreader.tui.full_text.figures import picture_display
from paperreader.tui.full_text.figures.picture_display import graphics_of
from paperreader.tui.full_text.screen import FullTextScreen
from paperreader.tui.terminal.graphics.placeholders import SentImage
from paperreader.tui.terminal.graphics.protocol import PLACEHOLDER
from paperreader.tui.terminal.graphics.support import do_nothing
from paperreader.tui.terminal.graphics.terminal_graphics import MAX_IMAGES
from tests.fulltext.sample_paper import PAPER
from tests.tui.reader_driver import line_text

WIDTH, HEIGHT = 6, 4
URL = "https://arxiv.example/html/1/x1.png"


@pytest.fixture
def figures(library, monkeypatch):
    """A stored full text that begins with two figures; pictures can be scaled."""
    images = (Image(URL, "", 60, 40), Image("https://arxiv.example/html/1/x2.png", "", 60, 40))
    blocks = tuple(Figure(images=(image,)) for image in images) + PAPER.blocks
    paper = replace(PAPER, blocks=blocks, authors=())
    monkeypatch.setattr(library.full_texts, "load", lambda id, version=None: paper)
    monkeypatch.setattr("paperreader.tui.widgets.full_text.pictures.can_scale_pictures", lambda: True)
    return library


@pytest.fixture
def jobs(monkeypatch):
    """The arguments of the jobs that were started, and what they return by URL."""
    started, outcomes = [], {}

    class FakeJob:
        def __init__(self, folder, task, arguments=()):
            started.append((task, *arguments))
            self._url = arguments[0]

        def run(self, progress):
            outcome = outcomes.get(self._url)
            if isinstance(outcome, Exception):
                raise outcome
            pixels = bytes([255, 0, 0] * (WIDTH * HEIGHT // 2) + [0, 0, 255] * (WIDTH * HEIGHT // 2))
            return {"width": WIDTH, "height": HEIGHT, "pixels": b64encode(zlib.compress(pixels)).decode()}

        def stop(self):
            """Nothing runs."""

    monkeypatch.setattr("paperreader.tui.full_text.figures.pictures.Job", FakeJob)
    started_and = type("Jobs", (), {"started": started, "outcomes": outcomes})
    return started_and


async def look(reader):
    """Do what happens a moment after the user has scrolled."""
    screen = next(each for each in reader.app.screen_stack if isinstance(each, FullTextScreen))
    screen.controllers.pictures.look()
    await reader.wait_until_idle()


def picture_cells(reader, view=None):
    """Return the colors of the half blocks in a view, by lines."""
    view = view or reader.app.screen.widgets.view
    lines = []
    for y in range(view.size.height):
        cells = [
            (segment.style.color.triplet, segment.style.bgcolor and segment.style.bgcolor.triplet)
            for segment in view.render_line(y)
            if "▀" in segment.text
            for _ in segment.text
        ]
        if cells:
            lines.append(cells)
    return lines


async def test_visible_pictures_are_fetched_one_after_the_other_and_painted(open_reader, figures, jobs):
    async with open_reader(figures, size=(80, 40)) as reader:
        await reader.press("enter", "enter")
        jobs.outcomes["https://arxiv.example/html/1/x2.png"] = PaperreaderError("There is none.")
        height = len(reader.app.screen.widgets.view.layout_shown.lines)
        await look(reader)
        assert jobs.started[0] == ("picture", URL, "76", "52")
        lines = picture_cells(reader)
        assert len(lines) == HEIGHT // 2 and all(len(cells) == WIDTH for cells in lines)
        assert set(lines[0]) == {((255, 0, 0), (255, 0, 0))} and set(lines[1]) == {((0, 0, 255), (0, 0, 255))}
        assert len(jobs.started) == 2
        await reader.press("j")
        await look(reader)
        assert "No picture: There is none. Press f" in reader.screen_text
        assert len(jobs.started) == 2  # what is known is not fetched again
        # The one that cannot be shown leaves room for the message only.
        assert len(reader.app.screen.widgets.view.layout_shown.lines) == height - 26 + MESSAGE_ROWS


@pytest.mark.parametrize("toml", ['[reading]\nfigures = "none"\n', '[appearance]\nmarks = "ascii"\n'])
async def test_no_picture_is_fetched_if_the_settings_say_so(open_reader, figures, jobs, toml):
    async with open_reader(figures, toml=toml) as reader:
        await reader.press("enter", "enter")
        await look(reader)
        assert jobs.started == [] and "x2.png  (picture not shown: " in reader.screen_text


async def test_a_missing_extra_is_named_once_with_the_command(open_reader, figures, jobs, monkeypatch):
    for module in ("tui.widgets.full_text.pictures", "tui.full_text.figures.pictures"):
        monkeypatch.setattr(f"paperreader.{module}.can_scale_pictures", lambda: False)
    async with open_reader(figures, size=(120, 40)) as reader:
        await reader.press("enter", "enter")
        await look(reader)
        status = reader.app.screen.widgets.status
        assert "pip install 'paperreader[images]' shows pictures here" in line_text(status)
        status.clear_message()
        await look(reader)
        assert "pip install" not in line_text(status) and jobs.started == []


async def test_the_overview_of_a_figure_shows_its_picture(open_reader, library, figures, jobs, monkeypatch):
    blocks = tuple(
        replace(block, images=(Image(URL, "", 60, 40),)) if isinstance(block, Figure) else block
        for block in PAPER.blocks
    )
    monkeypatch.setattr(library.full_texts, "load", lambda id, version=None: replace(PAPER, blocks=blocks))
    async with open_reader(figures, size=(80, 24)) as reader:
        await reader.press("enter", "enter")
        links = reader.app.screen.controllers.links
        links.follow("#S2.F1")
        await reader.wait_until_idle()
        await look(reader)
        assert jobs.started == [("picture", URL, "76", str(2 * (14 - 4)))]
        assert len(picture_cells(reader, reader.app.screen.view)) == HEIGHT // 2
        await reader.press("escape")
        assert isinstance(reader.app.screen, FullTextScreen)


async def test_a_pinned_picture_is_as_large_as_the_pin(open_reader, figures, jobs):
    async with open_reader(figures, size=(120, 40)) as reader:
        await reader.press("enter", "enter")
        screen = reader.app.screen
        screen.controllers.pins.pin_place(Place(0, 0))
        await reader.wait_until_idle()
        pin = screen.widgets.pin
        for _ in range(4):
            await look(reader)
        # A slow machine may have fetched it before, as large as the text was then.
        assert [job[1:] for job in jobs.started if job[1] == URL][-2:] == [
            (URL, "75", "50"),
            (URL, "36", "24"),
        ]
        assert len(picture_cells(reader, pin.view)) == len(picture_cells(reader)) / 2 == HEIGHT // 2
        await reader.press("P")
        assert not pin.display


class FakeGraphics:
    """A terminal that shows pictures, or is asked in vain."""

    def __init__(self, is_supported):
        self.support = SimpleNamespace(
            is_known=False,
            is_supported=False,
            find_out=self.find_out,
            forget=self.forget,
            on_late_answer=None,
        )
        self.answers = [is_supported]
        self.is_active, self.cell_size = True, (10, 20)
        self.sent, self.deleted = [], []

    async def find_out(self):
        self.support.is_known, self.support.is_supported = True, self.answers.pop(0)

    def forget(self):
        self.support.is_known = self.support.is_supported = False

    async def send(self, size, data, columns, rows):
        image = SentImage(17 + len(self.sent), 1, columns, rows)
        self.sent.append((size, columns, rows, image))
        return image

    def delete(self, images):
        self.deleted += images

    def delete_all(self):
        self.deleted += [image for *_, image in self.sent if image not in self.deleted]


def placeholders(reader):
    view = reader.app.screen.widgets.view
    lines = ("".join(segment.text for segment in view.render_line(y)) for y in range(view.size.height))
    return [line.count(PLACEHOLDER) for line in lines if PLACEHOLDER in line]


async def test_a_terminal_with_pixels_gets_larger_pictures_and_loses_them_with_the_screen(
    open_reader, figures, jobs, monkeypatch
):
    graphics = FakeGraphics(True)
    monkeypatch.setattr("paperreader.tui.full_text.screen.graphics_of", lambda app, settings: graphics)
    async with open_reader(figures, size=(80, 40)) as reader:
        await reader.press("enter", "enter")
        await look(reader)
        assert jobs.started[0] == ("picture", URL, "760", "520")
        # 6 by 4 pixels, enlarged three times, are one cell.
        assert graphics.sent[0][:3] == ((WIDTH, HEIGHT), 2, 1)
        assert placeholders(reader) == [2, 2] and picture_cells(reader) == []
        # Another program has used the terminal, and now another one is attached that has no pictures.
        graphics.answers.append(False)
        reader.app.app_resume_signal.publish(reader.app)
        await reader.wait_until_idle()
        await look(reader)
        assert placeholders(reader) == [] and len(picture_cells(reader)) >= HEIGHT // 2
        # The terminal answers late.
        graphics.support.is_supported = True
        graphics.support.on_late_answer()
        await look(reader)
        assert placeholders(reader) == [2, 2] and len(graphics.deleted) == 2
        await reader.press("q")
        assert len(graphics.deleted) == len(graphics.sent) == 4
        assert graphics.support.on_late_answer is do_nothing  # the screen may leave memory


@pytest.mark.parametrize(
    ("figures_setting", "glyphs", "colors", "is_possible"),
    [
        ("auto", "unicode", "truecolor", True),
        ("kitty", "unicode", "256", True),
        ("blocks", "unicode", "truecolor", False),
        ("none", "unicode", "truecolor", False),
        ("kitty", "ascii", "truecolor", False),
        ("auto", "unicode", "standard", False),
    ],
)
async def test_only_a_terminal_that_may_show_pictures_is_asked(
    open_reader, figures, monkeypatch, figures_setting, glyphs, colors, is_possible
):
    toml = f'[reading]\nfigures = "{figures_setting}"\n[appearance]\nmarks = "{glyphs}"\n'
    monkeypatch.setattr(picture_display, "can_scale_pictures", lambda: True)
    async with open_reader(figures, toml=toml) as reader:
        app = reader.app
        assert graphics_of(app, app.settings) is None  # not a terminal
        driver = SimpleNamespace(shows_graphics=True, graphics=None, cleanup=None, receive_reply=None)
        assert app._driver is not None
        monkeypatch.setattr(app, "_driver", driver)
        monkeypatch.setattr(app.console, "_color_system", COLOR_SYSTEMS[colors])
        found = graphics_of(app, app.settings)
        assert (found is not None) is is_possible and graphics_of(app, app.settings) is found
        monkeypatch.undo()


async def test_old_pictures_are_deleted_when_there_are_many(open_reader, library, figures, jobs, monkeypatch):
    images = [Figure(images=(Image(f"{URL}?{number}", "", 60, 40),)) for number in range(MAX_IMAGES + 4)]
    paper = replace(PAPER, blocks=(*images, *PAPER.blocks))
    monkeypatch.setattr(library.full_texts, "load", lambda id, version=None: paper)
    graphics = FakeGraphics(True)
    monkeypatch.setattr("paperreader.tui.full_text.screen.graphics_of", lambda app, settings: graphics)
    async with open_reader(figures, size=(80, 24)) as reader:
        await reader.press("enter", "enter")
        for _ in range(3 * len(images)):
            await look(reader)
            await reader.press("ctrl+d")
        assert len(graphics.sent) >= MAX_IMAGES + 4
        assert len(graphics.sent) - len(graphics.deleted) == MAX_IMAGES
        assert graphics.deleted == [image for *_, image in graphics.sent][: len(graphics.deleted)]

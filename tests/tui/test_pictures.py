"""Pictures in a full text."""

from __future__ import annotations

from base64 import b64encode

import pytest
from msgspec.structs import replace

from paperreader.errors import PaperreaderError
from paperreader.fulltext import Figure, Image
from paperreader.fulltext.layout.blocks import MESSAGE_ROWS
from paperreader.tui.full_text.screen import FullTextScreen
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
            return {"width": WIDTH, "height": HEIGHT, "pixels": b64encode(pixels).decode()}

        def stop(self):
            """Nothing runs."""

    monkeypatch.setattr("paperreader.tui.full_text.pictures.Job", FakeJob)
    started_and = type("Jobs", (), {"started": started, "outcomes": outcomes})
    return started_and


async def look(reader):
    """Do what happens a moment after the user has scrolled."""
    assert isinstance(reader.app.screen, FullTextScreen)
    reader.app.screen.controllers.pictures.look()
    await reader.wait_until_idle()


def picture_cells(reader):
    """Return the colors of the half blocks on the screen, by lines."""
    view = reader.app.screen.widgets.view
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
        assert jobs.started == [] and "x2.png" in reader.screen_text


async def test_a_missing_extra_is_named_once_with_the_command(open_reader, figures, jobs, monkeypatch):
    for module in ("tui.widgets.full_text.pictures", "tui.full_text.pictures"):
        monkeypatch.setattr(f"paperreader.{module}.can_scale_pictures", lambda: False)
    async with open_reader(figures, size=(120, 40)) as reader:
        await reader.press("enter", "enter")
        await look(reader)
        status = reader.app.screen.widgets.status
        assert "pip install 'paperreader[images]' shows pictures here" in line_text(status)
        status.clear_message()
        await look(reader)
        assert "pip install" not in line_text(status) and jobs.started == []

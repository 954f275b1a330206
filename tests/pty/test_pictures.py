"""Pictures of a full text in terminals that know kitty's graphics protocol, or do not."""

from __future__ import annotations

import io
import os
import signal

import pytest
from msgspec.structs import replace

from paperreader import paths
from paperreader.__main__ import main
from paperreader.fetch.http.cache import CachedResponse, ResponseCache
from paperreader.fulltext import Figure, Image, StoredText
from paperreader.fulltext.store import FullTextStore
from paperreader.fulltext.text_file import pack_document
from paperreader.library import Library
from tests.fulltext.sample_paper import PAPER
from tests.graphics_terminal import GraphicsTerminal

pillow = pytest.importorskip("PIL.Image")

KITTY = "kitty(0.35.2)"
PLACEHOLDER = "\U0010eeee"
URL = "https://arxiv.example/html/1/x1.png"
SIZE = 600, 300


@pytest.fixture
def picture_paper(filled):
    """Every paper has a full text that begins with a picture, which is in the cache.

    A third of it are random pixels, which cannot be compressed.
    """
    folder = Library.open().full_texts.folder
    assert folder is not None
    paper = replace(PAPER, blocks=(Figure(images=(Image(URL, "", *SIZE),)), *PAPER.blocks), authors=())
    library = Library.open()
    for row in range(len(library.table)):
        text = StoredText(paper=library.paper(row).id, version=2, source="arxiv-html", kind="html")
        FullTextStore(folder).write(text, pack_document(paper), b"")
    file = io.BytesIO()
    picture = pillow.new("L", SIZE)
    picture.paste(pillow.effect_noise((SIZE[0] // 3, SIZE[1]), 100))
    picture.save(file, "PNG")
    cache = ResponseCache(paths.response_cache_folder())
    cache.store(CachedResponse(URL, "2026-01-01T00:00:00+00:00", file.getvalue()))


@pytest.fixture
def graphics(request, picture_paper):
    """Opens the full text in such a terminal."""

    def opened(**named) -> GraphicsTerminal:
        terminal = GraphicsTerminal(["paperreader"], run=main, rows=40, columns=100, **named)
        request.addfinalizer(terminal.close)
        terminal.wait_for("Sparse Lanterns")
        terminal.send("\r\r")
        terminal.wait_for("Picture  x1.png")
        return terminal

    return opened


def shows_all(terminal, text, rows):
    """Return whether that many rows of cells of each picture are shown; fewer of one that is partly covered."""
    widths = [line.count(PLACEHOLDER) for line in text.split("\n")]
    cells = sorted((image.cells or (0, 0) for image in terminal.images.values()), reverse=True)
    return (
        [height for _, height in cells] == rows
        and all(widths.count(width) for width, _ in cells)
        and (widths.count(cells[-1][0]) == rows[-1])
    )


def shows_pixels(terminal):
    """Return whether every cell of a picture is shown."""

    def is_shown(text):
        cells = [image.cells for image in terminal.images.values()]
        lines = [line for line in text.split("\n") if PLACEHOLDER in line]
        return (
            bool(cells and cells[0])
            and [line.count(PLACEHOLDER) for line in lines] == [cells[0][0]] * cells[0][1]
        )

    return is_shown


@pytest.mark.endurance
def test_a_late_answer_replaces_half_blocks_and_nothing_is_left(graphics):
    terminal = graphics(name=KITTY, is_late=True)
    terminal.wait_for("▀▀▀▀")
    assert not terminal.commands and PLACEHOLDER.encode() not in terminal.raw
    terminal.answer_now()
    terminal.wait_for(shows_pixels(terminal))
    ((id, image),) = terminal.images.items()
    columns, rows = image.cells
    assert columns / rows == pytest.approx(2 * SIZE[0] / SIZE[1], rel=0.1)
    assert (image.width, image.height) == SIZE
    assert b"\x1b[38;5;%d" % (id & 0xFF) in terminal.raw
    terminal.send("P")  # pinned below the text, it has another size
    terminal.wait_for(lambda text: len(terminal.images) == 2 and shows_all(terminal, text, [20, 14]))
    terminal.send("Pq")  # the screen is left
    terminal.wait_for(lambda text: "DETAIL" in text and not terminal.images)
    terminal.send("q")
    assert terminal.wait_for_exit() == 0
    assert not terminal.images and not terminal.unexpected


@pytest.mark.endurance
def test_pictures_pass_through_tmux_and_are_deleted_when_the_reader_is_ended(graphics):
    terminal = graphics(name="ghostty 1.2.0", tmux="open")
    terminal.wait_for(shows_pixels(terminal))
    os.kill(terminal.process.pid, signal.SIGTERM)
    assert terminal.wait_for_exit() == 128 + signal.SIGTERM
    assert not terminal.images and not terminal.unexpected

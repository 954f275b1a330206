"""A full text in a real terminal."""

from __future__ import annotations

import os
import signal

import pytest

from paperreader.fulltext import StoredText
from paperreader.fulltext.store import FullTextStore
from paperreader.fulltext.text_file import pack_document
from paperreader.library import Library
from tests.fulltext.sample_paper import PAPER


def store_sample(library: Library) -> None:
    """Store the same full text with every paper."""
    folder = library.full_texts.folder
    assert folder is not None
    for row in range(len(library.table)):
        text = StoredText(paper=library.paper(row).id, version=2, source="arxiv-html", kind="html")
        FullTextStore(folder).write(text, pack_document(PAPER), b"")


def test_reading_a_stored_text_over_two_sessions(filled, reader):
    store_sample(Library.open())
    screen = reader(rows=24, columns=80)
    screen.wait_for("Sparse Lanterns")
    screen.send("\r")
    screen.wait_for("DETAIL")
    screen.send("\r")
    screen.wait_for(lambda text: "Keeping Time with ℓ₂ Pendulums" in text and "TEXT" in text)
    screen.send("J")
    screen.wait_for("1 Introduction")
    screen.send("f")
    screen.wait_for("LINKS")
    screen.send("a")
    screen.wait_for(lambda text: "A smaller model of time" in text and "Not in the library" in text)
    screen.send("f")
    screen.wait_for("References")
    screen.send("\x7f")  # backspace
    screen.wait_for("A clock is a machine")
    screen.send("RG")
    screen.wait_for(lambda text: "0 of 3 in the library" in text and "What a pendulum knows" in text)
    screen.send("f")
    screen.wait_for("TEXT   References")
    screen.send("\x7f")
    screen.wait_for("A clock is a machine")
    screen.send("cresults\r")
    screen.wait_for("3 Results")
    screen.send("q")
    screen.wait_for("DETAIL")
    screen.send("q")
    assert screen.wait_for_exit() == 0

    screen = reader(rows=40, columns=120)
    screen.wait_for("Sparse Lanterns")
    screen.send("\r\r")
    screen.wait_for(lambda text: "TEXT   3 Results" in text)
    screen.send("\x1b")
    screen.wait_for("DETAIL")
    screen.send("q")
    assert screen.wait_for_exit() == 0


@pytest.mark.endurance
def test_a_comment_is_on_the_disk_when_the_reader_is_killed(filled, reader):
    store_sample(Library.open())
    screen = reader(rows=24, columns=80)
    screen.wait_for("Sparse Lanterns")
    screen.send("\r\r")
    screen.wait_for("Clocks drift.")
    screen.send("/pendulum of\r")
    screen.wait_for("1 of 1")
    screen.send("v")
    screen.wait_for("SELECT")
    screen.send("n")
    screen.wait_for("Comment  Clocks drift.")
    screen.send("why?\x13")  # ctrl+s
    screen.wait_for(lambda text: "✎ Clocks drift." in text and "Comment saved" in text)
    screen.wait_for(lambda _: [each.comment for each in Library.open().mark(0).passages] == ["why?"])
    os.kill(screen.process.pid, signal.SIGKILL)
    screen.process.wait()
    screen.close()

    screen = reader(rows=24, columns=80)
    screen.wait_for("Sparse Lanterns")
    screen.send("\r\r")
    screen.wait_for("✎ Clocks drift.")
    screen.send("H")
    screen.wait_for(lambda text: "1 highlight" in text and "why?" in text)
    screen.send("qq")
    screen.wait_for(lambda text: "DETAIL" in text and "1 highlight" in text)
    screen.send("q")
    assert screen.wait_for_exit() == 0

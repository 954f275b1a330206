"""Searching in full texts in the reader."""

from __future__ import annotations

import pytest

from paperreader import paths
from paperreader.fulltext import Paragraph, Piece, StoredText
from paperreader.fulltext.store import FullTextStore
from paperreader.fulltext.text_file import pack, pack_document
from paperreader.library import Library
from paperreader.tui.full_text.screen import FullTextScreen
from tests.fulltext.documents import document, text
from tests.tui.reader_driver import line_text

SENTENCE = "The amber lamp is lit by nobody."
FILLER = [f"Paragraph {number} is about stones and how they lie." for number in range(80)]


def store(library, title, *paragraphs, version=1):
    row = next(row for row in library.table.newest if title in library.paper(row).title)
    id = library.table.id_of(row)
    described = StoredText(paper=id, version=version, source="arxiv-html", kind="html")
    blocks = [Paragraph(content=text(Piece(each))) for each in paragraphs]
    packed = pack_document(document(*blocks, version=version))
    FullTextStore(paths.full_text_folder(library.uuid)).write(described, packed, pack(b"page"))


@pytest.fixture
def texts(library):
    store(library, "Swallows", *FILLER, f"It is dark. {SENTENCE} Then it is day.", *FILLER)
    store(library, "Rivers", "Rivers have stones.")
    return library


async def test_a_key_in_the_bar_searches_full_texts_and_enter_opens_the_sentence(texts, open_reader):
    async with open_reader(texts) as reader:
        await reader.press("/")
        assert "ctrl+t full texts" in line_text(reader.footer)
        await reader.press("ctrl+t")
        await reader.type("amber lam")
        assert reader.query == "scope:text amber lam"
        assert reader.titles == ["Counting Swallows by Their Shadows"]
        assert SENTENCE in reader.screen_text
        await reader.press("enter")
        assert reader.mode == "list"
        await reader.press("tab")
        assert "In the full text" in reader.screen_text
        await reader.press("tab", "enter")
        assert isinstance(reader.app.screen, FullTextScreen)
        lines = reader.screen_text.split("\n")
        assert any(SENTENCE in line for line in lines[:6])
        assert "1 of 2" in lines[-2]  # both words
        await reader.press(".")
        assert "2 of 2" in reader.screen_text and "No active search" not in reader.screen_text
        await reader.press("M")
        assert "2 matches of your search" in reader.screen_text
        await reader.press("enter", "escape")
        assert (reader.mode, reader.query) == ("list", "scope:text amber lam")
        await reader.press("/", "ctrl+t")
        assert reader.query == "amber lam"
        assert reader.result.full_matches == 0
        await reader.press("ctrl+t")
        assert reader.query == "scope:text amber lam"
        assert reader.result.full_matches == 1


async def test_a_text_that_is_stored_later_is_found_after_the_next_update(texts, open_reader):
    async with open_reader(texts, size=(120, 40)) as reader:
        await reader.press("/")
        await reader.type("text:amber")
        assert reader.result.full_matches == 1
        store(texts, "Chess", SENTENCE)
        reader.controllers.indexing.start_text_update()
        await reader.wait_until_idle()
        assert reader.result.full_matches == 2
        await reader.wait_until_idle()  # what was painted has asked for its sentences
        assert reader.screen_text.count("amber lamp") == 3  # in both rows, and in the detail of the first


async def test_a_damaged_index_is_reported_once_and_built_again(texts, open_reader):
    texts.full_texts.index.update()
    for path in (paths.cache_folder(texts.uuid) / "text-index").glob("*.pst"):
        path.write_bytes(bytes(len(path.read_bytes())))
    async with open_reader(Library.open()) as reader:
        await reader.press("/")
        await reader.type("text:amber")
        assert reader.result.full_matches == 1
        assert not reader.result.hint and not reader.notifications


async def test_without_full_texts_the_bar_says_what_to_do(library, open_reader):
    async with open_reader(library, size=(120, 24)) as reader:
        await reader.press("/")
        await reader.type("text:amber")
        assert "no full texts are indexed yet" in reader.result_count


async def test_papers_with_a_stored_text_are_found_and_say_so_in_the_detail(texts, open_reader, monkeypatch):
    monkeypatch.setattr("paperreader.tui.controllers.papers.local_facts.LOAD_SECONDS", 0.01)
    swallows, chess = "Counting Swallows by Their Shadows", "Chess"
    async with open_reader(texts) as reader:
        await reader.press("/")
        await reader.type("has:text")
        assert sorted(reader.titles)[0] == swallows and reader.result.full_matches == 2
        await reader.press("enter")
        for _ in range(2):
            assert "✓ full text" in reader.screen_text
            await reader.press("j")
        await reader.press("/", "escape")
        await reader.type("/-has:text")
        assert reader.result.full_matches == 8 and "✓ full text" not in reader.screen_text
        store(texts, chess, SENTENCE)
        reader.controllers.full_texts._ctx.signals.full_text_stored.emit(None)
        await reader.press("escape", "escape", "/")
        await reader.type("title:chess")
        assert "✓ full text" in reader.screen_text
        texts.full_texts.remove([reader.paper.id])
        await reader.press("escape", "/")
        await reader.type("has:text")
        assert reader.result.full_matches == 2


async def test_the_sentence_is_shown_in_rows_of_one_line_and_in_the_detail(texts, open_reader):
    async with open_reader(texts, size=(90, 24)) as reader:
        await reader.press("/")
        await reader.type("scope:text amber")
        await reader.wait_until_idle()
        lines = reader.screen_text.split("\n")
        row = next(line for line in lines if "Counting Swallows" in line)
        assert "amber lamp" in row
        await reader.press("enter", "tab")
        assert SENTENCE in reader.screen_text

"""The watch list in the reader: marks with the reason, the view, and changing it with keys."""

from __future__ import annotations

import pytest

from paperreader import config
from paperreader.library import Library
from paperreader.models import MarkChange
from tests.tui.conftest import import_pages
from tests.tui.library_pages import LATER_PAGES
from tests.tui.reader_driver import poll_until_quiet

CLOCKS = '# mine\n[watch]\nwords = ["clock"]  # time\n'
"""Finds the second paper of the newest day, and one of the day before."""


def marked(reader, glyph="◆"):
    """The beginnings of the titles on the screen whose rows have the mark of the watch list."""
    lines = reader.screen_text.splitlines()[1:9]
    return [line[4:16] for line in lines if f" {glyph} " in f"{line[60:]} "]


def view_names(reader):
    return [view.name for view in reader.controllers.view_counts.views]


async def test_without_a_watch_list_there_is_neither_mark_nor_view(open_reader):
    async with open_reader() as reader:
        assert "◆" not in reader.screen_text
        assert "Watched" not in view_names(reader)


@pytest.mark.parametrize(("toml", "glyph"), [("", "◆"), ('[appearance]\nmarks = "ascii"\n', "w")])
async def test_watched_papers_are_marked_with_the_reason(open_reader, toml, glyph):
    async with open_reader(toml=toml + CLOCKS) as reader:
        assert marked(reader, glyph) == ["Slow Rivers ", "Bread Clocks"]
        assert f"{glyph} watched: clock" not in reader.screen_text
        await reader.press("j")
        assert f"{glyph} watched: clock" in reader.screen_text
    async with open_reader(size=(120, 40), toml=toml + CLOCKS) as reader:
        rows = [line for line in reader.screen_text.splitlines() if "watched: clock" in line]
        assert len(rows) == 2
        assert all(f" {glyph} " in f"{line[:60]} " for line in rows)


async def test_view_has_counts_and_is_left_when_nothing_is_watched(open_reader):
    async with open_reader(size=(200, 40), toml=CLOCKS) as reader:
        assert "6 Watched" in reader.screen_text
        assert "●2" in reader.screen_text
        await reader.press("6")
        assert len(reader.titles) == 2
        assert all("Clocks" in title for title in reader.titles)
        await reader.press("h")
        assert len(reader.titles) == 1
        await reader.press("0")
        assert "1, 1 unread" in reader.screen_text
        await reader.press("escape", "a", "1")
        assert "Not watched any more: words clock" in reader.status
        assert "Watched" not in view_names(reader)
        assert reader.list_query.view == "all"
        assert "◆" not in reader.screen_text
        assert config.settings_file().read_text(encoding="utf-8").startswith("# mine\n[watch]\n")


async def test_key_watches_what_a_paper_has(open_reader):
    async with open_reader() as reader:
        await reader.press("a")
        assert "github.com/lanternlab/sparse-lanterns" in reader.screen_text
        await reader.press("2")
        assert "Watched: repository github.com/lanternlab, 1 paper" in reader.status
        assert marked(reader) == ["Sparse Lante"]
        await reader.press("a", "w")
        await reader.type("?!")
        await reader.press("enter")
        assert "It has no letter or digit" in reader.screen_text
        await reader.press("backspace", "backspace")
        await reader.type("corridors")
        await reader.press("enter")
        assert "Watched: words corridors, 1 paper" in reader.status
        assert "watched: corridors, github.com/lanternlab" in reader.screen_text
        await reader.press("a")
        assert "stop watching words" in reader.screen_text
        assert "stop watching repository" in reader.screen_text
        await reader.press("escape", "/")
        await reader.type("is:watched")
        assert len(reader.titles) == 1
        watch = config.load_settings().watch
        assert (watch.words, watch.repositories) == (("corridors",), ("github.com/lanternlab",))


async def test_changes_of_the_watch_list_are_undone_in_their_order(open_reader):
    async with open_reader(toml=CLOCKS) as reader:
        watched = lambda: config.load_settings().watch.words  # noqa: E731
        await reader.press("j", "a", "1", "b", "a", "w")
        await reader.type("corridors")
        await reader.press("enter")
        assert "u undoes" in reader.status
        assert watched() == ("corridors",)
        await reader.press("u")
        assert "Not watched any more: words corridors" in reader.status and watched() == ()
        await reader.press("u")
        assert "Undone: bookmark" in reader.status and watched() == ()
        await reader.press("u")
        assert "Watched: words clock, 2 papers" in reader.status and watched() == ("clock",)
        assert marked(reader) == ["Slow Rivers ", "Bread Clocks"]
        await reader.press("u")
        assert "Nothing to undo" in reader.status
        await reader.press("U", "U", "U")
        assert watched() == ("corridors",)
        config.settings_file().write_text("", encoding="utf-8")
        await reader.press("u")
        assert "Not watched any more: words corridors" in reader.status


async def test_palette_lists_adds_removes_and_shows(open_reader):
    async with open_reader(toml=CLOCKS) as reader:

        async def open_dialog():
            await reader.press("ctrl+p")
            await reader.type("watch list")
            await reader.press("enter")

        await open_dialog()
        assert "words clock, 2 papers" in reader.screen_text
        await reader.press("a")
        await reader.type("Ann Jay")
        await reader.press("enter")
        assert "Watched: author Ann Jay, 0 papers" in reader.status
        await open_dialog()
        await reader.press("s")
        assert len(reader.titles) == 2
        await open_dialog()
        await reader.press("6")
        assert "Not watched any more: author Ann Jay" in reader.status
        assert config.settings_file().read_text(encoding="utf-8").count("# time") == 1


async def test_invalid_settings_file_is_not_changed_and_keeps_the_marks(open_reader):
    async with open_reader(toml=CLOCKS) as reader:
        file = config.settings_file()
        file.write_text("[watch\n", encoding="utf-8")
        await reader.press("a", "1")
        assert any("is not valid TOML" in each for each in reader.notifications) or "TOML" in reader.status
        assert file.read_text(encoding="utf-8") == "[watch\n"
        assert marked(reader) != []


async def test_changes_of_the_settings_and_new_papers_are_noticed(open_reader, library, tmp_path):
    async with open_reader() as reader:
        controller = reader.controllers.watch_list

        async def poll():
            controller.reload()
            await reader.wait_until_idle()

        await poll()
        file = config.settings_file()
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text('[watch]\nwords = ["ladder"]\n', encoding="utf-8")
        await poll()
        assert "Watched" in view_names(reader)
        assert marked(reader) == []
        import_pages(Library.open(), tmp_path / "pages", LATER_PAGES)
        await poll_until_quiet(reader)
        await poll_until_quiet(reader)
        assert marked(reader) == ["Ladders for "]
        file.write_text("[watch\n", encoding="utf-8")
        await poll()
        assert marked(reader) == ["Ladders for "]
        file.write_text("[watch]\n", encoding="utf-8")
        await poll()
        assert "◆" not in reader.screen_text
        assert "Watched" not in view_names(reader)


async def test_hidden_papers_are_neither_counted_nor_in_the_view(open_reader, library):
    for paper in map(library.paper, library.table.newest):
        if "Bread" in paper.title:
            library.save_and_apply([MarkChange(paper.id, hidden=True)])
    async with open_reader(toml=CLOCKS) as reader:
        await reader.press("6")
        assert len(reader.titles) == 1
        await reader.press("ctrl+p")
        await reader.type("watch list")
        await reader.press("enter")
        assert "words clock, 1 paper" in reader.screen_text


async def test_view_of_the_last_session_is_restored(open_reader):
    async with open_reader(toml=CLOCKS) as reader:
        await reader.press("6")
        assert len(reader.titles) == 2
        await reader.controllers.session.save_at_end()
    async with open_reader(Library.open(), toml=CLOCKS) as reader:
        assert len(reader.titles) == 2
        assert "Watched" in reader.status

"""Subscribing to arXiv from the palette, and fetching what it announced."""

from __future__ import annotations

import datetime as dt

import pytest

from paperreader import config
from paperreader.tui.dialogs.text_prompt import PromptInput
from tests.fetch.arxiv_server import FakeArxiv
from tests.fetch.server import running_service
from tests.inbox import dismiss_new


@pytest.fixture
def arxiv(monkeypatch):
    """Replace both services, also for the reader's jobs."""
    with running_service(monkeypatch) as service:
        yield FakeArxiv(service)


@pytest.fixture
def settings_path(home, monkeypatch):
    file = home / "mine.toml"
    file.write_text("# mine\n", encoding="utf-8")
    monkeypatch.setenv("PAPERREADER_CONFIG", str(file))
    return file


async def open_dialog(reader):
    await reader.press("ctrl+p")
    await reader.type("subscribe to arxiv")
    await reader.press("enter")


async def test_subscribe_fetch_and_unsubscribe(open_reader, library, arxiv, settings_path):
    dismiss_new(library)
    today = dt.datetime.now(dt.UTC).date()
    arxiv.announce(today.isoformat(), f"{today:%y%m}.00100", "Lanterns in the Fog", categories="cs.LG cs.CL")
    async with open_reader() as reader:
        await open_dialog(reader)
        await reader.press("s")
        await reader.type("cs.cl")
        await reader.press("enter")
        assert "Subscribed: cs.CL  r fetches its papers" in reader.status
        assert settings_path.read_text(encoding="utf-8").startswith("# mine\n")
        await reader.press("r")
        assert "1 new  2 shows them" in reader.status
        assert "Lanterns in the Fog" in reader.titles
        await open_dialog(reader)
        assert "unsubscribe  cs.CL" in reader.screen_text
        await reader.press("2")
        assert "Unsubscribed: cs.CL" in reader.status
        assert config.load_settings().fetch.arxiv == ()


async def test_invalid_category_is_reported_and_can_be_corrected(open_reader, library, arxiv, settings_path):
    async with open_reader() as reader:
        await open_dialog(reader)
        await reader.press("s")
        await reader.type("cs.")
        await reader.press("enter")
        assert "cs. is not a category of arXiv" in reader.screen_text
        assert settings_path.read_text(encoding="utf-8") == "# mine\n"
        assert reader.app.screen.query_one(PromptInput).value == "cs."
        await reader.type("cs.LG")
        await reader.press("enter")
        assert "Subscribed: cs.LG" in reader.status
        await open_dialog(reader)
        await reader.press("s")
        await reader.type("cs.lg")
        await reader.press("enter")
        assert "You are subscribed to cs.LG already." in reader.screen_text
        await reader.press("escape")
        assert reader.mode == "list"
        assert config.load_settings().fetch.arxiv == ("cs.LG",)

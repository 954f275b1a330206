"""The command that looks up citations, and what the detail shows of them."""

from __future__ import annotations

import json

import pytest

from tests.fetch.server import Reply, running_service


@pytest.fixture
def service(monkeypatch):
    monkeypatch.setenv("SEMANTIC_SCHOLAR_API_KEY", "key")
    with running_service(monkeypatch) as service:
        monkeypatch.setenv("PAPERREADER_SEMANTICSCHOLAR_URL", service.url)
        service.respond("/graph/v1/paper/batch", Reply([{"citationCount": 1_234}]))
        yield service


async def look_up(reader):
    await reader.press("ctrl+p")
    await reader.type("look up cit")
    await reader.press("enter")


async def test_citations_are_looked_up_once_and_shown(open_reader, library, tmp_path, service):
    page = {"paperreader": 1, "title": "Lamps", "arxiv": "2401.04320"}
    (tmp_path / "lamps.jsonl").write_text(json.dumps(page))
    library.imports.import_paths([str(tmp_path / "lamps.jsonl")])
    async with open_reader(library, start_row=library.resolve("2401.04320")) as reader:
        await look_up(reader)
        assert "Citations of 1 paper from Semantic Scholar" in reader.status
        assert "cited 1,234 times (" in reader.screen_text
        assert "”1k" in reader.screen_text
        await look_up(reader)
        assert len(service.requests) == 1
        await reader.press("slash")
        await reader.type("citations:>1000 sort:citations")
        await reader.press("enter")
        assert reader.titles == ["Lamps"]


async def test_a_missing_key_is_explained(open_reader, service, monkeypatch):
    monkeypatch.delenv("SEMANTIC_SCHOLAR_API_KEY")
    async with open_reader() as reader:
        await look_up(reader)
        assert "SEMANTIC_SCHOLAR_API_KEY" in reader.notifications[0]
        assert service.requests == []

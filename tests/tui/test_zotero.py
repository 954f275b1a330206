"""`x`, `t`: papers are sent to Zotero on this machine."""

from __future__ import annotations

import json

from tests.fetch.server import Reply, running_service


async def test_papers_are_sent_once(open_reader, library, monkeypatch):
    with running_service(monkeypatch) as service:
        service.respond("/connector/saveItems", Reply(b"", status=201, content_type=None))
        async with open_reader(library, toml=f'[fetch]\nzotero_url = "{service.url}"\n') as reader:
            await reader.press("n")
            await reader.type("Try this")
            await reader.press("ctrl+s", "x", "t")
            assert "1 paper sent to Zotero" in reader.status
            [request] = service.requests
            [item] = json.loads(request.body)["items"]
            assert "Try this" in item["notes"][0]["note"]
            await reader.press("x", "t")
            assert "It was sent before" in reader.status and "zotero --again" in reader.status
            await reader.press("v", "j", "x", "t")
            assert "1 paper sent to Zotero, 1 sent before" in reader.status


async def test_a_failure_is_reported(open_reader, library, monkeypatch):
    with running_service(monkeypatch) as service:
        service.respond("/connector/saveItems", Reply({"libraryEditable": False}, status=500))
        async with open_reader(library, toml=f'[fetch]\nzotero_url = "{service.url}"\n') as reader:
            await reader.press("x", "t")
            assert "Zotero cannot save into the collection" in reader.notifications[0]

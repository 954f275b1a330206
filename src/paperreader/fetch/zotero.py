"""Zotero on this machine: papers are sent to it, and imported from it.

The connector (`/connector/`) is what the extensions of browsers use to save items. The local API (`/api/`, Zotero 7)
answers like https://www.zotero.org/support/dev/web_api/v3/basics for the user 0; it only reads, and the user has to
enable it. https://www.zotero.org/support/dev/client_coding/connector_http_server Checked against Zotero itself
(chrome/content/zotero/xpcom/server_connector.js): saved items are answered with 201, whose body is not needed.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from paperreader.fetch.http.client import Client, RequestPolicy
from paperreader.fetch.http.content_check import JSON
from paperreader.fetch.http.errors import FetchError
from paperreader.json_codec import to_json_line

ITEMS_PER_REQUEST = 50
ITEMS_PER_PAGE = 100
MAX_PAGES = 1_000

_HEADERS = {"Content-Type": "application/json", "X-Zotero-Connector-API-Version": "3"}

NOT_RUNNING = (
    "Zotero does not respond. Start it on this machine, or set zotero_url in [fetch] of the settings."
)
NOT_ALLOWED = (
    'Zotero does not let other programs read. In its settings, under Advanced, check "Allow other applications on this '
    'computer to communicate with Zotero".'
)
NOT_EDITABLE = "Zotero cannot save into the collection that is selected in it. Select one of your library."


class Zotero:
    """Requests to the Zotero of the settings. Every method may raise `FetchError`."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._url = client.services.zotero_url

    def save(self, items: Sequence[dict[str, Any]]) -> None:
        """Save items into the collection that is selected in Zotero."""
        for start in range(0, len(items), ITEMS_PER_REQUEST):
            part = items[start : start + ITEMS_PER_REQUEST]
            # Each session is saved once, so that a repeated request would not save items twice.
            message = {"sessionID": uuid.uuid4().hex, "uri": part[0].get("url", ""), "items": part}
            body = to_json_line(message, ascii_only=True).encode()
            try:
                self._client.post(f"{self._url}/connector/saveItems", body, _HEADERS)
            except FetchError as error:
                raise _explained(error, {500: NOT_EDITABLE}) from error

    def items(self) -> list[dict[str, Any]]:
        """Return all items of the user's library that are no part of others, with their notes in `data.notes`."""
        items = {str(item.get("key")): item for item in self._pages("items/top") if isinstance(item, dict)}
        for note in self._pages("items?itemType=note"):
            data = note.get("data") if isinstance(note, dict) else None
            if not isinstance(data, dict) or not isinstance(text := data.get("note"), str):
                continue
            parent = items.get(str(data.get("parentItem")), {}).get("data")
            if isinstance(parent, dict):
                parent.setdefault("notes", []).append({"note": text})
        return list(items.values())

    def _pages(self, path: str) -> Iterator[Any]:
        """Yield the objects of all pages of a list."""
        seen: set[str] = set()
        for number in range(MAX_PAGES):
            page = self._page(path, number * ITEMS_PER_PAGE)
            keys = {str(item.get("key")) for item in page if isinstance(item, dict)}
            if keys <= seen:  # also of a server that sends the same page for any `start`
                return
            seen |= keys
            yield from page
            if len(page) < ITEMS_PER_PAGE:
                return

    def _page(self, path: str, start: int) -> list[Any]:
        separator = "&" if "?" in path else "?"
        query = f"{separator}format=json&limit={ITEMS_PER_PAGE}&start={start}"
        url = f"{self._url}/api/users/0/{path}{query}"
        try:
            response = self._client.get(url, RequestPolicy(JSON, _check_list))
        except FetchError as error:
            raise _explained(error, {403: NOT_ALLOWED}) from error
        if response is None:
            raise FetchError("Zotero on this machine has no local API. Update it to Zotero 7 or newer.")
        return list(json.loads(response.data))


def _explained(error: FetchError, messages: dict[int, str]) -> FetchError:
    """Return an error that says what the user can do about it in Zotero."""
    if error.status in messages:
        return FetchError(messages[error.status], status=error.status)
    if error.status is None and error.service_unavailable:
        return FetchError(NOT_RUNNING, service_unavailable=True)
    return error


def _check_list(data: bytes) -> None:
    try:
        is_list = isinstance(json.loads(data), list)
    except ValueError:
        is_list = False
    if not is_list:
        raise FetchError("Zotero sent something that is no list of items. Check zotero_url in the settings.")

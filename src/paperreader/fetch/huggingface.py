"""Hugging Face: Daily Papers of a day, week or month, trending papers, and single papers.

https://huggingface.co/docs/hub/api
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

from paperreader.fetch.endpoints import host_of
from paperreader.fetch.http.client import Client, RequestPolicy
from paperreader.fetch.http.content_check import JSON
from paperreader.fetch.http.errors import FetchError, TransientError
from paperreader.library import ServiceResponse

PAGE_SIZE = 100
"""Papers per request: the maximum of the service."""

MAX_PAGES = 50
"""More than any month has. Ends the loop for a server that always announces a next page."""


def is_page_of_day(source_name: str, day: str) -> bool:
    """Return whether a source is the page of an ISO day, at any address of the service."""
    return source_name.endswith(f"/api/daily_papers?date={day}")


class HuggingFace:
    """Requests to the service at `client.services.huggingface_url`. Every method may raise `FetchError`."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._base = client.services.huggingface_url
        self._host = host_of(self._base)

    def day(self, day: str) -> Iterator[ServiceResponse]:
        """Yield the papers of an ISO day, page by page. A day without papers is one empty page."""
        return self._list_pages({"date": day})

    def week(self, week: str) -> Iterator[ServiceResponse]:
        """Yield the papers of an ISO week (`2026-W47`)."""
        return self._list_pages({"week": week})

    def month(self, month: str) -> Iterator[ServiceResponse]:
        """Yield the papers of a month (`2026-11`)."""
        return self._list_pages({"month": month})

    def trending(self) -> Iterator[ServiceResponse]:
        """Yield the hundred trending papers."""
        return self._list_pages({"sort": "trending"}, max_pages=1)

    def paper(self, id: str) -> ServiceResponse | None:
        """Return one paper by its arXiv id; None if the service does not have it, which is common."""
        path = f"/api/papers/{quote(id)}"
        response = self._client.get(f"{self._base}{path}", RequestPolicy(JSON, self._check_paper))
        if response is None:
            return None
        return ServiceResponse(f"{self._host}{path}", response.data, response.received_at)

    def _list_pages(
        self, parameters: dict[str, str], max_pages: int = MAX_PAGES
    ) -> Iterator[ServiceResponse]:
        """Yield the pages of a list, all under one source name: a paper may move from one page to the next."""
        name = f"{self._host}/api/daily_papers?{urlencode(parameters)}"
        policy = RequestPolicy(JSON, self._parse_list)
        previous = b""
        for page in range(max_pages):
            position = {"p": str(page)} if page else {}
            query = urlencode({**parameters, **position, "limit": str(PAGE_SIZE)})
            response = self._client.get(f"{self._base}/api/daily_papers?{query}", policy)
            if response is None:
                raise FetchError(f"{self._host} has no Daily Papers at {name}; check its address.")
            if page and response.data == previous:
                return  # a mirror that ignores the page number
            count = len(self._parse_list(response.data))
            if count or not page:
                yield ServiceResponse(name, response.data, response.received_at)
            if not count or not (response.has_next_page or count >= PAGE_SIZE):
                return
            previous = response.data

    def _parse_list(self, data: bytes) -> list[Any]:
        """Return the items of a list, of which only the number matters here."""
        value = self._parse_json(data)
        if isinstance(value, dict):
            value = next((value[name] for name in ("data", "dailyPapers") if name in value), value)
        if not isinstance(value, list):
            raise FetchError(f"{self._host} returned something that is not a list of papers.")
        return value

    def _check_paper(self, data: bytes) -> None:
        value = self._parse_json(data)
        if not isinstance(value, dict) or not ("title" in value or "paper" in value):
            raise FetchError(f"{self._host} returned something that is not a paper.")

    def _parse_json(self, data: bytes) -> Any:
        try:
            return json.loads(data)
        except (ValueError, RecursionError) as error:
            raise TransientError(
                FetchError(f"The JSON of {self._host} is incomplete; try again later.")
            ) from error

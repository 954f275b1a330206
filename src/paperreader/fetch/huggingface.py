"""Hugging Face: the Daily Papers of a day, week or month, what is trending, and single papers.

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
"""Papers asked for at once: the most that the service gives."""

MAX_PAGES = 50
"""No month has so many papers; a server that always says that there are more is not believed."""


class HuggingFace:
    """Questions to the service at `client.services.huggingface_url`. Every method may raise `FetchError`."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._base = client.services.huggingface_url
        self._host = host_of(self._base)

    def day(self, day: str) -> Iterator[ServiceResponse]:
        """The papers listed on an ISO day, page by page. A day without papers is an answer without any."""
        return self._list_pages({"date": day})

    def week(self, week: str) -> Iterator[ServiceResponse]:
        """The papers of an ISO week (`2026-W47`)."""
        return self._list_pages({"week": week})

    def month(self, month: str) -> Iterator[ServiceResponse]:
        """The papers of a month (`2026-11`)."""
        return self._list_pages({"month": month})

    def trending(self) -> Iterator[ServiceResponse]:
        """The hundred papers that are most talked of now."""
        return self._list_pages({"sort": "trending"}, max_pages=1)

    def paper(self, id: str) -> ServiceResponse | None:
        """One paper by its arXiv id; None when the service does not know it, which is common."""
        path = f"/api/papers/{quote(id)}"
        got = self._client.get(f"{self._base}{path}", RequestPolicy(JSON, self._check_paper))
        return ServiceResponse(f"{self._host}{path}", got.data, got.received_at) if got is not None else None

    def _list_pages(
        self, parameters: dict[str, str], max_pages: int = MAX_PAGES
    ) -> Iterator[ServiceResponse]:
        """The pages of a list. All count as answers to one question: a paper may move from one to the next."""
        name = f"{self._host}/api/daily_papers?{urlencode(parameters)}"
        before = b""
        for page in range(max_pages):
            more = {"p": str(page)} if page else {}
            asked = urlencode({**parameters, **more, "limit": str(PAGE_SIZE)})
            got = self._client.get(
                f"{self._base}/api/daily_papers?{asked}", RequestPolicy(JSON, self._parse_list)
            )
            if got is None:
                raise FetchError(f"{self._host} knows of no Daily Papers at {name}; is its address right?")
            if page and got.data == before:
                return  # a copy of the site that knows no pages
            count = len(self._parse_list(got.data))
            if count or not page:
                yield ServiceResponse(name, got.data, got.received_at)
            if not count or not (got.has_next_page or count >= PAGE_SIZE):
                return
            before = got.data

    def _parse_list(self, data: bytes) -> list[Any]:
        """The items of a list: how many there are is all that matters here."""
        value = self._parse_json(data)
        if isinstance(value, dict):
            value = next((value[name] for name in ("data", "dailyPapers") if name in value), value)
        if not isinstance(value, list):
            raise FetchError(f"{self._host} answered with something that is no list of papers.")
        return value

    def _check_paper(self, data: bytes) -> None:
        value = self._parse_json(data)
        if not isinstance(value, dict) or not ("title" in value or "paper" in value):
            raise FetchError(f"{self._host} answered with something that is no paper.")

    def _parse_json(self, data: bytes) -> Any:
        try:
            return json.loads(data)
        except (ValueError, RecursionError) as error:
            raise TransientError(
                FetchError(f"The answer of {self._host} is no whole JSON; try again later.")
            ) from error

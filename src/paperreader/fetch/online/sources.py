"""The services that search papers, page by page.

- Hugging Face, `GET /api/papers/search?q=&limit=`: the semantic search of its page of papers. One page, at most 250
  characters of query. https://huggingface.co/docs/huggingface_hub/package_reference/hf_api (`list_papers`)
- arXiv, `GET /api/query`: fields, categories and dates (https://info.arxiv.org/help/api/user-manual.html).
- Semantic Scholar, `GET /graph/v1/paper/search`: at most a thousand results.
  https://api.semanticscholar.org/api-docs/graph#tag/Paper-Data/operation/get_graph_paper_relevance_search
  Checked against what danielnsilva/semanticscholar recorded (tests/data/test_search_paper_next_page.yaml, and
  test_empty_paginated_results.yaml, where a search without results has no `data`).
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from typing import Any, Literal, Protocol
from urllib.parse import urlencode

from msgspec import Struct

from paperreader.fetch.arxiv import Arxiv
from paperreader.fetch.citations import semantic_scholar
from paperreader.fetch.endpoints import host_of
from paperreader.fetch.http.client import Client, RequestPolicy
from paperreader.fetch.http.content_check import JSON
from paperreader.fetch.http.errors import FetchError, TransientError
from paperreader.fetch.http.rate_limiter import CrossProcessRateLimiter
from paperreader.fetch.online.queries import OnlineQuery
from paperreader.library import ServiceResponse

SourceName = Literal["huggingface", "arxiv", "semanticscholar"]

SOURCE_LABELS: Mapping[SourceName, str] = {
    "huggingface": "Hugging Face",
    "arxiv": "arXiv",
    "semanticscholar": "Semantic Scholar",
}

HUGGINGFACE_LIMIT, MAX_HUGGINGFACE_QUERY = 120, 250
PAGE_SIZE = 50
MAX_SCHOLAR_RESULTS = 1_000
"""Semantic Scholar has no more results of a search."""

SCHOLAR_FIELDS = (
    "title,abstract,authors,year,publicationDate,venue,journal,publicationTypes,externalIds,openAccessPdf,"
    "citationCount"
)


class OnlinePage(Struct, frozen=True):
    """One page of results."""

    response: ServiceResponse
    next_start: int | None
    """Where the next page begins; None if this is the last one."""
    total: int | None
    """How many results there are; None if the service does not say."""
    is_old: bool = False
    """Whether the service does not respond, and these are its results of an earlier time."""
    titles_only: int = 0
    """How many papers were left out because only their titles are known."""


class OnlineSource(Protocol):
    """A service that searches papers."""

    def search(self, query: OnlineQuery, start: int) -> OnlinePage:
        """Return the results from `start` on.

        Raises:
            FetchError: there is no usable response.
            StorageError: the rate limiter cannot write its state.
        """
        ...


class HuggingFaceSearch:
    """See `OnlineSource`."""

    def __init__(self, client: Client) -> None:
        self._client, self._url = client, client.services.huggingface_url

    def search(self, query: OnlineQuery, start: int) -> OnlinePage:
        """Return all results: the service has one page."""
        words = query.words[:MAX_HUGGINGFACE_QUERY]
        parameters = urlencode({"q": words, "limit": HUGGINGFACE_LIMIT})
        response, is_old = request_json(self._client, f"{self._url}/api/papers/search?{parameters}", _is_list)
        return OnlinePage(response, None, len(json.loads(response.data)), is_old)


class ArxivSearch:
    """See `OnlineSource`."""

    def __init__(self, client: Client) -> None:
        self._arxiv = Arxiv(client)

    def search(self, query: OnlineQuery, start: int) -> OnlinePage:
        """Return a page, best matches first."""
        response, count, total = self._arxiv.search_page(query.arxiv, start, PAGE_SIZE)
        end = start + count
        return OnlinePage(response, end if count and end < total else None, total)


class SemanticScholarSearch:
    """See `OnlineSource`. `key` is sent to its host only; may be empty."""

    def __init__(self, client: Client, url: str, key: str) -> None:
        self._client, self._url, self._key = client, url, key

    def search(self, query: OnlineQuery, start: int) -> OnlinePage:
        """Return a page, best matches first."""
        parameters = {"query": query.words, "offset": start, "limit": PAGE_SIZE, "fields": SCHOLAR_FIELDS}
        if query.years:
            parameters["year"] = query.years
        response, is_old = request_json(
            self._client,
            f"{self._url}/graph/v1/paper/search?{urlencode(parameters)}",
            _is_page,
            headers={"x-api-key": self._key} if self._key else {},
            limiter=semantic_scholar.rate_limiter(),
        )
        page = json.loads(response.data)
        papers = page.get("data") or []
        following, total = page.get("next"), page.get("total")
        has_next = papers and type(following) is int and start < following < MAX_SCHOLAR_RESULTS
        return OnlinePage(
            ServiceResponse(response.name, json.dumps(papers).encode(), response.requested_at),
            following if has_next else None,
            total if type(total) is int and total >= 0 else None,
            is_old,
        )


def request_json(
    client: Client,
    url: str,
    is_valid: Callable[[Any], bool],
    *,
    missing: str = "",
    headers: Mapping[str, str] = {},
    secret_parameters: Mapping[str, str] = {},
    limiter: CrossProcessRateLimiter | None = None,
    max_age: dt.timedelta | None = None,
) -> tuple[ServiceResponse, bool]:
    """Return a response whose JSON is valid, and whether it is an earlier one, because the service does not respond.

    Its name has no parameters: what a paper is does not depend on them.

    Args:
        client: sends the request.
        url: without a key.
        is_valid: returns whether the JSON has the expected form.
        missing: the error for status 404.
        headers: sent to this host only.
        secret_parameters: added to the URL of the request, but not stored with the response.
        limiter: keeps the distance between requests.
        max_age: an earlier response is used without a request if it is younger.

    Raises:
        FetchError: there is no usable response.
        StorageError: the rate limiter cannot write its state.
    """
    host = host_of(url)

    def validate(data: bytes) -> None:
        try:
            value = json.loads(data)
        except (ValueError, RecursionError) as error:
            raise TransientError(FetchError(f"The JSON of {host} is incomplete; try again later.")) from error
        if not is_valid(value):
            raise FetchError(f"{host} returned something that is not a list of papers.")

    policy = RequestPolicy(
        JSON,
        validate,
        cache_valid_since=None if max_age is None else lambda now: now - max_age,
        rate_limit=nullcontext if limiter is None else limiter.slot,
        headers=headers,
        secret_parameters=secret_parameters,
    )
    is_old = False
    try:
        response = client.get(url, policy)
    except FetchError as error:
        response = client.cached(url) if error.service_unavailable else None
        is_old = response is not None
        if response is None:
            raise
    if response is None:
        raise FetchError(missing or f"{host} has no search of papers; check its address in the settings.")
    path = url.removeprefix("https://").removeprefix("http://").partition("?")[0]
    return ServiceResponse(path, response.data, response.received_at), is_old


def _is_list(value: Any) -> bool:
    return isinstance(value, list)


def _is_page(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("data", []), list)

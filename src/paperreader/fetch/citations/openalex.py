"""Counts of OpenAlex: `GET /works?filter=doi:…|…`.

https://developers.openalex.org/api-reference/works. A free key is required since 2026; it is a parameter of the URL,
without which responses are cached. arXiv registers a DOI for each of its papers
(https://info.arxiv.org/help/doi.html), by which OpenAlex knows them. Checked against pyalex
(J535D165/pyalex), see `fetch.online.openalex_citations`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from paperreader.fetch.citations.counts import Counts, as_count, unusable
from paperreader.fetch.http.client import Client, RequestPolicy
from paperreader.fetch.http.content_check import JSON
from paperreader.fetch.http.errors import FetchError
from paperreader.models import Paper

_RESOLVER = "https://doi.org/"


class OpenAlex:
    """Requests to OpenAlex.

    Args:
        client: sends them.
        url: of the API.
        key: sent to its host only.
    """

    label = "OpenAlex"
    batch_size = 50
    """A paper has up to two DOIs, and a filter at most a hundred values."""

    def __init__(self, client: Client, url: str, key: str) -> None:
        self._client, self._url, self._key = client, url, key

    def counts(self, papers: Sequence[Paper]) -> Counts:
        """See `CitationService`. Of a paper with two DOIs, the larger count is that of the publication."""
        wanted = {doi: paper.id for paper in papers for doi in dois_of(paper)}
        found: Counts = dict.fromkeys((paper.id for paper in papers), None)
        for work in self._works(sorted(wanted)):
            doi = doi_of(work)
            count = as_count(work.get("cited_by_count"))
            if (id := wanted.get(doi)) is not None and count is not None:
                found[id] = max(count, found[id] or 0)
        return found

    def _works(self, dois: Sequence[str]) -> Iterator[dict[str, Any]]:
        fields = urlencode({"select": "doi,cited_by_count", "per_page": 100})
        policy = RequestPolicy(JSON, _check_results, secret_parameters=key_parameter(self._key))
        try:
            response = self._client.get(f"{self._url}/works?filter={doi_filter(dois)}&{fields}", policy)
        except FetchError as error:
            raise explain_refusal(error) from error
        if response is None:
            raise unusable(self.label)
        yield from (work for work in json.loads(response.data)["results"] if isinstance(work, dict))


def key_parameter(key: str) -> dict[str, str]:
    """Return the parameter with the key (https://developers.openalex.org/api-reference/authentication)."""
    return {"api_key": key}


def explain_refusal(error: FetchError) -> FetchError:
    """Return an error that says what to do if the service refused a request, else the same error.

    403 also means too many requests (https://developers.openalex.org/api-reference/errors).
    """
    if error.status == 401:
        return FetchError("OpenAlex refused the key. Check key_env or key_command in [citations].")
    if error.status == 403:
        return FetchError(
            "OpenAlex refused the request: too many requests, or a wrong key. Try again later, or check key_env or "
            "key_command in [citations]."
        )
    return error


def doi_of(work: Mapping[str, Any]) -> str:
    """Return the DOI of a work in lower case; empty if it has none."""
    return str(work.get("doi") or "").removeprefix(_RESOLVER).lower()


def doi_filter(dois: Iterable[str]) -> str:
    """Return the filter for the works with one of the DOIs, for a URL."""
    return f"doi:{'|'.join(quote(doi, safe='/.()') for doi in dois)}"


def dois_of(paper: Paper) -> set[str]:
    """Return the DOIs by which OpenAlex may know a paper, in lower case: its own one and that of arXiv."""
    dois = {paper.doi.lower()} if paper.doi and "|" not in paper.doi and "," not in paper.doi else set()
    return dois | ({f"10.48550/arxiv.{paper.arxiv.lower()}"} if paper.arxiv else set())


def _check_results(data: bytes) -> None:
    try:
        answer = json.loads(data)
    except ValueError as error:
        raise unusable(OpenAlex.label) from error
    if not isinstance(answer, dict) or not isinstance(answer.get("results"), list):
        raise unusable(OpenAlex.label)

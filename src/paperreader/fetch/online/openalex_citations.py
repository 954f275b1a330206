"""References and citing papers of OpenAlex: `GET /works?filter=openalex:W1|W2…` and `filter=cites:W1`.

https://developers.openalex.org/api-reference/works (fields and filters), /guides/filtering (up to 100 values with `|`),
/guides/page-through-results (`page` and `per_page`, up to 100 results each) and /guides/sort. Checked against pyalex
(J535D165/pyalex; its test_referenced_works has them as values of a filter, test_page reads `meta`).

- A work is found by its DOI, first that of arXiv, then that of the publication. OpenAlex often has two works for one
  paper: the references of both are listed, and what cites either.
- `referenced_works` contains the URLs of works, in the order of their ids. A page of references is one request with
  100 ids; those that OpenAlex has deleted are missing in the response.
- `meta.count` is the number of citing papers. It may be larger than `cited_by_count`, which is updated later.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

from paperreader.errors import UsageError
from paperreader.fetch.citations import openalex
from paperreader.fetch.http.client import Client
from paperreader.fetch.http.errors import FetchError
from paperreader.fetch.online.citation_source import MAX_LISTED, PAGE_SIZE, Direction
from paperreader.fetch.online.sources import OnlinePage, request_json
from paperreader.library import ServiceResponse
from paperreader.models import Paper

WORK_FIELDS = (
    "id,doi,ids,title,display_name,authorships,publication_date,publication_year,type,primary_location,"
    "best_oa_location,locations,open_access,biblio,keywords,abstract_inverted_index,cited_by_count"
)

MAX_AGE = dt.timedelta(days=1)
"""How long the ids and references of a paper are used: all pages of its lists need them."""

_WORK = re.compile(r"https://openalex\.org/(W[0-9]{1,15})", re.ASCII)


class OpenAlexCitations:
    """See `CitationSource`. `key` is sent to its host only."""

    def __init__(self, client: Client, url: str, key: str) -> None:
        self._client, self._url, self._key = client, url, key

    def page(self, paper: Paper, direction: Direction, start: int) -> OnlinePage:
        """Return a page; of references, those most cited of a hundred come first, of citing papers of all."""
        dois = openalex.dois_of(paper)
        if not dois:
            raise UsageError("OpenAlex finds papers by arXiv id or DOI, and this one has neither.")
        try:
            works, response, is_old = self._works_with(dois)
            if not works:
                raise FetchError("OpenAlex does not know this paper.")
            if direction == "citations":
                return self._citing(_ids(work.get("id") for work in works), start)
            references = _ids(id for work in works for id in _list(work.get("referenced_works")))
            if not references:
                empty = ServiceResponse(response.name, b"[]", response.requested_at)
                return OnlinePage(empty, None, 0, is_old)
            return self._cited(references, start)
        except FetchError as error:
            raise openalex.explain_refusal(error) from error

    def _works_with(self, dois: Iterable[str]) -> tuple[list[dict[str, Any]], ServiceResponse, bool]:
        """Return the works of a paper, the response, and whether it is an old one."""
        wanted = set(dois)
        parameters = {"select": "id,doi,referenced_works"}
        response, is_old = self._request(openalex.doi_filter(sorted(wanted)), parameters, max_age=MAX_AGE)
        works = [
            work for work in _works(response) if openalex.doi_of(work) in wanted and _ids([work.get("id")])
        ]
        return works, response, is_old

    def _cited(self, ids: Sequence[str], start: int) -> OnlinePage:
        response, is_old = self._list(f"openalex:{'|'.join(ids[start : start + PAGE_SIZE])}", 1)
        return _page(response, start, len(ids), is_old)

    def _citing(self, ids: Sequence[str], start: int) -> OnlinePage:
        response, is_old = self._list(f"cites:{'|'.join(ids)}", start // PAGE_SIZE + 1)
        meta = json.loads(response.data).get("meta")
        total = meta.get("count") if isinstance(meta, dict) else None
        return _page(response, start, total if type(total) is int and total >= 0 else None, is_old)

    def _list(self, filter: str, page: int) -> tuple[ServiceResponse, bool]:
        parameters = {"sort": "cited_by_count:desc", "page": str(page), "select": WORK_FIELDS}
        return self._request(filter, parameters)

    def _request(
        self, filter: str, parameters: dict[str, str], *, max_age: dt.timedelta | None = None
    ) -> tuple[ServiceResponse, bool]:
        query = urlencode({"per_page": PAGE_SIZE, **parameters})
        return request_json(
            self._client,
            f"{self._url}/works?filter={filter}&{query}",
            _is_page,
            secret_parameters=openalex.key_parameter(self._key),
            max_age=max_age,
        )


def _page(response: ServiceResponse, start: int, total: int | None, is_old: bool) -> OnlinePage:
    """Return the papers that have a title; without a total, a full page is followed by another one."""
    results = json.loads(response.data)["results"]
    end = start + PAGE_SIZE
    has_next = bool(results) and (end < total if total is not None else len(results) >= PAGE_SIZE)
    papers = [work for work in _works(response) if work.get("title") or work.get("display_name")]
    return OnlinePage(
        ServiceResponse(response.name, json.dumps(papers).encode(), response.requested_at),
        end if has_next and end < MAX_LISTED else None,
        total,
        is_old,
    )


def _works(response: ServiceResponse) -> list[dict[str, Any]]:
    return [work for work in json.loads(response.data)["results"] if isinstance(work, dict)]


def _ids(values: Iterable[Any]) -> list[str]:
    """Return the ids of the URLs of works, each once; other values are left out."""
    found = (_WORK.fullmatch(value) for value in values if isinstance(value, str))
    return list(dict.fromkeys(match[1] for match in found if match))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _is_page(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("results"), list)

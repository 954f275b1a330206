"""Counts of Semantic Scholar: `POST /graph/v1/paper/batch`.

https://api.semanticscholar.org/api-docs/graph#tag/Paper-Data/operation/post_graph_get_papers. The response is an array
in the order of the ids, with null for those that are unknown. With a key, one request a second is allowed; without one,
all users share the limit. Checked against what danielnsilva/semanticscholar recorded
(tests/data/test_get_papers_return_not_found.yaml).
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from paperreader import paths
from paperreader.fetch.citations.counts import Counts, as_count, unusable
from paperreader.fetch.http.client import Client
from paperreader.fetch.http.content_check import JSON
from paperreader.fetch.http.errors import FetchError
from paperreader.fetch.http.rate_limiter import CrossProcessRateLimiter
from paperreader.models import Paper

REQUEST_INTERVAL_SECONDS = 1.1


def rate_limiter() -> CrossProcessRateLimiter:
    """Return what keeps the distance between all requests to Semantic Scholar."""
    return CrossProcessRateLimiter(paths.shared_state_folder(), "semanticscholar", REQUEST_INTERVAL_SECONDS)


class SemanticScholar:
    """Requests to Semantic Scholar.

    Args:
        client: sends them.
        url: of the API.
        key: sent to its host only; may be empty.
    """

    label = "Semantic Scholar"
    batch_size = 500

    def __init__(self, client: Client, url: str, key: str) -> None:
        self._client, self._url, self._key = client, url, key

    def counts(self, papers: Sequence[Paper]) -> Counts:
        """See `CitationService`."""
        ids = [f"ARXIV:{paper.arxiv}" if paper.arxiv else f"DOI:{paper.doi}" for paper in papers]
        headers = {"Content-Type": "application/json"} | ({"x-api-key": self._key} if self._key else {})
        try:
            raw = self._client.post(
                f"{self._url}/graph/v1/paper/batch?fields=citationCount",
                json.dumps({"ids": ids}).encode(),
                headers,
                expected=JSON,
                rate_limit=rate_limiter().slot,
            )
        except FetchError as error:
            if error.status == 400 and "No valid paper ids" in str(error):
                return dict.fromkeys((paper.id for paper in papers), None)
            raise explain_refusal(error, self._key) from error
        try:
            answers = json.loads(raw.data)
        except ValueError as error:
            raise unusable(self.label) from error
        if not isinstance(answers, list) or len(answers) != len(papers):
            raise unusable(self.label)
        return {
            paper.id: as_count(answer.get("citationCount")) if isinstance(answer, dict) else None
            for paper, answer in zip(papers, answers, strict=True)
        }


def explain_refusal(error: FetchError, key: str) -> FetchError:
    """Return an error that names the key if the service refused it or a request without one, else the same error."""
    if error.status in (401, 403):
        if not key:
            return FetchError(
                "Semantic Scholar refused a request without a key. Set SEMANTIC_SCHOLAR_API_KEY to a key."
            )
        return FetchError("Semantic Scholar refused the key. Check key_env or key_command in [citations].")
    return error

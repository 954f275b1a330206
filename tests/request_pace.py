"""Requests to services of tests follow each other at once: the distances of real ones would add up to minutes."""

from __future__ import annotations

from collections.abc import Callable

from paperreader.fetch import arxiv
from paperreader.fetch.citations import semantic_scholar
from paperreader.fetch.http import retry

_SECONDS = 0.001


def shorten_pace(set_value: Callable[[object, str, float], None] = setattr) -> None:
    """Set the distances between requests, and before the first repetition, in this process and its forks."""
    set_value(retry, "FIRST_BACKOFF_SECONDS", _SECONDS)
    set_value(arxiv, "REQUEST_INTERVAL_SECONDS", _SECONDS)
    set_value(arxiv, "CRAWL_DELAY_SECONDS", _SECONDS)
    set_value(semantic_scholar, "REQUEST_INTERVAL_SECONDS", _SECONDS)

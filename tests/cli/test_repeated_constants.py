"""Constants that the command line repeats so that `--help` need not import their modules."""

from __future__ import annotations

from paperreader.cli.commands import digest, trends
from paperreader.cli.commands.fetching import fetch
from paperreader.digest.render import RENDERERS
from paperreader.digest.trends.report import DEFAULT_WEEKS
from paperreader.fetch.arxiv import MAX_PAPERS


def test_digest_formats():
    assert set(digest.FORMATS) == set(RENDERERS)


def test_default_weeks_of_trends():
    assert trends.DEFAULT_WEEKS == DEFAULT_WEEKS


def test_maximum_limit_of_arxiv():
    assert fetch.MAX_LIMIT == MAX_PAPERS

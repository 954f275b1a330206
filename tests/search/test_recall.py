"""Known papers are found again among real ones, and like is found by like."""

from __future__ import annotations

import datetime as dt
import random
import re

import pytest

from paperreader import importers
from paperreader.models import ImportedEntry, Paper
from paperreader.search import IndexStore, SearchEngine
from paperreader.text.ids import title_key
from paperreader.text.tex_display import tex_to_unicode

SEED = 20250314


@pytest.fixture(scope="module")
def pages(real_data):
    """The pages each paper stands on, by paper."""
    found: dict[str, tuple[Paper, set[str]]] = {}
    for item in importers.expand_paths([str(real_data / "captures")]):
        for entry in importers.read_entries(item, date=None, today=dt.date(2025, 9, 1)):
            if isinstance(entry, ImportedEntry):
                record = entry.records[0]
                key = title_key(record.title)
                _, names = found.setdefault(key, (Paper(key, record.title, record.abstract), set()))
                names.add(record.source.name)
    assert len(found) == 364
    return list(found.values())


@pytest.fixture(scope="module")
def table(pages, make_module_table):
    return make_module_table(tuple(paper for paper, _ in pages))


@pytest.fixture(scope="module")
def real_index(table, tmp_path_factory):
    index = SearchEngine(IndexStore(tmp_path_factory.mktemp("real") / "index"))
    index.store.update(table)
    return index


def share(flags):
    flags = list(flags)
    return sum(flags) / len(flags)


def in_first_ten(index, table, query, row):
    return row in index.search(query, table, {}).rows[:10]


def test_three_words_of_the_abstract_find_the_paper(real_index, table):
    chooser = random.Random(SEED)
    queries = [
        " ".join(chooser.sample(sorted(set(re.findall(r"\w{4,}", tex_to_unicode(paper.abstract)))), 3))
        for paper in table.papers
    ]
    assert share(in_first_ten(real_index, table, query, row) for row, query in enumerate(queries)) >= 0.97


def test_a_title_with_a_typo_finds_the_paper(real_index, table):
    chooser = random.Random(SEED)

    def mistyped(title):
        word = chooser.choice(list(re.finditer(r"[^\W\d_]{4,}", title)) or [re.search(r"\w+", title)])
        place = chooser.randrange(word.start(), word.end() - 1)
        return title[:place] + title[place + 1] + title[place] + title[place + 2 :]

    queries = [mistyped(tex_to_unicode(paper.title)) for paper in table.papers]
    assert share(in_first_ten(real_index, table, query, row) for row, query in enumerate(queries)) >= 0.99


def test_every_prefix_of_the_words_of_titles_finds_something(real_index, table):
    for paper in table.papers[::12]:
        for word in re.findall(r"\w+", tex_to_unicode(paper.title)):
            for length in range(1, len(word) + 1):
                assert real_index.search(word[:length], table, {}).full_matches, word[:length]


def test_related_papers_stand_on_the_same_page_more_often_than_by_chance(real_index, table, pages):
    alone = {row: min(names) for row, (_, names) in enumerate(pages) if len(names) == 1}
    assert len(alone) == 349
    same = [
        alone[other] == page
        for row, page in list(alone.items())[::4]
        for other in [each for each in real_index.related(row, table).rows if each in alone][:10]
    ]
    assert share(same) >= 0.6


def test_titles_are_lit_where_their_words_stand(real_index, table):
    for row, paper in enumerate(table.papers[:40]):
        title = tex_to_unicode(paper.title)
        hits = real_index.search(title, table, {})
        assert hits.rows[0] == row
        lit = "".join(title[start:end] for start, end in hits.highlighter(title))
        assert len(lit) >= 0.8 * len("".join(re.findall(r"\w", title)))

"""Quality of results on real papers: known items and related papers."""

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
    """Return the pages of each paper."""
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
def real_engine(table, tmp_path_factory):
    engine = SearchEngine(IndexStore(tmp_path_factory.mktemp("real") / "index"))
    engine.store.update(table)
    return engine


def share(flags):
    flags = list(flags)
    return sum(flags) / len(flags)


def in_first_ten(engine, table, query, row):
    return row in engine.search(query, table, {}).rows[:10]


@pytest.mark.endurance
def test_three_words_of_abstract_find_paper(real_engine, table):
    chooser = random.Random(SEED)
    queries = [
        " ".join(chooser.sample(sorted(set(re.findall(r"\w{4,}", tex_to_unicode(paper.abstract)))), 3))
        for paper in table.papers[::4]
    ]
    assert share(in_first_ten(real_engine, table, query, 4 * at) for at, query in enumerate(queries)) >= 0.97


@pytest.mark.endurance
def test_title_with_typo_finds_paper(real_engine, table):
    chooser = random.Random(SEED)

    def mistyped(title):
        word = chooser.choice(list(re.finditer(r"[^\W\d_]{4,}", title)) or [re.search(r"\w+", title)])
        place = chooser.randrange(word.start(), word.end() - 1)
        return title[:place] + title[place + 1] + title[place] + title[place + 2 :]

    queries = [mistyped(tex_to_unicode(paper.title)) for paper in table.papers[::4]]
    assert share(in_first_ten(real_engine, table, query, 4 * at) for at, query in enumerate(queries)) >= 0.99


@pytest.mark.endurance
def test_every_prefix_of_title_words_has_matches(real_engine, table):
    for paper in table.papers[::24]:
        for word in re.findall(r"\w+", tex_to_unicode(paper.title)):
            for length in range(1, len(word) + 1):
                assert real_engine.search(word[:length], table, {}).full_matches, word[:length]


def test_related_papers_are_on_same_page_more_often_than_by_chance(real_engine, table, pages):
    alone = {row: min(names) for row, (_, names) in enumerate(pages) if len(names) == 1}
    assert len(alone) == 349
    same = [
        alone[other] == page
        for row, page in list(alone.items())[::4]
        for other in [each for each in real_engine.related(row, table).rows if each in alone][:10]
    ]
    assert share(same) >= 0.6


def test_title_words_are_highlighted(real_engine, table):
    for row, paper in enumerate(table.papers[:40]):
        title = tex_to_unicode(paper.title)
        hits = real_engine.search(title, table, {})
        assert hits.rows[0] == row
        highlighted = "".join(title[start:end] for start, end in hits.find_matches(title))
        assert len(highlighted) >= 0.8 * len("".join(re.findall(r"\w", title)))

"""Pages of Hugging Face Papers as other programs show them: all papers with their exact titles, or a refusal."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperreader.importers import Input, read_entries
from paperreader.models import ImportedEntry, Problem, SourceRecord
from tests.examples import examples
from tests.importers.hf_renderings import (
    MENU,
    RENDERERS,
    Item,
    browser_copy,
    debian_html2text,
    firecrawl,
    url_lines,
)
from tests.importers.page_rendering import abstracts, titles

SAVED = dt.date(2026, 8, 15)
ABSTRACT = (
    "We ask how few lamps light a corridor of many doors. A greedy walk that moves every lamp at most once comes within"
    " a factor of two, and a long-term plan of pre- and post-lighting does better. Code: https://github.com/lanternlab/walks."
)
ITEMS = (
    Item(
        "2607.11111",
        "Lanterns in a Corridor: How Few Lamps Suffice for Multi-Agent Walks through Long Halls at Night?",
    ),
    Item("2607.22222", "Sediment as a Clock", votes=0, authors=1, organization="Institute of Rivers"),
    Item(
        "2607.44444", "How Many Doors Does One Lamp of a Corridor Light: On the Limits of Generative Models"
    ),
    Item(
        "2503.33333",
        "From Pre- and Mid-Training to [M]asked $\\pi_0$ Policies: A Study of Single- and Multi-Teacher Tuning",
        authors=402,
    ),
)
WITH_ABSTRACTS = tuple(item._replace(abstract=ABSTRACT, organization="") for item in ITEMS)
BOILERPLATE = {
    *MENU,
    "---",
    "statusCode: 200",
    "akhaliq",
    "lamplighter",
    "Submitted by",
    "[2607]",
    "new",
    "Jobs",
    "AK",
}


def import_text(text: str, name: str = "page") -> tuple[list[SourceRecord], list[Problem]]:
    found = list(read_entries(Input(name, text.encode("utf-8", "replace"), SAVED), date=None, today=SAVED))
    records = [entry.records[0] for entry in found if isinstance(entry, ImportedEntry)]
    return records, [entry for entry in found if isinstance(entry, Problem)]


@pytest.mark.parametrize("program", RENDERERS)
@pytest.mark.parametrize("items", [ITEMS, WITH_ABSTRACTS], ids=["grid", "abstracts"])
def test_every_paper_is_found_with_its_exact_title(program, items):
    records, problems = import_text(RENDERERS[program](items))
    assert problems == []
    assert [record.title for record in records] == [item.title for item in items]
    assert [record.abstract for record in records] == [item.abstract for item in items]
    assert {record.source.date for record in records} == {"2026-08-01"}
    assert {record.source.kind for record in records} == {"capture"}


@pytest.mark.parametrize("program", ["lynx", "html2text", "Jina", "Firecrawl", "URL lines"])
def test_links_give_ids_and_votes(program):
    records, _ = import_text(RENDERERS[program](WITH_ABSTRACTS))
    assert [record.arxiv for record in records] == [item.id for item in WITH_ABSTRACTS]
    assert [record.votes for record in records] == [7, 0, 7, 7]
    assert "https://github.com/lanternlab/walks" in [link.url for link in records[0].links]


@pytest.mark.parametrize("program", ["Firecrawl", "URL lines"])
def test_date_below_a_paper_is_that_of_its_first_version_if_its_id_agrees(program):
    records, _ = import_text(RENDERERS[program](WITH_ABSTRACTS))
    assert [record.published for record in records] == ["2026-07-30", "2026-07-30", "2026-07-30", "2025-03"]


def test_votes_and_date_of_a_browsers_copy():
    records, _ = import_text(browser_copy(ITEMS))
    assert [(record.votes, record.arxiv, record.published) for record in records] == [
        (7, "", None),
        (0, "", None),
        (7, "", None),
        (7, "", None),
    ]


def test_underscore_that_may_be_an_index_refuses_the_page_of_debians_html2text():
    for title in ("On L_2 Norms of Lamps", "On $\\pi_0$ and Lamps"):
        records, problems = import_text(debian_html2text([ITEMS[0], Item("2607.55555", title)]))
        assert (records, len(problems)) == ([], 1)
    records, problems = import_text(debian_html2text(WITH_ABSTRACTS[:3]))
    assert ([record.title for record in records], problems) == ([item.title for item in ITEMS[:3]], [])


def test_page_without_its_papers_is_refused():
    for text in (browser_copy(()), firecrawl(())):
        records, (problem,) = import_text(text)
        assert records == []
        assert "paperreader fetch" in problem.message


def test_text_without_line_ends_between_its_parts_is_refused():
    glued = "".join(browser_copy(WITH_ABSTRACTS).split("\n"))
    records, problems = import_text(glued + "\n")
    assert records == []
    assert problems


def test_paper_that_can_be_voted_for_but_has_no_title_refuses_the_page():
    text = firecrawl(WITH_ABSTRACTS).replace(
        "### [Sediment as a Clock](https://huggingface.co/papers/2607.22222)", ""
    )
    text = text.replace(f"[{WITH_ABSTRACTS[1].abstract}", "[")
    records, problems = import_text(text)
    assert "Sediment as a Clock" not in [record.title for record in records]
    assert records == [] or problems


def test_trending_page_has_summaries():
    text = firecrawl([ITEMS[0]._replace(abstract="A summary of one sentence says what the lamps are for.")])
    text = text.replace("# Daily Papers", "# Trending Papers").replace("Aug 1\n\n", "")
    (record,), problems = import_text(text)
    assert problems == []
    assert (record.abstract, record.summary) == ("", "A summary of one sentence says what the lamps are for.")
    assert record.source.date is None


@pytest.mark.parametrize("title", ["00:\\", "Dim lamps\\", "Lamps \\", "\\ lamps at"])
def test_backslash_at_the_end_of_a_title_is_no_line_break(title):
    (_, record), problems = import_text(
        url_lines([Item("2607.10000", "Lantern lantern", ""), Item("2607.10001", title, "")])
    )
    assert (record.title, problems) == (title, [])


_MARKDOWN_ESCAPE = re.compile(r"\\[^\w\s]")
"""In pages with links in Markdown whose titles are not escaped, this cannot be told from an escaped character."""

wild_titles = st.one_of(
    titles,
    st.tuples(titles, st.sampled_from(["Models", "Next", "Languages", "2024", "May 5"])).map(" ".join),
    st.sampled_from(
        [
            "12 authors",
            "Submitted by",
            "Models",
            "Log In",
            "3",
            "-",
            "Aug 1",
            "· 5 authors",
            "Daily Papers",
            "Previous",
        ]
    ),
    st.text(
        st.characters(codec="utf-8", exclude_categories=["C", "Z"], include_characters=" "),
        min_size=3,
        max_size=90,
    ).map(lambda text: " ".join(text.split())),
)


@pytest.mark.parametrize("program", RENDERERS)
@given(data=st.data())
@examples(6)
def test_any_titles_are_found_exactly_or_the_page_is_refused(program, data):
    found = data.draw(
        st.lists(st.tuples(wild_titles, st.one_of(st.just(""), abstracts)), min_size=1, max_size=5)
    )
    items = [
        Item(f"2607.{number:05}", title, abstract)
        for number, (title, abstract) in enumerate(found, 10_000)
        if title and not (program == "URL lines" and _MARKDOWN_ESCAPE.search(title))
    ]
    items = list({item.title: item for item in items}.values())
    records, problems = import_text(RENDERERS[program](items))
    assert {record.title for record in records}.isdisjoint(BOILERPLATE - {item.title for item in items})
    if records:
        assert [record.title for record in records] == [item.title for item in items]
    else:
        assert problems


@pytest.mark.parametrize(
    ("shown", "day"),
    [
        ("Week 31, 2026", None),
        ("Jul 27 - Aug 2", None),
        ("2026 W31", None),
        ("July 2026", None),
        ("Jul", None),
        ("2026-07-30", "2026-07-30"),
        ("Aug 1, 2026", "2026-08-01"),
    ],
)
@pytest.mark.parametrize("program", ["browser's copy", "w3m", "Firecrawl"])
def test_pages_of_a_week_or_a_month_are_listed_on_no_day(program, shown, day):
    records, problems = import_text(RENDERERS[program](ITEMS).replace("Aug 1", shown))
    assert problems == []
    assert [record.title for record in records] == [item.title for item in ITEMS]
    assert {record.source.date for record in records} == {day}


@pytest.mark.parametrize("program", RENDERERS)
def test_page_that_a_mail_quotes(program):
    text = "\n".join(f"> {line}".rstrip() for line in RENDERERS[program](ITEMS).split("\n"))
    records, problems = import_text(text)
    assert problems == []
    assert [record.title for record in records] == [item.title for item in ITEMS]


RIGHT_TO_LEFT = (
    Item("2607.11111", "فوانيس في الممر: كم مصباحا يكفي للسير ليلا في القاعات الطويلة؟"),
    Item("2607.22222", "מנורות במסדרון ארוך מאוד"),
    Item("2607.33333", "走廊里的灯笼：多少盏灯足以照亮长廊？"),
)


@pytest.mark.parametrize("program", RENDERERS)
def test_several_days_in_other_languages_in_one_file(program):
    second = tuple(item._replace(id=f"2606.{item.id[5:]}", title=f"2 {item.title}") for item in RIGHT_TO_LEFT)
    render = RENDERERS[program]
    text = (
        render(RIGHT_TO_LEFT) + "\n\n" + render(second).replace("Aug 1", "Jun 30").replace("-08-01", "-06-30")
    )
    for written in (text, text.replace("\n", "\r\n")):
        records, problems = import_text(written)
        assert problems == []
        assert [record.title for record in records] == [item.title for item in (*RIGHT_TO_LEFT, *second)]
        assert {record.source.date for record in records} == {"2026-08-01", "2026-06-30"}


@pytest.mark.parametrize("program", RENDERERS)
def test_line_ends_of_other_systems(program):
    for end in ("\r\n", "\r"):
        records, problems = import_text(RENDERERS[program](ITEMS).replace("\n", end))
        assert problems == []
        assert [record.title for record in records] == [item.title for item in ITEMS]


def test_page_of_an_unknown_program_is_refused_instead_of_importing_its_buttons():
    lines = [line for item in WITH_ABSTRACTS for line in (item.title, item.abstract)]
    for signs in (["Models", "Log In", "Docs"], ["1 author", "2 authors", "3 authors"], ["Submitted by"] * 3):
        text = "\n\n".join(part for pair in zip(signs, lines, strict=False) for part in pair)
        records, problems = import_text(f"{text}\n\n{lines[3]}")
        assert (records, len(problems)) == ([], 1)

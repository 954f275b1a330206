"""Pages of Hugging Face Papers whose blank lines are lost: every title exactly as it is, or a refusal."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from tests.importers.hf_renderings import RENDERERS, Item, browser_copy, elinks, lynx, w3m
from tests.importers.test_rendered_pages import ITEMS, WITH_ABSTRACTS, import_text

LONG_TITLES = (
    "Lanterns in a Corridor: How Few Lamps Suffice for Walks through Long Halls at Night when Nobody Looks",
    "Sediment as a Clock that Remembers More Years than the Rivers that Wrote It, and What the Valley Forgets",
    "How Many Doors Does One Lamp of a Corridor Light: On the Limits of Generative Models and Generative Halls",
)
GRID = tuple(Item(f"2607.1000{number}", title) for number, title in enumerate(LONG_TITLES))


def without_numbers(items) -> str:
    """Return `lynx -dump -nolist`."""
    return re.sub(r"\[[0-9]+\]", "", lynx(items).partition("\nReferences")[0])


PROGRAMS = {**RENDERERS, "lynx -nolist": without_numbers}


def without_blank_lines(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if line.strip())


@pytest.mark.parametrize(
    ("program", "items"),
    [
        *((name, ITEMS) for name in ("lynx", "lynx -nolist", "html2text", "Jina", "Firecrawl", "URL lines")),
        *((name, ITEMS) for name in ("browser's copy", "headings", "elinks")),
        *(
            (name, WITH_ABSTRACTS)
            for name in ("lynx", "html2text", "Jina", "Firecrawl", "URL lines", "headings")
        ),
        *((name, GRID) for name in ("w3m", "elinks", "lynx -nolist")),
    ],
)
def test_pages_without_blank_lines_are_read(program, items):
    records, problems = import_text(without_blank_lines(PROGRAMS[program](items)))
    assert problems == []
    assert [record.title for record in records] == [item.title for item in items]


def test_organizations_are_no_part_of_titles():
    items = [*GRID, Item("2607.20000", "Slow Rivers", organization="Institute of Rivers")]
    for render in (browser_copy, elinks, without_numbers):
        records, problems = import_text(without_blank_lines(render(items)))
        assert problems == []
        assert [record.title for record in records] == [item.title for item in items]
    records, problems = import_text(without_blank_lines(w3m(items)))
    assert (records, len(problems)) == ([], 1), "the last line of a title may be an organization"


def test_copy_out_of_a_browser_has_organizations_below_its_longest_titles():
    short = [Item(f"2607.3000{number}", f"Slow Rivers, Part {number}") for number in range(8)]
    long = [item._replace(title=item.title[:80], organization="Institute of Rivers") for item in GRID[:2]]
    records, problems = import_text(browser_copy([*short, *long]))
    assert problems == []
    assert [record.title for record in records] == [item.title for item in (*short, *long)]


@pytest.mark.parametrize("title", [f"{LONG_TITLES[0][:74]} Models", f"{LONG_TITLES[1][:69]} in May 5"])
def test_last_word_of_a_title_that_looks_like_a_button_is_not_lost(title):
    items = [*GRID, Item("2607.20000", title)]
    for render in (w3m, elinks, without_numbers):
        records, _ = import_text(without_blank_lines(render(items)))
        assert [record.title for record in records] in ([], [item.title for item in items])


words = st.sampled_from(
    [
        "lamps",
        "rivers",
        "corridor",
        "of",
        "doors",
        "and",
        "the",
        "Long",
        "Models",
        "in",
        "Deep",
        "2024",
        "Institute",
    ]
)
long_titles = st.lists(words, min_size=1, max_size=22).map(lambda found: "On " + " ".join(found))
sentences = st.one_of(
    st.just(""), st.lists(words, min_size=8, max_size=80).map(lambda found: " ".join(found) + ".")
)


@pytest.mark.parametrize("program", PROGRAMS)
@given(
    st.lists(
        st.tuples(long_titles, sentences, st.sampled_from(["", "OpenLamps", "Institute of Rivers"])),
        min_size=1,
        max_size=8,
    ),
    st.booleans(),
)
@examples(8)
def test_wrapped_titles_are_exact_or_the_page_is_refused(program, found, is_grid):
    items = [
        Item(f"2607.{number}", title, "" if is_grid else abstract, organization=organization)
        for number, (title, abstract, organization) in enumerate(found, 10_000)
    ]
    items = list({item.title: item for item in items}.values())
    records, problems = import_text(without_blank_lines(PROGRAMS[program](items)))
    assert [record.title for record in records] == [item.title for item in items] or (
        not records and problems
    )


@pytest.mark.parametrize(
    "title",
    [
        "[1] Lamps",
        "• Lamps at Night",
        "[IMG] of Lamps",
        "* Lamps",
        "- Lamps",
        "Lamps <think> at *Night*, *",
        "### Lamps",
    ],
)
@pytest.mark.parametrize("program", PROGRAMS)
def test_titles_with_marks_are_exact_or_the_page_is_refused(program, title):
    items = [*ITEMS[:2], Item("2607.20000", title)]
    text = (lynx if program == "lynx -nolist" and "[1]" in title else PROGRAMS[program])(items)
    records, problems = import_text(text)
    assert [record.title for record in records] == [item.title for item in items] or (
        not records and problems
    )

"""Import of Daily Papers pages saved as text: both layouts, and damage of every kind."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperreader.importers import Input, read_entries
from paperreader.importers.daily_papers.text_page import GUESS_WARNING
from paperreader.models import ImportedEntry
from tests.importers.page_rendering import HEAD_B, TODAY, Paper, import_page, layout_a, layout_b, papers

LONG = (
    "Rivers lay down one layer a year, and most models forget all but the last. We keep a running summary of the "
    "layers and show that ten numbers are enough to tell a dry decade from a wet one, in every valley we saw."
)
SHORT = (
    "On the Very Long and Winding Road to Something Rather Small",
    "We take a short walk and see nothing at all.",
)
THREE: list[Paper] = [
    ("Sparse Lanterns: Lighting Long Corridors", LONG + " The code is at https://github.com/lab/lanterns."),
    ("Slow Rivers Remember", LONG),
    ("Can Clocks Forget?", LONG + " It can be had from https://rivers.example.org/clocks"),
]


def _bare(layout):
    """Return arguments that leave only the papers of a page."""
    return {"head": (), "day": ""} if layout is layout_a else {"head": ""}


@given(papers, st.sampled_from(["a", "b"]))
def test_page_round_trip(items: list[Paper], layout: str) -> None:
    text = layout_a(items) if layout == "a" else layout_b(items)
    assert import_page(text)[:2] == (items, [])


@given(papers, papers, st.sampled_from(["aa", "ab", "ba", "bb"]), st.sampled_from(["", "\n", "\n\n"]))
def test_several_pages_in_one_file(first: list[Paper], second: list[Paper], layouts: str, gap: str) -> None:
    texts = [
        (layout_a if layout == "a" else layout_b)(items)
        for items, layout in zip([first, second], layouts, strict=True)
    ]
    assert import_page(texts[0].rstrip() + gap + texts[1])[:2] == (first + second, [])


@pytest.mark.parametrize("layout", [layout_a, layout_b])
class TestForms:
    """One page in many encodings."""

    @pytest.mark.parametrize(
        "spoil",
        [
            lambda text: text.replace("\n", "\r\n").encode(),
            lambda text: text.replace("\n", "\r").encode(),
            lambda text: b"\xef\xbb\xbf" + text.encode(),
            lambda text: text.encode("utf-16"),
            lambda text: "".join(f"{line}  \t \n" for line in text.split("\n")).encode(),
            lambda text: "".join(f" \u00a0{line}\u200b\n" for line in text.split("\n")).encode(),
            lambda text: ("\n\n\n" + text + "\n\n\n").encode(),
            lambda text: "".join(f"> > {line}".rstrip() + "\n" for line in text.split("\n")).encode(),
            lambda text: (text + "\n\nPrevious\n\nNext\n").encode(),
        ],
    )
    def test_same_value_in_other_notations(self, layout, spoil) -> None:
        assert import_page(spoil(layout(THREE)))[:2] == (THREE, [])

    def test_latin_1(self, layout) -> None:
        items = [("Café Chess at Night", LONG.replace("Rivers", "Flüsse")), *THREE]
        assert import_page(layout(items).encode("latin-1"))[:2] == (items, [])

    def test_windows_quotes(self, layout) -> None:
        items = [("The “Café” Problem", f"“Déjà vu” – it’s said. {LONG}"), *THREE]
        assert import_page(layout(items).encode("cp1252"))[:2] == (items, [])

    def test_invalid_utf_8_is_replaced_and_reported(self, layout) -> None:
        items = [("Café Chess", f"Naïve façades: {LONG}"), *THREE]
        page = layout(items).encode()
        found, problems, _ = import_page(page.replace("façades".encode(), b"fa\xc3ades"))
        assert found == [("Café Chess", f"Naïve fa\ufffdades: {LONG}"), *THREE]
        (problem,) = problems
        assert problem.line == layout(items)[: layout(items).index("façades")].count("\n") + 1

    def test_page_without_a_header(self, layout) -> None:
        found, problems, _ = import_page(layout(THREE, **_bare(layout)))
        assert found == THREE
        (problem,) = problems
        assert "import --undo" in problem.message
        assert problem.line is None

    def test_title_without_abstract_is_imported_and_reported(self, layout) -> None:
        items = [THREE[0], ("An Announcement of Things to Come", ""), *THREE[1:]]
        found, problems, _ = import_page(layout(items))
        assert found == items
        (problem,) = problems
        assert "An Announcement of Things to Come" in problem.message
        text = layout(items)
        assert problem.line == text[: text.index("An Announcement")].count("\n") + 1

    def test_page_cut_after_a_title(self, layout) -> None:
        items = [*THREE[:2], (THREE[2][0], "")]
        found, problems, _ = import_page(layout(items))
        assert found == items
        assert [problem.line for problem in problems] == [layout(items).rstrip().count("\n") + 1]

    def test_page_cut_before_an_abstract(self, layout) -> None:
        text = layout([("", LONG), *THREE], **_bare(layout))
        found, problems, _ = import_page(text)
        assert found == THREE
        problem, guessed = problems
        assert problem.line == 1
        assert "without a title" in problem.message
        assert guessed.message == GUESS_WARNING

    def test_page_cut_in_an_abstract(self, layout) -> None:
        items = [*THREE[:2], (THREE[2][0], LONG[:150])]
        assert import_page(layout(items))[:2] == (items, [])

    def test_abstracts_of_several_paragraphs(self, layout) -> None:
        gap = "\n\n" if layout is layout_a else "\n"
        long = [LONG, LONG.replace("Rivers", "Glaciers"), "Code: https://github.com/lab/glaciers"]
        written = [THREE[0], ("Glaciers Remember Too", gap.join(long)), THREE[1]]
        expected = [THREE[0], ("Glaciers Remember Too", "\n\n".join(long)), THREE[1]]
        assert import_page(layout(written))[:2] == (expected, [])


def test_hand_wrapped_lines_are_one_paragraph() -> None:
    broken = "Rivers lay down one layer a year, and\nmost models forget all but the last. We\nkeep a running summary."
    title = "Sparse Lanterns: Lighting Long Corridors\nwith Models"
    assert import_page(layout_a([(title, broken), *THREE]))[:2] == ([(title, broken), *THREE], [])


def test_line_break_in_an_abstract_of_layout_a() -> None:
    found, problems, _ = import_page(
        layout_a([("Slow Rivers", f"{LONG}\nCode: https://github.com/a/b"), *THREE])
    )
    assert found == [("Slow Rivers", f"{LONG}\nCode: https://github.com/a/b"), *THREE]
    assert problems == []


@pytest.mark.parametrize(
    "title",
    [
        "Subscribers Leave",
        "Newton Methods Revisited",
        "[CLS] <think> [/INST]",
        "Gym",
        "R²",
        "2048",
        "Is It New",
    ],
)
@pytest.mark.parametrize("layout", [layout_a, layout_b])
def test_odd_titles(title: str, layout) -> None:
    for items in ([(title, LONG), THREE[1]], [THREE[0], (title, LONG)]):
        assert import_page(layout(items))[:2] == (items, [])


def test_title_that_looks_like_boilerplate_is_reported() -> None:
    found, problems, _ = import_page(layout_a([THREE[0], ("New", LONG), THREE[1]]))
    assert found == [THREE[0], THREE[1]]
    assert ["without a title" in problem.message for problem in problems] == [True]


def test_layout_b_with_button_on_its_own_line() -> None:
    assert import_page(layout_b(THREE, HEAD_B + "\n"))[:2] == (THREE, [])


def test_short_title_with_short_abstract() -> None:
    items = [
        THREE[0],
        (
            "On the Very Long and Winding Road to Something Rather Small",
            "We take a short walk and see nothing at all.",
        ),
        *THREE[1:],
    ]
    for text in (layout_a(items), layout_b(items)):
        assert import_page(text)[:2] == (items, [])


def test_garbage_between_papers_is_reported() -> None:
    found, problems, _ = import_page(layout_a([*THREE[:1], ("* * *", ""), *THREE[1:]]))
    assert found == THREE
    (problem,) = problems
    assert "* * *" in problem.message
    assert problem.line is not None


class TestDays:
    """The listing date, by priority of its sources."""

    def days(self, text: str, **given: object) -> set[str | None]:
        return set(import_page(text, **given)[2])  # type: ignore[arg-type]

    def test_date_given_by_the_user(self) -> None:
        assert self.days(layout_a(THREE), name="2024-01-01.txt", date="2020-02-02") == {"2020-02-02"}

    def test_date_in_the_file_name(self) -> None:
        assert self.days(layout_a(THREE), name="daily-2024-01-05.txt") == {"2024-01-05"}
        assert self.days(layout_b(THREE), name="daily-2024-01-05.txt") == {"2024-01-05"}

    def test_date_on_page_with_year_of_the_file(self) -> None:
        assert self.days(layout_a(THREE, "Mar 14")) == {"2025-03-14"}
        assert self.days(layout_a(THREE, "Jun 1")) == {"2025-06-01"}
        assert self.days(layout_a(THREE, "Jun 2")) == {"2024-06-02"}
        assert self.days(layout_a(THREE, "Feb 29")) == {"2024-02-29"}

    def test_date_of_standard_input(self) -> None:
        assert self.days(layout_a(THREE, "Jan 14"), modified=None) == {"2026-01-14"}
        assert self.days(layout_a(THREE, "Jan 16"), modified=None) == {"2025-01-16"}

    def test_date_on_page_with_year(self) -> None:
        assert self.days(layout_a(THREE, "Aug 8, 2021")) == {"2021-08-08"}

    def test_page_without_a_date(self) -> None:
        assert self.days(layout_b(THREE)) == {None}

    @pytest.mark.parametrize(
        ("shown", "day"), [("2024-03-14", "2024-03-14"), ("Friday, March 14", "2025-03-14")]
    )
    def test_other_notations_of_a_date(self, shown: str, day: str) -> None:
        assert self.days(layout_a(THREE, shown)) == {day}

    @pytest.mark.parametrize("shown", ["14 mars", "14. März 2025", "3月14日", "14 de marzo", "14/03/2025"])
    def test_date_in_another_language_is_no_paper(self, shown: str) -> None:
        assert import_page(layout_a(THREE, shown)) == (THREE, [], [None] * 3)
        items = [("Llama 2", LONG), *THREE]
        assert import_page(layout_a(items, ""))[:2] == (items, [])

    def test_several_dates_on_one_page(self) -> None:
        text = layout_a(THREE[:1], "Mar 14") + "\nMar 13\n\n" + layout_a(THREE[1:], "", ())
        assert import_page(text)[2] == ["2025-03-14", "2025-03-13", "2025-03-13"]

    def test_page_without_a_date_does_not_inherit_one(self) -> None:
        text = layout_a(THREE[:1], "Mar 14") + "\n" + layout_b(THREE[1:])
        assert import_page(text)[2] == ["2025-03-14", None, None]


def test_source_key_is_content_and_index() -> None:
    text = layout_a(THREE).encode()

    def keys(name: str, data: bytes = text) -> list[str]:
        found = read_entries(Input(name, data, dt.date(2025, 6, 1)), date=None, today=TODAY)
        return [entry.records[0].source.key for entry in found if isinstance(entry, ImportedEntry)]

    assert keys("one.txt") == keys("two.txt") != keys("one.txt", text + b"\n")
    assert [key.partition(":")[2] for key in keys("one.txt")] == ["0", "1", "2"]
    assert all(len(key.partition(":")[0]) == 16 for key in keys("one.txt"))


def test_text_and_links_are_unchanged() -> None:
    raw = r"V$^2$L  and na\"{\i}ve" + "\u00ad \ufb02ow"
    page = layout_a([(raw, LONG + " See github.com/A/b."), *THREE])
    (entry, *_) = read_entries(
        Input("p.txt", page.encode()),
        date=None,
        today=TODAY,
    )
    assert isinstance(entry, ImportedEntry)
    (record,) = entry.records
    assert record.title == raw
    assert record.arxiv == ""
    assert [(link.url, link.kind) for link in record.links] == [("https://github.com/A/b", "code")]
    assert (record.source.kind, record.source.name) == ("capture", "p.txt")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b" \n\r\n\t \n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "PNG"),
        (bytes(range(256)) * 4, "binary"),
        (b"<!DOCTYPE html><html></html>", "web page"),
        (b"new\n\nSubscribe\n\nMar 14\n", "no papers"),
        (b"error: failed\nwarning: 3\nok\n", "does not look like"),
        (b"A Lonely Title\n", "does not look like"),
    ],
)
def test_files_without_a_page(data: bytes, words: str) -> None:
    found, problems, _ = import_page(data)
    assert found == []
    (problem,) = problems
    assert words in problem.message
    assert (problem.file, problem.line) == ("page.txt", None)


ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    "path",
    [
        "LICENSE",
        "CHANGELOG.md",
        "pyproject.toml",
        "docs/files.md",
        "docs/settings.md",
        "src/paperreader/models/papers.py",
        "src/paperreader/tui/styles/reader.tcss",
        "tests/importers/test_text_page.py",
        "docs/images/search.svg",
    ],
)
def test_text_of_another_kind_is_refused(path: str) -> None:
    found, problems, _ = import_page((ROOT / path).read_bytes())
    assert found == []
    (problem,) = problems
    assert re.search(
        "does not look like|is (?:source code|an SVG picture|a Markdown document|a license|a settings file)",
        problem.message,
    )


PROSE = (
    "You may copy this package and give it away as often as you like, as long as this notice goes with every copy of "
    "it. Nobody promises that it is good for anything at all. Should it break, both parts are yours to keep."
)


@pytest.mark.parametrize("layout", [layout_a, layout_b])
def test_prose_that_is_not_research_is_refused(layout) -> None:
    items = [(title, PROSE) for title in ("Copyright 1992 Lantern Consortium", "Notes on This Directory")]
    found, problems, _ = import_page(layout(items, **_bare(layout)))
    assert found == []
    assert "does not look like" in problems[0].message
    assert import_page(layout(items))[:2] == (items, []), "below the banner of a page there are papers"
    other = [
        ("Фонари и Реки", "Сколько фонарей освещают коридор? " * 7 + "Мы считаем. Река помнит каждый год.")
    ]
    assert import_page(layout(other, **_bare(layout)))[0] == other, "of other languages nothing is known"


def test_system_table_has_no_papers() -> None:
    names = ("root", "daemon", "mail", "news", "backup", "nobody", "list", "irc", "proxy", "www-data")
    table = "".join(
        f"{name}:x:{number}:{number}:{name}:/var/lib/{name}:/usr/sbin/nologin\n"
        for number, name in enumerate(names)
    )
    found, problems, _ = import_page(table)
    assert found == []
    assert "does not look like" in problems[0].message


LINES = st.one_of(
    st.sampled_from(
        [
            "",
            "",
            "",
            "new",
            "Subscribe",
            "Mar 14",
            "Get trending papers in your email inbox!",
            "Next",
            "* * *",
            "7",
        ]
    ),
    st.sampled_from(
        [
            LONG,
            LONG[:120],
            "A Short Title",
            "Title: with a Colon and Many More Words in It",
            "Code: https://github.com/a/b",
            "done.",
        ]
    ),
    st.text(alphabet="ab .A\u00e9$\\", min_size=1, max_size=30),
)


@given(st.lists(LINES, max_size=30), st.booleans())
def test_every_line_is_a_paper_or_a_problem(lines: list[str], bannered: bool) -> None:
    page_text = {"new", "Subscribe", "Mar 14", "Get trending papers in your email inbox!", "Next"}
    marked = [
        line if line.strip() in page_text or not line.strip() else f"{line} \u00ab{number}\u00bb"
        for number, line in enumerate(lines)
    ]
    head = ["Get trending papers in your email inbox!", ""] if bannered else []
    found, problems, _ = import_page("\n".join([*head, *marked]))
    imported = "\n".join(f"{title}\n{abstract}" for title, abstract in found)
    reported = {problem.line for problem in problems if problem.message != GUESS_WARNING}
    if None in reported:
        assert not found
        return
    reported_before = False
    for number, line in enumerate(marked, len(head) + 1):
        # A paragraph of several lines is reported with its first line.
        reported_before = number in reported or (reported_before and bool(line.strip()))
        if line.strip() and line.strip() not in page_text:
            assert line.strip() in imported or reported_before, (number, line)

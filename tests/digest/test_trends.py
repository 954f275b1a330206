"""`paperreader trends`: rising terms, papers per day, most voted papers."""

from __future__ import annotations

import datetime as dt
import json
import random
import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperreader.cli.main import run
from paperreader.digest.trends.report import Trends, compute_trends
from paperreader.digest.trends.rising_terms import rising_terms
from paperreader.digest.trends.window import bar_limit, chart_bars, last_busy_day
from paperreader.library import Library
from paperreader.text.bar_chart import ASCII_LEVELS, BLOCK_LEVELS, bar_chart
from tests.digest.papers import LAST, WORDS, weeks_of_papers, write_day
from tests.examples import examples
from tests.pages import THREE_PAPERS


@pytest.fixture(scope="module")
def prepared_weeks(tmp_path_factory):
    folder = tmp_path_factory.mktemp("weeks")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("CACHE", "STATE"):
            patch.setenv(f"XDG_{name}_HOME", str(folder / name))
        library = Library.open(folder / "library")
        library.imports.import_paths([write_day(folder, "weeks.json", weeks_of_papers())])
        assert (
            library.maintenance.index_is_current()
        )  # and known from now_counts on, wherever the tests have their folders
        yield library


def test_new_terms_rise_and_constant_ones_do_not(prepared_weeks):
    found = compute_trends(prepared_weeks, today=LAST)
    assert found.words[0].text == "magnetic ferns"
    assert found.words[0].query == '"magnetic ferns"'
    assert (found.words[0].papers, found.words[0].a_week_before) == (14, 0.0)
    texts = {term.text for term in found.words}
    assert not texts & {*WORDS, "magnetic", "ferns", "study", "the", "we"}
    assert [term.text for term in found.keywords] == ["Fern Magnetism"]


def test_query_of_rising_term_finds_its_papers(prepared_weeks):
    found = compute_trends(prepared_weeks, today=LAST)
    for term in (*found.words, *found.keywords):
        hits = prepared_weeks.search(f"{term.query} ")
        if term in found.words:
            assert hits.full_matches >= term.papers


def test_papers_per_day_and_most_voted(prepared_weeks):
    found = compute_trends(prepared_weeks, 3, today=LAST)
    assert (found.first, found.last) == ("2025-09-13", "2025-10-03")
    assert found.days == (4,) * 21
    assert [paper.votes for paper in found.week] == sorted(
        (paper.votes for paper in found.week), reverse=True
    )
    assert found.week[0].votes == 27
    assert found.month[0].votes == 49
    assert all(paper.date >= "2025-09-27" for paper in found.week)
    assert all(paper.date >= "2025-09-04" for paper in found.month)


def test_future_papers_do_not_count(prepared_weeks):
    found = compute_trends(prepared_weeks, 2, today=LAST - dt.timedelta(days=10))
    assert found.last == "2025-09-23"
    assert "magnetic ferns" not in {term.text for term in found.words}


def test_only_papers_of_the_period_are_read(prepared_weeks, monkeypatch):
    read = []
    table = type(prepared_weeks.table)
    real = table.paper
    monkeypatch.setattr(table, "paper", lambda self, row: read.append(self.day(row)) or real(self, row))
    compute_trends(prepared_weeks, 2, today=LAST)
    assert min(read) >= (LAST - dt.timedelta(days=29)).isoformat()
    assert len(read) <= 14 * 4 + 20


def test_json_round_trip(prepared_weeks, capsys):
    found = compute_trends(prepared_weeks, today=LAST)
    assert Trends.from_json(json.loads(json.dumps(found.to_json()))) == found
    assert run(["--library", str(prepared_weeks.folder), "trends", "--json"]) == 0
    output = json.loads(capsys.readouterr().out)
    assert set(output) == {"first", "last", "days", "words", "keywords", "week", "month", "later", "undated"}
    assert output["words"][0] == {
        "text": "magnetic ferns",
        "query": '"magnetic ferns"',
        "papers": 14,
        "a_week_before": 0.0,
        "score": found.words[0].score,
    }


def test_output_has_chart_and_lists(prepared_weeks, capsys, monkeypatch):
    command = ["--library", str(prepared_weeks.folder), "trends", "--weeks", "4"]
    monkeypatch.setenv("PAPERREADER_ASCII", "0")
    monkeypatch.setenv("TERM", "xterm")
    assert run(command) == 0
    out = capsys.readouterr().out
    assert "█" * 28 in out
    assert "Rising terms" in out
    assert "magnetic ferns" in out
    assert "Most voted this month" in out
    monkeypatch.setenv("PAPERREADER_ASCII", "1")
    assert run(command) == 0
    out = capsys.readouterr().out
    assert "|" * 28 in out
    assert out.isascii()


def test_undated_papers_are_not_counted_but_reported(home, tmp_path, capsys):
    undated = tmp_path / "page.txt"
    undated.write_text(THREE_PAPERS.replace("Mar 14\n\n", ""), encoding="utf-8")
    assert run(["import", str(undated)]) == 0
    capsys.readouterr()
    assert run(["trends"]) == 0
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "No papers with a date yet; 3 papers of uncertain date are not counted" in captured.err
    assert run(["import", write_day(tmp_path, "weeks.json", weeks_of_papers())]) == 0
    found = compute_trends(Library.open(), today=dt.datetime.now(dt.UTC).date())
    assert (found.last, found.days[-1], found.undated) == (LAST.isoformat(), 4, 3)
    assert found.words[0].text == "magnetic ferns"
    capsys.readouterr()
    run(["trends"])
    assert "3 papers of uncertain date are not counted" in capsys.readouterr().out


def days_between(first: str, last: str, papers_per_day: int) -> list[str]:
    start, end = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
    days = [(start + dt.timedelta(days=number)).isoformat() for number in range((end - start).days + 1)]
    return days * papers_per_day


@pytest.mark.parametrize(
    ("days", "last"),
    [
        (["2025-03-01"], "2025-03-01"),
        (["2025-03-01", "2025-09-01"], "2025-09-01"),
        ([*days_between("2025-01-01", "2025-03-01", 50), "2025-05-20"], "2025-03-01"),
        ([*days_between("2025-01-01", "2025-03-01", 50), *["2025-05-20", "2025-08-01"] * 3], "2025-03-01"),
        ([*days_between("2025-01-01", "2025-03-01", 50), "2025-03-04"], "2025-03-04"),
        (
            [*days_between("2025-01-01", "2025-03-01", 50), *days_between("2025-04-01", "2025-04-07", 2)],
            "2025-04-07",
        ),
        (
            [*days_between("2024-01-01", "2025-01-01", 500), *days_between("2025-02-01", "2025-03-01", 5)],
            "2025-03-01",
        ),
        ([*days_between("2025-01-01", "2025-03-01", 1), "2025-05-20"], "2025-05-20"),
    ],
)
def test_last_week_is_the_last_one_with_more_than_stray_papers(days, last):
    assert last_busy_day(Counter(days)) == last


@pytest.mark.parametrize(
    ("bars", "limit"),
    [
        ((), 0),
        ((0, 0), 0),
        ((7,), 7),
        ((0, 5, 3, 4), 5),
        ((10,) * 20 + (3000,), 40),
        ((10,) * 6 + (0,) * 9, 10),
    ],
)
def test_few_high_bars_do_not_flatten_the_others(bars, limit):
    assert bar_limit(bars) == limit
    assert all(line == "█" * len(bars) for line in bar_chart(bars, 3, limit=1) if any(bars) and all(bars))


@pytest.mark.parametrize(
    ("count", "width", "bars", "unit"), [(56, 70, 56, "day"), (84, 70, 12, "week"), (364, 70, 52, "week")]
)
def test_long_charts_have_a_bar_for_each_week(count, width, bars, unit):
    found, found_unit = chart_bars((1,) * count, width)
    assert (len(found), sum(found), found_unit) == (bars, count, unit)


def test_stray_paper_and_archive_change_no_trends(home, tmp_path, capsys):
    """The papers of the archive are from the same weeks, and half of them from one day."""
    chance = random.Random(5)
    library = Library.open()
    library.imports.import_paths([write_day(tmp_path, "weeks.json", weeks_of_papers())])
    before = compute_trends(library, today=dt.date(2026, 3, 1))
    archive = [
        {
            "arxiv": f"2509.{number:05}",
            "title": f"On {chance.choice(('glue', 'paint', 'nails'))} in buildings {number}",
            "abstract": "Buildings need many things.",
            "published": "2025-09-09" if number % 2 else f"2025-09-{1 + number % 20:02}",
        }
        for number in range(800)
    ]
    archive.append({"arxiv": "2601.00001", "title": "A stray paper", "published": "2026-01-15"})
    file = tmp_path / "archive.jsonl"
    file.write_text("\n".join(map(json.dumps, archive)), encoding="utf-8")
    library.imports.import_paths([str(file)])
    found = compute_trends(library, today=dt.date(2026, 3, 1))
    assert (found.last, found.later, before.later) == (before.last, 1, 0)
    assert (found.words, found.keywords, found.week) == (before.words, before.keywords, before.week)
    assert max(found.days) > 400
    capsys.readouterr()
    assert run(["trends"]) == 0
    out = capsys.readouterr().out
    assert "1 later paper is not counted" in out
    assert re.search(r"^ +\d+\+ ", out, re.MULTILINE), "the highest bar is cut"


def test_empty_library(home, capsys):
    assert run(["trends"]) == 0
    assert "No papers with a date yet" in capsys.readouterr().err
    assert run(["trends", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["days"] == []


@pytest.mark.parametrize("weeks", ["1", "53", "x", "-2", "²"])
def test_invalid_number_of_weeks_is_usage_error(home, weeks):
    assert run(["trends", "--weeks", weeks]) == 2


def test_no_rising_terms_without_earlier_weeks(library):
    found = compute_trends(library, today=LAST)
    assert found.words == ()
    assert sum(found.days) == 4


@examples(15)
@given(
    st.dictionaries(st.sampled_from("abcdef"), st.tuples(st.integers(0, 50), st.integers(0, 400))),
    st.integers(50, 60),
    st.integers(400, 500),
)
def test_rising_terms_have_growing_shares(counts, now, before):
    now_counts = {term: count for term, (count, _) in counts.items()}
    before_counts = {term: count for term, (_, count) in counts.items()}
    found = rising_terms(now_counts, before_counts, now, before)
    assert all(each.papers / now > each.before / before for each in found)
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)


def test_score_grows_with_number_of_papers():
    scores = [rising_terms({"a": papers}, {"a": 5}, 100, 700)[0].score for papers in (6, 12, 24)]
    assert scores == sorted(scores)
    assert rising_terms({"a": 10}, {"a": 70}, 100, 700) == []


@examples(15)
@given(
    st.lists(st.integers(0, 10**6), max_size=40),
    st.integers(1, 10),
    st.sampled_from([BLOCK_LEVELS, ASCII_LEVELS]),
)
def test_bar_chart_has_one_column_per_value(values, height, steps):
    lines = bar_chart(values, height, levels=steps)
    assert len(lines) == height
    assert all(len(line) == len(values) for line in lines)
    for place, value in enumerate(values):
        column = [line[place] for line in lines]
        assert (set(column) == {" "}) == (value == 0)
        assert sorted(column, key=steps.index) == column
        if value and value == max(values):
            assert set(column) == {steps[-1]}

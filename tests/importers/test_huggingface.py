"""Import of Hugging Face responses: items of every year, damaged days, single papers, saved pages."""

from __future__ import annotations

import datetime as dt
import html
import json

import pytest

from paperreader import importers
from tests.importers.import_helpers import import_clean, import_input, import_text, split_problems

FIRST = {
    "paper": {
        "id": "2405.01234",
        "authors": [
            {"_id": "a", "name": "Ada Lantern", "hidden": False, "user": {"user": "ada"}},
            {"_id": "b", "name": "Someone Shy", "hidden": True},
            {"_id": "c", "name": "Bo Corridor", "hidden": False},
        ],
        "publishedAt": "2024-05-24T17:34:15.000Z",
        "title": "Lanterns in Long Corridors: A Study\n  of Few Lamps",
        "summary": "We count lamps.\nThe code is at https://github.com/lanternlab/few-lamps.",
        "upvotes": 12,
    },
    "publishedAt": "2024-05-27T05:00:00.000Z",
    "title": "Lanterns in Long Corridors: A Study of Few Lamps",
    "numComments": 3,
}
"""An item of the first year, with only the fields that always existed."""

LATER = {
    "paper": {
        "id": "2510.04321v2",
        "authors": [{"name": "Cy River", "hidden": False}],
        "publishedAt": "2025-10-01T00:00:00.000Z",
        "submittedOnDailyAt": "2025-10-03T01:29:01.000Z",
        "title": "Rivers That <think> Before They Bend",
        "summary": "A river is asked where it goes next.",
        "upvotes": 7,
        "githubRepo": "https://github.com/riverlab/bends.git/",
        "githubStars": 41,
        "projectPage": " https://riverlab.github.io/bends",
        "ai_summary": "Rivers predict their bends.",
        "ai_keywords": ["rivers", "bends"],
        "organization": {"name": "riverlab"},
    },
    "title": "Rivers That <think> Before They Bend",
    "numComments": 2,
    "isAuthorParticipating": True,
}


def test_item_of_the_first_year():
    (record,) = import_clean(json.dumps([FIRST], indent=4), "2024-05-27.json")
    assert record.arxiv == "2405.01234"
    assert record.title == "Lanterns in Long Corridors: A Study\n  of Few Lamps"
    assert record.abstract.startswith("We count lamps.\nThe code")
    assert record.authors == ("Ada Lantern", "Someone Shy", "Bo Corridor")
    assert (record.votes, record.comments, record.stars) == (12, 3, None)
    assert [(link.url, link.kind) for link in record.links] == [
        ("https://github.com/lanternlab/few-lamps", "code")
    ]
    assert (record.repo, record.summary, record.keywords) == ("", "", ())
    assert (record.published, record.source.date, record.observed) == (
        "2024-05-24",
        "2024-05-27",
        "2024-05-27",
    )
    assert (record.source.kind, record.source.name) == ("huggingface", "2024-05-27.json")


def test_later_item_contains_its_listing_date():
    (record,) = import_clean(json.dumps([LATER]), "2025-12-24.json")
    assert (record.arxiv, record.source.date) == ("2510.04321", "2025-10-03")
    assert (record.votes, record.comments, record.stars) == (7, 2, 41)
    assert record.repo == "https://github.com/riverlab/bends"
    assert [(link.url, link.kind) for link in record.links] == [
        ("https://riverlab.github.io/bends", "project"),
        ("https://github.com/riverlab/bends", "code"),
    ]
    assert (record.summary, record.keywords) == ("Rivers predict their bends.", ("rivers", "bends"))


def test_given_date_overrides_every_other():
    records = import_clean(json.dumps([FIRST, LATER]), "2024-05-27.json", date="2024-06-01")
    assert {record.source.date for record in records} == {"2024-06-01"}


@pytest.mark.parametrize(
    ("name", "day"), [("2025-03-16.json", "2025-03-16"), ("2025-03-17.json", None), ("search.json", None)]
)
def test_date_in_a_name_is_used_for_items_without_their_own(name, day):
    (record,) = import_clean(json.dumps([FIRST]), name)
    assert record.source.date == day


@pytest.mark.parametrize(
    ("written", "repo"),
    [
        ("https://github.com/riverlab/bends/", "https://github.com/riverlab/bends"),
        ("https://github.com/riverlab/bends/tree/main/code", "https://github.com/riverlab/bends"),
        ("http://www.github.com/riverlab/Bends", "https://www.github.com/riverlab/Bends"),
        ("https://github.com/riverlab", ""),
        ("none yet", ""),
        ("javascript:alert(1)//github.com/a/b", ""),
    ],
)
def test_repository_is_empty_or_can_be_cloned(written, repo):
    (record,) = import_clean(json.dumps([{"paper": {**LATER["paper"], "githubRepo": written}}]))
    assert record.repo == repo
    assert not repo or repo in [link.url for link in record.links]


def test_repository_that_is_also_in_the_text_is_one_link():
    paper = {
        **LATER["paper"],
        "summary": "See https://github.com/RiverLab/Bends/tree/main/v2.",
        "projectPage": "https://github.com/riverlab/bends",
    }
    (record,) = import_clean(json.dumps([{"paper": paper}]))
    assert [link.url for link in record.links] == ["https://github.com/RiverLab/Bends/tree/main/v2"]
    assert record.repo == record.links[0].url


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        (" https://rivers.example.org/bends/", "project"),
        ("https://riverlab.github.io", "project"),
        ("https://huggingface.co/riverlab/bends", "model"),
        ("https://github.com/riverlab", "other"),
        ("https://huggingface.co/riverlab", "other"),
    ],
)
@pytest.mark.parametrize("sentence", ["", "More at {}."])
def test_project_page_named_by_the_source(written, kind, sentence):
    paper = {
        **LATER["paper"],
        "summary": sentence.format(written.strip()),
        "githubRepo": "",
        "projectPage": written,
    }
    (record,) = import_clean(json.dumps([{"paper": paper}]))
    assert [link.kind for link in record.links] == [kind]


def test_day_with_items_as_python_literals():
    item = json.loads(json.dumps(FIRST))
    item["paper"]["summary"] = 'It\'s "quoted", \\ escaped,\n\tbroken \x00 and naïve 🦆.'
    item["isAuthorParticipating"] = None
    records = import_clean(json.dumps([repr(item), repr(LATER)]), "2025-01-10.json")
    assert records[0].abstract == item["paper"]["summary"]
    assert records[0].authors == ("Ada Lantern", "Someone Shy", "Bo Corridor")
    assert [record.source.date for record in records] == ["2025-01-10", "2025-10-03"]


def test_object_around_the_items_dates_them():
    frame = {"status": "success", "date": "2025-01-10", "count": 1, "data": [repr(FIRST)]}
    for text in (json.dumps(frame), json.dumps(frame, indent=2), json.dumps(frame) + "\n"):
        (record,) = import_clean(text, "monday.json")
        assert (record.source.date, record.observed) == ("2025-01-10", "2025-01-10")


def test_only_damaged_items_are_lost_and_reported_with_their_index():
    day = json.dumps([FIRST, "{'paper': {'id': '2405", 7, None, {"paper": {"title": " "}}, LATER], indent=1)
    records, problems = import_text(day, "2024-05-27.json")
    assert [record.arxiv for record in records] == ["2405.01234", "2510.04321"]
    assert [record.source.key[-2:] for record in records] == [":0", ":5"]
    assert [problem.message.split(" cannot")[0] for problem in problems] == [
        f"item {n}" for n in (2, 3, 4, 5)
    ]
    lines = day.split("\n")
    assert lines[problems[0].line - 1].strip().startswith("\"{'paper'")
    assert "title is missing" in problems[3].message


def test_truncated_day_yields_its_papers():
    day = json.dumps([FIRST, LATER], indent=1)
    records, (problem,) = import_text(day[:-300], "2024-05-27.json")
    assert [record.arxiv for record in records] == ["2405.01234"]
    assert "not valid JSON" in problem.message
    assert problem.line > 20


@pytest.mark.parametrize("empty", ["[]", " [ ]\n", '{"date": "2025-01-11", "data": []}'])
def test_day_without_papers_is_no_problem(empty):
    assert import_text(empty) == ([], [])


def test_error_message_is_reported():
    records, (problem,) = import_text('{"error": "Paper not found"}')
    assert records == []
    assert "error message: “Paper not found”" in problem.message


@pytest.mark.parametrize("indent", [None, 2])
def test_single_paper(indent):
    answer = {**FIRST["paper"], "numComments": 5, "discussionId": "x"}
    item = importers.Input("2024-05-27.json", json.dumps(answer, indent=indent).encode(), dt.date(2025, 6, 1))
    (record,), problems = split_problems(import_input(item))
    assert problems == []
    assert (record.arxiv, record.votes, record.comments) == ("2405.01234", 12, 5)
    assert record.source.date is None, "no date says that it was ever listed"
    assert record.observed == "2025-06-01"


def test_votes_are_dated_by_the_latest_timestamp_of_a_page():
    item = importers.Input("day.json", json.dumps([FIRST, LATER]).encode(), dt.date(2026, 1, 2))
    records, _ = split_problems(import_input(item))
    assert {record.observed for record in records} == {"2025-10-03T01:29:01.000Z"}


def test_votes_are_dated_by_the_request_if_known():
    records, _ = import_text(json.dumps([FIRST, LATER]), observed="2026-01-10T08:00:00Z")
    assert {record.observed for record in records} == {"2026-01-10T08:00:00Z"}


def test_fields_of_another_type_are_left_out():
    paper = {
        **LATER["paper"],
        "upvotes": "7",
        "authors": [None, 3, "Di Bridge", {"name": 4}],
        "githubStars": -1,
        "ai_keywords": "rivers",
        "ai_summary": None,
        "projectPage": {"url": "x"},
        "publishedAt": 20250101,
        "submittedOnDailyAt": "yesterday",
    }
    (record,), (problem,) = import_text(json.dumps([{"paper": paper, "numComments": 1e300}]))
    assert "values out of range" in problem.message
    assert (record.votes, record.comments, record.stars, record.published) == (None, None, None, None)
    assert (record.authors, record.keywords, record.summary) == (("Di Bridge",), (), "")


@pytest.mark.parametrize("quote", ['"', "'"])
@pytest.mark.parametrize("target_first", [True, False])
def test_saved_page(quote, target_first):
    props = html.escape(json.dumps({"date": "2024-05-27T00:00:00.000Z", "dailyPapers": [FIRST, LATER]}))
    attributes = [
        f"data-target={quote}DailyPapers{quote}",
        'class="SVELTE_HYDRATER contents"',
        f"data-props={quote}{props}{quote}",
    ]
    body = " ".join(attributes if target_first else attributes[::-1])
    other = '<div data-target="SiteHeader" data-props="{&quot;a&quot;:1}"></div>'
    page = f"<!doctype html>\n<html><head><title>Daily Papers</title></head>{other}<div {body}></div>{other}</html>"
    records = import_clean(page)
    assert [record.arxiv for record in records] == ["2405.01234", "2510.04321"]
    assert records[1].title == "Rivers That <think> Before They Bend"
    assert [record.source.date for record in records] == ["2024-05-27", "2025-10-03"]


def test_other_web_page_is_reported():
    records, (problem,) = import_text("<html><body><p>Nothing here</p></body></html>")
    assert records == []
    assert "save the page of the papers themselves" in problem.message


def test_one_item_per_line():
    records = import_clean(f"{json.dumps(FIRST)}\n\n{json.dumps(LATER)}\n", "2024-05-27.jsonl")
    assert [record.source.key[-2:] for record in records] == [":0", ":2"]

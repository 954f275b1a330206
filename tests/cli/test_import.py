"""`paperreader import`."""

from __future__ import annotations

import io
import json
import os
import sys
import tarfile

import pytest

from paperreader.cli.main import run
from tests.importers.page_rendering import layout_a, layout_b

PAPERS = [
    ("Slow Rivers Remember", "Rivers lay down one layer a year. We count them."),
    ("Can Clocks Forget?", "A clock that is wound too late forgets an hour. We ask which one."),
]


def test_second_import_changes_nothing(paperreader, page):
    first = paperreader("import", page)
    assert (first.code, first.out) == (0, "3 read, 3 new, 0 merged, 0 unchanged\n")
    again = paperreader("import", page)
    assert (again.code, again.out) == (0, "3 read, 0 new, 0 merged, 3 unchanged\n")


def test_json_is_one_ascii_object_with_all_problems(paperreader, page, tmp_path):
    empty = tmp_path / "émpty.txt"
    empty.write_bytes(b"")
    result = paperreader("import", page, empty, "--json")
    assert result.code == 1
    assert result.out.isascii()
    (report,) = result.objects
    assert {key: report[key] for key in ("read", "new", "merged", "unchanged")} == {
        "read": 3,
        "new": 3,
        "merged": 0,
        "unchanged": 0,
    }
    (problem,) = report["problems"]
    assert set(problem) == {"file", "line", "message"}
    assert "émpty.txt" in problem["file"]


def test_problem_is_reported_with_location_but_no_failure(paperreader, tmp_path, page):
    cut = tmp_path / "cut-2025-03-15.txt"
    cut.write_text(
        page.read_text(encoding="utf-8") + "\nA Title Whose Abstract Was Cut Off\n", encoding="utf-8"
    )
    result = paperreader("import", cut)
    assert result.code == 0
    assert "4 read" in result.out
    assert "cut-2025-03-15.txt:" in result.err


def test_page_without_date_is_reported_until_date_is_given(paperreader, tmp_path):
    undated = tmp_path / "undated.txt"
    undated.write_text(layout_b(PAPERS), encoding="utf-8")
    result = paperreader("import", undated)
    assert (result.code, result.out) == (0, "2 read, 2 new, 0 merged, 0 unchanged\n")
    (line,) = result.err.splitlines()
    assert "undated.txt: no date of certain year found" in line
    assert "--date" in line
    assert paperreader("import", undated, "--date", "2024-02-29").err == ""
    assert {found["date"] for found in paperreader("search", "--json").objects} == {"2024-02-29"}


def test_unreadable_path_fails_but_others_are_imported(paperreader, page, tmp_path):
    result = paperreader("import", tmp_path / "missing.txt", page)
    assert result.code == 1
    assert "3 new" in result.out
    assert "missing.txt" in result.err
    assert "Traceback" not in result.err


def test_standard_input_with_date(paperreader, page):
    result = paperreader("import", "-", "--date", "2024-02-29", stdin=page.read_bytes())
    assert result.out.startswith("3 read, 3 new")
    assert {found["date"] for found in paperreader("search", "--json").objects} == {"2024-02-29"}


@pytest.mark.parametrize(
    ("date", "message"),
    [
        ("2025-02-29", "there is no day 2025-02-29 in the calendar"),
        ("2025-13-01", "there is no day 2025-13-01 in the calendar"),
        ("2025-2-9", "2025-2-9 is not a date; use the form 2025-10-03"),
        ("tomorrow", "tomorrow is not a date; use the form 2025-10-03"),
    ],
)
def test_invalid_date_is_usage_error(paperreader, page, date, message):
    result = paperreader("import", page, "--date", date)
    assert result.code == 2
    assert message in result.err
    assert len(result.err.splitlines()) == 1


def test_folder_is_imported_recursively(paperreader, page):
    assert paperreader("import", page.parent, "--json").objects[0]["read"] == 3


@pytest.mark.endurance
def test_real_pages_give_known_counts_in_any_order(paperreader, real_data, tmp_path):
    pages = sorted((real_data / "captures").glob("*.txt"))
    assert len(pages) == 3
    for place, order in enumerate((pages, pages[::-1])):
        library = tmp_path / f"library-{place}"
        result = paperreader("import", "--library", library, *order, "--json")
        report = json.loads(result.out)
        assert (report["read"], report["new"], report["merged"], report["unchanged"]) == (379, 364, 15, 0)
        again = json.loads(paperreader("import", "--library", library, *pages, "--json").out)
        assert (again["read"], again["new"], again["merged"], again["unchanged"]) == (379, 0, 0, 379)
    one, other = (
        paperreader("search", "--library", tmp_path / f"library-{place}", "--json").out for place in (0, 1)
    )
    assert sorted(one.splitlines()) == sorted(other.splitlines())


def test_api_response_merges_with_page_and_keeps_marks(filled, ids, tmp_path):
    filled("mark", ids["Slow"], "--bookmark", "--note", "Read this one.")
    item = {
        "paper": {
            "id": "2503.01234",
            "title": "Slow Rivers Remember:\n  A Study of Sediment Clocks",
            "summary": "Rivers lay down one layer a year.",
            "authors": [{"name": "Cy River", "hidden": False}],
            "upvotes": 17,
            "githubRepo": "https://github.com/riverlab/clocks/",
            "githubStars": 5,
            "submittedOnDailyAt": "2025-03-18T08:00:00.000Z",
            "ai_summary": "Rivers keep time.",
            "ai_keywords": ["sediment", "clocks"],
            "projectPage": " https://riverclocks.org",
        },
        "numComments": 2,
    }
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:xz") as archive:
        for name, content in (("2025-03-18.json", json.dumps([item])), ("2025-03-19.json", "[]")):
            header = tarfile.TarInfo(f"days/{name}")
            header.size = len(content)
            archive.addfile(header, io.BytesIO(content.encode()))
    packed = tmp_path / "march"
    packed.write_bytes(buffer.getvalue())
    assert filled("import", packed).out == "1 read, 0 new, 1 merged, 0 unchanged\n"
    (found,) = filled("show", ids["Slow"], "--json").objects
    assert (found["id"], found["aliases"]) == ("2503.01234", [ids["Slow"]])
    assert (found["bookmarked"], found["note"]) == (True, "Read this one.")
    assert (found["votes"], found["comments"], found["stars"]) == (17, 2, 5)
    assert (found["listed"], found["summary"], found["keywords"]) == (
        "2025-03-18",
        "Rivers keep time.",
        ["sediment", "clocks"],
    )
    assert {link["url"]: link["kind"] for link in found["links"]} == {
        "https://github.com/riverlab/clocks": "code",
        "https://riverclocks.org": "project",
    }
    assert [source["name"] for source in found["sources"]] == ["2025-03-18.json", "daily-2025-03-14.txt"]
    shown = filled("show", ids["Slow"]).out.splitlines()
    assert "18 Mar 2025 · 2503.01234 · 17 votes · 2 comments · 5 stars" in shown[1]
    assert {"Cy River", "Summary: Rivers keep time.", "Keywords: sediment, clocks"} <= set(shown)
    assert "project  https://riverclocks.org" in shown


def test_undo_import_keeps_marks(filled, ids, page, tmp_path):
    before = filled("search", "--json").out
    more = tmp_path / "more.jsonl"
    more.write_text(
        '{"title": "Slow Rivers Remember: A Study of Sediment Clocks", "arxiv": "2501.00009"}\n'
        '{"title": "Ladders for Short Astronomers", "votes": 1}\n'
    )
    assert filled("import", more).out == "2 read, 1 new, 1 merged, 0 unchanged\n"
    assert filled("mark", "2501.00009", "--note", "made meanwhile").code == 0
    output = filled("import", "--undo").out
    assert "1 paper removed, 1 restored" in output
    (found,) = filled("show", "--json", ids["Slow"]).objects
    assert (found["note"], found["aliases"]) == ("made meanwhile", ["2501.00009"])
    filled("mark", "2501.00009", "--note", "")
    assert [line["id"] for line in filled("search", "--json").objects] == [
        json.loads(line)["id"] for line in before.splitlines()
    ]
    (undone,) = filled("import", "--undo", "--json").objects
    assert undone == {"gone": 3, "changed": 0, "sources": [page.name]}
    nothing = filled("import", "--undo")
    assert (nothing.code, len(nothing.err.splitlines())) == (1, 1)
    assert filled("check").code == 0


@pytest.mark.parametrize("arguments", [[], ["--undo", "page.txt"]])
def test_import_of_nothing_or_with_undo_is_usage_error(paperreader, arguments):
    result = paperreader("import", *arguments)
    assert (result.code, len(result.err.splitlines())) == (2, 1)


def test_assumed_year_is_reported_once_until_a_date_is_given(paperreader, tmp_path):
    file = tmp_path / "page.txt"
    file.write_text(layout_a(PAPERS, "Aug 1"), encoding="utf-8")
    os.utime(file, (1_735_689_600, 1_735_689_600))  # the beginning of 2025
    (line,) = paperreader("import", file).err.splitlines()
    assert "2024-08-01; `paperreader import --date`" in line
    assert paperreader("import", file, "--date", "2023-08-01").err == ""
    assert {found["listed"] for found in paperreader("search", "--json").objects} == {"2023-08-01"}


@pytest.mark.parametrize(
    ("stdin", "message"),
    [
        (b"", "empty"),
        (b"<!DOCTYPE html><html></html>", "web page"),
        (b'{"title": "Only This"}\n', "only the title"),
    ],
)
def test_refused_input_fails(paperreader, tmp_path, page, stdin, message):
    result = paperreader("import", "-", stdin=stdin)
    assert (result.code, result.out) == (1, "0 read, 0 new, 0 merged, 0 unchanged\n")
    assert message in result.err
    file = tmp_path / "refused.txt"
    file.write_bytes(stdin)
    assert paperreader("import", file, page).code == 1
    assert paperreader("import", tmp_path).code == 0, "a folder may contain other files as well"


def test_input_without_papers_or_problems_succeeds(paperreader):
    assert paperreader("import", "-", stdin=b"[]").code == 0


def test_closed_standard_input_fails(paperreader, monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", None)
    assert run(["import", "-"]) == 1
    assert "standard input: is closed" in capsys.readouterr().err

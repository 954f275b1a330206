"""References with only a year or a month, from import to export and back."""

from __future__ import annotations

import json

import pytest

BIBTEX = """@inproceedings{he2016, title = {Deep Lamps for Corridors}, author = {He, Ada},
  booktitle = {LAMPS}, year = {2016}}
@article{lantern2015, title = {Lanterns in a Long Night}, author = {Lantern, Cy},
  journal = {Light \\& Night}, year = 2015, month = may}
@article{door2016, title = {Doors That Are Hardly Open}, author = {Door, Bo}, year = 2016, month = may, day = 3}
"""
VENUES = {"Deep": (None, "LAMPS"), "Lanterns": (r"Light \& Night", None), "Doors": (None, None)}
DATES = {"Deep": "2016", "Lanterns": "2015-05", "Doors": "2016-05-03"}


@pytest.fixture
def zotero(paperreader, tmp_path):
    """The command line with a library of three references."""
    file = tmp_path / "references.bib"
    file.write_text(BIBTEX, encoding="utf-8")
    assert paperreader("import", file).code == 0
    return paperreader


def dates(result):
    return {found["title"].split()[0]: found["date"] for found in result.objects}


def venues(result):
    return {found["title"].split()[0]: (found["journal"], found["booktitle"]) for found in result.objects}


def test_venues_are_shown_and_exported(zotero):
    assert venues(zotero("search", "--json")) == VENUES
    ids = {found["title"].split()[0]: found["id"] for found in zotero("search", "--json").objects}
    assert "May 2015 · Light & Night" in zotero("show", ids["Lanterns"]).out
    output = zotero("export", "--format", "bibtex").out
    assert "@inproceedings{he2016deep" in output
    assert "@article{lantern2015lanterns" in output
    assert "@article{door2016doors" in output
    assert r"journal = {Light \& Night}" in output.replace("{}", "")
    assert "TY  - CONF" in zotero("export", "--format", "ris", "lamps").out


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("date:2016", ["Doors", "Deep"]),
        ("date:2016-05", ["Doors"]),
        ("date:2016-01-01", []),
        ("date:2015-05", ["Lanterns"]),
        ("date:2015-05-01", []),
        ("date:>=2015", ["Doors", "Deep", "Lanterns"]),
        ("date:>=2016-01-01", ["Doors", "Deep"]),
        ("date:<2016-01-01", ["Lanterns"]),
        ("date:<2015-05-01", []),
        ("date:>2016", []),
        ("year:2014..2015", ["Lanterns"]),
    ],
)
def test_partial_dates_are_searchable(zotero, query, found):
    assert list(dates(zotero("search", "--json", query))) == found


def test_partial_dates_are_listed_and_shown(zotero):
    assert dates(zotero("search", "--json")) == DATES
    assert list(dates(zotero("search", "--json"))) == ["Doors", "Deep", "Lanterns"]
    listed = zotero("search").out.splitlines()
    shown = [line.partition("  ")[2] for line in listed]
    assert [line[:13] for line in shown] == ["2016-05-03   ", "2016         ", "2015-05      "]
    ids = {found["title"].split()[0]: found["id"] for found in zotero("search", "--json").objects}
    assert "May 2015" in zotero("show", ids["Lanterns"]).out
    assert "2016" in zotero("show", ids["Deep"]).out


@pytest.mark.parametrize(
    ("form", "parts"),
    [
        ("bibtex", ["year = {2016}\n}", "year = {2015},\n  month = may\n}", "month = may,\n  day = {3}\n}"]),
        ("biblatex", ["  date = {2016}", "  date = {2015-05}", "  date = {2016-05-03}"]),
        ("ris", ["PY  - 2016\nDA  - 2016///\n", "PY  - 2015\nDA  - 2015/05//\n", "DA  - 2016/05/03/\n"]),
        ("csv", [",2016,2016,", ",2015-05,2015-05,"]),
        ("jsonl", ['"published":"2016",', '"published":"2015-05",']),
        ("markdown", ["\n2016", "\nMay 2015", "\n3 May 2016"]),
        ("html", [">2016", ">May 2015", ">3 May 2016"]),
    ],
)
def test_partial_dates_and_venues_round_trip_in_every_format(zotero, tmp_path, form, parts):
    file = tmp_path / "taken-out"
    assert zotero("export", "--format", form, "--output", file).code == 0
    text = file.read_text(encoding="utf-8")
    assert [part for part in parts if part not in text] == [], text
    if form not in ("markdown", "html"):
        other = ("--library", tmp_path / "another")
        assert zotero(*other, "import", file).code == 0
        assert dates(zotero(*other, "search", "--json")) == DATES
        back = venues(zotero(*other, "search", "--json"))
        plain = {"Light \\& Night": "Light & Night"} if form in ("ris", "csv") else {}  # which have no TeX
        assert back == {
            title: tuple(plain.get(name, name) for name in names) for title, names in VENUES.items()
        }


def test_papers_with_partial_dates_belong_to_no_day(zotero, tmp_path):
    trends = json.loads(zotero("trends", "--json").out)
    assert (trends["last"], sum(trends["days"]), trends["undated"]) == ("2016-05-03", 1, 0)
    feed = zotero("digest", "--since", "2015-01-01", "--format", "rss").out
    assert (feed.count("<item>"), feed.count("<pubDate>")) == (3, 1)
    since = zotero("digest", "--since", "2016-01-01", "--format", "rss").out
    assert "Hardly Open" in since
    assert "Deep Lamps" not in since

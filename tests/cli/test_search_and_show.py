"""`paperreader search`, `show` and `paths`."""

from __future__ import annotations

import json

import pytest

FIELDS = {
    "id", "aliases", "arxiv", "arxiv_version", "doi", "title", "abstract", "date", "listed", "published", "added",
    "authors", "links", "repo", "sources", "votes", "comments", "stars", "keywords", "categories", "summary", "journal",
    "booktitle", "editors", "entry_type", "edition", "volume", "number", "pages", "publisher", "isbn", "issn", "school",
    "report_type", "bookmarked", "read", "dismissed", "hidden", "disliked", "queue", "note", "tags", "highlights",
    "summaries", "watched", "citations",
}  # fmt: skip
LISTS = {
    "aliases",
    "authors",
    "editors",
    "links",
    "sources",
    "keywords",
    "categories",
    "tags",
    "highlights",
    "summaries",
    "watched",
}


def test_search_json_has_every_field_in_ascii(filled):
    result = filled("search", "--json", "lanterns")
    assert result.code == 0
    assert result.out.isascii()
    assert result.err == ""
    first = result.objects[0]
    assert set(first) == FIELDS | {"score", "match", "sentence"}
    assert first["match"] == "all"
    assert first["score"] > 0
    assert all(isinstance(first[name], list) for name in LISTS)
    assert first["votes"] is None
    assert first["summary"] is None
    assert first["note"] is None
    assert (first["bookmarked"], first["read"]) == (False, False)
    assert first["links"] == [
        {"url": "https://github.com/lanternlab/Sparse-Lanterns", "kind": "code", "host": "github.com"}
    ]
    assert first["sources"] == [{"kind": "capture", "name": "daily-2025-03-14.txt", "date": "2025-03-14"}]


def test_json_text_is_original_with_white_space_collapsed(filled, ids):
    (shown,) = filled("show", "--json", ids["Sparse"]).objects
    assert set(shown) == FIELDS
    assert r"$\mathcal{O}(n)$ doors. A greedy walk" in shown["abstract"]
    assert "\n" not in shown["abstract"]


def test_search_without_query_lists_all_papers(filled):
    found = filled("search", "--json").objects
    assert len(found) == 3
    assert {entry["match"] for entry in found} == {"all"}
    assert {entry["score"] for entry in found} == {None}


@pytest.mark.parametrize(
    "arguments",
    [
        ("--json", "--", "a", "-lamps"),
        ("--json", "a", "-lamps"),
        ("-lamps", "--json", "a"),
        ("a", "--limit", "5", "-lamps", "--json"),
        ("a", "NOT", "lamps", "--json"),
    ],
)
def test_excluded_words_anywhere(filled, ids, arguments):
    result = filled("search", *arguments)
    found = [entry["id"] for entry in result.objects]
    assert ids["Sparse"] not in found
    assert ids["Slow"] in found
    assert result.err == ""


@pytest.mark.parametrize("argument", ["--lamps", "-x", "--limits=3"])
def test_unknown_options_are_no_query(filled, argument):
    result = filled("search", "a", argument)
    assert result.code == 2
    assert f"has no option {argument.partition('=')[0]}" in result.err


@pytest.mark.parametrize("arguments", [(), ("--json",)])
def test_missing_id_says_how_to_add_it(filled, arguments):
    result = filled("search", "https://arxiv.org/abs/2510.99999v2", *arguments)
    assert result.out == ""
    assert (
        result.err
        == "paperreader: 2510.99999 is not in this library. Use `paperreader add 2510.99999` to add it.\n"
    )


def test_missing_doi_lists_nothing_unrelated(filled):
    result = filled("search", "https://doi.org/10.1234/slow.rivers")
    assert result.out == ""
    assert "10.1234/slow.rivers is not in this library. Use `paperreader import`" in result.err


def test_unclosed_quote_is_mentioned(filled):
    assert "the quote is not closed" in filled("search", '"slow rivers').err
    assert filled("search", '"slow rivers"').err == ""


def test_limit(filled):
    assert len(filled("search", "--json", "--limit", "2").objects) == 2
    for number in ("0", "-1"):
        wrong = filled("search", "--limit", number)
        assert wrong.code == 2
        assert f"{number} is not a whole number from 1 on" in wrong.err


def test_paper_is_one_plain_line_in_a_pipe(filled, ids):
    result = filled("search", "rivers")
    line = result.out.splitlines()[0]
    assert line.split() == [
        ids["Slow"][:28].rstrip("-"),
        "2025-03-14",
        *["Slow", "Rivers", "Remember:", "A", "Study", "of", "Sediment", "Clocks"],
    ]
    assert "\x1b" not in result.out


def test_short_ids_resolve_and_dates_are_aligned(paperreader, tmp_path):
    page = tmp_path / "more.jsonl"
    begun = "The slow and winding rivers of the northern plains"
    titles = [f"{begun}, part one", f"{begun}, part two", "A wholly different title of some length, too"]
    rows = [
        {"title": title, "authors": ["A"], "published": day}
        for title, day in zip(titles, ("2024-05-06", "2024-05", "2024"), strict=True)
    ]
    page.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    paperreader("import", page)
    lines = paperreader("search").out.splitlines()
    assert len({line.index(" 20") for line in lines}) == 1
    for line in lines:
        (shown,) = paperreader("show", "--json", line.split()[0]).objects
        assert line.endswith(shown["title"])
    assert any(len(line.split()[0]) <= 28 for line in lines)


def test_tex_is_converted_for_display(filled, ids):
    assert "Café Chess with Naïve Openings" in filled("search", "chess").out
    shown = filled("show", ids["Sparse"])
    assert "· Daily Papers (daily-2025-03-14.txt)" in " ".join(shown.out.split())
    assert "𝒪(n) doors" in " ".join(shown.out.split())
    assert "https://github.com/lanternlab/Sparse-Lanterns" in shown.out


def test_no_matches_is_reported_but_no_failure(filled):
    result = filled("search", "zzyzxqq")
    assert (result.code, result.out) == (0, "")
    assert "No papers match" in result.err
    assert filled("search", "--json", "zzyzxqq").out == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ["search", "anything"],
        ["show", "x"],
        ["open", "x"],
        ["pdf", "x"],
        ["mark", "x", "--read"],
        ["export", "--format", "csv"],
        ["digest"],
        ["trends"],
        ["remove", "x"],
        ["import", "--undo"],
        ["restore"],
        ["check"],
        ["reindex"],
    ],
)
@pytest.mark.parametrize("is_option", [True, False])
def test_named_library_that_does_not_exist_is_an_error(
    paperreader, tmp_path, monkeypatch, arguments, is_option
):
    monkeypatch.setattr("paperreader.cli.commands.reader.require_terminal", lambda: None)
    folder = tmp_path / "mistyped"
    if not is_option:
        monkeypatch.setenv("PAPERREADER_LIBRARY", str(folder))
    result = paperreader(*(["--library", folder] if is_option else []), *arguments)
    assert (result.code, result.out) == (1, "")
    named = "--library" if is_option else "PAPERREADER_LIBRARY"
    assert f"There is no folder {folder}. Check {named}," in result.err
    assert not folder.exists()


def test_commands_that_create_a_library_or_need_none_accept_any_folder(paperreader, page, tmp_path):
    assert paperreader("--library", tmp_path / "new", "paths").code == 0
    assert paperreader("--library", tmp_path / "new", "config").code == 0
    assert not (tmp_path / "new").exists()
    assert paperreader("--library", tmp_path / "new", "import", page).code == 0
    assert paperreader("--library", tmp_path / "new", "search", "lanterns").code == 0


def test_empty_library_without_a_name_is_no_error(paperreader):
    result = paperreader("search", "anything", "--json")
    assert (result.code, result.out) == (0, "")


@pytest.mark.parametrize("command", ["show", "open"])
def test_unknown_id_is_reported(filled, command, monkeypatch):
    monkeypatch.setattr("paperreader.cli.commands.reader.require_terminal", lambda: None)
    result = filled(command, "2999.99999")
    assert result.code == 1
    assert result.out == ""
    assert "2999.99999" in result.err
    assert len(result.err.splitlines()) == 1


def test_id_prefix_resolves(filled, ids):
    assert filled("show", "--json", ids["Slow"][:6]).objects[0]["id"] == ids["Slow"]


def test_library_option_before_or_after_command(paperreader, page, tmp_path):
    library = tmp_path / "elsewhere"
    assert paperreader("--library", library, "import", page).code == 0
    assert len(paperreader("search", "--json", "--library", library).objects) == 3
    assert paperreader("search", "--json").out == ""
    both = paperreader("search", "--sample", "--library", library)
    assert both.code == 2


def test_paths_prints_every_location(filled, home):
    result = filled("paths")
    places = dict(line.split(maxsplit=1) for line in result.out.splitlines())
    derived = {"cache", "for-you", "citations", "frame", "texts"}
    assert set(places) == {"library", "state", "config", "log", "samples", *derived}
    assert places["library"].startswith(str(home))


def test_sample_library_is_separate(filled):
    samples = filled("--sample", "search", "--json").objects
    assert len(samples) >= 60
    assert len(filled("search", "--json").objects) == 3


def test_unknown_field_is_reported_without_suggestion(filled):
    assert "Results for lanterns;" in filled("search", "lantrens").err
    errors = filled("search", "fro:lantrens").err
    assert "fro: is not a field" in errors
    assert "Did you mean" not in errors
    assert "autor: is not a field (did you mean author:?)" in filled("search", "autor:lantern").err

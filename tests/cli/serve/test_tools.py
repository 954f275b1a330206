"""The tools of `paperreader serve`, called through a client."""

from __future__ import annotations

import json
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperreader.library import Library
from paperreader.models import EMPTY_MARK, Highlight, Link, Mark, MarkChange, Paper, Source
from tests.cli.serve.conftest import Call, call, create_server
from tests.examples import examples
from tests.pages import HOSTILE


@pytest.fixture
def answers():
    """The module. It is imported here, because that takes most of a second."""
    from paperreader.mcp_server import answers

    return answers


def id_of(server: Call, query: str) -> str:
    [paper] = server("search", query=query)["papers"]
    return str(paper["id"])


def test_search_returns_papers_with_the_words_first(server):
    answer = server("search", query="layers rivers")
    assert answer["total"] == 1
    assert answer["papers"][0]["title"] == "Slow Rivers Remember: A Study of Sediment Clocks"
    assert [paper["match"] for paper in answer["papers"]] == ["all"] + ["some"] * (len(answer["papers"]) - 1)


def test_search_understands_fields_and_pages(server):
    first = server("search", query="has:code sort:title", limit=1)
    second = server("search", query="has:code sort:title", limit=1, offset=first["next_offset"])
    titles = [answer["papers"][0]["title"] for answer in (first, second)]
    assert titles == [
        'Café Chess with Na\\"{i}ve Openings',
        "Sparse Lanterns: Lighting Long Corridors with Few Lamps",
    ]
    assert (first["total"], second["next_offset"]) == (2, None)


def test_ids_that_are_missing_are_named_and_nothing_is_fetched(server):
    assert server("search", query="2501.99999")["not_in_library"] == ["2501.99999"]


def test_a_paper_is_shown_with_the_marks_of_the_user(server, library):
    id = id_of(server, "rivers")
    Library(library.folder).save([MarkChange(id, bookmark=True, note="Ten numbers.", tags={"clocks": True})])
    paper = server("show_paper", id=id)
    assert (paper["bookmarked"], paper["note"], paper["tags"]) == (True, "Ten numbers.", ["clocks"])
    assert (paper["cut"], paper["has_full_text"]) == ([], False)


def test_views_and_subscriptions_are_listed(server, library, home, monkeypatch):
    from paperreader.subscriptions import add_subscription

    add_subscription("Games", "chess")
    Library(library.folder).save([MarkChange(id_of(server, "rivers"), bookmark=True)])
    listed = server("list_views")
    assert {view["name"]: view["papers"] for view in listed["views"]} == {
        "all": 3,
        "new": 3,
        "unread": 3,
        "bookmarks": 1,
        "code": 2,
        "foryou": 2,
        "watched": 0,
        "updated": 0,
    }
    assert [(each["name"], each["papers"]) for each in listed["subscriptions"]] == [("Games", 1)]
    assert server("list_papers", view="bookmarks")["papers"][0]["title"].startswith("Slow Rivers")
    assert server("list_papers", view="games")["total"] == 1
    assert server("list_papers", view="foryou")["total"] == 2
    assert server("list_papers", view="watched")["papers"] == []
    watch = home / "watch.toml"
    watch.write_text('[watch]\nwords = ["rivers"]\n', encoding="utf-8")
    monkeypatch.setenv("PAPERREADER_CONFIG", str(watch))
    watching = partial(call, create_server(Library.open(), allow_writes=False, describe_crash=repr))
    assert watching("list_papers", view="watched")["papers"][0]["title"].startswith("Slow Rivers")
    assert server("list_papers", view="nothing") == (
        'There is no view or subscription "nothing". list_views names them.'
    )


def test_papers_of_another_process_are_found(server, library, tmp_path):
    server("list_papers")
    page = tmp_path / "refs.bib"
    page.write_text(
        "@article{a, title={Tides and Harbours}, year={2024}, abstract={Tides rise.}}", encoding="utf-8"
    )
    Library(library.folder).imports.import_paths([str(page)])
    assert server("search", query="tides harbours")["total"] == 1


def test_full_texts_are_returned_in_parts(server, stored_text):
    first = server("full_text", id=stored_text, length=300)
    parts, offset = first["text"], first["next_offset"]
    while offset is not None:
        part = server("full_text", id=stored_text, offset=offset, length=300)
        parts, offset = parts + part["text"], part["next_offset"]
    assert len(parts) == first["length"] > 1_000
    assert "Moths fly in circle 59." in parts
    start = {each["title"]: each["offset"] for each in first["sections"]}["1 Lamps"]
    assert parts[start:].startswith("## 1 Lamps\n")
    assert server("search", query='text:"circle 7"')["papers"][0]["sentence"] == "Moths fly in circle 7."


def test_full_texts_that_are_not_stored_are_not_fetched(server):
    answer = server("full_text", id=id_of(server, "rivers"))
    assert answer.startswith("The full text of ")
    assert answer.endswith("is not stored.")


def test_notes_and_tags_are_added_and_undone(server, library):
    id = id_of(server, "rivers")
    Library(library.folder).save([MarkChange(id, note="Mine.")])
    assert server("add_note", id=id, text="Theirs.\x1b[31m")["note"] == "Mine.\n\nTheirs.[31m"
    assert server("add_tag", id=id, tag=" #rl ") == {"id": id, "added": True, "tag": "rl"}
    assert server("add_tag", id=id, tag="rl")["added"] is False
    library.refresh()
    mark = library.mark(library.resolve(id))
    assert (mark.note_text, mark.tag_names) == ("Mine.\n\nTheirs.[31m", ("rl",))
    assert server("undo") == {"undone": f"tag rl on {id}"}
    assert server("undo") == {"undone": f"note on {id}"}
    assert "Nothing to undo" in server("undo")
    library.refresh()
    mark = library.mark(library.resolve(id))
    assert (mark.note_text, mark.tag_names) == ("Mine.", ())


def test_undo_leaves_a_note_that_the_user_edited(server, library):
    id = id_of(server, "rivers")
    server("add_note", id=id, text="Theirs.")
    Library(library.folder).save([MarkChange(id, note="Theirs. And mine.")])
    assert "was edited since" in server("undo")
    assert "Nothing to undo" in server("undo")
    assert server("show_paper", id=id)["note"] == "Theirs. And mine."


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("add_note", {"text": " \x1b "}),
        ("add_tag", {"tag": "#"}),
        ("search", {"query": "x" * 3_000}),
        ("search", {"query": "rivers", "limit": 1_000}),
        ("search", {"query": "rivers", "offset": -1}),
        ("show_paper", {}),
        ("full_text", {"length": 10_000_000}),
    ],
)
def test_arguments_out_of_range_are_refused(server, tool, arguments):
    known = {"id": id_of(server, "rivers")} if tool != "search" and arguments else {}
    message = server(tool, **known, **arguments)
    assert message[0].isupper() and message.endswith(".") and "\n" not in message
    assert not any(word in message for word in ("pydantic", "input", "Error executing"))


def test_wrong_arguments_are_explained_in_one_sentence(server):
    assert server("search", query="rivers", limit=1_000) == (
        "The arguments of search are not valid: limit should be less than or equal to 50."
    )
    assert server("show_paper") == "The arguments of show_paper are not valid: id is missing."
    long = "x" * 50_000
    assert len(server("full_text", id=long, offset=long, length=long)) < 1_000


def test_without_permission_nothing_can_be_written(library):
    server = create_server(library, allow_writes=False, describe_crash=repr)
    for tool in ("add_note", "add_tag", "undo"):
        assert call(server, tool, id="x", text="y") == f"Unknown tool: {tool}"


def test_an_unexpected_error_is_logged_and_the_server_continues(library, monkeypatch):
    server = create_server(library, allow_writes=False, describe_crash=lambda error: f"Logged: {error}.")
    with monkeypatch.context() as patch:
        patch.setattr(Library, "view_counts", lambda self: 1 / 0)
        assert "Logged: division by zero." in call(server, "list_views")
    assert call(server, "list_views")["views"]


TEXT = st.text(max_size=30).map(lambda text: (text + HOSTILE + "\\") * 60)
LONG = st.sampled_from(["\\" * 30_000, "字" * 30_000, "\x1b[31m" * 5_000, "a\n" * 10_000, ""])


@examples(10)
@given(title=LONG, abstract=LONG, note=LONG, name=TEXT, count=st.sampled_from([0, 1, 300]))
def test_answers_are_bounded_and_without_control_characters(answers, title, abstract, note, name, count):
    names = tuple(f"{name}{number}" for number in range(count))
    paper = Paper(
        id="p",
        title=title,
        abstract=abstract,
        authors=names,
        keywords=names,
        categories=names,
        links=tuple(Link(f"https://example.org/{each}", "web", "example.org") for each in names),
        sources=(Source("manual", "s", None, "k"),),
        summary=abstract,
    )
    highlights = {each: (Highlight(quote=note, comment=note), 1) for each in names[:200]}
    mark = Mark(note=(note, 1), tags=dict.fromkeys(names, (True, 1)), highlights=highlights)
    listed = answers.page_of_papers((answers.listed_paper(paper, mark) for _ in range(50)), 0, 50)
    for answer in (answers.paper_answer(paper, mark), listed):
        text = json.dumps(answer, ensure_ascii=False)
        assert len(text) <= answers.MAX_ANSWER_CHARS
        assert "\\u00" not in text
        assert not any(bad in text for bad in "\x1b\x9b\u202e\u2066")


def test_cut_fields_are_named(answers):
    paper = Paper(
        id="p", title="Title", abstract="word " * 5_000, sources=(Source("manual", "s", None, "k"),)
    )
    assert answers.paper_answer(paper, EMPTY_MARK)["cut"] == ["abstract"]

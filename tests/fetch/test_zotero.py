"""`zotero`, with a server that answers like Zotero on this machine."""

from __future__ import annotations

import json
import socket

import pytest

from paperreader import config
from paperreader.library import Library
from tests.fetch.server import Reply, item

SAVED = Reply(b"", status=201, content_type=None)


@pytest.fixture
def zotero(service, home):
    """The server, named in the settings."""
    use_zotero(service.url)
    service.respond("/connector/saveItems", SAVED)
    return service


def use_zotero(url):
    file = config.settings_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f'[fetch]\nzotero_url = "{url}"\n')


@pytest.fixture
def library(paperreader, tmp_path, home):
    """The command line with a preprint, a conference paper and a paper that has only a title."""
    lines = [
        {
            "paperreader": 1,
            "title": "Conference Lamps",
            "journal": "",
            "booktitle": "Proceedings of Lamps",
            "entry_type": "inproceedings",
            "doi": "10.1234/lamps",
            "pages": "1--9",
            "published": "2025-06-01",
            "authors": ["Ada van den Berg", "Lamp Group, Inc."],
            "keywords": ["light"],
        },
        {"paperreader": 1, "title": "A Paper on Paper", "abstract": "Of paper."},
    ]
    (tmp_path / "2026-11-17.json").write_text(json.dumps([item("2611.00001", "River $\\alpha$ Bends")]))
    (tmp_path / "more.jsonl").write_text("\n".join(map(json.dumps, lines)))
    assert paperreader("import", tmp_path / "2026-11-17.json", tmp_path / "more.jsonl").code == 0
    return paperreader


def ids(command):
    return [found["id"] for found in command("search", "--json", "sort:title").objects]


def sent_items(service):
    messages = [json.loads(each.body) for each in service.requests if each.path == "/connector/saveItems"]
    assert len({message["sessionID"] for message in messages}) == len(messages)
    return {item["title"]: item for message in messages for item in message["items"]}


def test_papers_are_sent_with_tags_and_notes(library, zotero):
    note = "# Lamps\n\nTry **this** <b>one</b>."
    assert library("mark", "2611.00001", "--tag", "rl", "--note", note).code == 0
    result = library("zotero", *ids(library))
    assert (result.code, result.out, result.err) == (0, "3 papers sent to Zotero\n", "")
    items = sent_items(zotero)
    preprint, paper = items["River α Bends"], items["Conference Lamps"]
    assert (preprint["itemType"], preprint["repository"], preprint["archiveID"]) == (
        "preprint",
        "arXiv",
        "arXiv:2611.00001",
    )
    assert preprint["url"] == "https://arxiv.org/abs/2611.00001"
    assert {"tag": "rl"} in preprint["tags"]
    [note] = preprint["notes"]
    assert "<h1>Lamps</h1>" in note["note"] and "<strong>this</strong>" in note["note"]
    assert "<b>" not in note["note"], "HTML in a note is text"
    assert (paper["itemType"], paper["proceedingsTitle"], paper["DOI"], paper["pages"], paper["date"]) == (
        "conferencePaper",
        "Proceedings of Lamps",
        "10.1234/lamps",
        "1-9",
        "2025-06-01",
    )
    assert paper["creators"] == [
        {"creatorType": "author", "firstName": "Ada", "lastName": "van den Berg"},
        {"creatorType": "author", "lastName": "Lamp Group, Inc.", "fieldMode": 1},
    ]
    assert paper["tags"] == [{"tag": "light", "type": 1}]
    assert items["A Paper on Paper"]["itemType"] == "document"
    assert "notes" not in paper and "tags" not in items["A Paper on Paper"]


def test_papers_are_sent_once_unless_asked_for(library, zotero):
    assert library("zotero", "2611.00001").code == 0
    result = library("zotero", "-", stdin="\n".join(ids(library)).encode())
    assert result.out == "2 papers sent to Zotero, 1 skipped: sent before (--again sends them)\n"
    assert library("zotero", "2611.00001").out.startswith("0 papers sent")
    assert len(zotero.requests) == 2
    assert library("zotero", "--again", "2611.00001").out == "1 paper sent to Zotero\n"


def test_unknown_ids_are_named_and_the_others_sent(library, zotero):
    result = library("zotero", "2611.00001", "2611.99999")
    assert (result.code, result.out) == (1, "1 paper sent to Zotero\n")
    assert "2611.99999" in result.err


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        (Reply({"libraryEditable": False}, status=500), "Zotero cannot save into the collection"),
        (Reply({"error": "SESSION_EXISTS"}, status=409), "refused the request (409"),
        (Reply(b"Request not allowed", status=403, content_type="text/plain"), "refused the request (403"),
        (Reply(b"", status=429), "too many requests"),
    ],
)
def test_a_failure_to_send_is_one_sentence(library, zotero, reply, message):
    zotero.respond("/connector/saveItems", reply)
    result = library("zotero", "2611.00001")
    assert result.code == 1 and message in result.err and result.err.count("\n") == 1
    zotero.respond("/connector/saveItems", SAVED)
    assert library("zotero", "2611.00001").out == "1 paper sent to Zotero\n"


def test_zotero_that_is_not_running_is_named(library, home):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        use_zotero(f"http://127.0.0.1:{unused.getsockname()[1]}")
        for action in (["2611.00001"], ["--import"]):
            result = library("zotero", *action)
            assert result.code == 1
            assert result.err.startswith("paperreader: Zotero does not respond. Start it")


def zotero_items(first, count):
    return [
        {
            "key": f"K{number}",
            "version": 1,
            "data": {
                "key": f"K{number}",
                "itemType": "journalArticle",
                "title": f"Rivers, Part {number}",
                "DOI": f"10.1234/rivers.{number}",
                "creators": [{"creatorType": "author", "firstName": "Ada", "lastName": "Berg"}],
                "tags": [{"tag": "mine"}, {"tag": "automatic", "type": 1}],
            },
        }
        for number in range(first, first + count)
    ]


def respond_items(service, *pages, notes=()):
    for number, page in enumerate(pages):
        service.respond(
            f"/api/users/0/items/top?format=json&limit=100&start={100 * number}", Reply(list(page))
        )
    service.respond("/api/users/0/items?itemType=note", Reply(list(notes)))


def test_items_are_imported_with_tags_and_notes_page_by_page(paperreader, zotero):
    note = {"key": "N1", "data": {"itemType": "note", "parentItem": "K3", "note": "<p>See <b>here</b>.</p>"}}
    orphan = {"key": "N2", "data": {"itemType": "note", "parentItem": "K9999", "note": "<p>Nobody's.</p>"}}
    respond_items(zotero, zotero_items(0, 100), zotero_items(100, 7), notes=[note, orphan])
    result = paperreader("zotero", "--import")
    assert result.code == 0 and "107 read" in result.out
    (found,) = paperreader("show", "--json", "rivers-part-3-").objects
    assert (found["tags"], found["note"], found["keywords"]) == (["mine"], "See **here**.", ["automatic"])
    assert "107 unchanged" in paperreader("zotero", "--import").out
    assert [request.path for request in zotero.requests].count("/connector/saveItems") == 0


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        (
            Reply(b"Local API is not enabled", status=403, content_type="text/plain"),
            "Allow other applications",
        ),
        (Reply({"items": []}), "no list of items"),
        (Reply(b"<html>", content_type="text/html"), "returned a web page instead of JSON"),
        (Reply(b"[{", content_type="application/json"), "no list of items"),
        (Reply(b"", status=404), "Update it to Zotero 7"),
    ],
)
def test_a_failure_to_import_is_one_sentence(paperreader, zotero, reply, message):
    zotero.respond("/api/users/0/items", reply)
    result = paperreader("zotero", "--import")
    assert result.code == 1 and message in result.err and result.err.count("\n") == 1
    assert not len(Library.open().table)


def test_a_server_that_repeats_its_page_is_read_once(paperreader, zotero):
    zotero.respond("/api/users/0/items/top", Reply(zotero_items(0, 100)))
    zotero.respond("/api/users/0/items?itemType=note", Reply([1, "x", {"data": 3}]))
    assert "100 read" in paperreader("zotero", "--import").out


def test_problems_name_zotero_and_no_file(paperreader, zotero, tmp_path):
    respond_items(zotero, [])
    result = paperreader("zotero", "--import")
    assert result.code == 0 and "0 read" in result.out
    assert "Zotero: no items in" in result.err and ".json" not in result.err
    respond_items(zotero, [*zotero_items(0, 2), {"key": "K9", "data": {"itemType": "book", "title": ""}}])
    result = paperreader("zotero", "--import")
    assert "2 new" in result.out
    assert "Zotero: " in result.err and ".json" not in result.err


def test_wrong_use_is_explained(library):
    assert "Name the papers to send" in library("zotero").err
    assert "leave out ids" in library("zotero", "--import", "2611.00001").err

"""`enrich`: citation counts, with servers that answer like Semantic Scholar and OpenAlex, and misbehave."""

from __future__ import annotations

import datetime as dt
import json
import stat

import pytest

from paperreader import config, paths
from paperreader.fetch.citations import openalex, semantic_scholar
from paperreader.library import Library
from tests.fetch.server import Reply, item

KEY = "secret-key-4711"
BATCH = "/graph/v1/paper/batch?fields=citationCount"


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch):
    for name in ("SEMANTIC_SCHOLAR_API_KEY", "OPENALEX_API_KEY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def scholar(service, monkeypatch):
    monkeypatch.setenv("PAPERREADER_SEMANTICSCHOLAR_URL", service.url)
    monkeypatch.setenv("SEMANTIC_SCHOLAR_API_KEY", KEY)
    return service


@pytest.fixture
def alex(service, monkeypatch):
    monkeypatch.setenv("PAPERREADER_OPENALEX_URL", service.url)
    monkeypatch.setenv("OPENALEX_API_KEY", KEY)
    return service


@pytest.fixture
def library(paperreader, tmp_path, home):
    """The command line with two papers of arXiv, one with a DOI, and one with neither; all bookmarked."""
    lines = [
        {"paperreader": 1, "title": "A Published Lamp", "abstract": "Light.", "doi": "10.1234/Lamp(1)"},
        {"paperreader": 1, "title": "A Lost Lamp", "abstract": "Dark."},
    ]
    items = [item(f"2611.0000{n}", title) for n, title in enumerate(("River Bends", "Mills"), 1)]
    (tmp_path / "2026-11-17.json").write_text(json.dumps(items))
    (tmp_path / "more.jsonl").write_text("\n".join(map(json.dumps, lines)))
    assert paperreader("import", tmp_path / "2026-11-17.json", tmp_path / "more.jsonl").code == 0
    ids = [found["id"] for found in paperreader("search", "--json").objects]
    assert paperreader("mark", *ids, "--bookmark").code == 0
    return paperreader


def titles(command, query):
    return [found["title"] for found in command("search", "--json", query).objects]


def answer_batch(counts):
    """Return a reply to each batch: the count of each id, None for those that are unknown."""
    return Reply([None if count is None else {"paperId": "x", "citationCount": count} for count in counts])


def test_counts_are_stored_filtered_and_sorted(library, scholar):
    order = [found["id"] for found in library("search", "--json", "is:bookmarked sort:date").objects]
    counts = {"2611.00001": 1_234, "2611.00002": 5}
    asked = [id for id in order if "lost" not in id]
    scholar.respond(BATCH, answer_batch([counts.get(id) for id in asked]))
    result = library("enrich")
    assert (result.code, result.out, result.err) == (
        0,
        "2 counted by Semantic Scholar, 0 known already, 2 unknown there\n",
        "",
    )
    [request] = scholar.requests
    assert set(json.loads(request.body)["ids"]) == {
        "ARXIV:2611.00001",
        "ARXIV:2611.00002",
        "DOI:10.1234/lamp(1)",
    }
    assert request.headers["x-api-key"] == KEY
    assert titles(library, "citations:>50") == ["River Bends"]
    [found] = library("search", "--json", "title:river").objects
    counted = {"count": 1_234, "day": "2026-11-20", "service": "Semantic Scholar"}
    assert found["citations"] == library("show", "--json", found["id"]).objects[0]["citations"] == counted
    assert "cited 1,234 times (Semantic Scholar, 20 Nov 2026)" in " ".join(
        library("show", found["id"]).out.split()
    )
    assert titles(library, "citations:1..10") == ["Mills"]
    assert titles(library, "sort:citations is:bookmarked")[:2] == ["River Bends", "Mills"]
    assert titles(library, "sort:-citations is:bookmarked")[:2] == ["Mills", "River Bends"]


def test_fresh_counts_are_not_requested_again(library, scholar, fake_time):
    scholar.respond(BATCH, answer_batch([7]))
    assert library("enrich", "title:mills").out.startswith("1 counted")
    assert library("enrich", "title:mills").out.startswith("0 counted by Semantic Scholar, 1 known already")
    assert len(scholar.requests) == 1
    scholar.respond(BATCH, answer_batch([8]))
    assert library("enrich", "--refresh", "title:mills").out.startswith("1 counted")
    fake_time.advance(days=8)
    assert library("enrich", "title:mills").out.startswith("1 counted")
    assert titles(library, "citations:8") == ["Mills"]


def test_a_query_without_matches_is_named(library, scholar):
    assert "No papers match zzzqqq." in library("enrich", "zzzqqq").err
    assert "No papers match zzzqqq." in library("fetch", "pdf", "zzzqqq").err
    assert scholar.requests == []


def test_openalex_finds_papers_of_arxiv_by_their_doi(library, alex):
    works = [
        {"doi": "https://doi.org/10.48550/arXiv.2611.00001", "cited_by_count": 90},
        {"doi": "https://doi.org/10.1234/lamp(1)", "cited_by_count": 3},
        {"doi": "https://doi.org/10.9999/other", "cited_by_count": 4},
        {"doi": None, "cited_by_count": 4},
        "nonsense",
    ]
    alex.respond("/works?", Reply({"results": works}))
    (report,) = library("enrich", "--json").objects
    assert (report["service"], report["updated"], len(report["unknown"])) == ("OpenAlex", 2, 2)
    assert titles(library, "citations:>1 sort:citations") == ["River Bends", "A Published Lamp"]
    [request] = alex.requests
    assert f"api_key={KEY}" in request.path


def test_the_key_is_never_stored_or_printed(library, alex, home, fake_time):
    alex.respond("/works?", Reply({"results": []}, headers={"ETag": '"1"'}))
    outputs = [library("enrich")]
    for reply in (
        Reply({"error": KEY}, status=401),
        Reply(b"", status=429),
        Reply("<html>", content_type="text/html"),
    ):
        alex.respond("/works?", reply)
        outputs.append(library("enrich"))
    assert all(KEY not in each.out + each.err for each in outputs)
    stored = [path for path in home.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]
    assert stored == []


def test_a_key_comes_from_a_command_and_its_failure_is_explained(library, service, monkeypatch):
    monkeypatch.setenv("PAPERREADER_SEMANTICSCHOLAR_URL", service.url)
    service.respond(BATCH, answer_batch([7]))
    file = config.settings_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f'[citations]\nkey_command = ["echo", "{KEY}"]\n')
    assert library("enrich", "title:mills").code == 0
    assert service.requests[0].headers["x-api-key"] == KEY
    file.write_text('[citations]\nkey_command = ["false"]\n')
    result = library("enrich", "title:river")
    assert (result.code, result.err) == (1, "paperreader: The key command false failed: exit status 1.\n")


def test_without_a_key_nothing_is_requested(library, service, monkeypatch):
    monkeypatch.setenv("PAPERREADER_SEMANTICSCHOLAR_URL", service.url)
    result = library("enrich")
    assert result.code == 2 and "SEMANTIC_SCHOLAR_API_KEY" in result.err and service.requests == []
    file = config.settings_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text('[citations]\nservice = "openalex"\n')
    assert "requires a key" in library("enrich").err
    file.write_text('[citations]\nservice = "semanticscholar"\n')
    service.respond(BATCH, answer_batch([7]))
    assert library("enrich", "title:mills").code == 0
    assert "x-api-key" not in service.requests[0].headers


def test_without_bookmarks_one_sentence_says_so(paperreader, service, home):
    result = paperreader("enrich")
    assert (result.code, result.out) == (0, "")
    assert result.err.count("\n") == 1 and "No paper is bookmarked" in result.err
    assert service.requests == []


MISBEHAVIOR = {
    "429": (Reply(b"", status=429), "too many requests"),
    "429 later": (Reply(b"", status=429, headers={"Retry-After": "900"}), "in 15 minutes"),
    "403": (Reply({"message": "Forbidden"}, status=403), "refused the key"),
    "401": (Reply({"message": "Unauthorized"}, status=401), "refused the key"),
    "500": (Reply(b"", status=500), "internal error"),
    "redirect": (Reply(b"", status=302, headers={"Location": "http://example.org/"}), "refused the request"),
    "cut": (Reply(b'[{"citation', content_length=5_000), "broke off"),
    "web page": (Reply("<html>", content_type="text/html"), "web page instead of JSON"),
    "empty": (Reply(b""), "empty response"),
    "no list": (Reply({"error": "x"}), "cannot be understood"),
    "other length": (Reply([None, None]), "cannot be understood"),
    "broken": (Reply(b"[{]"), "cannot be understood"),
}


@pytest.mark.parametrize(("reply", "message"), MISBEHAVIOR.values(), ids=MISBEHAVIOR.keys())
def test_a_failure_is_one_sentence_and_loses_nothing(library, scholar, reply, message):
    scholar.respond(BATCH, answer_batch([7]))
    library("enrich", "title:mills")
    scholar.respond(BATCH, reply)
    result = library("enrich", "title:river")
    assert result.code == 1
    problem, remaining = result.err.splitlines()
    assert message in problem
    assert remaining == "paperreader: 1 paper remains. Run the same command again to continue."
    assert titles(library, "citations:7") == ["Mills"]


@pytest.mark.parametrize("value", [-1, 1.5, True, "7", None, 10**30, [7]])
def test_a_count_that_is_none_is_unknown(library, scholar, value):
    scholar.respond(BATCH, Reply([{"citationCount": value}]))
    assert library("enrich", "title:mills").out.endswith("0 known already, 1 unknown there\n")


def test_unknown_papers_alone_are_no_failure(library, scholar):
    scholar.respond(BATCH, Reply({"error": "No valid paper ids given"}, status=400))
    assert library("enrich", "title:mills").out.endswith("1 unknown there\n")


def test_a_paper_that_is_unknown_keeps_its_count_and_is_asked_for_again(library, scholar, fake_time):
    counts, today = Library.open().citation_counts, fake_time.now.date()
    scholar.respond(BATCH, answer_batch([7]), answer_batch([None]), answer_batch([8]))
    library("enrich", "title:mills")
    assert not counts.is_unknown("2611.00002", today, "Semantic Scholar")
    library("enrich", "--refresh", "title:mills")
    assert counts.is_unknown("2611.00002", today, "Semantic Scholar") and titles(library, "citations:7")
    assert not counts.is_unknown("2611.00002", today, "OpenAlex")
    assert not counts.is_unknown("2611.00002", today + dt.timedelta(7), "Semantic Scholar")
    library("enrich", "--refresh", "title:mills")
    assert not counts.is_unknown("2611.00002", today, "Semantic Scholar") and titles(library, "citations:8")


def test_batches_keep_their_size_and_what_arrived(library, scholar, monkeypatch):
    monkeypatch.setattr(semantic_scholar.SemanticScholar, "batch_size", 1)
    scholar.respond(BATCH, answer_batch([7]), Reply(b"", status=429))
    result = library("enrich")
    assert result.out.startswith("1 counted") and "2 papers remain" in result.err
    assert len(titles(library, "citations:7")) == 1
    assert openalex.OpenAlex.batch_size <= 50, "a filter has at most a hundred values"


def test_a_damaged_file_is_replaced_and_removed_papers_do_not_appear(library, scholar):
    scholar.respond(BATCH, answer_batch([7]))
    library("enrich", "title:mills")
    file = paths.citations_file(Library.open().uuid)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert f"citations {file}" in library("paths").out
    entries = json.loads(file.read_text())["counts"]
    for content in (b"{", b"[]", b'{"counts": 3}', b'{"counts": {"2611.00001": ["x", 1]}}', b"\xff"):
        file.write_bytes(content)
        assert titles(library, "citations:>0") == []
    file.write_text(
        json.dumps({"counts": {**entries, "gone": [9, "2026-11-20", "x"], "2611.00001": [-1, "", ""]}})
    )
    assert titles(library, "citations:>0") == ["Mills"]
    for unknown in (3, [], {"x": 1}, {"x": [1, None]}):
        file.write_text(json.dumps({"counts": entries, "unknown": unknown}))
        assert titles(library, "citations:>0") == ["Mills"]
    mills = next(iter(entries))
    for day, expected in (("31 Feb", None), ("2026-11-20", "2026-11-20")):
        file.write_text(json.dumps({"counts": {mills: [9, day, "\x1b[31mx"]}}))
        assert library("show", "--json", mills).objects[0]["citations"]["day"] == expected
        assert "cited 9 times" in library("show", mills).out and "\x1b" not in library("show", mills).out
    file.unlink()
    library("enrich", "title:mills")
    assert titles(library, "citations:>0") == ["Mills"]

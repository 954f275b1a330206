"""`find`: search of services, with servers that answer like them, and misbehave."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperreader import config
from paperreader.fetch.online.queries import to_online_query
from tests.fetch.server import ATOM, Reply, entry, feed, item

SCHOLAR = "/graph/v1/paper/search?"


@pytest.fixture
def services(service, monkeypatch):
    monkeypatch.setenv("PAPERREADER_SEMANTICSCHOLAR_URL", service.url)
    return service


def parameters(request):
    return {name: values[0] for name, values in parse_qs(urlsplit(request.path).query).items()}


def scholar_paper(number, **more):
    return {
        "paperId": f"{number:040x}",
        "title": f"Lamps, Part {number}",
        "abstract": "Light.",
        "authors": [{"name": "Ada Berg"}],
        "externalIds": {"ArXiv": f"2611.{number:05}"},
        **more,
    }


def test_results_of_hugging_face_mark_those_in_the_library(paperreader, services, tmp_path):
    known, other = item("2611.00001", "River Bends"), item("2611.00002", "Mills")
    (tmp_path / "known.json").write_text(json.dumps([known]))
    assert paperreader("import", tmp_path / "known.json").code == 0
    services.respond("/api/papers/search?", Reply([other, known]))
    result = paperreader("find", "water", "is:bookmarked", "that", "flows")
    assert result.code == 0
    first, second = result.out.splitlines()
    assert (
        "Mills" in first
        and "+" not in first
        and second.startswith("2611.00001")
        and "+ River Bends" in second
    )
    assert "2 papers from Hugging Face" in result.err and "only concerns the library: is:" in result.err
    assert parameters(services.requests[-1]) == {"q": "water that flows", "limit": "120"}
    known_again, _ = reversed(paperreader("find", "--json", "water").objects)
    assert (known_again["in_library"], known_again["title"]) == ("2611.00001", "River Bends")


def test_nothing_is_added_unless_asked_for(paperreader, services):
    services.respond(
        "/api/papers/search?", Reply([item("2611.00001", "River Bends"), item("2611.00002", "Mills")])
    )
    paperreader("find", "water")
    assert paperreader("search", "--json").objects == []
    assert "added" in paperreader("find", "--add", "--limit", "1", "water").err
    assert [found["title"] for found in paperreader("search", "--json", "bends").objects] == ["River Bends"]
    assert "The sample library" in paperreader("--sample", "find", "--add", "water").err


def test_queries_are_translated_for_arxiv(paperreader, services):
    services.respond(
        "/api/query", Reply(feed(entry("2611.00001", "River Bends"), total=1), content_type=ATOM)
    )
    result = paperreader(
        "find",
        "--source",
        "arxiv",
        'author:"yann lecun" cat:cs.LG title:energy -survey date:2024..2025 lamp*',
    )
    assert "River Bends" in result.out and "1 paper from arXiv" in result.err
    asked = parameters(services.requests[0])
    assert asked["search_query"] == (
        'au:"yann lecun" AND cat:cs.LG AND ti:energy AND submittedDate:[202401010000 TO 202512312359] AND all:lamp* '
        "ANDNOT all:survey"
    )
    assert asked["sortBy"] == "relevance"


def test_pages_follow_each_other_up_to_the_limit(paperreader, services):
    papers = [scholar_paper(number) for number in range(1, 121)]

    def answer(path):
        start = int(parse_qs(urlsplit(path).query)["offset"][0])
        page = papers[start : start + 50]
        end = start + len(page)
        following = {"next": end} if end < len(papers) else {}
        return Reply({"total": len(papers), "offset": start, "data": page, **following})

    services.answer(SCHOLAR, answer)
    result = paperreader("find", "--source", "semanticscholar", "--limit", "70", "lamps", "date:2024..")
    assert len(result.out.splitlines()) == 70
    assert "70 papers of 120 from Semantic Scholar" in result.err
    assert [parameters(request)["offset"] for request in services.requests] == ["0", "50"]
    assert parameters(services.requests[0])["year"] == "2024-"
    assert (
        "120 papers from" in paperreader("find", "--source", "semanticscholar", "--limit", "500", "lamps").err
    )


def test_a_search_without_results_has_no_list_of_papers(paperreader, services):
    services.respond(SCHOLAR, Reply({"total": 0, "offset": 0}))
    result = paperreader("find", "--source", "semanticscholar", "lamps")
    assert (result.out, result.code) == ("", paperreader("search", "no such word").code)


def test_pages_without_new_papers_are_passed_over_a_few_times(paperreader, services):
    def answer(path):
        start = int(parse_qs(urlsplit(path).query)["offset"][0])
        page = [scholar_paper(1)] if start != 100 else [scholar_paper(2)]
        return Reply({"total": 900, "offset": start, "next": start + 50, "data": page})

    services.answer(SCHOLAR, answer)
    result = paperreader("find", "--source", "semanticscholar", "--limit", "70", "lamps")
    assert len(result.out.splitlines()) == 2
    assert len(services.requests) == 3 + 5


def test_the_key_of_semantic_scholar_is_only_sent_to_it(paperreader, services, monkeypatch, home):
    monkeypatch.setenv("SEMANTIC_SCHOLAR_API_KEY", "secret-4711")
    services.respond(SCHOLAR, Reply({"total": 1, "data": [scholar_paper(1)]}))
    assert paperreader("find", "--source", "semanticscholar", "lamps").code == 0
    assert services.requests[0].headers["x-api-key"] == "secret-4711"
    assert not [path for path in home.rglob("*") if path.is_file() and b"secret-4711" in path.read_bytes()]
    services.respond("/api/papers/search?", Reply([]))
    assert "0 papers from Hugging Face." in paperreader("find", "lamps").err
    assert "x-api-key" not in services.requests[1].headers


MISBEHAVIOR = {
    "429": (Reply(b"", status=429), "too many requests"),
    "429 later": (Reply(b"", status=429, headers={"Retry-After": "900"}), "in 15 minutes"),
    "403": (Reply(b"", status=403), "refused the request"),
    "404": (Reply(b"", status=404), "no search of papers"),
    "500": (Reply(b"", status=500), "internal error"),
    "web page": (Reply("<html>", content_type="text/html"), "web page instead of JSON"),
    "cut": (Reply(b'[{"title', content_length=5_000), "broke off"),
    "broken": (Reply(b"[{]"), "incomplete"),
    "empty": (Reply(b""), "empty response"),
    "other": (Reply({"error": "x", "data": 3}), "not a list of papers"),
}


@pytest.mark.parametrize(("reply", "message"), MISBEHAVIOR.values(), ids=MISBEHAVIOR.keys())
@pytest.mark.parametrize("source", ["huggingface", "semanticscholar"])
def test_a_failure_is_one_sentence(paperreader, services, source, reply, message):
    services.respond("/api/papers/search?" if source == "huggingface" else SCHOLAR, reply)
    result = paperreader("find", "--source", source, "lamps")
    assert (result.code, result.out, result.err.count("\n")) == (1, "", 1)
    assert message in result.err


def test_papers_that_cannot_be_read_are_reported_and_the_others_listed(paperreader, services):
    wrong = [
        {"title": 3},
        "text",
        scholar_paper(2, externalIds="x"),
        scholar_paper(3, title="\x1b[31mRed\x07"),
    ]
    services.respond(SCHOLAR, Reply({"total": "many", "next": -5, "data": [scholar_paper(1), *wrong]}))
    result = paperreader("find", "--source", "semanticscholar", "lamps")
    assert "Lamps, Part 1" in result.out and "\x1b" not in result.out
    assert result.err.count("\n") > 1


def test_the_last_results_are_there_without_network(paperreader, services):
    """Those of arXiv are asked for once a day, the others each time."""
    services.respond(
        "/api/query", Reply(feed(entry("2611.00001", "River Bends"), total=1), content_type=ATOM)
    )
    assert "River Bends" in paperreader("find", "--source", "arxiv", "river").out
    services.respond("/api/query", Reply(b"", status=500))
    assert "River Bends" in paperreader("find", "--source", "arxiv", "river").out
    services.respond("/api/papers/search?", Reply([item("2611.00002", "Mills")]))
    assert "Mills" in paperreader("find", "water").out
    services.respond("/api/papers/search?", Reply(b"", status=503))
    again = paperreader("find", "water")
    assert again.code == 0 and "Mills" in again.out and "results of an earlier time" in again.err
    assert paperreader("find", "other", "water").code == 1


@pytest.mark.parametrize(
    ("text", "words", "arxiv"),
    [
        ("energy models", "energy models", "all:energy AND all:models"),
        ('"state space" -vision', "state space", 'all:"state space" ANDNOT all:vision'),
        ("a OR b", "a b", "(all:a OR all:b)"),
        ("cat:cs", "", "cat:cs.*"),
        ("tag:rl has:code", "", ""),
        ("date:2024", "", ""),
        ("-lonely", "", ""),
        ("title:(deep nets)", "deep nets", "ti:deep AND ti:nets"),
        ('weird"chars(x)', 'weird"chars(x)', ""),
    ],
)
def test_translation(text, words, arxiv):
    query = to_online_query(text)
    if arxiv or not words:
        assert (query.words, query.arxiv) == (words, arxiv)


@given(st.text(alphabet='abc "():-*~\\.', max_size=30) | st.text(max_size=30))
def test_no_query_breaks_the_syntax_of_arxiv(text):
    query = to_online_query(text)
    assert query.arxiv.count("(") == query.arxiv.count(")")
    assert query.arxiv.count('"') % 2 == 0
    assert not query.arxiv.startswith("ANDNOT")


FIND, ENRICH, PDF = ("find", "x"), ("enrich",), ("pdf", "2611.00001")
SCHOLAR_FIND = ("find", "--source", "semanticscholar", "x")


@pytest.fixture
def configured(paperreader, services, tmp_path, monkeypatch):
    """A function that runs a command with a settings file, in a library with a bookmark."""
    monkeypatch.setenv("SEMANTIC_SCHOLAR_API_KEY", "secret-4711")
    (tmp_path / "known.json").write_text(json.dumps([item("2611.00001", "River Bends")]))
    assert paperreader("import", tmp_path / "known.json").code == 0
    assert paperreader("mark", "2611.00001", "--bookmark").code == 0
    file = config.settings_file()
    file.parent.mkdir(parents=True, exist_ok=True)

    def run(toml, arguments):
        file.write_text(toml)
        return paperreader(*arguments)

    return run


@pytest.mark.parametrize(
    ("toml", "arguments"),
    [
        ("[fetch]\ntimeout = 0\n", FIND),
        ("[fetch]\ntimeout = 0\n", ("fetch",)),
        ("[fetch]\ntimeout = 0\n", ("add", "2611.00002")),
        ("[fetch]\ntimeout = 0\n", ("zotero", "--import")),
        ("[fetch]\ntimeout = 0\n", ("text", "2611.00001")),
        ('[citations]\nservice = "alex"\n', ENRICH),
        ('[citations]\nservice = "alex"\n', SCHOLAR_FIND),
        ("[pdf]\nfolder = 3\n", PDF),
        ("[fetchh]\ntimeout = 9\n", FIND),
        ("timeout = 9\n", ("fetch",)),
        ("timeout = [\n", ("fetch",)),
    ],
)
def test_mistakes_in_the_settings_of_a_request_stop_it(configured, services, toml, arguments):
    result = configured(toml, arguments)
    assert result.code == 1
    assert "config.toml:" in result.err and "Nothing was requested; correct" in result.err
    assert services.requests == []


@pytest.mark.parametrize(
    ("toml", "arguments"),
    [
        ("[appearance]\ntheme = 5\n[keys]\nbookmark = 3\n[commands]\nx = 1\n", FIND),
        ('[watch]\nauthors = 3\n[pdf]\nfolder = 3\n[citations]\nservice = "alex"\n', FIND),
        (
            "[appearance]\ncolors = 3\n[mail]\nport = 0\n[reading]\nmark_read = 1\n",
            ("fetch", "--date", "2026-11-20"),
        ),
        ("[pdf]\nfolder = 3\n", ENRICH),
        ('[citations]\nservice = "alex"\n', PDF),
    ],
)
def test_other_mistakes_in_the_settings_stop_no_request(configured, services, toml, arguments):
    assert "Nothing was requested" not in configured(toml, arguments).err
    assert services.requests

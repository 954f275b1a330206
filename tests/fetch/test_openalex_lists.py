"""References and citing papers of OpenAlex, from servers that answer like it, and misbehave."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from paperreader.errors import PaperreaderError
from paperreader.fetch.online.citations import request_citations
from paperreader.library import Library
from tests.examples import every_second
from tests.fetch.server import Reply
from tests.fetch.test_scholar_lists import titles
from tests.for_you import import_records

KEY = "secret-4711"
LOOKUP = "/works?filter=doi:"
CITED = "/works?filter=openalex:"
CITING = "/works?filter=cites:"
WORK = "https://openalex.org/W"


def work(number, **more):
    """A work of a preprint, as OpenAlex describes it."""
    return {
        "id": f"{WORK}{number}",
        "doi": f"https://doi.org/10.48550/arxiv.2611.{number:05}",
        "ids": {"openalex": f"{WORK}{number}"},
        "title": f"Lamps, Part {number}",
        "display_name": f"Lamps, Part {number}",
        "publication_date": "2026-11-02",
        "type": "preprint",
        "authorships": [{"author": {"display_name": "Ada Berg"}}],
        "primary_location": {"landing_page_url": f"http://arxiv.org/abs/2611.{number:05}", "source": None},
        "locations": [],
        "keywords": [],
        "abstract_inverted_index": {"Light.": [0]},
        "cited_by_count": 3,
        **more,
    }


def page(works, count=None):
    meta = {"count": len(works) if count is None else count, "page": 1, "per_page": 100, "groups_count": None}
    return Reply({"meta": meta, "results": works, "group_by": []})


def known(*references, doi="10.48550/arXiv.2401.04320", number=900):
    return {
        "id": f"{WORK}{number}",
        "doi": f"https://doi.org/{doi}",
        "referenced_works": [f"{WORK}{each}" for each in references],
    }


@pytest.fixture
def alex(service, monkeypatch, home):
    monkeypatch.setenv("PAPERREADER_OPENALEX_URL", service.url)
    monkeypatch.setenv("OPENALEX_API_KEY", KEY)
    monkeypatch.delenv("SEMANTIC_SCHOLAR_API_KEY", raising=False)
    service.respond(LOOKUP, page([known(1, 2)]))
    return service


@pytest.fixture
def library(home, tmp_path):
    lines = [
        {"paperreader": 1, "title": "Lamps", "arxiv": "2401.04320", "doi": "10.1234/Lamps"},
        {"paperreader": 1, "title": "Doors", "authors": ["Bo Kay"], "abstract": "Doors open."},
    ]
    return import_records(tmp_path, lines)


def ask(library, direction="references", *, id="2401.04320", start=0):
    return request_citations(library, id, direction, lambda _: None, start=start)


def parameters(request):
    return {name: values[0] for name, values in parse_qs(urlsplit(request.path).query).items()}


def test_references_and_citing_papers_are_read_and_nothing_is_added(library, alex, home):
    alex.respond(CITED, page([work(1), work(2)]))
    alex.respond(CITING, page([work(3)], count=1))
    found = ask(library)
    assert (titles(found), found.total, found.next_start) == (["Lamps, Part 1", "Lamps, Part 2"], 2, None)
    (citing,) = ask(library, "citations").papers
    assert (citing.paper.arxiv, citing.paper.abstract, citing.paper.authors) == (
        "2611.00003",
        "Light.",
        ("Ada Berg",),
    )
    lookup, cited, cites = map(parameters, alex.requests)
    assert lookup["filter"] == "doi:10.1234/lamps|10.48550/arxiv.2401.04320"
    assert (cited["filter"], cites["filter"]) == ("openalex:W1|W2", "cites:W900")
    assert all(each["api_key"] == KEY for each in (lookup, cited, cites))
    assert not [path for path in home.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]
    assert len(Library.open().table) == len(library.table) == 2


def test_both_works_of_a_paper_count(library, alex):
    other = known(2, 3, doi="10.1234/lamps", number=901)
    alex.respond(LOOKUP, page([known(1, 2), other, known(9, doi="10.9999/other", number=999)]))
    alex.respond(CITED, page([work(number) for number in (1, 2, 3)]))
    alex.respond(CITING, page([]))
    assert len(ask(library).papers) == 3
    assert ask(library, "citations").papers == []
    assert [parameters(each)["filter"] for each in alex.requests[1:]] == [
        "openalex:W1|W2|W3",
        "cites:W900|W901",
    ]


def test_references_are_requested_a_hundred_at_a_time_and_the_paper_is_looked_up_once(library, alex):
    alex.respond(LOOKUP, page([known(*range(1, 251))]))
    alex.answer(CITED, lambda path: page([work(1)]))
    starts = [0]
    while (following := ask(library, start=starts[-1]).next_start) is not None:
        starts.append(following)
    assert starts == [0, 100, 200]
    assert [parameters(each)["filter"].count("W") for each in alex.requests] == [0, 100, 100, 50]


def test_citing_papers_follow_page_by_page_up_to_a_thousand(library, alex):
    alex.respond(CITING, page([work(number) for number in range(1, 101)], count=4_321))
    first = ask(library, "citations")
    assert (len(first.papers), first.total, first.next_start) == (100, 4_321, 100)
    assert ask(library, "citations", start=900).next_start is None
    assert [parameters(each).get("page") for each in alex.requests] == [None, "1", "10"]
    assert parameters(alex.requests[1])["sort"] == "cited_by_count:desc"


WRONG_WORKS = {
    "no works": [None, 5, "x", {}, work(1)],
    "no titles": [work(2, title=None, display_name=None), work(1)],
    "wrong shapes": [
        work(2, title={"x": 1}, display_name=[]),
        work(1, authorships=None, locations="x", ids=[]),
    ],
    "null fields": [work(1, abstract_inverted_index=None, primary_location=None, keywords=None)],
}


@pytest.mark.parametrize("works", WRONG_WORKS.values(), ids=WRONG_WORKS.keys())
def test_what_is_no_work_is_left_out(library, alex, works):
    alex.respond(CITED, page(works))
    assert titles(ask(library)) == ["Lamps, Part 1"]


WRONG_LOOKUPS = {
    "unknown": page([]),
    "another paper": page([known(1, doi="10.9999/other")]),
    "no id": page([{**known(1), "id": "https://example.org/W1"}]),
    "wrong shapes": Reply({"meta": None, "results": [None, {"doi": 5}]}),
}


@pytest.mark.parametrize("reply", WRONG_LOOKUPS.values(), ids=WRONG_LOOKUPS.keys())
def test_an_unknown_paper_has_no_list(library, alex, reply):
    alex.respond(LOOKUP, reply)
    with pytest.raises(PaperreaderError, match="OpenAlex does not know this paper"):
        ask(library)
    assert len(alex.requests) == 1


def test_a_paper_without_references_has_an_empty_list(library, alex):
    alex.respond(LOOKUP, page([{**known(), "referenced_works": None}]))
    found = ask(library)
    assert (found.papers, found.next_start, found.total) == ([], None, 0)


MISBEHAVIOR = {
    "429": (Reply(b"", status=429), "too many requests"),
    "429 later": (Reply(b"", status=429, headers={"Retry-After": "900"}), "in 15 minutes"),
    "401": (Reply({"error": "Invalid key", "message": KEY}, status=401), "refused the key"),
    "403": (Reply(b"", status=403), "too many requests, or a wrong key"),
    "400": (Reply({"error": "Invalid query parameters error."}, status=400), "refused the request"),
    "500": (Reply(b"", status=500), "internal error"),
    "web page": (Reply("<html>", content_type="text/html"), "web page instead of JSON"),
    "cut": (Reply(b'{"meta', content_length=5_000), "broke off"),
    "broken": (Reply(b"{]"), "incomplete"),
    "empty": (Reply(b""), "empty response"),
    "other": (Reply({"error": "x"}), "not a list of papers"),
}


@pytest.mark.parametrize("path", [LOOKUP, CITED])
@pytest.mark.parametrize(("reply", "message"), every_second(MISBEHAVIOR.values()), ids=MISBEHAVIOR.keys())
def test_a_failure_is_one_sentence(library, alex, reply, message, path):
    alex.respond(path, reply)
    with pytest.raises(PaperreaderError, match=message) as error:
        ask(library)
    assert str(error.value).endswith(".") and KEY not in str(error.value)


def test_the_last_list_is_shown_when_openalex_does_not_respond(library, alex, fake_time):
    alex.respond(CITED, page([work(1)]))
    assert not ask(library).is_old
    fake_time.advance(days=2)
    alex.respond(LOOKUP, Reply(b"", status=500))
    alex.respond(CITED, Reply(b"", status=500))
    found = ask(library)
    assert (titles(found), found.is_old) == (["Lamps, Part 1"], True)


def test_a_redirect_does_not_take_the_key_along(library, alex, another_service):
    another_service.respond("/moved", page([]))
    alex.respond(LOOKUP, Reply(b"", status=302, headers={"Location": f"{another_service.url}/moved"}))
    with pytest.raises(PaperreaderError, match="does not know this paper"):
        ask(library)
    [request] = another_service.requests
    assert KEY not in f"{request.path} {request.headers}"


def test_nothing_is_requested_without_a_key_or_an_id(library, alex, monkeypatch):
    doors = next(id for id in map(library.table.id_of, library.table.newest) if id != "2401.04320")
    with pytest.raises(PaperreaderError, match="has neither"):
        ask(library, id=doors)
    monkeypatch.delenv("OPENALEX_API_KEY")
    with pytest.raises(PaperreaderError, match="OPENALEX_API_KEY"):
        ask(library)
    assert alex.requests == []

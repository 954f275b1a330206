"""References and citing papers of Semantic Scholar, from servers that answer like it, and misbehave."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from paperreader import config
from paperreader.config.citation_settings import Citations
from paperreader.errors import PaperreaderError
from paperreader.fetch.citations.keys import has_key
from paperreader.fetch.online.citations import request_citations
from paperreader.library import Library
from tests.fetch.server import Reply
from tests.fetch.test_find import scholar_paper
from tests.for_you import import_records

KEY = "secret-4711"
REFERENCES = "/graph/v1/paper/ARXIV:2401.04320/references?"
CITATIONS = "/graph/v1/paper/ARXIV:2401.04320/citations?"


@pytest.fixture
def scholar(service, monkeypatch, home):
    monkeypatch.setenv("PAPERREADER_SEMANTICSCHOLAR_URL", service.url)
    monkeypatch.setenv("SEMANTIC_SCHOLAR_API_KEY", KEY)
    return service


@pytest.fixture
def library(home, tmp_path):
    papers = [
        {"paperreader": 1, "title": "Lamps", "arxiv": "2401.04320"},
        {"paperreader": 1, "title": "Doors", "authors": ["Bo Kay"], "abstract": "Doors open."},
    ]
    return import_records(tmp_path, papers)


def ask(library, direction="references", *, id="2401.04320", start=0):
    return request_citations(library, id, direction, lambda _: None, start=start)


def titles(results):
    return [each.paper.title for each in results.papers]


def test_references_and_citing_papers_are_read_and_nothing_is_added(library, scholar, home):
    cited = [{"citedPaper": scholar_paper(number)} for number in (1, 2)]
    citing = [{"citingPaper": scholar_paper(3, year=2024, venue="Light Conference")}]
    scholar.respond(REFERENCES, Reply({"offset": 0, "data": cited}))
    scholar.respond(CITATIONS, Reply({"offset": 0, "data": citing}))
    assert titles(ask(library)) == ["Lamps, Part 1", "Lamps, Part 2"]
    (found,) = ask(library, "citations").papers
    assert (found.paper.title, found.paper.arxiv, found.paper.venue) == (
        "Lamps, Part 3",
        "2611.00003",
        "Light Conference",
    )
    assert all(request.headers["x-api-key"] == KEY for request in scholar.requests)
    assert not [path for path in home.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]
    assert len(Library.open().table) == len(library.table) == 2


def test_pages_follow_each_other_up_to_a_thousand(library, scholar):
    def answer(path):
        start = int(parse_qs(urlsplit(path).query)["offset"][0])
        page = [{"citedPaper": scholar_paper(start + at)} for at in range(100)]
        return Reply({"offset": start, "next": start + 100, "data": page})

    scholar.answer(REFERENCES, answer)
    first = ask(library)
    assert (len(first.papers), first.next_start) == (100, 100)
    assert ask(library, start=900).next_start is None


ENTRIES = {
    "null papers": [{"citedPaper": None}, None, 5, {}, {"citedPaper": scholar_paper(1)}],
    "papers without title": [
        {"citedPaper": {"paperId": None, "title": None}},
        {"citedPaper": scholar_paper(1)},
    ],
    "wrong shapes": [{"citedPaper": []}, {"citedPaper": {"title": ["x"]}}, {"citedPaper": scholar_paper(1)}],
    "null fields": [
        {"citedPaper": scholar_paper(1, abstract=None, authors=None, externalIds={"ArXiv": "2611.00001"})}
    ],
}


@pytest.mark.parametrize("data", ENTRIES.values(), ids=ENTRIES.keys())
def test_what_is_no_paper_is_left_out(library, scholar, data):
    scholar.respond(REFERENCES, Reply({"data": data}))
    assert titles(ask(library)) == ["Lamps, Part 1"]


def test_a_reference_without_id_is_listed_by_its_title(library, scholar):
    authors = [{"name": "Ada Berg"}]
    cited = {"citedPaper": {"paperId": None, "title": "A Lost Manual", "authors": authors, "year": 1961}}
    scholar.respond(REFERENCES, Reply({"data": [cited]}))
    assert titles(ask(library)) == ["A Lost Manual"]


def test_the_recorded_shapes_are_read(library, scholar):
    full = {
        "paperId": "1" * 40,
        "externalIds": {"MAG": "21", "ArXiv": "1402.0030", "DBLP": "conf/lights/Berg14", "CorpusId": 198},
        "title": "Lamps and Belief",
        "abstract": "Light.",
        "venue": "International Conference on Light",
        "year": 2014,
        "citationCount": 662,
        "openAccessPdf": {"url": "", "status": "GREEN", "license": None, "disclaimer": "Notice: x"},
        "publicationTypes": ["JournalArticle", "Conference"],
        "publicationDate": "2014-01-31",
        "journal": {"volume": "abs/1402.0030", "name": "ArXiv"},
        "authors": [{"authorId": "17", "name": "A. Berg"}, {"authorId": None, "name": "Bo Kay"}],
    }
    bare = dict.fromkeys(full) | {"title": "A Guide to Lamps", "venue": "", "authors": []}
    dated = bare | {"title": "Lamps of Rome", "year": 1961}
    info = {"paperId": "2" * 40, "title": "Lamps", "openAccessPdf": None}
    entries = [{"citedPaper": full}, {"citedPaper": bare}, {"citedPaper": dated}]
    scholar.respond(REFERENCES, Reply({"citingPaperInfo": info, "offset": 0, "next": None, "data": entries}))
    results = ask(library)
    assert (titles(results), results.titles_only) == (["Lamps and Belief", "Lamps of Rome"], 1)
    first, second = (each.paper for each in results.papers)
    assert (first.arxiv, first.published, first.venue) == (
        "1402.0030",
        "2014-01-31",
        "International Conference on Light",
    )
    assert (second.published, second.authors, second.links) == ("1961", (), ())
    assert (results.problems, results.next_start) == ([], None)


def test_semantic_scholar_is_asked_without_a_key_if_the_settings_name_it(library, scholar, monkeypatch):
    monkeypatch.delenv("SEMANTIC_SCHOLAR_API_KEY")
    file = config.settings_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text('[citations]\nservice = "semanticscholar"\n')
    scholar.respond(REFERENCES, Reply({"data": []}), Reply(b"", status=403))
    assert titles(ask(library)) == [] and "x-api-key" not in scholar.requests[0].headers
    with pytest.raises(PaperreaderError, match="without a key"):
        ask(library)
    file.write_text('[citations]\nservice = "none"\n')
    with pytest.raises(PaperreaderError, match="No service for citations"):
        ask(library)


MISBEHAVIOR = {
    "429": (Reply(b"", status=429), "too many requests"),
    "429 later": (Reply(b"", status=429, headers={"Retry-After": "900"}), "in 15 minutes"),
    "403": (Reply(b"", status=403), "refused the key"),
    "404": (Reply({"error": "Paper not found"}, status=404), "does not know this paper"),
    "500": (Reply(b"", status=500), "internal error"),
    "web page": (Reply("<html>", content_type="text/html"), "web page instead of JSON"),
    "cut": (Reply(b'{"data', content_length=5_000), "broke off"),
    "broken": (Reply(b"{]"), "incomplete"),
    "empty": (Reply(b""), "empty response"),
    "other": (Reply({"error": "x"}), "not a list of papers"),
    "hidden": (Reply({"data": None, "citingPaperInfo": {}}), "may not show the references"),
}


@pytest.mark.parametrize(("reply", "message"), MISBEHAVIOR.values(), ids=MISBEHAVIOR.keys())
def test_a_failure_is_one_sentence(library, scholar, reply, message):
    scholar.respond(REFERENCES, reply)
    with pytest.raises(PaperreaderError, match=message) as error:
        ask(library)
    assert str(error.value).endswith(".") and KEY not in str(error.value)


def test_a_redirect_does_not_take_the_key_along(library, scholar, another_service):
    another_service.respond("/moved", Reply({"data": []}))
    scholar.respond(REFERENCES, Reply(b"", status=302, headers={"Location": f"{another_service.url}/moved"}))
    assert titles(ask(library)) == []
    [request] = another_service.requests
    assert KEY not in f"{request.path} {request.headers}"


def test_nothing_is_requested_without_a_key_or_an_id(library, scholar, monkeypatch):
    with pytest.raises(PaperreaderError, match="has neither"):
        ask(
            library,
            id=next(id for id in map(library.table.id_of, library.table.newest) if id != "2401.04320"),
        )
    monkeypatch.delenv("SEMANTIC_SCHOLAR_API_KEY")
    with pytest.raises(PaperreaderError, match="SEMANTIC_SCHOLAR_API_KEY"):
        ask(library)
    assert scholar.requests == []


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (Citations(), {"semanticscholar": False, "openalex": False}),
        (Citations(key_command=("x",)), {"semanticscholar": True, "openalex": False}),
        (Citations(service="openalex", key_command=("x",)), {"semanticscholar": False, "openalex": True}),
        (Citations(service="openalex", key_env="MINE"), {"semanticscholar": False, "openalex": True}),
        (Citations(key_env="MINE"), {"semanticscholar": True, "openalex": False}),
    ],
)
def test_a_key_belongs_to_one_service(home, monkeypatch, settings, expected):
    monkeypatch.setenv("MINE", KEY)
    monkeypatch.delenv("SEMANTIC_SCHOLAR_API_KEY", raising=False)
    monkeypatch.delenv("OPENALEX_API_KEY", raising=False)
    assert {name: has_key(settings, name) for name in expected} == expected

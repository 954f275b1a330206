"""`R` with a key of a service: references and citing papers, requested when they are chosen."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.fetch import test_openalex_lists as openalex
from tests.fetch.server import Reply, running_service
from tests.fetch.test_find import scholar_paper
from tests.for_you import import_records
from tests.tui.test_online import press

REFERENCES, CITATIONS = (f"/graph/v1/paper/ARXIV:2401.04320/{name}?" for name in ("references", "citations"))


@pytest.fixture
def service(monkeypatch):
    monkeypatch.setenv("SEMANTIC_SCHOLAR_API_KEY", "secret-4711")
    with running_service(monkeypatch) as service:
        monkeypatch.setenv("PAPERREADER_SEMANTICSCHOLAR_URL", service.url)
        untitled = {"paperId": None, "title": "On page 7 of the catalog"}
        papers = [scholar_paper(1, citationCount=1_234), scholar_paper(2, citationCount=None), untitled]
        service.respond(REFERENCES, Reply({"data": [{"citedPaper": paper} for paper in papers]}))
        service.respond(CITATIONS, Reply({"data": [{"citingPaper": scholar_paper(3)}]}))
        yield service


@pytest.fixture
def cited(library, tmp_path):
    papers = [
        {"paperreader": 1, "title": "Lamps", "arxiv": "2401.04320"},
        {"paperreader": 1, "title": "Doors", "authors": ["Bo Kay"], "abstract": "Doors open."},
    ]
    import_records(tmp_path, papers)
    library.refresh()
    return library


async def test_lists_are_requested_when_chosen_and_papers_added(open_reader, cited, service):
    async with open_reader(cited, size=(120, 40), start_row=cited.resolve("2401.04320")) as reader:
        await reader.press("R")
        assert "references (Semantic Scholar)" in reader.screen_text
        assert (
            "cited by (Semantic Scholar)" in reader.screen_text
            and "full texts cite" not in reader.screen_text
        )
        assert service.requests == []
        await press(reader, "s")
        assert "References (Semantic Scholar)  Lamps  2" in reader.screen_text
        assert "Lamps, Part 1" in reader.screen_text
        assert "”1k" in reader.screen_text and "cited 1,234 times" in reader.screen_text
        assert "Left out, because only the title is known: 1" in reader.screen_text
        await press(reader, "j", "b")
        assert "cited" not in reader.screen_text.replace("cited by", "")
        assert "Added and bookmarked" in reader.screen_text and "in your library" in reader.screen_text
        cited.refresh()
        assert cited.mark(cited.resolve("2611.00002")).bookmarked
        assert "tab cited by" in reader.screen_text
        await press(reader, "tab")
        assert "Cited by (Semantic Scholar)  Lamps  1" in reader.screen_text
        assert "tab references" in reader.screen_text
        assert "Lamps, Part 3" in reader.screen_text
        await press(reader, "enter")
        await reader.wait_until_idle()
        assert reader.title == "Lamps, Part 3"
        assert [path.partition("?")[0] for path in service.paths] == [
            each[:-1] for each in (REFERENCES, CITATIONS)
        ]


async def test_a_long_title_leaves_room_for_the_number(open_reader, library, service, tmp_path):
    paper = {"paperreader": 1, "title": "Lamps " * 30, "arxiv": "2401.04320"}
    (tmp_path / "lamps.jsonl").write_text(json.dumps(paper))
    library.imports.import_paths([str(tmp_path / "lamps.jsonl")])
    library.refresh()
    async with open_reader(library, size=(80, 24), start_row=library.resolve("2401.04320")) as reader:
        await reader.press("R")
        await press(reader, "s")
        title, *rows = reader.screen_text.splitlines()[:3]
        assert title.rstrip().endswith("…  2") and [row.rstrip().endswith("”1k") for row in rows] == [
            True,
            False,
        ]
        assert len({row.index("2026-11") for row in rows}) == 1, (
            "a paper without a number keeps the column empty"
        )


async def test_a_failure_is_shown_in_the_list(open_reader, cited, service):
    service.respond(CITATIONS, Reply(b"", status=404))
    async with open_reader(cited, size=(120, 40), start_row=cited.resolve("2401.04320")) as reader:
        await reader.press("R")
        await press(reader, "b")
        assert "Semantic Scholar does not know this paper." in reader.screen_text
        assert "secret" not in reader.screen_text
        await press(reader, "escape")
        assert reader.app.screen is reader.screen


async def test_without_a_key_or_an_id_only_related_papers_are_shown(open_reader, cited, service, monkeypatch):
    doors = next(row for row in cited.table.newest if cited.paper(row).title == "Doors")
    async with open_reader(cited, start_row=doors) as reader:
        await reader.press("R")
        assert reader.list_query.relation == "related"
    monkeypatch.delenv("SEMANTIC_SCHOLAR_API_KEY")
    async with open_reader(cited, start_row=cited.resolve("2401.04320")) as reader:
        await reader.press("R")
        assert reader.list_query.relation == "related"
    assert service.requests == []


async def test_openalex_is_asked_if_only_its_key_is_there(open_reader, cited, service, monkeypatch):
    monkeypatch.delenv("SEMANTIC_SCHOLAR_API_KEY")
    monkeypatch.setenv("OPENALEX_API_KEY", "secret-4711")
    monkeypatch.setenv("PAPERREADER_OPENALEX_URL", service.url)
    service.respond(openalex.LOOKUP, openalex.page([openalex.known(1, 2)]))
    service.respond(openalex.CITED, openalex.page([openalex.work(1), openalex.work(2)]))
    async with open_reader(cited, size=(120, 40), start_row=cited.resolve("2401.04320")) as reader:
        await reader.press("R")
        assert "cited by (OpenAlex)" in reader.screen_text
        await press(reader, "s")
        assert "References (OpenAlex)  Lamps  2" in reader.screen_text
        assert "Lamps, Part 2" in reader.screen_text and "secret" not in reader.screen_text
        assert reader.screen_text.count("”3") == 2


async def test_the_other_service_with_a_key_is_offered_too(open_reader, cited, service, monkeypatch):
    monkeypatch.setenv("OPENALEX_API_KEY", "secret-0815")
    monkeypatch.setenv("PAPERREADER_OPENALEX_URL", service.url)
    service.respond(openalex.LOOKUP, openalex.page([openalex.known(1, 2)]))
    service.respond(openalex.CITED, openalex.page([openalex.work(1), openalex.work(2)]))
    service.respond(openalex.CITING, openalex.page([openalex.work(3)]))
    async with open_reader(cited, size=(120, 40), start_row=cited.resolve("2401.04320")) as reader:
        await reader.press("R")
        lines = [line for line in reader.screen_text.splitlines() if "asks the service" in line]
        names = ("Semantic Scholar", "Semantic Scholar", "OpenAlex", "OpenAlex")
        assert all(name in line for name, line in zip(names, lines, strict=True))
        await press(reader, "S")
        assert "References (OpenAlex)  Lamps  2" in reader.screen_text
        await press(reader, "tab")
        assert "Cited by (OpenAlex)  Lamps  1" in reader.screen_text, "tab stays with the service"
    keys = [request.headers.get("x-api-key") for request in service.requests]
    assert keys == [None] * 3 and all("secret-0815" in path for path in service.paths)


async def test_a_page_without_papers_is_passed_over(open_reader, cited, service, monkeypatch):
    monkeypatch.delenv("SEMANTIC_SCHOLAR_API_KEY")
    monkeypatch.setenv("OPENALEX_API_KEY", "secret-4711")
    monkeypatch.setenv("PAPERREADER_OPENALEX_URL", service.url)
    service.respond(openalex.LOOKUP, openalex.page([openalex.known(1)]))

    def answer(path):
        is_second = parse_qs(urlsplit(path).query)["page"] == ["2"]
        return openalex.page([openalex.work(7) if is_second else {"id": "?", "title": None}], count=200)

    service.answer(openalex.CITING, answer)
    async with open_reader(cited, size=(120, 40), start_row=cited.resolve("2401.04320")) as reader:
        await reader.press("R")
        await press(reader, "b")
        assert "Lamps, Part 7" in reader.screen_text and "No papers found" not in reader.screen_text
        pages = [parse_qs(urlsplit(path).query).get("page", ["lookup"])[0] for path in service.paths]
        assert pages == ["lookup", "1", "2"]

"""Import of JSON of people's own scripts, and refusal of JSON without papers."""

from __future__ import annotations

import json
from typing import Any

import pytest

from paperreader.json_codec import paper_to_public_json
from paperreader.models import EMPTY_MARK, Paper, SourceRecord
from paperreader.text.urls import parse_link
from tests.importers.import_helpers import import_clean, import_text

ARXIV_PY = [
    {
        "entry_id": "http://arxiv.org/abs/2401.04321v1",
        "updated": "2024-02-01 00:00:00+00:00",
        "published": "2024-01-09 10:00:00+00:00",
        "title": "A Lamp",
        "authors": ["Ada Lee", "Bo Chen"],
        "summary": "We light. Code: https://github.com/a/b",
        "comment": "9 pages, https://lamps.github.io",
        "journal_ref": None,
        "doi": None,
        "primary_category": "cs.LG",
        "categories": ["cs.LG", "cs.CL"],
        "links": [{"href": "http://arxiv.org/pdf/2401.04321v1", "title": "pdf", "rel": "related"}],
        "pdf_url": "http://arxiv.org/pdf/2401.04321v1",
    },
    {
        "entry_id": "http://arxiv.org/abs/2401.04322v1",
        "published": "2024-01-10 10:00:00+00:00",
        "title": "A Door",
        "authors": ["Cy River"],
        "summary": "We open.",
        "comment": None,
        "categories": ["cs.LG"],
        "links": [],
    },
]


def columns(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: {str(at): row.get(name) for at, row in enumerate(rows)} for name in names}


def orientations(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what `DataFrame.to_json` writes in each orientation, and `to_dict`."""
    table = columns(rows)
    cells = [[row.get(name) for name in table] for row in rows]
    return {
        "records": [{name: row.get(name) for name in table} for row in rows],
        "columns": table,
        "index": {str(at): row for at, row in enumerate(rows)},
        "split": {"columns": list(table), "index": [0, 1], "data": cells},
        "table": {
            "schema": {
                "fields": [{"name": "title", "type": "string"}],
                "primaryKey": ["index"],
                "pandas_version": "1.4.0",
            },
            "data": [{"index": at, **row} for at, row in enumerate(rows)],
        },
        "lists": {name: list(values.values()) for name, values in table.items()},
    }


@pytest.mark.parametrize("orientation", orientations(ARXIV_PY))
@pytest.mark.parametrize("indent", [None, 1])
def test_every_orientation_of_pandas(orientation, indent):
    records = import_clean(json.dumps(orientations(ARXIV_PY)[orientation], indent=indent))
    assert [(record.title, record.arxiv, record.published) for record in records] == [
        ("A Lamp", "2401.04321", "2024-01-09"),
        ("A Door", "2401.04322", "2024-01-10"),
    ]
    lamp = records[0]
    assert (lamp.authors, lamp.abstract) == (("Ada Lee", "Bo Chen"), ARXIV_PY[0]["summary"])
    assert lamp.keywords == ("cs.LG", "cs.CL")
    assert [link.url for link in lamp.links] == ["https://github.com/a/b", "https://lamps.github.io"]


def test_values_of_pandas_without_names_are_refused():
    records, problems = import_text(json.dumps([["A Lamp", "Ada Lee"], ["A Door", "Bo Chen"]]))
    assert records == []
    assert problems


PAPER = {"title": "A Lamp", "authors": ["Ada Lee"], "abstract": "We light."}


@pytest.mark.parametrize(
    ("fields", "name", "expected"),
    [
        (
            {"authors": "[arxiv.Result.Author('Ada Lee'), arxiv.Result.Author(\"Bo O'Chen\")]"},
            "authors",
            ("Ada Lee", "Bo O'Chen"),
        ),
        ({"authors": "['Ada Lee' 'Bo Chen'\n 'Cy River']"}, "authors", ("Ada Lee", "Bo Chen", "Cy River")),
        ({"authors": '[{"name": "Ada Lee", "id": null}]'}, "authors", ("Ada Lee",)),
        (
            {"authors": {"author": [{"text": "Ada Lee", "@pid": "1"}, {"text": "Bo Chen"}]}},
            "authors",
            ("Ada Lee", "Bo Chen"),
        ),
        ({"authors": {"author": {"text": "Ada Lee"}}}, "authors", ("Ada Lee",)),
        (
            {"authors": [{"first": "Ada", "last": "Lee"}, {"firstName": "Bo", "lastName": "Chen"}]},
            "authors",
            ("Ada Lee", "Bo Chen"),
        ),
        ({"published": 1704794400000}, "published", "2024-01-09"),
        ({"published": 1704794400}, "published", "2024-01-09"),
        ({"published": 1704794400.0}, "published", "2024-01-09"),
        ({"year": 2024.0}, "published", "2024"),
        ({"publish_time": "2024-01-09"}, "published", "2024-01-09"),
        ({"arxiv_id": 2401.1}, "arxiv", "2401.10000"),
        ({"arxiv_id": 704.12}, "arxiv", "0704.1200"),
        ({"arxiv_id": "2401.04321v2"}, "arxiv", "2401.04321"),
        ({"_id": "2401.04321"}, "arxiv", "2401.04321"),
        ({"doi": float("nan"), "volume": "7"}, "volume", "7"),
        ({"doi": ["10.1000/X"]}, "doi", "10.1000/x"),
        ({"title": ["A Lamp"]}, "title", "A Lamp"),
        ({"venue": "Conference on Lamps", "number": 3}, "number", "3"),
        ({"number": 3}, "number", ""),
        ({"venue": "Conference on Lamps"}, "booktitle", "Conference on Lamps"),
        ({"journal": {"name": "Journal of Lamps"}}, "journal", "Journal of Lamps"),
        ({"ENTRYTYPE": "article", "pages": "3--9"}, "pages", "3--9"),
        ({"ENTRYTYPE": "inproceedings"}, "entry_type", "inproceedings"),
        ({"start_page": 3, "end_page": 9}, "pages", "3--9"),
        ({"editors": "Dee Door and Ed It"}, "editors", ("Dee Door", "Ed It")),
        ({"tldr": "Short.", "summary": None}, "summary", "Short."),
        ({"keywords": [{"name": "lamps"}, {"name": "doors"}]}, "keywords", ("lamps", "doors")),
    ],
)
def test_fields_of_scripts(fields, name, expected):
    for text in (json.dumps([{**PAPER, **fields}]), json.dumps({**PAPER, **fields})):
        (record,) = import_clean(text)
        assert getattr(record, name) == expected


@pytest.mark.parametrize(
    "container",
    [
        {"2401.04321": PAPER},
        {"papers": {"2401.04321": PAPER}},
        {"10.1000/x": {**PAPER, "arxiv": "2401.04321"}},
        {"title": "My list", "author": "Me", "papers": [{**PAPER, "id": "2401.04321"}]},
        {"meta": {"title": "My list", "author": "Me"}, "entries": [{**PAPER, "id": "2401.04321"}]},
        {"feed": {"title": "arXiv", "entry": [{**PAPER, "id": "http://arxiv.org/abs/2401.04321"}]}},
        {
            "result": {
                "hits": {
                    "@total": "1",
                    "hit": [{"@id": "1", "info": {**PAPER, "ee": "https://arxiv.org/abs/2401.04321"}}],
                }
            }
        },
        {"rows": [{"row_idx": 0, "row": {**PAPER, "arxiv_id": "2401.04321"}, "truncated_cells": []}]},
        [{"score": 0.5, "paper": {**PAPER, "id": "2401.04321"}}],
        {"topic": "lamps", "groups": [{"name": "new", "papers": [{**PAPER, "id": "2401.04321"}]}]},
    ],
)
def test_papers_inside_other_objects(container):
    for text in (json.dumps(container), json.dumps(container, indent=2)):
        (record,) = import_clean(text)
        assert (record.title, record.arxiv, record.authors) == ("A Lamp", "2401.04321", ("Ada Lee",))


def test_papers_that_a_paper_cites_are_not_imported():
    (record,), _ = import_text(
        json.dumps({**PAPER, "references": [{"title": "A Door"}], "sections": [{"title": "Intro"}]})
    )
    assert record.title == "A Lamp"


def test_unused_fields_are_reported_once():
    for text in (
        json.dumps([{**PAPER, "colour": "red", "empty": ""}] * 2),
        f"{json.dumps({**PAPER, 'colour': 1})}\n" * 2,
    ):
        records, (problem,) = import_text(text)
        assert len(records) == 2
        assert problem.message == "these fields were not imported: colour"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"name": "lamp", "version": "1.0.0", "dependencies": {}}, "a package.json of npm"),
        ({"name": "lamp", "lockfileVersion": 3, "packages": {}}, "a lock file of npm"),
        ({"cells": [], "nbformat": 4, "metadata": {"title": "A Lamp"}}, "a Jupyter notebook"),
        (
            {
                "type": "FeatureCollection",
                "features": [{"type": "Feature", "properties": {"title": "A Lamp"}}],
            },
            "a map (GeoJSON)",
        ),
        ([{"title": "A chat", "create_time": 1.5, "mapping": {}}], "an export of chats"),
        ([{"uuid": "1", "name": "A chat", "chat_messages": []}], "an export of chats"),
        (
            [{"title": "A bug", "number": 3, "repository_url": "https://x.example", "user": {}}],
            "a list of issues of a code repository",
        ),
        ({"roots": {}, "version": 1, "checksum": "x"}, "a list of bookmarks of a browser"),
        ({"guid": "x", "title": "", "children": [{"title": "menu"}]}, "a list of bookmarks of a browser"),
        (
            {"version": "https://jsonfeed.org/version/1.1", "title": "A feed", "items": [{"title": "x"}]},
            "a JSON Feed",
        ),
        ({"openapi": "3.1.0", "info": {"title": "A service"}, "paths": {}}, "an OpenAPI description"),
        ({"architectures": ["Lamp"], "model_type": "lamp"}, "the configuration of a model"),
        ({"@context": "https://schema.org", "@type": "Article"}, "linked data (JSON-LD)"),
        (
            {"status": "ok", "totalResults": 1, "articles": [{"title": "News", "url": "https://n.example"}]},
            "news articles",
        ),
        ({"$schema": "x", "title": "Settings", "type": "object"}, "a JSON schema"),
    ],
)
def test_other_json_is_named(data, message):
    for text in (json.dumps(data), json.dumps(data, indent=2)):
        records, (problem,) = import_text(text)
        assert records == []
        assert problem.message == f"is {message}, which contains no papers"


def test_object_without_papers_names_its_fields():
    for text in (
        json.dumps({"colour": "red", "size": 3}),
        json.dumps({"colour": "red", "size": 3}, indent=2),
    ):
        records, (problem,) = import_text(text)
        assert records == []
        assert "title is missing; its fields are “colour”, “size”" in problem.message


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        (
            ["2401.04321", "2401.04322"],
            "a list of arXiv ids, not of papers; `paperreader add` downloads the papers of ids",
        ),
        (["A Lamp", "A Door"], "a list of texts, not of papers"),
    ],
)
def test_list_of_texts_is_named(texts, message):
    records, (problem,) = import_text(json.dumps(texts))
    assert records == []
    assert problem.message == f"is {message}"


TITLES = ["A Lamp", "A Door"]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps([{"title": title, "colour": "red"} for title in TITLES]),
        "\n".join(json.dumps({"title": title}) for title in TITLES),
        "title,url,colour\n" + "\n".join(f"{title},,red" for title in TITLES),
        json.dumps([{"type": "article-journal", "id": title, "title": title, "DOI": ""} for title in TITLES]),
    ],
)
def test_records_with_only_a_title_are_refused_in_one_sentence(text):
    records, problems = import_text(text)
    assert records == []
    (problem,) = [one for one in problems if "only the titles" in one.message]
    assert (
        "of 2 records were understood, so they were not imported (the first is “A Lamp”)" in problem.message
    )
    assert len([one for one in problems if "not imported" in one.message]) == (1 if "red" not in text else 2)


def test_one_record_with_only_a_title_is_refused_with_its_line():
    records, (problem,) = import_text(json.dumps(PAPER) + '\n{"title": "A Door"}')
    assert len(records) == 1
    assert (problem.line, problem.message.split(":")[0]) == (
        2,
        "only the title of “A Door” was understood, so it was not imported",
    )


@pytest.fixture
def short_documents(monkeypatch):
    """Make every document longer than a hundred bytes one that is read element by element, in small chunks."""
    monkeypatch.setattr("paperreader.importers.json.document_files.MAX_CONTENT_BYTES", 100)
    monkeypatch.setattr("paperreader.importers.json.json_lines.MAX_LINE_BYTES", 600)
    monkeypatch.setattr("paperreader.importers.json.long_documents.CHUNK_CHARS", 7)
    monkeypatch.setattr("paperreader.importers.json.long_documents.MAX_VALUE_CHARS", 400)


@pytest.mark.parametrize("indent", [None, 1])
def test_long_array_is_read_element_by_element(short_documents, indent):
    papers = [{**PAPER, "title": f"Lámp {number}"} for number in range(30)]
    text = json.dumps([*papers, 5], indent=indent, ensure_ascii=False)
    records, (problem,) = import_text(text)
    assert [record.title for record in records] == [paper["title"] for paper in papers]
    assert [record.source.key.rpartition(":")[2] for record in records] == [
        str(number) for number in range(30)
    ]
    assert problem.message == "item 31 cannot be used: it is not an object"


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda text: text[:-40], "it is not valid JSON after item 29"),
        (lambda text: text.replace("}, {", "} {", 1), "it is not valid JSON after item"),
    ],
)
def test_long_array_is_read_up_to_its_damage(short_documents, damage, message):
    text = damage(json.dumps([{**PAPER, "title": f"Lamp {number}"} for number in range(30)]))
    records, problems = import_text(text)
    assert message in problems[-1].message
    assert len(records) == 29 or "} {" in text


@pytest.mark.parametrize(
    "frame",
    [
        lambda papers: {"papers": papers},
        lambda papers: {
            "status": "ok",
            "meta": {"title": "A List of Lamps"},
            "results": papers,
            "next": None,
        },
        lambda papers: {"response": {"count": 3, "docs": papers}},
        lambda papers: {f"2401.0432{number}": paper for number, paper in enumerate(papers)},
        lambda papers: {"en": papers[:5], "de": papers[5:]},
    ],
)
@pytest.mark.parametrize("indent", [None, 1])
def test_long_object_is_read_like_a_short_one(monkeypatch, frame, indent, request):
    papers = [{**PAPER, "title": f"Lámp {number}", "note": "}]" * number} for number in range(9)]
    text = json.dumps(frame(papers), indent=indent)
    short, _ = import_text(text)
    request.getfixturevalue("short_documents")
    records, _ = import_text(text)
    assert [record.title for record in records] == [paper["title"] for paper in papers]
    assert [record.arxiv for record in records] == [record.arxiv for record in short]


def test_only_a_long_line_of_papers_is_read_as_a_document(short_documents):
    records, (problem,) = import_text(json.dumps({**PAPER, "text": "x" * 900}) + "\n" + json.dumps(PAPER))
    assert len(records) == 1
    assert problem.message.startswith("the line is longer than")


def test_long_objects_one_after_the_other(short_documents):
    papers = [{**PAPER, "title": f"Lamp {number}"} for number in range(9)]
    records, _ = import_text("\n".join(json.dumps(paper, indent=1) for paper in papers))
    assert [record.title for record in records] == [paper["title"] for paper in papers]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{\n"features": [' + ", ".join(['{"type": "Lamp"}'] * 40) + "]}", "contains no papers"),
        (
            '{\n"title": "' + "x" * 900,
            "has a text that is far too long, or is damaged; what follows was not read",
        ),
        ('{\n"a": ' * 200 + "1" + "}" * 200, "nested too deeply"),
        ("[" * 2000 + "{", "it is not valid JSON after item 0"),
    ],
    ids=["no papers", "long text", "nested objects", "nested arrays"],
)
def test_other_long_documents_are_reported(short_documents, text, message):
    records, (problem,) = import_text(text)
    assert records == []
    assert message in problem.message


PUBLICATION = {
    "entry_type": "online",
    "edition": "2nd",
    "editors": ["Dee Door"],
    "volume": "7",
    "number": "2",
    "pages": "11-19",
    "publisher": "Lamp  Press",
    "isbn": "978-1",
    "issn": "1234-5678",
    "school": "Lamp School",
    "report_type": "Habilitation",
    "journal": "Journal of Lamps",
    "booktitle": "Lamps",
}


@pytest.mark.parametrize("collapse", [False, True])
def test_printed_json_is_read_back_to_the_letter(collapse):
    fields = {name: tuple(value) if isinstance(value, list) else value for name, value in PUBLICATION.items()}
    if collapse:
        fields["publisher"] = "Lamp Press"
    links = tuple(
        link for url in ("https://github.com/a/b", "https://lamps.github.io") if (link := parse_link(url))
    )
    paper = Paper(
        id="2401.04321", arxiv="2401.04321", doi="10.1000/x", title="A Lamp", abstract="We light.",
        authors=("Ada Lee",), published="2024-01-09", listed="2024-01-10", added="2025-02-02", votes=5, comments=1,
        stars=2, keywords=("a, b", "c"), summary="Short.", links=links, repo="https://github.com/a/b", **fields,
    )  # fmt: skip
    (record,) = import_clean(json.dumps(paper_to_public_json(paper, EMPTY_MARK, collapse=collapse)))
    same = set(Paper.__struct_fields__) & set(SourceRecord.__struct_fields__) - {"added"}
    assert {name: getattr(record, name) for name in same} == {name: getattr(paper, name) for name in same}
    assert record.source.date == "2024-01-10"


def test_dated_paper_without_its_own_date_is_not_dated_by_its_listing():
    paper = Paper(id="x", title="A Lamp", authors=("Ada Lee",), listed="2024-01-10", added="2025-02-02")
    (record,) = import_clean(json.dumps(paper_to_public_json(paper, EMPTY_MARK)))
    assert record.published is None


@pytest.mark.parametrize(
    "row",
    [
        "|**2024-01-09**|**A Lamp for Every Door**|Ada Lee et.al.|[{0}v1](http://arxiv.org/abs/{0}v1)|**[link](https://github.com/a/b)**|\n",
        "- 2024-01-09, **A Lamp for Every Door**, Ada Lee et.al., Paper: [http://arxiv.org/abs/{0}]"
        "(http://arxiv.org/abs/{0}), Code: **[https://github.com/a/b](https://github.com/a/b)**\n",
    ],
)
def test_rows_of_daily_scripts(row):
    rows = {f"2401.0432{at}": row.format(f"2401.0432{at}") for at in range(2)}
    for text in (json.dumps({"lamps": rows, "doors": {}}), json.dumps({"lamps": rows}, indent=1)):
        records = import_clean(text)
        assert [record.arxiv for record in records] == ["2401.04320", "2401.04321"]
        assert {record.title for record in records} == {"A Lamp for Every Door"}
        assert {record.repo for record in records} == {"https://github.com/a/b"}


@pytest.mark.parametrize(
    "more",
    [
        {"paperId": "2401.04321", "type": "article"},
        {"id": "2401.04321", "type": "article"},
        {"id": "2401.04321", "upvotes": 3, "publishedAt": "2024-01-09T00:00:00Z"},
        {"arxiv_id": "2401.04321", "DOI": "10.1000/x", "score": 0.5},
        {
            "arxiv_id": "2401.04321",
            "url_abs": "https://arxiv.org/abs/2401.04321",
            "url_pdf": "https://l.example/x.pdf",
        },
        {"arxiv_id": "2401.04321", "custom": {"colour": "red"}},
    ],
)
def test_objects_that_resemble_a_service_keep_their_fields(more):
    (record,), _ = import_text(json.dumps([{**PAPER, **more}]))
    assert (record.arxiv, record.authors, record.abstract) == ("2401.04321", ("Ada Lee",), "We light.")

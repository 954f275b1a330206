"""Import of JSON of Crossref, OpenAlex, OpenReview, Semantic Scholar, Papers with Code, Zotero, and CSL JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest

from paperreader import importers
from paperreader.models import ImportedEntry
from tests.importers.import_helpers import import_clean, import_input, import_text

CSL = {
    "id": "lee2020",
    "type": "article-journal",
    "title": "Lamps in <i>Corridors</i> with CO<sub>2</sub> and <think>",
    "author": [
        {"family": "Lee", "given": "Ada"},
        {"family": "Oord", "given": "Bo", "non-dropping-particle": "van den"},
        {"family": "King", "given": "Cy", "suffix": "Jr."},
        {"literal": "Lamp Consortium"},
    ],
    "editor": [{"family": "Door", "given": "Dee"}],
    "container-title": "Journal of Lamps",
    "issued": {"date-parts": [["2020", 5]]},
    "volume": 7,
    "issue": "2",
    "page": "11-19",
    "publisher": "Lamp Press",
    "ISSN": "1234-5678",
    "DOI": "10.1000/LAMP.1",
    "URL": "https://github.com/lanternlab/lamps",
    "abstract": "<jats:title>Abstract</jats:title><jats:p>We light A &amp; B.</jats:p><jats:p>It works.</jats:p>",
    "keyword": "lamps, doors",
    "note": "Extra: arXiv:2001.04321 [cs]",
}

CROSSREF = {
    "indexed": {"date-time": "2024-01-01T00:00:00Z"},
    "publisher": "Lamp Press",
    "issue": "3",
    "DOI": "10.1000/lamp.2",
    "type": "journal-article",
    "title": ["Lamps of\n  Many Colours"],
    "subtitle": ["A Survey"],
    "container-title": ["Journal of Lamps", "J. Lamps"],
    "author": [
        {"given": "Ada", "family": "Lee", "sequence": "first", "affiliation": [{"name": "Lamp Lab"}]},
        {"name": "The Lamp Group", "sequence": "additional"},
    ],
    "issued": {"date-parts": [[2021]]},
    "published-online": {"date-parts": [[2021, 3, 4]]},
    "page": "5-9",
    "volume": "12",
    "ISSN": ["1234-5678", "8765-4321"],
    "subject": ["Lamps, General", "Doors"],
    "abstract": "<jats:p>A formula <jats:inline-formula><jats:alternatives><jats:tex-math>$$x^2$$</jats:tex-math>"
    "<mml:math><mml:mi>x</mml:mi></mml:math></jats:alternatives></jats:inline-formula> shines.</jats:p>",
    "relation": {
        "has-preprint": [{"id-type": "doi", "id": "10.48550/arXiv.2103.04321", "asserted-by": "subject"}]
    },
    "reference": [{"key": "1", "article-title": "Another Paper", "author": "Someone Else"}],
}

OPENALEX = {
    "id": "https://openalex.org/W1",
    "doi": "https://doi.org/10.1000/lamp.3",
    "title": "Lamps by Night",
    "display_name": "Lamps by Night",
    "publication_year": 2022,
    "publication_date": "2022-02-03",
    "type": "article",
    "authorships": [
        {
            "author": {"display_name": "Ada Lee"},
            "raw_author_name": "LEE, A.",
            "institutions": [{"display_name": "Lab"}],
        },
        {"author": {}, "raw_author_name": "Bo Chen"},
    ],
    "primary_location": {
        "landing_page_url": "https://doi.org/10.1000/lamp.3",
        "source": {"display_name": "Journal of Lamps", "type": "journal", "issn_l": "1234-5678"},
    },
    "locations": [
        {"landing_page_url": "http://arxiv.org/abs/2202.04321", "pdf_url": "https://arxiv.org/pdf/2202.04321"}
    ],
    "biblio": {"volume": "4", "issue": "1", "first_page": "3", "last_page": "8"},
    "keywords": [{"display_name": "Lamp"}, {"keyword": "night"}],
    "abstract_inverted_index": {"We": [0], "light": [1, 3], "and": [2], "again.": [4]},
    "referenced_works": ["https://openalex.org/W2"],
}

SEMANTIC_SCHOLAR = {
    "paperId": "0" * 40,
    "externalIds": {"ArXiv": "2301.04321", "DOI": "10.1000/lamp.4", "CorpusId": 7},
    "url": "https://www.semanticscholar.org/paper/" + "0" * 40,
    "title": "Lamps That Learn",
    "abstract": "We learn.",
    "venue": "Conference on Lamps",
    "publicationVenue": {"name": "International Conference on Lamps", "type": "conference"},
    "year": 2023,
    "publicationDate": "2023-01-12",
    "publicationTypes": ["JournalArticle", "Conference"],
    "journal": {"name": "ArXiv", "volume": "abs/2301.04321"},
    "openAccessPdf": {"url": "https://lamps.example/paper.pdf", "status": "GREEN"},
    "tldr": {"model": "tldr@v2.0.0", "text": "Lamps learn."},
    "authors": [{"authorId": "1", "name": "Ada Lee"}, {"authorId": None, "name": "Bo Chen"}],
    "references": [{"paperId": "1" * 40, "title": "Another Paper"}],
}

DATASET_ROW = {
    "corpusid": 7,
    "externalids": {"ArXiv": "2301.04321", "DOI": None},
    "title": "Lamps That Learn",
    "authors": [{"authorId": "1", "name": "Ada Lee"}],
    "venue": "Journal of Lamps",
    "publicationtypes": ["JournalArticle"],
    "publicationdate": None,
    "year": 2023,
    "journal": {"name": "Journal of Lamps", "volume": "3", "pages": "1-9"},
}

NOTE_1 = {
    "id": "aBc-1",
    "forum": "aBc-1",
    "replyto": None,
    "invitation": "Lamps.cc/2020/Conference/-/Blind_Submission",
    "cdate": 1578139200000,
    "content": {
        "title": "Lamps Under Review",
        "authors": ["Ada Lee", "Bo Chen"],
        "abstract": "We ask.",
        "keywords": ["lamps"],
        "TL;DR": "Lamps are asked.",
        "venue": "Submitted to Lamps 2020",
        "code": "https://github.com/lanternlab/review",
    },
}
NOTE_2 = {
    **NOTE_1,
    "invitations": ["Lamps.cc/2024/Conference/-/Submission"],
    "pdate": 1704067200000,
    "content": {
        "title": {"value": "Lamps Accepted"},
        "authors": {"value": ["Ada Lee"]},
        "abstract": {"value": "We answer."},
        "venue": {"value": "Lamps 2024 poster"},
        "keywords": {"value": ["lamps", "doors"]},
    },
}
REVIEW = {
    "id": "r",
    "forum": "aBc-1",
    "replyto": "aBc-1",
    "content": {"title": "Official Review", "rating": 6},
}

PAPERS_WITH_CODE = {
    "paper_url": "https://paperswithcode.com/paper/lamps-with-code",
    "arxiv_id": "1902.04321",
    "title": "Lamps With Code",
    "abstract": "We code.",
    "url_abs": "http://arxiv.org/abs/1902.04321v2",
    "url_pdf": "http://arxiv.org/pdf/1902.04321v2.pdf",
    "proceeding": "ICL 2019 5",
    "authors": ["Ada Lee", "Bo Chen"],
    "tasks": ["Lighting"],
    "date": "2019-02-11",
    "methods": [{"name": "Lamp", "full_name": "Lamp Method", "description": "It shines."}],
}
CODE_LINK = {
    "paper_url": "https://paperswithcode.com/paper/lamps-with-code",
    "paper_title": "Lamps With Code",
    "paper_arxiv_id": "1902.04321",
    "paper_url_abs": "http://arxiv.org/abs/1902.04321v2",
    "repo_url": "https://github.com/lanternlab/code",
    "is_official": True,
    "framework": "pytorch",
}

ZOTERO = {
    "key": "ABCD",
    "version": 3,
    "data": {
        "itemType": "conferencePaper",
        "title": "Lamps at Zotero",
        "creators": [
            {"creatorType": "author", "firstName": "Ada", "lastName": "Lee"},
            {"creatorType": "author", "name": "Lamp Group"},
            {"creatorType": "editor", "firstName": "Dee", "lastName": "Door"},
        ],
        "abstractNote": "We collect.",
        "proceedingsTitle": "Proceedings of Lamps",
        "date": "2018-04",
        "pages": "1-4",
        "DOI": "10.1000/lamp.5",
        "url": "https://lamps.example/zotero",
        "extra": "arXiv:1804.04321 [cs]",
        "tags": [{"tag": "mine"}, {"tag": "automatic", "type": 1}],
        "notes": [{"note": "<p>Read <b>again</b></p>"}],
    },
}

LEE_CHEN = ("Ada Lee", "Bo Chen")

EXPECTED: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    (
        "csl-json",
        CSL,
        {
            "title": "Lamps in Corridors with CO$_{2}$ and <think>",
            "authors": ("Ada Lee", "Bo van den Oord", "Cy King Jr.", "Lamp Consortium"),
            "editors": ("Dee Door",),
            "published": "2020-05",
            "journal": "Journal of Lamps",
            "entry_type": "article",
            "volume": "7",
            "number": "2",
            "pages": "11--19",
            "publisher": "Lamp Press",
            "issn": "1234-5678",
            "doi": "10.1000/lamp.1",
            "arxiv": "2001.04321",
            "abstract": "We light A & B.\n\nIt works.",
            "keywords": ("lamps", "doors"),
        },
    ),
    (
        "crossref",
        CROSSREF,
        {
            "title": "Lamps of Many Colours: A Survey",
            "authors": ("Ada Lee", "The Lamp Group"),
            "published": "2021",
            "journal": "Journal of Lamps",
            "volume": "12",
            "number": "3",
            "pages": "5--9",
            "publisher": "Lamp Press",
            "issn": "1234-5678, 8765-4321",
            "doi": "10.1000/lamp.2",
            "arxiv": "2103.04321",
            "abstract": "A formula $$x^2$$ shines.",
            "keywords": ("Lamps, General", "Doors"),
        },
    ),
    (
        "openalex",
        OPENALEX,
        {
            "title": "Lamps by Night",
            "authors": LEE_CHEN,
            "abstract": "We light and light again.",
            "published": "2022-02-03",
            "journal": "Journal of Lamps",
            "volume": "4",
            "pages": "3--8",
            "doi": "10.1000/lamp.3",
            "arxiv": "2202.04321",
            "keywords": ("Lamp", "night"),
            "links": (),
        },
    ),
    (
        "semantic-scholar",
        SEMANTIC_SCHOLAR,
        {
            "title": "Lamps That Learn",
            "authors": LEE_CHEN,
            "abstract": "We learn.",
            "published": "2023-01-12",
            "booktitle": "International Conference on Lamps",
            "journal": "",
            "volume": "",
            "arxiv": "2301.04321",
            "doi": "10.1000/lamp.4",
            "summary": "Lamps learn.",
        },
    ),
    (
        "semantic-scholar",
        DATASET_ROW,
        {
            "authors": ("Ada Lee",),
            "published": "2023",
            "journal": "Journal of Lamps",
            "volume": "3",
            "pages": "1--9",
            "arxiv": "2301.04321",
        },
    ),
    *(
        (
            "semantic-scholar",
            {**{name: DATASET_ROW[name] for name in ("title", "authors", "year", "journal")}, **odd},
            {"authors": ("Ada Lee",), "journal": "Journal of Lamps", "volume": "3", "pages": "1--9"},
        )
        for odd in (
            {"paperId": None},
            {"paperId": "no-hash", "venue": "Journal of Lamps"},
            {"externalIds": None, "authors": [{"name": "Ada Lee"}]},
            {"corpusId": 7, "authors": ["Ada Lee"]},
            {"publicationVenue": None, "authors": "Ada Lee"},
            {"publicationTypes": ["JournalArticle"], "authors": [{"name": "Ada Lee"}]},
        )
    ),
    (
        "semantic-scholar",
        {
            "paperId": None,
            "title": "A Lamp",
            "journal": "Journal of Lamps",
            "authors": [{"authorId": "1"}],
            "year": 2020,
        },
        {"authors": (), "journal": "Journal of Lamps", "volume": ""},
    ),
    (
        "openreview",
        NOTE_1,
        {
            "title": "Lamps Under Review",
            "authors": LEE_CHEN,
            "abstract": "We ask.",
            "published": "2020-01-04",
            "booktitle": "",
            "summary": "Lamps are asked.",
            "repo": "https://github.com/lanternlab/review",
        },
    ),
    (
        "openreview",
        NOTE_2,
        {
            "title": "Lamps Accepted",
            "authors": ("Ada Lee",),
            "published": "2024-01-01",
            "booktitle": "Lamps 2024 poster",
            "keywords": ("lamps", "doors"),
        },
    ),
    (
        "papers-with-code",
        PAPERS_WITH_CODE,
        {
            "title": "Lamps With Code",
            "authors": LEE_CHEN,
            "arxiv": "1902.04321",
            "published": "2019-02-11",
            "booktitle": "ICL 2019",
            "keywords": ("Lighting",),
            "links": (),
        },
    ),
    (
        "papers-with-code",
        CODE_LINK,
        {"title": "Lamps With Code", "arxiv": "1902.04321", "repo": "https://github.com/lanternlab/code"},
    ),
    (
        "zotero-json",
        ZOTERO,
        {
            "title": "Lamps at Zotero",
            "authors": ("Ada Lee", "Lamp Group"),
            "editors": ("Dee Door",),
            "published": "2018-04",
            "booktitle": "Proceedings of Lamps",
            "doi": "10.1000/lamp.5",
            "arxiv": "1804.04321",
            "keywords": ("automatic",),
        },
    ),
]


def layouts(item: dict[str, Any]) -> list[str]:
    """Return an object alone, in a list, in lines and in the result pages of services."""
    pages: list[Any] = [
        item,
        [item],
        {"total": 1, "offset": 0, "data": [item]},
        {"meta": {"count": 1, "title": "Query"}, "results": [item], "group_by": []},
        {"status": "ok", "message-type": "work", "message": item},
        {
            "status": "ok",
            "message": {"facets": {}, "total-results": 1, "items": [item], "query": {"terms": "x"}},
        },
        {"recommendedPapers": [item]},
        {"notes": [item], "count": 1},
        {"offset": 0, "data": [{"contexts": ["As in"], "isInfluential": False, "citingPaper": item}]},
        {"hits": {"total": 1, "hits": [{"_score": 1.5, "_source": item}]}},
        {"config": {"label": "Export"}, "items": [item]},
        {"2020-01-01": [item], "2020-01-02": []},
    ]
    compact = [json.dumps(page) for page in pages]
    return [*compact, *(json.dumps(page, indent=2) for page in pages), f"{compact[0]}\n{compact[0]}\n"]


@pytest.mark.parametrize(("kind", "item", "expected"), EXPECTED)
def test_object_of_a_service_in_every_layout(kind, item, expected):
    for text in layouts(item):
        records = import_clean(text)
        assert len(records) == (2 if text.endswith("}\n") and text.count("\n") == 2 else 1), text
        for record in records:
            assert record.source.kind == kind, text
            assert {name: getattr(record, name) for name in expected} == expected, text
        assert len({record.source.key for record in records}) == len(records)


@pytest.mark.parametrize(
    ("venue", "booktitle"), [("Conference on Lamps", "Conference on Lamps"), ("arXiv.org", ""), ("", "")]
)
def test_venue_of_a_response_without_types_is_kept(venue, booktitle):
    asked_for = ("paperId", "externalIds", "title", "authors", "year")
    paper = {name: SEMANTIC_SCHOLAR[name] for name in asked_for} | {"venue": venue}
    (record,) = import_clean(json.dumps({"data": [paper]}))
    assert (record.booktitle, record.journal) == (booktitle, "")


def test_one_response_with_several_kinds_of_objects():
    records = import_clean(json.dumps([CSL, CROSSREF, OPENALEX, SEMANTIC_SCHOLAR, NOTE_1, PAPERS_WITH_CODE]))
    assert [record.source.kind for record in records] == [
        *("csl-json", "crossref", "openalex", "semantic-scholar", "openreview", "papers-with-code"),
    ]


@pytest.mark.parametrize(
    ("item", "others", "message"),
    [
        (
            NOTE_1,
            [REVIEW, REVIEW],
            "objects that are reviews, decisions or comments of OpenReview were not imported: 2",
        ),
        (
            CROSSREF,
            [{**CROSSREF, "type": "component"}],
            "objects that are journals, parts of works, reviews or grants of Crossref were not imported: 1",
        ),
        (
            ZOTERO,
            [{"key": "N", "data": {"itemType": "note", "note": "<p>x</p>"}}],
            "objects that are attachments or separate notes of Zotero were not imported: 1",
        ),
    ],
)
def test_objects_that_are_no_papers_are_reported_once(item, others, message):
    for text in (json.dumps([item, *others]), "\n".join(map(json.dumps, [item, *others]))):
        records, (problem,) = import_text(text)
        assert len(records) == 1
        assert problem.message == message


def test_papers_that_a_service_does_not_know_are_reported():
    records, (problem,) = import_text(json.dumps([SEMANTIC_SCHOLAR, None]))
    assert len(records) == 1
    assert "item 2 cannot be used: it is null" in problem.message


def test_zotero_notes_and_tags_are_the_users():
    (entry,) = import_input(importers.Input("zotero", json.dumps([ZOTERO]).encode()))
    assert isinstance(entry, ImportedEntry)
    assert entry.mark is not None
    assert (entry.mark.note_text, entry.mark.tag_names) == ("Read **again**", ("mine",))


def test_note_of_csl_is_not_the_users():
    (entry,) = import_input(importers.Input("csl", json.dumps([CSL]).encode()))
    assert isinstance(entry, ImportedEntry)
    assert entry.mark is None


@pytest.mark.parametrize(
    ("issued", "published"),
    [
        ({"date-parts": [[2017, 6, 12]]}, "2017-06-12"),
        ({"date-parts": [["2017", "6"]]}, "2017-06"),
        ({"date-parts": [2017]}, "2017"),
        ({"date-parts": [[None]]}, "2020-01"),  # the month of the arXiv id
        ({"raw": "12 June 2017"}, "2017-06-12"),
        ({"literal": "Spring 2017"}, "2017"),
        ("2017-06", "2017-06"),
        (2017, "2017"),
    ],
)
def test_dates_of_csl(issued, published):
    (record,) = import_clean(json.dumps([{**CSL, "issued": issued}]))
    assert record.published == published


@pytest.mark.parametrize(
    ("kind", "genre", "expected"),
    [
        ("paper-conference", "", ("inproceedings", "", "Journal of Lamps", "Lamp Press", "")),
        ("chapter", "", ("incollection", "", "Journal of Lamps", "Lamp Press", "")),
        ("thesis", "Master's thesis", ("mastersthesis", "", "", "", "Lamp Press")),
        ("thesis", "PhD thesis", ("phdthesis", "", "", "", "Lamp Press")),
        ("report", "", ("techreport", "", "", "", "Lamp Press")),
        ("article", "", ("article", "Journal of Lamps", "", "Lamp Press", "")),
        ("webpage", "", ("", "Journal of Lamps", "", "Lamp Press", "")),
    ],
)
def test_types_of_csl(kind, genre, expected):
    data = {**CSL, "type": kind, "genre": genre}
    if expected[1:3] == ("", ""):
        data.pop("container-title")
    (record,) = import_clean(json.dumps([data]))
    assert (record.entry_type, record.journal, record.booktitle, record.publisher, record.school) == expected


def test_unknown_day_of_openalex_is_a_year():
    (record,) = import_clean(json.dumps([{**OPENALEX, "publication_date": "2022-01-01"}]))
    assert record.published == "2022"


@pytest.mark.parametrize(
    "change",
    [
        {"author": 5, "authors": 5, "authorships": 5},
        {"issued": [], "year": [], "publication_date": 7, "cdate": "x", "date": 5, "publicationDate": {}},
        {"abstract": {"x": 1}, "abstract_inverted_index": {"x": 5}},
        {"externalIds": [], "ids": 5, "DOI": 7, "doi": {}},
        {
            "journal": "Lamps",
            "publicationVenue": "Lamps",
            "primary_location": None,
            "container-title": {"x": 1},
        },
        {"locations": [None, 3], "tags": 5, "keywords": 9, "keyword": {"x": 1}, "relation": 5},
    ],
)
def test_field_of_an_unexpected_type_costs_only_itself(change):
    for _, item, expected in EXPECTED:
        data = {name: change.get(name, value) for name, value in item.items()}
        inner = "content" if "content" in data else "data" if "data" in data else ""
        if inner:
            data[inner] = {name: change.get(name, value) for name, value in data[inner].items()}
        records, _ = import_text(json.dumps([data]))
        assert len(records) == 1, data
        assert "title" not in expected or records[0].title == expected["title"]

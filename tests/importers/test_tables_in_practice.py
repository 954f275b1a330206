"""Import of tables and JSON objects as publishers, scripts and people write them."""

from __future__ import annotations

import csv
import io
import json

import pytest

from paperreader import importers
from paperreader.importers.references.names import split_authors
from paperreader.models import ImportedEntry, Problem
from tests.importers.import_helpers import import_clean, import_input, import_text

ABC = ["Ada Lee", "Bo Chen", "Cy River"]


def table(*rows: list[str], delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return out.getvalue()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ada Lee, Bo Chen and Cy River", ABC),
        ("Ada Lee, Bo Chen, and Cy River", ABC),
        ("Ada Lee, Bo Chen, Cy River", ABC),
        ("Ada Lee; Bo Chen; Cy River;", ABC),
        ("Ada Lee and Bo Chen and Cy River", ABC),
        ("Ada Lee, Bo Chen & Cy River", ABC),
        ("Lee, Ada; Chen, Bo; River, Cy; ", ABC),
        ("Lee, Ada and Chen, Bo and River, Cy", ABC),
        ("['Ada Lee', 'Bo Chen', 'Cy River']", ABC),
        ('["Ada Lee", "Bo Chen", "Cy River"]', ABC),
        ("[{'name': 'Ada Lee'}, {'name': 'Bo Chen'}, {'name': 'Cy River'}]", ABC),
        ("Ada Lee|Bo Chen|Cy River", ABC),
        ("Ada Lee | Bo Chen | Cy River", ABC),
        ("Ada Lee\nBo Chen\nCy River", ABC),
        ("Ada Lee (MIT), Bo Chen (Lamp Lab, Lampton), Cy River", ABC),
        ("Ada Lee [1], Bo Chen [1, 2], Cy River [2]", ABC),
        ("Ada Lee*, Bo Chen†, Cy River2", ABC),
        ("Ada Lee 1, Bo Chen 1,2, and Cy River 2", ABC),
        ("Ada Lee, Bo Chen, Cy River, et al.", ABC),
        ("Lee, Ada (5720); Chen, Bo (5721); River, Cy (5722)", ABC),
        ("Lee, A., Chen, B., River, C.", ["A. Lee", "B. Chen", "C. River"]),
        ("Lee A., Chen B.", ["A. Lee", "B. Chen"]),
        ("Lee A, Chen B", ["A Lee", "B Chen"]),
        ("Lee A and Chen B", ["A Lee", "B Chen"]),
        ("Lee A; Chen BC", ["A Lee", "BC Chen"]),
        ("Lee AB, Chen B, River C, et al.", ["AB Lee", "B Chen", "C River"]),
        ("van der Berg J, Di Rocco JK", ["J van der Berg", "JK Di Rocco"]),
        ("O'Neil P, Müller-Kern J-P, Ørsted Å.", ["P O'Neil", "J-P Müller-Kern", "Å Ørsted"]),
        ("King ML Jr, Lee A, Corridor Study Group", ["ML King Jr", "A Lee", "Corridor Study Group"]),
        ("Wu Y, Hinton G", ["Y Wu", "G Hinton"]),
        ("Lee Ann, Chen Bo", ["Lee Ann", "Chen Bo"]),
        ("Li Na, Xu Li", ["Li Na", "Xu Li"]),
        ("A Lee, B Chen", ["A Lee", "B Chen"]),
        ("Lee A.", ["A Lee"]),
        ("Weinan E", ["Weinan E"]),
        ("Weinan E, Bo Chen", ["Weinan E", "Bo Chen"]),
        ("Google AI, Meta AI", ["Google AI", "Meta AI"]),
        ("LEE AN, CHEN BO", ["LEE AN", "CHEN BO"]),
        ("Lee, Ada", ["Ada Lee"]),
        ("van den Oord, Aaron", ["Aaron van den Oord"]),
        ("Ada Lee, Bo Chen", ["Ada Lee", "Bo Chen"]),
        ("Martin Luther King, Jr., Ada Lee", ["Martin Luther King Jr.", "Ada Lee"]),
        ("Lee, Chen and River", ["Lee", "Chen", "River"]),
        ("Ada Lee", ["Ada Lee"]),
        ("Sandy Anderson", ["Sandy Anderson"]),
        ("Ada Lee / Bo Chen / Cy River", ABC),
        ("Ada Lee · Bo Chen • Cy River", ABC),
        ("Ada Lee, Bo Chen, Cy River et al.", ABC),
        ("Ada Lee et al.", ["Ada Lee"]),
        ("Lee, Ada and Chen, Bo and others", ["Ada Lee", "Bo Chen"]),
        ("Lee A, Chen BC, River C.", ["A Lee", "BC Chen", "C River"]),
        ("Ada Lee^1, Bo Chen^{2,3}, Cy River", ABC),
        ("Ada Lee <ada@lamps.example>, Bo Chen <b@c.d>, Cy River", ABC),
        ("Ada Lee, Univ. of Lampton; Bo Chen, MIT; Cy River, Lamp Lab", ABC),
        ("LEE, ADA; CHEN, BO", ["ADA LEE", "BO CHEN"]),
        ('{"Ada Lee","Bo Chen","Cy River"}', ABC),
        ("{'name': 'Ada Lee'}, {'name': 'Bo Chen'}, {'name': 'Cy River'}", ABC),
        ("李明, 王芳", ["李明", "王芳"]),
        ("李明；王芳；张伟", ["李明", "王芳", "张伟"]),
        ("", []),
        ("[unclear", ["[unclear"]),
        ("lamp " * 60 + "door", ["lamp " * 60 + "door"]),
        ("Lee-" * 60 + "Lee A!, Bo Chen", ["Lee-" * 60 + "Lee A!", "Bo Chen"]),
    ],
)
def test_every_spelling_of_a_list_of_authors(text, names):
    assert split_authors(text) == names


@pytest.mark.parametrize(
    "column",
    [
        "Title",
        "title",
        "Document Title",
        "Article Title",
        "Item Title",
        "paper_title",
        "PaperTitle",
        "Paper",
        "Title of Paper",
        "title_en",
        "Titel",
        "Título",
        "Titre",
        "论文标题",
    ],
)
def test_columns_of_titles(column):
    (record,) = import_clean(table(["Year", column, "Authors"], ["2020", "A Lamp", "Ada Lee"]))
    assert (record.title, record.authors, record.published) == ("A Lamp", ("Ada Lee",), "2020")


@pytest.mark.parametrize(
    "column",
    ["Authors", "author_text", "Author Names", "Author full names", "creators", "authors_str", "作者"],
)
def test_columns_of_authors(column):
    (record,) = import_clean(table(["Title", column, "url"], ["A Lamp", "Lee, Ada; Chen, Bo", ""]))
    assert record.authors == ("Ada Lee", "Bo Chen")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("link", "http://arxiv.org/abs/2401.04321v1"),
        ("arxiv_id", "2401.04321"),
        ("entry_id", "http://arxiv.org/abs/2401.04321v1"),
        ("pdf_url", "https://arxiv.org/pdf/2401.04321v2.pdf"),
        ("PaperURL", "https://arxiv.org/abs/2401.04321"),
        ("abstract_url", "https://arxiv.org/abs/2401.04321"),
        ("id", "arXiv:2401.04321"),
        ("link_pdf", "https://arxiv.org/pdf/2401.04321v1"),
        ("anything", "https://arxiv.org/abs/2401.04321"),
        ("identifier", "arXiv:2401.04321"),
        ("DOI", "10.48550/arXiv.2401.04321"),
    ],
)
def test_columns_that_name_a_paper_of_arxiv(column, value):
    (record,) = import_clean(table(["title", column, "authors"], ["A Lamp", value, "Ada Lee"]))
    assert (record.arxiv, record.links) == ("2401.04321", ())


@pytest.mark.parametrize(
    ("column", "value", "field", "expected"),
    [
        ("created", "2024-01-09 10:00:00", "published", "2024-01-09"),
        ("published_date", "2024-01-09T10:00:00Z", "published", "2024-01-09"),
        ("Publication Year", "2024", "published", "2024"),
        ("Year of Publication", "2024", "published", "2024"),
        ("first_submitted_date", "2024-01-09", "published", "2024-01-09"),
        ("Publication Name", "Lamps", "journal", "Lamps"),
        ("Index Keywords", "lamps; doors", "keywords", ("lamps", "doors")),
        ("source_code", "https://github.com/a/b", "repo", "https://github.com/a/b"),
        ("Source title", "Lamps", "journal", "Lamps"),
        ("Publication", "Lamps", "journal", "Lamps"),
        ("Author Keywords", "lamps; doors", "keywords", ("lamps", "doors")),
        ("categories", "['cs.LG', 'cs.CL']", "keywords", ("cs.LG", "cs.CL")),
        ("summary", "It is lit.", "abstract", "It is lit."),
        ("Abstract Note", "It is lit.", "abstract", "It is lit."),
        ("Item DOI", "10.1000/x", "doi", "10.1000/x"),
        ("upvotes", "7", "votes", 7),
        ("github", "https://github.com/a/b", "repo", "https://github.com/a/b"),
        ("Volume", "521", "volume", "521"),
        ("Issue", "7553", "number", "7553"),
        ("Journal Issue", "7553", "number", "7553"),
        ("Journal/Book", "Lamps", "journal", "Lamps"),
        ("categories", "cs.LG cs.CL", "keywords", ("cs.LG", "cs.CL")),
        ("arxiv_id", "2401.00001", "published", "2024-01"),
        ("Number", "3", "number", ""),
        ("Pages", "436-444", "pages", "436--444"),
        ("Start Page", "436", "pages", "436"),
        ("Publisher", "Lamp Press", "publisher", "Lamp Press"),
        ("ISBN", "978-3", "isbn", "978-3"),
        ("ISSN", "1234-5678", "issn", "1234-5678"),
        ("Editors", "Ditor, E.; Lee, Ada", "editors", ("E. Ditor", "Ada Lee")),
        ("Document Type", "Conference paper", "entry_type", "inproceedings"),
        ("Item type", "Article; Proceedings Paper", "entry_type", "inproceedings"),
        ("type", "poster", "entry_type", ""),
    ],
)
def test_other_columns(column, value, field, expected):
    (record,) = import_clean(table(["title", "authors", column], ["A Lamp", "Ada Lee", value]))
    assert getattr(record, field) == expected


def test_pages_and_numbers_in_columns_of_their_own():
    header = ["Title", "Authors", "Volume", "Number", "Page start", "Page end"]
    (record,) = import_clean(table(header, ["A Lamp", "Ada Lee", "5", "2", "10", "12"]))
    assert (record.volume, record.number, record.pages) == ("5", "2", "10--12")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_and_the_line_that_names_them(delimiter):
    text = table(["Title", "Authors", "Year"], ["A Lamp", "Ada Lee", "2020"], delimiter=delimiter)
    for start in ("", f"sep={delimiter}\n", f"\ufeffsep={delimiter}\r\n"):
        (record,) = import_clean(start + text)
        assert (record.title, record.authors, record.published) == ("A Lamp", ("Ada Lee",), "2020")


def test_a_column_of_papers_may_have_urls_beside_titles():
    text = table(["Title", "Paper", "Authors"], ["A Lamp", "https://arxiv.org/abs/2401.04321", "Ada Lee"])
    (record,) = import_clean(text)
    assert (record.title, record.arxiv) == ("A Lamp", "2401.04321")
    text = table(["Paper", "Authors", "Year"], ["https://arxiv.org/abs/2401.04321", "Ada Lee", "2020"])
    records, (problem,) = import_text(text)
    assert (records, problem.message) == ([], "a row without a title")


def test_unused_columns_are_reported_once():
    rows = [["A Lamp", "Ada Lee", "3", ""], ["A Door", "Bo Chen", "4", ""]]
    records, (problem,) = import_text(table(["title", "authors", "Location", "Empty"], *rows))
    assert len(records) == 2
    assert (problem.line, problem.message) == (1, "these columns were not imported: location")


def test_authors_without_separators():
    header = ["Item Title", "Publication Title", "Item DOI", "Authors", "Publication Year", "URL"]
    row = ["A Lamp", "Lamps", "10.1000/x", "Yann LeCunYoshua BengioAda B. Lee", "2020", "http://l.example/x"]
    (record,) = import_clean(table(header, row))
    assert record.authors == ("Yann LeCun", "Yoshua Bengio", "Ada B. Lee")


def test_notes_and_tags_of_other_tables_are_not_the_users():
    text = table(["title", "authors", "note", "tags"], ["A Lamp", "Ada Lee", "Export date: 2020", "x"])
    entries = import_input(importers.Input("table", text.encode()))
    assert [entry.mark for entry in entries if isinstance(entry, ImportedEntry)] == [None]


@pytest.mark.parametrize(
    ("fields", "name", "expected"),
    [
        ({"keywords": "alpha;beta"}, "keywords", ("alpha", "beta")),
        ({"keywords": 7}, "keywords", ()),
        ({"stars": "66"}, "stars", 66),
        ({"votes": "many"}, "votes", None),
        ({"votes": [1]}, "votes", None),
        ({"authors": "Ada Lee; Bo Chen"}, "authors", ("Ada Lee", "Bo Chen")),
        ({"authors": "Ada Lee, Bo Chen and Cy River"}, "authors", tuple(ABC)),
        ({"authors": ["Lee, Ada", "Bo Chen"]}, "authors", ("Ada Lee", "Bo Chen")),
        ({"authors": ["Ada Lee, Bo Chen, Cy River"]}, "authors", tuple(ABC)),
        ({"authors": [{"name": "Ada Lee"}, {"name": "Bo Chen"}]}, "authors", ("Ada Lee", "Bo Chen")),
        ({"authors": [{"given": "Ada", "family": "Lee"}, {"name": 5}]}, "authors", ("Ada Lee",)),
        ({"author": "Ada Lee"}, "authors", ("Ada Lee",)),
        ({"authors": 5}, "authors", ()),
        ({"authors": [["Ada Lee"], ["Bo Chen"]]}, "authors", ("Ada Lee", "Bo Chen")),
        ({"authors": [["Lee", "Ada", ""], ["King", "Bo", "Jr."]]}, "authors", ("Ada Lee", "Bo King Jr.")),
        ({"authors": [{"author": {"display_name": "Ada Lee"}}]}, "authors", ("Ada Lee",)),
        ({"authors": [{"author": {"name": {"author": {}}}}, [[]], [5]]}, "authors", ()),
        ({"authors": {"value": ["Ada Lee"]}}, "authors", ("Ada Lee",)),
        ({"published": {"$date": "2024-01-05T10:00:00Z"}}, "published", "2024-01-05"),
        ({"links": {"pdf": "https://arxiv.org/pdf/2401.04321", "n": 5}}, "arxiv", "2401.04321"),
        ({"published": "2024-01-05T10:00:00Z"}, "published", "2024-01-05"),
        ({"year": 2024}, "published", "2024"),
        ({"published": {"x": 1}, "year": "2024"}, "published", "2024"),
        ({"abstract": ["a"]}, "abstract", ""),
        ({"summary": "It is lit."}, "abstract", "It is lit."),
        ({"links": 7}, "links", ()),
        ({"links": [{"href": 1}]}, "links", ()),
        ({"code": "https://github.com/a/b"}, "repo", "https://github.com/a/b"),
        ({"arxiv_id": "2401.04321"}, "arxiv", "2401.04321"),
        ({"url": "https://arxiv.org/abs/2401.04321"}, "arxiv", "2401.04321"),
        ({"landing": "https://arxiv.org/abs/2401.04321"}, "arxiv", "2401.04321"),
        ({"link": "/papers/2401.04321"}, "arxiv", "2401.04321"),
        ({"related_paper": "https://arxiv.org/abs/2401.04321"}, "arxiv", ""),
        ({"accuracy": "2401.04321"}, "arxiv", ""),
        ({"doi": 7}, "doi", ""),
        ({"journal": {"name": "Lamps", "volume": "3", "pages": "1-9"}}, "journal", "Lamps"),
        ({"journal": {"name": "Lamps", "volume": "3", "pages": "1-9"}}, "volume", "3"),
        ({"journal": {"name": "Lamps", "volume": 3, "pages": "1-9"}}, "pages", "1--9"),
        ({"journal": {"title": "Lamps", "volume": 3, "issue": 2}, "volume": "4"}, "volume", "4"),
        ({"journal": {"title": "Lamps", "volume": 3, "issue": 2}}, "number", "2"),
        ({"venue": {"name": "Lamps", "start_page": "1", "end_page": "9"}}, "pages", "1--9"),
        (
            {"journalInfo": {"volume": "3", "journal": {"title": "Lamps", "issn": "1234-5678"}}},
            "journal",
            "Lamps",
        ),
        (
            {"journalInfo": {"volume": "3", "journal": {"title": "Lamps", "issn": "1234-5678"}}},
            "issn",
            "1234-5678",
        ),
        ({"journal": {"name": {"x": 1}, "volume": [1]}}, "volume", "1"),
    ],
)
def test_fields_of_objects(fields, name, expected):
    data = {"title": "A Lamp in a Corridor", "year": 1999, **fields}
    for text in (json.dumps([data]), json.dumps(data) + "\n"):
        (record,), problems = import_text(text)
        assert getattr(record, name) == expected
        assert all("fields were not imported" in problem.message for problem in problems)


def test_problems_of_objects_name_what_is_missing():
    found = import_input(importers.Input("x", b'[{"name": "no title", "authors": []}]'))
    assert [one.message for one in found if isinstance(one, Problem)] == [
        "item 1 cannot be used: title is missing; its fields are “name”, “authors”"
    ]


ARXIV_PY = [
    ["", "entry_id", "published", "title", "authors", "summary", "comment", "doi", "journal_ref", "links"],
    [
        "0",
        "http://arxiv.org/abs/2401.04321v1",
        "2024-01-09 10:00:00+00:00",
        "A Lamp",
        "[arxiv.Result.Author('Ada Lee'), arxiv.Result.Author('Bo Chen')]",
        "We light.",
        "Code: https://github.com/a/b",
        "None",
        "nan",
        "[arxiv.Result.Link('http://arxiv.org/abs/2401.04321v1', title=None, rel='alternate')]",
    ],
]


@pytest.mark.parametrize("index_name", ["", "Unnamed: 0", "index", "level_0"])
def test_table_of_a_script_with_an_index_column(index_name):
    (record,) = import_clean(table([index_name, *ARXIV_PY[0][1:]], ARXIV_PY[1]))
    assert (record.arxiv, record.authors, record.published) == (
        "2401.04321",
        ("Ada Lee", "Bo Chen"),
        "2024-01-09",
    )
    assert (record.abstract, record.doi, record.journal) == ("We light.", "", "")
    assert [link.url for link in record.links] == ["https://github.com/a/b"]


@pytest.mark.parametrize(
    ("column", "cell", "field", "expected"),
    [
        ("externalIds", "{'ArXiv': '2301.04321', 'DOI': '10.1000/X', 'CorpusId': 7}", "doi", "10.1000/x"),
        ("externalIds", '{"ArXiv": "2301.04321", "DOI": null}', "arxiv", "2301.04321"),
        ("arxiv_id", "2401.1", "arxiv", "2401.10000"),
        ("arxiv_id", "704.0001", "arxiv", "0704.0001"),
        ("journal", "{'name': 'Journal of Lamps', 'volume': '3'}", "journal", "Journal of Lamps"),
        ("journal", "nan", "journal", ""),
        ("venue", "Conference on Lamps", "booktitle", "Conference on Lamps"),
        (
            "authors",
            "[{'authorId': '1', 'name': 'Ada Lee'}, {'authorId': None, 'name': 'Bo Chen'}]",
            "authors",
            ("Ada Lee", "Bo Chen"),
        ),
        ("authors", "['Ada Lee'\n 'Bo Chen']", "authors", ("Ada Lee", "Bo Chen")),
        ("authors", "None", "authors", ()),
        ("keywords", "[{'term': 'cs.LG'}, {'term': 'cs.CL'}]", "keywords", ("cs.LG", "cs.CL")),
        (
            "openAccessPdf",
            "{'url': 'https://l.example/p.pdf', 'status': 'GREEN'}",
            "links",
            "https://l.example/p.pdf",
        ),
        ("published", "1704794400000", "published", "2024-01-09"),
        ("tldr", "Short.", "summary", "Short."),
    ],
)
def test_cells_that_scripts_write(column, cell, field, expected):
    (record,) = import_clean(table(["title", "abstract", column], ["A Lamp", "We light.", cell]))
    found = getattr(record, field)
    assert (found[0].url if field == "links" else found) == expected


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_long_table_is_read_like_a_short_one(monkeypatch, encoding, line_end):
    rows = [[f"走廊里的灯 {number}", "李明; 王芳", "一盏灯,\n和 “门”。", "2020"] for number in range(60)]
    text = "sep=,\n" + table(["title", "authors", "abstract", "year"], *rows, ["", "x", "", ""])
    data = text.replace("\n", line_end).encode(encoding)
    short = import_text(data)
    monkeypatch.setattr("paperreader.importers.references.csv.MAX_CONTENT_BYTES", 1000)
    records, problems = import_text(data)
    assert ([*records], problems) == short
    assert (records[-1].title, records[-1].abstract) == ("走廊里的灯 59", "一盏灯,\n和 “门”。")
    assert problems[-1].line == 123


def test_damaged_and_endless_lines_of_a_long_table(monkeypatch):
    monkeypatch.setattr("paperreader.importers.references.csv.MAX_CONTENT_BYTES", 100)
    monkeypatch.setattr("paperreader.importers.input.streams.MAX_LINE_CHARS", 500)
    rows = table(["title", "authors"], *[[f"Lämp {number}", "Ada Lee"] for number in range(30)]).encode()
    records, (problem,) = import_text(rows + b"D\xffr,Bo Chen\n")
    assert (len(records), problem.line) == (31, 32)
    records, (problem,) = import_text(rows + b"x" * 600)
    assert len(records) == 30
    assert "too long" in problem.message


@pytest.mark.parametrize(
    ("header", "row", "note", "authors"),
    [
        ("title,authors,notes", '"Lee, Ada and Chen, Bo",read it', "", ("Ada Lee", "Bo Chen")),
        ("title,authors,Manual Tags", '"Ada Lee, Bo Chen",x', "", ("Ada Lee", "Bo Chen")),
        ("title,authors,Item Type,notes", '"Ada Lee, Bo Chen",Article,read it', "", ("Ada Lee", "Bo Chen")),
        ("title,author,Item Type,Abstract Note,Notes", '"Lee, Ada; Chen, Bo",book,We light.,<p>read <b>it</b></p>',
         "read **it**", ("Ada Lee", "Bo Chen")),
    ],
)  # fmt: skip
def test_only_tables_of_zotero_have_notes_of_the_user(header, row, note, authors):
    (entry, *_) = import_input(importers.Input("x.csv", f"{header}\nA Lamp,{row}\n".encode()))
    assert isinstance(entry, ImportedEntry)
    assert (entry.mark.note_text if entry.mark else "") == note
    assert entry.records[0].authors == authors

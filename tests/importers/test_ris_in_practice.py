"""Import of RIS as publishers and reference managers write it."""

from __future__ import annotations

import pytest

from paperreader import importers
from paperreader.models import ImportedEntry
from tests.importers.import_helpers import import_clean, import_input


def reference(*fields: str, indent: str = "") -> str:
    lines = ["TY  - JOUR", "TI  - A Lamp", *fields, "ER  - "]
    return "".join(f"{indent}{line}\n" for line in lines)


@pytest.mark.parametrize(
    ("field", "urls"),
    [
        ("https://github.com/a/b;https://example.org/c", ["https://github.com/a/b", "https://example.org/c"]),
        (
            "https://github.com/a/b; https://example.org/c",
            ["https://github.com/a/b", "https://example.org/c"],
        ),
        ("https://github.com/a/b|https://example.org/c", ["https://github.com/a/b", "https://example.org/c"]),
        ("https://github.com/a/b https://example.org/c", ["https://github.com/a/b", "https://example.org/c"]),
        ("https://example.org/c;jsessionid=1", ["https://example.org/c;jsessionid=1"]),
        ("www.example.org/c", ["https://www.example.org/c"]),
        ("https%3A%2F%2Fexample.org%2Fc", ["https://example.org/c"]),
    ],
)
def test_several_urls_in_one_field(field, urls):
    (record,) = import_clean(reference(f"UR  - {field}"))
    assert [link.url for link in record.links] == urls


@pytest.mark.parametrize(
    ("fields", "published"),
    [
        (["PY  - 2020", "DA  - 2020/05/03"], "2020-05-03"),
        (["PY  - 2020", "DA  - 2019/12/01"], "2020"),
        (["DA  - 2020/May/03"], "2020-05-03"),
        (["Y1  - 2020/5//"], "2020-05"),
        (["DA  - 20200503"], "2020-05-03"),
    ],
)
def test_dates(fields, published):
    (record,) = import_clean(reference(*fields))
    assert record.published == published


def test_an_escaped_doi_and_authors_without_names():
    (record,) = import_clean(reference("DO  - 10.1000%2Fabc", "AU  - Lee, Ada", "AU  - et al."))
    assert (record.doi, record.authors) == ("10.1000/abc", ("Ada Lee",))


@pytest.mark.parametrize("indent", ["  ", "\t", "\u00a0"])
def test_indented_references(indent):
    text = reference("AU  - Lee, Ada", indent=indent) + reference("AU  - Chen, Bo", indent=indent)
    assert [record.authors for record in import_clean(text)] == [("Ada Lee",), ("Bo Chen",)]


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("King, Martin Luther, Jr.", ("Martin Luther King Jr.",)),
        ("King, Jr., Martin Luther", ("Martin Luther King Jr.",)),
        ("Lee, Ada; Chen, Bo", ("Ada Lee", "Bo Chen")),
        ("Lee A, Chen BC", ("A Lee", "BC Chen")),
        ("Lee, Ada and Chen, Bo", ("Ada Lee", "Bo Chen")),
        ("Ada Lee, Bo Chen, Cy River, Di Bridge", ("Ada Lee", "Bo Chen", "Cy River", "Di Bridge")),
    ],
)
def test_names(line, authors):
    (record,) = import_clean(reference(f"AU  - {line}"))
    assert record.authors == authors


@pytest.mark.parametrize(
    ("fields", "note"),
    [
        (["N1  - Export Date: 30 April 2020", "N1  - Cited By :12"], ""),
        (["DA  - 2020/05/03/", "PY  - 2020", "N1  - <p>Read <em>again</em></p>"], "Read *again*"),
        (
            ["DP  - arXiv.org", "UR  - http://l.example", "N1  - <p>Read <em>again</em></p>", "KW  - a"],
            "Read *again*",
        ),
        (['N1  - <div data-schema-version="9"><p>Read <em>again</em></p>', "</div>"], "Read *again*"),
        (["N1  - <p>Copyright of the <em>publisher</em></p>"], ""),
        (["PY  - 2020", "N1  - <p>Copyright of the <em>publisher</em></p>"], ""),
        (["PY  - 2020", "DA  - 2020/05/03/", "N1  - <p>Copyright of the publisher</p>"], ""),
        (["UR  - http://l.example", "DA  - 2020//", "PY  - 2020", "N1  - <div>Copyright</div>"], ""),
        (["DA  - 2020/05/03/", "PY  - 2020", "N1  - Export Date: 30 April 2020"], ""),
        (["N1  - my note", "DP  - paperreader"], "my note"),
        (["N1  - my note", "M2  - listed: 2025-10-03; votes: 43"], "my note"),
        (["N1  - a publisher", "M2  - 12 pages"], ""),
        (["N1  - a publisher", "DP  - Lamp Press"], ""),
    ],
)
def test_a_note_is_the_users_only_if_the_user_wrote_it(fields, note):
    (entry,) = import_input(importers.Input("x", reference(*fields).encode()))
    assert isinstance(entry, ImportedEntry)
    assert (entry.mark.note_text if entry.mark else "") == note


def test_authors_with_initials_last_are_turned_over_only_as_a_list():
    for lines, authors in [
        (["Lee AB", "Chen C"], ("AB Lee", "C Chen")),
        (["Weinan E", "Jiequn Han"], ("Weinan E", "Jiequn Han")),
        (["Lee, A", "Weinan E"], ("A Lee", "Weinan E")),
    ]:
        (record,) = import_clean(reference(*(f"AU  - {line}" for line in lines)))
        assert record.authors == authors


def test_a_note_of_an_earlier_export_without_any_sign_of_it():
    text = "TY  - UNPB\nID  - lee2020lamp\nTI  - A Lamp\nAU  - Lee, Ada\nPY  - 2020\nN1  - mine\nER  - \n"
    (entry,) = import_input(importers.Input("x", text.encode()))
    assert isinstance(entry, ImportedEntry)
    assert entry.mark is not None
    assert entry.mark.note_text == "mine"


@pytest.mark.parametrize(
    ("kind", "fields", "expected"),
    [
        ("JOUR", ["VL  - 5", "IS  - 2", "SP  - 10", "EP  - 12", "SN  - 1234-5678"],
         {"entry_type": "article", "volume": "5", "number": "2", "pages": "10--12", "issn": "1234-5678"}),
        ("JOUR", ["SP  - 10-12", "PB  - Lamp Press", "SN  - 1234-567X; 8765-4321"],
         {"pages": "10--12", "publisher": "Lamp Press", "issn": "1234-567X, 8765-4321"}),
        ("JOUR", ["SP  - e1234", "M3  - 10.1000/x"], {"pages": "e1234", "doi": "10.1000/x", "report_type": ""}),
        ("BOOK", ["SN  - 978-3-030-00000-1", "ET  - 2nd", "A3  - Ditor, E.", "A2  - Series, S."],
         {"entry_type": "book", "isbn": "978-3-030-00000-1", "edition": "2nd", "editors": ("E. Ditor",)}),
        ("BOOK", ["A2  - Ditor, E."], {"editors": ("E. Ditor",)}),
        ("EDBOOK", ["AU  - Ditor, E."], {"entry_type": "book", "authors": (), "editors": ("E. Ditor",)}),
        ("CHAP", ["T2  - Lamps", "A2  - Ditor, E.", "PB  - Lamp Press"],
         {"entry_type": "incollection", "booktitle": "Lamps", "editors": ("E. Ditor",), "publisher": "Lamp Press"}),
        ("CONF", ["C3  - Proc. of Lamps", "ED  - Ditor, E."],
         {"entry_type": "inproceedings", "booktitle": "Proc. of Lamps", "editors": ("E. Ditor",)}),
        ("THES", ["PB  - Corridor College", "M3  - PhD Thesis"],
         {"entry_type": "phdthesis", "school": "Corridor College", "publisher": "", "report_type": "PhD Thesis"}),
        ("THES", ["PB  - Corridor College", "M3  - M.Sc. thesis"], {"entry_type": "mastersthesis"}),
        ("RPRT", ["PB  - Lamp Lab", "SN  - LL-7"],
         {"entry_type": "techreport", "school": "Lamp Lab", "number": "LL-7", "isbn": "", "issn": ""}),
    ],
)  # fmt: skip
def test_fields_of_the_publication(kind, fields, expected):
    (record,) = import_clean(
        f"TY  - {kind}\nTI  - A Lamp\n" + "".join(f"{line}\n" for line in fields) + "ER  - \n"
    )
    assert {name: getattr(record, name) for name in expected} == expected

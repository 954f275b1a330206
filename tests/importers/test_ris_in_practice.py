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
        ("https://github.com/a/b https://example.org/c", ["https://github.com/a/b", "https://example.org/c"]),
        ("https://example.org/c;jsessionid=1", ["https://example.org/c;jsessionid=1"]),
        ("www.example.org/c", ["https://www.example.org/c"]),
    ],
)
def test_several_urls_in_one_field(field, urls):
    (record,) = import_clean(reference(f"UR  - {field}"))
    assert [link.url for link in record.links] == urls


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
        (["N1  - <p>Read <em>again</em></p>"], "Read *again*"),
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


def test_a_note_of_an_earlier_export_without_any_sign_of_it():
    text = "TY  - UNPB\nID  - lee2020lamp\nTI  - A Lamp\nAU  - Lee, Ada\nPY  - 2020\nN1  - mine\nER  - \n"
    (entry,) = import_input(importers.Input("x", text.encode()))
    assert isinstance(entry, ImportedEntry)
    assert entry.mark is not None
    assert entry.mark.note_text == "mine"

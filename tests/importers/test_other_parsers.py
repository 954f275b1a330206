"""Files that other parsers read as well have the same records, titles, DOIs and numbers of authors."""

from __future__ import annotations

import pytest

from tests.endurance import compare_parsers
from tests.importers.test_references import BIBTEX

RIS = "TY  - JOUR\nTI  - A Lamp\nAU  - Lee, Ada\nAU  - Chen, Bo\nDO  - 10.1000/x\nER  - \n"
TABLE = "title,authors,doi\nA Lamp,Ada Lee; Bo Chen,10.1000/x\nA Door,Cy River;,\n"
OBJECTS = '[{"title": "A Lamp", "authors": ["Ada Lee", "Bo Chen"], "doi": "10.1000/x"}]'


@pytest.mark.parametrize(
    ("name", "text"), [("x.bib", BIBTEX), ("x.ris", RIS), ("x.csv", TABLE), ("x.json", OBJECTS)]
)
def test_same_records_as_other_parsers(tmp_path, name, text):
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    count, lines = compare_parsers.compare(file)
    assert count
    assert [line for line in lines if not line.startswith("reported")] == []


def test_differences_are_found(tmp_path):
    file = tmp_path / "x.json"
    file.write_text('[{"title": "A Lamp", "authors": ["Ada Lee"]}, {"title": "A Door", "authors": [7, 8]}]')
    _, lines = compare_parsers.compare(file)
    assert any("2 authors became 0" in line or "not imported" in line for line in lines)

"""Imported references: one work is one paper, two works stay separate, and no paper mixes them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from paperreader import importers
from paperreader.models import ImportedEntry
from tests.catalog.records import catalog_in, papers_by_id

SAME_TITLE = """
@article{a, title={Theory of lamps}, author={Glow, Ann and Beam, Bob}, journal={Optics}, year={2015}, doi={10.1234/x1}}
@book{b, title={Theory of lamps}, author={Shine, Carl and Beam, Bob}, year={2016}, publisher={Press}}
@book{c, title={Theory of doors}, author={Dora Hinge}, year={1997}}
@book{d, title={Theory of doors}, author={Emil Latch}, year={2021}}
"""
CHAPTERS = """
@incollection{a, title={On the hinges of doors}, author={A. First}, doi={10.1234/978}, booktitle={Doors}, year=2019}
@incollection{b, title={On the handles of doors}, author={B. Second}, doi={10.1234/978}, booktitle={Doors}, year=2019}
"""
SUBTITLES = """
@book{a, title={Illuminating Lamps}, subtitle={An Introduction}, author={Glow, Ann and Beam, Bob}, date={2018}}
@book{b, title={Illuminating Lamps}, subtitle={Recent Results}, editor={Wick, Max}, date={2012}}
"""
EDITIONS = """
@book{a, title={Illuminating Lamps}, author={Glow, Ann}, year={1998}}
@book{b, title={Illuminating Lamps}, author={Glow, Ann}, year={2018}, edition={2}}
"""
PREPRINT = """
@misc{a, title={Illuminating Lamps}, author={Glow, Ann and Beam, Bob}, year={2017}, eprint={1706.00001}}
@inproceedings{b, title={Illuminating Lamps}, author={A. Glow and B. Beam}, year={2019}, booktitle={Lamps 2019}}
"""
RIS_BOOK_AND_CHAPTER = """
TY  - BOOK
TI  - Illuminating Lamps
AU  - Glow, Ann
PY  - 2018
ER  -
TY  - CHAP
TI  - Illuminating Lamps
T2  - Lamps
AU  - Glow, Ann
PY  - 2018
ER  -
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            SAME_TITLE,
            {
                ("Theory of lamps", "Ann Glow", "10.1234/x1", "Optics", "2015"),
                ("Theory of lamps", "Carl Shine", "", "", "2016"),
                ("Theory of doors", "Dora Hinge", "", "", "1997"),
                ("Theory of doors", "Emil Latch", "", "", "2021"),
            },
        ),
        (
            CHAPTERS,
            {
                ("On the hinges of doors", "A. First", "10.1234/978", "Doors", "2019"),
                ("On the handles of doors", "B. Second", "10.1234/978", "Doors", "2019"),
            },
        ),
        (
            EDITIONS,
            {
                ("Illuminating Lamps", "Ann Glow", "", "", "1998"),
                ("Illuminating Lamps", "Ann Glow", "", "", "2018"),
            },
        ),
        (PREPRINT, {("Illuminating Lamps", "A. Glow", "", "Lamps 2019", "2019")}),
        (
            SUBTITLES,
            {
                ("Illuminating Lamps: An Introduction", "Ann Glow", "", "", "2018"),
                ("Illuminating Lamps: Recent Results", "", "", "", "2012"),
            },
        ),
        (
            RIS_BOOK_AND_CHAPTER,
            {
                ("Illuminating Lamps", "Ann Glow", "", "Lamps", "2018"),
                ("Illuminating Lamps", "Ann Glow", "", "", "2018"),
            },
        ),
    ],
)
@pytest.mark.parametrize("reverse", [False, True])
def test_works_of_a_file(tmp_path: Path, text: str, expected: set[tuple[str, ...]], reverse: bool) -> None:
    found = importers.read_entries(
        importers.Input("references", text.encode()), date=None, today=dt.date(2024, 5, 6)
    )
    entries = [one for one in found if isinstance(one, ImportedEntry)]
    catalog = catalog_in(tmp_path)
    catalog.add(entries[::-1] if reverse else entries)
    assert {
        (paper.title, "".join(paper.authors[:1]), paper.doi, paper.venue, paper.published)
        for paper in papers_by_id(catalog).values()
    } == expected

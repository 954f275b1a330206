"""Import of the files of PubMed, Web of Science and EndNote."""

from __future__ import annotations

import pytest

from tests.importers.import_helpers import import_clean, import_text

NBIB = """
PMID- 31970001
OWN - NLM
STAT- MEDLINE
IS  - 1234-5678 (Electronic)
IS  - 8765-4321 (Print)
VI  - 382
IP  - 8
DP  - 2020 Feb 20
TI  - Lamps that learn: a study of corridors
      and doors.
PG  - 727-33
LID - 10.1000/Lamp.2020.7 [doi]
AB  - BACKGROUND: Corridors are dark. RESULTS: Lamps that learn make them
      bright, see https://github.com/lamps/code.
FAU - Lantern, Ada B
AU  - Lantern AB
AD  - Department of Lamps, Lampton.
FAU - King, Martin L Jr
AU  - King ML Jr
CN  - Corridor Study Group
LA  - eng
PT  - Journal Article
PL  - England
TA  - J Lamps
JT  - Journal of lamps
MH  - *Lighting
OT  - *deep learning
OT  - lamps, electric
CIN - J Doors. 2020;1(2):3. doi: 10.1000/other. PMID: 319
      78944
PMC - PMC7092803
AID - S0001-2345 [pii]
AID - 10.1000/Lamp.2020.7 [doi]
SO  - J Lamps. 2020 Feb 20;382(8):727-733. doi: 10.1000/Lamp.2020.7.

PMID- 7
DP  - 1999 Sep-Oct
TI  - [On old lamps.]
AU  - Lee AB
AU  - Chen C
TA  - J Doors
SO  - J Doors. 1999
"""

WEB_OF_SCIENCE = """FN Clarivate Analytics Web of Science
VR 1.0
PT J
AU Lantern, A
   Chen, B
AF Lantern, Ada
   Chen, Bo
TI Lamps that learn: a study of corridors
   and doors
SO JOURNAL OF LAMPS
LA English
DT Article; Proceedings Paper
DE deep learning; lamps,
   electric
ID NETWORKS
AB Corridors are dark. Lamps
   make them bright.
C1 [Lantern, Ada] Lampton Univ, Dept Lamps, Lampton, England.
EM ada@lamps.example
CR Chen B, 2001, J DOORS, V1, P1, DOI 10.1000/other
   Lee A, 2002, J DOORS, V2, P5
NR 2
TC 25
PU LAMP PRESS
SN 1234-5678
EI 8765-4321
PD FEB 20
PY 2020
VL 382
IS 8
BP 727
EP 733
DI 10.1000/Lamp.2020.7
UT WOS:000000000000001
ER

PT S
AU Lee, A
BE Ditor, E
TI Old lamps
SO PROCEEDINGS OF LAMPS 1999
SE Lecture Notes in Lamps
DT Proceedings Paper
PY 1999
AR 12
BN 978-3-030-00000-1
ER

EF
"""

WOS_TABLE = "\t".join(
    ["PT", "AU", "BE", "AF", "TI", "SO", "DT", "DE", "AB", "PY", "PD", "VL", "BP", "EP", "DI", "UT"]
)
WOS_ROW = "\t".join(
    ["J", "Lantern, A; Chen, B", "", "Lantern, Ada; Chen, Bo", 'Lamps "that" learn', "JOURNAL OF LAMPS", "Article",
     "deep learning; lamps", "Corridors are dark.", "2020", "FEB 20", "382", "727", "733", "10.1000/Lamp.2020.7", "W:1"]
)  # fmt: skip

ENW = """%0 Journal Article
%T Lamps that learn: a study of corridors and doors
%A Lantern, Ada
%A Chen, Bo
%A Corridor Study Group,
%J Journal of Lamps
%V 382
%N 8
%P 727-733
%@ 1234-5678
%D 2020
%8 February 20, 2020
%K deep learning
%K lamps, electric
%R doi:10.1000/Lamp.2020.7
%U https://lamps.example/x
%X Corridors are dark.
Lamps make them bright.
%I Lamp Press

%0 Conference Proceedings
%T Old lamps
%A Lee, Ann
%E Ditor, E.
%B Proceedings of LAMPS 1999
%D 1999
"""

ENW_OF_A_JOURNAL = """%A Ada Lantern
%D 2020
%T Lamps that learn
%B 2020
%K lamps; doors
%X Corridors are dark.
%J Journal of Lamps
%0 Journal Article
%R 10.1000/lamp.2020.7
%V 382

%A Ann Lee
%D 1999
%T Old lamps
%0 Journal Article
"""

STYLE = '<style face="normal" font="default" size="100%">'
ENDNOTE_XML = f"""<?xml version="1.0" encoding="UTF-8" ?><xml><records><record>
<database name="My.enl">My.enl</database><source-app name="EndNote" version="20.0">EndNote</source-app>
<rec-number>1</rec-number><ref-type name="Journal Article">17</ref-type>
<contributors><authors><author>{STYLE}Lantern, Ada</style></author><author>{STYLE}Chen, Bo</style></author></authors>
<secondary-authors><author>{STYLE}Ditor, E.</style></author></secondary-authors></contributors>
<titles><title>{STYLE}Lamps that </style><style face="italic">learn</style>{STYLE} &amp; doors</style></title>
<secondary-title>{STYLE}Journal of Lamps</style></secondary-title></titles>
<periodical><full-title>{STYLE}Journal of Lamps</style></full-title></periodical>
<pages>{STYLE}727-733</style></pages><volume>{STYLE}382</style></volume><number>{STYLE}8</style></number>
<keywords><keyword>{STYLE}deep learning</style></keyword><keyword>{STYLE}lamps, electric</style></keyword></keywords>
<dates><year>{STYLE}2020</style></year><pub-dates><date>{STYLE}Feb 20</style></date></pub-dates></dates>
<isbn>{STYLE}1234-5678</style></isbn>
<electronic-resource-num>{STYLE}10.1000/Lamp.2020.7</style></electronic-resource-num>
<abstract>{STYLE}Corridors are dark.</style></abstract><notes>{STYLE}Cited by: 3</style></notes>
<urls><related-urls><url>{STYLE}https://lamps.example/x</style></url></related-urls></urls></record>
<record><ref-type name="Edited Book">28</ref-type>
<contributors><authors><author>Ditor, E.</author></authors></contributors>
<titles><title>All lamps</title></titles><dates><year>1999</year></dates><publisher>Lamp Press</publisher></record>
</records></xml>"""  # fmt: skip

FIRST = {
    "doi": "10.1000/lamp.2020.7",
    "published": "2020-02-20",
    "volume": "382",
    "number": "8",
    "pages": "727--733",
    "entry_type": "article",
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (NBIB, [
            {**FIRST, "title": "Lamps that learn: a study of corridors and doors", "journal": "Journal of lamps",
             "authors": ("Ada B Lantern", "Martin L King Jr", "Corridor Study Group"),
             "keywords": ("deep learning", "lamps, electric"), "issn": "1234-5678 (Electronic), 8765-4321 (Print)"},
            {"title": "On old lamps", "authors": ("A. B. Lee", "C. Chen"), "published": "1999-09",
             "journal": "J Doors"},
        ]),
        (WEB_OF_SCIENCE, [
            {**FIRST, "title": "Lamps that learn: a study of corridors and doors", "journal": "JOURNAL OF LAMPS",
             "authors": ("Ada Lantern", "Bo Chen"), "abstract": "Corridors are dark. Lamps make them bright.",
             "keywords": ("deep learning", "lamps, electric"), "publisher": "LAMP PRESS",
             "issn": "1234-5678, 8765-4321"},
            {"title": "Old lamps", "authors": ("A Lee",), "editors": ("E Ditor",), "entry_type": "inproceedings",
             "booktitle": "PROCEEDINGS OF LAMPS 1999", "journal": "", "published": "1999", "pages": "12",
             "isbn": "978-3-030-00000-1"},
        ]),
        (f"{WOS_TABLE}\n{WOS_ROW}\n", [
            {**FIRST, "number": "", "title": 'Lamps "that" learn', "authors": ("Ada Lantern", "Bo Chen"),
             "journal": "JOURNAL OF LAMPS", "keywords": ("deep learning", "lamps"), "abstract": "Corridors are dark."},
        ]),
        (ENW, [
            {**FIRST, "title": "Lamps that learn: a study of corridors and doors", "journal": "Journal of Lamps",
             "authors": ("Ada Lantern", "Bo Chen", "Corridor Study Group"), "issn": "1234-5678",
             "keywords": ("deep learning", "lamps, electric"), "publisher": "Lamp Press",
             "abstract": "Corridors are dark.\nLamps make them bright."},
            {"title": "Old lamps", "authors": ("Ann Lee",), "editors": ("E. Ditor",), "entry_type": "inproceedings",
             "booktitle": "Proceedings of LAMPS 1999", "published": "1999"},
        ]),
        (ENW_OF_A_JOURNAL, [
            {"title": "Lamps that learn", "authors": ("Ada Lantern",), "journal": "Journal of Lamps", "volume": "382",
             "doi": "10.1000/lamp.2020.7", "keywords": ("lamps", "doors"), "published": "2020"},
            {"title": "Old lamps", "authors": ("Ann Lee",), "published": "1999"},
        ]),
        (ENDNOTE_XML, [
            {**FIRST, "title": "Lamps that learn & doors", "authors": ("Ada Lantern", "Bo Chen"),
             "editors": ("E. Ditor",), "journal": "Journal of Lamps", "keywords": ("deep learning", "lamps, electric"),
             "issn": "1234-5678", "abstract": "Corridors are dark."},
            {"title": "All lamps", "authors": (), "editors": ("E. Ditor",), "entry_type": "book", "published": "1999",
             "publisher": "Lamp Press"},
        ]),
    ],
    ids=["nbib", "web of science", "table of web of science", "enw", "enw of a journal", "endnote xml"],
)  # fmt: skip
def test_every_field(text, expected):
    variants = (text, text.replace("\n", "\r\n"), f"\ufeff{text.lstrip()}")
    for variant in variants:
        records = import_clean(variant)
        found = [
            {name: getattr(record, name) for name in fields}
            for record, fields in zip(records, expected, strict=True)
        ]
        assert found == expected


def test_links():
    urls = [link.url for link in import_clean(NBIB)[0].links]
    assert urls == [
        "https://github.com/lamps/code",
        "https://pubmed.ncbi.nlm.nih.gov/31970001/",
        "https://pmc.ncbi.nlm.nih.gov/articles/PMC7092803/",
    ]
    for text in (ENW, ENDNOTE_XML):
        assert [link.url for link in import_clean(text)[0].links] == ["https://lamps.example/x"]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("PMID- 7\nAU  - Lee A\n", 1, "a citation without a title"),
        ("FN X\nVR 1.0\nPT J\nAU Lee, A\nER\n", 3, "a record without a title"),
        ("FN X\nVR 1.0\nPT J\nTI Old lamps\n", 3, "the record does not end with ER; it may be incomplete"),
        ("%0 Book\n%A Lee, A\n", 1, "a reference without a title"),
        ("<xml><records><record><ref-type>6</ref-type></record></records></xml>", 1, "a record without a title"),
        ("<xml><records><record><ref-type>6</ref-type>", 1,
         "is not valid XML (no element found); what follows was not read"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_reported(text, line, message):
    _, (problem,) = import_text(text)
    assert (problem.line, problem.message) == (line, message)


@pytest.mark.parametrize(
    ("written", "kind"),
    [("Thesis", "phdthesis"), ("Masters Thesis", "mastersthesis"), ("Report", "techreport")],
)
def test_theses_and_reports_have_a_school_and_no_publisher(written, kind):
    text = f"%0 {written}\n%A Lee, Ada\n%T Lamps\n%I Lampton University\n%9 A kind of work\n"
    (record,) = import_clean(text)
    assert (record.entry_type, record.publisher) == (kind, "")
    assert (record.school, record.report_type) == ("Lampton University", "A kind of work")


def test_a_second_file_appended_to_the_first_is_read():
    assert len(import_clean(NBIB + NBIB)) == 4
    assert len(import_clean(WEB_OF_SCIENCE + WEB_OF_SCIENCE)) == 4
    assert len(import_clean(ENW + "\n" + ENW)) == 4


def test_entities_are_refused():
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa">]><xml><records><record><ref-type>6</ref-type></record></records></xml>'
    records, (problem,) = import_text(bomb)
    assert records == []
    assert "entities" in problem.message


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("<?xml version='1.0'?>\n<PubmedArticleSet></PubmedArticleSet>", "is a response of PubMed in XML"),
        ("1: Lee A, Chen B. Old lamps. J Lamps. 2020;5(2):1-9. PMID: 31970001.\n", "is a summary of PubMed"),
        ("RT Journal Article\nA1 Lee, Ann\nT1 Old lamps\nYR 2020\n", "is a file of RefWorks"),
        ("Title,Year,Pages\nOld lamps,1999,5\nNew lamps,2000,6\n", "is a table of titles without authors"),
        (
            "Otsikko,Tekijät,Vuosi\nLamput,Lee,1999\nOvet,Chen,2000\n",
            "is a table without a column for titles",
        ),
    ],
)
def test_other_formats_are_refused_with_what_would_help(text, what):
    records, (problem,) = import_text(text)
    assert records == []
    assert problem.message.startswith(what)

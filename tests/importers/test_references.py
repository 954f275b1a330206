"""Import of BibTeX, RIS and CSV, as programs and people write them."""

from __future__ import annotations

import pytest

from tests.importers.import_helpers import import_clean, import_text

BIBTEX = r"""% Encoding: UTF-8
@string{prep = "arXiv preprint "}
@comment{nothing = {to see}}

@article{lantern2024,
  title = {{LampNet}: {A} Study of {\"U}ber-Long {$O(n^{2})$} Corridors},
  author = {Lantern, Ada and {The Corridor Group} and de la River, Cy and Bo Door and others},
  abstract = "We light {corridors}, and say ``why''.
Code: https://github.com/lanternlab/lampnet.",
  journal = prep # {arXiv:2401.04321},
  year = 2024, month = jan, day = {9},
  keywords = {lamps, doors},
  doi = {https://doi.org/10.1000/XYZ},
}
@MISC(bridge,
  Title = "Bridges",
  eprint = "2402.00001v2", archivePrefix = "arXiv",
  url = {https://arxiv.org/abs/2402.00001},
  date = {2024-02-03}
)
"""

ZOTERO = "Title,Author,Item Type,Publication Title"

RIS = """TY  - JOUR
TI  - Lamps in Corridors
AU  - Lantern, Ada
AU  - Door, Bo and River, Cy
AB  - We light corridors,
and count the lamps.
KW  - lamps
KW  - doors
PY  - 2024/01/09/
UR  - https://arxiv.org/abs/arXiv:2401.04321
L1  - https://github.com/lanternlab/lampnet
DO  - 10.1000/XYZ
ER  -\x20

TY  - CONF
T1  - Bridges
N2  - They hold.
Y1  - 2024///
ER  -
"""


def test_bibtex():
    first, second = import_clean(BIBTEX)
    assert first.title == r"LampNet: A Study of {\"U}ber-Long $O(n^{2})$ Corridors"
    assert first.authors == ("Ada Lantern", "The Corridor Group", "Cy de la River", "Bo Door")
    assert first.abstract.startswith("We light {corridors}, and say ``why''.\nCode:")
    assert (first.arxiv, first.doi, first.published) == ("2401.04321", "10.1000/xyz", "2024-01-09")
    assert first.keywords == ("lamps", "doors")
    assert [link.url for link in first.links] == ["https://github.com/lanternlab/lampnet"]
    assert (second.title, second.arxiv, second.published) == ("Bridges", "2402.00001", "2024-02-03")
    assert second.links == (), "the paper's own page follows from its id"
    assert [record.source.key[-2:] for record in (first, second)] == [":0", ":1"]


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ("@misc{a, author = {Me}}", "the entry “a” has no title"),
        ("@misc{a, title = {Never closed", "the entry “a” does not end within its field title"),
        ('@misc{a, title = "Never closed}', "the entry “a” does not end within its field title"),
        ("@misc{a, title = {Left open},", "the entry “a” is incomplete"),
        ("@misc{a, title = {No comma} year = {2024}, ???}", "the entry “a” has a field that cannot be read"),
        ("@misc{", "the entry “” has no key"),
    ],
)
def test_only_a_faulty_entry_is_lost(entry, fault):
    text = f"@misc{{before, title={{Before it}}}}\n\n{entry}\n@misc{{after, title={{After it}}}}\n"
    records, problems = import_text(text)
    titles = [record.title for record in records]
    assert (titles[0], titles[-1]) == ("Before it", "After it")
    assert [(problem.line, problem.message) for problem in problems] == [(3, fault)]


def test_entries_without_an_abstract_are_papers():
    (record,) = import_clean("@book{k, title = {A Book of Lamps}, year = 1997}")
    assert (record.title, record.abstract, record.published) == ("A Book of Lamps", "", "1997")


def test_ris():
    first, second = import_clean(RIS)
    assert (first.title, first.abstract) == (
        "Lamps in Corridors",
        "We light corridors,\nand count the lamps.",
    )
    assert first.authors == ("Ada Lantern", "Bo Door", "Cy River")
    assert (first.arxiv, first.doi, first.published) == ("2401.04321", "10.1000/xyz", "2024-01-09")
    assert first.keywords == ("lamps", "doors")
    assert [link.url for link in first.links] == ["https://github.com/lanternlab/lampnet"]
    assert (second.title, second.abstract, second.published) == ("Bridges", "They hold.", "2024")


@pytest.mark.parametrize(
    ("fields", "published"),
    [
        ("year = 2016", "2016"),
        ("year = {c. 2016a}, month = {}", "2016"),
        ("year = 2016, month = may", "2016-05"),
        ("year = 2016, month = {05}", "2016-05"),
        ('year = 2016, month = "May--June"', "2016-05"),
        ('year = 2016, month = "3 May"', "2016-05-03"),
        ("year = 2016, month = feb, day = 31", "2016-02"),
        ("year = 2016, day = 3", "2016"),
        ("year = {in press}, month = may", None),
        ("date = {2016-05}", "2016-05"),
        ("date = {2016-05/2016-07}", "2016-05"),
        ("date = {2015/2016}, year = 2015", "2015"),
        ("date = {2016-22}", "2016"),
        ("date = {2016}, month = 5, year = 2016", "2016-05"),
    ],
)
def test_partial_dates_of_bibtex(fields, published):
    (record,) = import_clean(f"@article{{k, title = {{A Book of Lamps}}, {fields}}}")
    assert record.published == published


@pytest.mark.parametrize(
    ("fields", "published"),
    [
        ("DA  - 2015/05//\nPY  - 2015", "2015-05"),
        ("PY  - 2015\nDA  - 2015/05/28/", "2015-05-28"),
        ("PY  - 2015///Spring", "2015"),
        ("Y1  - 2015/05//May", "2015-05"),
        ("DA  - May 2015\nPY  - 2015", "2015-05"),
        ("DA  - 28 May 2015", "2015-05-28"),
        ("Y2  - 2026/01/02/", None),
    ],
)
def test_partial_dates_of_ris(fields, published):
    (record,) = import_clean(f"TY  - JOUR\nTI  - A Book of Lamps\n{fields}\nER  - \n")
    assert record.published == published


@pytest.mark.parametrize(
    ("header", "row", "published"),
    [
        ("Title,Author,Publication Year,Date", '"A Book of Lamps","L, A",2015,2015-05', "2015-05"),
        ("Title,Author,Publication Year,Date", '"A Book of Lamps","L, A",2015,05/2015', "2015-05"),
        ("Title,Author,Publication Year,Date", '"A Book of Lamps","L, A",2015,', "2015"),
        ("Title,Authors,Year", '"A Book of Lamps","A L",2015', "2015"),
        ("id,title,authors,date,published", 'x,"A Book of Lamps","A L",2026-01-01,', None),
        ("id,title,authors,date,published", 'x,"A Book of Lamps","A L",2015,2015', "2015"),
    ],
)
def test_partial_dates_of_csv(header, row, published):
    (record,) = import_clean(f"{header}\n{row}\n")
    assert record.published == published


@pytest.mark.parametrize(
    ("text", "journal", "booktitle"),
    [
        ("@article{a, title = {A Book of Lamps}, journal = {Annals of {Light}}}", "Annals of Light", ""),
        ("@article{a, title = {A Book of Lamps}, journaltitle = {Annals of\n Light}}", "Annals of Light", ""),
        ("@inproceedings{a, title = {A Book of Lamps}, booktitle = {Proc. LAMPS}}", "", "Proc. LAMPS"),
        ("@article{a, title = {A Book of Lamps}, journal = {arXiv preprint arXiv:2401.04321}}", "", ""),
        ("@article{a, title = {A Book of Lamps}, journal = {CoRR}}", "", ""),
        ("TY  - JOUR\nTI  - A Book of Lamps\nT2  - Annals of Light\nJ2  - Ann.\nER  - \n", "Annals of Light", ""),
        ("TY  - JOUR\nTI  - A Book of Lamps\nJO  - Ann. Light\nER  - \n", "Ann. Light", ""),
        ("TY  - CONF\nTI  - A Book of Lamps\nT2  - LAMPS\nC3  - Proc. LAMPS\nER  - \n", "", "Proc. LAMPS"),
        ("TY  - RPRT\nTI  - A Book of Lamps\nT2  - Reports\nER  - \n", "", ""),
        (f"{ZOTERO}\nA Book of Lamps,A L,journalArticle,Annals of Light\n", "Annals of Light", ""),
        (f"{ZOTERO}\nA Book of Lamps,A L,conferencePaper,Proc. LAMPS\n", "", "Proc. LAMPS"),
        (f"{ZOTERO}\nA Book of Lamps,A L,webpage,A Site\n", "", ""),
    ],
)  # fmt: skip
def test_journal_and_proceedings(text, journal, booktitle):
    (record,) = import_clean(text)
    assert (record.journal, record.booktitle) == (journal, booktitle)


def test_truncated_ris_and_missing_titles():
    records, problems = import_text(f"TY  - JOUR\nAU  - Nobody\nER  - \n{RIS[: RIS.index('KW  -')]}")
    assert [record.title for record in records] == ["Lamps in Corridors"]
    assert [problem.line for problem in problems] == [1, 4]
    assert "without a title" in problems[0].message
    assert "does not end" in problems[1].message


def test_windows_line_ends_and_byte_order_marks_are_ignored():
    for text in (BIBTEX, RIS):
        plain = import_clean(text)
        other = import_clean(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
        assert [(one.title, one.abstract, one.authors) for one in other] == [
            (one.title, one.abstract, one.authors) for one in plain
        ]

"""Import of BibTeX as programs, publishers and people really write it."""

from __future__ import annotations

import pytest

from paperreader import importers
from paperreader.models import ImportedEntry
from tests.importers.import_helpers import import_clean, import_input, import_text


def entry(fields: str, kind: str = "article") -> str:
    return f"@{kind}{{key, {fields}}}\n"


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("@misc{a, title={First Lamp}}@MISC{b,title={Second Lamp}}", ["First Lamp", "Second Lamp"]),
        ("@misc{a,\n title={First Lamp}\n}@MISC{b,\n title={Second Lamp}\n}", ["First Lamp", "Second Lamp"]),
        ("@misc{a, title={First Lamp}} @misc{b, title={Second Lamp}}\n", ["First Lamp", "Second Lamp"]),
        ("See @misc{a, title={First Lamp}} and\u00a0@misc{b, title={Second Lamp}}", ["First Lamp", "Second Lamp"]),
        ("@misc{a, title={First Lamp}}\n\ufeff@misc{b, title={Second Lamp}}", ["First Lamp", "Second Lamp"]),
        ("\u00a0@misc{a, title={First Lamp}}\n\u00a0@misc{b, title={Second Lamp}}", ["First Lamp", "Second Lamp"]),
        ("@misc{Di Rocco2025, title={First Lamp}}", ["First Lamp"]),
        ("@misc{\n title={First Lamp}}", ["First Lamp"]),
        ("@misc{, title={First Lamp}}", ["First Lamp"]),
        ("@misc{key\n title={First Lamp}}", ["First Lamp"]),
        ("@misc{ ISI:0004,\nTitle = {{First\n   Lamp}},\n}", ["First\n   Lamp"]),
        ("@misc{O'Neil(2020)\"x\", title={First Lamp}}", ["First Lamp"]),
        ("@ misc {key , title = {First Lamp} }", ["First Lamp"]),
        ("@misc{a, title={First Lamp}\n year={2020}\n}", ["First Lamp"]),
        ("@video{a, title={First Lamp}}", ["First Lamp"]),
        ("@softwareversion{a, title={First Lamp}}", ["First Lamp"]),
        ("@standard(a, title={First Lamp})", ["First Lamp"]),
        ("@misc{a, title={First Lamp}, abstract={mail me@article{x, title={Not a Lamp}} now}}", ["First Lamp"]),
        ("% @misc{a, title={Old Lamp}}\n@misc{b, title={First Lamp}}", ["First Lamp"]),
        ("@comment{x @misc{a, title={Old Lamp}} y} @misc{b, title={First Lamp}}", ["First Lamp"]),
        ("@xdata{x, publisher={P}}\n@misc{b, title={First Lamp}, xdata={x}}", ["First Lamp"]),
    ],
)  # fmt: skip
def test_entries_may_begin_anywhere_with_any_key(text, titles):
    assert [record.title for record in import_clean(text)] == titles


def test_an_entry_after_a_faulty_one_in_the_same_line_is_read():
    records, (problem,) = import_text("@misc{a, title={Never}, ???\n}@misc{b, title={Second Lamp}}")
    assert [record.title for record in records] == ["Never", "Second Lamp"]
    assert (problem.line, problem.message) == (1, "the entry “a” has a field that cannot be read")


@pytest.mark.parametrize(
    "odd",
    [
        "__markedentry = {[ada:]}",
        "funding_text 1 = {Somebody paid}",
        "% year = {2019},\n",
        "% a comment, with = signs {\n",
        "résumé = {x}",
        "2nd = {x}",
        "number = ,",
        "month = {a}{b}",
    ],
)
def test_odd_fields_cost_only_themselves(odd):
    text = f"@article{{k,\n title = {{A Lamp}},\n {odd},\n year = {{2020}},\n doi = {{10.1000/two}},\n}}"
    records, _ = import_text(text)
    assert [(one.title, one.published, one.doi) for one in records] == [("A Lamp", "2020", "10.1000/two")]


@pytest.mark.parametrize(
    ("field", "authors"),
    [
        ("family=Oord, given=Aaron, prefix=van den, useprefix=true and Dieleman, Sander",
         ["Aaron van den Oord", "Sander Dieleman"]),
        ("family=Bennett, given=Frank G., suffix=Jr., juniorcomma=true", ["Frank G. Bennett Jr."]),
        ("given={Ada}, family={van {\\\"U}ber}", ["Ada van Über"]),
        ("King, Jr., Martin Luther and Lee, Ann", ["Martin Luther King Jr.", "Ann Lee"]),
        ("King, Martin Luther, Jr.", ["Martin Luther King Jr."]),
        ("Stone, III, Peter", ["Peter Stone III"]),
        ("Lee, Ann and others", ["Ann Lee"]),
        ("Lee, Ann and et al.", ["Ann Lee"]),
        ("{Lee, Ann and Chen, Bo}", ["Ann Lee", "Bo Chen"]),
        ("{Barnes and Noble}", ["Barnes and Noble"]),
        ("Garc{\\'i}a M{\\'a}rquez, Gabriel Jos{\\'e} and Chen, Bo", ["Gabriel José García Márquez", "Bo Chen"]),
        ("Ann Lee, Bo Chen and Cy River", ["Ann Lee", "Bo Chen", "Cy River"]),
        ("Ann Lee, Bo Chen, Cy River", ["Ann Lee", "Bo Chen", "Cy River"]),
        ("Ann Lee, Bo Chen", ["Ann Lee", "Bo Chen"]),
        ("Lee, Ann; Chen, Bo", ["Ann Lee", "Bo Chen"]),
        ("van den Oord, Aaron", ["Aaron van den Oord"]),
        ("Ann Lee \\& Bo Chen", ["Ann Lee", "Bo Chen"]),
        ("and Ann Lee and ", ["Ann Lee"]),
        ("Lee, Ann (MIT) and Chen$^{2}$, Bo", ["Ann Lee", "Bo Chen"]),
        ("Nguy{\\~{\\^e}}n, V. and Tr\\'{\\^{a}}n, A. and L{\\d{\\^e}}, B.", ["V. Nguyễn", "A. Trấn", "B. Lệ"]),
        ("Nguy\\~\\^en, V. and {\\\'\\i}sl, \\d{\\u{a}}k", ["V. Nguyễn", "ặk ísl"]),
        ("{The {LIGO} Collaboration} and Fahim, Md", ["The LIGO Collaboration", "Md Fahim"]),
    ],
)  # fmt: skip
def test_names(field, authors):
    (record,) = import_clean(entry(f"title={{A Lamp}}, author={{{field}}}"))
    assert list(record.authors) == authors


@pytest.mark.parametrize(
    ("fields", "published"),
    [
        ('year=2020, month = jan # "~5"', "2020-01-05"),
        ('year=2020, month = "5~" # jan', "2020-01-05"),
        ("Year={{2018}}, Month={{OCT 1}}", "2018-10-01"),
        ("Year={{2018}}, Month={{JUL-AUG}}", "2018-07"),
    ],
)
def test_dates(fields, published):
    (record,) = import_clean(entry(f"title={{A Lamp}}, {fields}"))
    assert record.published == published


def test_double_braces_of_web_of_science():
    (record,) = import_clean(
        entry("Title={{A Lamp}}, Journal={{LAMPS}}, Abstract={{It is lit.}}, DOI={{10.1000/J.5}}, "
              "Keywords={{Lamps; Doors}}")
    )  # fmt: skip
    assert (record.abstract, record.journal, record.doi) == ("It is lit.", "LAMPS", "10.1000/j.5")
    assert record.keywords == ("Lamps", "Doors")


@pytest.mark.parametrize(
    ("text", "booktitle", "published"),
    [
        ("@inproceedings{c, title={A Child}, crossref={p}}\n"
         "@proceedings{P, title={The Proceedings}, year=2003, month=jun}", "The Proceedings", "2003-06"),
        ("@inproceedings{c, title={A Child}, year=2001, crossref={p}}\n"
         "@proceedings{p, title={T}, booktitle={The Proceedings}, year=2003, month=jun}", "The Proceedings", "2001"),
        ("@inbook{c, title={A Child}, crossref={p}}\n@book{p, title={The Book}, subtitle={Of Lamps}, date={2003-02}}",
         "The Book: Of Lamps", "2003-02"),
        ("@inproceedings{c, title={A Child}, xdata={x, y}}\n@xdata{x, booktitle={The Book}}\n@xdata{y, year=2004}",
         "The Book", "2004"),
        ("@inproceedings{c, title={A Child}, crossref={c}, booktitle={Own}}", "Own", None),
        ("@inproceedings{c, title={A Child}, crossref={d}}\n@misc{d, title={D}, crossref={c}}", "D", None),
    ],
)  # fmt: skip
def test_inherited_fields(text, booktitle, published):
    record = import_clean(text)[0]
    assert (record.title, record.booktitle, record.published) == ("A Child", booktitle, published)


@pytest.mark.parametrize(
    ("written", "doi"),
    [
        (r"10.1007/978-3-032-00942-5\_12", "10.1007/978-3-032-00942-5_12"),
        (r"10.1007/978-3-032-00942-5{\_}12", "10.1007/978-3-032-00942-5_12"),
        (r"10.1002/(SICI)1(199)9:1$<$1::AID$>$3.0.CO;2-\#", "10.1002/(sici)1(199)9:1<1::aid>3.0.co;2-#"),
        (r"10.1002/9:1\textless{}1::AID\textgreater{}3", "10.1002/9:1<1::aid>3"),
        ("https://doi.org/10.1002%2Fab%3C5%3E", "10.1002/ab<5>"),
        (r"https://dx.doi.org/10.1000/a\_b", "10.1000/a_b"),
        (r"10.1000/a{$\backslash$}{\_}b", "10.1000/a_b"),
        (r"\url{https://doi.org/10.1000/ab}", "10.1000/ab"),
        ("10.1000/ab, 10.1000/cd", "10.1000/ab"),
    ],
)
def test_dois_without_tex(written, doi):
    (record,) = import_clean(entry(f"title={{A Lamp}}, doi={{{written}}}, url={{https://doi.org/{written}}}"))
    assert record.doi == doi
    if "://" not in written and " " not in written:
        assert record.links == ()


@pytest.mark.parametrize(
    ("field", "links"),
    [
        (r"url={http://www.lamps.example/a{\_}b/c\_d.pdf}", ["http://www.lamps.example/a_b/c_d.pdf"]),
        (r"url={https://github.com/some{\_}org/tool{\_}box}", ["https://github.com/some_org/tool_box"]),
        (r"url={https://www.lamps.example/\~{}ada}", ["https://www.lamps.example/~ada"]),
        (r"url={https://www.lamps.example/$\sim$ada}", ["https://www.lamps.example/~ada"]),
        (r"url={https://www.lamps.example/{\textasciitilde}ada}", ["https://www.lamps.example/~ada"]),
        (r"url={https://www.lamps.example/{\~{}}ada/a\%20b}", ["https://www.lamps.example/~ada/a%20b"]),
        (r"url={\url{https://www.lamps.example/x}}", ["https://www.lamps.example/x"]),
        ("url={www.lamps.example/x}", ["https://www.lamps.example/x"]),
        ("url={github.com/a/b}", ["https://github.com/a/b"]),
        (r"howpublished={Available at \url{https://github.com/owner/name9}, accessed 2020}", ["https://github.com/owner/name9"]),
        (r"howpublished={\url{https://lamps.example/a_b}}", ["https://lamps.example/a_b"]),
        (r"howpublished={\href{https://lamps.example/a\_b}{Lamps}}", ["https://lamps.example/a_b"]),
        ("note={Documentation: \\url{https://name9.readthedocs.io}}", ["https://name9.readthedocs.io"]),
        ("note={Code: github.com/a/b.}", ["https://github.com/a/b"]),
        ("howpublished={Software available from lamps.org}", ["https://lamps.org"]),
        ("note={mail ada@lamps.org, e.g. v1.2.io-x}", []),
        (r"howpublished=\url{https://lamps.example/x}", ["https://lamps.example/x"]),
        (r"url={https://lamps.example/\string~ada}", ["https://lamps.example/~ada"]),
        ("url={<https://lamps.example/?a=1&amp;b=2>}", ["https://lamps.example/?a=1&b=2"]),
        ("bdsk-url-1={https://lamps.example/x}", ["https://lamps.example/x"]),
        ("eprint={https://lamps.example/x.pdf}", ["https://lamps.example/x.pdf"]),
    ],
)  # fmt: skip
def test_links(field, links):
    (record,) = import_clean(entry(f"title={{A Lamp}}, {field}", "misc"))
    assert [link.url for link in record.links] == links


@pytest.mark.parametrize(
    "fields",
    [
        "journal={ArXiv}, volume={abs/1706.03762}",
        "journal={CoRR}, volume={abs/1706.03762}",
        "journal={{CoRR}}, volume={abs/1706.03762}, year=2017",
        "journal={arXiv e-prints}, eid={arXiv:1706.03762}, pages={arXiv:1706.03762}",
        "journal={arXiv preprint}, number={1706.03762}",
        "publisher={arXiv}, eid={1706.03762}",
        "pages={arXiv:1706.03762}",
        "eid={arXiv:1706.03762}",
        "eprint={1706.03762 [cs.CL]}",
        "eprint={arXiv:1706.03762v2 [cs.CL]}, archivePrefix={arXiv}",
        "eprint={1706.03762}, eprinttype={arXiv.org}",
        r"howpublished={\url{https://arxiv.org/abs/1706.03762}}",
        "doi={10.48550/ARXIV.1706.03762}",
        "note={arXiv preprint 1706.03762}",
        r"note={Preprint at \url{https://arxiv.org/abs/1706.03762}}",
        "journal={Preprint at https://arxiv.org/abs/1706.03762}",
        "journal={e-print arXiv:1706.03762}",
        "institution={arXiv}, number={1706.03762}",
    ],
)
def test_arxiv_ids(fields):
    (record,) = import_clean(entry(f"title={{A Lamp}}, {fields}"))
    assert (record.arxiv, record.journal) == ("1706.03762", "")
    assert (record.volume, record.number, record.pages, record.links) == ("", "", "", ())


@pytest.mark.parametrize(
    ("fields", "published"),
    [("", "2017-06"), ("year={2018},", "2018"), ("year={2017}, published={unknown},", None)],
)
def test_an_arxiv_id_dates_a_paper_without_a_date(fields, published):
    (record,) = import_clean(entry(f"title={{A Lamp}}, {fields} eprint={{1706.03762}}"))
    assert record.published == published


def test_old_arxiv_ids_in_two_fields():
    (record,) = import_clean(
        entry("title={A Lamp}, eprint={0309136}, archiveprefix={arXiv}, primaryclass={math.GT}")
    )
    assert record.arxiv == "math/0309136"


def test_numbers_that_are_no_arxiv_ids():
    (record,) = import_clean(entry("title={A Lamp}, journal={Lamps}, volume={1706.03762}"))
    assert record.arxiv == ""


@pytest.mark.parametrize(
    ("fields", "title"),
    [
        ("title={Lamps}, subtitle={An Introduction}", "Lamps: An Introduction"),
        ("title={Why Lamps?}, subtitle={An Introduction}", "Why Lamps? An Introduction"),
        ("title={Lamps: An Introduction}, subtitle={An Introduction}", "Lamps: An Introduction"),
        ("title={{Lamps}}, subtitle={{An {Introduction}}}", "Lamps: An Introduction"),
    ],
)
def test_the_subtitle_is_part_of_the_title(fields, title):
    (record,) = import_clean(entry(fields, "book"))
    assert record.title == title


@pytest.mark.parametrize(
    ("fields", "note"),
    [
        ("annote={mine}", "mine"),
        ("annotation={<p>Read <em>again</em></p>}", "Read *again*"),
        ("comment={mine}, comment-ada={also mine}", "mine\n\nalso mine"),
        ("note={Accepted at LAMPS}", ""),
        ("annote={NULL}", ""),
    ],
)
def test_a_note_is_the_users_only_if_the_user_wrote_it(fields, note):
    (found,) = import_input(importers.Input("x", entry(f"title={{A Lamp}}, {fields}").encode()))
    assert isinstance(found, ImportedEntry)
    assert (found.mark.note_text if found.mark else "") == note


@pytest.mark.parametrize(
    ("kind", "fields", "entry_type"),
    [
        ("conference", "booktitle={Lamps}", "inproceedings"),
        ("thesis", "type={phdthesis}, institution={Corridor College}", "phdthesis"),
        ("thesis", "type={mathesis}, institution={Corridor College}", "mastersthesis"),
        ("thesis", "type={Master's thesis}", "mastersthesis"),
        ("report", "institution={Lamp Lab}", "techreport"),
        ("online", "", ""),
        ("inbook", "", "inbook"),
    ],
)
def test_types_of_entries(kind, fields, entry_type):
    (record,) = import_clean(entry(f"title={{A Lamp}}, {fields}", kind))
    assert record.entry_type == entry_type

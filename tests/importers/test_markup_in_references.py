"""Entities and tags of HTML, which publishers leave in references, become plain text, except in own exports."""

from __future__ import annotations

import pytest

from tests.exporters.papers import import_back
from tests.importers.import_helpers import import_clean

TITLE, PLAIN = (
    "R&amp;D of <i>bright</i> lamps &amp;amp; doors, p &lt; 0.05, AT&T",
    "R&D of bright lamps & doors, p < 0.05, AT&T",
)
ABSTRACT, PLAIN_ABSTRACT = "<p>We show CO<sub>2</sub>.</p>", "We show CO$_{2}$."


@pytest.mark.parametrize(
    "text",
    [
        "TY  - JOUR\nAU  - O&#39;Brien, Ada\nTI  - {title}\nAB  - {abstract}\nJO  - Lamps &amp; Doors\nER  - \n",
        "%0 Journal Article\n%A O&#39;Brien, Ada\n%T {title}\n%J Lamps &amp; Doors\n%X {abstract}\n",
        'title,authors,abstract,journal\n"{title}",Ada O&#39;Brien,{abstract},Lamps &amp; Doors\n',
        '"Item Type","Title","Author","Abstract Note","Publication Title"\n'
        'journalArticle,"{title}","O&#39;Brien, Ada",{abstract},Lamps &amp; Doors\n',
        "FN Clarivate Analytics Web of Science\nVR 1.0\nPT J\nAF O&#39;Brien, Ada\nTI {title}\nSO Lamps &amp; Doors\n"
        "AB {abstract}\nER\n\nEF\n",
        "PMID- 12345678\nTI  - {title}.\nFAU - O&#39;Brien, Ada\nAB  - {abstract}\nJT  - Lamps &amp; Doors\n",
        "@article{{x, title={{{title}}}, author={{O&#39;Brien, Ada}}, journal={{Lamps &amp; Doors}}, "
        "abstract={{{abstract}}}}}\n",
        '[{{"title": "{title}", "authors": ["Ada O&#39;Brien"], "abstract": "{abstract}", '
        '"journal": "Lamps &amp; Doors"}}]',
    ],
)
def test_entities_and_tags_become_plain_text(text: str) -> None:
    (record,) = import_clean(text.format(title=TITLE, abstract=ABSTRACT))
    assert (record.title, record.abstract) == (PLAIN, PLAIN_ABSTRACT)
    assert (record.authors, record.journal) == (("Ada O'Brien",), "Lamps & Doors")


@pytest.mark.parametrize(
    "title",
    [
        "A lamp for a <b and c> d",
        "The <think> token & its rivals",
        "AT&T; lamps&doors; and &notanentity;",
        "<think>Lamps</think>",
        "Lamps & doors < 3",
    ],
)
@pytest.mark.parametrize(
    "text", ["TY  - JOUR\nTI  - {}\nAU  - Lee, Ada\nER  - \n", 'title;authors\n"{}";Ada Lee\n']
)
def test_what_is_no_markup_stays(text: str, title: str) -> None:
    (record,) = import_clean(text.format(title))
    assert record.title == title


@pytest.mark.parametrize(
    ("source", "title"),
    [
        ("R\\&amp;D", "R\\&D"),
        ("R{\\&}amp;D", "R\\&D"),
        ("p \\&lt; 1", "p < 1"),
        ("Lamps\\&\\#39; end", "Lamps' end"),
        ("R\\&D", "R\\&D"),
        ("R \\& D; E", "R \\& D; E"),
    ],
)
def test_entities_in_tex(source: str, title: str) -> None:
    (record,) = import_clean(f"@article{{x, title = {{{source}}}, author = {{Lee, Ada}}, year = 2020}}")
    assert record.title == title


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Barnes and Noble, Inc.", ("Barnes and Noble, Inc.",)),
        ("Lantern, LLC", ("Lantern, LLC",)),
        ("University of Lampton, Dept. of Doors,", ("University of Lampton, Dept. of Doors",)),
        ("University of Lampton,, Dept. of Doors,", ("University of Lampton, Dept. of Doors",)),
        ("Lee, Ada,", ("Ada Lee",)),
        ("van der Lee, Ada,", ("Ada van der Lee",)),
    ],
)
@pytest.mark.parametrize(
    "text", ["TY  - JOUR\nTI  - A Lamp\nAU  - {}\nER  - \n", "%0 Journal Article\n%T A Lamp\n%A {}\n"]
)
def test_names_of_groups_with_commas(text: str, line: str, names: tuple[str, ...]) -> None:
    (record,) = import_clean(text.format(line))
    assert record.authors == names


def test_reference_of_an_earlier_export_is_exact() -> None:
    text = "TY  - JOUR\nID  - lee2020lamps-1a2b3c4d\nTI  - A &amp; B of <i>lamps</i>\nAU  - Lee, Ada\nVL  - 3\nER  - \n"
    ((record, _),) = import_back(text)
    assert record.title == "A &amp; B of <i>lamps</i>"

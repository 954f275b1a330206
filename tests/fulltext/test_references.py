"""References: their labels, and the ids in their texts and links."""

import pytest

from paperreader.fulltext import Reference
from paperreader.fulltext.reference_ids import find_ids
from tests.fulltext.outline import outline, show
from tests.fulltext.pages import convert_article, math, paragraph

IDS = {
    # text, addresses of links, ids
    "arXiv:2501.01234": ((), ("arxiv:2501.01234",)),
    "arXiv preprint arXiv:2501.01234v2, 2025.": ((), ("arxiv:2501.01234",)),
    "CoRR, abs/1706.03762, 2017": ((), ("arxiv:1706.03762",)),
    "arXiv e-prints, art. arXiv:1907.11692": ((), ("arxiv:1907.11692",)),
    "External Links: 1703.04639, Document": ((), ("arxiv:1703.04639",)),
    "2501.01234 [cs.CL]": ((), ("arxiv:2501.01234",)),
    "Phys. Lett. B 429, 263 (1998), hep-ph/9803315.": ((), ("arxiv:hep-ph/9803315",)),
    "arXiv:math.PR/0501234": ((), ("arxiv:math/0501234",)),
    "doi:10.1137/0320018.": ((), ("doi:10.1137/0320018",)),
    "(doi: 10.1016/0022-1694(93)90123-X)": ((), ("doi:10.1016/0022-1694(93)90123-x",)),
    "doi 10.48550/arXiv.2501.01234": ((), ("arxiv:2501.01234",)),
    "10.1000/a, arXiv:2501.01234": ((), ("arxiv:2501.01234", "doi:10.1000/a")),
    "Pages 1234.56789 of a report": ((), ()),
    "arXiv has 2513.01234 no such month": ((), ()),
    "Section 10.1000 of a book": ((), ()),
    "In a journal.": (("https://arxiv.org/abs/2501.01234v3",), ("arxiv:2501.01234",)),
    "A proceeding.": (("https://doi.org/10.1000%2FABC.1",), ("doi:10.1000/abc.1",)),
    "Mirror": (("http://dx.doi.org/https://doi.org/10.1137/0320018",), ("doi:10.1137/0320018",)),
    "Publisher": (
        ("https://dl.acm.org/doi/pdf/10.1145/3292500.3330701?download=true",),
        ("doi:10.1145/3292500.3330701",),
    ),
    "Twice arXiv:2501.01234": (("https://arxiv.org/pdf/2501.01234.pdf",), ("arxiv:2501.01234",)),
    "Nowhere": (("#S1", "mailto:a@example.org", "https://example.org/2501.01234"), ()),
}


@pytest.mark.parametrize(("text", "addresses", "expected"), [(text, *rest) for text, rest in IDS.items()])
def test_ids(text, addresses, expected):
    assert set(find_ids(text, addresses)) == set(expected)


@pytest.mark.parametrize("text", ["10.1000/" + "(" * 5000, "arxiv:" * 5000, "1234." * 5000, "a-b/" * 5000])
def test_strange_texts_have_no_ids(text):
    assert len(find_ids(text)) <= 1


def entry(content: str, tag: str = "[1]", name: str = "bib.bib1") -> str:
    label = f'<span class="ltx_tag ltx_role_refnum ltx_tag_bibitem">{tag}</span>' if tag else ""
    return f'<li id="{name}" class="ltx_bibitem">{label}{content}</li>'


def bibliography(*entries: str) -> str:
    return (
        '<section id="bib" class="ltx_bibliography"><h2 class="ltx_title ltx_title_bibliography">References</h2>'
        f'<ul class="ltx_biblist">{"".join(entries)}</ul></section>'
    )


def block(content: str) -> str:
    return f'<span class="ltx_bibblock">{content}</span>\n'


def test_entry_of_a_bibtex_file():
    document = convert_article(
        paragraph("Text", "S1.p1")
        + bibliography(
            entry(
                block(
                    '<span class="ltx_text ltx_bib_author">A. Writer</span><span class="ltx_bib_year"> (2025)</span>'
                )
                + block(f'<span class="ltx_text ltx_bib_title">On {math("n")} models</span>.')
                + block(
                    'External Links: <a href="https://dx.doi.org/10.1000/x" class="ltx_ref doi">Document</a>'
                )
                + '<span class="ltx_bibblock ltx_bib_cited">Cited by: <a href="#S1.p1" class="ltx_ref">§1</a>.</span>'
            )
        )
    )
    found = document.blocks[-1]
    assert isinstance(found, Reference)
    assert found.label == "[1]"
    assert (
        show(found.content)
        == "A. Writer (2025) On $n$ models. External Links: [Document](https://dx.doi.org/10.1000/x)"
    )
    assert found.title == "On n models"
    assert found.ids == ("doi:10.1000/x",)
    assert show(found.cited_by) == "Cited by: [§1](#S1.p1)."
    assert document.anchors["bib.bib1"] == len(document.blocks) - 1


@pytest.mark.parametrize("separator", ["", " ", "\n"])
def test_the_blocks_of_an_entry_are_separated_without_white_space_between_them(separator):
    blocks = separator.join(
        f'<span class="ltx_bibblock">{text}</span>' for text in ("Ada Writer.", "A title.", "2025.")
    )
    document = convert_article(paragraph("Text") + bibliography(entry(blocks)))
    assert outline(document)[2:] == ["reference [1]: Ada Writer. A title. 2025."]


def test_entries_without_labels_and_empty_ones():
    document = convert_article(
        paragraph("Text")
        + bibliography(
            entry(block("Ada Writer."), ""),
            entry("", ""),
            entry('<span class="ltx_bibtag ltx_role_refnum">3</span>' + block("B."), ""),
        )
    )
    assert outline(document)[2:] == ["reference : Ada Writer.", "reference 3: B."]

"""Markdown that other programs made from arXiv's HTML."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperreader.fulltext import NotAFullText
from paperreader.fulltext.markdown import convert_markdown
from tests.examples import examples
from tests.fulltext.outline import outline, show

URL = "https://huggingface.co/papers/2607.01234.md"
PAGE = "https://arxiv.org/html/2607.01234v2"
HEADER = f"""Title: A Small Model

URL Source: {PAGE}

Published Time: Thu, 23 Jul 2026 00:32:10 GMT

Markdown Content:
"""
FILLER = "\n\nThis paragraph is long enough to be the text of a paper. " + "It has many words. " * 12


def convert(text: str, header: str = HEADER):
    return convert_markdown((header + text + FILLER).encode(), URL)


def shown(text: str) -> list[str]:
    return outline(convert(text))[:-1]


def test_header_authors_and_abstract():
    document = convert(
        "Ada Writer 1 1 footnotemark: 1\n\nUniversity\n\n###### Abstract\n\nWe train.\n\n## 1 Introduction"
    )
    assert (document.arxiv, document.version, document.source) == ("2607.01234", 2, "huggingface")
    assert (show(document.title), document.url) == ("A Small Model", PAGE)
    assert [show(line) for line in document.authors] == ["Ada Writer 1 1 footnotemark: 1", "University"]
    assert outline(document)[:3] == ["abstract > # Abstract", "abstract > We train.", "# 1: Introduction"]


BLOCKS = {
    "headings": (
        "## 2 Idea\n\n### 2.1 Part\n\n## IV Results\n\n### IV-A All\n\n## Appendix B Proofs\n\n## A word",
        ["# 2: Idea", "## 2.1: Part", "# IV: Results", "## IV-A: All", "# B: Proofs", "# A word"],
    ),
    "styles": ("_small_ and **bold** `code`", ["{i:small} and {b:bold} {c:code}"]),
    "TeX without delimiters": (
        r"Layers 0,3,\dots,27 and \mathbf{x}_{i}, \mathbf{y}_{j} in \mathbb{R}^{d_{c}\times d}.",
        [r"Layers $0,3,\dots,27$ and $\mathbf{x}_{i}$, $\mathbf{y}_{j}$ in $\mathbb{R}^{d_{c}\times d}$."],
    ),
    "unknown environments": (
        "one\n\n{CJK*}\n\nUTF8gbsn\n\n{mdframed}\n\ntwo\n\nUTF8gbsn",
        ["one", "two", "UTF8gbsn"],
    ),
    "stars in TeX": (r"Let \theta^{*} and \phi^{*} be.", [r"Let $\theta^{*}$ and $\phi^{*}$ be."]),
    "braces that are not closed": (r"Let \frac{a be.", [r"Let \frac{a be."]),
    "equation with its number": (r"\tilde{x}=f(x)+b.(3)", [r"equation \tilde{x}=f(x)+b. (3)"]),
    "equation between dollar signs": ("$$\nx_{1} = 2\n$$", ["equation x_{1} = 2"]),
    "equation in a fence": ("```math\nx_1\n```", ["equation x_1"]),
    "formulas of pandoc": ("where $`x_{1}`$ and $`a*b`$$`c`$ are", ["where $x_{1}$ and $a*b$ $c$ are"]),
    "displayed formula of pandoc": ("$`\\displaystyle x`$", ["equation x"]),
    "escapes of pandoc": (r"\[[1](https://example.org)\] \*", ["[[1](https://example.org)] *"]),
    "line ends of pandoc": ("one\\\ntwo", ["one⏎two"]),
    "figure": (
        f"![Image 1: Refer to caption]({PAGE}/x_1.png)\n\nFigure 1: Our \\alpha.",
        [f"figure ({PAGE}/x_1.png)", r"caption of figure Figure 1: Our $\alpha$."],
    ),
    "table": (
        "Table 1: Results.\n\n| a_b | c |\n| --- | ---: |\n| `d` | \\- |",
        ["caption of table Table 1: Results.", "table $a_b$ | c ; {c:d} | -"],
    ),
    "lists with two marks": ("*   •One\n\n    more\n*   •Two\n\n1.   1.first", None),
    "nested lists": ("- a\n  - b", ["item • > a", "item • > item • > b"]),
    "code": ("```python\ndef f(x_1):\n    return 1\n```", ["code python def f(x_1): /     return 1"]),
    "quotation": ("> said", ["quote > said"]),
    "HTML is text": ("a <b>c</b>", ["a <b>c</b>"]),
    "references": (
        "## References\n\n*   [3] Ada Writer. arXiv:2501.01234.\n\n[4] Bo. doi:10.1000/x",
        ["# References", "reference [3]: Ada Writer. arXiv:2501.01234.", "reference [4]: Bo. doi:10.1000/x"],
    ),
}
BLOCKS["lists with two marks"] = (
    BLOCKS["lists with two marks"][0],
    ["item • > One", "item • > more", "item • > Two", "item 1. > first"],
)


@pytest.mark.parametrize(("text", "expected"), BLOCKS.values(), ids=BLOCKS)
def test_blocks(text, expected):
    # References end with the next heading, so that the last paragraph is one.
    assert shown(text + "\n\n## End")[:-1] == expected


def test_links_lead_to_blocks_that_are_known_by_their_numbers():
    document = convert(
        f"See [1]({PAGE}#S2.F1), [A]({PAGE}#A1), [2.1]({PAGE}#S2.SS1), [3]({PAGE}#S1.E3), [9]({PAGE}#bib.bib9)\n\n"
        "Figure 1: Here.\n\n## II Method\n\n### II-A Part\n\n\\tilde{x}=1(3)\n\n## Appendix A More"
    )
    names = {name: outline(document)[index] for name, index in document.anchors.items()}
    assert names == {
        "S2.F1": "caption of figure Figure 1: Here.",
        "A1": "# A: More",
        "S2.SS1": "## II-A: Part",
        "S1.E3": r"equation \tilde{x}=1 (3)",
    }
    targets = [piece.target for piece in document.blocks[0].content if piece.target]
    assert targets == ["#S2.F1", "#A1", "#S2.SS1", "#S1.E3", f"{PAGE}#bib.bib9"]


ERROR = HEADER.replace(
    "Markdown Content", "Warning: Target URL returned error 404: Not Found\n\nMarkdown Content"
)
REFUSED = [
    ("<!doctype html><html>404</html>", "is HTML"),
    (ERROR + FILLER, "error page"),
    (HEADER.replace("arxiv.org", "ada.example.org") + FILLER, "web page at ada.example.org"),
    (HEADER + "Nothing.", "no text"),
    ("", "no text"),
]


@pytest.mark.parametrize(("text", "reason"), REFUSED)
def test_other_pages_are_refused_with_a_reason(text, reason):
    with pytest.raises(NotAFullText, match=reason):
        convert_markdown(text.encode(), URL)


def test_text_without_a_header_and_with_front_matter():
    assert convert("Text.", header="").arxiv == "2607.01234"
    document = convert("# A Title\n\nText.", header='---\narxiv_id: "2501.01234"\ntitle: x\n---\n\n')
    assert (document.arxiv, show(document.title)) == ("2501.01234", "A Title")


@examples(25)
@given(st.text(alphabet="ab1 _*`$\\{}[]()!|#>-\n^.", max_size=200))
def test_any_text_is_converted_and_keeps_its_letters(text):
    document = convert(text)
    found = "".join(filter(str.isalnum, str(outline(document))))
    assert all(letter in found for letter in set(text) & {"a", "b"} if f"{letter}{letter}" in text)


@pytest.mark.parametrize(
    "text", ["[" * 5000, "> " * 2000 + "x", "* " * 2000, "_a" * 5000, "\\x{" * 5000, "`" * 5000]
)
def test_hostile_text_takes_linear_time(text):
    assert convert(text).blocks

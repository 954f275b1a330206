"""The text of PDFs: paragraphs from lines, headings, references."""

import os
import sys
from pathlib import Path

import pytest

from paperreader.fulltext import NotAFullText
from paperreader.fulltext.pdf import convert_pdf
from paperreader.fulltext.pdf.lines import Line
from paperreader.fulltext.pdf.paragraphs import group_lines
from tests.fulltext.outline import outline, show
from tests.fulltext.pdf_file import pdf_of

URL = "https://arxiv.org/pdf/2501.01234v2"


def column(top: float, *lines: str, left: float = 72) -> list[tuple[float, float, float, str]]:
    """Return lines of text below each other; one that begins with a tab is indented."""
    return [
        (left + (15 if line.startswith("\t") else 0), top - 12 * index, 10, line.strip("\t"))
        for index, line in enumerate(lines)
    ]


WORDS = "All of these words are in the line of a column of the paper"


def first_page() -> list[tuple[float, float, float, str]]:
    return [
        (20, 400, 20, "arXiv:2501.01234v2  [cs.CL]  5 Jan 2025"),
        (72, 740, 18, "A Small Model"),
        (72, 700, 10, "Abstract"),
        *column(685, f"{WORDS}, and they", "go on in the next line."),
        (72, 640, 12, "1 Introduction"),
        *column(
            620,
            f"\t{WORDS}.",
            f"{WORDS} and",
            "end.",
            f"\tA new paragraph begins, {WORDS} with transfor-",
            "mations.",
        ),
    ]


def test_page_becomes_paragraphs_and_headings():
    pytest.importorskip("pypdfium2")
    document = convert_pdf(pdf_of(first_page()), URL)
    assert (document.arxiv, document.version, document.date) == ("2501.01234", 2, "2025-01-05")
    assert (document.source, show(document.title)) == ("pdf", "A Small Model")
    assert outline(document) == [
        "abstract > # Abstract",
        f"abstract > {WORDS}, and they go on in the next line.",
        "# 1: Introduction",
        f"{WORDS}. {WORDS} and end.",
        f"A new paragraph begins, {WORDS} with transformations.",
    ]


def test_pages_are_joined_without_running_titles():
    pytest.importorskip("pypdfium2")
    pages = [
        [
            (72, 760, 8, "A Small Model"),
            *column(700, f"{WORDS} number {name}", f"{WORDS} that goes on from {name}"),
            (300, 30, 8, f"{number}"),
        ]
        for number, name in enumerate(("one", "two", "three"), 1)
    ]
    assert outline(convert_pdf(pdf_of(*pages))) == [
        " ".join(
            f"{WORDS} number {name} {WORDS} that goes on from {name}" for name in ("one", "two", "three")
        )
    ]


def test_references_and_captions():
    pytest.importorskip("pypdfium2")
    page = [
        *column(700, f"{WORDS}.", "Figure 2: A picture", "of things."),
        (72, 640, 12, "References"),
        *column(
            620,
            "[1] Ada Writer. A smaller model, arXiv preprint",
            "arXiv:2501.99999, 2025.",
            "[2] Bo. doi:10.1000/x",
        ),
        *column(560, f"Last. {WORDS}. {WORDS}. {WORDS}."),
    ]
    document = convert_pdf(pdf_of(page))
    assert outline(document)[1:4] == [
        "caption of figure Figure 2: A picture of things.",
        "# References",
        "reference [1]: Ada Writer. A smaller model, arXiv preprint arXiv:2501.99999, 2025.",
    ]
    assert document.blocks[3].ids == ("arxiv:2501.99999",)


def test_columns_are_read_one_after_the_other():
    def lines(left: float, *texts: str) -> list[Line]:
        return [Line(text, 0, left, left + 200, 700 - 12 * n, 10) for n, text in enumerate(texts)]

    columns = lines(50, "The left column", "is read first and") + lines(
        300, "goes on in the right one.", "The end."
    )
    assert [group.text for group in group_lines(columns)] == [
        "The left column is read first and goes on in the right one. The end."
    ]


REFUSED = {
    "no PDF": (b"<html>", "damaged"),
    "cut": (b"%PDF-1.4\n1 0 obj", "damaged"),
    "pictures only": (pdf_of([(72, 700, 10, "1")]), "no text"),
}


@pytest.mark.parametrize(("data", "reason"), REFUSED.values(), ids=REFUSED)
def test_other_files_are_refused_with_a_reason(data, reason):
    pytest.importorskip("pypdfium2")
    with pytest.raises(NotAFullText, match=reason):
        convert_pdf(data)


def test_missing_package_is_reported_with_the_command(monkeypatch):
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    with pytest.raises(NotAFullText, match=r"pip install 'paperreader\[pdf\]'"):
        convert_pdf(pdf_of(first_page()))


REAL = Path(os.environ.get("PAPERREADER_TEST_DATA", ""), "fulltext", "2305.03393v1-page9.pdf")


@pytest.mark.skipif(not REAL.is_file(), reason="needs the real pages")
def test_real_page():
    pytest.importorskip("pypdfium2")
    document = convert_pdf(REAL.read_bytes(), "https://arxiv.org/pdf/2305.03393v1")
    shown = outline(document)
    assert {"## 5.1: Hyper Parameter Optimization", "## 5.2: Quantitative Results"} <= set(shown)
    assert any("Effects of reducing" in line for line in shown)

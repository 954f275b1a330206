"""Saved pages with full texts: imported with their papers, and gone with the import."""

from __future__ import annotations

import gzip
import json

import pytest

from paperreader.library import Library
from tests.cli.conftest import paperreader
from tests.fetch.full_text_pages import abstract_page, full_text_page
from tests.fulltext.conversion import convert_in_this_process

__all__ = ["paperreader"]

ID = "2611.00001"


@pytest.fixture(autouse=True)
def no_child_processes(monkeypatch):
    convert_in_this_process(monkeypatch)


@pytest.fixture
def save(tmp_path):
    """A function that writes a saved page."""

    def save(page, name="page.html"):
        path = tmp_path / name
        path.write_bytes(page if isinstance(page, bytes) else page.encode())
        return path

    return save


def words(id=ID):
    document = Library.open().full_texts.load(id)
    return (
        None
        if document is None
        else " ".join(piece.text for block in document.blocks for piece in getattr(block, "content", ()))
    )


def mhtml(page: str) -> bytes:
    head = (
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://arxiv.org/html/2611.00001v2\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="x"\r\n\r\n'
        "--x\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    )
    return f"{head}{page}\r\n--x--\r\n".encode()


LATIN1 = full_text_page(words="We count naïve bends.").replace("<head>", '<head><meta charset="iso-8859-1">')
SAVED = {
    "page": (full_text_page(), "We count the bends."),
    "compressed": (gzip.compress(full_text_page().encode()), "We count the bends."),
    "one file": (mhtml(full_text_page()), "We count the bends."),
    "other encoding": (LATIN1.encode("latin-1"), "We count naïve bends."),
    "wrong declaration": (LATIN1.encode("utf-8"), "We count naïve bends."),
    "UTF-16": (full_text_page().encode("utf-16"), "We count the bends."),
    "cut": (full_text_page()[:-60], "We count the bends."),
}


@pytest.mark.parametrize(("page", "expected"), SAVED.values(), ids=SAVED.keys())
def test_a_saved_page_is_stored_with_its_paper(paperreader, save, page, expected):
    result = paperreader("import", save(page))
    assert result.code == 0 and result.out.startswith("1 read, 1 new")
    assert result.out.endswith("1 full text stored\n")
    assert expected in words()
    printed = paperreader("text", ID)
    assert printed.code == 0 and expected in printed.out, "without a request"


def test_undoing_the_import_removes_the_text(paperreader, save):
    page = save(full_text_page())
    assert paperreader("import", page).code == 0
    assert paperreader("import", "--undo").code == 0
    assert words() is None and not list(Library.open().full_texts.all_texts())
    assert paperreader("import", page).code == 0
    assert "We count" in words()


def test_what_was_there_before_stays_when_an_import_is_undone(paperreader, save):
    assert paperreader("import", save(full_text_page())).code == 0
    assert paperreader("import", save(full_text_page(), "copy.html")).code == 0
    assert paperreader("import", save(full_text_page(version=2, words="Again."), "v2.html")).code == 0
    assert [text.version for text in Library.open().full_texts.stored(ID)] == [2, 1]
    assert paperreader("import", "--undo").code == 0
    assert [text.version for text in Library.open().full_texts.stored(ID)] == [1]
    assert "We count the bends." in words()


def test_a_page_without_id_belongs_to_the_paper_with_its_title(paperreader, save):
    abstract = '<div class="ltx_abstract"><p class="ltx_p">We count.</p></div>'
    page = full_text_page().replace(f"arXiv:{ID}v1", "").replace("</h1>", f"</h1>{abstract}")
    assert paperreader("import", save(page)).code == 0
    (found,) = paperreader("search", "--json").objects
    assert "We count the bends." in words(found["id"])


NOT_FULL = {
    "abstract page": (
        abstract_page().replace("<head>", '<head><meta name="citation_title" content="River Bends">'),
        0,
    ),
    "title alone": (
        f'<html><body><div id="watermark-tr">arXiv:{ID}v1 [cs.CL] 01 Nov 2026</div>'
        '<h1 class="ltx_title_document">River Bends</h1><div class="ltx_abstract">'
        '<p class="ltx_p">We count.</p></div></body></html>',
        1,
    ),
    "nested": (full_text_page(words="<b>" * 5000), 1),
}


@pytest.mark.parametrize(("page", "problems"), NOT_FULL.values(), ids=NOT_FULL.keys())
def test_of_a_page_that_is_no_full_text_the_metadata_is_imported(paperreader, save, page, problems):
    result = paperreader("import", "--json", save(page))
    report = json.loads(result.out)
    assert (result.code, report["new"]) == (0, 1), result
    assert words() is None
    messages = [problem["message"] for problem in report["problems"]]
    assert len(messages) == problems
    assert all(message.startswith("only its metadata was imported: the page ") for message in messages)


def test_a_folder_of_pages(paperreader, save, tmp_path):
    for number in range(1, 4):
        save(
            full_text_page(f"2611.0000{number}").replace("River Bends", f"River Bends, Part {number}"),
            f"{number}.html",
        )
    assert paperreader("import", tmp_path).out.startswith("3 read, 3 new")
    assert len(list(Library.open().full_texts.all_texts())) == 3

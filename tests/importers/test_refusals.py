"""A refusal says what a file looks like, and what would help."""

from __future__ import annotations

import io
import zipfile

import pytest

from tests.importers.import_helpers import import_text


def packed(*names: str, mimetype: str = "") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        if mimetype:
            archive.writestr("mimetype", mimetype)
        for name in names:
            archive.writestr(name, "<x/>")
    return buffer.getvalue()


def page(title: str = "A page", body: str = "") -> str:
    return f"<!DOCTYPE html><html><head><title>{title}</title></head><body>{body}</body></html>"


FILES: dict[str, tuple[str | bytes, str, str]] = {
    "opml": (
        '<?xml version="1.0"?><opml version="2.0"><body><outline xmlUrl="x"/></body></opml>',
        "an OPML list of feeds",
        "fetch arxiv",
    ),
    "opml without declaration": (
        '<opml version="1.0"><body/></opml>',
        "an OPML list of feeds",
        "fetch arxiv",
    ),
    "login": (
        page("Log in - Somewhere", '<form><input name="p" type="password"></form>'),
        "a login page",
        "log in",
    ),
    "robot check": (page("Just a moment..."), "whether you are a robot", "save the page"),
    "not found": (page("404 Not Found"), "an error page", "save the page"),
    "no html": (page("arXiv", "<h1>No HTML for '2607.11111'</h1>"), "an error page", "save the page"),
    "rate limit": (page("429 Too Many Requests"), "an error page", "save the page"),
    "scholar": (
        page("lamps", '<a href="https://scholar.google.com/x">x</a>'),
        "a page of Google Scholar",
        "BibTeX",
    ),
    "publisher": (
        page("Lamps", "").replace("<head>", '<head><meta name="citation_title" content="Lamps">'),
        "at a publisher",
        "BibTeX",
    ),
    "other page": (page("Cakes"), "a web page, but none of arXiv", "BibTeX"),
    "jats": (
        '<?xml version="1.0"?><!DOCTYPE article PUBLIC "-//NLM//DTD JATS"><article article-type="x"/>',
        "in JATS",
        "BibTeX",
    ),
    "pdf": (b"%PDF-1.7\n\xe2\xe3", "a PDF", "paperreader add"),
    "word": (packed("[Content_Types].xml", "word/document.xml"), "a Word document", "BibTeX"),
    "excel": (packed("[Content_Types].xml", "xl/workbook.xml"), "an Excel sheet", "CSV"),
    "opendocument": (
        packed("content.xml", mimetype="application/vnd.oasis.opendocument.text"),
        "an OpenDocument file",
        "BibTeX",
    ),
    "epub": (packed("META-INF/container.xml", mimetype="application/epub+zip"), "an e-book", "BibTeX"),
    "old office": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "an older Office document", "CSV"),
    "rtf": ("{\\rtf1\\ansi Lamps}", "a text document (RTF)", "BibTeX"),
    "sqlite": (b"SQLite format 3\0" + b"\0" * 90, "an SQLite database", "export"),
    "parquet": (b"PAR1" + b"\0\1\2" * 40, "a Parquet table", "CSV"),
    "rar": (b"Rar!\x1a\x07\x01\0" + b"\0" * 40, "a RAR archive", "unpack"),
    "7z": (b"7z\xbc\xaf\x27\x1c" + b"\0" * 40, "a 7-Zip archive", "unpack"),
    "zstd": (b"\x28\xb5\x2f\xfd" + b"\0" * 40, "a zstd archive", "unpack"),
    "picture": (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "a PNG picture", "reference"),
    "lfs": (
        "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n",
        "a pointer of Git LFS",
        "git lfs pull",
    ),
    "latex": (
        "\\documentclass{article}\n\\begin{document}\nLamps.\n\\end{document}\n",
        "a LaTeX document",
        ".bib",
    ),
    "bbl": (
        "\\begin{thebibliography}{9}\n\\bibitem{a} A. River. Lamps.\n\\end{thebibliography}\n",
        "a formatted bibliography",
        ".bib",
    ),
    "readme": (
        "# Lamps\n\nInstall it.\n\n## Usage\n\n```sh\nlamps\n```\n",
        "a Markdown document without links to papers",
        "titles that link",
    ),
    "table": (
        "name;price;count\nlamp;3;4\ndoor;5;6\nhall;7;8\n",
        "a table without a column for titles",
        "“Title”",
    ),
    "calendar": ("BEGIN:VCALENDAR\nVERSION:2.0\nEND:VCALENDAR\n", "a calendar", "references"),
    "server error": ("Rate exceeded.", "an error message of a server", "save the page"),
    "source code": ("import os\nfrom sys import argv\n\nprint(argv, os.name)\n", "source code", "no papers"),
    "mail": ("From: a@b.example\nTo: c@d.example\nSubject: Tea\n\nAt nine?\n", "a mail", "arXiv"),
    "mhtml": (
        "From: <Saved by Blink>\nMIME-Version: 1.0\nContent-Type: multipart/related;\n\tboundary=x\n\n--x\n",
        "MHTML",
        "HTML",
    ),
    "bookmarks": (
        '<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<TITLE>Bookmarks</TITLE><DL><DT><A HREF="https://arxiv.org/abs/2401.00001">'
        "Lamps</A></DL>",
        "a list of bookmarks",
        "paperreader add",
    ),
    "server error in xml": (
        '<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>',
        "an error message of a server",
        "save the page",
    ),
    "part of a latex document": ("\\section{Lamps}\nThey are bright.\n", "a LaTeX document", ".bib"),
    "log of tex": ("This is pdfTeX, Version 3.14\n**paper.tex\n", "a log of LaTeX", ".bib"),
    "log of bibtex": ("This is BibTeX, Version 0.99d\nThe style file: x.bst\n", "a log of LaTeX", ".bib"),
    "go": ('package main\n\nimport "fmt"\n\nfunc main() {}\n', "source code", "no papers"),
    "javascript": ("const a = 1;\n\nfunction load() {\n  return a;\n}\n", "source code", "no papers"),
    "patch": ("diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n", "a patch", "no papers"),
    "subtitles": ("1\n00:00:01,000 --> 00:00:02,000\nHello\n", "the subtitles of a video", "references"),
    "shortcut": (
        "[InternetShortcut]\nURL=https://arxiv.org/abs/2401.00001\n",
        "a shortcut",
        "paperreader add",
    ),
    "ids": ("2401.00001\narXiv:2401.00002v2, hep-th/9901001\n", "a list of ids or URLs", "paperreader add"),
    "urls": (
        "https://arxiv.org/abs/2401.00001\nhttps://example.org/x\n",
        "a list of ids or URLs",
        "paperreader add",
    ),
    "citation of software": (
        "cff-version: 1.2.0\ntitle: Lamps\nauthors:\n  - family-names: Lee\n",
        "a citation of software",
        "BibTeX",
    ),
    "mail about something else": (
        "From: ada@example.org\nTo: bo@example.org\nSubject: Lamps\n\nA lamp for every door in the long corridor\n\n"
        "We bought lamps for the doors of the corridor. They are bright, and they will be put up on Monday morning.\n",
        "a mail without announcements",
        "save the mail",
    ),
    "markdown in json": (
        '{"success": true, "data": {"markdown": "# Daily Papers", "metadata": {}}}',
        "a web page as Markdown inside JSON",
        "save the text",
    ),
    "log": ("2025-12-05 10:00:00 INFO a\n2025-12-05 10:00:01 INFO arXiv:2401.00001\n", "a log", "references"),
    "access log": (
        '127.0.0.1 - - [05/Dec/2025:10:00:00 +0000] "GET / HTTP/1.1" 200 1\n' * 2,
        "a log",
        "references",
    ),
    "license": ("MIT License\n\nCopyright (c) 2024 Ada Lee\n", "a license", "references"),
    "packages": ("numpy==1.26\npandas>=2\n", "a list of software packages", "references"),
    "settings": ('# a\n\n[project]\n\nname = "lamps"\n', "a settings file", "references"),
    "yaml": ("name: CI\non: push\njobs:\n  test:\n    - run: x\n", "a file in YAML", "references"),
    "json value": ("null\n", "a JSON value", "references"),
    "titles only": ("title\nLamps\nDoors\n", "a table of titles without authors", "add such a column"),
}


@pytest.mark.parametrize(
    "text",
    [
        "Dear all,\nthe meeting is at nine.\nYours, Ann\n",
        "# Lamps\n\nInstall them with care.\n",
        "name,price\nLamp,3\n",
        "- [A lamp](http://lamps.example/a.html)\n- [x] buy milk\n",
    ],
)
def test_refusal_of_a_text_of_no_known_kind_says_what_helps(text):
    records, (problem,) = import_text(text)
    assert records == []
    assert problem.message.startswith("does not look like references or a Daily Papers page")
    assert "BibTeX" in problem.message


@pytest.mark.parametrize("name", FILES)
def test_refusal_says_what_the_file_is_and_what_helps(name):
    data, kind, help_ = FILES[name]
    records, (problem,) = import_text(data)
    assert records == []
    assert problem.message.startswith("is ")
    assert kind in problem.message
    assert help_ in problem.message
    assert len(problem.message) < 200


@pytest.mark.parametrize(
    "text",
    [
        "#a\n" + "\n" * 50_000 + "x",
        "- a\n" * 15_000 + "x",
        "http://a/x,,,,\n" * 4000 + "x",
        "a: b\n" * 12_000 + "x",
    ],
)
def test_refusal_of_hostile_text_takes_linear_time(text: str) -> None:
    """Nested repetitions would take more than the time limit of a test."""
    records, _ = import_text(text)
    assert records == []


def test_bibtex_without_references_is_reported() -> None:
    records, (problem,) = import_text('@string{icml = "ICML"}\n@comment{nothing}\n')
    assert records == []
    assert "contains no references" in problem.message

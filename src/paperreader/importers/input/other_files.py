"""Recognise files without papers that people import by mistake, so that a refusal says what they are and what helps."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple

from paperreader.lazy_pattern import lazy_pattern
from paperreader.text.ids import parse_arxiv_id

HEAD_CHARS = 65536
"""Characters at the beginning of a text that are looked at."""


class _Kind(NamedTuple):
    """A kind of file by what its beginning contains."""

    pattern: re.Pattern[str]
    description: str
    """Continues the name of the file, with what would help."""


def _kinds(*rows: tuple[str, str]) -> tuple[_Kind, ...]:
    return tuple(_Kind(lazy_pattern(pattern, re.IGNORECASE), description) for pattern, description in rows)


_EXPORT = "export the references as BibTeX, RIS or CSV and import that"
_SAVE_AGAIN = "open it in a browser, and save the page once it shows the papers"

_REFERENCE = "import its reference, such as BibTeX, or download it with `paperreader add ID`"
_OTHER_FILES = "import references, or pages of papers"
_ADD = "`paperreader add` downloads the papers of ids and URLs"
_BINARY_ADVICE = (
    ("PDF", _REFERENCE),
    ("picture", "import a reference of the paper instead"),
    ("archive of Safari", "save the page as its source (HTML)"),
    ("archive", "unpack it, and import what it contains"),
    ("table", "save it as CSV or JSON Lines and import that"),
    ("database", "export its references as BibTeX, RIS or JSON, as Zotero and other programs can"),
    ("Office", "save a table as CSV, or export the references as BibTeX"),
)
_BOOKMARKS = (r"<!DOCTYPE NETSCAPE-Bookmark-file", f"a list of bookmarks of a browser; {_ADD}")
_MARKUP_KINDS = _kinds(
    _BOOKMARKS,
    (
        r"<opml\b",
        "an OPML list of feeds, which contains no papers; save a feed itself, or use `paperreader fetch arxiv`",
    ),
    (
        r"\A(?:<\?[^>]{0,200}>\s*|<!--.{0,2000}?-->\s*|<!doctype svg[^>]{0,300}>\s*)*<svg\b",
        "an SVG picture; import a reference of the paper instead",
    ),
    (r"<(?:urlset|sitemapindex)\b", "a sitemap, a list of web pages; import a page or a feed with papers"),
    (r"<!DOCTYPE plist|<plist\b", f"a property list of macOS; {_EXPORT}"),
    (
        r"jats\.nlm\.nih\.gov|<!DOCTYPE article|<article\b[^<>]{0,500}\barticle-type=",
        "the full text of a paper in JATS; import its reference as BibTeX or RIS",
    ),
    (
        r"http://www\.tei-c\.org/ns/1\.0",
        "a text in TEI, such as GROBID makes; import the reference as BibTeX",
    ),
    (r"<PubmedArticleSet\b", "a response of PubMed in XML; save the results in the format “PubMed” (.nbib)"),
    (r"http://www\.loc\.gov/mods/", "a reference in MODS; export it as BibTeX or RIS"),
    (r"http://www\.loc\.gov/MARC21/", "a library record in MARC; export it as BibTeX or RIS"),
    (r"<(?:\w{1,20}:)?(?:kml|gpx)\b", "a file of places; import references or pages of papers"),
    (r"<w:document\b|<office:document\b", f"an office document; {_EXPORT}"),
    (
        r"\A(?:<\?[^>]{0,200}>\s*)?<Error>",
        f"an error message of a server, not the file you wanted; {_SAVE_AGAIN}",
    ),
    (r"<rss\b|<feed\b", "a feed without papers of arXiv; import a feed of arXiv, or use `paperreader fetch`"),
)
_PAGE_KINDS = _kinds(
    _BOOKMARKS,
    (
        r"<title>\s*(?:just a moment|attention required|access denied|are you (?:a )?(?:human|robot)|security check"
        r"|verifying|captcha)|cf-chl-|unusual traffic from your computer|g-recaptcha-response",
        f"a page that asks whether you are a robot, not the page you wanted; {_SAVE_AGAIN}",
    ),
    (
        r"<title>[^<]{0,80}\b(?:40[0-9]|410|429|50[0-9])\b|<title>[^<]{0,80}(?:not found|forbidden|too many requests"
        r"|bad gateway|service unavailable|gateway time-?out|server error|unavailable|rate limit)|No HTML for",
        f"an error page, not the page you wanted; {_SAVE_AGAIN}",
    ),
    (
        r"<input[^<>]{0,400}\btype=[\"']?password|<title>[^<]{0,60}\b(?:log ?in|sign ?in|sign ?up)\b",
        "a login page, not the page you wanted; log in, open the page again and save it",
    ),
    (
        r"scholar\.google\.",
        "a page of Google Scholar; save the papers to “My library” there and export them as BibTeX",
    ),
    (
        r"semanticscholar\.org/(?:paper|search)",
        "a page of Semantic Scholar; use its “Cite” button and import the BibTeX",
    ),
    (
        r"<title>[^<]{0,200}GitHub",
        "a page of GitHub; save the raw file of the list (README.md or .bib) instead",
    ),
    (
        r"<meta[^<>]{0,200}citation_(?:title|doi)",
        "the page of a paper at a publisher; use its “Cite” or “Export citation” link and import the BibTeX or RIS",
    ),
    (r"huggingface\.co", f"a page of Hugging Face without a list of papers; {_SAVE_AGAIN}"),
    (
        r"arxiv\.org",
        "a page of arXiv without papers; save a listing, a search result, an abstract page or a full text of LaTeX",
    ),
)
_TEXT_KINDS = _kinds(
    (
        r"\Aversion https://git-lfs\.github\.com/spec/",
        "a pointer of Git LFS and not the file itself; run `git lfs pull`, and import the file again",
    ),
    (
        r"\A(?:\.\./)*(?:\.git/)?/?annex/objects/",
        "a pointer of git-annex and not the file itself; run `git annex get`, and import the file again",
    ),
    (
        r"(?m)\ART [A-Z][^\n]*\n(?:[A-Z][A-Z0-9] [^\n]*\n){2}",
        "a file of RefWorks; export it as BibTeX or RIS",
    ),
    (
        r"\A1[:.] [^\n]{20,2000}\bPMID: ?[0-9]",
        "a summary of PubMed; save the results in the format “PubMed” (.nbib)",
    ),
    (r"\A\s*<opml\b", _MARKUP_KINDS[1].description),
    (r"\A\{\\rtf", f"a text document (RTF); {_EXPORT}"),
    (r"\A%!PS", f"a PostScript document; {_REFERENCE}"),
    (r"\ABEGIN:VCALENDAR", "a calendar; import references or pages of papers"),
    (r"\ABEGIN:VCARD", "a list of contacts; import references or pages of papers"),
    (
        r"(?m)^\s{0,9}\\bibitem\b|\\begin\{thebibliography\}",
        "a formatted bibliography (.bbl), whose fields cannot be told apart; import the .bib file it was made from",
    ),
    (r"(?m)^\s{0,9}\\(?:documentclass|begin\{document\})", "a LaTeX document; import its .bib file"),
    (r"(?m)\A\\relax|^\\(?:citation|bibdata)\{", "an auxiliary file of LaTeX; import the .bib file"),
    (
        r"(?m)^\s{0,9}\\(?:(?:sub)*section|chapter|usepackage|newcommand)\b",
        "a LaTeX document; import its .bib file",
    ),
    (
        r"\AThis is (?:BibTeX|Biber|\w{0,9}TeX|LuaHBTeX)\b|\A\[[0-9]{1,9}\] [^\n]{1,99}> INFO - This is Biber",
        "a log of LaTeX; import the .bib file",
    ),
    (
        r"\A#!|(?m:^(?:import|from) [\w.]+(?: import [\w*(]|$)|^#include\s*[<\"]|^package [\w.]+;?$|^(?:pub )?fn \w+\("
        r"|^(?:export )?(?:default )?(?:async )?function \w*\(|^(?:const|let|var) \w+ = "
        r"|^(?:public |final )*class \w+)",
        "source code, which contains no papers",
    ),
    (r"\Adiff --git |\A--- [^\n]{1,999}\n\+\+\+ ", "a patch of source code, which contains no papers"),
    (r"\A(?:WEBVTT\b|1\r?\n[0-9]{2}:[0-9]{2}:[0-9]{2}[,.])", f"the subtitles of a video; {_OTHER_FILES}"),
    (r"\A\[InternetShortcut\]", f"a shortcut to a web page, not the page; {_ADD}"),
    (
        r"\Acff-version:",
        "a citation of software (CITATION.cff); use “Cite this repository” on GitHub, and import the BibTeX",
    ),
    (
        r"\A(?:\[?[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}[^\n]*\n){2}"
        r"|\A(?:[0-9a-f.:]{3,40} \S{1,99} \S{1,99} \[[^\]\n]{10,40}\] \"[^\n]*\n){2}",
        f"a log, which contains no papers; {_OTHER_FILES}",
    ),
    (r"\A[^\n]{0,80}\b(?:License|LICENSE|Licence)\b[^\n]{0,40}\n", f"a license; {_OTHER_FILES}"),
    (
        r"\A(?:[A-Za-z0-9_.\[\]-]{1,80}\s?(?:[=<>~!]=|[<>@])[^\n]*\n|#[^\n]*\n){2}",
        f"a list of software packages; {_OTHER_FILES}",
    ),
    (
        r"\A(?:[#;][^\n]*\n|[ \t]*\n)*\[[\w. \"-]{1,80}\]{1,2}[ \t]*\n(?:[#;][^\n]*\n|[ \t]*\n)*[\w.\" -]{1,80}=",
        f"a settings file, which contains no papers; {_OTHER_FILES}",
    ),
    (
        r"\A(?:null|true|false|-?[0-9.]{1,99}|\"[^\"\n]*\")\s*\Z",
        f"a JSON value without fields, and no paper; {_OTHER_FILES}",
    ),
    (
        r"\A\"?(?:title|titel|titre)\"?\s*\n",
        "a table of titles without authors, abstracts, DOIs, ids or URLs; add such a column, and import it again",
    ),
    (
        r"(?m)\A(?:CREATE TABLE|INSERT INTO|BEGIN TRANSACTION|-- (?:MySQL|PostgreSQL))",
        f"a dump of a database; {_EXPORT}",
    ),
    (
        r"\A(?:Error )?(?:40[0-9]|429|50[0-9])\b[ :]|\A(?:Too Many Requests|Rate exceeded|Not Found\s*\Z)"
        r"|\AInternal Server Error",
        f"an error message of a server, not the file you wanted; {_SAVE_AGAIN}",
    ),
    (
        r"\A(?=(?:[^\n]{0,999}\n){0,30}?(?:Subject|Message-ID): )(?:From|To|Received|Return-Path|Delivered-To"
        r"|MIME-Version|Date|Subject): ",
        "a mail without announcements of arXiv, which begin with `arXiv:` and an id; save the mail with its text",
    ),
    (
        r"\A(?:---[ \t]*\n|#[^\n]*\n)*\w[\w-]{0,40}:(?: [^\n]*)?\n"
        r"(?:(?:[ \t-][^\n]*|\w[\w-]{0,40}:(?: [^\n]*)?|#[^\n]*)?\n){2,}\Z",
        f"a file in YAML without papers; {_OTHER_FILES}",
    ),
)
_OFFICE_PARTS = (
    ("word/", "a Word document"),
    ("xl/", "an Excel sheet"),
    ("ppt/", "a PowerPoint presentation"),
    ("META-INF/container.xml", "an e-book (EPUB)"),
    ("META-INF/MANIFEST.MF", "a Java archive"),
    ("content.xml", "an OpenDocument file"),
    ("Index/Document.iwa", "a document of Pages, Numbers or Keynote"),
)
_SHEET = "save the sheet as CSV and import that"
_ARXIV_MENTION = lazy_pattern(
    r"arxiv\.org/(?:abs|pdf|html)/[0-9a-z]|\barXiv:\s?[0-9]{4}\.[0-9]{4,5}|huggingface\.co/papers/[0-9]{4}\.",
    re.I,
)
_MARKDOWN = lazy_pattern(r"(?m)^#{1,4} \S|\]\(\S|^\[[^\]\n]{1,60}\]: \S|^(?:```|~~~)")


def describe_binary(kind: str) -> str:
    """Return what `encoding.binary_kind` found, with what would help."""
    advice = next((advice for word, advice in _BINARY_ADVICE if word in kind), "")
    return f"{kind}, not text{advice and '; '}{advice}"


def describe_markup(text: str) -> str:
    """Return what XML or another markup is, with what would help; empty for any other."""
    return _describe(text, _MARKUP_KINDS)


def describe_page(html: str) -> str:
    """Return what a web page without papers is, with what would help; empty for any other."""
    return _describe(html, _PAGE_KINDS)


def describe_text(text: str) -> str:
    """Return what a text without papers is, with what would help; empty for any other."""
    if _is_list_of_ids(text[:HEAD_CHARS]):
        return f"a list of ids or URLs, not of papers; {_ADD}"
    if found := _describe(text, _TEXT_KINDS):
        return found
    if _ARXIV_MENTION.search(text[:HEAD_CHARS]):
        return (
            "a text that mentions arXiv papers without their titles in a certain place; download them with "
            "`paperreader add` and their ids, or save the page as HTML"
        )
    if is_table(text):
        return _describe_table(text.lstrip("\ufeff \r\n").split("\n", 1)[0])
    if len(_MARKDOWN.findall(text[:HEAD_CHARS])) > 1:
        return "a Markdown document without links to papers; a list needs titles that link to arXiv or a publisher"
    return ""


def _is_list_of_ids(text: str) -> bool:
    """Whether all words are arXiv ids or URLs."""
    words = [word.strip(",;<>") for word in text.split()]
    return bool(words) and all(
        word.startswith(("http://", "https://")) or parse_arxiv_id(word) for word in words
    )


def describe_office_file(names: Collection[str]) -> str:
    """Return what a zip archive with these members is, with what would help; empty if no program made it."""
    for part, description in _OFFICE_PARTS:
        if any(name == part or (part.endswith("/") and name.startswith(part)) for name in names):
            if part == "content.xml" and "mimetype" not in names:
                continue
            return f"{description}; {_SHEET if part == 'xl/' else _EXPORT}"
    return ""


def is_table(text: str) -> bool:
    """Whether the first lines have the same number of delimiters, as those of a table."""
    lines = [line for line in text[:HEAD_CHARS].split("\n", 6)[:6] if line.strip()]
    if len(lines) < 3:
        return False
    for delimiter in "\t;,":
        counts = {line.count(delimiter) for line in lines[:-1]}
        if len(counts) == 1 and counts.pop() >= 2:
            return True
    return False


def _describe_table(header: str) -> str:
    if re.search(r"\btitle\b", header, re.IGNORECASE):
        return "a table of titles without authors, abstracts, DOIs, ids or URLs; add such a column, and import it again"
    return "a table without a column for titles; name one of its columns “Title” and import it again"


def _describe(text: str, kinds: tuple[_Kind, ...]) -> str:
    head = text[:HEAD_CHARS].lstrip("\ufeff \t\r\n")
    return next((kind.description for kind in kinds if kind.pattern.search(head)), "")

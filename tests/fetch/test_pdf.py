"""PDFs: downloaded completely or not at all, under names that are valid everywhere, and never over another file."""

from __future__ import annotations

import json
import re
import time
from itertools import islice
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperreader import config, paths
from paperreader.config.settings import Pdf
from paperreader.fetch import arxiv
from paperreader.fetch.http import rate_limiter
from paperreader.fetch.pdf import download
from paperreader.fetch.pdf.names import candidate_names, safe_name
from paperreader.models import Paper
from tests.examples import every_second
from tests.fetch.server import Reply, dribble, gzipped, item, pour
from tests.fetch.test_redirects import NAMES, names, redirect

__all__ = ["names"]

PDF = b"%PDF-1.7\n" + b"river bends " * 500 + b"\n%%EOF\n"
KIND = "application/pdf"
HTML = b"<!DOCTYPE html><html><head><title>Are you a robot?</title></head><body></body></html>"


def reply(body=PDF, **more):
    return Reply(body, **{"content_type": KIND, **more})


@pytest.fixture
def library(paperreader, tmp_path, home):
    """A library of three papers of arXiv, one with a link to a PDF, and one without any."""
    items = [item(f"2611.0000{n}", title) for n, title in enumerate(("River Bends", "Mills", "Fords"), 1)]
    lines = [
        {"paperreader": 1, "title": "A Linked Paper", "links": ["http://papers.example/a/linked.pdf"]},
        {"paperreader": 1, "title": "A Paper on Paper", "abstract": "No link."},
    ]
    (tmp_path / "2026-11-17.json").write_text(json.dumps(items))
    (tmp_path / "more.jsonl").write_text("\n".join(map(json.dumps, lines)))
    assert paperreader("import", tmp_path / "2026-11-17.json", tmp_path / "more.jsonl").code == 0
    file = config.settings_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f'[pdf]\nfolder = "{tmp_path / "pdf"}"\n')
    return paperreader


def paper_id(command, title):
    return next(found["id"] for found in command("search", "--json").objects if found["title"] == title)


def stored(tmp_path):
    """Return every file and folder below the folder of PDFs."""
    folder = tmp_path / "pdf"
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_pdf_is_downloaded_once_and_its_path_printed(library, service, tmp_path):
    service.respond("/pdf/", reply())
    path = tmp_path / "pdf" / "2026" / "Brook-River-Bends.pdf"
    for _ in range(2):
        result = library("pdf", "2611.00001")
        assert (result.code, result.out, result.err) == (0, f"{path}\n", "")
    assert path.read_bytes() == PDF
    assert stored(tmp_path) == ["2026", "2026/Brook-River-Bends.pdf"]
    (request,) = service.requests
    assert request.path == "/pdf/2611.00001"
    assert request.headers["accept"].startswith(KIND)
    assert path.stat().st_mode & 0o777 == (tmp_path / "more.jsonl").stat().st_mode & 0o777
    assert (paths.shared_state_folder() / "arxiv.asked").exists(), "at the pace of arXiv"


def test_exactly_one_version_is_downloaded_beside_the_newest(library, service, tmp_path):
    first = PDF.replace(b"bends", b"bent!")
    service.respond("/pdf/2611.00001", reply())
    service.respond("/pdf/2611.00001v1", reply(first))
    service.respond("/pdf/2611.00001v9", Reply(status=404))
    for _ in range(2):
        result = library("pdf", "2611.00001v1", "2611.00001")
        assert (result.code, result.err) == (0, "")
        names = [PurePosixPath(line).name for line in result.out.splitlines()]
        assert names == ["Brook-River-Bends-v1.pdf", "Brook-River-Bends.pdf"]
    assert service.paths == ["/pdf/2611.00001v1", "/pdf/2611.00001"]
    assert (tmp_path / "pdf" / "2026" / names[0]).read_bytes() == first
    result = library("pdf", "https://arxiv.org/abs/2611.00001v9")
    assert result.code == 1 and "2611.00001v9: " in result.err and "has no PDF" in result.err


def test_several_papers_from_standard_input(library, service, tmp_path):
    service.respond("/pdf/", reply())
    service.respond("/pdf/2611.00002", Reply(status=404))
    result = library("pdf", "-", stdin=b"2611.00001\n2611.00002\n2611.00003\n2999.99999\n")
    assert [PurePosixPath(line).name for line in result.out.splitlines()] == [
        "Brook-River-Bends.pdf",
        "Brook-Fords.pdf",
    ]
    assert result.code == 1
    assert "has no PDF of this paper" in result.err
    assert "2999.99999" in result.err


@pytest.mark.parametrize(
    ("answer", "message"),
    every_second(
        [
            (reply(HTML, content_type="text/html"), "a web page instead of a PDF"),
            (reply(HTML), "a web page instead of a PDF"),
            (reply(PDF, content_type="text/html"), "a web page instead of a PDF"),
            (reply(PDF, content_type="image/png"), "image/png instead of a PDF"),
            (reply(b"\n%PDF-1.7\n"), "not a PDF"),
            (reply(b"PK\x03\x04" + PDF), "not a PDF"),
            (reply(b""), "an empty response"),
            (reply(PDF[:3000], content_length=len(PDF)), "broke off"),
            (reply(PDF[:10], content_length=len(PDF)), "broke off"),
            (reply(PDF, content_length=1 << 40), "larger than 1 MB"),
            (reply(PDF, content_length=-1, after_body=pour), "larger than 1 MB"),
            (reply(gzipped(PDF).data[:-20], headers={"Content-Encoding": "gzip"}), "is damaged"),
            (
                reply(gzipped(b"%PDF-1.7" + b" " * (2 << 20)).data, headers={"Content-Encoding": "gzip"}),
                "larger than 1 MB",
            ),
            (reply(PDF, headers={"Content-Encoding": "br"}), "unsupported content encoding"),
            (reply(PDF, content_length=-1, after_body=dribble), "too slowly"),
            (
                Reply({"error": "slow \x1b[2J down"}, status=429, headers={"Retry-After": "0"}),
                "too many requests",
            ),
            (Reply(b"", status=429, headers={"Retry-After": "900"}), "in 15 minutes"),
            (Reply(b"", status=503), "internal error (503)"),
            (Reply(b"", status=403), "refused the request"),
            (Reply(b"", status=410), "has no PDF"),
            (redirect("/pdf/2611.00001"), "redirects more than 5 times"),
            (redirect("file:///etc/passwd"), "another URL scheme"),
        ]
    ),
)
def test_unusable_answer_leaves_no_file(library, service, tmp_path, monkeypatch, answer, message):
    monkeypatch.setattr(download, "MAX_PDF_BYTES", 1 << 20)
    if message == "too slowly":
        monkeypatch.setattr(download, "MAX_DOWNLOAD_SECONDS", 0.5)
    service.respond("/pdf/", answer)
    result = library("pdf", "2611.00001")
    assert (result.code, result.out) == (1, "")
    assert message in result.err
    assert "\x1b" not in result.err
    assert len(result.err.splitlines()) == 1
    assert stored(tmp_path) == []


def test_download_that_breaks_off_is_repeated_from_its_start(library, service, tmp_path):
    whole = reply(gzipped(PDF).data, headers={"Content-Encoding": "gzip"})
    service.respond("/pdf/", reply(PDF[:3000], content_length=len(PDF)), whole)
    assert library("pdf", "2611.00001").code == 0
    assert (tmp_path / "pdf" / "2026" / "Brook-River-Bends.pdf").read_bytes() == PDF


def test_unavailable_service_is_asked_once(library, service):
    service.respond("/pdf/", Reply(b"", status=429, headers={"Retry-After": "900"}))
    result = library("pdf", "2611.00001", "2611.00002", "2611.00003")
    assert len(set(service.paths)) == len(service.paths)
    assert result.err.count("too many requests") == 1
    assert "2 papers remain. Run the same command again to continue." in result.err


def test_paper_without_a_known_pdf(library, service):
    result = library("pdf", paper_id(library, "A Paper on Paper"))
    assert (result.code, result.out) == (1, "")
    assert "No PDF of this paper is known" in result.err
    assert not service.requests


@pytest.mark.parametrize(
    ("address", "answer", "message"),
    [
        ("93.184.215.14", reply(), ""),
        ("93.184.215.14", redirect("http://127.0.0.1:9/x.pdf"), "in a private network, and is not followed"),
        (
            "93.184.215.14",
            redirect("http://rebound.example/x.pdf"),
            "in a private network, and is not followed",
        ),
        ("127.0.0.1", reply(), "nothing is downloaded from it"),
        ("192.168.1.1", reply(), "nothing is downloaded from it"),
        ("::1", reply(), "nothing is downloaded from it"),
    ],
)
def test_link_of_a_paper_leads_to_no_private_network(
    library, service, names, monkeypatch, tmp_path, address, answer, message
):
    """The address of the link is text from outside, so even the first request is checked."""
    monkeypatch.setitem(NAMES, "papers.example", [address])
    monkeypatch.setenv("HTTP_PROXY", service.url)
    monkeypatch.setenv("NO_PROXY", "")
    service.respond("http://papers.example/a/linked.pdf", answer)
    result = library("pdf", paper_id(library, "A Linked Paper"))
    assert (result.code, message in result.err) == (int(bool(message)), True)
    assert [name for name in stored(tmp_path) if name.endswith(".pdf")] == (
        [] if message else ["undated/anonymous-A-Linked-Paper.pdf"]
    )
    assert all("rebound" not in path and "127.0.0.1" not in path for path in service.paths)


def test_files_of_others_are_never_replaced(library, service, tmp_path):
    folder = tmp_path / "pdf" / "2026"
    folder.mkdir(parents=True)
    others = {"Brook-River-Bends.pdf": PDF + b"mine", "Brook-River-Bends-2611.00001.pdf": b"a letter"}
    for name, data in others.items():
        (folder / name).write_bytes(data)
    (folder / "Brook-Mills.pdf").symlink_to(folder / "nowhere")
    service.respond("/pdf/", reply())
    names = ["Brook-River-Bends-2611.00001-2.pdf", "Brook-Mills-2611.00002.pdf"]
    for _ in range(2):
        result = library("pdf", "2611.00001", "2611.00002")
        assert result.out.splitlines() == [str(folder / name) for name in names]
    assert {name: (folder / name).read_bytes() for name in others} == others
    assert len(service.requests) == 2


def test_file_with_the_id_in_its_name_is_found_without_the_state(library, service, tmp_path):
    with config.settings_file().open("a") as file:
        file.write('name = "{id}.pdf"\n')
    (tmp_path / "pdf").mkdir()
    (tmp_path / "pdf" / "2611.00001.pdf").write_bytes(PDF)
    assert library("pdf", "2611.00001").out == f"{tmp_path / 'pdf' / '2611.00001.pdf'}\n"
    assert not service.requests


def test_folder_that_cannot_be_used_is_reported(library, service, tmp_path):
    service.respond("/pdf/", reply())
    (tmp_path / "pdf").write_text("a file")
    result = library("pdf", "2611.00001")
    assert result.code == 1
    assert "Cannot create the folder" in result.err


@pytest.mark.parametrize(
    ("viewer", "code", "message"),
    [
        ("zathura --fork", 0, ""),
        ("missing", 1, "missing: it is not installed"),
        ("failing", 1, "failing: it ended with status 3"),
        ("tdf", 0, ""),
    ],
)
def test_open_runs_the_viewer_of_the_settings(library, service, tmp_path, monkeypatch, viewer, code, message):
    service.respond("/pdf/", reply())
    tools = tmp_path / "tools"
    tools.mkdir()
    for name, script in {"zathura": "", "tdf": "", "failing": "exit 3"}.items():
        (tools / name).write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/arguments\n{script}\n')
        (tools / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}:/bin:/usr/bin")
    with config.settings_file().open("a") as file:
        file.write(f"viewer = {json.dumps(viewer.split())}\n")
    result = library("pdf", "--open", "2611.00001")
    assert (result.code, message in result.err) == (code, True)
    path = result.out.strip()
    if not code:
        assert (tmp_path / "arguments").read_text().split() == [*viewer.split()[1:], path]


# Names

PORTABLE = re.compile(r'[^\x00-\x1f\x7f\\/:*?"<>|]+')
WILD = st.text(max_size=400) | st.text(alphabet='ab/\\.:*?"<>|~ -\x00\x1b\u202e%{}', max_size=60)
RESERVED = st.sampled_from(["CON", "nul", "com1", "LPT9", "..", ".", "-", "~", "", "aux.h"])


def paper(title="A Title", author="Ada Brook", **more):
    return Paper(id="a-title", title=title, authors=(author,) if author else (), **more)


@given(
    WILD | RESERVED,
    WILD | RESERVED,
    WILD | RESERVED,
    st.sampled_from([Pdf().name, "{title}.pdf", "{venue}/{id}.pdf", "pdf/{title} of {year}.pdf"]),
)
def test_names_are_portable_whatever_a_paper_contains(title, author, venue, pattern):
    found = list(islice(candidate_names(paper(title, author, journal=venue), pattern), 3))
    assert len(set(found)) == len(found)
    for name in found:
        assert not name.is_absolute()
        assert name.suffix == ".pdf"
        assert len(name.parts) == pattern.count("/") + 1
        for part in name.parts:
            assert PORTABLE.fullmatch(part)
            assert part.isprintable()
            assert not part.startswith((".", "-", " ", "~"))
            assert not part.endswith((".", " "))
            assert len(part.encode()) <= 255
            assert not re.fullmatch(r"(con|prn|aux|nul|com\d|lpt\d)", part.partition(".")[0].lower())


@pytest.mark.parametrize(
    ("given", "name"),
    [
        (
            paper(r"Caf\'e Chess: $O(n^2)$ Openings?", published="2026-01"),
            "2026/Brook-Café-Chess-O-n2-Openings.pdf",
        ),
        (paper(author="van der Berg, Jan"), "undated/van-der-Berg-A-Title.pdf"),
        (paper(author="Sam Hill Jr."), "undated/Hill-A-Title.pdf"),
        (paper("", ""), "undated/anonymous-untitled.pdf"),
        (paper("河の曲がり"), "undated/Brook-河の曲がり.pdf"),
    ],
)
def test_names_are_readable(given, name):
    assert str(next(candidate_names(given, Pdf().name))) == name


def test_long_names_end_with_a_whole_word():
    assert safe_name("rivers " * 40) == "-".join(["rivers"] * 17)


@pytest.mark.parametrize(
    "line",
    [
        'name = "{title}"',
        'name = "../{title}.pdf"',
        'name = "/tmp/{title}.pdf"',
        'name = "{author}.pdf"',
        'name = "{title!r}.pdf"',
        'name = "{title.__class__}.pdf"',
        'name = "{title:>99}.pdf"',
        'name = "{title.pdf"',
        'name = "paper.pdf"',
        'name = "a:{title}.pdf"',
        'folder = "papers"',
        'folder = "~nobody/papers"',
        'viewer = "zathura"',
    ],
)
def test_unusable_settings_are_reported(home, line):
    file = config.settings_file()
    file.parent.mkdir(parents=True)
    file.write_text(f"[pdf]\n{line}\n")
    loaded = config.read_settings()
    assert f"config.toml:2: {line.split()[0]} is " in loaded.problems[0]
    assert loaded.settings.pdf == Pdf()


def mark_ids(library):
    """Bookmark the three papers of arXiv."""
    assert library("mark", "2611.00001", "2611.00002", "2611.00003", "--bookmark").code == 0


def test_pdfs_of_bookmarks_are_fetched_and_continued(library, service, tmp_path):
    mark_ids(library)
    service.respond("/pdf/2611.00001", reply())
    service.respond("/pdf/2611.00002", Reply(b"", status=429, headers={"Retry-After": "900"}))
    result = library("fetch", "pdf")
    assert (result.code, result.out) == (1, "1 downloaded, 0 already there, 1 failed\n")
    assert "1 paper remains. Run the same command again to continue." in result.err
    service.respond("/pdf/2611.00002", reply())
    service.respond("/pdf/2611.00003", reply())
    result = library("fetch", "pdf")
    assert (result.code, result.out, result.err) == (0, "2 downloaded, 1 already there, 0 failed\n", "")
    assert sum(name.endswith(".pdf") for name in stored(tmp_path)) == 3
    assert service.paths.count("/pdf/2611.00001") == 1


def test_pdfs_of_a_query_are_fetched_as_json(library, service):
    service.respond("/pdf/", reply())
    (report,) = library("fetch", "pdf", "--json", "--limit", "1", "title:mills").objects
    assert [file["id"] for file in report["files"]] == ["2611.00002"]
    assert (report["files"][0]["is_new"], report["problems"], report["remaining"]) == (True, [], [])


def test_a_batch_keeps_the_distance_that_arxiv_asks_for(library, service, monkeypatch):
    waited = []
    monkeypatch.setattr(arxiv, "CRAWL_DELAY_SECONDS", 15.0)
    monkeypatch.setattr(rate_limiter.time, "sleep", waited.append)
    monkeypatch.setattr(
        rate_limiter.CrossProcessRateLimiter.__init__,
        "__kwdefaults__",
        {"clock": time.time, "sleep": waited.append, "queue_timeout": None},
    )
    mark_ids(library)
    service.respond("/pdf/", reply())
    monkeypatch.setattr(download, "MAX_SELECTED", 2)
    assert library("fetch", "pdf").code == 0
    assert len([each for each in waited if 14 < each <= 15]) == 2


def test_options_of_other_services_are_refused(library):
    assert (
        "--since does not apply to papers of the library"
        in library("fetch", "pdf", "--since", "2026-01-01").err
    )


def test_a_new_title_does_not_download_the_pdf_again(library, service, tmp_path):
    service.respond("/pdf/", reply())
    assert library("fetch", "pdf", "river").code == 0
    first = library("pdf", "2611.00001").out
    (tmp_path / "2026-11-18.json").write_text(json.dumps([item("2611.00001", "River Bends, Revised")]))
    assert library("import", tmp_path / "2026-11-18.json").code == 0
    assert library("show", "2611.00001").out.startswith("River Bends, Revised")
    assert library("fetch", "pdf", "river").code == 0
    assert library("pdf", "2611.00001").out == first
    assert len(set(service.paths)) == len(service.paths)

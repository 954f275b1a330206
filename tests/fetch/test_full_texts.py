"""Full texts: fetched once, from the first source that has one; every failure is one sentence and loses nothing."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import signal
import subprocess
import sys

import pytest

from paperreader import fulltext, paths, storage
from paperreader.__main__ import main
from paperreader.fetch import arxiv
from paperreader.fetch.full_texts import sources
from paperreader.fetch.full_texts.downloader import CUT_OFF
from paperreader.fetch.http import rate_limiter, transport
from paperreader.jobs.client import Job, full_texts_job
from paperreader.library import Library
from tests.examples import endurance
from tests.fetch.full_text_pages import abstract_page, full_text_page, not_found, page_reply
from tests.fetch.server import Reply, dribble, gzipped, hang, item
from tests.fetch.test_redirects import redirect
from tests.fulltext.conversion import convert_in_this_process
from tests.fulltext.pdf_file import pdf_of
from tests.terminal import Terminal
from tests.waiting import TIMEOUT_SECONDS, is_readable

NO_HTML = "arXiv has no HTML for this paper."
WORDS = "We count the bends of rivers and the stones between them, and find more of them every year. " * 5
MARKDOWN = (
    f"Title: River Bends\n\nURL Source: https://arxiv.org/html/2611.00001\n\nMarkdown Content:\n{WORDS}\n"
)
PDF_LINES = [
    (72.0, 700.0 - 14 * line, 11.0, "We count the bends of rivers and the stones.") for line in range(30)
]
MARKDOWN_REPLY = Reply(MARKDOWN, content_type="text/markdown; charset=utf-8")


@pytest.fixture(autouse=True)
def no_pdfs_and_no_child_processes(monkeypatch):
    monkeypatch.setattr(fulltext.conversion, "find_spec", lambda name: None)
    convert_in_this_process(monkeypatch)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory):
    """A folder for the home with the library, which is made once."""
    return tmp_path_factory.mktemp("full-texts") / "home"


@pytest.fixture
def library(paperreader, tmp_path, home, prepared):
    """A library of three papers of arXiv, two of which are bookmarked, and one without an id."""
    if prepared.exists():
        shutil.copytree(prepared, home, dirs_exist_ok=True)
        return paperreader
    items = [item(f"2611.0000{n}", title) for n, title in enumerate(("River Bends", "Mills", "Fords"), 1)]
    (tmp_path / "2026-11-17.json").write_text(json.dumps(items))
    (tmp_path / "more.jsonl").write_text(
        '{"paperreader": 1, "title": "A Paper on Paper", "abstract": "No id."}'
    )
    assert paperreader("import", tmp_path / "2026-11-17.json", tmp_path / "more.jsonl").code == 0
    assert paperreader("mark", "--bookmark", "2611.00001", "2611.00003").code == 0
    shutil.copytree(home, prepared)
    return paperreader


def stored_files():
    folder = Library.open().full_texts.folder
    return sorted(
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and ".lock" not in path.name
    )


def words_of(id, version=None):
    document = Library.open().full_texts.load(id, version)
    return " ".join(piece.text for block in document.blocks for piece in getattr(block, "content", ()))


def test_a_full_text_is_fetched_once_and_then_read_from_this_machine(library, service):
    service.respond("/html/2611.00001", page_reply(headers={"ETag": '"one"'}))
    first = library("text", "2611.00001")
    assert first.code == 0 and "We count the bends." in first.out and first.err == ""
    assert service.paths == ["/html/2611.00001"]
    assert service.requests[0].headers["accept"].startswith("text/html")
    assert library("text", "2611.00001").out == first.out
    assert service.paths == ["/html/2611.00001"]
    (text,) = Library.open().full_texts.stored("2611.00001")
    assert (text.version, text.source, text.url, text.etag) == (
        1,
        "arxiv-html",
        f"{service.url}/html/2611.00001",
        '"one"',
    )
    assert stored_files() == ["2611.00001/v1.text"]
    assert list(Library.open().search("text:bends")) == [Library.open().resolve("2611.00001")]
    assert (paths.shared_state_folder() / "arxiv-pages.asked").exists()


def test_a_page_that_is_waited_for_does_not_wait_for_a_batch(library, service):
    service.respond("/html/", page_reply())
    paths.shared_state_folder().mkdir(parents=True, exist_ok=True)
    with storage.lock(paths.shared_state_folder() / "arxiv-pages.lock"):
        assert library("text", "2611.00001").code == 0


def test_markdown_is_the_last_source_and_replaced_by_html_when_asked_for(library, service):
    service.respond("/html/2611.00001", not_found(), page_reply())
    service.respond("/papers/2611.00001.md", MARKDOWN_REPLY)
    result = library("text", "2611.00001")
    assert result.code == 0 and "We count the bends of rivers" in result.out
    assert "Markdown of Hugging Face" in result.out
    assert service.paths == ["/html/2611.00001", "/papers/2611.00001.md"]
    assert [text.source for text in Library.open().full_texts.stored("2611.00001")] == ["huggingface"]
    assert library("text", "--refresh", "2611.00001").code == 0
    assert Library.open().full_texts.stored("2611.00001")[0].source == "arxiv-html"


@pytest.fixture
def pdf_text(monkeypatch):
    """The optional package for PDFs is installed."""
    pytest.importorskip("pypdfium2")
    monkeypatch.setattr(fulltext.conversion, "find_spec", lambda name: True)


def test_the_text_of_the_pdf_is_used_before_markdown(library, service, pdf_text):
    service.respond("/html/", not_found())
    service.respond("/pdf/2611.00001", Reply(pdf_of(PDF_LINES), content_type="application/pdf"))
    service.respond("/papers/", MARKDOWN_REPLY)
    result = library("text", "2611.00001")
    assert result.code == 0 and "text of the PDF" in result.out, result
    (title,) = [each["title"] for each in library("show", "--json", "2611.00001").objects]
    assert result.out.startswith(f"{title}\n")  # which the PDF does not say
    assert service.paths == ["/html/2611.00001", "/pdf/2611.00001"]
    assert "incomplete" in library("text", "--markdown", "2611.00001").out


def test_a_pdf_that_was_downloaded_before_is_not_requested(library, service, pdf_text, home):
    service.respond("/html/", not_found())
    service.respond("/pdf/2611.00001", Reply(pdf_of(PDF_LINES), content_type="application/pdf"))
    assert library("pdf", "2611.00001").code == 0
    assert library("text", "2611.00001").code == 0
    assert service.paths == ["/pdf/2611.00001", "/html/2611.00001"]


ABSENT = {
    "404": not_found(),
    "410": Reply(b"", status=410),
    "403": Reply(b"", status=403),
    "abstract page": page_reply(abstract_page()),
    "native HTML": page_reply("<!DOCTYPE html><html><body><p>Proceedings</p></body></html>"),
    "error page": page_reply("<!DOCTYPE html><html><body><h1>Something went wrong</h1></body></html>"),
    "another paper": page_reply(full_text_page("2611.00002")),
    "no markup": page_reply("<"),
}


@pytest.mark.parametrize("answer", ABSENT.values(), ids=ABSENT.keys())
def test_a_paper_without_full_text_is_one_sentence_and_not_asked_for_again(library, service, answer):
    service.respond("/html/2611.00001", answer)
    service.respond(
        "/papers/", page_reply("<!DOCTYPE html><html><body>The web page of the paper</body></html>")
    )
    for _ in range(2):
        result = library("text", "2611.00001")
        assert (result.code, result.out) == (1, "")
        (message,) = result.err.splitlines()
        assert message.startswith("paperreader: 2611.00001: ")
        assert "`paperreader pdf 2611.00001` downloads the PDF" in message
        assert "pip install 'paperreader[pdf]'" in message
    assert service.paths == ["/html/2611.00001", "/papers/2611.00001.md"]
    assert stored_files() == []
    service.respond("/html/2611.00001", page_reply())
    assert library("text", "--refresh", "2611.00001").code == 0
    assert library("text", "2611.00001").code == 0


def test_a_worse_source_that_fails_is_asked_the_next_time_and_the_better_one_is_not(library, service):
    service.respond("/html/", not_found())
    service.respond("/papers/", Reply(b"", status=429, headers={"Retry-After": "900"}))
    result = library("fetch", "text")
    assert result.code == 0 and result.err.count(NO_HTML) == 2
    assert service.paths == ["/html/2611.00001", "/papers/2611.00001.md", "/html/2611.00003"]
    service.respond("/papers/2611.00001.md", MARKDOWN_REPLY)
    assert library("text", "2611.00001").code == 0
    assert service.paths[3:] == ["/papers/2611.00001.md"]


def test_the_reason_names_arxiv(library, service):
    service.respond("/html/", not_found())
    assert NO_HTML in library("text", "2611.00001").err


def test_a_paper_without_id_is_not_asked_for(library, service):
    (id,) = [row["id"] for row in library("search", "--json", "paper on paper").objects][:1]
    result = library("text", id)
    assert result.code == 1 and "it has no arXiv id" in result.err
    assert service.requests == []


CUT = full_text_page()[:-60]
TEMPORARY = {
    "429": (Reply(b"", status=429, headers={"Retry-After": "900"}), "in 15 minutes"),
    "500": (Reply(b"unavailable", status=500), "internal error (500)"),
    "broken off": (page_reply(CUT[:200], content_length=5000), "broke off"),
    "damaged": (
        page_reply(gzipped(b"x" * 999).data[:-9], headers={"Content-Encoding": "gzip"}),
        "is damaged",
    ),
    "endless": (page_reply(CUT[:200], content_length=-1, after_body=dribble), "too slowly"),
    "empty": (page_reply(b""), "an empty response"),
    "JSON": (Reply({"error": "x"}), "application/json instead of a web page"),
    "too long": (page_reply(content_length=17 << 20), "larger than 16 MB"),
    "bomb": (
        page_reply(gzipped(b"<p>" + b" " * (17 << 20)).data, headers={"Content-Encoding": "gzip"}),
        "larger than 16 MB",
    ),
    "redirects": (redirect("/html/2611.00001"), "redirects more than 5 times"),
    "scheme": (redirect("file:///etc/passwd"), "another URL scheme"),
}


@pytest.mark.parametrize(("answer", "message"), TEMPORARY.values(), ids=TEMPORARY.keys())
def test_a_failure_is_one_sentence_and_asked_for_again(library, service, monkeypatch, answer, message):
    service.respond("/html/2611.00001", answer)
    with monkeypatch.context() as patch:
        if message == "too slowly":
            patch.setattr(sources, "MAX_PAGE_SECONDS", 0.3)
        result = library("text", "2611.00001")
    assert (result.code, result.out, len(result.err.splitlines())) == (1, "", 1)
    assert message in result.err
    assert not any(path.startswith("/papers/") for path in service.paths), "the other sources are worse"
    assert stored_files() == []
    service.respond("/html/2611.00001", page_reply())
    assert library("text", "2611.00001").code == 0


def test_a_silent_server_is_given_up(library, service, monkeypatch, home):
    monkeypatch.setattr(transport, "UNREACHABLE_ATTEMPTS", 1)
    config = home / "config" / "paperreader" / "config.toml"
    config.parent.mkdir(parents=True, exist_ok=True)
    config.write_text("[fetch]\ntimeout = 1\n")
    service.respond("/html/", page_reply(CUT[:200], content_length=5000, after_body=hang))
    result = library("text", "2611.00001")
    assert (result.code, len(result.err.splitlines())) == (1, 1) and "did not respond" in result.err
    service.respond("/html/", page_reply(BEGINNING, content_length=5000, after_body=hang))
    result = library("text", "2611.00001")
    assert result.code == 0 and "the stones between them" in result.out and CUT_OFF in result.err


BEGINNING = full_text_page(words=WORDS * 4)[:-60]
PARTS = {
    "length": page_reply(BEGINNING, content_length=5000, headers={"ETag": '"one"'}),
    "packed": page_reply(gzip.compress(BEGINNING.encode(), 0)[:-60], headers={"Content-Encoding": "gzip"}),
    "endless": page_reply(BEGINNING, content_length=-1, after_body=dribble),
}


@pytest.mark.parametrize("part", PARTS)
def test_what_has_arrived_of_a_page_is_kept_and_the_rest_is_asked_for_the_next_time(
    library, service, monkeypatch, part
):
    service.respond("/html/2611.00001", PARTS[part])
    with monkeypatch.context() as patch:
        if part == "endless":
            patch.setattr(sources, "MAX_PAGE_SECONDS", 1.0)  # until then the beginning has to arrive
        result = library("text", "2611.00001")
    assert result.code == 0 and "the stones between them" in result.out
    assert len(result.err.splitlines()) == 1 and CUT_OFF in result.err
    asked = len(service.requests)
    service.respond("/html/2611.00001", Reply(b"unavailable", status=503))
    again = library("text", "2611.00001")
    assert (again.code, again.out) == (0, result.out) and CUT_OFF in again.err
    assert "if-none-match" not in service.requests[asked].headers
    service.respond("/html/2611.00001", page_reply())
    assert library("text", "2611.00001").err == ""
    asked = len(service.requests)
    assert library("text", "2611.00001").err == "" and len(service.requests) == asked


def test_the_longest_of_the_attempts_is_kept(library, service):
    broken = {"content_length": 9000}
    service.respond(
        "/html/2611.00001",
        page_reply(BEGINNING[:-400], **broken),
        page_reply(BEGINNING, **broken),
        page_reply(BEGINNING[:-800], **broken),
        Reply(b"unavailable", status=500),
    )
    result = library("text", "2611.00001")
    assert result.code == 0 and "Each has b" in result.out


def test_a_page_that_breaks_off_does_not_replace_one_that_is_whole(library, service):
    service.respond("/html/2611.00001", page_reply())
    assert library("text", "2611.00001").code == 0
    service.respond("/html/2611.00001", page_reply(BEGINNING, content_length=5000))
    result = library("text", "--refresh", "2611.00001")
    assert result.code == 1 and "broke off" in result.err
    service.respond("/html/2611.00001", page_reply(BEGINNING))
    assert library("text", "--refresh", "2611.00001").err == ""
    assert "We count the bends." in words_of("2611.00001")


def test_a_page_that_ends_in_the_middle_is_asked_for_again_and_then_kept_as_far_as_it_goes(library, service):
    service.respond("/html/2611.00001", page_reply(CUT), page_reply())
    assert library("text", "2611.00001").err == ""
    service.respond("/html/2611.00003", page_reply(full_text_page("2611.00003")[:-60]))
    result = library("text", "2611.00003")
    assert result.code == 0 and "We count the bends." in result.out
    assert "is cut off in the middle" in result.err


def test_a_newer_version_is_stored_beside_the_one_that_is_there(library, service):
    service.respond("/html/2611.00001", page_reply(headers={"ETag": '"one"'}))
    assert library("text", "2611.00001").code == 0
    assert library("text", "--refresh", "2611.00001").code == 0
    assert service.requests[-1].headers["if-none-match"] == '"one"'
    newer = full_text_page(version=3, words="We count them again.")
    service.respond("/html/2611.00001", page_reply(newer, headers={"ETag": '"two"'}))
    result = Job(Library.open().folder, "full-text", ["2611.00001", "refresh"]).run(lambda _: None)
    assert result == {
        "id": "2611.00001",
        "version": 3,
        "source": "arxiv-html",
        "origin": "fetched",
        "newer": True,
        "warning": "",
    }
    assert "again" in words_of("2611.00001") and "again" not in words_of("2611.00001", 1)
    service.respond("/html/2611.00001", page_reply(full_text_page(version=4, words="Once more.")))
    result = library("text", "--refresh", "2611.00001")
    assert "Once more." in result.out
    assert result.err == "paperreader: 2611.00001: Version 4 is new; the earlier one is kept.\n"


def test_a_text_records_when_it_was_confirmed(library, service, fake_time):
    fake_time.advance(days=-8000)
    service.respond("/html/2611.00001", page_reply(headers={"ETag": '"one"'}), not_found())
    assert library("text", "2611.00001").code == 0
    texts = Library.open().full_texts
    (text,) = texts.stored("2611.00001")
    assert text.fetched.startswith("2004-")
    assert library("text", "--refresh", "2611.00001").code == 0, "the page is gone, and the text stays"
    (confirmed,) = texts.stored("2611.00001")
    assert confirmed.fetched > "2026" and confirmed.document == text.document
    assert library("check").code == 0


def test_what_is_stored_stays_when_the_page_is_gone(library, service):
    service.respond("/html/2611.00001", page_reply(), not_found())
    for options in ([], ["--refresh"]):
        assert library("text", *options, "2611.00001").code == 0


def test_a_damaged_text_is_converted_again_or_fetched_again(library, service):
    service.respond("/html/2611.00001", page_reply(headers={"ETag": '"one"'}))
    assert library("text", "2611.00001").code == 0
    path = Library.open().full_texts.folder / "2611.00001" / "v1.text"
    data = path.read_bytes()
    start = data.index(b"\n") + 20
    path.write_bytes(data[:start] + b"\0\0\0\0" + data[start + 4 :])
    result = library("text", "2611.00001")
    assert result.code == 0 and "We count the bends." in result.out and "is damaged" in result.err
    assert len(service.requests) == 1, "the page was intact"
    path.write_bytes(data[:100])
    assert library("text", "2611.00001").code == 0
    assert len(service.requests) == 2
    path.write_bytes(data[: data.index(b"\n") + 1] + bytes(len(data)))
    assert library("text", "2611.00001").code == 0
    assert "if-none-match" not in service.requests[-1].headers, "nothing that can be read is known"
    assert library("check").code == 0


def test_a_better_converter_converts_stored_pages_without_a_request(library, service, monkeypatch):
    service.respond("/html/2611.00001", page_reply())
    assert library("text", "2611.00001").code == 0
    from paperreader.library.full_texts import full_texts

    monkeypatch.setattr(full_texts, "CONVERTER_VERSION", full_texts.CONVERTER_VERSION + 1)
    assert library("text", "2611.00001").code == 0
    (text,) = Library.open().full_texts.stored("2611.00001")
    assert text.converter == full_texts.CONVERTER_VERSION
    monkeypatch.setattr(full_texts, "CONVERTER_VERSION", full_texts.CONVERTER_VERSION + 1)
    maintenance = Library.open().maintenance
    maintenance.reindex()
    maintenance.maintain()
    (text,) = Library.open().full_texts.stored("2611.00001")
    assert text.converter == full_texts.CONVERTER_VERSION, "when the reader is idle"
    assert len(service.requests) == 1


def test_bookmarks_are_fetched_and_what_is_stored_is_skipped(library, service):
    service.answer("/html/", lambda path: page_reply(full_text_page(path.rpartition("/")[2])))
    result = library("fetch", "text")
    assert (result.code, result.out, result.err) == (0, "2 fetched, 0 already stored, 0 not available\n", "")
    assert sorted(service.paths) == ["/html/2611.00001", "/html/2611.00003"]
    assert Library.open().search("text:bends").full_matches == 2
    assert library("fetch", "text").out == "0 fetched, 2 already stored, 0 not available\n"
    assert len(service.requests) == 2
    assert library("mark", "2611.00001", "2611.00003", "--no-bookmark").code == 0
    for what in ("text", "pdf"):
        assert "No paper is bookmarked. Add a query" in library("fetch", what).err
    assert library("fetch", "text", "--limit", 1, "mills", "OR", "fords").code == 0
    report = library("fetch", "text", "--json", "mills").objects[0]
    assert (len(report["texts"]), report["missing"], report["problems"], report["left"]) == (1, [], [], [])


def test_a_batch_keeps_the_distance_that_arxiv_asks_for(library, service, monkeypatch):
    waits = []
    monkeypatch.setattr(arxiv, "CRAWL_DELAY_SECONDS", 15.0)
    monkeypatch.setattr(
        rate_limiter.CrossProcessRateLimiter.__init__,
        "__kwdefaults__",
        {"clock": lambda: 1000.0, "sleep": waits.append, "queue_timeout": 1.0},
    )
    service.answer("/html/", lambda path: page_reply(full_text_page(path.rpartition("/")[2])))
    assert library("text", "2611.00002").code == 0
    assert waits == []
    assert library("fetch", "text").code == 0
    assert waits == [15.0, 15.0], "also from the page that was read before"


def test_a_batch_stops_when_the_service_is_unavailable_and_continues_later(library, service):
    service.respond("/html/", Reply(b"", status=429, headers={"Retry-After": "900"}))
    result = library("fetch", "text")
    assert (result.code, result.out) == (1, "0 fetched, 0 already stored, 0 not available\n")
    assert (
        "in 15 minutes" in result.err
        and "1 paper remains. Run the same command again to continue." in result.err
    )
    assert len(service.requests) == 1
    service.answer("/html/", lambda path: page_reply(full_text_page(path.rpartition("/")[2])))
    assert library("fetch", "text").out.startswith("2 fetched")


def test_a_single_server_error_does_not_stop_a_batch(library, service):
    service.respond("/html/2611.00003", Reply(b"", status=500))
    service.respond("/html/2611.00001", page_reply())
    result = library("fetch", "text")
    assert result.code == 1 and result.out.startswith("1 fetched") and "internal error" in result.err


def test_options_of_other_fetches_are_refused(library):
    for words in (
        ["--since", "2026-01-01", "text"],
        ["text", "--query", "x"],
        ["arxiv", "rivers"],
        ["rivers"],
    ):
        result = library("fetch", *words)
        assert result.code == 2 and len(result.err.splitlines()) == 1


@pytest.mark.endurance
def test_jobs_return_what_was_fetched(library, service):
    folder = Library.open().folder
    service.respond("/html/2611.00001", page_reply())
    service.respond("/html/2611.00003", not_found())
    reported = []
    report = full_texts_job(folder, ["2611.00001"]).run(reported.append)
    assert (report["fetched"], report["missing"], report["problems"]) == (1, [], [])
    stages = {progress.stage for progress in reported}
    assert stages == {"downloading", "indexing"}, "a single one is not a batch"
    assert Job(folder, "full-text", ["2611.00003"]).run(lambda _: None) == {"missing": NO_HTML}


def run_command(*words):
    return subprocess.Popen(
        [sys.executable, "-m", "paperreader", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.endurance
def test_two_processes_fetch_the_same_paper(library, service):
    service.respond("/html/2611.00001", page_reply())
    processes = [run_command("text", "2611.00001") for _ in range(2)]
    outputs = [process.communicate(timeout=TIMEOUT_SECONDS) for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    assert all("We count the bends." in out for out, _ in outputs)
    assert Library.open().full_texts.verify() == []


@pytest.mark.parametrize("number", [signal.SIGKILL, endurance(signal.SIGTERM)])
def test_a_fetch_that_is_ended_leaves_nothing_behind(library, service, number):
    service.respond("/html/2611.00001", page_reply(CUT, content_length=5000, after_body=hang))
    process = run_command("text", "2611.00001")
    assert service.request_received.wait(TIMEOUT_SECONDS)
    os.kill(process.pid, number)
    process.communicate(timeout=TIMEOUT_SECONDS)
    assert process.returncode != 0
    assert stored_files() == []
    service.respond("/html/2611.00001", page_reply())
    assert library("text", "2611.00001").code == 0


READER = """
import sys, threading
from pathlib import Path
from paperreader.jobs.client import Job
job = Job(Path(sys.argv[1]), "full-text", ["2611.00001"])
start = job._start
def announced():
    process = start()
    print(process.pid, flush=True)
    return process
job._start = announced
job.run(lambda _: None)
"""


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="Linux only")
def test_a_job_that_waits_for_the_network_ends_with_the_reader(library, service):
    service.respond("/html/2611.00001", page_reply(CUT, content_length=5000, after_body=hang))
    reader = subprocess.Popen(
        [sys.executable, "-c", READER, str(Library.open().folder)], stdout=subprocess.PIPE, text=True
    )
    job = int(reader.stdout.readline())
    assert service.request_received.wait(TIMEOUT_SECONDS)
    process = os.pidfd_open(job)
    reader.kill()
    reader.communicate()
    assert is_readable(process, 15), "it still waits for the service"
    os.close(process)
    assert stored_files() == []


@pytest.mark.parametrize("pager", ["sed 's/^/| /'", "/absent/pager"])
def test_a_terminal_gets_the_text_in_the_pager_of_the_user(library, service, monkeypatch, pager):
    service.respond("/html/2611.00001", page_reply())
    assert library("text", "2611.00001").code == 0
    monkeypatch.setenv("PAGER", pager)
    with Terminal(["paperreader", "text", "--width", "40", "2611.00001"], run=main) as terminal:
        assert terminal.wait_for_exit() == 0
        shown = bytes(terminal.raw).decode()
    assert ("| River Bends" in shown) == (pager != "/absent/pager")
    assert "We count the bends." in shown


def test_formats(library, service):
    service.respond("/html/2611.00001", page_reply())
    (found,) = library("text", "--json", "2611.00001").objects
    assert (found["id"], found["arxiv"], found["version"], found["source"]) == (
        "2611.00001",
        "2611.00001",
        1,
        "arxiv-html",
    )
    assert {"kind": "heading", "text": "Idea"}.items() <= found["blocks"][0].items()
    markdown = library("text", "--markdown", "-", stdin=b"2611.00001\n").out
    assert "## 1 Idea" in markdown and "$b_{i}$" in markdown
    plain = library("text", "--width", "30", "2611.00001").out
    assert max(map(len, plain.splitlines())) <= 30

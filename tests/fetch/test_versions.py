"""New versions of bookmarked papers: who is asked for, when, what is stored, and what is shown of it."""

from __future__ import annotations

import datetime as dt
import time
from urllib.parse import parse_qs, urlsplit

import pytest

from paperreader import paths
from paperreader.fetch import versions
from paperreader.library import Library
from paperreader.models import ImportedEntry, MarkChange, Source, SourceRecord
from tests.fetch.conftest import TODAY
from tests.fetch.server import ATOM, ERROR_FEED, Reply, feed

API = "/api/query?"


class FakeVersions:
    """An arXiv whose papers have versions: `papers[id] = (version, day of it, title, abstract)`."""

    def __init__(self, service):
        self.papers, self.unparsable = {}, set()
        self.service = service
        service.answer(API, self._answer)

    def put(self, id, version, day="2026-11-12", title="Lamps", abstract="A lamp burns in the old house."):
        self.papers[id] = (version, day, title, abstract)

    @property
    def asked(self):
        """The ids of each request."""
        found = []
        for path in self.service.paths:
            if path.startswith(API):
                found.append(parse_qs(urlsplit(path).query)["id_list"][0].split(","))
        return found

    def _answer(self, path):
        ids = parse_qs(urlsplit(path).query)["id_list"][0].split(",")
        if self.unparsable & set(ids):
            return Reply(ERROR_FEED, status=400, content_type=ATOM)
        return Reply(feed(*(self._entry(id) for id in ids if id in self.papers)), content_type=ATOM)

    def _entry(self, id):
        version, day, title, abstract = self.papers[id]
        return f"""<entry><id>http://arxiv.org/abs/{id}v{version}</id><title>{title}</title>
<updated>{day}T08:00:00Z</updated><published>2026-10-02T08:00:00Z</published><summary>{abstract}</summary>
<author><name>Ada Brook</name></author><category term="cs.CL"/></entry>"""


@pytest.fixture
def arxiv(service):
    return FakeVersions(service)


def record(id, version=1, title="Lamps", abstract="A lamp burns in the house.", kind="arxiv"):
    key = f"@{'0' * 15}:{id}" if kind == "huggingface" else f"file:{id}"
    source = Source(kind, kind, None, key)
    return SourceRecord(
        title,
        source,
        abstract=abstract,
        arxiv=id,
        arxiv_version=version,
        added="2026-10-04",
        authors=("Ada Brook",),
    )


@pytest.fixture
def bookmarked(home):
    """A function that adds records, and bookmarks their papers."""

    def add(*records, marked=True):
        library = Library.open()
        library._stores.catalog.add(ImportedEntry((each,)) for each in records)
        library.refresh()
        if marked:
            library.save_and_apply([MarkChange(each.arxiv, bookmark=True) for each in records])

    return add


def paper(id):
    library = Library.open()
    return library.paper(library.resolve(id))


def test_only_a_newer_version_changes_the_library_and_the_earlier_one_is_kept(paperreader, arxiv, bookmarked):
    bookmarked(record("2610.00001"), record("2610.00002", 2))
    bookmarked(record("2610.00003"), marked=False)
    arxiv.put("2610.00001", 3, title="Lamps, Trimmed")
    arxiv.put("2610.00002", 2, title="Unchanged Version, Other Text")
    result = paperreader("fetch")
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith("1 read, 0 new, 1 merged, 0 unchanged\n")
    assert arxiv.asked == [["2610.00001", "2610.00002"]]
    found = paper("2610.00001")
    assert (found.title, found.arxiv_version, found.arxiv_updated) == ("Lamps, Trimmed", 3, "2026-11-12")
    assert paper("2610.00002").title == "Lamps"

    changes = paperreader("show", "--changes", "2610.00001")
    assert changes.out.splitlines() == [
        "2610.00001: v1 (4 Oct 2026) → v3 (12 Nov 2026)",
        "",
        "Title",
        "[-Lamps-] {+Lamps, Trimmed+}",
        "",
        "Abstract",
        "A lamp burns in the {+old+} house.",
    ]
    (stored,) = paperreader("show", "--changes", "--json", "2610.00001").objects
    assert [(each["version"], each["title"], each["day"]) for each in stored["versions"]] == [
        (3, "Lamps, Trimmed", "2026-11-12"),
        (1, "Lamps", "2026-10-04"),
    ]
    missing = paperreader("show", "--changes", "2610.00002")
    assert missing.code == 1
    assert "2610.00002: no earlier version is stored" in missing.err


def test_arxiv_is_asked_once_a_day_with_many_ids_and_not_for_single_pages(
    paperreader, arxiv, service, bookmarked, fake_time
):
    ids = [f"2610.{number:05}" for number in range(1, 431)]
    bookmarked(*map(record, ids))
    for id in ids:
        arxiv.put(id, 1)
    for command in (["--date", TODAY], ["huggingface"], ["--since", TODAY]):
        assert paperreader("fetch", *command).code == 0
    assert arxiv.asked == []
    assert paperreader("fetch").code == 0
    assert [len(each) for each in arxiv.asked] == [200, 200, 30]
    assert [id for each in arxiv.asked for id in each] == ids
    assert paperreader("fetch").code == 0
    assert len(arxiv.asked) == 3
    fake_time.advance(days=1)
    assert paperreader("fetch").code == 0
    assert len(arxiv.asked) == 6


@pytest.mark.parametrize(
    ("updated", "is_newer"), [("2026-11-12", True), ("2026-10-04", False), ("2026-10-01", False)]
)
def test_without_a_known_version_the_day_decides(paperreader, arxiv, bookmarked, updated, is_newer):
    bookmarked(record("2610.00001", 0, abstract="A lamp burns.", kind="huggingface"))
    arxiv.put("2610.00001", 2, updated)
    assert paperreader("fetch").code == 0
    assert (paper("2610.00001").arxiv_version == 2) is is_newer
    changes = paperreader("show", "--changes", "2610.00001")
    assert (changes.code == 0) is is_newer
    if is_newer:
        assert changes.out.startswith("2610.00001: v1 (4 Oct 2026) → v2 (12 Nov 2026)\n")


def test_every_version_that_was_there_stays_in_any_order(paperreader, arxiv, bookmarked, fake_time):
    bookmarked(record("2610.00001"))
    for days, version in enumerate((2, 4, 3, 4)):
        arxiv.put("2610.00001", version, f"2026-11-{10 + version}", abstract=f"Text {version}.")
        assert paperreader("fetch").code == 0
        assert paper("2610.00001").abstract == ("Text 2.", "Text 4.", "Text 4.", "Text 4.")[days]
        fake_time.advance(days=1)
    (stored,) = paperreader("show", "--changes", "--json", "2610.00001").objects
    assert [each["version"] for each in stored["versions"]] == [4, 2, 1]
    # `add` asks for the same record.
    arxiv.put("2610.00001", 5, "2026-11-19", abstract="Text 5.")
    fake_time.advance(days=1)
    assert paperreader("add", "2610.00001").code == 0
    arxiv.put("2610.00001", 3, "2026-11-13", abstract="Text 3.")
    fake_time.advance(days=1)
    assert paperreader("add", "2610.00001").code == 0  # a mirror that lags behind
    (stored,) = paperreader("show", "--changes", "--json", "2610.00001").objects
    assert [each["version"] for each in stored["versions"]] == [5, 4, 3, 2, 1]
    assert paper("2610.00001").abstract == "Text 5."
    assert paperreader("check").code == 0


def test_undoing_the_fetch_restores_the_earlier_version(paperreader, arxiv, bookmarked, fake_time):
    bookmarked(record("2610.00001"))
    arxiv.put("2610.00001", 2, abstract="Text 2.")
    assert paperreader("fetch").code == 0
    fake_time.advance(days=1)
    arxiv.put("2610.00001", 3, abstract="Text 3.")
    assert paperreader("fetch").code == 0
    assert paperreader("import", "--undo").code == 0
    assert (paper("2610.00001").abstract, paper("2610.00001").arxiv_version) == ("Text 2.", 2)
    assert paperreader("import", "--undo").code == 0
    assert (paper("2610.00001").abstract, len(paper("2610.00001").sources)) == (
        "A lamp burns in the house.",
        1,
    )


def test_earlier_versions_survive_compaction_export_and_import(paperreader, arxiv, bookmarked, home):
    bookmarked(record("2610.00001"))
    arxiv.put("2610.00001", 2, abstract="Text 2.")
    assert paperreader("fetch").code == 0
    before = paperreader("show", "--changes", "2610.00001").out
    library = Library.open()
    library.maintenance.compact()
    assert paperreader("show", "--changes", "2610.00001").out == before
    exported = home / "papers.jsonl"
    assert paperreader("export", "--format", "jsonl", "--output", exported).code == 0
    assert paperreader("--library", home / "other", "import", exported).code == 0
    assert paperreader("--library", home / "other", "show", "--changes", "2610.00001").out == before


def test_versions_that_two_machines_noticed_are_merged(paperreader, arxiv, bookmarked, fake_time):
    bookmarked(record("2610.00001"))
    file = paths.library_folder(None) / "papers.jsonl"
    base = file.read_bytes()
    arxiv.put("2610.00001", 2, abstract="Text 2.")
    assert paperreader("fetch").code == 0
    theirs = file.read_bytes()
    file.write_bytes(base)
    fake_time.advance(days=1)
    arxiv.put("2610.00001", 3, "2026-11-20", abstract="Text 3.")
    assert paperreader("fetch").code == 0
    file.with_name("papers.sync-conflict-20261121-120000-ABCDEFG.jsonl").write_bytes(theirs)
    Library.open().refresh()
    (stored,) = paperreader("show", "--changes", "--json", "2610.00001").objects
    assert [(each["version"], each["abstract"]) for each in stored["versions"][:2]] == [
        (3, "Text 3."),
        (2, "Text 2."),
    ]
    assert [each["version"] for each in stored["versions"]] == [3, 2, 1]
    assert paper("2610.00001").abstract == "Text 3."


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        (Reply("slow", status=429, headers={"Retry-After": "9999"}), "127.0.0.1"),
        (Reply("no", status=403), "127.0.0.1"),
        (Reply(feed()[:-60], content_type=ATOM), "127.0.0.1"),
        (Reply(feed(), content_type=ATOM), "returned an empty page; try again later."),
        (Reply("<html>login</html>", content_type="text/html"), "127.0.0.1"),
        (Reply(b"", content_type=ATOM), "127.0.0.1"),
        (Reply(ERROR_FEED, status=400, content_type=ATOM), "malformed query near the river"),
    ],
)
def test_failure_is_one_sentence_and_the_next_fetch_asks_again(
    paperreader, service, bookmarked, monkeypatch, reply, message
):
    monkeypatch.setattr(versions, "MAX_REJECTED", 2)
    bookmarked(record("2610.00001"), record("2610.00002"))
    service.respond(API, reply)
    result = paperreader("fetch")
    assert result.code == 1
    (line,) = [each for each in result.err.splitlines() if "new versions of bookmarks" in each]
    assert message in line
    assert paper("2610.00001").title == "Lamps"
    fake = FakeVersions(service)
    fake.put("2610.00001", 2, title="Later")
    assert paperreader("fetch").code == 0
    assert paper("2610.00001").title == "Later"


def test_ids_that_arxiv_cannot_parse_or_does_not_know_do_not_hinder_the_others(
    paperreader, arxiv, bookmarked
):
    ids = [f"2610.{number:05}" for number in range(1, 10)]
    bookmarked(*map(record, ids))
    for id in ids[:-1]:
        arxiv.put(id, 2, title=f"Later {id}")
    arxiv.unparsable = {ids[3]}
    assert paperreader("fetch").code == 0
    assert [paper(id).arxiv_version for id in ids] == [2, 2, 2, 1, 2, 2, 2, 2, 1]


def test_withdrawn_paper_keeps_its_abstract_if_the_new_version_has_none(paperreader, arxiv, bookmarked):
    bookmarked(record("2610.00001"), record("2610.00002"))
    arxiv.put("2610.00001", 2, abstract="This paper has been withdrawn.")
    arxiv.put("2610.00002", 2, abstract="")
    assert paperreader("fetch").code == 0
    assert paper("2610.00001").abstract == "This paper has been withdrawn."
    assert paper("2610.00002").abstract == "A lamp burns in the house."
    assert "{+This paper has been withdrawn.+}" in paperreader("show", "--changes", "2610.00001").out


def test_is_updated_until_the_user_has_seen_the_version(
    paperreader, arxiv, bookmarked, fake_time, monkeypatch
):
    ids = [f"2610.{number:05}" for number in range(1, 6)]
    bookmarked(*map(record, ids))
    bookmarked(record("2610.00009"), marked=False)

    def updated():
        return {found["id"] for found in paperreader("search", "is:updated", "--json").objects}

    assert updated() == set()
    # Marks are stamped by the system's clock.
    fake_time.now = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=1)
    for id in [*ids[:4], "2610.00009"]:
        arxiv.put(id, 2)
    result = paperreader("fetch")
    assert "4 bookmarks have a new version: `paperreader search is:updated` lists such papers" in result.out
    assert paperreader("add", "2610.00009").code == 0
    assert updated() == set(ids[:4])
    library = Library.open()
    later = time.time_ns() + 2 * 10**9
    monkeypatch.setattr(time, "time_ns", lambda: later)
    library.save_and_apply([MarkChange(ids[0], seen_version=2), MarkChange(ids[1], note="A note.")])
    library.save_and_apply([MarkChange(ids[2], read=True), MarkChange(ids[3], bookmark=False)])
    library.save_and_apply([MarkChange("2610.00009", bookmark=True)])
    assert updated() == {ids[1]}
    library.save_and_apply([MarkChange(ids[0], seen_version=1)])
    assert updated() == set(ids[:2])


def test_library_without_bookmarks_asks_arxiv_for_nothing(paperreader, arxiv, bookmarked):
    bookmarked(record("2610.00001"), marked=False)
    assert paperreader("fetch").code == 0
    assert arxiv.asked == []

"""Numbers, dates and lengths out of range in every file: the value is ignored, and nothing breaks."""

from __future__ import annotations

import datetime as dt
import gc
import json
import os
import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from paperreader import checked_values, config, paths, subscriptions
from paperreader.cli.main import run
from paperreader.config.settings import Fetch
from paperreader.digest.delivery import DeliveryRequest, deliver
from paperreader.errors import PaperreaderError, StorageError
from paperreader.fetch.fetched_days import FetchedDays
from paperreader.fetch.http.cache import CachedResponse, ResponseCache
from paperreader.fetch.http.client import Client, RequestPolicy
from paperreader.fetch.http.content_check import JSON
from paperreader.fetch.http.rate_limiter import CrossProcessRateLimiter
from paperreader.library import Library
from paperreader.models import MarkChange
from paperreader.notebook.format import parse_notebook, render_notebook, with_changed_marks
from paperreader.tui.model.note_drafts import unsaved_drafts
from paperreader.tui.model.position import session_from_state
from tests.examples import every_second
from tests.hostile.unsafe_text import unsafe_parts
from tests.pages import THREE_PAPERS

DEEP = "[" * 200_000 + "]" * 200_000

NUMBERS = (
    *("-1", "-0.5", "1.5", "NaN", "Infinity", "-1e400", "1e400", "1" + "0" * 30, "9" * 5000),
    *(str(2**63), str(2**31)),
)
DAYS = ("0000-00-00", "0001-01-01", "99999-01-01", "-5-01-01", "9999-12-31", "2025-02-30", "٢٠٢٥-01-01", "")
"""Texts of numbers in JSON, and of days."""

_NUMBER, _DAY = (
    re.compile(rb"(?<=[\[:, ])[0-9]{1,15}(?=[\],}\s])"),
    re.compile(rb'"20[0-9]{2}-[0-9]{2}-[0-9]{2}"'),
)


def variants(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield `data` with every number, or every day, replaced by one that is out of range; then one place at a time."""
    for number in NUMBERS:
        yield f"all {number[:9]}", _NUMBER.sub(lambda _, number=number: number.encode(), data)
    for day in DAYS:
        yield f"all {day}", _DAY.sub(lambda _, day=day: json.dumps(day).encode(), data)
    for pattern, values in ((_NUMBER, NUMBERS), (_DAY, [json.dumps(day) for day in DAYS])):
        for place, found in enumerate(pattern.finditer(data)):
            value = values[place % len(values)]
            yield f"{place} {value[:9]}", data[: found.start()] + value.encode() + data[found.end() :]
    first = _NUMBER.search(data)
    assert first, "there is a number"
    yield "deep", data[: first.start()] + DEEP.encode() + data[first.end() :]


@pytest.fixture(autouse=True)
def close_libraries(monkeypatch):
    """Close the files of the many libraries that a test opens, which searching excludes from garbage collection."""
    monkeypatch.setattr(gc, "freeze", lambda: None)
    yield
    gc.collect()


@pytest.fixture
def library(tmp_path):
    """A library with marks."""
    page = tmp_path / "2025-03-14.txt"
    page.write_text(THREE_PAPERS, encoding="utf-8")
    library = Library.open()
    library.imports.import_paths([str(page)])
    for number, row in enumerate(library.table.newest):
        change = MarkChange(library.table.id_of(row), title="T", bookmark=True, note=f"Note {number}.")
        library.save_and_apply([change, MarkChange(change.id, read=True, tags={"tag": True}, note="Edited.")])
    return library


def use(library: Library) -> None:
    """Do what a start and the commands do with what they read."""
    library.pop_warnings()
    for query in ("is:new is:bookmarked", "lamps"):
        try:
            assert library.search(query).rows is not None
        except StorageError as error:
            assert "paperreader reindex" in str(error)  # the catalog was replaced
    days = FetchedDays(library)
    assert len(days.pending(dt.date(2025, 3, 20), 7)) < 10_000
    days.mark_done(dt.date(2025, 3, 18), dt.datetime(2025, 3, 20, tzinfo=dt.UTC), 0)
    for once in (True, False):
        request = DeliveryRequest("print text", (), once_a_day=once)
        deliver(library, request, lambda digest: None, now=dt.datetime(2025, 3, 20, tzinfo=dt.UTC))
    session_from_state(library.state.get("position"), ["all"])
    unsaved_drafts(library)
    library.inbox.arrivals.begin()


def test_notebook_keeps_every_mark(library):
    file = library.folder / "notebook.json"
    whole = file.read_bytes()
    for name, data in variants(whole):
        file.write_bytes(data)
        if name == "deep":
            with suppress(PaperreaderError):
                use(Library.open())
            file.write_bytes(whole)
            continue
        found = Library.open()
        warnings = " ".join(found.pop_warnings())
        assert [(mark.bookmarked, mark.note_text, mark.tag_names) for mark in found.marks.values()] == [
            (True, "Edited.", ("tag",))
        ] * 3, name
        if any(value in data for value in (b"-1", b"NaN", b"1e400", b"Infinity", b"9" * 5000)):
            assert "out of range" in warnings, name
            assert "damaged" not in warnings, name
        use(found)


def test_marks_out_of_range_can_be_changed_and_are_written_in_range(library):
    file = library.folder / "notebook.json"
    file.write_bytes(_NUMBER.sub(b"1e400", file.read_bytes()).replace(b'"version": 1e400', b'"version": 1'))
    found = Library.open()
    (warning,) = found.pop_warnings()
    assert "out of range" in warning
    id = found.table.id_of(0)
    found.save_and_apply([MarkChange(id, bookmark=False), MarkChange(id, note="New.", note_base="Edited.")])
    assert (found.mark(0).bookmarked, found.mark(0).note_text) == (False, "New.")
    assert b"1e400" not in file.read_bytes()
    assert Library.open().pop_warnings() == ()
    contents = parse_notebook(file.read_bytes())
    assert render_notebook(with_changed_marks(contents, {})) == file.read_bytes()


@pytest.mark.endurance
def test_catalog_opens(library, tmp_path):
    file = library.folder / "papers.jsonl"
    (tmp_path / "more.jsonl").write_text('{"title": "Rivers", "votes": 3, "published": "2024-01-02"}\n')
    library.imports.import_paths([str(tmp_path / "more.jsonl")])
    whole = file.read_bytes()
    for number, (name, data) in enumerate(variants(whole)):
        if number > 2 * len(NUMBERS) and number % 11:
            continue  # the places are alike
        for changed in (data, with_checksums(data)):
            file.write_bytes(changed)
            try:
                found = Library.open()
                use(found)
                found.maintenance.check()
                found.imports.undo_import()
                Library.open()
            except PaperreaderError as error:
                assert re.search("newer|cannot be undone", str(error)), (name, error)


def with_checksums(data: bytes) -> bytes:
    """Return a catalog whose commit lines match again."""
    result, chunk = b"", b""
    for line in data.splitlines(keepends=True):
        if line.startswith(b'{"commit":'):
            lines = chunk.splitlines()
            sums = "".join(f"{zlib.crc32(one):08x}" for one in lines)
            commit = {"commit": len(lines), "crc": zlib.crc32(chunk), "sums": sums}
            result += chunk + json.dumps(commit, separators=(",", ":")).encode() + b"\n"
            chunk = b""
        elif line.startswith(b'{"paperreader"'):
            result += line
        else:
            chunk += line
    return result


def test_value_of_a_paper_out_of_range_costs_only_itself(library):
    file = library.folder / "papers.jsonl"
    data = file.read_bytes().replace(b'"listed":"2025-03-14"', b'"listed":"99999-01-01","votes":1e400', 1)
    file.write_bytes(with_checksums(data))
    found = Library.open()
    (warning,) = (each for each in found.pop_warnings() if "out of range" in each)
    assert "votes inf" in warning
    assert "listed '99999-01-01'" in warning
    assert len(found.table) == 3
    paper = next(paper for paper in map(found.paper, found.table.newest) if paper.listed is None)
    assert paper.votes is None
    assert Library.open().pop_warnings() == (), "it is said once"


STATE: dict[str, Any] = {
    "visited": {"generation": 1, "rows": 2, "last": ["a", "b"], "at": [1, 0], "day": "2025-03-14"},
    "inbox": {"generation": 1, "rows": 2, "last": ["a"], "at": [1], "day": "2025-03-14", "earlier": ["b"]},
    "visiting": {"generation": 1, "rows": 3, "last": ["a"], "at": [2], "day": "2025-03-14"},
    "importing": {"generation": 1, "rows": 1},
    "clock": {"day": "2025-03-14", "reported": True},
    "fetched": {
        "huggingface": {
            "from": "2025-03-01",
            "days": [
                ["2025-03-01", "2025-03-04"],
                ["2025-03-06", "2025-03-07"],
                ["2025-03-09", "2025-03-10"],
            ],
            "papers": {"2025-03-10": {"generation": 1, "ids": [[0, "a"], [1, "b"]]}},
        }
    },
    "digests": {
        "print text": {
            "sent": "2025-03-14",
            "cursor": {"generation": 1, "rows": 2, "last": ["a"], "at": [1], "day": "2025-03-14"},
        }
    },
    "position": {"id": "a", "top": "b", "view": "all", "sort": "date", "query": "", "scroll": 5},
    "list_share": {"stacked": 40, "side": 50},
    "editing": {"12345": "a"},
    "drafts": {"a": "text"},
    "history": ["lamps"],
    "later": {"x": 5},
}


@pytest.mark.endurance
def test_local_state_breaks_nothing_and_is_reported(library):
    file = paths.state_folder(library.uuid) / "state.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    for name, data in variants(json.dumps(STATE).encode()):
        file.write_bytes(data)
        found = Library.open()
        if name == "deep":
            assert any("state.json is damaged" in warning for warning in found.pop_warnings())
        use(found)
        if name == "deep":
            continue
        warnings = found.pop_warnings()
        assert found.state.query_history == ("lamps",), name
        if name.startswith("all "):
            (warning,) = warnings
            assert warning.startswith("state.json contains values out of range, which are ignored: "), name
            assert not unsafe_parts(warning)
            assert found.pop_warnings() == (), "it is said once"
    for pid in ("9" * 400, "-1", "0", "4194305" + "0" * 20):
        file.write_text(json.dumps({"editing": {pid: "a"}}))
        use(Library.open())


def test_command_reports_what_it_ignores_in_the_local_state(library, capsys):
    file = paths.state_folder(library.uuid) / "state.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    for content, message in (
        (json.dumps(STATE).replace('"rows": 2', '"rows": -2'), "inbox: rows -2"),
        ('{"drafts": ', "is kept as state.json.damaged"),
    ):
        file.write_text(content)
        assert run(["search", "is:new"]) == 0
        (line,) = (line for line in capsys.readouterr().err.splitlines() if "state.json" in line)
        assert message in line
    assert message in paths.log_file().read_text(encoding="utf-8")


@pytest.mark.parametrize("key", ["days_at_first", "timeout"])
@pytest.mark.parametrize(
    "value",
    [
        "-1",
        "nan",
        "inf",
        "1e400",
        "9" * 5000,
        "0x" + "f" * 5000,
        "0",
        "99999-01-01",
        "2025-01-01",
        DEEP,
        "{a = 1}",
        "true",
    ],
)
def test_settings_out_of_range_are_reported_and_have_their_default(home, key, value):
    file = config.loader.settings_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"[fetch]\n{key} = {value}\n")
    loaded = config.read_settings()
    assert len(loaded.problems) == 1
    assert len(loaded.problems[0]) < 1000
    assert loaded.settings.fetch == Fetch()


def test_subscriptions_out_of_range_are_reported(home):
    file = subscriptions.file.file_path()
    file.parent.mkdir(parents=True, exist_ok=True)
    for value in ("9" * 5000, "0x" + "f" * 5000, "nan", DEEP, "99999-01-01"):
        file.write_text(
            f'[[subscription]]\nname = "a"\nquery = {value}\n[[subscription]]\nname = "b"\nquery = "c"\n'
        )
        loaded = subscriptions.load_subscriptions()
        assert [entry.name for entry in loaded.entries] == ["b"]
        assert len(loaded.problems) == 1


def test_cached_response_out_of_range_is_not_used(tmp_path):
    url = "http://service.invalid/x"
    cache = ResponseCache(tmp_path)
    cache.store(CachedResponse(url, "2025-03-14T00:00:00Z", b"[1]", '"tag"'))
    (file,) = tmp_path.glob("*.answer")
    whole = file.read_bytes()
    header, _, body = whole.partition(b"\n")
    policy = RequestPolicy(JSON, lambda data: None, cache_valid_since=lambda now: now - dt.timedelta(days=1))
    for _, data in variants(header):
        file.write_bytes(data + b"\n" + body)
        cache.found_damage = False
        found = cache.find(url)
        assert cache.found_damage if found is None else found.data == b"[1]"
    for time in ("0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "99999-01-01", "٢", "2025-13-01"):
        file.write_bytes(whole.replace(b"2025-03-14T00:00:00Z", time.encode()))
        with (
            Client(Fetch(timeout=0.1), cache, sleep=lambda _: None) as client,
            pytest.raises(PaperreaderError),
        ):
            client.get(url, policy)
        assert client.warnings.count("Cached responses are damaged, and are requested again.") == 1
        assert cache.find(url) is None or cache.find(url).confirmed_at == time


@pytest.mark.parametrize("stored", ["nan", "inf", "-inf", "1e400", "-1", "9" * 5000, "", "x", "\x00"])
def test_time_of_the_last_request_out_of_range_waits_no_longer_than_usual(tmp_path, stored):
    slept: list[float] = []
    (tmp_path / "arxiv.asked").write_text(stored)
    with CrossProcessRateLimiter(tmp_path, "arxiv", 3.0, clock=lambda: 1000.0, sleep=slept.append).slot():
        pass
    assert all(0 < seconds <= 3 for seconds in slept)


@pytest.mark.parametrize("seconds", [-(2**40), 2**40, 253_402_300_800, -62_135_596_900])
def test_modification_time_out_of_range_is_unknown(library, tmp_path, seconds):
    page = tmp_path / "page.txt"
    page.write_text(THREE_PAPERS.replace("Sparse", "Dim"), encoding="utf-8")
    backup = library.folder / "notebook.json.bak.1"
    try:
        for file in (page, backup, library.folder / "papers.jsonl", library.folder / "notebook.json"):
            os.utime(file, (seconds, seconds))
    except OverflowError:
        pytest.skip("this file system has no such times")
    found = Library.open()
    assert found.imports.import_paths([str(page)]).new == 1
    assert found.maintenance.backups()
    found.save_and_apply([MarkChange(found.table.id_of(0), read=False)])
    use(found)


IMPORTS = (
    '{{"title": "Rivers of Numbers", "authors": ["A B"], "votes": {number}, "published": {day}, "year": {number},'
    ' "listed": {day}}}',
    '{{"paper": {{"id": "2501.00001", "title": "Rivers of Numbers", "upvotes": {number}, "publishedAt": {day},'
    ' "submittedOnDailyAt": {day}}}, "numComments": {number}}}',
    '{{"id": "2501.00001", "title": "Rivers of Numbers", "abstract": "A", "update_date": {day}, "versions": [{{'
    '"version": "v1", "created": {day}}}], "authors_parsed": []}}',
    '{{"paperreader": 1, "title": "T", "records": [{{"title": "Rivers of Numbers", "votes": {number}, "published":'
    ' {day}, "added": {day}, "source": {{"kind": "bibtex", "name": "n", "key": "k:{number}", "date": {day}}}}}],'
    ' "mark": {{"title": "T", "note": ["Kept.", {number}], "bookmark": [true, {number}],'
    ' "note_was": {{"x": {number}}}}}}}',
    "@misc{{x, title = {{Rivers of Numbers}}, year = {number}, month = {number}, date = {day}, votes = {number}}}",
    "TY  - JOUR\nTI  - Rivers of Numbers\nPY  - {number}\nDA  - {day}\nM2  - votes: {number}\nER  - \n",
    "title,authors,year,date,votes\nRivers of Numbers,A B,{number},{day},{number}\n",
)


@pytest.mark.parametrize("template", every_second(IMPORTS), ids=range(len(IMPORTS)))
def test_imported_values_out_of_range_cost_only_themselves(tmp_path, template):
    library = Library.open()
    for index, number in enumerate(NUMBERS):
        day = json.dumps(DAYS[index % len(DAYS)])
        file = tmp_path / f"{index}.txt"
        file.write_text(template.format(number=number, day=day).replace("of Numbers", f"of Numbers {index}"))
        report = library.imports.import_paths([str(file)])
        assert report.read == 1, (report.problems, number[:20], day)
        if "votes" in template and "TY" not in template and number in ("-1", "1" + "0" * 30):
            (problem,) = (each for each in report.problems if "out of range" in each.message)
            assert "votes" in problem.message or "time of bookmark" in problem.message
            assert len(problem.message) < 500
    for paper in map(library.paper, library.table.newest):
        assert paper.votes is None or 0 <= paper.votes <= checked_values.MAX_COUNT
        assert "1000" <= (paper.date or "1000")[:4] <= "2999"
    for mark in library.marks.values():
        assert mark.bookmarked
        assert mark.note_text == "Kept."
        assert 0 < mark.last_changed < checked_values.MAX_TIMESTAMP
    use(library)


@pytest.mark.parametrize(
    ("suffix", "template"),
    [
        (".json", '{{"title": "Rivers of Dates", "authors": ["A B"], "published": "{day}"}}'),
        (".json", '{{"paper": {{"id": "2501.00001", "title": "Rivers of Dates", "publishedAt": "{day}"}}}}'),
        (
            ".json",
            '[{{"title": "Rivers of Dates", "container-title": "J", "author": [{{"family": "B"}}], "issued": '
            '{{"raw": "{day}"}}}}]',
        ),
        (".bib", "@misc{{x, title = {{Rivers of Dates}}, author = {{A B}}, date = {{{day}}}}}"),
        (".ris", "TY  - JOUR\nTI  - Rivers of Dates\nAU  - B, A\nDA  - {day}\nER  - \n"),
        (".csv", "title,authors,date\nRivers of Dates,A B,{day}\n"),
        (".enw", "%0 Journal Article\n%T Rivers of Dates\n%A B, A\n%8 {day}\n"),
        (
            ".md",
            "|Publish Date|Title|PDF|\n|---|---|---|\n"
            "|{day}|Rivers of Dates|[2503.00001](http://arxiv.org/abs/2503.00001)|\n",
        ),
    ],
)
def test_imported_dates_out_of_range_are_reported_once_per_file(tmp_path, suffix, template):
    def out_of_range(*days):
        files = [tmp_path / f"{number}{suffix}" for number in range(len(days))]
        for file, day in zip(files, days, strict=True):
            file.write_text(template.format(day=day))
        problems = Library.open().imports.import_paths([*map(str, files)]).problems
        return [each.message for each in problems if "out of range" in each.message]

    days = ("99999-01-01", "0001-01-01", "9999-12-31", "2025-02-30", "2025-13-01", "31000")
    reported = out_of_range(*days)
    assert len(reported) == len(days)
    assert all(any(f"date '{day}'" in each for each in reported) for day in days)
    good = ("", "2025-03-01", "2025-03", "2025", "0000-00-00", "2025-03-00", "2025-22", "in press", "Spring")
    assert out_of_range(*good) == []


@pytest.mark.parametrize(
    "template",
    [
        "@misc{{x, title = {{Rivers of Dates}}, author = {{A B}}, date = {{{day} March 2025}}}}",
        "# Rivers\n\n- [Rivers of Dates](https://arxiv.org/abs/2503.00001)\n  Date: March {day}, 2025\n",
        "\\\\\narXiv:2503.00001\nDate: Sat, {day} Mar 2025 10:00:00 GMT   (12kb)\n\nTitle: Rivers of Dates\n"
        "Authors: Ada Lantern\n\\\\\n  On rivers.\n\\\\ ( https://arxiv.org/abs/2503.00001 ,  12kb)\n",
        "<html><body><h3>Showing new listings for Saturday, {day} March 2025</h3><dl><dt>[1] "
        '<a href="/abs/2503.00001">arXiv:2503.00001</a></dt><dd><div class="list-title"><span class="descriptor">'
        "Title:</span> Rivers of Dates</div></dd></dl></body></html>",
        '<html><body><ol><li class="arxiv-result"><p class="list-title"><a href="https://arxiv.org/abs/2503.00001">'
        'arXiv:2503.00001</a></p><p class="title is-5">Rivers of Dates</p><p>Submitted {day} March, 2025</p></li>'
        "</ol></body></html>",
        '{{"id": "2503.00001", "title": "Rivers of Dates", "abstract": "On rivers.", "update_date": "2025-05-01", '
        '"versions": [{{"version": "v1", "created": "Sat, {day} Mar 2025 10:00:00 GMT"}}]}}',
    ],
)
def test_dates_in_words_that_no_calendar_has_are_reported(tmp_path, template):
    library = Library.open()
    for number, (day, expected) in enumerate((("32", 1), ("1", 0))):
        file = tmp_path / f"{number} page"
        file.write_text(template.format(day=day))
        report = library.imports.import_paths([str(file)])
        assert report.read == 1
        assert len([each for each in report.problems if "out of range" in each.message]) == expected, day


@pytest.mark.parametrize(
    "parts", ["[[20250, 1]]", "[[2025, 13]]", "[[2025, 2, 30]]", "[[2017, 13, 40]]", '[["99999"]]']
)
def test_date_parts_out_of_range_are_reported(tmp_path, parts):
    item = '[{"title": "Rivers of Parts", "container-title": "J", "issued": {"date-parts": %s}}]'
    (tmp_path / "x.json").write_text(item % parts)
    (problem,) = Library.open().imports.import_paths([str(tmp_path / "x.json")]).problems
    assert "out of range" in problem.message


@pytest.mark.parametrize(
    "parts", ["5", "[5]", "[[null]]", "[[true]]", '[["%s"]]' % ("9" * 5000), "[[[2]]]", "{}"]
)
def test_date_parts_of_other_types_cost_only_the_date(tmp_path, parts):
    item = '[{"title": "Rivers of Parts", "container-title": "J", "issued": {"date-parts": %s}}]'
    (tmp_path / "x.json").write_text(item % parts)
    assert Library.open().imports.import_paths([str(tmp_path / "x.json")]).read == 1


def test_message_names_what_was_dropped():
    dropped = checked_values.DroppedValues()
    assert dropped.message("x") == ""
    for number, value in enumerate((10**5000, "\x1b[2J" * 90, float("nan"), -1, True)):
        dropped.add(f"field {number}\x1b", value)
    message = dropped.message("notebook.json")
    assert message == (
        "notebook.json contains values out of range, which are ignored: field 0 a huge number; "
        "field 1 '\\x1b[2J\\x1b[2J\\x1b[2J\\x1b[2J\\…; field 2 nan and 2 more."
    )


def test_whole_number():
    for value, expected in (
        (5, 5),
        (5.0, 5),
        (True, None),
        ("5", None),
        (5.5, None),
        (float("nan"), None),
        (11, None),
    ):
        assert checked_values.whole_number(value, 0, 10) == expected
    assert checked_values.load_json("9" * 5000) == checked_values.load_json("1e999")
    assert checked_values.load_json("-" + "9" * 5000) < 0
    with pytest.raises(ValueError, match="nested too deeply"):
        checked_values.load_json("[" * 100_000)

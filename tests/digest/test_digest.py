"""`paperreader digest`: new papers in groups, each listed once."""

from __future__ import annotations

import os
import re
import subprocess

import pytest

from paperreader.cli.main import run
from paperreader.digest import digest as digest_module
from paperreader.digest.entry import author_list, entry_of, first_sentences
from paperreader.library import Library
from paperreader.models import Link, Paper
from tests.digest.papers import FIRST, LATER, item, write_day
from tests.program import program_command
from tests.waiting import TIMEOUT_SECONDS


@pytest.fixture
def digest(capsys):
    """A function that runs the command; it returns the exit code, standard output and standard error."""

    def command(*arguments):
        capsys.readouterr()
        code = run(["digest", *map(str, arguments)])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return command


def paper_numbers(text: str) -> list[int]:
    """The numbers of the listed papers, in order."""
    return [int(number) for number in re.findall(r"paper +https://arxiv\.org/abs/2510\.(\d{5})", text)]


def test_papers_are_grouped_most_voted_first_without_repetition(subscribed, digest):
    code, out, err = digest()
    assert (code, err) == (0, "")
    assert paper_numbers(out) == [2, 1, 4]
    light, water = out.split("\nWater & <more>\n")
    assert "also in Water & <more>" in light
    assert "Rivers Remember" not in water
    assert "Bread Clocks" not in out


def test_everything_appends_other_papers(subscribed, digest):
    _, out, _ = digest("--everything")
    assert paper_numbers(out) == [2, 1, 4, 3]
    assert "\nOther papers\n" in out


def test_all_papers_are_listed_without_subscriptions(library, digest):
    _, out, _ = digest()
    assert paper_numbers(out) == [2, 3, 1, 4]


def test_only_chosen_subscriptions_are_listed(subscribed, digest):
    _, out, _ = digest("--subscription", "water & <MORE>")
    assert paper_numbers(out) == [2, 4]
    code, out, err = digest("--subscription", "Nobody")
    assert (code, out) == (1, "")
    assert 'no subscription "Nobody"' in err


def test_entry_shows_all_metadata(subscribed, digest):
    _, out, _ = digest()
    block = out[out.index("Lanterns for Long") :].split("\n\n")[0]
    assert "Ada Lantern and Bo Corridor · 2 Oct 2025 · 7 votes" in block
    assert "Few lamps light long corridors." in block
    assert "We study" not in block
    assert "https://github.com/lanternlab/corridors" in block
    assert "https://lanternlab.github.io/corridors" in block
    assert "A, B, C and 2 others" in out
    assert "It works." in out
    assert "A third" not in out


def test_next_digest_lists_papers_added_since(subscribed, digest, tmp_path):
    digest("--everything")
    code, out, err = digest("--everything")
    assert (code, out) == (0, "")
    assert "No new papers since" in err
    subscribed.imports.import_paths([write_day(tmp_path, "2025-10-03.json", (*LATER, *FIRST))])
    _, out, _ = digest("--everything")
    assert paper_numbers(out) == [5, 6]


def test_each_destination_has_its_own_record(subscribed, digest, tmp_path):
    digest()
    file = tmp_path / "new.md"
    assert digest("--format", "markdown", "--output", file)[0] == 0
    assert "Rivers Remember" in file.read_text(encoding="utf-8")
    file.write_text("mine")
    assert "No new papers" in digest("--format", "markdown", "--output", file)[1]
    assert file.read_text() == "mine"
    assert paper_numbers(digest("--subscription", "Light")[1]) == [2, 1]


def test_record_is_valid_after_compaction(subscribed, digest, tmp_path):
    digest("--everything")
    subscribed.imports.import_paths([write_day(tmp_path, "2025-10-03.json", LATER)])
    subscribed.removals.remove(["2510.00003"])
    subscribed.maintenance.compact()
    assert paper_numbers(digest("--everything")[1]) == [5, 6]


def test_since_lists_the_same_papers_again(subscribed, digest, tmp_path):
    subscribed.imports.import_paths([write_day(tmp_path, "2025-10-03.json", LATER)])
    for _ in range(2):
        assert paper_numbers(digest("--since", "2025-10-03", "--everything")[1]) == [5, 6]
    assert paper_numbers(digest("--everything")[1]) == [2, 1, 5, 4, 3, 6]
    assert "No new papers since 4 Oct 2025" in digest("--since", "2025-10-04")[2]
    assert digest("--since", "3 October")[0] == 2


def test_once_a_day(subscribed, digest, tmp_path):
    assert paper_numbers(digest("--once-a-day")[1])
    subscribed.imports.import_paths([write_day(tmp_path, "2025-10-03.json", LATER)])
    code, out, err = digest("--once-a-day")
    assert (code, out) == (0, "")
    assert "already sent today" in err
    assert paper_numbers(digest()[1]) == [5]


def test_digest_of_chosen_days_does_not_replace_the_daily_one(subscribed, digest):
    chosen = ("--since", "2025-10-01", "--once-a-day")
    assert paper_numbers(digest(*chosen)[1])
    assert "already sent today" in digest(*chosen)[2]
    assert paper_numbers(digest("--once-a-day")[1])
    assert "already sent today" in digest("--once-a-day")[2]


@pytest.mark.parametrize(
    ("name", "beginning"),
    [
        ("new.html", "<!DOCTYPE html>"),
        ("NEW.HTM", "<!DOCTYPE html>"),
        ("new.md", "# Papers"),
        ("new.markdown", "# Papers"),
        ("new.xml", "<?xml"),
        ("new.rss", "<?xml"),
        ("new.txt", "Papers added"),
        ("NEW.TXT", "Papers added"),
    ],
)
def test_extension_selects_the_format(subscribed, digest, tmp_path, name, beginning):
    assert digest("--output", tmp_path / name)[0] == 0
    assert (tmp_path / name).read_text().lower().startswith(beginning.lower())
    assert digest("--output", tmp_path / name, "--format", "text", "--since", "2025-10-01")[0] == 0
    assert (tmp_path / name).read_text().startswith("Papers of")


@pytest.mark.parametrize("name", ["x.pdf", "x.docx", "x", "notes.d/x", "x.md.gz", ".md", "x."])
def test_unknown_extension_is_refused_unless_there_is_a_format(subscribed, digest, tmp_path, name):
    file = tmp_path / name
    file.parent.mkdir(exist_ok=True)
    code, _, err = digest("--output", file)
    assert code == 2
    assert "with --format" in err
    assert ".txt, .md, .markdown, .html, .htm, .xml or .rss" in err
    assert file.suffix == "" or f"Unknown extension {file.suffix};" in err
    assert not file.exists()
    assert digest("--output", file, "--format", "text")[0] == 0
    assert file.read_text().startswith("Papers added")


def test_device_needs_no_extension(subscribed, digest):
    assert digest("--output", os.devnull)[0] == 0


def test_file_is_replaced_unless_that_is_forbidden(subscribed, digest, tmp_path):
    file = tmp_path / "new.txt"
    file.write_text("mine")
    assert digest("--output", file, "--no-clobber")[::2] == (
        1,
        f"paperreader: {file} exists. Leave out --no-clobber to replace it.\n",
    )
    assert file.read_text() == "mine"
    assert digest("--output", file)[1] == f"3 papers written to {file}, replacing the earlier file.\n"
    code, _, err = digest("--output", tmp_path, "--format", "text")
    assert (code, err) == (1, f"paperreader: {tmp_path} is a folder. Add the name of a file.\n")
    other = tmp_path / "other.txt"
    assert digest("--output", other, "--no-clobber")[1] == f"3 papers written to {other}.\n"


def test_no_new_papers_do_not_count_as_sent(subscribed, digest, tmp_path):
    assert paper_numbers(digest()[1])
    state = Library.open().state
    records = state.get("digests")
    records["print text"]["sent"] = "2025-10-02"
    state.set("digests", records)
    assert "No new papers" in digest("--once-a-day")[2]
    subscribed.imports.import_paths([write_day(tmp_path, "2025-10-03.json", LATER)])
    assert paper_numbers(digest("--once-a-day")[1]) == [5]


def test_failed_write_is_repeated(subscribed, digest, tmp_path):
    file = tmp_path / "none" / "new.txt"
    code, _, err = digest("--output", file)
    assert code == 1
    assert "Cannot write" in err
    file.parent.mkdir()
    assert digest("--output", file)[0] == 0
    assert paper_numbers(file.read_text(encoding="utf-8")) == [2, 1, 4]


@pytest.mark.endurance
def test_concurrent_digests_list_papers_once(subscribed):
    running = [
        subprocess.Popen(
            [*program_command(), "digest", "--once-a-day"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for _ in range(2)
    ]
    results = [process.communicate(timeout=TIMEOUT_SECONDS) for process in running]
    assert [process.returncode for process in running] == [0] * 2
    assert sorted(len(paper_numbers(out.decode())) for out, _ in results) == [0, 3]


@pytest.mark.parametrize("records", [7, {"print text": 7}, {"print text": {"cursor": [], "sent": {}}}])
def test_invalid_record_is_ignored(subscribed, digest, records):
    subscribed.state.set("digests", records)
    code, out, _ = digest("--once-a-day")
    assert code == 0
    assert paper_numbers(out) == [2, 1, 4]


def test_empty_library_has_nothing_new(home, digest):
    code, out, err = digest()
    assert (code, out) == (0, "")
    assert "No new papers" in err


def test_large_group_reports_omitted_papers(subscribed, digest, monkeypatch):
    monkeypatch.setattr(digest_module, "MAX_GROUP_ENTRIES", 1)
    assert "1 more with fewer votes" in digest()[1]


def test_damaged_line_is_skipped(subscribed, digest):
    catalog = subscribed.folder / "papers.jsonl"
    data = catalog.read_bytes()
    catalog.write_bytes(data.replace(b"Rivers and Their Bends", b"Rivers and Their Bands", 1))
    code, out, err = digest()
    assert code == 0, err
    assert paper_numbers(out) == [2, 1]


@pytest.mark.parametrize(
    ("authors", "expected"),
    [
        ((), ""),
        (("A",), "A"),
        (("A", "B"), "A and B"),
        (("A", "B", "C"), "A, B and C"),
        (("A", "B", "C", "D"), "A, B, C and 1 other"),
        (tuple("ABCDE"), "A, B, C and 2 others"),
    ],
)
def test_author_list(authors, expected):
    assert author_list(authors) == expected


def test_first_sentences():
    text = "We e.g. do x. It is 3.5 times better, cf. Fig. 2 of A. Smith. More. Yet more."
    assert first_sentences(text) == text.removesuffix(" More. Yet more.")
    assert first_sentences("") == ""
    long = first_sentences("word " * 500)
    assert long.endswith("…")
    assert len(long) <= 360


def test_paper_with_only_a_title(library, digest, tmp_path):
    bare = item(50, "Only a Title", day="2025-10-03", authors=[], abstract="")
    bare["paper"]["upvotes"] = None
    library.imports.import_paths([write_day(tmp_path, "2025-10-03.json", [bare])])
    for format_name in ("text", "markdown", "html", "rss"):
        code, out, _ = digest("--since", "2025-10-03", "--format", format_name)
        assert code == 0
        assert "Only a Title" in out


def test_message_counts_listed_and_new_papers(subscribed, digest, tmp_path, monkeypatch):
    monkeypatch.setattr(digest_module, "MAX_GROUP_ENTRIES", 1)
    file = tmp_path / "new.txt"
    message = digest("--output", str(file))[1]
    assert message == f"2 of 3 papers written to {file}.\n"
    assert "\n2 of 3 new papers · created on " in file.read_text(encoding="utf-8")


def test_title_says_whether_dates_are_of_papers_or_of_addition(subscribed, digest):
    assert digest("--since", "2025-10-01")[1].startswith("Papers of 1 Oct 2025 and later\n")
    assert digest()[1].startswith("Papers added since ")


@pytest.mark.parametrize(("kind", "label"), [("project", "project"), ("other", "page"), ("paper", "paper")])
def test_label_of_link_without_id(kind, label):
    url = "https://rivers.example.org/bends"
    entry = entry_of(Paper("bends", "Bends", links=(Link(url, kind, "rivers.example.org"),)))
    assert (entry.links, entry.url) == (((label, url),), url)


def test_new_papers_without_match_are_not_called_none(subscribed, digest, tmp_path):
    file = tmp_path / "x.md"
    for arguments in ([], ["--output", file]):
        digest(*arguments)
    file.unlink()
    subscribed.imports.import_paths(
        [write_day(tmp_path, "2025-10-03.json", [item(9, "Bread Again", day="2025-10-03")])]
    )
    for arguments in ([], ["--since", "2025-10-03"], ["--output", file]):
        code, out, err = digest(*arguments)
        assert code == 0
        assert "match your subscriptions. --everything lists the others." in out + err
    assert "match these subscriptions" in digest("--subscription", "Light", "--since", "2025-10-03")[2]
    assert paper_numbers(digest("--everything", "--since", "2025-10-03")[1]) == [9]
    code, _, err = digest("--since", "2025-10-04")
    assert "match" not in err, "there are none at all"
    assert not file.exists()


# The watch list


@pytest.fixture
def watch_list():
    """A function that watches words."""
    from paperreader.config.edits import add_watched

    def watch(*words):
        for each in words:
            add_watched("words", each)

    return watch


@pytest.mark.parametrize("format", ["text", "markdown", "html", "rss"])
def test_watched_papers_come_first_with_the_reason_and_once(subscribed, digest, watch_list, format):
    watch_list("bread clocks", "rivers")
    _, out, _ = digest("--everything", "--format", format)
    numbers = [
        int(number)
        for number in re.findall(r"<guid.*?2510\.(\d{5})|abs/2510\.(\d{5})", out)
        and [a or b for a, b in re.findall(r"<guid.*?2510\.(\d{5})|abs/2510\.(\d{5})", out)]
    ]
    order = list(dict.fromkeys(numbers))
    assert sorted(order) == [1, 2, 3, 4]
    assert order.index(3) < order.index(1)
    assert out.index("Watched") < out.index("Light")
    assert out.count("watched: bread clocks") == 1
    assert out.count("watched: rivers") == 2
    for title in ("Bread Clocks", "Lanterns for Long"):
        assert out.count(title) == 1


def test_watched_papers_are_left_out_of_a_choice_of_subscriptions(subscribed, digest, watch_list):
    watch_list("bread clocks")
    _, out, _ = digest("--subscription", "Light")
    assert "Watched" not in out
    assert "Bread Clocks" not in out


def test_hidden_papers_and_those_of_rules_are_not_watched(subscribed, digest, watch_list):
    watch_list("bread clocks", "rivers", "lanterns")
    library = Library.open()
    paper = library.paper(library.resolve("2510.00003"))
    from paperreader.models import MarkChange

    library.save_and_apply([MarkChange(paper.id, hidden=True)])
    _, out, _ = digest("--everything", "--for-you", 5)
    assert "Bread Clocks" not in out
    assert sorted(paper_numbers(out)) == [1, 2, 4]

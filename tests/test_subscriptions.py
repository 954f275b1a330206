"""Subscriptions: the file, which users edit as well, and the commands."""

from __future__ import annotations

import json
import stat
import subprocess
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperreader import subscriptions
from paperreader.cli.main import run
from paperreader.errors import NotFound, StorageError, UsageError
from paperreader.library import Library
from paperreader.subscriptions import Subscription
from paperreader.text.sanitize import single_line
from tests.examples import examples
from tests.pages import THREE_PAPERS
from tests.program import program_command

BY_HAND = """\
# mine
# [[subscription]] is how one begins

[[subscription]]
name = "Light"   # the lamps
query = "lanterns"

# about water
[[ subscription ]]  # the second
name = 'Water'
query = '''rivers "sediment clocks"'''

# the end
"""


@pytest.fixture
def by_hand(home: Path) -> Path:
    """A file written by hand."""
    file = subscriptions.file_path()
    file.parent.mkdir(parents=True)
    file.write_text(BY_HAND, encoding="utf-8")
    return file


def test_no_file_means_no_subscriptions():
    assert subscriptions.load_subscriptions().entries == ()
    assert not subscriptions.file_path().exists()


def test_hand_written_file_is_read(by_hand):
    loaded = subscriptions.load_subscriptions()
    assert loaded.entries == (
        Subscription("Light", "lanterns"),
        Subscription("Water", 'rivers "sediment clocks"'),
    )
    assert loaded.problems == ()
    assert loaded.find("wATER").query.startswith("rivers")


def test_add_and_remove_preserve_every_line(by_hand):
    subscriptions.add_subscription("Third", "clocks")
    assert by_hand.read_text(encoding="utf-8").startswith(BY_HAND)
    subscriptions.remove_subscription("third")
    assert by_hand.read_text(encoding="utf-8").rstrip("\n") == BY_HAND.rstrip("\n")


def test_removal_preserves_comments(by_hand):
    subscriptions.remove_subscription("Light")
    remaining = by_hand.read_text(encoding="utf-8")
    for comment in ("# mine", "# about water", "# the second", "# the end"):
        assert comment in remaining
    assert "lanterns" not in remaining
    assert [entry.name for entry in subscriptions.load_subscriptions().entries] == ["Water"]


@pytest.mark.parametrize(
    ("block", "line", "message"),
    [
        ('[[subscription]]\nname = "Bad"\nquery = unquoted\n', 9, "invalid value"),
        ('[[subscription]]\nname = "Bad"\n', 7, "query is missing"),
        ('[[subscription]]\nname = "Bad"\nquery = 7\n', 9, "query is not text"),
        ('[[subscription]]\nname = "  "\nquery = "x"\n', 7, "needs a name"),
        ('[[subscription]]\nname = "Bad"\nquery = ""\n', 7, "needs a query"),
        ('[[subscription]]\nname = "one"\nquery = "x"\n', 7, "a subscription one above"),
        ('[[subscription]]\nname = "Bad"\n\n\nquery = "x\n', 11, "illegal character"),
        ('[[subscription]]\nname = "Bad"\nquery = """x\n', 9, "unterminated string"),
        ('[[subscription]]\nname = "\x1b[31m"\nquery = "x"\n', 8, "illegal character"),
    ],
)
def test_error_is_reported_with_line_and_others_are_read(home, block, line, message):
    file = subscriptions.file_path()
    file.parent.mkdir(parents=True)
    good = '[[subscription]]\nname = "{}"\nquery = "clocks"\n'
    file.write_text(f"\n\n{good.format('One')}\n{block}\n{good.format('Two')}", encoding="utf-8")
    loaded = subscriptions.load_subscriptions()
    assert [entry.name for entry in loaded.entries] == ["One", "Two"]
    (problem,) = loaded.problems
    assert problem.line == line
    assert message in problem.message
    assert str(problem).isprintable()


def test_unknown_key_is_reported_and_ignored(by_hand):
    by_hand.write_text('colour = 1\n[[subscription]]\nname = "A"\nquery = "b"\nsound = "loud"\n')
    loaded = subscriptions.load_subscriptions()
    assert loaded.entries == (Subscription("A", "b"),)
    assert [problem.line for problem in loaded.problems] == [1, 5]


def test_file_with_errors_is_not_changed(by_hand):
    broken = BY_HAND.replace('"lanterns"', "lanterns")
    by_hand.write_text(broken, encoding="utf-8")
    with pytest.raises(StorageError, match=r"subscriptions\.toml:6"):
        subscriptions.add_subscription("New", "x")
    assert by_hand.read_text(encoding="utf-8") == broken


def test_unsupported_layout_is_not_changed(by_hand):
    inline = 'subscription = [{name = "A", query = "b"}]\n'
    by_hand.write_text(inline, encoding="utf-8")
    assert subscriptions.load_subscriptions().problems
    with pytest.raises(StorageError):
        subscriptions.add_subscription("New", "x")
    assert by_hand.read_text(encoding="utf-8") == inline


@pytest.mark.parametrize(
    ("name", "query"), [("", "x"), ("x", " "), ("n" * 61, "x"), ("n", "q" * 1001), ("LIGHT", "x")]
)
def test_invalid_subscription_is_rejected(by_hand, name, query):
    with pytest.raises(UsageError):
        subscriptions.add_subscription(name, query)
    assert by_hand.read_text(encoding="utf-8") == BY_HAND


def test_unknown_name_is_an_error(by_hand):
    with pytest.raises(NotFound, match='no subscription "Fire"'):
        subscriptions.remove_subscription("Fire")
    with pytest.raises(NotFound):
        subscriptions.load_subscriptions().select(["Light", "Fire"])
    assert subscriptions.load_subscriptions().select(["water"])[0].name == "Water"


@examples(8)
@given(st.lists(st.tuples(st.text(max_size=30), st.text(max_size=60)), max_size=4))
def test_added_subscriptions_are_read_back_from_valid_toml(home, entries):
    subscriptions.file_path().unlink(missing_ok=True)
    added = []
    for name, query in entries:
        try:
            added.append(subscriptions.add_subscription(name, query))
        except UsageError:
            continue
        assert added[-1] == Subscription(single_line(name), single_line(query))
    loaded = subscriptions.load_subscriptions()
    assert (loaded.entries, loaded.problems) == (tuple(added), ())
    if added:
        tomllib.loads(subscriptions.file_path().read_text(encoding="utf-8"))
        subscriptions.remove_subscription(added[0].name)
        assert subscriptions.load_subscriptions().entries == tuple(added[1:])


@examples(20)
@given(st.text(alphabet="[]subcription\n\"'=#{}\\ nameqy1\x00é", max_size=80))
def test_arbitrary_text_is_tolerated(home, text):
    file = subscriptions.file_path()
    file.parent.mkdir(parents=True, exist_ok=True)
    block = '\n[[subscription]]\nname = "Good"\nquery = "x"\n'
    file.write_text(text + block, encoding="utf-8")
    loaded = subscriptions.load_subscriptions()
    assert "Good" in [entry.name for entry in loaded.entries] or loaded.problems
    assert all(problem.line >= 1 and str(problem).isprintable() for problem in loaded.problems)


def test_file_is_private_and_a_link_is_preserved(home, tmp_path):
    subscriptions.add_subscription("A", "b")
    file = subscriptions.file_path()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    elsewhere = tmp_path / "dotfiles.toml"
    file.rename(elsewhere)
    file.symlink_to(elsewhere)
    before = subscriptions.file_signature()
    subscriptions.add_subscription("C", "d")
    assert file.is_symlink()
    assert subscriptions.file_signature() != before
    assert [entry.name for entry in subscriptions.load_subscriptions().entries] == ["A", "C"]


def test_concurrent_processes_lose_nothing(home):
    running = [
        subprocess.Popen([*program_command(), "subscribe", f"N{number}", "x"], stdout=subprocess.DEVNULL)
        for number in range(3)
    ]
    assert [process.wait(60) for process in running] == [0] * 3
    assert sorted(entry.name for entry in subscriptions.load_subscriptions().entries) == ["N0", "N1", "N2"]


# The commands


@pytest.fixture
def filled(home, tmp_path) -> Library:
    page = tmp_path / "daily-2025-03-14.txt"
    page.write_text(THREE_PAPERS, encoding="utf-8")
    library = Library.open()
    library.imports.import_paths([str(page)])
    return library


def test_commands_add_count_and_remove(filled, capsys):
    assert run(["subscribe", "Water", "rivers"]) == 0
    assert run(["subscribe", "Not lamps", "--", "a", "-lamps"]) == 0
    assert run(["mark", filled.paper(1).id, "--read"]) == 0
    capsys.readouterr()
    assert run(["subscriptions", "--json"]) == 0
    water, lamps = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert water == {"name": "Water", "query": "rivers", "all": 1, "new": 0, "unread": 0}
    assert (lamps["all"], lamps["new"], lamps["unread"]) == (2, 1, 1)
    assert run(["subscriptions"]) == 0
    assert "1 new" in capsys.readouterr().out.splitlines()[1]
    assert run(["unsubscribe", "WATER"]) == 0
    assert [entry.name for entry in subscriptions.load_subscriptions().entries] == ["Not lamps"]


def test_query_with_errors_needs_force(home, capsys):
    assert run(["subscribe", "Odd", "foo:bar"]) == 2
    captured = capsys.readouterr()
    assert captured.err == (
        "paperreader: foo: is not a field, searched as words. "
        "The search was not saved; use --force to save it unchanged.\n"
    )
    assert subscriptions.load_subscriptions().entries == ()
    assert run(["subscribe", "--force", "Odd", "foo:bar"]) == 0
    assert [entry.query for entry in subscriptions.load_subscriptions().entries] == ["foo:bar"]


def test_last_word_of_a_subscription_is_not_a_prefix(filled, capsys):
    run(["subscribe", "Start", "riv"])
    run(["subscribe", "Any", "riv*"])
    capsys.readouterr()
    run(["subscriptions", "--json"])
    assert [json.loads(line)["all"] for line in capsys.readouterr().out.splitlines()] == [0, 1]


def test_errors_are_reported_and_the_rest_is_listed(filled, by_hand, capsys):
    by_hand.write_text(BY_HAND + "\n[[subscription]]\nname = 5\n", encoding="utf-8")
    assert run(["subscriptions"]) == 0
    captured = capsys.readouterr()
    assert "subscriptions.toml:16" in captured.err
    assert len(captured.out.splitlines()) == 2


def test_empty_list_explains_how_to_subscribe(filled, capsys):
    assert run(["subscriptions"]) == 0
    assert "paperreader subscribe" in capsys.readouterr().err
    assert run(["unsubscribe", "x"]) == 1
    assert run(["subscribe", "x", ""]) == 2

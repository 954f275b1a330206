"""`|` and the commands of the settings: papers go to standard input, and the output to a pane or a note."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from paperreader.library import Library
from paperreader.models import MarkChange
from paperreader.tui.dialogs.help import help_lines
from paperreader.tui.dialogs.output import OutputDialog, _fold
from paperreader.tui.runtime.settings_check import setting_errors, taken_keys
from paperreader.tui.widgets.text_lines import TextLines
from tests.tui.reader_driver import line_text, load_settings


@pytest.fixture
def program(home):
    """Adds a program that writes its arguments to `arguments` and its input to `input`: `program("name", "script")`."""

    def added(name="tool", script=""):
        file = home / name
        file.write_text(f'#!/bin/sh\ncd "{home}"\nprintf "%s\\n" "$@" > arguments\ncat > input\n{script}\n')
        file.chmod(0o755)
        return str(file)

    return added


def command(run, **more):
    fields = {"run": [run, "--flag", "$HOME; *"], "key": "W", **more}
    return "[commands.mine]\n" + "".join(f"{name} = {json.dumps(value)}\n" for name, value in fields.items())


def output(reader):
    return "\n".join(
        "".join(span.text for span in line) for line in reader.app.screen.query_one(TextLines).lines
    )


def title(reader):
    return line_text(reader.app.screen.query_one("#output-title"))


async def test_typed_command_gets_the_paper_on_standard_input(open_reader, library, program, home):
    tool = program(script="echo three lines; echo; printf '\\033[1mof\\033[0m\\ttext\\r\\nprogress\\rdone'")
    library.save_and_apply([MarkChange(library.paper(0).id, "", note="see \x1b[2J below")])
    async with open_reader(start_row=0) as reader:
        starts = {
            "t": lambda text: text.startswith(reader.title),
            "m": lambda text: "# " in text or "[" in text,
            "b": lambda text: text.startswith("@"),
            "o": lambda text: json.loads(text)["id"] == reader.paper.id,
        }
        for key, is_right in starts.items():
            await reader.press("|", key)
            await reader.type(f"{tool} 'a b' c")
            await reader.press("enter")
            assert title(reader) == f"{tool} 'a b' c  4 lines"
            assert output(reader) == "three lines\n\nof      text\ndone"
            assert (home / "arguments").read_text() == "a b\nc\n"
            given = (home / "input").read_text()
            assert is_right(given), given
            assert "\x1b" not in given
            await reader.press("escape")
            assert reader.app.screen is reader.screen
        await reader.press("v", "j", "|")
        assert "Pipe 2 papers as" in reader.screen_text
        await reader.press("enter")
        assert "2 papers as JSON into" in reader.screen_text, "the last input is chosen"
        await reader.press("enter", "escape")
        assert len((home / "input").read_text().splitlines()) == 2, "the last command is offered"


async def test_command_of_the_settings_has_a_key_and_is_listed(open_reader, library, program, home):
    toml = command(program(), title="Count *words* [bold]", input="none")
    async with open_reader(toml=toml) as reader:
        assert reader.notifications == []
        await reader.press("W")
        assert title(reader) == "Count *words* [bold]  no output"
        assert (home / "arguments").read_text() == "--flag\n$HOME; *\n", "no shell"
        assert (home / "input").read_text() == ""
        await reader.press("q", "ctrl+p")
        await reader.type("count")
        assert "W  " in reader.screen_text and "Count *words* [bold]" in reader.screen_text
        await reader.press("enter")
        assert isinstance(reader.app.screen, OutputDialog)
        await reader.press("escape", "/", "W")
        assert reader.query == "W", "it is a letter in the search bar"
        lines = [
            "".join(span.text for span in line)
            for line in help_lines(reader.app.effective_keymap, "count *words*")
        ]
        assert lines[0] == "Your commands"
        assert lines[1].split() == ["W", "count", "*words*", "[bold]"]


async def test_output_is_added_to_the_note_and_undone(open_reader, library, program):
    library.save_and_apply([MarkChange(library.paper(0).id, library.paper(0).title, note="mine")])
    toml = command(program(script="printf '\\033[31mtwo\\033[0m lines\\n\\u202ehere\\n\\n'"), output="note")
    async with open_reader(start_row=0, toml=toml) as reader:
        await reader.press("W")
        assert reader.app.screen is reader.screen
        assert "Note saved on" in reader.status
        assert Library.open().mark(0).note_text.startswith("mine\n\ntwo lines\n")
        assert "\x1b" not in Library.open().mark(0).note_text
        await reader.press("u")
        assert Library.open().mark(0).note_text == "mine"
        await reader.press("v", "j", "W")
        assert "one paper" in reader.status


async def test_output_in_the_pane_is_copied_or_added_to_the_note(
    open_reader, library, program, home, monkeypatch
):
    toml = command(program(script="seq 1 200")) + '[clipboard]\nway = "osc52"\n'
    async with open_reader(start_row=0, toml=toml) as reader:
        await reader.press("W")
        assert output(reader).splitlines()[-1] == "200"
        await reader.press("space", "j", "k", "-", "j")
        assert "\n 1 " not in reader.screen_text
        await reader.press("y")
        assert "Sent to terminal  1" in reader.status
        await reader.press("W", "n")
        assert library.mark(0).note_text.split("\n")[-1] == "200"


@pytest.mark.parametrize(
    ("script", "more", "shown"),
    [
        ("echo out; echo 'bad \033[2J news' >&2; exit 3", {}, "tool exited with status 3"),
        ("kill -9 $$", {}, "tool was ended by signal 9"),
        ("sleep 60", {"timeout": 1}, "tool was stopped after 1 seconds"),
        ("yes", {}, "tool printed more than 1 MB and was stopped"),
        ("exit 1", {"output": "note"}, "tool exited with status 1"),
        (None, {}, "Cannot start"),
    ],
)
async def test_failure_is_shown_in_the_pane(open_reader, library, program, home, script, more, shown):
    tool = program(script=script or "")
    if script is None:
        tool = str(home / "missing")
    async with open_reader(toml=command(tool, **more)) as reader:
        await reader.press("W")
        assert shown in title(reader)
        if "exit 3" in (script or ""):
            assert output(reader) == "out\nbad  news"
        await reader.press("escape")
        assert not library.mark(0).note_text


async def test_escape_cancels_a_running_command_and_its_children(open_reader, program, home):
    tool = program(script="echo $$ > pid; sleep 1000 & echo $! > child; wait")
    async with open_reader(toml=command(tool)) as reader:
        reader.send_keys("W")
        while not (home / "child").exists() or not (home / "child").read_text().strip():
            await reader.pilot.pause(0.01)
        assert "running" in title(reader)
        await reader.press("escape")
        await reader.wait_until_idle()
        assert reader.app.screen is reader.screen
        for name in ("pid", "child"):
            status = Path("/proc", (home / name).read_text().strip(), "stat")
            while is_running(status):
                await reader.pilot.pause(0.01)


def is_running(status):
    try:
        return status.read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_long_lines_are_folded_at_blanks_and_keep_them():
    assert _fold("", 9) == [""]
    assert _fold("a  b   c", 9) == ["a  b   c"]
    assert _fold("one two   three four", 9) == ["one two  ", " three ", "four"]
    assert _fold("x" * 20, 9) == ["x" * 9, "x" * 9, "xx"]
    assert _fold("河" * 5 + " " + "河" * 5, 9) == ["河" * 4, "河 ", "河" * 4, "河"]


async def test_typed_command_that_needs_a_shell_is_refused(open_reader):
    refused = {
        "wc | cat": "it contains a pipe",
        "wc 'a": "a quote is not closed",
        "wc > file": "a redirection",
    }
    async with open_reader() as reader:
        for typed, shown in refused.items():
            await reader.press("|", "enter", "ctrl+u")
            await reader.type(typed)
            await reader.press("enter")
            (message,) = reader.notifications
            assert shown in message
            assert reader.app.screen is reader.screen
            await reader.press("escape")


VALID = 'run = ["wc"]\n'


@pytest.mark.parametrize(
    ("toml", "line", "expected"),
    [
        (
            f'[keys]\nbookmark = "W"\n[commands.a]\n{VALID}key = "W"\n',
            5,
            "a: W already means bookmark in list and detail; choose another key",
        ),
        (f'[commands.a]\n{VALID}key = "ctrl+z"\n', 3, "already means suspend"),
        (f'[commands.a]\n{VALID}key = "nothing"\n', 3, '"nothing" is not a key'),
        (
            f'[commands.a]\n{VALID}key = "W"\n[commands.b]\n{VALID}key = "W"\n',
            6,
            "W already means commands.a",
        ),
        (f'[commands.a]\n{VALID}inptu = "text"\n', 3, 'did you mean "input"?'),
        (
            f'[commands.a]\n{VALID}input = "pdf"\n',
            3,
            '"text", "fulltext", "markdown", "bibtex", "json" or "none"',
        ),
        (f'[commands.a]\n{VALID}output = "file"\n', 3, '"pane", "terminal", "note" or "summary"'),
        (f"[commands.a]\n{VALID}timeout = 0\n", 3, "from 1 to 3600 seconds"),
        ('[commands.a]\nrun = "wc -w"\n', 2, "a list of strings"),
        ('[commands.a]\nkey = "W"\n', 1, "a has no program"),
        (f'[commands."A B"]\n{VALID}', 1, "is not a name of a command"),
        ('[commands]\na = "wc"\n', 2, "write [commands.a] on a line of its own"),
    ],
)
def test_mistake_in_a_command_is_reported_with_its_line(home, toml, line, expected):
    (error,) = setting_errors(load_settings(toml))
    assert f"config.toml:{line}: " in error
    assert expected in error


def test_key_that_a_built_in_command_gave_up_is_free(home):
    loaded = load_settings(f'[keys]\nbookmark = "W"\n[commands.a]\n{VALID}key = "b"\n')
    assert setting_errors(loaded) == taken_keys(loaded) == ()


def test_config_lists_commands(home, capsys):
    from paperreader.cli.main import run

    load_settings(f'[commands.b]\n{VALID}key = "f"\n[commands.a]\n{VALID}key = "ctrl+z"\ninput = "json"\n')
    assert run(["config"]) == 1
    shown, errors = capsys.readouterr()
    assert "config.toml:3: f is taken from bookmark-and-next, which has no key now" in errors
    assert "another command has its key" in shown
    assert "[commands]\na.run" in shown.replace("  ", "") or "a.run" in shown
    assert "config.toml:6 is ignored" in shown

"""`config.toml`: valid settings apply, and every error is reported with its line."""

from __future__ import annotations

import json
import os
import re
import textwrap
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from paperreader import config, paths
from paperreader.config import Settings, SettingsError
from paperreader.config.settings import SECTIONS, all_settings
from paperreader.config.template import write_default_file
from paperreader.config.toml_lines import key_line_numbers
from paperreader.tui.runtime.settings_check import default_bindings, setting_errors


@pytest.fixture
def write(home):
    """Return a function that writes the settings file in the platform's folder."""

    def written(text):
        path = paths.config_folder() / "config.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return written


def test_defaults_apply_without_a_file(home):
    assert config.load_settings() == Settings()
    assert config.read_settings().source_of("appearance.theme") == "default"


def test_values_of_the_file_apply_and_have_a_location(write):
    path = write(
        '# mine\n[appearance]\ntheme = "nord"\ndate_format = "%d.%m.%y"\n\n[reading]\nmark_read = 3\n'
        '[mail]\nfrom = "me@example.org"\npassword_command = [\n  "pass",\n  "mail",\n]\nport = 25\n'
        '[keys]\ndown = ["n", "down"]\nquit = "Q"\nsort = []\n[fetch]\nhuggingface_url = "http://127.0.0.1:8000/"\n'
    )
    loaded = config.read_settings()
    settings = loaded.settings
    assert loaded.problems == ()
    assert settings.appearance.theme == "nord"
    assert settings.appearance.date_format == "%d.%m.%y"
    assert settings.reading.mark_read == 3.0
    assert settings.mail.sender == "me@example.org"
    assert settings.mail.password_command == ("pass", "mail")
    assert settings.fetch.huggingface_url == "http://127.0.0.1:8000"
    assert dict(settings.keys) == {"down": ("n", "down"), "quit": ("Q",), "sort": ()}
    assert loaded.source_of("appearance.theme") == f"{path}:3"
    assert loaded.source_of("mail.password_command") == f"{path}:10"
    assert loaded.source_of("mail.port") == f"{path}:14"
    assert loaded.source_of("keys.quit") == f"{path}:17"
    assert loaded.source_of("appearance.layout") == "default"
    assert config.load_settings() == settings


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        ('[appearance]\nlayout = "sideways"\n', 2, '"auto", "stacked" or "side"'),
        ('[appearance]\nthem = "nord"\n', 2, 'did you mean "theme"?'),
        ("\n[apearance]\n", 2, 'did you mean "appearance"?'),
        ("reading = 3\n", 1, "[reading]"),
        ('[appearance]\ndate_format = "%H"\n', 2, "%d"),
        ('[appearance]\ndate_format = "on %d %b %Y, or so"\n', 2, "12 characters"),
        ("[reading]\nmark_read = -1\n", 2, '"key"'),
        ("[reading]\nmark_read = true\n", 2, '"key"'),
        ("[fetch]\ntimeout = nan\n", 2, "from 1 to 600 seconds"),
        ("[fetch]\ndays_at_first = 2.5\n", 2, "a whole number from 1 to 366"),
        ('[fetch]\narxiv_url = "http://arxiv.example"\n', 2, "https"),
        ('[fetch]\narxiv = "cs.CL"\n', 2, "a list of categories and of queries"),
        ('[fetch]\narxiv_url = "https://me:secret@arxiv.example"\n', 2, "without a user name"),
        ('[fetch]\narxiv_url = "https://arxiv.example:http"\n', 2, "https"),
        ('[fetch]\ncontact = "a\\r\\nX-Injected: 1"\n', 2, "ASCII"),
        ('[mail]\nhost = "smtp.example"\nsecurity = "none"\n', 3, "this machine"),
        ('[mail]\npassword_command = "pass mail"\n', 2, "allowed: a list of strings"),
        ('[mail]\npassword_command = ["pass"]\npassword_env = "X"\n', 3, "remove one"),
        ("[keys]\ndown = 3\n", 2, "a key, a list of keys"),
        ('[appearance]\ntheme = "nord\n', 2, "not TOML"),
        ('[appearance]\ntheme = "a"\ntheme = "b"\n', 3, "not TOML"),
        ("theme = [\n", 1, "not TOML"),
        ("[appearance]\ntheme = [\n\n\n", 2, "not TOML"),
        (b"[appearance]\n\ntheme = '\xff'\n", 3, "not UTF-8"),
    ],
)
def test_error_is_reported_with_line_and_default_applies(write, text, line, expected):
    path = write(text)
    loaded = config.read_settings()
    (problem,) = loaded.problems
    assert problem.startswith(f"{path}:{line}: ")
    assert expected in problem
    assert problem.endswith((".", "?"))
    with pytest.raises(SettingsError, match=r"config\.toml"):
        config.load_settings()


def test_error_affects_only_its_own_setting(write):
    write('[appearance]\ntheme = "nord"\nlayout = 7\n[reading]\nmark_read = "never"\n[mail]\nport = 25\n')
    loaded = config.read_settings()
    assert len(loaded.problems) == 2
    assert loaded.settings.appearance.theme == "nord"
    assert loaded.settings.appearance.layout == "auto"
    assert loaded.settings.mail.port == 25


@pytest.mark.parametrize(
    ("setting", "entries", "valid", "reasons"),
    [
        (
            "inbox.hide",
            ["title:medical", "foo:bar", "author:doe", "is:read", "sort:votes", " ", 3, "stars:>many", "!!"],
            ("title:medical", "author:doe"),
            [
                '"foo:bar" is ignored: foo: is not a field, searched as words',
                '"is:read" is ignored: it is about your marks (tag:, note:, is:)',
                '"sort:votes" is ignored: it has',
                '" " is ignored: it is empty',
                "3 is ignored: it is not in quotes",
                '"stars:>many" is ignored: stars:>many is not a number: use 20, >20 or 10..50',
                '"!!" is ignored: it has no words',
            ],
        ),
        (
            "fetch.arxiv",
            ["cs.CL", "CL", "CS.lg", ".CLL", "abs:agents", "cs.XX1", "cs.lg", "", "a\x07"],
            ("cs.CL", "cs.LG", "abs:agents"),
            [
                '"CL" is ignored: CL is not a category of arXiv; use "cs.CL", or "all:CL" for papers with this word',
                '".CLL" is ignored: .CLL is not a category of arXiv; use "cs.CL"',
                '"cs.XX1" is ignored: cs.XX1 is not a category of arXiv; use "cs.',
                '"" is ignored: it is empty',
                "is ignored: it is too long, or contains characters",
            ],
        ),
    ],
)
def test_invalid_entries_of_lists_are_ignored_one_by_one(write, setting, entries, valid, reasons):
    section, name = setting.split(".")
    path = write(f"[{section}]\n{name} = {json.dumps(entries)}\n[reading]\nmark_read = 3\n")
    loaded = config.read_settings()
    assert getattr(getattr(loaded.settings, section), name) == valid
    assert getattr(getattr(config.load_settings(), section), name) == valid
    assert len(loaded.problems) == len(reasons)
    for problem, reason in zip(loaded.problems, reasons, strict=True):
        assert problem.startswith(f"{path}:2: {name}: ")
        assert reason in problem
    assert setting not in loaded.invalid
    assert loaded.settings.reading.mark_read == 3


def test_environment_selects_file_and_overrides_marks(write, tmp_path, monkeypatch):
    write('[appearance]\ntheme = "nord"\nmarks = "unicode"\n')
    monkeypatch.setenv("PAPERREADER_ASCII", "1")
    loaded = config.read_settings()
    assert loaded.settings.appearance.marks == "ascii"
    assert loaded.source_of("appearance.marks") == "$PAPERREADER_ASCII"
    monkeypatch.setenv("PAPERREADER_CONFIG", str(tmp_path / "mine.toml"))
    assert "does not exist" in config.read_settings().problems[0]
    (tmp_path / "mine.toml").write_text('[clipboard]\nway = "osc52"\n', encoding="utf-8")
    assert config.load_settings().clipboard.way == "osc52"


def test_fifo_or_folder_is_reported_without_waiting(write, tmp_path, monkeypatch):
    path = write("")
    path.unlink()
    os.mkfifo(path)
    assert "ordinary file" in config.read_settings().problems[0]
    monkeypatch.setenv("PAPERREADER_CONFIG", str(tmp_path))
    assert len(config.read_settings().problems) == 1


def test_every_default_is_valid_and_every_setting_has_help():
    seen = set()
    for setting in all_settings():
        given_in_toml = list(setting.default) if isinstance(setting.default, tuple) else setting.default
        assert setting.value_type.parse(given_in_toml) == setting.default
        assert setting.help
        assert setting.value_type.description
        seen.add(setting.key)
    assert len(seen) == sum(len(owner.__struct_fields__) for owner in SECTIONS.values())


@given(st.text(alphabet="[]=.\"'#\n ,abkeysmail123{}", max_size=60) | st.text(max_size=40))
def test_arbitrary_files_are_tolerated(tmp_path_factory, text):
    path = tmp_path_factory.getbasetemp() / "wild.toml"
    path.write_text(text, encoding="utf-8", newline="")
    loaded = config.read_settings(path)
    assert loaded.settings == Settings() or not loaded.problems or loaded.set_in_file
    for problem in loaded.problems:
        assert str(path) in problem
    lines = key_line_numbers(text) if loaded.text else {}
    assert all(1 <= line <= text.count("\n") + 1 for line in lines.values())


@pytest.mark.parametrize("name", ["settings.md", "recipes.md"])
def test_examples_in_the_documents_are_valid(tmp_path, name):
    text = (Path(__file__).parents[2] / "docs" / name).read_text(encoding="utf-8")
    examples = [textwrap.dedent(found) for found in re.findall(r"```toml\n(.*?)```", text, re.S)]
    assert examples
    for number, example in enumerate(examples):
        path = tmp_path / f"{number}.toml"
        path.write_text(example, encoding="utf-8")
        loaded = config.read_settings(path)
        assert loaded.set_in_file
        assert setting_errors(loaded) == ()


def test_default_file_is_valid_as_it_is_and_uncommented(tmp_path):
    path = tmp_path / "new" / "config.toml"
    write_default_file(path, default_bindings())
    assert config.read_settings(path).problems == ()
    assert not config.read_settings(path).set_in_file
    text = path.read_text(encoding="utf-8")
    comments = re.findall(r"^# [\w-]+ = \[.*\]  # (.*)", text, flags=re.M)
    assert "Show view 6, one of your subscriptions" in comments
    assert len(set(comments)) == len(comments) > 100
    path.write_text(re.sub(r"^# (\w[\w-]* = )", r"\1", text, flags=re.M), encoding="utf-8")
    loaded = config.read_settings(path)
    assert setting_errors(loaded) == ()
    assert loaded.set_in_file >= {setting.key for setting in all_settings()}
    assert loaded.settings == replace(Settings(), keys=loaded.settings.keys)
    with pytest.raises(SettingsError, match="already exists"):
        write_default_file(path, default_bindings())
    assert path.stat().st_mode & 0o077 == 0

"""`paperreader config`: effective settings, their sources, and the default file."""

from __future__ import annotations

import json

from paperreader import config


def settings_file(text):
    path = config.settings_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_default_file_is_written_once(paperreader):
    wrote = paperreader("config", "--init")
    path = config.settings_file()
    assert wrote.out == f"Written: {path}\n"
    assert paperreader("config", "--path").out == f"{path}\n"
    path.write_text("# mine\n", encoding="utf-8")
    again = paperreader("config", "--init")
    assert again.code == 1
    assert "already exists" in again.err
    assert path.read_text(encoding="utf-8") == "# mine\n"


def test_every_value_is_shown_with_its_source(paperreader, monkeypatch):
    path = settings_file('[appearance]\ntheme = "nord"\n\n[keys]\nquit = "Q"\n')
    monkeypatch.setenv("PAPERREADER_ASCII", "1")
    shown = paperreader("config")
    assert shown.code == 0
    lines = [" ".join(line.split()) for line in shown.out.splitlines()]
    assert 'theme "nord" config.toml:2' in lines
    assert 'marks "ascii" $PAPERREADER_ASCII' in lines
    assert 'layout "auto" default' in lines
    assert 'quit ["Q"] config.toml:5' in lines
    settings = {
        each["key"]: each for each in map(json.loads, paperreader("config", "--json").out.splitlines())
    }
    theme = {"key": "appearance.theme", "value": "nord", "from": f"{path}:2", "refused": None}
    assert settings["appearance.theme"] == theme
    assert settings["mail.password_command"]["value"] == []


def test_all_errors_are_reported_and_fail_the_command(paperreader):
    path = settings_file('[appearance]\ntheme = "nrd"\nlayout = 3\n[keys]\ndown = "nix"\n')
    shown = paperreader("config")
    assert shown.code == 1
    assert "[appearance]" in shown.out
    assert [mistake.split()[1] for mistake in shown.err.splitlines()] == [
        f"{path}:{line}:" for line in (2, 3, 5)
    ]
    lines = [" ".join(line.split()) for line in shown.out.splitlines()]
    assert 'theme "auto" default config.toml:2 is ignored' in lines
    assert 'layout "auto" default config.toml:3 is ignored' in lines
    assert 'down ["j", "down"] default config.toml:5 is ignored' in lines
    assert 'did you mean "nord"?' in shown.err
    found = {each["key"]: each for each in map(json.loads, paperreader("config", "--json").out.splitlines())}
    assert found["keys.down"]["refused"] == f"{path}:5"
    assert found["appearance.density"]["refused"] is None


def test_ignored_ids_of_keys_are_listed(paperreader):
    path = settings_file('[keys]\nnothing-like-it = "f9"\ninto = ["f8"]\nzzz = 3\nquit = "Q"\n')
    shown = paperreader("config")
    assert shown.code == 1
    lines = [" ".join(line.split()) for line in shown.out.splitlines()]
    assert "nothing-like-it [] no such id config.toml:2 is ignored" in lines
    assert "into [] renamed to open-detail config.toml:3 is ignored" in lines
    assert "zzz [] no such id config.toml:4 is ignored" in lines
    assert f"{path}:3: into: this id has been renamed, so the line is ignored; use open-detail." in shown.err
    found = {each["key"]: each for each in map(json.loads, paperreader("config", "--json").out.splitlines())}
    assert found["keys.into"]["refused"] == f"{path}:3"


def test_command_that_needs_settings_reports_all_errors_of_their_section(paperreader):
    path = settings_file('[mail]\nhost = 3\nport = "x"\n[appearance]\nlayout = 3\n')
    lines = paperreader("digest", "--mail-to", "you@example.org").err.splitlines()
    assert [line.split()[1] for line in lines] == [f"{path}:2:", f"{path}:3:"]


def test_errors_are_in_order_of_the_file(paperreader):
    """Also those in keys and themes, which are checked after everything else."""
    path = settings_file(
        '[keys]\nzzz = "a"\nquit = "foo+bar"\n[mail]\nhost = "mail.example"\nsecurity = "none"\nport = "x"\n'
        '[appearance]\ntheme = "nrd"\ndensity = 3\n'
    )
    wanted = [f"{path}:{line}:" for line in (2, 3, 6, 7, 9, 10)]
    assert [mistake.split()[1] for mistake in paperreader("config").err.splitlines()] == wanted
    lines = paperreader("digest", "--mail-to", "you@example.org").err.splitlines()
    assert [mistake.split()[1] for mistake in lines] == [f"{path}:{line}:" for line in (6, 7)]


def test_unknown_theme_is_reported_briefly(paperreader):
    settings_file('[appearance]\ntheme = "zzzzzz"\n')
    (line,) = paperreader("config").err.splitlines()
    assert line.endswith(
        'unknown theme "zzzzzz"; press ctrl+p in the reader and enter theme to list all themes.'
    )

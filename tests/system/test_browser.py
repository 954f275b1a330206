"""Opening links: only web addresses, without a shell, without output on the screen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from paperreader.system.browser import OpenResult, open_url
from tests.fakes import FakePrograms

URL = "https://huggingface.co/papers/2403.01234?a=1&b=$(x)#;part"
SHORT_TIMEOUT, LONG_TIMEOUT = 0.3, 60.0


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakePrograms]:
    for name in ("BROWSER", "WSL_DISTRO_NAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    fakes = FakePrograms(tmp_path, monkeypatch)
    yield fakes
    fakes.close()


@pytest.fixture
def desktop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":0")


@pytest.mark.usefixtures("desktop")
def test_desktop_opener_gets_the_url(programs: FakePrograms, capfd: pytest.CaptureFixture[str]) -> None:
    programs.add("xdg-open", "echo noise; echo noise >&2")
    assert open_url(URL, timeout=LONG_TIMEOUT) == OpenResult(True, "huggingface.co")
    assert programs.arguments("xdg-open") == [URL]
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("browser", "arguments"),
    [
        ("mine", [URL]),
        ("mine %s", [URL]),
        ("mine --new-tab %s --raise", ["--new-tab", URL, "--raise"]),
        ("mine 'a b' --url=%s &", ["a b", f"--url={URL}"]),
        ("absent:mine", [URL]),
        ("$UNKNOWN:$NAME -w", ["-w", URL]),
        ("WORD=1 mine", [URL]),
        ("$(mine):mine -w", ["-w", URL]),
        ("'open quote:mine", [URL]),
    ],
)
def test_browser_variable_has_priority(
    programs: FakePrograms, monkeypatch: pytest.MonkeyPatch, browser: str, arguments: list[str]
) -> None:
    monkeypatch.setenv("BROWSER", browser)
    monkeypatch.setenv("NAME", "mine")
    programs.add("mine", "")
    programs.add("xdg-open", "")
    assert open_url(URL, timeout=LONG_TIMEOUT).ok
    assert programs.arguments("mine") == arguments
    assert programs.arguments("xdg-open") is None


@pytest.mark.parametrize(
    ("browser", "words"),
    [
        ("w3m", ["w3m", URL]),
        ("lynx -accept_all_cookies %s", ["lynx", "-accept_all_cookies", URL]),
        ("absent:links2 -g %s:mine", ["links2", "-g", URL]),
        ("failing:elinks", ["elinks", URL]),
        ("www-browser %s &", ["www-browser", URL]),
    ],
)
def test_text_browser_is_returned_and_not_started(
    programs: FakePrograms, monkeypatch: pytest.MonkeyPatch, browser: str, words: list[str]
) -> None:
    monkeypatch.setenv("BROWSER", browser)
    for name in ("w3m", "lynx", "links2", "elinks", "mine"):
        programs.add(name, "")
    (programs.folder / "www-browser").symlink_to("w3m")
    programs.add("failing", "exit 1")
    opened = open_url(URL, timeout=LONG_TIMEOUT)
    assert not opened.ok
    assert opened.in_terminal is not None
    assert list(opened.in_terminal.words) == words
    assert all(programs.arguments(name) is None for name in ("w3m", "lynx", "links2", "elinks", "mine"))
    assert (programs.arguments("failing") is not None) == browser.startswith("failing")


@pytest.mark.usefixtures("desktop")
def test_graphical_browser_before_a_text_browser_opens_the_link(
    programs: FakePrograms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BROWSER", "mine:w3m")
    programs.add("mine", "")
    programs.add("w3m", "")
    assert open_url(URL, timeout=LONG_TIMEOUT).ok
    assert programs.arguments("w3m") is None


@pytest.mark.usefixtures("desktop")
def test_next_opener_is_tried_after_a_failure(
    programs: FakePrograms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BROWSER", "mine")
    programs.add("mine", "exit 1")
    programs.add("xdg-open", "exit 3")
    programs.add("gio", "")
    assert open_url(URL, timeout=LONG_TIMEOUT).ok
    assert programs.arguments("gio") == ["open", URL]


@pytest.mark.usefixtures("desktop")
def test_failure_of_all_openers_is_reported(programs: FakePrograms) -> None:
    programs.add("xdg-open", "exit 3")
    opened = open_url(URL, timeout=LONG_TIMEOUT)
    assert opened == OpenResult(
        False,
        "huggingface.co",
        "No browser opened the link: xdg-open: it ended with status 3.",
    )


def test_no_opener_is_started_without_a_display(programs: FakePrograms) -> None:
    programs.add("xdg-open", "")
    opened = open_url(URL)
    assert not opened.ok
    assert "no display" in opened.error
    assert programs.arguments("xdg-open") is None


@pytest.mark.usefixtures("desktop")
def test_browser_in_the_foreground_counts_as_opened(programs: FakePrograms) -> None:
    programs.add("xdg-open", 'read -r word <"$here/never"; echo "closed by hand" >"$here/alive"')
    assert open_url(URL, timeout=SHORT_TIMEOUT) == OpenResult(True, "huggingface.co")
    programs.release_hanging()
    assert programs.read_alive() == b"closed by hand\n", "it was not killed"


@pytest.mark.usefixtures("desktop")
@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "--help",
        "-https://example.org",
        "ssh://example.org",
        "https://user:secret@example.org/",
        "https://example.org/a b",
        "https://example.org/\x1b[2J",
        "https://",
        "",
    ],
)
def test_only_web_addresses_are_opened(programs: FakePrograms, url: str) -> None:
    programs.add("xdg-open", "")
    opened = open_url(url)
    assert not opened.ok
    assert "not a web address" in opened.error
    assert programs.arguments("xdg-open") is None

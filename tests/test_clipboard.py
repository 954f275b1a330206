"""Copying by every way there is, with programs that work, fail, hang, chatter, stay, or are not there."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from paperreader.system.clipboard import OSC52_BYTES, Copied, copy, osc52_sequence
from tests.fakes import Programs

URL = "https://github.com/owner/Name"
SENT = "\x1b]52;c;" + base64.b64encode(URL.encode()).decode() + "\x07"
SHORT = 0.3
"""Seconds for a program that will not answer anyway."""
LONG = 60.0
"""Seconds for one that will, however slow the machine."""


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Programs]:
    for name in ("STY", "WSL_DISTRO_NAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    fakes = Programs(tmp_path, monkeypatch)
    yield fakes
    fakes.close()


@pytest.fixture
def terminal() -> list[str]:
    """What was sent to the terminal."""
    return []


@pytest.fixture
def x11(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":0")


@pytest.mark.usefixtures("x11")
def test_xclip_gets_exactly_the_text(programs: Programs, terminal: list[str]) -> None:
    programs.taking("xclip")
    assert copy(URL, osc52=terminal.append, limit=LONG) == Copied("copied", "xclip")
    assert programs.given("xclip") == URL.encode()
    assert programs.arguments("xclip") == ["-selection", "clipboard"]
    assert terminal == []


@pytest.mark.usefixtures("x11")
@pytest.mark.parametrize(
    "text",
    ["", "naïve 𝒪(n) 中文\n", "--help", "$(touch x) `x` ;", "lone \ud800", "x" * 300_000],
    ids=lambda text: ascii(text[:9]),
)
def test_any_text_arrives_as_it_is(programs: Programs, text: str) -> None:
    programs.taking("xclip")
    assert copy(text, limit=LONG).way == "copied"
    assert programs.given("xclip") == text.encode("utf-8", "replace")


@pytest.mark.usefixtures("x11")
def test_a_program_that_reads_nothing_is_not_waited_for(programs: Programs) -> None:
    programs.add("xclip", "exit 0")
    assert copy("x" * 300_000, limit=LONG).way == "copied"


@pytest.mark.usefixtures("x11")
def test_what_owns_the_selection_in_the_background_is_neither_waited_for_nor_killed(
    programs: Programs,
) -> None:
    programs.taking("xclip", '{ read -r word <"$here/never"; echo "owned" >"$here/alive"; } &\nexit 0')
    assert copy(URL, limit=LONG) == Copied("copied", "xclip")
    programs.release()
    assert programs.heard() == b"owned\n"


@pytest.mark.usefixtures("x11")
def test_chatter_stays_off_the_screen(programs: Programs, capfd: pytest.CaptureFixture[str]) -> None:
    programs.taking("xclip", "echo noise; echo noise >&2; echo noise >/dev/tty")
    copy(URL, limit=LONG)
    assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("x11")
def test_a_failing_program_is_no_copy(programs: Programs, capfd: pytest.CaptureFixture[str]) -> None:
    programs.taking("xclip", "echo 'usage:' >&2; printf 'Error: \\033[2Jno display\\n' >&2; exit 1")
    copied = copy(URL, limit=LONG)
    assert copied.way == "failed"
    assert copied.error == "Nothing took the copy: xclip: Error:  [2Jno display."
    assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("x11")
def test_after_a_failing_program_comes_the_next(programs: Programs) -> None:
    programs.add("xclip", "exit 3")
    programs.taking("xsel")
    assert copy(URL, limit=LONG) == Copied("copied", "xsel", "xclip: it ended with status 3")
    assert programs.given("xsel") == URL.encode()


@pytest.mark.usefixtures("x11")
def test_a_hanging_program_is_killed_with_its_children(programs: Programs, terminal: list[str]) -> None:
    programs.taking("xclip", "(hang) &\nhang")
    programs.taking("xsel")
    copied = copy(URL, osc52=terminal.append, limit=SHORT)
    assert copied == Copied("sent", "terminal", "xclip: it did not answer in time and was ended")
    assert programs.ended()
    assert terminal == [SENT]
    assert programs.given("xsel") is None, "one time limit for all programs together"


@pytest.mark.usefixtures("x11")
@pytest.mark.parametrize("content", [b"no program at all", b"\x7fELF\0\0", b"#!/no/such/interpreter\n"])
def test_a_file_that_is_no_program_is_a_failure(programs: Programs, content: bytes) -> None:
    (programs.folder / "xclip").write_bytes(content)
    (programs.folder / "xclip").chmod(0o755)
    copied = copy(URL, limit=LONG)
    assert copied.way == "failed"
    assert "xclip: " in copied.error


@pytest.mark.usefixtures("x11")
def test_without_a_program_the_terminal_is_asked(programs: Programs, terminal: list[str]) -> None:
    copied = copy(URL, osc52=terminal.append, limit=LONG)
    assert (copied.way, copied.via) == ("sent", "terminal")
    assert terminal == [SENT]


@pytest.mark.usefixtures("x11")
def test_desktops_that_only_pyperclip_knows(programs: Programs) -> None:
    programs.add("klipper", "")
    programs.add("qdbus", 'echo "pyperclip printed this"')
    programs.add("which", "exit 0")
    copied = copy(URL, limit=LONG)
    assert (copied.way, copied.via) == ("copied", "pyperclip")
    assert programs.arguments("qdbus") == ["org.kde.klipper", "/klipper", "setClipboardContents", URL]


def test_on_wayland_its_own_program_comes_first(programs: Programs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    monkeypatch.setenv("DISPLAY", ":0")
    programs.taking("wl-copy")
    programs.taking("xclip")
    assert copy(URL, limit=LONG) == Copied("copied", "wl-copy")
    assert programs.given("wl-copy") == URL.encode()
    programs.add("wl-copy", "exit 1")
    assert copy(URL, limit=LONG).via == "xclip"


def test_under_windows_its_program_gets_its_encoding(
    programs: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WSL_DISTRO_NAME", "Debian")
    programs.taking("clip.exe")
    assert copy(URL, limit=LONG).via == "clip.exe"
    assert programs.given("clip.exe") == URL.encode("utf-16-le")


def test_without_a_display_the_terminal_is_asked(programs: Programs, terminal: list[str]) -> None:
    programs.taking("xclip")
    assert copy(URL, osc52=terminal.append) == Copied("sent", "terminal")
    assert terminal == [SENT]
    assert programs.given("xclip") is None


def test_without_anything_it_says_so(programs: Programs) -> None:
    assert copy(URL) == Copied(
        "failed", "", "Nothing took the copy: no clipboard program was found (wl-copy, xclip or xsel)."
    )


@pytest.mark.usefixtures("x11")
@pytest.mark.parametrize("name", ["SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT"])
def test_over_ssh_the_terminal_is_asked_first(
    programs: Programs, terminal: list[str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "10.0.0.1 5000 10.0.0.2 22")
    programs.taking("xclip")
    assert copy(URL, osc52=terminal.append) == Copied("sent", "terminal")
    assert programs.given("xclip") is None
    assert copy(URL, limit=LONG).via == "xclip", "without a terminal a forwarded display will do"


def test_in_tmux_its_buffer_is_loaded(
    programs: Programs, terminal: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMUX", "/tmp/tmux-0/default,1,0")
    monkeypatch.setenv("SSH_CONNECTION", "10.0.0.1 5000 10.0.0.2 22")
    programs.taking("tmux")
    assert copy(URL, osc52=terminal.append, limit=LONG) == Copied("copied", "tmux")
    assert programs.given("tmux") == URL.encode()
    assert programs.arguments("tmux") == ["load-buffer", "-w", "-"]
    assert terminal == []


@pytest.mark.usefixtures("x11")
def test_in_tmux_on_a_desktop_both_get_it(programs: Programs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMUX", "/tmp/tmux-0/default,1,0")
    programs.taking("tmux")
    programs.taking("xclip")
    assert copy(URL, limit=LONG) == Copied("copied", "tmux and xclip")
    assert programs.given("xclip") == URL.encode()


@pytest.mark.parametrize("how", ["hang", "echo 'unknown flag -w' >&2; exit 1"])
def test_where_tmux_does_not_do_the_terminal_is_asked_through_it(
    programs: Programs, terminal: list[str], monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setenv("TMUX", "/tmp/tmux-0/default,1,0")
    programs.add("tmux", how)
    copied = copy(URL, osc52=terminal.append, limit=SHORT if how == "hang" else LONG)
    assert copied.way == "sent"
    assert copied.error.startswith("tmux: ")
    assert terminal == ["\x1bPtmux;\x1b" + SENT + "\x1b\\" + SENT]


def test_in_screen_the_sequence_is_passed_on_in_pieces(
    programs: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STY", "1234.pts-0.host")
    sequence = osc52_sequence(URL * 30)
    pieces = sequence.removeprefix("\x1bP").removesuffix("\x1b\\").split("\x1b\\\x1bP")
    assert len(pieces) > 3
    assert max(len(piece) for piece in pieces) <= 250
    code = "".join(pieces).removeprefix("\x1b]52;c;").removesuffix("\x07")
    assert base64.b64decode(code).decode() == URL * 30


def test_a_text_too_long_for_a_terminal_is_not_sent(programs: Programs, terminal: list[str]) -> None:
    copied = copy("x" * (OSC52_BYTES + 1), osc52=terminal.append)
    assert (copied.way, terminal) == ("failed", [])
    assert "too long" in copied.error


@pytest.mark.parametrize("name", ["linux", "dumb"])
def test_a_terminal_without_a_clipboard_is_not_asked(
    programs: Programs, terminal: list[str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("TERM", name)
    assert copy(URL, osc52=terminal.append).way == "failed"
    assert terminal == []


def test_a_terminal_that_is_gone_is_a_failure(programs: Programs) -> None:
    def gone(sequence: str) -> None:
        raise BrokenPipeError(32, "Broken pipe")

    assert copy(URL, osc52=gone) == Copied("failed", "", "Nothing took the copy: terminal: broken pipe.")


QUITTING = """
import sys, threading
from paperreader.system.clipboard import copy
threading.Thread(target=copy, args=("text",), kwargs={"limit": 3600.0}, daemon=True).start()
open(sys.argv[1]).read()
"""


@pytest.mark.usefixtures("x11")
def test_quitting_neither_waits_for_a_program_nor_leaves_it_behind(programs: Programs) -> None:
    os.mkfifo(programs.folder / "started")
    programs.taking("xclip", 'exec 9>"$here/alive"; echo >"$here/started"; read -r _ <"$here/never"')
    subprocess.run(
        [sys.executable, "-c", QUITTING, str(programs.folder / "started")],
        check=True,
        timeout=60,
        capture_output=True,
    )
    assert programs.ended()


# One way alone, as the settings may say


@pytest.mark.usefixtures("x11")
@pytest.mark.parametrize(
    ("way", "copied"),
    [
        ("tmux", Copied("copied", "tmux")),
        ("desktop", Copied("copied", "xclip")),
        ("osc52", Copied("sent", "terminal")),
    ],
)
def test_a_chosen_way_is_the_only_one_taken(programs, terminal, way, copied):
    programs.taking("tmux")
    programs.taking("xclip")
    assert copy(URL, osc52=terminal.append, limit=LONG, way=way) == copied
    assert len(terminal) == (way == "osc52")


@pytest.mark.parametrize("way", ["tmux", "desktop", "osc52"])
def test_a_chosen_way_that_does_not_work_is_a_failure_that_names_it(programs, way):
    copied = copy(URL, osc52=None, limit=LONG, way=way)
    assert copied.way == "failed"
    assert f'way = "{way}"' in copied.error
    assert "no clipboard program" in copied.error or "terminal" in copied.error or "tmux" in copied.error

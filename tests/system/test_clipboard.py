"""Copying by every method, with programs that work, fail, hang, print, stay, or are missing."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from paperreader.system.clipboard import MAX_OSC52_BYTES, CopyResult, copy_text, osc52_sequence
from tests.fakes import FakePrograms
from tests.waiting import TIMEOUT_SECONDS

URL = "https://github.com/owner/Name"
SENT = "\x1b]52;c;" + base64.b64encode(URL.encode()).decode() + "\x07"
SHORT_TIMEOUT = 0.3
"""For a program that never responds."""
LONG_TIMEOUT = 60.0
"""For a program that responds, even on a slow machine."""


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakePrograms]:
    for name in ("STY", "WSL_DISTRO_NAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    fakes = FakePrograms(tmp_path, monkeypatch)
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
def test_xclip_gets_exactly_the_text(programs: FakePrograms, terminal: list[str]) -> None:
    programs.add_consumer("xclip")
    assert copy_text(URL, osc52=terminal.append, timeout=LONG_TIMEOUT) == CopyResult("copied", "xclip")
    assert programs.received_input("xclip") == URL.encode()
    assert programs.arguments("xclip") == ["-selection", "clipboard"]
    assert terminal == []


@pytest.mark.usefixtures("x11")
@pytest.mark.parametrize(
    "text",
    ["", "naïve 𝒪(n) 中文\n", "--help", "$(touch x) `x` ;", "lone \ud800", "x" * 300_000],
    ids=lambda text: ascii(text[:9]),
)
def test_any_text_is_copied_unchanged(programs: FakePrograms, text: str) -> None:
    programs.add_consumer("xclip")
    assert copy_text(text, timeout=LONG_TIMEOUT).outcome == "copied"
    assert programs.received_input("xclip") == text.encode("utf-8", "replace")


@pytest.mark.usefixtures("x11")
def test_program_that_reads_no_input_does_not_block(programs: FakePrograms) -> None:
    programs.add("xclip", "exit 0")
    assert copy_text("x" * 300_000, timeout=LONG_TIMEOUT).outcome == "copied"


@pytest.mark.usefixtures("x11")
def test_background_owner_of_the_selection_keeps_running(
    programs: FakePrograms,
) -> None:
    programs.add_consumer("xclip", '{ read -r word <"$here/never"; echo "owned" >"$here/alive"; } &\nexit 0')
    assert copy_text(URL, timeout=LONG_TIMEOUT) == CopyResult("copied", "xclip")
    programs.release_hanging()
    assert programs.read_alive() == b"owned\n"


@pytest.mark.usefixtures("x11")
def test_output_of_programs_is_not_shown(programs: FakePrograms, capfd: pytest.CaptureFixture[str]) -> None:
    programs.add_consumer("xclip", "echo noise; echo noise >&2; echo noise >/dev/tty")
    copy_text(URL, timeout=LONG_TIMEOUT)
    assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("x11")
def test_failing_program_is_reported(programs: FakePrograms, capfd: pytest.CaptureFixture[str]) -> None:
    programs.add_consumer("xclip", "echo 'usage:' >&2; printf 'Error: \\033[2Jno display\\n' >&2; exit 1")
    copied = copy_text(URL, timeout=LONG_TIMEOUT)
    assert copied.outcome == "failed"
    assert copied.error == "Copying failed: xclip: Error:  [2Jno display."
    assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("x11")
def test_next_program_is_tried_after_a_failure(programs: FakePrograms) -> None:
    programs.add("xclip", "exit 3")
    programs.add_consumer("xsel")
    assert copy_text(URL, timeout=LONG_TIMEOUT) == CopyResult(
        "copied", "xsel", "xclip: it ended with status 3"
    )
    assert programs.received_input("xsel") == URL.encode()


@pytest.mark.usefixtures("x11")
def test_hanging_program_is_killed_with_its_children(programs: FakePrograms, terminal: list[str]) -> None:
    programs.add_consumer("xclip", "(hang) &\nhang")
    programs.add_consumer("xsel")
    copied = copy_text(URL, osc52=terminal.append, timeout=SHORT_TIMEOUT)
    assert copied == CopyResult("sent", "terminal", "xclip: it did not respond in time and was stopped")
    assert programs.wait_ended()
    assert terminal == [SENT]
    assert programs.received_input("xsel") is None, "the timeout is for all programs together"


@pytest.mark.usefixtures("x11")
@pytest.mark.parametrize("content", [b"no program at all", b"\x7fELF\0\0", b"#!/no/such/interpreter\n"])
def test_invalid_executable_is_a_failure(programs: FakePrograms, content: bytes) -> None:
    (programs.folder / "xclip").write_bytes(content)
    (programs.folder / "xclip").chmod(0o755)
    copied = copy_text(URL, timeout=LONG_TIMEOUT)
    assert copied.outcome == "failed"
    assert "xclip: " in copied.error


@pytest.mark.usefixtures("x11")
def test_terminal_is_used_without_a_program(programs: FakePrograms, terminal: list[str]) -> None:
    copied = copy_text(URL, osc52=terminal.append, timeout=LONG_TIMEOUT)
    assert (copied.outcome, copied.programs) == ("sent", "terminal")
    assert terminal == [SENT]


@pytest.mark.usefixtures("x11")
def test_pyperclip_is_used_on_other_desktops(programs: FakePrograms) -> None:
    programs.add("klipper", "")
    programs.add("qdbus", 'echo "pyperclip printed this"')
    programs.add("which", "exit 0")
    copied = copy_text(URL, timeout=LONG_TIMEOUT)
    assert (copied.outcome, copied.programs) == ("copied", "pyperclip")
    assert programs.arguments("qdbus") == ["org.kde.klipper", "/klipper", "setClipboardContents", URL]


def test_wl_copy_has_priority_on_wayland(programs: FakePrograms, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    monkeypatch.setenv("DISPLAY", ":0")
    programs.add_consumer("wl-copy")
    programs.add_consumer("xclip")
    assert copy_text(URL, timeout=LONG_TIMEOUT) == CopyResult("copied", "wl-copy")
    assert programs.received_input("wl-copy") == URL.encode()
    programs.add("wl-copy", "exit 1")
    assert copy_text(URL, timeout=LONG_TIMEOUT).programs == "xclip"


def test_clip_exe_gets_utf_16(programs: FakePrograms, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WSL_DISTRO_NAME", "Debian")
    programs.add_consumer("clip.exe")
    assert copy_text(URL, timeout=LONG_TIMEOUT).programs == "clip.exe"
    assert programs.received_input("clip.exe") == URL.encode("utf-16-le")


def test_terminal_is_used_without_a_display(programs: FakePrograms, terminal: list[str]) -> None:
    programs.add_consumer("xclip")
    assert copy_text(URL, osc52=terminal.append) == CopyResult("sent", "terminal")
    assert terminal == [SENT]
    assert programs.received_input("xclip") is None


def test_failure_of_all_methods_is_reported(programs: FakePrograms) -> None:
    assert copy_text(URL) == CopyResult(
        "failed", "", "Copying failed: no clipboard program was found (wl-copy, xclip or xsel)."
    )


@pytest.mark.usefixtures("x11")
@pytest.mark.parametrize("name", ["SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT"])
def test_terminal_has_priority_over_ssh(
    programs: FakePrograms, terminal: list[str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "10.0.0.1 5000 10.0.0.2 22")
    programs.add_consumer("xclip")
    assert copy_text(URL, osc52=terminal.append) == CopyResult("sent", "terminal")
    assert programs.received_input("xclip") is None
    assert copy_text(URL, timeout=LONG_TIMEOUT).programs == "xclip", (
        "a forwarded display is used if there is no terminal"
    )


def test_tmux_buffer_is_loaded_in_tmux(
    programs: FakePrograms, terminal: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMUX", "/tmp/tmux-0/default,1,0")
    monkeypatch.setenv("SSH_CONNECTION", "10.0.0.1 5000 10.0.0.2 22")
    programs.add_consumer("tmux")
    assert copy_text(URL, osc52=terminal.append, timeout=LONG_TIMEOUT) == CopyResult("copied", "tmux")
    assert programs.received_input("tmux") == URL.encode()
    assert programs.arguments("tmux") == ["load-buffer", "-w", "-"]
    assert terminal == []


@pytest.mark.usefixtures("x11")
def test_tmux_and_desktop_both_get_the_text(programs: FakePrograms, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMUX", "/tmp/tmux-0/default,1,0")
    programs.add_consumer("tmux")
    programs.add_consumer("xclip")
    assert copy_text(URL, timeout=LONG_TIMEOUT) == CopyResult("copied", "tmux and xclip")
    assert programs.received_input("xclip") == URL.encode()


@pytest.mark.parametrize("how", ["hang", "echo 'unknown flag -w' >&2; exit 1"])
def test_terminal_is_used_through_tmux_if_its_buffer_fails(
    programs: FakePrograms, terminal: list[str], monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setenv("TMUX", "/tmp/tmux-0/default,1,0")
    programs.add("tmux", how)
    copied = copy_text(URL, osc52=terminal.append, timeout=SHORT_TIMEOUT if how == "hang" else LONG_TIMEOUT)
    assert copied.outcome == "sent"
    assert copied.error.startswith("tmux: ")
    assert terminal == ["\x1bPtmux;\x1b" + SENT + "\x1b\\" + SENT]


def test_sequence_is_split_for_gnu_screen(programs: FakePrograms, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STY", "1234.pts-0.host")
    sequence = osc52_sequence(URL * 30)
    pieces = sequence.removeprefix("\x1bP").removesuffix("\x1b\\").split("\x1b\\\x1bP")
    assert len(pieces) > 3
    assert max(len(piece) for piece in pieces) <= 250
    code = "".join(pieces).removeprefix("\x1b]52;c;").removesuffix("\x07")
    assert base64.b64decode(code).decode() == URL * 30


def test_text_too_long_for_the_terminal_is_not_sent(programs: FakePrograms, terminal: list[str]) -> None:
    copied = copy_text("x" * (MAX_OSC52_BYTES + 1), osc52=terminal.append)
    assert (copied.outcome, terminal) == ("failed", [])
    assert "too long" in copied.error


@pytest.mark.parametrize("name", ["linux", "dumb"])
def test_terminal_without_a_clipboard_is_not_used(
    programs: FakePrograms, terminal: list[str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("TERM", name)
    assert copy_text(URL, osc52=terminal.append).outcome == "failed"
    assert terminal == []


def test_closed_terminal_is_a_failure(programs: FakePrograms) -> None:
    def gone(sequence: str) -> None:
        raise BrokenPipeError(32, "Broken pipe")

    assert copy_text(URL, osc52=gone) == CopyResult("failed", "", "Copying failed: terminal: broken pipe.")


QUITTING = """
import sys, threading
from paperreader.system.clipboard import copy_text
threading.Thread(target=copy_text, args=("text",), kwargs={"timeout": 3600.0}, daemon=True).start()
open(sys.argv[1]).read()
"""


@pytest.mark.usefixtures("x11")
def test_quitting_kills_a_running_program(programs: FakePrograms) -> None:
    os.mkfifo(programs.folder / "started")
    programs.add_consumer("xclip", 'exec 9>"$here/alive"; echo >"$here/started"; read -r _ <"$here/never"')
    subprocess.run(
        [sys.executable, "-c", QUITTING, str(programs.folder / "started")],
        check=True,
        timeout=TIMEOUT_SECONDS,
        capture_output=True,
    )
    assert programs.wait_ended()


# One method, as configured


@pytest.mark.usefixtures("x11")
@pytest.mark.parametrize(
    ("way", "copied"),
    [
        ("tmux", CopyResult("copied", "tmux")),
        ("desktop", CopyResult("copied", "xclip")),
        ("osc52", CopyResult("sent", "terminal")),
    ],
)
def test_configured_method_is_the_only_one_used(programs, terminal, way, copied):
    programs.add_consumer("tmux")
    programs.add_consumer("xclip")
    assert copy_text(URL, osc52=terminal.append, timeout=LONG_TIMEOUT, method=way) == copied
    assert len(terminal) == (way == "osc52")


@pytest.mark.parametrize("way", ["tmux", "desktop", "osc52"])
def test_failure_of_a_configured_method_names_it(programs, way):
    copied = copy_text(URL, osc52=None, timeout=LONG_TIMEOUT, method=way)
    assert copied.outcome == "failed"
    assert f'way = "{way}"' in copied.error
    assert "no clipboard program" in copied.error or "terminal" in copied.error or "tmux" in copied.error

"""Commands of the user: a program that reads papers on standard input, and what it prints."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from paperreader.errors import PaperreaderError
from paperreader.system.program_output import OutputCancelled, OutputTooLong, read_output
from paperreader.system.shell_words import ShellCommand
from paperreader.system.subprocesses import anonymous_file

MAX_USER_OUTPUT_BYTES = 1 << 20
"""More than one reads in a pane or in a note."""

_TAB_SIZE = 8
_ESCAPE_SEQUENCE = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\x07\x1b\n]*(?:\x07|\x1b\\)?|[ -/]*[0-~])|\x9b[0-?]*[ -/]*[@-~]"
)
"""Control sequences and control strings (ECMA-48, sections 5.4 and 5.6), such as colors."""


class ProgramResult(Struct, frozen=True):
    """How a command ended, and what it printed, as text."""

    output: str
    failure: str = ""
    """What went wrong, as a sentence without full stop; empty for success."""
    is_cancelled: bool = False


def run_program(
    command: ShellCommand, data: str, *, timeout: float, is_cancelled: Callable[[], bool]
) -> ProgramResult:
    """Run a command in a session without a terminal. It gets `data` on standard input only.

    What it prints on standard error follows its output if it fails. Blocks until it has ended or is stopped.

    Raises:
        PaperreaderError: it cannot be started.
    """
    program = command.words[0]
    name = Path(program).name
    try:
        with anonymous_file(data.encode("utf-8", "replace")) as stdin:
            found = read_output(
                command.words,
                timeout=timeout,
                stdin=stdin,
                variables=command.variables,
                max_bytes=MAX_USER_OUTPUT_BYTES,
                own_session=True,
                is_cancelled=is_cancelled,
            )
    except OutputCancelled:
        return ProgramResult("", f"{name} was cancelled", True)
    except TimeoutError:
        return ProgramResult("", f"{name} was stopped after {timeout:g} seconds")
    except OutputTooLong:
        limit = MAX_USER_OUTPUT_BYTES >> 20
        return ProgramResult("", f"{name} printed more than {limit} MB and was stopped")
    except (OSError, ValueError) as error:
        reason = (error.strerror or str(error)).lower() if isinstance(error, OSError) else str(error)
        raise PaperreaderError(f"Cannot start {program}: {reason}.") from error
    output = plain_text(found.stdout)
    if not found.status:
        return ProgramResult(output)
    how = f"was ended by signal {-found.status}" if found.status < 0 else f"exited with status {found.status}"
    return ProgramResult("\n".join(filter(None, (output, plain_text(found.stderr)))), f"{name} {how}")


def plain_text(data: bytes) -> str:
    """Return output as text without control sequences and control characters, and without blank lines at its ends."""
    from paperreader.text.sanitize import clean_output

    text = _ESCAPE_SEQUENCE.sub("", data.decode("utf-8", "replace"))
    lines = text.replace("\r\n", "\n").expandtabs(_TAB_SIZE).split("\n")
    return clean_output("\n".join(line.rpartition("\r")[2] for line in lines)).strip("\n").rstrip()

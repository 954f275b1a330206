"""Passwords and keys that a command of the user prints, such as one of a password manager."""

from __future__ import annotations

from collections.abc import Sequence

from paperreader.errors import PaperreaderError
from paperreader.system.program_output import MAX_OUTPUT_BYTES, OutputTooLong, read_output
from paperreader.text.sanitize import single_line

TIMEOUT_SECONDS = 60.0
"""How long the command may take: it may ask the user."""

_MAX_REASON_CHARS = 200


def read_secret(command: Sequence[str], what: str, error_type: type[PaperreaderError]) -> str:
    """Return the first line that a command prints. It is never part of a message.

    Args:
        command: the program and its arguments.
        what: the kind of secret, for messages.
        error_type: of the errors that are raised.

    Raises:
        PaperreaderError: of `error_type`: it cannot be run, fails, or prints nothing.
    """
    name = command[0]
    try:
        printed = read_output(command, timeout=TIMEOUT_SECONDS)
    except TimeoutError as error:
        raise error_type(
            f"The {what} command {name} did not finish within {TIMEOUT_SECONDS:.0f} seconds."
        ) from error
    except OutputTooLong as error:
        raise error_type(
            f"The {what} command {name} printed more than {MAX_OUTPUT_BYTES >> 10} KB, which is no {what}."
        ) from error
    except OSError as error:
        raise error_type(
            f"The {what} command {name} cannot be run: {(error.strerror or '').lower()}."
        ) from error
    if printed.status:
        reason = single_line(printed.stderr.decode("utf-8", "replace"))[:_MAX_REASON_CHARS].rstrip(". ")
        raise error_type(f"The {what} command {name} failed: {reason or f'exit status {printed.status}'}.")
    lines = printed.stdout.decode("utf-8", "replace").splitlines()
    if not lines or not lines[0]:
        raise error_type(f"The {what} command {name} printed no {what}.")
    return lines[0]

"""From arguments to an exit code, with every way of failing told in one sentence and never as a traceback."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress

from paperreader.cli import codes, output
from paperreader.errors import PaperreaderError, UsageError


def run(argv: Sequence[str]) -> int:
    """Do what the arguments (without the program's name) say; returns the exit code and raises nothing."""
    output.prepare()
    try:
        code = _answer(argv)
        output.flush()
    except BrokenPipeError:
        return _leave_quietly()
    except KeyboardInterrupt:
        code = codes.INTERRUPTED
        _complain("Interrupted.")
    except OSError as error:  # the flush: a full disk behind a redirection
        code = codes.FAILED
        _complain(f"The output could not be written: {(error.strerror or str(error)).lower()}.")
    return code


def _answer(argv: Sequence[str]) -> int:
    try:
        from paperreader.cli.parser import parse

        arguments = parse(argv)
        return int(arguments.run(arguments))
    except (BrokenPipeError, KeyboardInterrupt):
        raise
    except SystemExit as leaving:  # argparse, after --help, --version or a mistake
        return leaving.code if isinstance(leaving.code, int) else codes.DONE
    except UsageError as error:
        output.complain(str(error))
        return codes.USAGE
    except PaperreaderError as error:
        output.complain(str(error))
        return codes.FAILED
    except Exception as error:
        from paperreader.cli.crash import sentence_for

        output.complain(sentence_for(error))
        return codes.FAILED


def _complain(sentence: str) -> None:
    with suppress(OSError):
        output.complain(sentence)


def _leave_quietly() -> int:
    """The reader of our output has gone: it took what it wanted, so this is no failure.

    Python flushes standard output once more when it ends, and would complain about the closed pipe: give it another.
    """
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):
            os.dup2(nowhere, stream.fileno())
    return codes.DONE

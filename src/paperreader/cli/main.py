"""From arguments to an exit code, with every way of failing told in one sentence and never as a traceback."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from paperreader.cli import exit_codes, output
from paperreader.cli.output import OutputError
from paperreader.cli.signals import Terminated
from paperreader.errors import PaperreaderError, UsageError


def run(argv: Sequence[str]) -> int:
    """Do what the arguments (without the program's name) say; returns the exit code and raises nothing."""
    output.configure_streams()
    try:
        code = _run_command(argv)
    except BrokenPipeError:  # who read our output took what they wanted: no failure
        code = exit_codes.SUCCESS
    except OutputError as error:
        code = _fail(str(error), exit_codes.FAILURE)
    except Terminated as stop:
        code = _fail(str(stop) or "Ended on request.", exit_codes.TERMINATED)
    except KeyboardInterrupt as stop:
        code = _fail(str(stop) or "Interrupted.", exit_codes.INTERRUPTED)
    output.finish_output()
    return code


def _run_command(argv: Sequence[str]) -> int:
    try:
        from paperreader.cli.parser import parse

        arguments = parse(argv)
        code = int(arguments.run(arguments))
        output.flush()
        return code
    except (BrokenPipeError, OutputError):
        raise
    except SystemExit as leaving:  # argparse, after --help, --version or a mistake
        output.flush()
        return leaving.code if isinstance(leaving.code, int) else exit_codes.SUCCESS
    except PaperreaderError as error:
        for sentence in str(error).splitlines():  # of the settings there may be several
            output.print_error(sentence)
        return exit_codes.USAGE_ERROR if isinstance(error, UsageError) else exit_codes.FAILURE
    except Exception as error:
        from paperreader.cli.crash_log import sentence_for

        output.print_error(sentence_for(error))
        return exit_codes.FAILURE


def _fail(sentence: str, code: int) -> int:
    with suppress(OSError):
        output.print_error(sentence)
    return code

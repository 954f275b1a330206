"""Run the command line, and report every failure in one sentence and an exit code, never as a traceback."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from paperreader.cli import exit_codes, output
from paperreader.cli.output import OutputError
from paperreader.cli.signals import Terminated
from paperreader.errors import PaperreaderError, UsageError


def run(argv: Sequence[str]) -> int:
    """Run the command that the arguments (without the program's name) name. Return the exit code; raise nothing."""
    output.configure_streams()
    try:
        code = _run_command(argv)
    except BrokenPipeError:  # the program that read the output has all it wanted
        code = exit_codes.SUCCESS
    except OutputError as error:
        code = _fail(str(error), exit_codes.FAILURE)
    except Terminated as stop:
        code = _fail(str(stop) or "Terminated.", exit_codes.TERMINATED)
    except KeyboardInterrupt as stop:
        code = _fail(str(stop) or "Interrupted.", exit_codes.INTERRUPTED)
    output.finish_output()
    return code


def _run_command(argv: Sequence[str]) -> int:
    try:
        code = _run_arguments(argv)
        output.flush()
        return code
    except (BrokenPipeError, OutputError):
        raise
    except SystemExit as exit:  # argparse, after --help, --version or a mistake
        output.flush()
        return exit.code if isinstance(exit.code, int) else exit_codes.SUCCESS
    except PaperreaderError as error:
        for message in str(error).splitlines():  # errors in the settings may be several
            output.print_error(message)
        return exit_codes.USAGE_ERROR if isinstance(error, UsageError) else exit_codes.FAILURE
    except OSError as error:
        from paperreader.storage import describe_os_error

        output.print_error(describe_os_error(error))
        return exit_codes.FAILURE
    except Exception as error:
        from paperreader.cli.crash_log import log_exception

        output.print_error(log_exception(error))
        return exit_codes.FAILURE


def _run_arguments(argv: Sequence[str]) -> int:
    if not argv:
        from paperreader.cli.commands.reader import run_without_arguments

        return run_without_arguments()
    from paperreader.cli.parser import parse

    arguments = parse(argv)
    return int(arguments.run(arguments))


def _fail(message: str, code: int) -> int:
    with suppress(OSError):
        output.print_error(message)
    return code

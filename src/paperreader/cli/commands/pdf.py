"""`pdf`: download the PDFs of papers, print their paths, and open them."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from paperreader.cli import exit_codes, output
from paperreader.cli.arguments import add_command
from paperreader.cli.library_access import opened_library
from paperreader.cli.paper_ids import IDS_HELP, read_ids, resolve_versions
from paperreader.cli.progress import ProgressBar
from paperreader.cli.reports import remaining_message
from paperreader.cli.signals import terminate_on_sigterm

if TYPE_CHECKING:
    from paperreader.cli.arguments import Subparsers
    from paperreader.models import Paper


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = add_command(
        subparsers,
        "pdf",
        "download the PDFs of papers, unless they are there already, and print their paths",
        examples=[
            "paperreader pdf --open 2510.02297",
            "paperreader pdf 2510.02297v1",
            "paperreader search 'is:bookmarked has:code' | paperreader pdf -",
            'pdftotext "$(paperreader pdf 2510.02297)" - | less',
        ],
    )
    parser.add_argument(
        "ids",
        metavar="ID",
        nargs="+",
        help=f"{IDS_HELP}; with a version (v1), exactly that one is downloaded",
    )
    parser.add_argument("--open", action="store_true", help="open them with the viewer of the settings")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the path of each PDF as soon as all are there; report the others."""
    ids = read_ids(arguments.ids)
    from paperreader.fetch.pdf.download import download_pdfs

    with opened_library(arguments) as library:
        named, errors = resolve_versions(library, ids)
        papers = [_with_version(library.paper(row), version) for row, version in named]
        with terminate_on_sigterm(), ProgressBar() as bar:
            report = download_pdfs(library, papers, bar)
    for file in report.files:
        output.print_line(file.path)
    output.flush()
    errors += [str(problem) for problem in report.problems]
    if report.remaining:
        errors.append(remaining_message(len(report.remaining)))
    if arguments.open:
        errors += _open([Path(file.path) for file in report.files])
    for message in (*report.warnings, *errors):
        output.print_error(message)
    return exit_codes.FAILURE if errors else exit_codes.SUCCESS


def _with_version(paper: Paper, version: int) -> Paper:
    """Return a paper whose PDF is exactly that version at arXiv (0: the newest one), as a paper of its own."""
    if not version or not paper.arxiv:
        return paper
    from msgspec.structs import replace  # 15 ms, which `--version` does not need

    names = {"id": f"{paper.id}v{version}", "arxiv": f"{paper.arxiv}v{version}"}
    return replace(paper, aliases=(), title=f"{paper.title} v{version}", **names)


def _open(files: Sequence[Path]) -> list[str]:
    """Open files, and return why some could not be opened."""
    from paperreader import config
    from paperreader.system.viewer import open_file

    viewer = config.load_settings(sections=("pdf",)).pdf.viewer
    failures = []
    for path in files:
        result = open_file(path, viewer)
        if result.in_terminal is not None:
            failures += _run_in_terminal(result.in_terminal.words)
        elif not result.ok:
            failures.append(result.error)
    return failures


def _run_in_terminal(words: Sequence[str]) -> list[str]:
    import subprocess

    status = subprocess.run(words, check=False).returncode
    return [f"{words[0]} ended with status {status}."] if status else []

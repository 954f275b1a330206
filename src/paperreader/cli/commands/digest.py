"""`digest`: new papers as a document or a mail."""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from paperreader import paths
from paperreader.cli import exit_codes, output
from paperreader.cli.arguments import add_command, iso_date, whole_number
from paperreader.cli.library_access import ensure_index_current, opened_library
from paperreader.cli.output_files import (
    add_output_options,
    check_destination,
    choose_format,
    goes_to_file,
    write_document,
)
from paperreader.errors import UsageError

if TYPE_CHECKING:
    from paperreader.cli.arguments import Subparsers
    from paperreader.digest.delivery import DeliveryRequest
    from paperreader.digest.digest import Digest
    from paperreader.library import Library
    from paperreader.subscriptions import Subscription

FORMATS = ("markdown", "html", "text", "rss")

FORMATS_BY_EXTENSION = {
    ".txt": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xml": "rss",
    ".rss": "rss",
}
"""Formats that the extension of `--output` chooses."""


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = add_command(
        subparsers,
        "digest",
        "list new papers, grouped by subscription, most voted first",
        examples=[
            "paperreader digest",
            "paperreader digest --since 2025-10-03 --output papers.md",
            "paperreader digest --for-you 10",
            "paperreader digest --subscription Video Robots --output new.html",
            "paperreader digest --output ~/public_html/papers.xml",
            "paperreader digest --mail-to you@example.org --once-a-day",
        ],
    )
    _add_selection(parser)
    parser.add_argument(
        "--format",
        choices=FORMATS,
        help="format of the document (default: by the extension of --output, else text)",
    )
    add_output_options(parser)
    parser.add_argument(
        "--mail-to",
        metavar="ADDRESS",
        action="append",
        default=[],
        help="send it by mail, through the configured mail server (repeatable)",
    )
    parser.add_argument("--once-a-day", action="store_true", help="do nothing if a digest was sent today")
    parser.set_defaults(run=run)


def _add_selection(parser: argparse.ArgumentParser) -> None:
    """Declare the options that choose the papers."""
    parser.add_argument(
        "--since",
        metavar="DATE",
        type=iso_date,
        help="papers of this day (2025-10-03) and later (default: papers added since the last digest)",
    )
    parser.add_argument(
        "--subscription",
        metavar="NAME",
        action="extend",
        nargs="+",
        default=[],
        help="only these subscriptions (default: all; without subscriptions, all papers)",
    )
    parser.add_argument(
        "--everything", action="store_true", help="append the papers that match no subscription"
    )
    parser.add_argument(
        "--for-you",
        metavar="N",
        type=whole_number(1, 50),
        default=0,
        help="list the N papers first that fit your bookmarks best",
    )


def run(arguments: argparse.Namespace) -> int:
    """Build, deliver and record a digest."""
    from paperreader import subscriptions
    from paperreader.digest.delivery import DigestInProgress, deliver
    from paperreader.text.dates import format_long_date

    loaded = subscriptions.load_subscriptions()
    for problem in loaded.problems:
        output.print_error(str(problem))
    send_mail = _mail_sender(arguments) if arguments.mail_to else None
    request = _delivery_request(arguments, loaded.select(arguments.subscription))
    with opened_library(arguments) as library:
        if send_mail is None:
            check_destination(library, arguments)
        send = send_mail or partial(_write, library=library, arguments=arguments)
        settings_queries = library.inbox.rules.queries or (request.watched and library.watch_list.entries)
        if request.for_you or request.subscriptions or settings_queries:
            queries = (each.query for each in request.subscriptions)
            ensure_index_current(library, *queries, *library.inbox.rules.queries)
        now = dt.datetime.now().astimezone()
        try:
            outcome, since = deliver(library, request, send, now=now)
        except DigestInProgress as error:
            _print_outcome(arguments, str(error))
            return exit_codes.SUCCESS
    if outcome == "already sent today":
        _print_outcome(arguments, "A digest was already sent today.")
    elif outcome == "nothing new":
        _print_outcome(arguments, f"No new papers since {format_long_date(since)}.")
    elif outcome == "nothing matches":
        which = "these" if arguments.subscription else "your"
        message = f"No new papers since {format_long_date(since)} match {which} subscriptions"
        _print_outcome(arguments, f"{message}. --everything lists the others.")
    return exit_codes.SUCCESS


def _delivery_request(
    arguments: argparse.Namespace, subscriptions: tuple[Subscription, ...]
) -> DeliveryRequest:
    from paperreader.digest.delivery import DeliveryRequest, destination_key

    if arguments.mail_to:
        place = f"mail {', '.join(sorted(arguments.mail_to))}"
    elif goes_to_file(arguments):
        place = f"file {paths.expand_path(arguments.output).absolute()}"
    else:
        place = f"print {_format(arguments)}"
    return DeliveryRequest(
        destination_key(place, subscriptions, is_filtered=bool(arguments.subscription)),
        subscriptions,
        since=arguments.since,
        include_other_papers=arguments.everything,
        for_you=arguments.for_you,
        watched=not arguments.subscription,
        once_a_day=arguments.once_a_day,
        is_rolling=_format(arguments) == "rss" and arguments.since is None,
    )


def _write(digest: Digest, library: Library, arguments: argparse.Namespace) -> None:
    """Print the document or write it to a file. When this returns, it is complete."""
    from paperreader.digest.render import RENDERERS

    if written := write_document(library, RENDERERS[_format(arguments)](digest), arguments):
        _print_outcome(arguments, f"{_paper_count(digest)} {written}.")
    else:
        output.flush()


def _mail_sender(arguments: argparse.Namespace) -> Callable[[Digest], None]:
    """Return a function that mails a digest. Settings and addresses are checked now, before anything else is done.

    Raises:
        UsageError: the arguments cannot be combined, or an address is invalid.
        PaperreaderError: the mail settings are incomplete.
    """
    from paperreader import config
    from paperreader.digest.mail import smtp
    from paperreader.digest.mail.message import build_message, parse_mail_address

    if arguments.format or arguments.output:
        raise UsageError("A mail has a plain text and an HTML part; remove --format and --output.")
    recipients = [parse_mail_address(text) for text in dict.fromkeys(arguments.mail_to)]
    settings = config.load_settings(sections=("mail",)).mail
    sender = smtp.configured_sender(settings)

    def send(digest: Digest) -> None:
        refused = smtp.send(build_message(digest, sender, recipients), settings)
        accepted = [each.addr_spec for each in recipients if each.addr_spec not in refused]
        _print_outcome(arguments, f"{_paper_count(digest)} sent to {', '.join(accepted)}.")
        if refused:
            output.print_error(f"The mail server refused {', '.join(refused)}.")

    return send


def _paper_count(digest: Digest) -> str:
    """`12 papers`, or `81 of 621 papers` if some are omitted."""
    return f"{digest.count_label} paper{'' if digest.total == 1 else 's'}"


def _print_outcome(arguments: argparse.Namespace, message: str) -> None:
    """Print a message on standard output, or on standard error if the document goes to standard output."""
    if arguments.mail_to or goes_to_file(arguments):
        output.print_line(message)
    else:
        output.print_error(message)


def _format(arguments: argparse.Namespace) -> str:
    """Return the chosen format, else the one of the file extension.

    Raises:
        UsageError: there is neither.
    """
    return choose_format(arguments, FORMATS_BY_EXTENSION, FORMATS, default="text")

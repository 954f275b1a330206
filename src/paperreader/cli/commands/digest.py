"""`digest`: what is new, as a document or a mail."""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from paperreader import paths
from paperreader.cli import exit_codes, output
from paperreader.cli.library_access import ensure_index_current, opened_library
from paperreader.errors import UsageError

if TYPE_CHECKING:
    from paperreader.cli.parser import Subparsers
    from paperreader.digest.delivery import DeliveryRequest
    from paperreader.digest.digest import Digest
    from paperreader.subscriptions import Subscription

FORMATS = ("markdown", "html", "text", "rss")


def add(commands: Subparsers) -> None:
    """Declare the command."""
    from paperreader.cli.parser import add_command

    parser = add_command(
        commands,
        "digest",
        "tell what is new, grouped by subscription, most voted first",
        examples=[
            "paperreader digest",
            "paperreader digest --since 2025-10-03 --format markdown --output papers.md",
            "paperreader digest --subscription Video Robots --format html --output new.html",
            "paperreader digest --format rss --output ~/public_html/papers.xml",
            "paperreader digest --mail-to you@example.org --once-a-day",
        ],
    )
    parser.add_argument(
        "--since",
        metavar="DATE",
        type=_day,
        help="papers of that day (2025-10-03) and later; without it, what came in since the last digest",
    )
    parser.add_argument(
        "--subscription",
        metavar="NAME",
        action="extend",
        nargs="+",
        default=[],
        help="only these subscriptions; without it, all of them, or every paper where there are none",
    )
    parser.add_argument(
        "--everything", action="store_true", help="papers that answer to no subscription as well, at the end"
    )
    parser.add_argument("--format", choices=FORMATS, help="the form of the document (default: text)")
    parser.add_argument("--output", metavar="FILE", help="write to this file instead of standard output")
    parser.add_argument(
        "--mail-to",
        metavar="ADDRESS",
        action="append",
        default=[],
        help="send it as a mail, through the server of the settings (repeatable)",
    )
    parser.add_argument(
        "--once-a-day", action="store_true", help="do nothing where today's digest went out already"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Tell what is new, and remember that it was told."""
    from paperreader import subscriptions
    from paperreader.digest.delivery import deliver
    from paperreader.text.dates import format_long_date

    found = subscriptions.load_subscriptions()
    for problem in found.problems:
        output.print_error(str(problem))
    hand_over = _mail_sender(arguments) if arguments.mail_to else partial(_write, arguments=arguments)
    wish = _delivery_request(arguments, found.select(arguments.subscription))
    with opened_library(arguments) as library:
        if wish.subscriptions:
            ensure_index_current(library)
        now = dt.datetime.now().astimezone()
        outcome, since = deliver(library, wish, hand_over, now=now)
    if outcome == "had today":
        _print_outcome(arguments, "Today's digest went out already.")
    elif outcome == "nothing new":
        _print_outcome(arguments, f"Nothing new since {format_long_date(since)}.")
    return exit_codes.SUCCESS


def _delivery_request(
    arguments: argparse.Namespace, subscriptions: tuple[Subscription, ...]
) -> DeliveryRequest:
    from paperreader.digest.delivery import DeliveryRequest, destination_key

    if arguments.mail_to:
        place = f"mail {', '.join(sorted(arguments.mail_to))}"
    elif arguments.output not in {None, "-"}:
        place = f"file {paths.expand_path(arguments.output).absolute()}"
    else:
        place = f"print {_format(arguments)}"
    return DeliveryRequest(
        destination_key(place, subscriptions, is_filtered=bool(arguments.subscription)),
        subscriptions,
        since=arguments.since,
        include_other_papers=arguments.everything,
        once_a_day=arguments.once_a_day,
        is_rolling=_format(arguments) == "rss" and arguments.since is None,
    )


def _write(digest: Digest, arguments: argparse.Namespace) -> None:
    """Print or write the document; it is out when this returns."""
    from paperreader.digest.render import RENDERERS
    from paperreader.library import write_lines

    lines = RENDERERS[_format(arguments)](digest)
    if arguments.output in {None, "-"}:
        output.force_utf8()
        for text in lines:
            output.print_raw(text)
        output.flush()
    else:
        write_lines(paths.expand_path(arguments.output), lines)
        _print_outcome(arguments, f"{_paper_count(digest)} written to {arguments.output}.")


def _mail_sender(arguments: argparse.Namespace) -> Callable[[Digest], None]:
    """What sends the digest; settings and addresses are looked at before anything else is done.

    Raises:
        UsageError: the arguments do not go together, or an address is none.
        PaperreaderError: the settings do not say how to send a mail.
    """
    from paperreader import config
    from paperreader.digest.mail import message, smtp

    if arguments.format or arguments.output:
        raise UsageError("A mail holds plain text and HTML; leave out --format and --output.")
    recipients = [message.parse_mail_address(text) for text in dict.fromkeys(arguments.mail_to)]
    settings = config.load_settings().mail
    sender = smtp.configured_sender(settings)

    def send(digest: Digest) -> None:
        refused = smtp.send(message.build_message(digest, sender, recipients), settings)
        taken = [each.addr_spec for each in recipients if each.addr_spec not in refused]
        _print_outcome(arguments, f"{_paper_count(digest)} sent to {', '.join(taken)}.")
        if refused:
            output.print_error(f"The mail server refused {', '.join(refused)}; the others have it.")

    return send


def _paper_count(digest: Digest) -> str:
    """`12 papers`, or `81 of 621 papers` where the rest are too many to be told."""
    return f"{digest.count_label} paper{'' if digest.total == 1 else 's'}"


def _print_outcome(arguments: argparse.Namespace, sentence: str) -> None:
    """Say how it went: on standard output, unless the document itself goes there."""
    if arguments.mail_to or arguments.output not in {None, "-"}:
        output.print_line(sentence)
    else:
        output.print_error(sentence)


def _format(arguments: argparse.Namespace) -> str:
    return arguments.format or "text"


def _day(text: str) -> str:
    from paperreader.text.dates import parse_iso

    if parse_iso(text) is None:
        raise argparse.ArgumentTypeError(f"{text} is no day like 2025-10-03")
    return text

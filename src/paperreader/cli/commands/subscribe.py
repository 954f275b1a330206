"""`subscribe`, `subscriptions`, `unsubscribe`: subscriptions (saved searches)."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from paperreader.cli import exit_codes, output
from paperreader.cli.arguments import JSON_LINES_HELP, add_command
from paperreader.cli.library_access import ensure_index_current, opened_library
from paperreader.errors import UsageError

if TYPE_CHECKING:
    from paperreader.cli.arguments import Subparsers
    from paperreader.library import SubscriptionCounts
    from paperreader.subscriptions import Subscription


def add_parser(subparsers: Subparsers) -> None:
    """Declare the three commands."""
    subscribe = add_command(
        subparsers,
        "subscribe",
        "save a search as a subscription",
        examples=[
            "paperreader subscribe Video 'diffusion video has:code'",
            "paperreader subscribe 'Not vision' attention -vision",
        ],
    )
    subscribe.add_argument("name", metavar="NAME", help="a name for the subscription")
    subscribe.add_argument("query", metavar="QUERY", nargs="+", help="words and filters as in the search bar")
    subscribe.add_argument(
        "--force", action="store_true", help="save the search even if a part of it is invalid"
    )
    subscribe.set_defaults(run=run_subscribe)

    subscriptions = add_command(
        subparsers,
        "subscriptions",
        "list subscriptions (saved searches) with the number of matching papers",
        examples=["paperreader subscriptions", "paperreader subscriptions --json | jq -r .name"],
    )
    subscriptions.add_argument("--json", action="store_true", help=JSON_LINES_HELP)
    subscriptions.set_defaults(run=run_subscriptions)

    unsubscribe = add_command(
        subparsers, "unsubscribe", "delete a subscription", examples=["paperreader unsubscribe Video"]
    )
    unsubscribe.add_argument("name", metavar="NAME", help="a name listed by `paperreader subscriptions`")
    unsubscribe.set_defaults(run=run_unsubscribe)


def run_subscribe(arguments: argparse.Namespace) -> int:
    """Save the search.

    Raises:
        UsageError: a part of it is invalid, and `--force` was not given.
    """
    from paperreader import subscriptions
    from paperreader.text.query import parse_query

    query = " ".join(arguments.query)
    if hint := parse_query(query).hint:
        if not arguments.force:
            raise UsageError(f"{hint}. The search was not saved; use --force to save it unchanged.")
        output.print_error(hint)
    entry = subscriptions.add_subscription(arguments.name, query)
    output.print_line(f'Subscribed to "{entry.name}": {entry.query}')
    return exit_codes.SUCCESS


def run_unsubscribe(arguments: argparse.Namespace) -> int:
    """Delete the search, but not its papers."""
    from paperreader import subscriptions

    entry = subscriptions.remove_subscription(arguments.name)
    output.print_line(f'Unsubscribed from "{entry.name}": {entry.query}')
    return exit_codes.SUCCESS


def run_subscriptions(arguments: argparse.Namespace) -> int:
    """Print every subscription with its counts."""
    from paperreader import subscriptions
    from paperreader.library import subscription_counts

    loaded = subscriptions.load_subscriptions()
    for problem in loaded.problems:
        output.print_error(str(problem))
    if not loaded.entries:
        output.print_error("No subscriptions yet. Use `paperreader subscribe NAME QUERY` to save a search.")
        return exit_codes.SUCCESS
    with opened_library(arguments) as library:
        ensure_index_current(library, *(entry.query for entry in loaded.entries))
        counts = subscription_counts(library, loaded.entries)
    _print(loaded.entries, counts, as_json=arguments.json)
    return exit_codes.SUCCESS


def _print(
    entries: Sequence[Subscription], counts: Mapping[str, SubscriptionCounts], *, as_json: bool
) -> None:
    from paperreader.text.cell_width import cell_width

    column = max(cell_width(entry.name) for entry in entries)
    for entry in entries:
        count = counts[entry.name]
        numbers = {"all": count.all, "new": count.new, "unread": count.unread}
        if as_json:
            output.print_json({"name": entry.name, "query": entry.query, **numbers})
            continue
        padding = " " * (column - cell_width(entry.name))
        text = f"{count.all:>7,} {count.new:>6,} new {count.unread:>6,} unread  "
        output.print_line((entry.name, "bold"), padding, text, (entry.query, "muted"))

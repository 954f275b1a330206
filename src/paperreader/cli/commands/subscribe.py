"""`subscribe`, `subscriptions`, `unsubscribe`: saved searches."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from paperreader.cli import exit_codes, output
from paperreader.cli.library_access import ensure_index_current, opened_library
from paperreader.errors import UsageError

if TYPE_CHECKING:
    from paperreader.cli.parser import Subparsers
    from paperreader.library import SubscriptionCounts
    from paperreader.subscriptions import Subscription


def add(commands: Subparsers) -> None:
    """Declare the three commands."""
    from paperreader.cli.parser import add_command

    subscribe = add_command(
        commands,
        "subscribe",
        "keep a search under a name",
        examples=[
            "paperreader subscribe Video 'diffusion video has:code'",
            "paperreader subscribe 'Not vision' -- attention -vision      (words left out: behind --)",
        ],
    )
    subscribe.add_argument("name", metavar="NAME", help="what to call it")
    subscribe.add_argument("query", metavar="QUERY", nargs="+", help="words and filters as in the search bar")
    subscribe.add_argument(
        "--force", action="store_true", help="keep the search though not all of it is understood"
    )
    subscribe.set_defaults(run=run_subscribe)

    listed = add_command(
        commands,
        "subscriptions",
        "list the saved searches, with how many papers answer to each",
        examples=["paperreader subscriptions", "paperreader subscriptions --json | jq -r .name"],
    )
    listed.add_argument("--json", action="store_true", help="print one JSON object a line")
    listed.set_defaults(run=run_subscriptions)

    unsubscribe = add_command(
        commands, "unsubscribe", "forget a saved search", examples=["paperreader unsubscribe Video"]
    )
    unsubscribe.add_argument("name", metavar="NAME", help="a name that `paperreader subscriptions` lists")
    unsubscribe.set_defaults(run=run_unsubscribe)


def run_subscribe(arguments: argparse.Namespace) -> int:
    """Keep the search.

    Raises:
        UsageError: something in it is not understood, and it was not insisted on.
    """
    from paperreader import subscriptions
    from paperreader.text.query import parse_query

    query = " ".join(arguments.query)
    if hint := parse_query(query).hint:
        if not arguments.force:
            raise UsageError(f"{hint}; so the search was not kept (--force keeps it as it is).")
        output.print_error(hint)
    entry = subscriptions.add_subscription(arguments.name, query)
    output.print_line(f"Subscribed to {entry.name}: {entry.query}")
    return exit_codes.SUCCESS


def run_unsubscribe(arguments: argparse.Namespace) -> int:
    """Forget the search; its papers stay."""
    from paperreader import subscriptions

    entry = subscriptions.remove_subscription(arguments.name)
    output.print_line(f"No longer subscribed to {entry.name}: {entry.query}")
    return exit_codes.SUCCESS


def run_subscriptions(arguments: argparse.Namespace) -> int:
    """Print every subscription with its counts."""
    from paperreader import subscriptions
    from paperreader.library import subscription_counts

    found = subscriptions.load_subscriptions()
    for problem in found.problems:
        output.print_error(str(problem))
    if not found.entries:
        output.print_error("No subscriptions yet; `paperreader subscribe NAME QUERY` keeps a search.")
        return exit_codes.SUCCESS
    with opened_library(arguments) as library:
        ensure_index_current(library)
        counts = subscription_counts(library, found.entries)
    _print(found.entries, counts, as_json=arguments.json)
    return exit_codes.SUCCESS


def _print(
    entries: tuple[Subscription, ...], counts: dict[str, SubscriptionCounts], *, as_json: bool
) -> None:
    from paperreader.text.cell_width import cell_width

    column = max(cell_width(entry.name) for entry in entries)
    for entry in entries:
        count = counts[entry.name]
        numbers = {"all": count.all, "new": count.new, "unread": count.unread}
        if as_json:
            output.print_json({"name": entry.name, "query": entry.query, **numbers})
            continue
        pad = " " * (column - cell_width(entry.name))
        told = f"{count.all:>7,} {count.new:>6,} new {count.unread:>6,} unread  "
        output.print_line((entry.name, "strong"), pad, told, (entry.query, "faint"))

"""Build the mail: plain text and HTML in one message (RFC 2046, multipart/alternative)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

from paperreader.digest.digest import Digest
from paperreader.digest.render import RENDERERS
from paperreader.errors import UsageError
from paperreader.text.sanitize import single_line

_MAILBOX = r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?"
"""A mailbox of RFC 5321, without quoted names and IP addresses: no character of it can end a header or a command."""
_ADDRESS = re.compile(rf"(?:(?P<name>[^<>@,;\"]*)<(?P<named>{_MAILBOX})>|(?P<bare>{_MAILBOX}))")


def parse_mail_address(text: str) -> Address:
    """Parse a mail address with or without a name: `ada@example.org`, `Ada <ada@example.org>`.

    Raises:
        UsageError: it is invalid.
    """
    found = _ADDRESS.fullmatch(text.strip()) if text.isprintable() else None
    if found is None:
        raise UsageError(
            f"{single_line(text) or 'An empty text'} is not a mail address; use the form ada@example.org."
        )
    return Address(display_name=single_line(found["name"] or ""), addr_spec=found["named"] or found["bare"])


def build_message(digest: Digest, sender: Address, recipients: Sequence[Address]) -> EmailMessage:
    """Build the mail. Its headers hold only dates, numbers and the given addresses, no text of papers."""
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = recipients
    message["Subject"] = f"{digest.title}: {digest.total:,} new"
    message["Date"] = format_datetime(digest.created_at)
    message["Message-ID"] = make_msgid(domain=sender.domain)
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: prevents out-of-office replies
    message.set_content(_join_lines(RENDERERS["text"](digest)), cte="quoted-printable")
    message.add_alternative(_join_lines(RENDERERS["html"](digest)), subtype="html", cte="quoted-printable")
    return message


def _join_lines(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)

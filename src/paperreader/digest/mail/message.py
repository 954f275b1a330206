"""The digest as a mail: plain text and HTML in one message (RFC 2046, multipart/alternative)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

from paperreader.digest.digest import Digest
from paperreader.digest.render import html as render_html
from paperreader.digest.render import text as render_text
from paperreader.errors import UsageError
from paperreader.text.sanitize import single_line

_MAILBOX = r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?"
"""What RFC 5321 calls a mailbox, without quoted names and bare numbers: nothing in it ends a header or a command."""
_ADDRESS = re.compile(rf"(?:(?P<name>[^<>@,;\"]*)<(?P<named>{_MAILBOX})>|(?P<bare>{_MAILBOX}))")


def parse_mail_address(text: str) -> Address:
    """A mail address, with or without a name: `ada@example.org`, `Ada <ada@example.org>`.

    Raises:
        UsageError: it is none.
    """
    found = _ADDRESS.fullmatch(text.strip()) if text.isprintable() else None
    if found is None:
        raise UsageError(f"{single_line(text) or 'An empty text'} is no mail address like ada@example.org.")
    return Address(display_name=single_line(found["name"] or ""), addr_spec=found["named"] or found["bare"])


def build_message(digest: Digest, sender: Address, recipients: Sequence[Address]) -> EmailMessage:
    """The digest as a mail. Its headers are made of dates, numbers and the given addresses alone."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = sender
    mail["To"] = recipients
    mail["Subject"] = f"{digest.title}: {digest.total:,} new"
    mail["Date"] = format_datetime(digest.created_at)
    mail["Message-ID"] = make_msgid(domain=sender.domain)
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's holiday notice answers it
    mail.set_content(_join_lines(render_text.render(digest)), cte="quoted-printable")
    mail.add_alternative(_join_lines(render_html.render(digest)), subtype="html", cte="quoted-printable")
    return mail


def _join_lines(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)

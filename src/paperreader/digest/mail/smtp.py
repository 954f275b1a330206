"""Send a mail through the configured SMTP server, which gets only the mail and its addresses."""

from __future__ import annotations

import os
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.headerregistry import Address
from email.message import EmailMessage

from paperreader.config.settings import Mail
from paperreader.config.value_types import is_loopback
from paperreader.digest.mail.message import parse_mail_address
from paperreader.errors import MailError, UsageError
from paperreader.system.secret_command import read_secret
from paperreader.text.sanitize import single_line

STEP_TIMEOUT_SECONDS = 30.0
"""How long the server may take for a single step."""

DEFAULT_PORTS = {"tls": 465, "starttls": 587, "none": 25}

_EHLO_NAME = "[127.0.0.1]"
"""Sent in place of the machine's name, which is private and slow to look up."""

_MAX_SERVER_TEXT = 200
"""Characters of a server's reply that are shown."""


def configured_sender(settings: Mail) -> Address:
    """Return the sender of digests: the configured address, else the user name if it is one.

    Raises:
        MailError: neither is a mail address, or no server is configured.
    """
    if not settings.host:
        raise MailError(
            "No mail server configured; set host and from in [mail] of config.toml, and for a login also user and"
            " password_command or password_env."
        )
    try:
        return parse_mail_address(settings.sender or settings.user)
    except UsageError as error:
        raise MailError(
            'No sender configured; set from = "you@example.org" in [mail] of config.toml.'
        ) from error


def send(mail: EmailMessage, settings: Mail) -> tuple[str, ...]:
    """Send the mail to all addresses in its header. Return those that the server refused if it accepted others.

    Raises:
        MailError: it was not sent to any address.
    """
    password = read_password(settings) if settings.user else ""
    with _translate_errors(settings), _connect(settings) as server:
        if settings.user:
            server.login(settings.user, password)
        return tuple(server.send_message(mail))


def read_password(settings: Mail) -> str:
    """Read the password from the configured command or environment variable.

    Raises:
        MailError: there is none.
    """
    if settings.password_command:
        return read_secret(settings.password_command, "password", MailError)
    if not settings.password_env:
        raise MailError(
            "No mail password configured; set password_command or password_env in [mail] of config.toml."
        )
    password = os.environ.get(settings.password_env, "")
    if not password:
        raise MailError(
            f"The environment variable {settings.password_env}, which holds the mail password, is not set."
        )
    return password


@contextmanager
def _connect(settings: Mail) -> Iterator[smtplib.SMTP]:
    """Connect to the server, with TLS unless it is on this machine."""
    if settings.security == "none" and not is_loopback(settings.host):
        raise MailError(
            f'Mail to {settings.host} would be sent unencrypted; set security to "tls" or "starttls".'
        )
    port = settings.port or DEFAULT_PORTS[settings.security]
    context = ssl.create_default_context()
    if settings.security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            settings.host, port, _EHLO_NAME, timeout=STEP_TIMEOUT_SECONDS, context=context
        )
    else:
        server = smtplib.SMTP(settings.host, port, _EHLO_NAME, timeout=STEP_TIMEOUT_SECONDS)
    with server:
        if settings.security == "starttls":
            server.ehlo()
            if not server.has_extn("starttls"):
                raise MailError(
                    f'The mail server {settings.host} offers no STARTTLS, so nothing was sent; try security = "tls".'
                )
            server.starttls(context=context)
        yield server


@contextmanager
def _translate_errors(settings: Mail) -> Iterator[None]:
    """Raise every failure of the body as a `MailError` with one sentence."""
    try:
        yield
    except MailError:
        raise
    except (OSError, smtplib.SMTPException, UnicodeError) as error:
        raise MailError(f"The mail server {settings.host} {_error_text(error, settings)}") from error


_ERROR_TEXTS: tuple[tuple[type[Exception], str], ...] = (
    (smtplib.SMTPAuthenticationError, "rejected user and password: {reply}."),
    (smtplib.SMTPRecipientsRefused, "refused all addresses: {reply}."),
    (smtplib.SMTPSenderRefused, "refused the sender: {reply}."),
    (smtplib.SMTPServerDisconnected, "closed the connection before the mail was sent; try again later."),
    (smtplib.SMTPResponseException, "rejected the mail: {reply}."),
    (smtplib.SMTPException, "does not support a required feature: {reply}."),
    (
        UnicodeEncodeError,
        "accepts user and password in ASCII only; change them there and in the settings.",
    ),
    (ssl.SSLCertVerificationError, "has a certificate that is not trusted: {reply}."),
    (ssl.SSLError, 'does not use TLS on port {port}; check port, and try security = "starttls".'),
    (socket.gaierror, "was not found; check host in the settings, and the network."),
    (UnicodeError, "has an invalid name; check host in the settings."),
    (
        TimeoutError,
        "did not respond within {seconds:.0f} seconds; check host, port and security, or try again later.",
    ),
    (ConnectionRefusedError, "refused the connection on port {port}; check port in the settings."),
    (OSError, "cannot be reached: {reply}."),
)
"""Errors, subclasses before their bases, and how the sentence about the server goes on."""


def _error_text(error: Exception, settings: Mail) -> str:
    if isinstance(error, smtplib.SMTPServerDisconnected) and isinstance(error.__context__, TimeoutError):
        error = error.__context__  # smtplib reports a timeout as a closed connection
    if isinstance(error, UnicodeEncodeError) and error.encoding == "idna":
        # The host is wrong, not the login. Which of both errors Python raises depends on its version.
        error = UnicodeError(str(error))
    text = next(text for kind, text in _ERROR_TEXTS if isinstance(error, kind))
    port = settings.port or DEFAULT_PORTS[settings.security]
    return text.format(reply=_server_text(error), port=port, seconds=STEP_TIMEOUT_SECONDS)


def _server_text(error: Exception) -> str:
    """Return the reply of the server, or the message of the operating system."""
    match error:
        case smtplib.SMTPRecipientsRefused():
            return _shorten(
                "; ".join(f"{address} {_decode(why)}" for address, (_, why) in error.recipients.items())
            )
        case smtplib.SMTPResponseException():
            return _shorten(f"{error.smtp_code} {_decode(error.smtp_error)}")
        case ssl.SSLCertVerificationError():
            return _shorten(error.verify_message)
        case OSError():
            return _shorten(error.strerror or str(error)).lower()
    return _shorten(str(error))


def _decode(reply: bytes | str) -> str:
    return reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply


def _shorten(text: str) -> str:
    """Return the text of a server or program on one line, without its full stop."""
    return single_line(text)[:_MAX_SERVER_TEXT].rstrip(". ")

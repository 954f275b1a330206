"""Handing a mail to the server of the settings. Nothing but the addresses and the mail itself is told to it."""

from __future__ import annotations

import os
import smtplib
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from email.headerregistry import Address
from email.message import EmailMessage

from paperreader.config.settings import Mail
from paperreader.config.value_types import is_loopback
from paperreader.digest.mail.message import parse_mail_address
from paperreader.errors import MailError, UsageError
from paperreader.text.sanitize import single_line

SECONDS = 30.0
"""How long the server may take for any one step."""

PASSWORD_TIMEOUT_SECONDS = 60.0
"""How long the password command may take: it may have to ask somebody."""

DEFAULT_PORTS = {"tls": 465, "starttls": 587, "none": 25}
"""The usual ones."""

_EHLO_NAME = "[127.0.0.1]"
"""How we greet: the machine's name is nobody's business, and looking it up takes time."""

_MAX_SERVER_TEXT = 200
"""Characters of what a server says that are told."""


def configured_sender(settings: Mail) -> Address:
    """The address that digests come from: the one set, else the user's.

    Raises:
        MailError: neither is a mail address, or no server is set.
    """
    if not settings.host:
        raise MailError("No mail server is set; give [mail] a host, a user and a password in config.toml.")
    try:
        return parse_mail_address(settings.sender or settings.user)
    except UsageError as error:
        raise MailError('No sender is set; give [mail] a from = "you@example.org" in config.toml.') from error


def send(mail: EmailMessage, settings: Mail) -> tuple[str, ...]:
    """Send the mail to everybody in its header. Gives the addresses that the server refused, where it took others.

    Raises:
        MailError: it was not sent to anybody.
    """
    password = read_password(settings) if settings.user else ""
    with _translate_errors(settings), _connect(settings) as server:
        if settings.user:
            server.login(settings.user, password)
        return tuple(server.send_message(mail))


def read_password(settings: Mail) -> str:
    """The password, from the command or the environment.

    Raises:
        MailError: there is none.
    """
    if settings.password_command:
        return _run_password_command(settings.password_command)
    if not settings.password_env:
        raise MailError(
            "No password is set for the mail server; give [mail] a password_command or password_env in config.toml."
        )
    password = os.environ.get(settings.password_env, "")
    if not password:
        raise MailError(
            f"The environment variable {settings.password_env} holds no password for the mail server."
        )
    return password


def _run_password_command(command: tuple[str, ...]) -> str:
    """The first line that a program prints."""
    name = command[0]
    try:
        ran = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PASSWORD_TIMEOUT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise MailError(
            f"The password command {name} did not answer within {PASSWORD_TIMEOUT_SECONDS:.0f} seconds."
        ) from error
    except OSError as error:
        raise MailError(
            f"The password command {name} cannot be run: {(error.strerror or '').lower()}."
        ) from error
    if ran.returncode:
        said = _shorten(ran.stderr.decode("utf-8", "replace")) or f"it ended with status {ran.returncode}"
        raise MailError(f"The password command {name} failed: {said}.")
    lines = ran.stdout.decode("utf-8", "replace").splitlines()
    if not lines or not lines[0]:
        raise MailError(f"The password command {name} printed no password.")
    return lines[0]


@contextmanager
def _connect(settings: Mail) -> Iterator[smtplib.SMTP]:
    """The server, behind TLS unless it is this machine."""
    if settings.security == "none" and not is_loopback(settings.host):
        raise MailError(
            f'Mail to {settings.host} would be readable on its way; set security to "tls" or "starttls".'
        )
    port = settings.port or DEFAULT_PORTS[settings.security]
    context = ssl.create_default_context()
    if settings.security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            settings.host, port, _EHLO_NAME, timeout=SECONDS, context=context
        )
    else:
        server = smtplib.SMTP(settings.host, port, _EHLO_NAME, timeout=SECONDS)
    with server:
        if settings.security == "starttls":
            server.ehlo()
            if not server.has_extn("starttls"):
                raise MailError(
                    f"The mail server {settings.host} offers no STARTTLS, so nothing was sent;"
                    ' security = "tls" may be what it wants.'
                )
            server.starttls(context=context)
        yield server


@contextmanager
def _translate_errors(settings: Mail) -> Iterator[None]:
    """Every way of failing, in one sentence."""
    try:
        yield
    except MailError:
        raise
    except (OSError, smtplib.SMTPException, UnicodeError) as error:
        server = f"The mail server {settings.host}"
        raise MailError(f"{server} {_error_text(error, settings)}") from error


_ERROR_TEXTS: tuple[tuple[type[Exception], str], ...] = (
    (smtplib.SMTPAuthenticationError, "did not accept user and password: {said}."),
    (smtplib.SMTPRecipientsRefused, "refused every address: {said}."),
    (smtplib.SMTPSenderRefused, "refused the sender: {said}."),
    (smtplib.SMTPServerDisconnected, "closed the connection before the mail was sent; try again later."),
    (smtplib.SMTPResponseException, "did not take the mail: {said}."),
    (smtplib.SMTPException, "cannot do what is asked of it: {said}."),
    (
        UnicodeEncodeError,
        "can be told user and password in ASCII alone; change them there and in the settings.",
    ),
    (ssl.SSLCertVerificationError, "shows a certificate that is not to be trusted: {said}."),
    (ssl.SSLError, 'speaks no TLS on port {port}; check port, and whether security should be "starttls".'),
    (socket.gaierror, "is not known by that name; check host in the settings, and the network."),
    (UnicodeError, "cannot have that name; check host in the settings."),
    (
        TimeoutError,
        "did not answer within {seconds:.0f} seconds; check host, port and security, or try later.",
    ),
    (ConnectionRefusedError, "takes no connections on port {port}; check port in the settings."),
    (OSError, "cannot be reached: {said}."),
)
"""Ways of failing, the special before the general, and what is said of the server then."""


def _error_text(error: Exception, settings: Mail) -> str:
    if isinstance(error, smtplib.SMTPServerDisconnected) and isinstance(error.__context__, TimeoutError):
        error = error.__context__  # smtplib takes every silence for a hang-up
    sentence = next(sentence for kind, sentence in _ERROR_TEXTS if isinstance(error, kind))
    port = settings.port or DEFAULT_PORTS[settings.security]
    return sentence.format(said=_server_text(error), port=port, seconds=SECONDS)


def _server_text(error: Exception) -> str:
    """What the server or the system had to say."""
    match error:
        case smtplib.SMTPRecipientsRefused():
            return _shorten("; ".join(f"{who} {_decode(why)}" for who, (_, why) in error.recipients.items()))
        case smtplib.SMTPResponseException():
            return _shorten(f"{error.smtp_code} {_decode(error.smtp_error)}")
        case ssl.SSLCertVerificationError():
            return _shorten(error.verify_message)
        case OSError():
            return _shorten(error.strerror or str(error)).lower()
    return _shorten(str(error))


def _decode(said: bytes | str) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said


def _shorten(text: str) -> str:
    """What a server or program said, on one line, without its full stop."""
    return single_line(text)[:_MAX_SERVER_TEXT].rstrip(". ")

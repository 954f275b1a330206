"""A real mail server on loopback, with a self-made certificate."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as POLICY
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword

PASSWORD = "opensesame-7"


@dataclass
class MailServer:
    """The behavior of a server, and what it received."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    refuse: frozenset[str] = frozenset()
    """Recipients that it refuses."""
    data_reply: str = "250 OK"
    """The reply to DATA."""

    async def handle_EHLO(
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.commands.append(f"EHLO {hostname}")
        return responses

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Envelope, address: str, options: Any
    ) -> str:
        if address in self.refuse:
            return "550 nobody of\x1b[31m that name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:
        if self.data_reply.startswith("250"):
            self.raw.append(envelope.content)
            self.mails.append(message_from_bytes(envelope.content, policy=POLICY))
        return self.data_reply

    def sign_in(
        self, server: Any, session: Any, envelope: Any, mechanism: str, given: LoginPassword
    ) -> AuthResult:
        self.commands.append(f"AUTH {mechanism}")
        return AuthResult(
            success=given.login == b"ada" and given.password == PASSWORD.encode(), handled=False
        )


@contextmanager
def running_server(server: MailServer, security: str, certificate: ssl.SSLContext) -> Iterator[MailServer]:
    """Run the server in a thread for the body: `tls`, `starttls`, or `none`."""

    def protocol() -> SMTP:
        return SMTP(
            server,
            hostname="localhost",
            tls_context=certificate if security == "starttls" else None,
            require_starttls=security == "starttls",
            authenticator=server.sign_in,
            auth_required=security == "starttls",  # it would warn of passwords that TLS protects all the same
            auth_require_tls=security == "starttls",
        )

    with listening_on_loopback(protocol, certificate if security == "tls" else None) as port:
        server.port = port
        yield server


@contextmanager
def listening_on_loopback(protocol: Any, certificate: ssl.SSLContext | None = None) -> Iterator[int]:
    """Serve a protocol on a free port of 127.0.0.1 for the body; yield the port."""
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(loop.create_server(protocol, "127.0.0.1", 0, ssl=certificate))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        server.close()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()

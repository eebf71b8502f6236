"""Mail servers for the tests: the sandbox's, Debian's dovecot, and a plain aiosmtpd."""

import asyncio
import imaplib
import os
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from adapters.email import Email
from sandbox.faults import Faults
from sandbox.ledger import Ledger
from sandbox.mail import PASSWORD, PostOffice, serving_mail
from sandbox.mail.post_office import BRAND
from tests.adapters.email.dovecot import PASSWORD as REAL_PASSWORD
from tests.adapters.email.dovecot import PROGRAM, USER, dovecot
from tests.adapters.email.made import KEY, FrozenClock, words

HERE = "127.0.0.1"


@dataclass
class MailServer:
    """A mailbox, how to add mails to it, and our adapter's settings for it."""

    imap_url: str
    put: Callable[[bytes], None]
    put_sent: Callable[[bytes], None]
    smtp_url: str = f"smtp://{HERE}:9"
    office: PostOffice | None = None

    def email(self, *, idle: bool = True, imap_url: str | None = None, smtp_url: str | None = None) -> Email:
        """Create our adapter, connected to this server."""
        return Email(
            smtp_url=smtp_url or self.smtp_url,
            imap_url=imap_url or self.imap_url,
            sender=f"Acme Support <{BRAND}>",
            secret_key=KEY,
            words=words(),
            clock=FrozenClock(),
            public_url="https://help.acme.example",
            idle=idle,
        )


@asynccontextmanager
async def sandbox_server() -> AsyncIterator[MailServer]:
    """Serve the sandbox's IMAP and SMTP while the block runs."""
    office = PostOffice(Ledger(), Faults())
    async with serving_mail(office):
        login = f"{quote(BRAND)}:{PASSWORD}@{HERE}"
        yield MailServer(
            imap_url=f"imap://{login}:{office.imap_port}",
            smtp_url=f"smtp://{login}:{office.smtp_port}",
            put=lambda content: _discard(office.brand.inbox.add(content, office.clock())),
            put_sent=lambda content: _discard(office.brand.sent.add(content, office.clock())),
            office=office,
        )


@asynccontextmanager
async def dovecot_server(folder: Path) -> AsyncIterator[MailServer]:
    """Serve Debian's dovecot while the block runs. Where it is missing, CI fails and other machines skip."""
    if PROGRAM is None:
        if os.environ.get("CI"):
            pytest.fail("dovecot is not installed; .ci/run installs it")
        pytest.skip("dovecot is not installed")
    async with dovecot(folder) as port:
        yield MailServer(
            imap_url=f"imap://{quote(USER)}:{quote(REAL_PASSWORD, safe='')}@{HERE}:{port}",
            put=lambda content: _append(port, "INBOX", content),
            put_sent=lambda content: _append(port, "Sent", content),
        )


@dataclass
class RecordingSmtpServer:
    """Record the mails it accepts; answer `says` to the SMTP steps (RCPT, DATA) named there."""

    port: int = 0
    taken: list[Envelope] = field(default_factory=list)
    says: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"smtp://user:word@{HERE}:{self.port}"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self.says.get("RCPT", "250 OK")

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        if "DATA" not in self.says:
            self.taken.append(envelope)
        return self.says.get("DATA", "250 OK")


@asynccontextmanager
async def recording_smtp_server() -> AsyncIterator[RecordingSmtpServer]:
    """Serve a plain aiosmtpd while the block runs."""
    post = RecordingSmtpServer()

    def authenticate(
        _server: SMTP, _session: Session, _envelope: Envelope, _how: str, given: object
    ) -> AuthResult:
        right = isinstance(given, LoginPassword) and (given.login, given.password) == (b"user", b"word")
        return AuthResult(success=right, handled=False)

    def one() -> SMTP:
        return SMTP(post, authenticator=authenticate, auth_require_tls=False)

    server = await asyncio.get_running_loop().create_server(one, HERE, 0)
    post.port = server.sockets[0].getsockname()[1]
    try:
        yield post
    finally:
        server.close()


def closed_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server((HERE, 0)) as probe:
        return int(probe.getsockname()[1])


def _append(port: int, folder: str, content: bytes) -> None:
    with imaplib.IMAP4(HERE, port) as client:
        client.login(USER, REAL_PASSWORD)
        status, told = client.append(folder, "", "", content)
        assert status == "OK", told


def _discard(_made: object) -> None:
    return None

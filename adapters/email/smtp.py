"""Send a mail over SMTP: one try, with its outcome."""

import asyncio
import contextlib
import re
from dataclasses import dataclass
from email.message import EmailMessage

from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPException,
    SMTPNotSupported,
    SMTPRecipientRefused,
    SMTPResponseException,
)

from adapters.email.server_urls import Server
from domain.delivery.outcomes import RECIPIENT_UNREACHABLE, Done, Failed, Later, Outcome, Unknown

BEFORE_CONTENT_SECONDS = 25.0  # from the first packet to the mail itself
AFTER_CONTENT_SECONDS = (
    25.0  # from the last byte of the content to the answer; both are well within delivery's limits
)
_QUIT_SECONDS = 2.0
#: Many servers end a connection after a hundred mails or so.
MAILS_PER_CONNECTION = 100
_MAX_ANSWER_LENGTH = 200
_START_INPUT = 354
_COMPLETED = 250
_CLOSING = 421
_PERMANENT = range(500, 600)


async def send(server: Server, mail: EmailMessage, sender: str, recipient: str) -> Outcome:
    """Send one mail. `Done.result` is empty: the mail's id is its Message-ID.

    A connection that is lost before the content is sent means `Later`: nothing was accepted (RFC 5321
    section 4.1.1.4). One that is lost afterwards, without an answer, means `Unknown`.
    """
    content = await asyncio.to_thread(lambda: wire_content(mail.as_bytes()))
    connection = SmtpConnection(server, sender)
    try:
        if (refusal := await connection.begin(recipient)) is not None:
            return refusal.outcome
        outcome = await connection.finish(content, recipient)
        if isinstance(outcome, Done):
            await connection.quit()
        return outcome
    finally:
        connection.close()


async def rehearse_mail(server: Server, sender: str, address: str) -> None:
    """Log in, and try what a mail to our `address` needs, up to its content: then it is taken back.

    `sender` is the envelope sender.

    Raises aiosmtplib's errors (`SMTPSenderRefused`, `SMTPRecipientRefused`, …) and `OSError`.
    """
    client = _client(server)
    try:
        async with asyncio.timeout(BEFORE_CONTENT_SECONDS):
            await client.connect()
            await client.mail(sender)
            await client.rcpt(address)
            await client.rset()
    finally:
        client.close()


def _client(server: Server) -> SMTP:
    """Create a client; TLS is required unless the server runs on this machine."""
    return SMTP(
        hostname=server.host,
        port=server.port,
        use_tls=server.is_tls,
        start_tls=False if server.is_tls else None if server.is_local else True,
        validate_certs=not server.is_local,
        username=server.user or None,
        password=server.password or None,
        timeout=BEFORE_CONTENT_SECONDS,
        local_hostname="localhost",
    )


@dataclass(frozen=True, slots=True)
class NotTaken:
    """What became of a mail that was not sent. `concerns_all`: no other mail would be taken now either."""

    outcome: Outcome
    concerns_all: bool = False


class SmtpConnection:
    """One connection to the mail server, for one mail after another; `sender` is of those that have no own.

    It is opened by the first mail, and again after `MAILS_PER_CONNECTION` mails or where it was lost.
    """

    def __init__(self, server: Server, sender: str) -> None:
        self._server = server
        self._sender = sender
        self._client: SMTP | None = None
        self._mails = 0
        self._in_mail = False

    async def begin(self, recipient: str, sender: str | None = None) -> NotTaken | None:
        """Run the dialogue up to DATA; `None` where the server then waits for the content."""
        client = await self._open(recipient)
        if isinstance(client, NotTaken):
            return client
        self._in_mail = True
        try:
            async with asyncio.timeout(BEFORE_CONTENT_SECONDS):
                await client.mail(sender or self._sender)
                await client.rcpt(recipient)
                start = await client.execute_command(b"DATA")
        except SMTPResponseException as error:
            await self._reset(error.code)
            is_recipient = isinstance(error, SMTPRecipientRefused)
            outcome = _refused(error.code, error.message, recipient, is_recipient=is_recipient)
            return NotTaken(outcome, concerns_all=not is_recipient or error.code == _CLOSING)
        except (SMTPException, OSError) as error:
            self.close()
            return NotTaken(_unreachable(error), concerns_all=True)
        if start.code == _START_INPUT:
            self._mails += 1
            return None
        await self._reset(start.code)
        return NotTaken(_refused(start.code, start.message, recipient))

    async def finish(self, content: bytes, recipient: str) -> Outcome:
        """Send the content, as `wire_content` makes it, after `begin` returned `None`."""
        protocol = self._client.protocol if self._client is not None else None
        if protocol is None:
            return Later("the connection to the mail server was lost before the mail was on its way")
        try:
            protocol.write(content)
            answer = await protocol.read_response(timeout=AFTER_CONTENT_SECONDS)
        except (SMTPException, OSError):
            self.close()
            return Unknown(
                "the connection to the mail server was lost before it said whether it has the mail"
            )
        self._in_mail = False
        if answer.code != _COMPLETED:
            return _refused(answer.code, answer.message, recipient)
        return Done()

    async def quit(self) -> None:
        """End the connection as the protocol asks for; within a mail, close it: QUIT would be its content."""
        if self._client is not None and not self._in_mail:
            with contextlib.suppress(SMTPException, OSError):
                await self._client.quit(timeout=_QUIT_SECONDS)
        self.close()

    def close(self) -> None:
        """Close the connection; a mail whose content was not sent is dropped by the server."""
        if self._client is not None:
            self._client.close()
            self._client = None
        self._in_mail = False

    async def _open(self, recipient: str) -> SMTP | NotTaken:
        if self._mails >= MAILS_PER_CONNECTION:
            await self.quit()
        if self._client is not None and self._client.is_connected:
            return self._client
        self._client, self._mails = _client(self._server), 0
        try:
            async with asyncio.timeout(BEFORE_CONTENT_SECONDS):
                await self._client.connect()
        except SMTPAuthenticationError as error:
            return NotTaken(_login_refused(error), concerns_all=True)
        except SMTPResponseException as error:
            return NotTaken(_refused(error.code, error.message, recipient), concerns_all=True)
        except SMTPNotSupported:
            reason = "the mail server offers no TLS, or no login that we know: see SMTP_URL"
            return NotTaken(Failed(reason), concerns_all=True)
        except (SMTPException, OSError) as error:
            return NotTaken(_unreachable(error), concerns_all=True)
        return self._client

    async def _reset(self, code: int) -> None:
        """Make the connection ready for another mail after a refusal."""
        if self._client is None or code == _CLOSING:
            self.close()
            return
        self._in_mail = False
        try:
            await self._client.rset()
        except (SMTPException, OSError):
            self.close()


def describe_answer(code: int, message: str) -> str:
    """Format a server's answer for a person: code and text, at most 200 characters."""
    return f"{code} {' '.join(message.split())}"[:_MAX_ANSWER_LENGTH]


def wire_content(mail: bytes) -> bytes:
    """Return the content as sent: CRLF line ends, dot stuffing, the final dot (RFC 5321 section 4.5.2)."""
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", mail)
    ended = lines if lines.endswith(b"\r\n") else lines + b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", ended) + b".\r\n"


def _refused(code: int, message: str, recipient: str, *, is_recipient: bool = False) -> Outcome:
    """Map a refusal: 5xx fails, others are retried. `is_recipient` means that the address was refused."""
    answer = describe_answer(code, message)
    if code in _PERMANENT:
        code_ = RECIPIENT_UNREACHABLE if is_recipient else str(code)
        return Failed(f"the mail server refuses the mail to {recipient}: {answer}", code=code_)
    return Later(f"the mail server does not take the mail to {recipient} now: {answer}")


def _unreachable(error: Exception) -> Later:
    return Later(f"the mail server cannot be reached ({type(error).__name__})")


def _login_refused(error: SMTPAuthenticationError) -> Outcome:
    answer = describe_answer(error.code, error.message)
    if error.code in _PERMANENT:
        return Failed(
            f"the mail server does not accept the login in SMTP_URL: {answer}", code=str(error.code)
        )
    return Later(f"the mail server does not take our login now: {answer}")

"""Sending a mail: one try, and what is known of it afterwards."""

import asyncio
import contextlib
import re
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
from domain.delivery.outcomes import CLOSED_TO_US, Done, Failed, Later, Outcome, Unknown

BEFORE_SECONDS = 25.0  # from the first packet to the mail itself
AFTER_SECONDS = 25.0  # from the mail's last byte to the answer; both are well within what delivery allows
_GOODBYE_SECONDS = 2.0
_LONGEST_ANSWER = 200
_START_INPUT = 354
_COMPLETED = 250
_PERMANENT = range(500, 600)


async def send(server: Server, mail: EmailMessage, sender: str, recipient: str) -> Outcome:
    """Hand one mail to the server. `Done.result` holds nothing: the mail's id is its Message-ID.

    Until the mail's content is on its way, a lost connection means that nothing was sent (RFC 5321 section 4.1.1.4); from then on,
    without an answer, nobody knows.
    """
    content = await asyncio.to_thread(_content, mail)
    client = _client(server)
    try:
        return await _begin(client, sender, recipient) or await _finish(client, content, recipient)
    finally:
        client.close()


async def greet(server: Server) -> None:
    """Connect, log in, and leave. Raises aiosmtplib's and the system's errors."""
    client = _client(server)
    try:
        async with asyncio.timeout(BEFORE_SECONDS):
            await client.connect()
            await client.noop()
    finally:
        client.close()


def _client(server: Server) -> SMTP:
    """Beyond this machine nothing is said without TLS."""
    return SMTP(
        hostname=server.host,
        port=server.port,
        use_tls=server.is_tls,
        start_tls=False if server.is_tls else None if server.is_here else True,
        validate_certs=not server.is_here,
        username=server.user or None,
        password=server.password or None,
        timeout=BEFORE_SECONDS,
        local_hostname="localhost",
    )


async def _begin(client: SMTP, sender: str, recipient: str) -> Outcome | None:
    """All that comes before the mail itself; `None` where the server waits for it now."""
    try:
        async with asyncio.timeout(BEFORE_SECONDS):
            await client.connect()
            await client.mail(sender)
            await client.rcpt(recipient)
            start = await client.execute_command(b"DATA")
    except SMTPAuthenticationError as error:
        return _not_let_in(error)
    except SMTPResponseException as error:
        return _refused(
            error.code, error.message, recipient, is_theirs=isinstance(error, SMTPRecipientRefused)
        )
    except SMTPNotSupported:
        return Failed("the mail server offers no TLS, or no login that we know: see SMTP_URL")
    except (SMTPException, OSError) as error:
        return Later(f"the mail server cannot be reached ({type(error).__name__})")
    return None if start.code == _START_INPUT else _refused(start.code, start.message, recipient)


async def _finish(client: SMTP, content: bytes, recipient: str) -> Outcome:
    protocol = client.protocol
    if protocol is None:
        return Later("the connection to the mail server was lost before the mail was on its way")
    try:
        protocol.write(content)
        answer = await protocol.read_response(timeout=AFTER_SECONDS)
    except (SMTPException, OSError):
        return Unknown("the connection to the mail server was lost before it said whether it has the mail")
    if answer.code != _COMPLETED:
        return _refused(answer.code, answer.message, recipient)
    with contextlib.suppress(SMTPException, OSError):
        await client.quit(timeout=_GOODBYE_SECONDS)
    return Done()


def said(code: int, message: str) -> str:
    """A server's answer as a person may read it."""
    return f"{code} {' '.join(message.split())}"[:_LONGEST_ANSWER]


def _content(mail: EmailMessage) -> bytes:
    """The mail as it goes over the wire: its own dots at a line's beginning doubled, and the dot that ends it."""
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", mail.as_bytes())
    ended = lines if lines.endswith(b"\r\n") else lines + b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", ended) + b".\r\n"


def _refused(code: int, message: str, recipient: str, *, is_theirs: bool = False) -> Outcome:
    """`is_theirs`: it is the address that the server does not take."""
    answer = said(code, message)
    if code in _PERMANENT:
        code_ = CLOSED_TO_US if is_theirs else str(code)
        return Failed(f"the mail server refuses the mail to {recipient}: {answer}", code=code_)
    return Later(f"the mail server does not take the mail to {recipient} now: {answer}")


def _not_let_in(error: SMTPAuthenticationError) -> Outcome:
    answer = said(error.code, error.message)
    if error.code in _PERMANENT:
        return Failed(
            f"the mail server does not accept the login in SMTP_URL: {answer}", code=str(error.code)
        )
    return Later(f"the mail server does not take our login now: {answer}")

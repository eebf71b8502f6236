"""Send a mail over SMTP: one try, with its outcome."""

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
from domain.delivery.outcomes import RECIPIENT_UNREACHABLE, Done, Failed, Later, Outcome, Unknown

BEFORE_CONTENT_SECONDS = 25.0  # from the first packet to the mail itself
AFTER_CONTENT_SECONDS = (
    25.0  # from the last byte of the content to the answer; both are well within delivery's limits
)
_QUIT_SECONDS = 2.0
_MAX_ANSWER_LENGTH = 200
_START_INPUT = 354
_COMPLETED = 250
_PERMANENT = range(500, 600)


async def send(server: Server, mail: EmailMessage, sender: str, recipient: str) -> Outcome:
    """Send one mail. `Done.result` is empty: the mail's id is its Message-ID.

    A connection that is lost before the content is sent means `Later`: nothing was accepted (RFC 5321
    section 4.1.1.4). One that is lost afterwards, without an answer, means `Unknown`.
    """
    content = await asyncio.to_thread(_wire_content, mail)
    client = _client(server)
    try:
        return await _begin(client, sender, recipient) or await _finish(client, content, recipient)
    finally:
        client.close()


async def check_login(server: Server) -> None:
    """Connect, log in and disconnect. Raises aiosmtplib's errors and `OSError`."""
    client = _client(server)
    try:
        async with asyncio.timeout(BEFORE_CONTENT_SECONDS):
            await client.connect()
            await client.noop()
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


async def _begin(client: SMTP, sender: str, recipient: str) -> Outcome | None:
    """Run the dialogue up to DATA; `None` where the server then waits for the content."""
    try:
        async with asyncio.timeout(BEFORE_CONTENT_SECONDS):
            await client.connect()
            await client.mail(sender)
            await client.rcpt(recipient)
            start = await client.execute_command(b"DATA")
    except SMTPAuthenticationError as error:
        return _login_refused(error)
    except SMTPResponseException as error:
        return _refused(
            error.code, error.message, recipient, is_recipient=isinstance(error, SMTPRecipientRefused)
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
        answer = await protocol.read_response(timeout=AFTER_CONTENT_SECONDS)
    except (SMTPException, OSError):
        return Unknown("the connection to the mail server was lost before it said whether it has the mail")
    if answer.code != _COMPLETED:
        return _refused(answer.code, answer.message, recipient)
    with contextlib.suppress(SMTPException, OSError):
        await client.quit(timeout=_QUIT_SECONDS)
    return Done()


def describe_answer(code: int, message: str) -> str:
    """Format a server's answer for a person: code and text, at most 200 characters."""
    return f"{code} {' '.join(message.split())}"[:_MAX_ANSWER_LENGTH]


def _wire_content(mail: EmailMessage) -> bytes:
    """Return the content as sent: CRLF line ends, dot stuffing, the final dot (RFC 5321 section 4.5.2)."""
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", mail.as_bytes())
    ended = lines if lines.endswith(b"\r\n") else lines + b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", ended) + b".\r\n"


def _refused(code: int, message: str, recipient: str, *, is_recipient: bool = False) -> Outcome:
    """Map a refusal: 5xx fails, others are retried. `is_recipient` means that the address was refused."""
    answer = describe_answer(code, message)
    if code in _PERMANENT:
        code_ = RECIPIENT_UNREACHABLE if is_recipient else str(code)
        return Failed(f"the mail server refuses the mail to {recipient}: {answer}", code=code_)
    return Later(f"the mail server does not take the mail to {recipient} now: {answer}")


def _login_refused(error: SMTPAuthenticationError) -> Outcome:
    answer = describe_answer(error.code, error.message)
    if error.code in _PERMANENT:
        return Failed(
            f"the mail server does not accept the login in SMTP_URL: {answer}", code=str(error.code)
        )
    return Later(f"the mail server does not take our login now: {answer}")

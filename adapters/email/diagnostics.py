"""What `check` says about the mail servers."""

from aiosmtplib import SMTPAuthenticationError, SMTPException, SMTPNotSupported

from adapters.email.mailbox import Inbox
from adapters.email.server_urls import Server
from adapters.email.smtp import greet, said
from domain.diagnostics import CheckLine
from domain.intake.sources import SourceError, SourceFault

_OUT, _IN = "E-mail out", "E-mail in"


async def probe(smtp: Server, inbox: Inbox, address: str) -> list[CheckLine]:
    """A line for each server: whether it lets us in."""
    return [await _outgoing(smtp, address), await _incoming(inbox, address)]


async def _outgoing(server: Server, address: str) -> CheckLine:
    try:
        await greet(server)
    except SMTPAuthenticationError as error:
        told = f"the server does not accept our login: {said(error.code, error.message)}"
        return CheckLine(_OUT, ok=False, detail=told, remedy="set the right user and password in SMTP_URL")
    except SMTPNotSupported:
        remedy = "use smtps://, or a server that offers STARTTLS and a login"
        return CheckLine(
            _OUT, ok=False, detail="the server offers no TLS, or no login that we know", remedy=remedy
        )
    except (SMTPException, OSError) as error:
        told = f"the server cannot be reached ({type(error).__name__})"
        return CheckLine(_OUT, ok=False, detail=told, remedy="check the host and port in SMTP_URL")
    return CheckLine(_OUT, ok=True, detail=f"{address} is let in")


async def _incoming(inbox: Inbox, address: str) -> CheckLine:
    try:
        await inbox.look()
    except SourceError as error:
        is_login = error.fault is SourceFault.REFUSED
        remedy = (
            "set the right user and password in IMAP_URL"
            if is_login
            else "check the host and port in IMAP_URL"
        )
        return CheckLine(_IN, ok=False, detail=str(error), remedy=remedy)
    return CheckLine(_IN, ok=True, detail=f"the mailbox of {address} can be read")

"""Check the mail servers for `bot.py check`."""

from aiosmtplib import SMTPAuthenticationError, SMTPException, SMTPNotSupported

from adapters.email.mailbox import EmailInbox
from adapters.email.server_urls import Server
from adapters.email.smtp import check_login, describe_answer
from domain.diagnostics import CheckLine
from domain.intake.streams import SourceError, SourceFault

_OUTGOING, _INCOMING = "E-mail out", "E-mail in"


async def probe(smtp: Server, inbox: EmailInbox, address: str) -> list[CheckLine]:
    """Return a line for each server: whether our login works there."""
    return [await _outgoing(smtp, address), await _incoming(inbox, address)]


async def _outgoing(server: Server, address: str) -> CheckLine:
    try:
        await check_login(server)
    except SMTPAuthenticationError as error:
        detail = f"the server does not accept our login: {describe_answer(error.code, error.message)}"
        return CheckLine(
            _OUTGOING, ok=False, detail=detail, remedy="set the right user and password in SMTP_URL"
        )
    except SMTPNotSupported:
        remedy = "use smtps://, or a server that offers STARTTLS and a login"
        return CheckLine(
            _OUTGOING, ok=False, detail="the server offers no TLS, or no login that we know", remedy=remedy
        )
    except (SMTPException, OSError) as error:
        detail = f"the server cannot be reached ({type(error).__name__})"
        return CheckLine(_OUTGOING, ok=False, detail=detail, remedy="check the host and port in SMTP_URL")
    return CheckLine(_OUTGOING, ok=True, detail=f"{address} is let in")


async def _incoming(inbox: EmailInbox, address: str) -> CheckLine:
    try:
        await inbox.check()
    except SourceError as error:
        is_login = error.fault is SourceFault.REFUSED
        remedy = (
            "set the right user and password in IMAP_URL"
            if is_login
            else "check the host and port in IMAP_URL"
        )
        return CheckLine(_INCOMING, ok=False, detail=str(error), remedy=remedy)
    return CheckLine(_INCOMING, ok=True, detail=f"the mailbox of {address} can be read")

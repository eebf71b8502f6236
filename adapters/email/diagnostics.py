"""Check the mail servers for `bot.py check`."""

from aiosmtplib import (
    SMTPAuthenticationError,
    SMTPException,
    SMTPNotSupported,
    SMTPRecipientRefused,
    SMTPSenderRefused,
)

from adapters.email.mailbox import EmailInbox
from adapters.email.message_ids import EmailIdentity
from adapters.email.server_urls import Server
from adapters.email.smtp import describe_answer, rehearse_mail
from domain.diagnostics import CheckLine
from domain.intake.streams import SourceError, SourceFault

_OUTGOING, _INCOMING = "E-mail out", "E-mail in"


async def probe(smtp: Server, inbox: EmailInbox, identity: EmailIdentity) -> list[CheckLine]:
    """Return a line for each server: whether it does for us what the bot needs."""
    return [await _outgoing(smtp, identity), await _incoming(inbox, identity.address)]


async def _outgoing(server: Server, identity: EmailIdentity) -> CheckLine:
    address, sender = identity.address, identity.envelope_sender(identity.message_id(1))
    try:
        await rehearse_mail(server, sender, address)
    except SMTPAuthenticationError as error:
        detail = f"the server does not accept our login: {describe_answer(error.code, error.message)}"
        return CheckLine(
            _OUTGOING, ok=False, detail=detail, remedy="set the right user and password in SMTP_URL"
        )
    except (SMTPSenderRefused, SMTPRecipientRefused) as error:
        is_sender = isinstance(error, SMTPSenderRefused)
        what = f"to send from {sender}" if is_sender else f"mail to {address}"
        name = "EMAIL_BOUNCES" if is_sender and identity.bounces else "EMAIL_FROM"
        answer = describe_answer(error.code, error.message)
        login = "" if server.user else "; SMTP_URL has no login"
        return CheckLine(
            _OUTGOING,
            ok=False,
            detail=f"the server refuses {what}{login}: {answer}",
            remedy=f"let that login send from the address in {name}, or set another one",
        )
    except SMTPNotSupported:
        remedy = "use smtps://, or a server that offers STARTTLS and a login"
        return CheckLine(
            _OUTGOING, ok=False, detail="the server offers no TLS, or no login that we know", remedy=remedy
        )
    except (SMTPException, OSError) as error:
        detail = f"the server cannot be reached ({type(error).__name__})"
        return CheckLine(_OUTGOING, ok=False, detail=detail, remedy="check the host and port in SMTP_URL")
    by = "the login" if server.user else "without a login"
    reports = (
        "" if identity.bounces else "; without EMAIL_BOUNCES, reports of undelivered mail change nothing"
    )
    return CheckLine(_OUTGOING, ok=True, detail=f"the server takes mail from {sender} ({by}){reports}")


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

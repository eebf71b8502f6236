"""Our mailbox for the rest of the bot: everything that waits on the server is done on one thread of its own."""

import asyncio
import imaplib
import ssl
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TypeVar

from imapclient.exceptions import LoginError

from adapters.email.imap import Fetched, Mailbox, Position, find_sent_mailbox
from adapters.email.incoming import read
from adapters.email.message_ids import Identity
from adapters.email.server_urls import Server
from domain.clock import Clock
from domain.delivery.outcomes import Absent, Done, Failed, Finding, Later
from domain.intake.email import Bounce, IgnoredEmail, MailboxPage, ReceivedEmail, UnreadableEmail
from domain.intake.private_messages import IncomingMessage
from domain.intake.sources import SourceError, SourceFault

T = TypeVar("T")


class Inbox:
    """Reads one mailbox. The connection is kept between readings, and made anew after it failed."""

    def __init__(self, server: Server, identity: Identity, clock: Clock, *, idle: bool) -> None:
        self._server = server
        self._identity = identity
        self._clock = clock
        self._idle = idle
        self._since = clock.now()
        self._mailbox: Mailbox | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="mailbox")
        self._stop = threading.Event()

    async def read(self, place: str | None, read_at: datetime | None) -> MailboxPage:
        """What came behind the place; where that is `None`, what came since this was made. Raises `SourceError`.

        What a mailbox held before the bot first read it is left to those who answered it so far.
        """
        return await self._do(lambda: self._read(place, read_at))

    async def wait(self, seconds: float) -> None:
        """Until something may have come, but at most so long. Raises `SourceError`, also where it is stopped."""
        await self._do(lambda: self._wait(seconds))

    async def look(self) -> None:
        """See that the mailbox can be read. Raises `SourceError`."""
        await self._do(self._open)

    async def find_sent(self, message_id: str) -> Finding:
        """Whether the server keeps a mail that we sent with this Message-ID."""
        try:
            # Not on the mailbox's own thread, which may be listening, and on a connection of its own.
            return await asyncio.to_thread(self._find, message_id)
        except Exception as error:
            trouble = _trouble(error)
            if trouble is None:
                raise
            return Failed(str(trouble)) if trouble.fault.pauses else Later(str(trouble))

    def stop(self) -> None:
        """End what waits, soon; a later reading fails."""
        self._stop.set()

    async def close(self) -> None:
        """Let go of the connection."""
        self.stop()
        await asyncio.to_thread(self._thread.shutdown)
        self._drop()

    async def _do(self, act: Callable[[], T]) -> T:
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._thread, self._guarded, act)
        except RuntimeError as error:
            raise SourceError(SourceFault.UNAVAILABLE, "the mailbox is closed") from error

    def _guarded(self, act: Callable[[], T]) -> T:
        try:
            return act()
        except BaseException as error:
            self._drop()
            if (trouble := _trouble(error)) is None:
                raise
            raise trouble from None

    def _open(self) -> Mailbox:
        if self._mailbox is None:
            self._mailbox = Mailbox(self._server)
        return self._mailbox

    def _drop(self) -> None:
        mailbox, self._mailbox = self._mailbox, None
        if mailbox is not None:
            mailbox.close()

    def _read(self, place: str | None, read_at: datetime | None) -> MailboxPage:
        mailbox = self._open()
        before = Position.parse(place) if place is not None else None
        # Asked for before the search: what comes after that is behind it.
        end = before if before is not None and mailbox.has_uidvalidity_of(before) else mailbox.end
        if before is None:
            uids = mailbox.uids_arrived_since(self._since)
        else:
            uids = mailbox.uids_after(before, read_at)
        if not uids:
            return MailboxPage(arrivals=(), position=str(end))
        mails, last = mailbox.fetch(uids)
        arrivals = [
            ReceivedEmail(position=str(mailbox.position(mail.uid)), content=self._content(mail))
            for mail in mails
        ]
        return MailboxPage(arrivals=arrivals, position=str(mailbox.position(last)), more=last < uids[-1])

    def _content(self, mail: Fetched) -> IncomingMessage | Bounce | IgnoredEmail | UnreadableEmail:
        at = mail.at or self._clock.now()
        return read(mail.content, at, self._identity, is_whole=mail.is_whole)

    def _wait(self, seconds: float) -> None:
        mailbox = self._open()
        if self._idle and mailbox.can_idle:
            mailbox.wait(seconds, self._stop)
        else:
            self._stop.wait(seconds)
        if self._stop.is_set():
            raise SourceError(SourceFault.UNAVAILABLE, "the mailbox is being closed")

    def _find(self, message_id: str) -> Finding:
        name = find_sent_mailbox(self._server)
        if name is None:
            return Failed("the mail server keeps no folder of what was sent, so it cannot be looked up there")
        mailbox = Mailbox(self._server, name)
        try:
            if mailbox.uids_with_message_id(message_id):
                return Done({"id": message_id})
            if mailbox.uids_with_message_id(f"@{self._identity.domain}"):
                return Absent()
            return Failed("the mail server keeps no copies of what we send, so it cannot be looked up there")
        finally:
            mailbox.close()


def _trouble(error: BaseException) -> SourceError | None:
    """What the error means, in words; `None` for one that is not the server's."""
    if isinstance(error, SourceError):
        return error
    if isinstance(error, LoginError) and not isinstance(error.__context__, imaplib.IMAP4.abort):
        return _refused(error)
    if isinstance(error, ssl.SSLCertVerificationError):
        return SourceError(
            SourceFault.REFUSED,
            "the mail server's certificate is not valid for its name: see IMAP_URL, or have it mended.",
        )
    if isinstance(error, imaplib.IMAP4.abort | LoginError | OSError | EOFError):
        return SourceError(
            SourceFault.UNAVAILABLE, f"the mail server cannot be reached ({type(error).__name__})"
        )
    if isinstance(error, imaplib.IMAP4.error):
        return SourceError(
            SourceFault.BAD_REQUEST,
            f"the mail server answers what we do not understand ({type(error).__name__})",
        )
    return None


def _refused(error: LoginError) -> SourceError:
    """RFC 5530's [UNAVAILABLE] says that the login was not even looked at."""
    if "[UNAVAILABLE]" in str(error).upper():
        return SourceError(SourceFault.UNAVAILABLE, "the mail server cannot look at logins now")
    return SourceError(
        SourceFault.REFUSED,
        "the mail server does not accept the login in IMAP_URL. Set the right user and password (some providers want one made for apps).",
    )

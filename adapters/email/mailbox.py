"""Read the mailbox asynchronously: blocking IMAP calls run on one thread of their own."""

import asyncio
import imaplib
import ssl
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TypeVar

from imapclient.exceptions import LoginError

from adapters.email.imap import Fetched, ImapMailbox, Position, find_sent_mailbox
from adapters.email.incoming import read
from adapters.email.message_ids import EmailIdentity
from adapters.email.server_urls import Server
from domain.clock import Clock
from domain.delivery.outcomes import Absent, Done, Failed, Finding, Later
from domain.intake.email import MailboxPage, MailContent, ReceivedEmail
from domain.intake.streams import SourceError, SourceFault

T = TypeVar("T")


class EmailInbox:
    """One mailbox. The connection is kept between reads, and reopened after a failure.

    `phrases` are as in `MailText`, `subjects` those of the mails with which we begin a conversation.
    """

    def __init__(
        self,
        server: Server,
        identity: EmailIdentity,
        clock: Clock,
        *,
        idle: bool,
        phrases: Sequence[str] = (),
        subjects: Sequence[str] = (),
    ) -> None:
        self._server = server
        self._phrases = phrases
        self._subjects = subjects
        self._identity = identity
        self._clock = clock
        self._use_idle = idle
        self._since = clock.now()
        self._mailbox: ImapMailbox | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="mailbox")
        self._stop = threading.Event()

    async def read(self, position: str | None, read_at: datetime | None) -> MailboxPage:
        """Fetch the mails behind the cursor `position`. Raises `SourceError`.

        `None` means since `read_at`, or this object was made: mails from before the bot's first start are
        never read. Where UIDVALIDITY has changed, reading starts again from the day before `read_at`.
        """
        return await self._run(lambda: self._read(position, read_at))

    async def fetch(self, position: str) -> ReceivedEmail | None:
        """Fetch the mail at `position`; `None` where it is no longer there. Raises `SourceError`."""
        return await self._run(lambda: self._fetch(position))

    async def wait(self, seconds: float) -> None:
        """Return when mail may have arrived, or after `seconds`. Raises `SourceError`, also when stopped."""
        await self._run(lambda: self._wait(seconds))

    async def check(self) -> None:
        """Open the mailbox to see that it can be read. Raises `SourceError`."""
        await self._run(self._open)

    async def find_sent(self, message_id: str) -> Finding:
        """Look for a mail of ours with this Message-ID in the server's Sent mailbox."""
        try:
            # On a connection and a thread of its own: the mailbox's thread may be waiting in IDLE.
            return await asyncio.to_thread(self._find, message_id)
        except Exception as error:
            failure = _source_error(error)
            if failure is None:
                raise
            return Failed(str(failure)) if failure.fault.pauses else Later(str(failure))

    def stop(self) -> None:
        """Interrupt a wait soon; later reads fail."""
        self._stop.set()

    async def close(self) -> None:
        """Close the connection and end the thread."""
        self.stop()
        await asyncio.to_thread(self._thread.shutdown)
        self._disconnect()

    async def _run(self, act: Callable[[], T]) -> T:
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._thread, self._run_blocking, act)
        except RuntimeError as error:
            raise SourceError(SourceFault.UNAVAILABLE, "the mailbox is closed") from error

    def _run_blocking(self, act: Callable[[], T]) -> T:
        try:
            return act()
        except BaseException as error:
            self._disconnect()
            if (failure := _source_error(error)) is None:
                raise
            raise failure from None

    def _open(self) -> ImapMailbox:
        if self._mailbox is None:
            self._mailbox = ImapMailbox(self._server)
        return self._mailbox

    def _disconnect(self) -> None:
        mailbox, self._mailbox = self._mailbox, None
        if mailbox is not None:
            mailbox.close()

    def _read(self, position: str | None, read_at: datetime | None) -> MailboxPage:
        mailbox = self._open()
        before = Position.parse(position) if position is not None else None
        # Taken before the search, so that mail that arrives meanwhile is behind it.
        end = before if before is not None and mailbox.has_uidvalidity_of(before) else mailbox.end
        if before is None:
            uids = mailbox.uids_arrived_since(min(read_at or self._since, self._since))
        else:
            uids = mailbox.uids_after(before, read_at)
        if not uids:
            return MailboxPage(mails=(), position=str(end))
        fetched, last = mailbox.fetch(uids)
        mails = [
            ReceivedEmail(position=str(mailbox.position(mail.uid)), content=self._content(mail))
            for mail in fetched
        ]
        return MailboxPage(mails=mails, position=str(mailbox.position(last)), more=last < uids[-1])

    def _fetch(self, position: str) -> ReceivedEmail | None:
        mailbox, place = self._open(), Position.parse(position)
        if not mailbox.has_uidvalidity_of(place):
            return None
        fetched, _ = mailbox.fetch([place.uid])
        return ReceivedEmail(position=position, content=self._content(fetched[0])) if fetched else None

    def _content(self, mail: Fetched) -> MailContent:
        at = mail.at or self._clock.now()
        return read(
            mail.content,
            at,
            self._identity,
            is_whole=mail.is_whole,
            phrases=self._phrases,
            subjects=self._subjects,
        )

    def _wait(self, seconds: float) -> None:
        mailbox = self._open()
        if self._use_idle and mailbox.can_idle:
            mailbox.wait(seconds, self._stop)
        else:
            self._stop.wait(seconds)
        if self._stop.is_set():
            raise SourceError(SourceFault.UNAVAILABLE, "the mailbox is being closed")

    def _find(self, message_id: str) -> Finding:
        name = find_sent_mailbox(self._server)
        if name is None:
            return Failed("the mail server keeps no folder of what was sent, so it cannot be looked up there")
        mailbox = ImapMailbox(self._server, name)
        try:
            if mailbox.uids_with_message_id(message_id):
                return Done({"id": message_id})
            if mailbox.uids_with_message_id(f"@{self._identity.domain}"):
                return Absent()
            return Failed("the mail server keeps no copies of what we send, so it cannot be looked up there")
        finally:
            mailbox.close()


def _source_error(error: BaseException) -> SourceError | None:
    """Map an exception to a `SourceError`; `None` for one that does not come from the server."""
    if isinstance(error, SourceError):
        return error
    if isinstance(error, LoginError) and not isinstance(error.__context__, imaplib.IMAP4.abort):
        return _login_refused(error)
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


def _login_refused(error: LoginError) -> SourceError:
    """Map a refused login. With RFC 5530's [UNAVAILABLE] the server did not check it: that one is retried."""
    if "[UNAVAILABLE]" in str(error).upper():
        return SourceError(SourceFault.UNAVAILABLE, "the mail server cannot look at logins now")
    return SourceError(
        SourceFault.REFUSED,
        "the mail server does not accept the login in IMAP_URL. Set the right user and password (some providers want one made for apps).",
    )

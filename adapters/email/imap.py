"""One folder over IMAP, on a thread of its own: what is new in it is read, and nothing in it is marked, moved or deleted."""

import re
import ssl
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from imap_tools import MailBox, MailBoxUnencrypted
from imap_tools.errors import MailboxTaggedResponseError
from imap_tools.mailbox import BaseMailBox

from adapters.email.mime import LARGEST_MAIL, START_OF_LARGER
from adapters.email.server_urls import Server

TIMEOUT_SECONDS = 20.0
INBOX = "INBOX"
_AT_ONCE = 20  # mails
_LOOK_UP_SECONDS = 0.5  # between looks whether we are to stop, while the server is listened to
_MOST_EARLY = 5  # looks that end before their time with nothing to tell
_IDLE_AT_MOST = 25 * 60.0  # seconds; servers end an IDLE that is older than half an hour (RFC 2177)
_SENT_NAMES = ("Sent", "Sent Items", "Sent Messages", "INBOX.Sent", "[Gmail]/Sent Mail")
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_DATE = re.compile(rb'INTERNALDATE "([^"]{1,40})"')


@dataclass(frozen=True, slots=True)
class Fetched:
    """A mail as it stands on the server; `at` is when it got there, `is_whole` is false where only its beginning was fetched."""

    uid: int
    at: datetime | None
    content: bytes
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Place:
    """How far a folder was read. Numbers count only within one `validity` (RFC 3501 section 2.3.1.1)."""

    validity: int
    uid: int

    @classmethod
    def read(cls, written: str) -> "Place":
        """The place that was written as "validity:uid"."""
        validity, _, uid = written.partition(":")
        return cls(int(validity), int(uid))

    def __str__(self) -> str:
        return f"{self.validity}:{self.uid}"


def connect(server: Server) -> BaseMailBox:
    """A connection that is logged in, with no folder open. Raises imap_tools', imaplib's and the system's errors."""
    if server.is_tls:
        context = ssl.create_default_context()
        if server.is_here:
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        box: BaseMailBox = MailBox(server.host, server.port, timeout=TIMEOUT_SECONDS, ssl_context=context)
    else:
        box = MailBoxUnencrypted(server.host, server.port, timeout=TIMEOUT_SECONDS)
    try:
        return box.login(server.user, server.password, initial_folder=None)
    except BaseException:
        hang_up(box)
        raise


def hang_up(box: BaseMailBox) -> None:
    """Let go of the connection, whatever state it is in."""
    try:
        box.client.shutdown()
    except OSError:
        return


class Folder:
    """An open folder, read only."""

    def __init__(self, server: Server, name: str = INBOX) -> None:
        self._box = connect(server)
        try:
            self._box.folder.set(name, readonly=True)
            self._validity = self._told("UIDVALIDITY") or 0
            self._next = self._told("UIDNEXT")
        except BaseException:
            hang_up(self._box)
            raise

    def close(self) -> None:
        """Let go of it."""
        hang_up(self._box)

    @property
    def end(self) -> Place:
        """Behind the newest mail that was there when it was opened."""
        if self._next is None:
            return Place(self._validity, max(self._uids("ALL"), default=0))
        return Place(self._validity, self._next - 1)

    def counts(self, place: Place) -> bool:
        """Whether the place's number says anything here: the server has not numbered the mails anew since."""
        return place.validity == self._validity

    @property
    def can_idle(self) -> bool:
        """Whether the server tells by itself that something came."""
        return "IDLE" in self._box.client.capabilities

    def since(self, place: Place, read_at: datetime | None) -> list[int]:
        """The numbers of the mails behind the place, oldest first.

        Where the server has numbered them anew since, those of the day before the last reading: what is known already is known again by its id.
        """
        self._box.client.noop()
        if self.counts(place):
            return sorted(uid for uid in self._uids(f"UID {place.uid + 1}:*") if uid > place.uid)
        if read_at is None:
            return sorted(self._uids("ALL"))
        return sorted(self._uids(f"SINCE {read_at - timedelta(days=1):%d-%b-%Y}"))

    def arrived_since(self, moment: datetime) -> list[int]:
        """The numbers of the mails that came since then, oldest first."""
        found: list[int] = []
        for uid in sorted(self._uids(f"SINCE {moment - timedelta(days=1):%d-%b-%Y}"), reverse=True):
            _, at = self._size(uid)
            if at is None or at < moment.replace(microsecond=0):
                break
            found.append(uid)
        return found[::-1]

    def place(self, uid: int) -> Place:
        """The place behind this mail."""
        return Place(self._validity, uid)

    def fetch(self, uids: Sequence[int]) -> tuple[list[Fetched], int]:
        """The first of these mails, as many as fit into memory at once, and the number of the last that was asked for.

        Those that are gone meanwhile are left out. At least one is asked for.
        """
        mails: list[Fetched] = []
        taken, last = 0, uids[0]
        for uid in uids[:_AT_ONCE]:
            size, at = self._size(uid)
            is_whole = size is not None and size <= LARGEST_MAIL
            fetched = size if size is not None and is_whole else START_OF_LARGER
            if mails and taken + fetched > LARGEST_MAIL:
                break
            last = uid
            content = self._content(uid, None if is_whole else START_OF_LARGER) if size is not None else None
            if content is not None:
                taken += fetched
                mails.append(Fetched(uid, at, content, is_whole))
        return mails, last

    def wait(self, seconds: float, stop: threading.Event) -> None:
        """Listen until something comes, the time is over, or `stop` is set."""
        ends = time.monotonic() + min(seconds, _IDLE_AT_MOST)
        early = 0
        is_told = self._is_told_at_the_start()
        while not is_told and not stop.is_set() and (left := ends - time.monotonic()) > 0:
            asked, patience = time.monotonic(), min(left, _LOOK_UP_SECONDS)
            if self._box.idle.poll(timeout=patience):
                break
            # Of a connection that has ended, imap_tools tells only by coming back at once, each time.
            early += time.monotonic() - asked < patience / 2
            if early > _MOST_EARLY:
                raise self._box.client.abort("the connection has ended")
        self._box.idle.stop()  # type: ignore[no-untyped-call]  # as imap_tools declares it

    def _is_told_at_the_start(self) -> bool:
        """Begin to listen; whether there was news already: before the server's word to go ahead, or in one packet behind it.

        imap_tools takes the former for a refusal, and does not see the latter: it waits for the socket, which has nothing more then.
        """
        try:
            self._box.idle.start()  # type: ignore[no-untyped-call]  # as imap_tools declares it
        except MailboxTaggedResponseError:
            return True
        client = self._box.client
        client.sock.settimeout(0)
        try:
            client._get_line()  # noqa: SLF001 - as imap_tools reads what came
        except (OSError, client.abort):
            return False
        finally:
            client.sock.settimeout(TIMEOUT_SECONDS)
        return True

    def ids(self, message_id: str) -> list[int]:
        """The mails whose Message-ID holds this."""
        return self._uids(f'HEADER Message-ID "{message_id}"')

    def _uids(self, criteria: str) -> list[int]:
        return [int(uid) for uid in self._box.uids(criteria)]

    def _told(self, name: str) -> int | None:
        _, told = self._box.client.response(name)
        return int(told[0]) if told and told[0] else None

    def _size(self, uid: int) -> tuple[int | None, datetime | None]:
        answer = self._fetched(uid, "(UID RFC822.SIZE INTERNALDATE)")
        told = b" ".join(part if isinstance(part, bytes) else b" ".join(part) for part in answer)
        found = _SIZE.search(told)
        return (int(found[1]) if found else None), _moment(told)

    def _content(self, uid: int, at_most: int | None) -> bytes | None:
        part = "BODY.PEEK[]" if at_most is None else f"BODY.PEEK[]<0.{at_most}>"
        answer = self._fetched(uid, f"(UID {part})")
        return next((bytes(one[1]) for one in answer if isinstance(one, tuple)), None)

    def _fetched(self, uid: int, what: str) -> list[bytes | tuple[bytes, bytes]]:
        status, answer = self._box.client.uid("FETCH", str(uid), what)
        if status != "OK":
            raise self._box.client.error(f"the server does not give mail {uid}")
        return [part for part in answer if part]


def _moment(told: bytes) -> datetime | None:
    found = _DATE.search(told)
    try:
        return datetime.strptime(found[1].decode().strip(), "%d-%b-%Y %H:%M:%S %z") if found else None
    except ValueError:
        return None


def sent_folder(server: Server) -> str | None:
    """The name of the folder in which the server keeps what was sent, if it has one (RFC 6154)."""
    box = connect(server)
    try:
        folders = box.folder.list()
    finally:
        hang_up(box)
    marked = [folder.name for folder in folders if "\\sent" in (flag.lower() for flag in folder.flags)]
    names = {folder.name for folder in folders}
    return next(iter([*marked, *(name for name in _SENT_NAMES if name in names)]), None)

"""Read one mailbox over IMAP and change nothing in it (EXAMINE, BODY.PEEK). Every call blocks."""

import ssl
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError
from imapclient.imapclient import SENT

from adapters.email.mime import MAX_MAIL_BYTES, PARTIAL_MAIL_BYTES
from adapters.email.server_urls import Server

TIMEOUT_SECONDS = 20.0
INBOX = "INBOX"
_BATCH = 20  # mails in one fetch
_STOP_CHECK_SECONDS = 0.5  # how often IDLE is interrupted to see whether it must stop
_MAX_EARLY_RETURNS = 5  # of idle_check, without a response
_MAX_IDLE_SECONDS = 25 * 60.0  # servers end an IDLE that is older than half an hour (RFC 2177)


@dataclass(frozen=True, slots=True)
class Fetched:
    """A mail; `at` is its INTERNALDATE, `is_whole` is false where only its beginning was fetched."""

    uid: int
    at: datetime | None
    content: bytes
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Position:
    """How far a mailbox was read. UIDs compare within one UIDVALIDITY only (RFC 3501 section 2.3.1.1)."""

    uidvalidity: int
    uid: int

    @classmethod
    def parse(cls, text: str) -> "Position":
        """Parse "uidvalidity:uid"."""
        uidvalidity, _, uid = text.partition(":")
        return cls(int(uidvalidity), int(uid))

    def __str__(self) -> str:
        return f"{self.uidvalidity}:{self.uid}"


def connect(server: Server) -> IMAPClient:
    """Connect and log in. Raises imapclient's, imaplib's and the system's errors."""
    context = ssl.create_default_context() if server.is_tls else None
    if context is not None and server.is_local:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    client = IMAPClient(
        server.host, server.port, ssl=server.is_tls, ssl_context=context, timeout=TIMEOUT_SECONDS
    )
    client.normalise_times = False  # INTERNALDATE with its time zone
    try:
        client.login(server.user, server.password)
    except BaseException:
        disconnect(client)
        raise
    return client


def disconnect(client: IMAPClient) -> None:
    """Close the connection, whatever state it is in."""
    try:
        client.shutdown()
    except OSError:
        return


def find_sent_mailbox(server: Server) -> str | None:
    """Return the name of the mailbox that keeps sent mail, by SPECIAL-USE (RFC 6154) or by a usual name."""
    client = connect(server)
    try:
        name: str | None = client.find_special_folder(SENT)
    finally:
        disconnect(client)
    return name


class ImapMailbox:
    """A selected mailbox, read-only, on a connection of its own."""

    def __init__(self, server: Server, name: str = INBOX) -> None:
        self._server = server
        self._name = name
        self._select()

    def close(self) -> None:
        """Close the connection."""
        disconnect(self._client)

    @property
    def end(self) -> Position:
        """The position behind the newest mail at the time of the selection."""
        if self._uidnext is None:
            return Position(self._uidvalidity, max(self._client.search("ALL"), default=0))
        return Position(self._uidvalidity, self._uidnext - 1)

    def has_uidvalidity_of(self, position: Position) -> bool:
        """Return whether the position's UID is still valid."""
        return position.uidvalidity == self._uidvalidity

    def position(self, uid: int) -> Position:
        """Return the position behind this mail."""
        return Position(self._uidvalidity, uid)

    @property
    def can_idle(self) -> bool:
        """Whether the server has IDLE (RFC 2177)."""
        return bool(self._client.has_capability("IDLE"))

    def uids_after(self, position: Position, read_at: datetime | None) -> list[int]:
        """Return the UIDs behind the position, in order.

        Where UIDVALIDITY has changed, return those from the day before `read_at` on, or all: the caller
        deduplicates by Message-ID.
        """
        if self.has_uidvalidity_of(position):
            return self._search_above(position.uid)
        self._client.noop()
        return self._search("ALL") if read_at is None else self._search_since(read_at)

    def uids_arrived_since(self, moment: datetime) -> list[int]:
        """Return the UIDs of the mails with an INTERNALDATE from `moment` on, in order."""
        arrived: list[int] = []
        for uid in reversed(self._search_since(moment)):
            at = self._envelopes([uid]).get(uid, {}).get(b"INTERNALDATE")
            if at is None or at < moment.replace(microsecond=0):
                break
            arrived.append(uid)
        return arrived[::-1]

    def uids_with_message_id(self, part: str) -> list[int]:
        """Return the UIDs of the mails whose Message-ID contains `part`."""
        return self._search(["HEADER", "Message-ID", part])

    def fetch(self, uids: Sequence[int]) -> tuple[list[Fetched], int]:
        """Fetch the first of these mails, up to `MAX_MAIL_BYTES` in all.

        Returns them and the last UID requested; at least one is requested. Mails that no longer exist on the
        server are left out.
        """
        mails: list[Fetched] = []
        total, last = 0, uids[0]
        envelopes = self._envelopes(uids[:_BATCH])
        for uid in uids[:_BATCH]:
            size = envelopes.get(uid, {}).get(b"RFC822.SIZE")
            is_whole = size is not None and size <= MAX_MAIL_BYTES
            fetched = size if size is not None and is_whole else PARTIAL_MAIL_BYTES
            if mails and total + fetched > MAX_MAIL_BYTES:
                break
            last = uid
            content = (
                self._content(uid, None if is_whole else PARTIAL_MAIL_BYTES) if size is not None else None
            )
            if content is not None:
                total += fetched
                mails.append(Fetched(uid, envelopes[uid].get(b"INTERNALDATE"), content, is_whole))
        return mails, last

    def wait(self, seconds: float, stop: threading.Event) -> None:
        """Return when mail may have arrived, after `seconds`, or soon after `stop` is set."""
        if self._search_above(self._highest):
            return  # it arrived after the last search and may have been announced already
        try:
            self._client.idle()
        except IMAPClientError as error:
            if "EXISTS" not in str(error):
                raise
            # Mail was announced before the server's "+", which IMAPClient takes for a refusal of IDLE.
            self.close()
            self._select()
            return
        ends = time.monotonic() + min(seconds, _MAX_IDLE_SECONDS)
        early_returns = 0
        while not stop.is_set() and (remaining := ends - time.monotonic()) > 0:
            started, timeout = time.monotonic(), min(remaining, _STOP_CHECK_SECONDS)
            if self._client.idle_check(timeout):
                break
            # That a connection has ended shows only in this: idle_check returns at once, each time.
            early_returns += time.monotonic() - started < timeout / 2
            if early_returns > _MAX_EARLY_RETURNS:
                raise IMAPClientAbortError("the connection has ended")
        self._client.idle_done()

    def _select(self) -> None:
        self._client = connect(self._server)
        try:
            selected = self._client.select_folder(self._name, readonly=True)
        except BaseException:
            self.close()
            raise
        self._uidvalidity: int = selected.get(b"UIDVALIDITY", 0)
        self._uidnext: int | None = selected.get(b"UIDNEXT")
        self._highest = (self._uidnext or 1) - 1  # the highest UID that a search returned

    def _search_above(self, uid: int) -> list[int]:
        """Search for UIDs above `uid`; "*" alone matches the newest mail even where that is older."""
        self._client.noop()
        return [found for found in self._search(["UID", f"{uid + 1}:*"]) if found > uid]

    def _search_since(self, moment: datetime) -> list[int]:
        """Search from the day before on: the server counts days in its own time zone."""
        return self._search(["SINCE", (moment - timedelta(days=1)).date()])

    def _search(self, criteria: str | list[Any]) -> list[int]:
        found = sorted(self._client.search(criteria))
        self._highest = max(self._highest, *found[-1:], 0)
        return found

    def _envelopes(self, uids: Sequence[int]) -> dict[int, dict[bytes, Any]]:
        envelopes: dict[int, dict[bytes, Any]] = self._client.fetch(uids, ["RFC822.SIZE", "INTERNALDATE"])
        return envelopes

    def _content(self, uid: int, at_most: int | None) -> bytes | None:
        part = "BODY.PEEK[]" if at_most is None else f"BODY.PEEK[]<0.{at_most}>"
        fields = self._client.fetch([uid], [part]).get(uid, {})
        return next((value for key, value in fields.items() if key.startswith(b"BODY[]")), None)

"""Read the account's direct messages, newest first, until the cursor, the end, or the page limit."""

import logging
from dataclasses import dataclass, field
from datetime import datetime

from adapters.http_calls import Unreadable
from adapters.networks.x import ids
from adapters.networks.x.client import Client
from adapters.networks.x.dm_events import MESSAGE_CREATED, attachments_of, event_of, message_of
from adapters.networks.x.parsing import Includes, Malformed
from adapters.networks.x.timeline import listing
from adapters.networks.x.vocabulary import INBOX, Json
from domain.accounts import Account
from domain.intake.private_messages import IncomingAttachment, IncomingMessage, IncomingPage

log = logging.getLogger(__name__)

ROUTE = "/2/dm_events"
#: X has no `since_id` here and charges once a day for each event that it lists, so the first page is short.
FIRST_PAGE = 20
PAGE_SIZE = 100
#: X allows 15 pages in 15 minutes. One read leaves some for the next; older events are reported as a gap.
MAX_PAGES = 10


@dataclass(slots=True)
class _Progress:
    """The state of one read, newest first.

    `answered` holds the conversations in which a message of ours is newer.
    """

    messages: list[IncomingMessage] = field(default_factory=list)
    attached: dict[str, list[IncomingAttachment]] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)
    answered: set[str] = field(default_factory=set)
    newest: str | None = None
    pages: int = 0
    token: str | None = None
    reached: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectMessageInbox:
    """One account's direct messages, read at `now`."""

    client: Client
    account: Account
    now: datetime

    async def read(self, since_id: str | None) -> IncomingPage:
        """Fetch the customers' messages since `since_id`, oldest first. Raises CallFailed.

        Without `since_id`: only the newest page, and of that only messages that we have not answered; older
        ones were handled before the bot was started.
        """
        read = _Progress()
        floor = None if since_id is None else ids.with_overlap(since_id)
        while True:
            await self._page(read, floor)
            if since_id is None or read.reached or read.token is None:
                gap = False
                break
            if read.pages >= MAX_PAGES:
                gap = True
                break
        unique = {message.external_id: message for message in read.messages}
        return IncomingPage(
            messages=tuple(sorted(unique.values(), key=lambda message: int(message.external_id))),
            attached=read.attached,
            newest_id=ids.newest(since_id or ids.BEGINNING, read.newest),
            gap=gap,
            skipped=tuple(read.skipped),
        )

    async def _page(self, read: _Progress, floor: str | None) -> None:
        body = await self.client.read(
            INBOX,
            ROUTE,
            event_types=MESSAGE_CREATED,
            max_results=PAGE_SIZE if read.pages or floor is None else FIRST_PAGE,
            pagination_token=read.token,
        )
        data, meta = listing(body)
        before, token = read.token, meta.get("next_token")
        read.token = token if isinstance(token, str) and token else None
        read.pages += 1
        if read.token is not None and read.token == before:
            raise Unreadable("X gave the same page token twice")
        includes = Includes.of(body)
        for event in data:
            if _id_of(event) is not None and floor is not None and int(event["id"]) <= int(floor):
                read.reached = True
                return
            self._add_event(read, event, includes, body, include_answered=floor is not None)

    def _add_event(
        self, read: _Progress, raw: object, includes: Includes, body: Json, *, include_answered: bool
    ) -> None:
        event_id = _id_of(raw)
        read.newest = ids.newest(read.newest, event_id)
        try:
            event = event_of(raw)
        except Malformed as error:
            log.warning("a direct message is skipped: %s", error, extra={"event": event_id})
            read.skipped.append(event_id or "?")
            return
        if event is None:
            return
        if event.sender_id == self.account.id:
            read.answered.add(event.conversation_id)
        elif include_answered or event.conversation_id not in read.answered:
            read.messages.append(message_of(event, includes, self.account, self.now))
            if files := attachments_of(event, body):
                read.attached[event.id] = list(files)


def _id_of(event: object) -> str | None:
    raw = event.get("id") if isinstance(event, dict) else None
    return raw if ids.is_id(raw) else None

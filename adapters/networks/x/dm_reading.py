"""Reading the brand's inbox: newest first, page after page, until what was read before, the end, or what is read at most."""

import logging
from dataclasses import dataclass, field
from datetime import datetime

from adapters.networks.x import ids
from adapters.networks.x.call_failures import Unreadable
from adapters.networks.x.client import Client
from adapters.networks.x.dm_events import (
    EVENT_FIELDS,
    EXPANSIONS,
    MEDIA_FIELDS,
    WRITTEN,
    attached_to,
    event_of,
    heard_of,
)
from adapters.networks.x.parsing import USER_FIELDS, Includes, Json, Malformed
from adapters.networks.x.timeline import listing
from domain.accounts import Account
from domain.intake.private_messages import Attachment, IncomingMessage, IncomingPage

log = logging.getLogger(__name__)

#: X cannot be asked for what is new alone, and charges for each event that it lists, once a day: a short page first.
FIRST_PAGE = 20
PAGE_SIZE = 100
#: X lists 15 pages in 15 minutes. A reading leaves some for the next ones; what is beyond it is reported as a gap.
PAGES_AT_MOST = 10


@dataclass(slots=True)
class _Read:
    """What has been read so far, newest first. `answered` holds the conversations in which ours came later."""

    heard: list[IncomingMessage] = field(default_factory=list)
    attached: dict[str, list[Attachment]] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)
    answered: set[str] = field(default_factory=set)
    newest: str | None = None
    pages: int = 0
    token: str | None = None
    reached: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """One account's direct messages, read `now`."""

    client: Client
    account: Account
    now: datetime

    async def read(self, since_id: str | None) -> IncomingPage:
        """What customers wrote since `since_id`, oldest first. Raises CallFailed.

        Without `since_id`, the newest page alone, and of that only what we have not answered yet: the rest was dealt with before we came.
        """
        read = _Read()
        floor = None if since_id is None else ids.with_overlap(since_id)
        while True:
            await self._page(read, floor)
            if since_id is None or read.reached or read.token is None:
                gap = False
                break
            if read.pages >= PAGES_AT_MOST:
                gap = True
                break
        unique = {heard.external_id: heard for heard in read.heard}
        return IncomingPage(
            messages=tuple(sorted(unique.values(), key=lambda heard: int(heard.external_id))),
            attached=read.attached,
            newest_id=ids.newest(since_id or ids.BEGINNING, read.newest),
            gap=gap,
            skipped=tuple(read.skipped),
        )

    async def _page(self, read: _Read, floor: str | None) -> None:
        body = await self.client.get_direct_message_events(
            event_types=WRITTEN,
            dm_event_fields=list(EVENT_FIELDS),
            expansions=list(EXPANSIONS),
            media_fields=list(MEDIA_FIELDS),
            user_fields=list(USER_FIELDS),
            max_results=PAGE_SIZE if read.pages or floor is None else FIRST_PAGE,
            **({"pagination_token": read.token} if read.token else {}),
        )
        data, meta = listing(body)
        before, read.token = read.token, meta.get("next_token") or None
        read.pages += 1
        if read.token is not None and read.token == before:
            raise Unreadable("X gave the same page token twice")
        includes = Includes.of(body)
        for event in data:
            if _id_of(event) is not None and floor is not None and int(event["id"]) <= int(floor):
                read.reached = True
                return
            self._take(read, event, includes, body, whole=floor is not None)

    def _take(self, read: _Read, given: object, includes: Includes, body: Json, *, whole: bool) -> None:
        event_id = _id_of(given)
        read.newest = ids.newest(read.newest, event_id)
        try:
            event = event_of(given)
        except Malformed as error:
            log.warning("a direct message is skipped: %s", error, extra={"event": event_id})
            read.skipped.append(event_id or "?")
            return
        if event is None:
            return
        if event.sender_id == self.account.id:
            read.answered.add(event.conversation_id)
        elif whole or event.conversation_id not in read.answered:
            read.heard.append(heard_of(event, includes, self.account, self.now))
            if files := attached_to(event, body):
                read.attached[event.id] = list(files)


def _id_of(event: object) -> str | None:
    given = event.get("id") if isinstance(event, dict) else None
    return given if ids.is_id(given) else None

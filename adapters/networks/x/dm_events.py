"""X's direct-message events as what was heard. One that cannot be read raises Malformed, never harming its neighbours."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from adapters.networks.x.ids import is_id
from adapters.networks.x.parsing import (
    NETWORK,
    Includes,
    Malformed,
    created_at_of,
    items,
    mapping_of,
    text_of,
)
from domain.accounts import Account
from domain.intake.posts import Author
from domain.intake.private_messages import Attachment, IncomingMessage
from domain.venues import Venue

WRITTEN = "MessageCreate"
EVENT_FIELDS = (
    "attachments",
    "created_at",
    "dm_conversation_id",
    "entities",
    "event_type",
    "sender_id",
    "text",
)
EXPANSIONS = ("sender_id", "attachments.media_keys")
MEDIA_FIELDS = ("type", "url")
#: The link that X itself puts behind the text for each file of a message.
_OF_MEDIA = re.compile(r"https?://(?:\w+\.)?(?:twitter|x)\.com/messages/media/\d+")
_UNSAFE = re.compile(r"[^\w.-]+")
_LONGEST_NAME = 80

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Event:
    """One message of either side, as X lists it."""

    id: str
    sender_id: str
    conversation_id: str
    text: str
    raw: Json

    @property
    def has_files(self) -> bool:
        """Whether there is more to it than its text."""
        return bool(_media_keys(self.raw))

    @property
    def written(self) -> str:
        """What its sender typed: the text without the links that X puts behind it for its files."""
        text = self.text
        for link in items(mapping_of(self.raw.get("entities")).get("urls")):
            short, target = link.get("url"), link.get("expanded_url")
            if isinstance(short, str) and short and isinstance(target, str) and _OF_MEDIA.match(target):
                text = text.replace(short, "")
        return text.strip() if self.has_files else text


def event_of(event: object) -> Event | None:
    """The message, `None` for an event of another kind; raises Malformed."""
    if not isinstance(event, dict):
        raise Malformed("not an object")
    if event.get("event_type", WRITTEN) != WRITTEN:
        return None
    event_id, sender_id = event.get("id"), event.get("sender_id")
    if not is_id(event_id):
        raise Malformed("no id")
    if not is_id(sender_id):
        raise Malformed("no sender")
    conversation = event.get("dm_conversation_id")
    text = text_of(event) if "text" in event or not _media_keys(event) else ""
    return Event(
        event_id, sender_id, conversation if isinstance(conversation, str) else sender_id, text, event
    )


def heard_of(event: Event, includes: Includes, account: Account, now: datetime) -> IncomingMessage:
    """What the customer wrote, dated `now` where X does not tell when."""
    author = includes.authors.get(event.sender_id)
    return IncomingMessage(
        venue=Venue.DM,
        network=NETWORK,
        account_id=account.id,
        external_id=event.id,
        author=author or Author(id=event.sender_id, handle=event.sender_id, name=event.sender_id),
        text=event.written,
        at=created_at_of(event.raw) or now,
        address=event.sender_id,
    )


def attached_to(event: Event, body: Json) -> Sequence[Attachment]:
    """The files of a message. X hands out the address of a picture only."""
    media = {one.get("media_key"): one for one in items(mapping_of(body.get("includes")).get("media"))}
    return [_attachment(mapping_of(media.get(key))) for key in _media_keys(event.raw)]


def _attachment(media: Json) -> Attachment:
    kind, address = media.get("type"), media.get("url")
    if not isinstance(address, str) or not address:
        return Attachment(name=kind if kind in {"video", "animated_gif"} else "file")
    name = _UNSAFE.sub("", address.partition("?")[0].rpartition("/")[2])[-_LONGEST_NAME:]
    return Attachment(name=name.lstrip(".") or "picture", address=address)


def _media_keys(event: Json) -> list[str]:
    keys = mapping_of(event.get("attachments")).get("media_keys")
    return [key for key in keys if isinstance(key, str)] if isinstance(keys, list) else []

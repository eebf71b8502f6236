"""Parse X's direct-message events. A malformed one raises Malformed and does not affect the others."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from adapters.networks.x.ids import is_id
from adapters.networks.x.json_values import items, mapping_of
from adapters.networks.x.parsing import NETWORK, Includes, Malformed, created_at_of, text_of
from adapters.networks.x.post_text import raw_text, with_links
from adapters.networks.x.vocabulary import Json
from domain.accounts import Account
from domain.intake.posts import Author
from domain.intake.private_messages import IncomingAttachment, IncomingMessage
from domain.venues import Venue

MESSAGE_CREATED = "MessageCreate"
#: The link that X appends to the text for each file of a message.
_MEDIA_LINK = re.compile(r"https?://(?:\w+\.)?(?:twitter|x)\.com/messages/media/\d+")
_UNSAFE = re.compile(r"[^\w.-]+")
_MAX_NAME_LENGTH = 80


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
        """Whether files are attached."""
        return bool(_media_keys(self.raw))

    @property
    def written(self) -> str:
        """The text that the sender typed, without the links that X appends for attached files."""
        text = self.text
        for link in items(mapping_of(self.raw.get("entities")).get("urls")):
            short, target = link.get("url"), link.get("expanded_url")
            if isinstance(short, str) and short and isinstance(target, str) and _MEDIA_LINK.match(target):
                text = text.replace(short, "")
        return text.strip() if self.has_files else text

    @property
    def readable(self) -> str:
        """The text that the sender typed, with the addresses that X's short links lead to."""
        text = _MEDIA_LINK.sub("", with_links(self.raw, raw_text(self.raw) or "", (), ()))
        return text.strip() if self.has_files else text


def event_of(event: object) -> Event | None:
    """Parse the event; `None` for another kind than a message. Raises Malformed."""
    if not isinstance(event, dict):
        raise Malformed("not an object")
    if (event.get("event_type") or MESSAGE_CREATED) != MESSAGE_CREATED:
        return None
    event_id, sender_id = event.get("id"), event.get("sender_id")
    if not is_id(event_id):
        raise Malformed("no id")
    if not is_id(sender_id):
        raise Malformed("no sender")
    conversation = event.get("dm_conversation_id")
    text = text_of(event) if event.get("text") is not None or not _media_keys(event) else ""
    return Event(
        event_id, sender_id, conversation if isinstance(conversation, str) else sender_id, text, event
    )


def message_of(event: Event, includes: Includes, account: Account, now: datetime) -> IncomingMessage:
    """Convert a customer's event to a message, dated `now` where X gives no time."""
    author = includes.authors.get(event.sender_id)
    return IncomingMessage(
        venue=Venue.DM,
        network=NETWORK,
        account_id=account.id,
        external_id=event.id,
        author=author or Author(id=event.sender_id, handle=event.sender_id, name=event.sender_id),
        text=event.readable,
        at=created_at_of(event.raw) or now,
        address=event.sender_id,
    )


def attachments_of(event: Event, body: Json) -> Sequence[IncomingAttachment]:
    """Return the attached files. X gives an address for pictures only."""
    included = items(mapping_of(body.get("includes")).get("media"))
    media = {key: one for one in included if isinstance(key := one.get("media_key"), str)}
    return [_attachment(mapping_of(media.get(key))) for key in _media_keys(event.raw)]


def _attachment(media: Json) -> IncomingAttachment:
    kind, address = media.get("type"), media.get("url")
    if not isinstance(address, str) or not address:
        return IncomingAttachment(name=kind if kind in ("video", "animated_gif") else "file")
    name = _UNSAFE.sub("", address.partition("?")[0].rpartition("/")[2])[-_MAX_NAME_LENGTH:]
    return IncomingAttachment(name=name.lstrip(".") or "picture", address=address)


def _media_keys(event: Json) -> list[str]:
    keys = mapping_of(event.get("attachments")).get("media_keys")
    return [key for key in keys if isinstance(key, str)] if isinstance(keys, list) else []

"""Direct messages of the simulated X, and whom the brand may write to."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sandbox.ledger import Ledger
from sandbox.x.events import Broadcast
from sandbox.x.posts import Account, timestamp
from sandbox.x.timeline import person

SHOWN_SECONDS = 30 * 86_400  # X lists 30 days
TEXT_LENGTH = 10_000
_KINDS = {"photo": 3, "video": 7, "animated_gif": 16}


@dataclass(frozen=True, slots=True)
class Media:
    """A media attachment of a message or of a post; of a video, only its still.

    `kind` is X's type: photo, animated_gif or video; `media_type` is the MIME type that the sender declared.
    """

    id: str
    name: str
    media_type: str
    content: bytes = field(repr=False)
    kind: str = "photo"
    alt_text: str = ""

    @property
    def key(self) -> str:
        """X's media key, whose first number encodes the kind."""
        return f"{_KINDS[self.kind]}_{self.id}"


@dataclass(frozen=True, slots=True)
class DirectMessage:
    """One message between the brand and a customer."""

    id: str
    sender: Account
    recipient: Account
    text: str
    created_at: float
    media: Sequence[Media] = ()

    @property
    def conversation_id(self) -> str:
        """X's id of a one-to-one conversation: the smaller user id, then the larger."""
        return "-".join(sorted((self.sender.id, self.recipient.id), key=int))


class DirectMessages:
    """All direct messages, oldest first."""

    def __init__(
        self,
        brand: Account,
        *,
        next_id: Callable[[], str],
        clock: Callable[[], float],
        ledger: Ledger,
        events: Broadcast,
    ) -> None:
        self.all: list[DirectMessage] = []
        self.by_id: dict[str, DirectMessage] = {}
        self.media: dict[str, Media] = {}
        self._brand = brand
        self._with: dict[str, list[DirectMessage]] = {}
        self._next_id = next_id
        self._clock = clock
        self._ledger = ledger
        self._events = events

    def between(self, customer: Account) -> list[DirectMessage]:
        """Return the conversation of the brand and this customer, oldest first."""
        return self._with.get(customer.id, [])

    def customers(self) -> list[Account]:
        """Return all customers who have a conversation with the brand."""
        return [
            one
            for each in self._with.values()
            for one in (each[0].sender, each[0].recipient)
            if one is not self._brand
        ]

    def newest(self, customer: Account | None = None) -> Iterator[DirectMessage]:
        """Iterate over the messages that X still lists, newest first; of one conversation, or of all."""
        oldest = self._clock() - SHOWN_SECONDS
        messages = self.all if customer is None else self.between(customer)
        return (message for message in reversed(messages) if message.created_at >= oldest)

    def set_open_to_all(self, customer: Account, *, everybody: bool) -> None:
        """Set whether the customer accepts messages from accounts that they never wrote to."""
        customer.dms_open = everybody
        self._events.send("dm-open", {"customer": person(customer), "open": everybody})

    def add_media(
        self, name: str, media_type: str, content: bytes, *, kind: str = "photo", alt_text: str = ""
    ) -> Media:
        """Store an uploaded file, to be sent with a message or a post."""
        media = Media(self._next_id(), name, media_type, content, kind, alt_text)
        self.media[media.id] = media
        return media

    def receive(self, customer: Account, text: str, *media: Media) -> DirectMessage:
        """Send a message from the customer to the brand."""
        customer.wrote_first = True
        return self._write(customer, self._brand, text, media, "write dm", 0.0)

    def send(
        self, customer: Account, text: str, *media: Media, call: str = "answer dm", dollars: float = 0.0
    ) -> DirectMessage:
        """Send a message from the brand to the customer.

        `call` names the act in the ledger, `dollars` is what it cost the app.
        """
        return self._write(self._brand, customer, text, media, call, dollars)

    def page_json(self, message: DirectMessage) -> dict[str, Any]:
        """Format a message for the page."""
        customer = message.recipient if message.sender is self._brand else message.sender
        return {
            "id": message.id,
            "customer": person(customer),
            "from_brand": message.sender is self._brand,
            "text": message.text,
            "created_at": timestamp(message.created_at),
            "media": [{"id": m.id, "name": m.name, "kind": m.kind} for m in message.media],
        }

    def _write(
        self,
        sender: Account,
        recipient: Account,
        text: str,
        media: Sequence[Media],
        call: str,
        dollars: float,
    ) -> DirectMessage:
        customer = recipient if sender is self._brand else sender
        message = DirectMessage(self._next_id(), sender, recipient, text, self._clock(), media)
        self.all.append(message)
        self.by_id[message.id] = message
        self._with.setdefault(customer.id, []).append(message)
        self._ledger.record(
            "x",
            call,
            id=message.id,
            sender_id=sender.id,
            recipient_id=recipient.id,
            text=text,
            media=len(media),
            dollars=dollars,
        )
        self._events.send("dm", self.page_json(message))
        return message

"""Direct messages on the pretend X: what people wrote to the brand and it to them, and whom it may write to."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sandbox.ledger import Ledger
from sandbox.x.events import Broadcast
from sandbox.x.posts import Account, timestamp
from sandbox.x.timeline import person

SHOWN_SECONDS = 30 * 86_400  # X's listing goes back 30 days
TEXT_LENGTH = 10_000
_KINDS = {"photo": 3, "video": 7, "animated_gif": 16}


@dataclass(frozen=True, slots=True)
class Media:
    """A file in a message. `kind` is X's own word: photo, animated_gif or video; `media_type` is what its sender said."""

    id: str
    name: str
    media_type: str
    content: bytes = field(repr=False)
    kind: str = "photo"

    @property
    def key(self) -> str:
        """X's media key, whose first number tells the kind."""
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
        """X's name for a conversation of two: the smaller id, then the larger."""
        return "-".join(sorted((self.sender.id, self.recipient.id), key=int))


class DirectMessages:
    """Everything that was written in private, oldest first."""

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
        """The conversation of the brand and this customer, oldest first."""
        return self._with.get(customer.id, [])

    def customers(self) -> list[Account]:
        """Everybody who has a conversation with the brand."""
        return [
            one
            for each in self._with.values()
            for one in (each[0].sender, each[0].recipient)
            if one is not self._brand
        ]

    def newest(self, customer: Account | None = None) -> Iterator[DirectMessage]:
        """What X still lists, newest first; of one conversation, or of all."""
        oldest = self._clock() - SHOWN_SECONDS
        messages = self.all if customer is None else self.between(customer)
        return (message for message in reversed(messages) if message.created_at >= oldest)

    def let_in(self, customer: Account, *, everybody: bool) -> None:
        """The customer opens or closes their messages to those whom they never wrote to."""
        customer.dms_open = everybody
        self._events.send("dm-open", {"customer": person(customer), "open": everybody})

    def keep(self, name: str, media_type: str, content: bytes, *, kind: str = "photo") -> Media:
        """A file that is put up, to be sent with a message."""
        media = Media(self._next_id(), name, media_type, content, kind)
        self.media[media.id] = media
        return media

    def hear(self, customer: Account, text: str, *media: Media) -> DirectMessage:
        """The customer writes to the brand."""
        customer.wrote_first = True
        return self._write(customer, self._brand, text, media, "write dm", 0.0)

    def send(
        self, customer: Account, text: str, *media: Media, call: str = "answer dm", dollars: float = 0.0
    ) -> DirectMessage:
        """The brand writes to the customer. `call` names the act in the ledger, `dollars` is what it cost the app."""
        return self._write(self._brand, customer, text, media, call, dollars)

    def as_seen(self, message: DirectMessage) -> dict[str, Any]:
        """A message as the page shows it."""
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
        self._events.send("dm", self.as_seen(message))
        return message

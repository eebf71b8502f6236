"""Define the events of a history: what customers and agents did, and when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Wording(StrEnum):
    """How an answer was worded: the suggestion, the suggestion with a sentence before it, or free words."""

    SUGGESTED = "suggested"
    EDITED = "edited"
    FREE = "free"


class Venue(StrEnum):
    """Where a conversation was moved to."""

    DM = "dm"
    EMAIL = "email"
    CHAT = "chat"


class Phase(StrEnum):
    """Which notice of an outage it is."""

    ANNOUNCEMENT = "announcement"
    UPDATE = "update"
    RESOLUTION = "resolution"


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """Somebody who writes. `zone` is their time zone, `takes_messages` whether anybody may message them."""

    id: str
    handle: str
    name: str
    language: str
    zone: str
    followers: int
    takes_messages: bool = False

    @property
    def first_name(self) -> str:
        """The name that an answer addresses."""
        return self.name.split()[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened `at` a time. `story` numbers the request that it belongs to; 0 is none."""

    at: datetime
    story: int = 0


def url_of(handle: str, post_id: str) -> str:
    """Return the page that shows a post."""
    return f"https://x.com/{handle}/status/{post_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted(Event):
    """A customer posted, in answer to post `reply_to` of ours where it is set."""

    post_id: str
    conversation_id: str
    customer: Customer
    text: str
    reply_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed(Event):
    """An agent claimed the case."""

    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered(Event):
    """An agent answered in public by post `post_id`.

    `text` are the free words, `addition` is the sentence after a suggestion.
    """

    by: str
    wording: Wording
    text: str
    addition: str
    post_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved(Event):
    """An agent closed the case as resolved."""

    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered(Event):
    """An agent offered to go on in private, by post or message `post_id`."""

    by: str
    venue: Venue
    post_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WroteInPrivate(Event):
    """The customer wrote where they were asked to."""

    customer: Customer
    text: str
    message_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredInPrivate(Event):
    """An agent answered there, by message `message_id`."""

    text: str
    message_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated(Event):
    """The customer said in the chat whether it is solved."""

    solved: bool
    comment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OffersLookedAt(Event):
    """The time of offers that nobody took up was looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeSent(Event):
    """A notice of outage number `outage` was written, approved and sent.

    `texts` are by language, as are the ids of its `posts`.
    """

    outage: int
    phase: Phase
    title: str
    component: str
    texts: Mapping[str, str]
    by: str
    approved_by: str
    posts: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked(Event):
    """An agent linked the case to outage number `outage`."""

    outage: int
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseTracked(Event):
    """Somebody made it a cause what posts with one of the `phrases` are about, and owns it."""

    name: str
    phrases: tuple[str, ...]
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseFixed(Event):
    """Somebody said that the cause of this name is fixed."""

    name: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPost:
    """A post of ours as it was sent, in answer to `reply_to` where it is set."""

    at: datetime
    post_id: str
    text: str
    reply_to: str | None = None

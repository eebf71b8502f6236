"""Social networks: what is known of one without asking it, what an adapter of one provides, and our account on one."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from domain.accounts import Account
from domain.delivery.outcomes import Finding, Outcome
from domain.delivery.pacing import Pace
from domain.diagnostics import CheckLine
from domain.intake.posts import Page
from domain.intake.private_messages import PrivateStream
from domain.replies.outgoing_message import PrivateVenue
from domain.venues import MAX_PRIVATE_LENGTH, Venue


@dataclass(frozen=True, slots=True, kw_only=True)
class TextCount:
    """How long a text is by the network's own count, and how long it may be."""

    length: int
    limit: int

    @property
    def fits(self) -> bool:
        """Whether the network would take it."""
        return 0 < self.length <= self.limit


class Capability(StrEnum):
    """What a network allows beyond reading mentions and answering them."""

    DIRECT_MESSAGES = "direct messages"
    EDITS = "edits"
    REPLIES_ONLY_WHERE_MENTIONED = "replies only where mentioned"
    SEARCH = "search"


def _plain_count(text: str) -> TextCount:
    return TextCount(length=len(text.strip()), limit=5_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkProfile:
    """What is known of a network without asking it.

    `name` is how cases are stored, `label` how people write it. `paces` are by act: "reply", "find", "dm". `count` gives the length of
    a public reply, `price` what the network charges for one in US dollars, `None` where it charges nothing; a direct message may have
    `direct_message_length` characters. `reply_page` gives the address of a page on which a person answers a post (by its id) in the
    browser, with a text in the box; `own_replies_page` that of an account's replies (by its handle); `direct_message_page` that of a
    message to an account. They give `None` where there is no such page.
    """

    name: str
    label: str
    capabilities: frozenset[Capability] = frozenset()
    paces: Mapping[str, Pace] = field(default_factory=dict)
    count: Callable[[str], TextCount] = _plain_count
    price: Callable[[str], float | None] = lambda _text: None
    direct_message_length: int = 10_000
    reply_page: Callable[[str, str], str | None] = lambda _post_id, _text: None
    own_replies_page: Callable[[str], str | None] = lambda _handle: None
    direct_message_page: Callable[[Account], str | None] = lambda _account: None


class DirectMessages(PrivateVenue, PrivateStream, Protocol):
    """A network's direct messages: written to customers, and read from the account's inbox."""


class SocialNetwork(Protocol):
    """A client of a public network that customers write on. Readings raise `SourceError`."""

    @property
    def direct(self) -> DirectMessages | None:
        """Its direct messages; `None` where it has none."""
        ...

    async def account(self) -> Account:
        """Whom our credentials belong to."""
        ...

    async def mentions(self, account: Account, since_id: str | None) -> Page:
        """Posts that mention or quote the account since `since_id`, all pages of them."""
        ...

    async def search(self, account: Account, query: str, since_id: str | None) -> Page:
        """Posts that match the query since `since_id`, all pages of them."""
        ...

    async def reply(self, text: str, to_post_id: str) -> Outcome:
        """Answer a post publicly. `Done.result` holds "id" and "url"."""
        ...

    async def find_reply(self, account: Account, text: str, to_post_id: str, since: datetime) -> Finding:
        """Look among our own recent posts for that answer."""
        ...

    async def gone(self, post_ids: Sequence[str]) -> frozenset[str]:
        """Which of these posts can no longer be seen."""
        ...

    async def probe(self, *, direct: bool) -> list[CheckLine]:
        """What `check` tells of it; of its direct messages where `direct`."""
        ...

    async def close(self) -> None:
        """Let go of its connections."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Connected:
    """A network that the settings let us reach: its profile, its client, our account there, and the query of its search stream.

    `direct` is `None` where no direct messages are read and sent there.
    """

    profile: NetworkProfile
    client: SocialNetwork
    account: Account
    query: str | None = None
    direct: DirectMessages | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OurAccount:
    """Our account on a case's network, as cards and forms name it; `handle` has no "@" and is empty where we are not connected."""

    profile: NetworkProfile
    handle: str = ""


class Networks(Mapping[str, Connected]):
    """The connected networks by name; and of every network that a case may be of, what is known of it."""

    def __init__(self, connected: Mapping[str, Connected], profiles: Sequence[NetworkProfile] = ()) -> None:
        self._connected = dict(connected)
        self._profiles = {profile.name: profile for profile in profiles}
        self._profiles |= {name: one.profile for name, one in self._connected.items()}

    def __getitem__(self, name: str) -> Connected:
        return self._connected[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._connected)

    def __len__(self) -> int:
        return len(self._connected)

    def profile(self, name: str) -> NetworkProfile:
        """What is known of a network; of one that this version does not know, its name alone."""
        return self._profiles.get(name) or NetworkProfile(name=name, label=name.capitalize())

    def our_account(self, name: str) -> OurAccount:
        """Our account on the network as cards and forms name it."""
        connected = self._connected.get(name)
        return OurAccount(
            profile=self.profile(name), handle=connected.account.handle if connected is not None else ""
        )

    def count(self, name: str, text: str) -> TextCount:
        """The length of a public reply on the network."""
        return self.profile(name).count(text)

    def max_private_length(self, name: str, venue: Venue) -> int:
        """How many characters a private message to a customer of the network may have at a venue."""
        return self.profile(name).direct_message_length if venue is Venue.DM else MAX_PRIVATE_LENGTH[venue]

    def price(self, name: str, text: str) -> float | None:
        """What the network charges for a public reply, in US dollars; `None` where it charges nothing."""
        return self.profile(name).price(text)

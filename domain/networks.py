"""Define social networks: the profile of each, the client protocol, and the registry of connected ones."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from domain.accounts import Account
from domain.delivery.outcomes import Finding, Outcome
from domain.delivery.pacing import Pace
from domain.diagnostics import CheckLine
from domain.intake.post_events import PostEvents
from domain.intake.posts import Author, Page
from domain.intake.private_messages import PrivateStream
from domain.replies.outgoing_message import PrivateVenue
from domain.surge.spending import Act
from domain.venues import MAX_PRIVATE_LENGTH, PRIVATE_VENUES, Venue


@dataclass(frozen=True, slots=True, kw_only=True)
class TextCount:
    """The length of a text as the network counts it, and the maximum length."""

    length: int
    limit: int

    @property
    def fits(self) -> bool:
        """Whether the network would accept the text."""
        return 0 < self.length <= self.limit


class Capability(StrEnum):
    """A trait of a network beyond reading mentions and replying to them.

    `REPLIES_ONLY_WHERE_MENTIONED`: its API refuses a reply to a post that neither mentions nor quotes us.
    `SEARCH`: it has a search stream, which is read where a search is configured. `POSTS`: we may publish
    posts of our own, which makes it a destination of notices.
    """

    DIRECT_MESSAGES = "direct messages"
    REPLIES_ONLY_WHERE_MENTIONED = "replies only where mentioned"
    SEARCH = "search"
    POSTS = "posts"


def _plain_count(text: str) -> TextCount:
    return TextCount(length=len(text.strip()), limit=5_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkProfile:
    """Static facts about a network.

    `name` is the stored identifier, `label` the display name. `paces` are the rate limits by act: "reply" and
    "find", "post" where it has `POSTS`, "dm" where it has `DIRECT_MESSAGES`. `count` measures a public reply
    or post; `counting_rule` says in English how, for a model's prompt ("where a link counts 23"), and is
    empty where each character counts 1. `price` is what the network charges for a reply in US dollars,
    `post_price` for a post of our own, `None` for nothing; `prices` are those of other acts, of each post or
    message. `links` finds what it takes for links.
    `direct_message_length` is in characters. `unread_venue` names messages of the network that its API does
    not hand over, and that customers may write instead of direct messages; empty: there are none.

    `reply_page` returns the URL on which a person replies to a post in the browser, from the post's id and
    the text to prefill. `own_replies_page` returns the URL of an account's replies, from its handle, and
    `direct_message_page` the URL that opens a direct message to an account. `author_page` returns the URL of
    a customer's profile. All four return `None` where there is no such page.
    """

    name: str
    label: str
    capabilities: frozenset[Capability] = frozenset()
    paces: Mapping[str, Pace] = field(default_factory=dict)
    count: Callable[[str], TextCount] = _plain_count
    counting_rule: str = ""
    price: Callable[[str], float | None] = lambda _text: None
    post_price: Callable[[str], float | None] = lambda _text: None
    prices: Mapping[Act, float] = field(default_factory=dict)
    links: Callable[[str], Sequence[str]] = lambda _text: ()
    direct_message_length: int = 10_000
    unread_venue: str = ""
    reply_page: Callable[[str, str], str | None] = lambda _post_id, _text: None
    own_replies_page: Callable[[str], str | None] = lambda _handle: None
    direct_message_page: Callable[[Account], str | None] = lambda _account: None
    author_page: Callable[[Author], str | None] = lambda _author: None


class DirectMessages(PrivateVenue, PrivateStream, Protocol):
    """Send direct messages to customers and read the account's inbox."""


class SocialNetwork(Protocol):
    """A client of a public network on which customers post. Reads raise `SourceError`."""

    @property
    def direct(self) -> DirectMessages | None:
        """The client for direct messages; `None` where the network has none."""
        ...

    @property
    def events(self) -> PostEvents | None:
        """What tells of posts at once; `None` where the network, or its settings, have nothing that does."""
        ...

    async def account(self) -> Account:
        """Fetch the account that the credentials belong to."""
        ...

    async def mentions(self, account: Account, since_id: str | None) -> Page:
        """Fetch the posts that mention or quote the account since `since_id`, all pages."""
        ...

    async def recent_mentions(self, account: Account, since: datetime) -> Page:
        """Fetch the posts that mention or quote the account and were written since then, all pages.

        Also those that the network lists late, which a read by `since_id` passes over.
        """
        ...

    async def search(self, account: Account, query: str, since_id: str | None) -> Page:
        """Fetch the posts that match the query since `since_id`, all pages."""
        ...

    async def reply(self, text: str, to_post_id: str, *, unnotified: Sequence[str] = ()) -> Outcome:
        """Reply to a post publicly. `Done.result` holds "id" and "url".

        `unnotified` are the ids of people whom the post mentions and whom the reply is not to notify, where
        the network would by itself.
        """
        ...

    async def find_reply(self, account: Account, text: str, to_post_id: str, since: datetime) -> Finding:
        """Search our own posts since `since` for that reply, to reconcile an unknown outcome.

        `Done.result` is as in `reply`, and holds when it was sent ("at", in ISO 8601) where that is known.
        """
        ...

    async def post(self, text: str, reply_to_id: str | None) -> Outcome:
        """Publish a post of our own, or continue one. `Done.result` is as in `reply`.

        `reply_to_id` is the id of the post of ours that it continues. This and the next three methods are
        called only where the profile says `POSTS`.
        """
        ...

    async def find_post(
        self, account: Account, text: str, reply_to_id: str | None, since: datetime
    ) -> Finding:
        """Search our own posts since `since` for that post, to reconcile an unknown outcome."""
        ...

    async def delete_post(self, post_id: str) -> Outcome:
        """Delete a post of ours; `Done` if it is gone already. Idempotent."""
        ...

    async def audience(self, account: Account) -> int | None:
        """Return how many follow us; `None` where the network does not tell.

        Raises `SourceError`, also where our credentials do not allow to post.
        """
        ...

    async def missing_posts(self, post_ids: Sequence[str]) -> frozenset[str]:
        """Return those of the posts that are no longer visible."""
        ...

    async def picture(self, url: str) -> bytes:
        """Fetch a picture of a post, from where the network serves pictures and nowhere else.

        At most `domain.cases.files.MAX_FILE_SIZE` bytes, and without following redirects.
        """
        ...

    async def probe(self, *, direct: bool) -> list[CheckLine]:
        """Run the `check` command's diagnostics; include direct messages where `direct` is true."""
        ...

    async def close(self) -> None:
        """Close its connections."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Connected:
    """A configured network: its profile, its client, our account on it, and the query of its search stream.

    `direct` is `None` where direct messages are not in use. `query` is `None` where there is no search
    stream.
    """

    profile: NetworkProfile
    client: SocialNetwork
    account: Account
    query: str | None = None
    direct: DirectMessages | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OurAccount:
    """Our account on a case's network, for display.

    `handle` has no "@" and is empty where the network is not connected. `private_venues` are those in which
    its customers can write to us. `brand` is what we are called.
    """

    profile: NetworkProfile
    handle: str = ""
    private_venues: frozenset[Venue] = PRIVATE_VENUES
    brand: str = ""


class Networks(Mapping[str, Connected]):
    """The connected networks by name, and the profiles of all known networks, connected or not."""

    def __init__(self, connected: Mapping[str, Connected], profiles: Sequence[NetworkProfile] = ()) -> None:
        self._connected = dict(connected)
        self._profiles = {profile.name: profile for profile in profiles}
        self._profiles |= {name: network.profile for name, network in self._connected.items()}

    def __getitem__(self, name: str) -> Connected:
        return self._connected[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._connected)

    def __len__(self) -> int:
        return len(self._connected)

    @property
    def without_direct(self) -> frozenset[str]:
        """The connected networks on which no direct message is read."""
        return frozenset(name for name, network in self._connected.items() if network.direct is None)

    def profile(self, name: str) -> NetworkProfile:
        """Return a network's profile; for an unknown network, a profile with only a name and a label."""
        return self._profiles.get(name) or NetworkProfile(name=name, label=name.capitalize())

    def our_account(self, name: str) -> OurAccount:
        """Return our account on the network, for display."""
        connected = self._connected.get(name)
        return OurAccount(
            profile=self.profile(name), handle=connected.account.handle if connected is not None else ""
        )

    def count(self, name: str, text: str) -> TextCount:
        """Measure a public reply by the network's own count."""
        return self.profile(name).count(text)

    def max_private_length(self, name: str, venue: Venue) -> int:
        """Return the maximum length, in characters, of a private message in a venue."""
        return self.profile(name).direct_message_length if venue is Venue.DM else MAX_PRIVATE_LENGTH[venue]

    def links(self, name: str, text: str) -> Sequence[str]:
        """Return what the network takes for links in a text."""
        return self.profile(name).links(text)

    def price(self, name: str, text: str) -> float | None:
        """Return what the network charges for a public reply, in US dollars; `None` for nothing."""
        return self.profile(name).price(text)

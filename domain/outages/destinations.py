"""Define destinations of notices: the profile of each, its client protocol, and the connected ones."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from domain.delivery.outcomes import Finding, Outcome
from domain.delivery.pacing import Pace
from domain.diagnostics import CheckLine
from domain.networks import TextCount
from domain.outages.notices import NoticeKind
from domain.outages.outage import OutageKind, Phase, Severity


class Languages(StrEnum):
    """How a destination carries the language versions of a notice.

    `EACH`: one publication for each language, such as a post on a network. `JOINED`: one text that holds all
    of them, below each other. `CHOSEN`: one publication from which each reader gets their language, such as
    the chat page's banner; it has a text for each language.
    """

    EACH = "each"
    JOINED = "joined"
    CHOSEN = "chosen"


def _up_to_10_000(text: str) -> TextCount:
    return TextCount(length=len(text.strip()), limit=10_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class DestinationProfile:
    """Static facts about a destination.

    `name` is the stored identifier, `label` the display name. `count` measures a text as the destination
    does. `price` is what it charges for a text in US dollars, `None` for nothing; `links` finds what it takes
    for links. `corrects`: a text can be edited in place; `retracts`: it can be deleted. `is_one_entry`: all
    notices of an outage are one entry there, which is deleted as a whole with the first of them; with
    `keeps_updates` the others cannot be deleted by themselves. `has_components`: it shows components' states.
    `is_idempotent`: the other side ignores a notice that it has already, so an attempt of unknown outcome may
    be repeated. `own_page` is the address of what we published there. `pace` is its rate limit.
    """

    name: str
    label: str
    languages: Languages = Languages.JOINED
    count: Callable[[str], TextCount] = _up_to_10_000
    price: Callable[[str], float | None] = lambda _text: None
    links: Callable[[str], Sequence[str]] = lambda _text: ()
    corrects: bool = False
    retracts: bool = False
    is_one_entry: bool = False
    keeps_updates: bool = False
    has_components: bool = False
    is_idempotent: bool = False
    own_page: str | None = None
    pace: Pace | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Preflight:
    """What is known of a destination before anything is sent there.

    `audience` is how many are reached, in `audience_unit` ("followers", "subscribers", "members"); `None`
    where it is not known. `audience_by_language` divides it where readers chose one. `refusal` is why it
    would refuse a notice now (a permission that is missing, a page that does not exist); `None` where nothing
    speaks against it. `warnings` are what it would leave out, such as components that it does not have.
    """

    audience: int | None = None
    audience_unit: str = ""
    audience_by_language: Mapping[str, int] = field(default_factory=dict)
    refusal: str | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingNotice:
    """A notice as a destination gets it.

    `texts` are by language, the main one first; with `Languages.JOINED` and `EACH` there is one. `components`
    are names from the settings. `reference` is unique to the notice and the same at each attempt: it may be
    stored on the other side to find the notice again. `starts_at` and `ends_at` are a maintenance's.
    `moves_start`, `moves_end`: an earlier notice stated another one. `former_titles` are those under which
    the outage was published before, the newest first. `others` is what the newest receipt of each other open
    outage keeps there.
    """

    outage_id: int
    notice_id: int
    outage_kind: OutageKind
    kind: NoticeKind
    phase: Phase
    severity: Severity
    title: str
    texts: Mapping[str, str]
    components: tuple[str, ...]
    reference: str
    created_at: datetime
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    moves_start: bool = False
    moves_end: bool = False
    former_titles: tuple[str, ...] = ()
    others: tuple[Mapping[str, Any], ...] = ()

    @property
    def text(self) -> str:
        """The only text, or that of the main language."""
        return next(iter(self.texts.values()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What was published before: its id and URL on the other side, and what the destination asked to keep.

    `others` is what the newest receipt of each other open outage keeps there, for a deletion.
    """

    id: str
    url: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    others: tuple[Mapping[str, Any], ...] = ()


class Destination(Protocol):
    """A client of one destination. `Done.result` holds "id", "url" (or `None`) and "data" (JSON-ready).

    `first` is the receipt of the outage's first notice there that was not retracted, `latest` that of the
    newest one since then, retracted or not: both are `None` for an announcement, and where the first notice
    never arrived; an update then opens a new entry. What changes the state of components keeps what they were
    in `data` of each receipt, and restores it once, with the resolution.
    """

    async def preflight(self) -> Preflight:
        """Ask whom a notice reaches now, and what would refuse it. Makes no change there."""
        ...

    async def publish(
        self, notice: OutgoingNotice, *, first: Receipt | None, latest: Receipt | None
    ) -> Outcome:
        """Publish a notice: open an entry, or add to the first one, close it, or open it again."""
        ...

    async def find(self, notice: OutgoingNotice, *, first: Receipt | None, since: datetime) -> Finding:
        """Look on the other side for this notice, to reconcile an unknown outcome."""
        ...

    async def correct(self, notice: OutgoingNotice, *, receipt: Receipt) -> Outcome:
        """Replace the text of what was published. Idempotent. Only where the profile says `corrects`."""
        ...

    async def retract(self, receipt: Receipt, *, latest: Receipt) -> Outcome:
        """Delete what was published; `Done` if it is gone already. Only where the profile says `retracts`."""
        ...

    async def probe(self) -> list[CheckLine]:
        """Run the `check` command's diagnostics."""
        ...

    async def close(self) -> None:
        """Close its connections."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectedDestination:
    """A configured destination: its profile and its client."""

    profile: DestinationProfile
    client: Destination


class Destinations(Mapping[str, ConnectedDestination]):
    """The connected destinations by name, in the order in which previews list them."""

    def __init__(self, connected: Sequence[ConnectedDestination] = ()) -> None:
        self._connected = {destination.profile.name: destination for destination in connected}

    def __getitem__(self, name: str) -> ConnectedDestination:
        return self._connected[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._connected)

    def __len__(self) -> int:
        return len(self._connected)

    def profile(self, name: str) -> DestinationProfile:
        """Return a destination's profile; for one that is no longer set up, a name and a label alone."""
        connected = self._connected.get(name)
        return connected.profile if connected else DestinationProfile(name=name, label=name.replace("_", " "))

"""Build a context with a fake directory and recording modals, on a real store."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from adapters.slack.card_metadata import CardIdentity
from adapters.slack.people import Person, SlackIdentity
from adapters.slack.records.contact_masking import mask
from domain.access import Standing
from domain.delivery.outcomes import Done, Outcome
from domain.errors import Refused
from handlers.context import AppContext
from handlers.desk import Desk
from tests.handlers.context import NotUsed, a_context
from tests.handlers.made import MIA, SAM


@dataclass
class Directory:
    """A directory that knows two people who may act."""

    who_may_act: str = "#support"
    knows_agents: bool = True
    known: Mapping[str, str] = field(default_factory=lambda: {SAM: "Sam Okafor", MIA: "Mia Lindqvist"})
    groups: Mapping[str, Collection[str]] = field(default_factory=dict)
    channels: Mapping[str, Collection[str]] = field(default_factory=dict)
    deactivated: Collection[str] = ()
    standings: Mapping[str, Standing] = field(default_factory=dict)
    unread: Collection[str] = ()
    known_identity: SlackIdentity | None = None

    async def standing(self, user_id: str) -> Standing:
        if user_id in self.deactivated:
            return Standing.DEACTIVATED
        return self.standings.get(user_id, Standing.MEMBER)

    def knows_members(self, *, group: str, channel: str) -> bool:
        return (group or channel) not in self.unread

    async def recent_identity(self) -> SlackIdentity | None:
        return self.known_identity

    async def person(self, user_id: str) -> Person:
        return Person(name=self.known.get(user_id, ""))

    async def agents(self) -> frozenset[str]:
        return frozenset(self.known)

    def known_names(self, user_ids: Collection[str]) -> list[str]:
        return [self.known[user_id] for user_id in user_ids]

    async def names_of(self, user_ids: Collection[str]) -> list[str]:
        return self.known_names(user_ids)

    async def group_members(self, group: str) -> Collection[str]:
        return self.groups.get(group, ())

    async def members(self, channel: str) -> Collection[str]:
        return self.channels.get(channel, ())

    def channel_name(self, channel_id: str) -> str:
        return {"C0PRESS": "#press"}.get(channel_id, "")

    async def is_active(self, user_id: str) -> bool:
        return user_id not in self.deactivated

    async def is_bot(self, user_id: str) -> bool:
        return self.standings.get(user_id) is Standing.BOT


@dataclass
class Modals:
    """Record views and ephemerals."""

    ephemerals: list[str] = field(default_factory=list)
    views: list[Any] = field(default_factory=list)
    responses: list[tuple[str, Mapping[str, Any], bool]] = field(default_factory=list)
    is_masked: bool = False
    read: list[tuple[str, str]] = field(default_factory=list)
    #: What was written in threads, by (channel, ts); `None` where Slack does not answer.
    threads: dict[tuple[str, str], list[dict[str, Any]] | None] = field(default_factory=dict)
    #: The metadata of the cards at (channel, ts), or the error of reading it.
    identities: dict[tuple[str, str], CardIdentity | Refused] = field(default_factory=dict)

    def masked(self) -> "Modals":
        return replace(self, is_masked=True)

    async def card_identity(self, channel: str, thread_ts: str, *, bot_user_id: str) -> CardIdentity | None:
        assert bot_user_id == "U0BOT"
        found = self.identities.get((channel, thread_ts))
        if isinstance(found, Refused):
            raise found
        return found

    async def thread_messages(
        self, channel: str, thread_ts: str, *, since: datetime
    ) -> list[dict[str, Any]] | None:
        assert since.tzinfo is not None
        self.read.append((channel, thread_ts))
        return self.threads.get((channel, thread_ts), [])

    async def send_ephemeral(
        self, channel: str, user_id: str, content: Mapping[str, Any], *, thread_ts: str | None = None
    ) -> None:
        assert channel
        assert user_id
        assert thread_ts is None or thread_ts
        self.ephemerals.append(mask(content)["text"] if self.is_masked else content["text"])

    async def respond(
        self,
        response_url: str,
        channel: str | None,
        user_id: str,
        content: Mapping[str, Any],
        *,
        in_channel: bool = False,
    ) -> None:
        assert channel
        assert user_id
        self.responses.append((response_url, content, in_channel))

    async def open_view(self, trigger_id: str, view: Mapping[str, Any]) -> str:
        assert trigger_id
        self.views.append(mask(view) if self.is_masked else view)
        return "V1"

    async def open_notice(self, trigger_id: str, content: Mapping[str, Any]) -> None:
        assert isinstance(trigger_id, str)
        self.ephemerals.append(content["text"])

    async def notify(self, trigger_id: str, user_id: str, content: Mapping[str, Any]) -> None:
        assert isinstance(trigger_id, str)
        assert user_id
        self.ephemerals.append(content["text"])

    async def update_view(self, view_id: str, view: object, *, seen_hash: str | None = None) -> str:
        assert view_id
        assert seen_hash is None or seen_hash
        self.views.append(mask(view) if self.is_masked else view)
        return f"hash-{len(self.views)}"


@dataclass
class Reactions(NotUsed):
    """A team chat that takes reactions alone."""

    added: list[tuple[str, str, str]] = field(default_factory=list)

    async def add_reaction(self, channel: str, ts: str, name: str) -> Outcome:
        self.added.append((channel, ts, name))
        return Done()


@dataclass
class Ack:
    """Record the acknowledgements to Slack."""

    given: list[dict[str, Any]] = field(default_factory=list)

    async def __call__(self, **response: Any) -> None:  # noqa: ANN401 - as Bolt's
        self.given.append(response)


def a_slack_context(
    desk: Desk,
    *,
    groups: Mapping[str, Collection[str]] | None = None,
    reports_group: str = "",
    **parts: Any,  # noqa: ANN401 - any of the fields
) -> AppContext:
    """Build a context for Slack listeners; direct messages and e-mail are set up."""
    outside = {"directory": Directory(groups=groups or {}), "modals": Modals(), "team_chat": Reactions()}
    ctx = a_context(desk, **outside | parts)
    return replace(ctx, policy=replace(ctx.policy, reports_group=reports_group))


def set_card_identity(ctx: AppContext, channel: str, ts: str, identity: CardIdentity | Refused) -> None:
    """Set the card metadata that Slack returns for this message."""
    modals: Any = ctx.modals
    modals.identities[channel, ts] = identity


def ephemerals(ctx: AppContext) -> list[str]:
    """Return the texts that were shown to one person."""
    modals: Any = ctx.modals
    return list(modals.ephemerals)


def opened_views(ctx: AppContext) -> list[Any]:
    """Return the views that were opened or updated."""
    modals: Any = ctx.modals
    return list(modals.views)

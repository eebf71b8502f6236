"""Implement `Destination` for a channel of the team chat."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from domain.delivery.outcomes import Done, Failed, Finding, Later, Outcome
from domain.delivery.team_chat import TeamChat
from domain.diagnostics import CheckLine
from domain.networks import TextCount
from domain.outages.destinations import DestinationProfile, OutgoingNotice, Preflight, Receipt

MAX_LENGTH = 9_000  # three sections of a message

T = TypeVar("T", Outcome, Finding)

PROFILE = DestinationProfile(
    name="slack_channel",
    label="Slack announcements",
    count=lambda text: TextCount(length=len(text.strip()), limit=MAX_LENGTH),
    corrects=True,
    retracts=True,
)


class AnnouncementsChannel:
    """One channel. `draw` renders a notice for the team chat; `url` returns the address of a message."""

    def __init__(
        self,
        chat: TeamChat,
        channel: str,
        draw: Callable[[OutgoingNotice], Mapping[str, Any]],
        url: Callable[[str, str], str],
    ) -> None:
        self._chat = chat
        self._channel = channel
        self._draw = draw
        self._url = url

    async def close(self) -> None:
        """Do nothing: the team chat's client belongs to the bot."""

    async def preflight(self) -> Preflight:
        """Count the channel's members, and look whether the bot may post there."""
        found = await self._chat.describe_channel(self._channel)
        if isinstance(found, Failed | Later):
            return Preflight(audience_unit="members", refusal=found.reason)
        facts = found.result if isinstance(found, Done) else {}
        return Preflight(audience=facts.get("members"), audience_unit="members")

    async def publish(
        self,
        notice: OutgoingNotice,
        *,
        first: Receipt | None,
        latest: Receipt | None,
    ) -> Outcome:
        """Post the notice, or a reply in the thread of the first one."""
        channel, thread = self._place(first)
        outcome = await self._chat.post(channel, self._draw(notice), token=notice.reference, thread_ts=thread)
        return self._receipt(outcome)

    async def find(self, notice: OutgoingNotice, *, first: Receipt | None, since: datetime) -> Finding:
        """Look for the message by its token."""
        channel, thread = self._place(first)
        found = await self._chat.find(channel, token=notice.reference, since=since, thread_ts=thread)
        return self._receipt(found)

    async def correct(self, notice: OutgoingNotice, *, receipt: Receipt) -> Outcome:
        """Edit the message."""
        outcome = await self._chat.update(str(receipt.data["channel"]), receipt.id, self._draw(notice))
        return self._receipt(outcome)

    async def retract(self, receipt: Receipt, *, latest: Receipt) -> Outcome:
        """Delete the message."""
        return await self._chat.delete(str(receipt.data["channel"]), receipt.id)

    async def probe(self) -> list[CheckLine]:
        """Look for the channel."""
        preflight = await self.preflight()
        if preflight.refusal is not None:
            remedy = "create slack.announcements_channel and invite the bot"
            return [CheckLine(PROFILE.label, ok=False, detail=preflight.refusal, remedy=remedy)]
        return [CheckLine(PROFILE.label, ok=True, detail=f"{preflight.audience} members")]

    def _place(self, first: Receipt | None) -> tuple[str, str | None]:
        """Return the channel, and the thread of the first notice where its message is known."""
        if first is None or not first.id:
            return self._channel, None
        return str(first.data.get("channel") or self._channel), first.id

    def _receipt(self, outcome: T) -> T | Done:
        if not isinstance(outcome, Done):
            return outcome
        channel, ts = str(outcome.result["channel"]), str(outcome.result["ts"])
        return Done({"id": ts, "url": self._url(channel, ts), "data": {"channel": channel}})

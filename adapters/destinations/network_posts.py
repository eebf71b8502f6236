"""Make a destination of a connected social network: a post for each language, updates as replies to it."""

from datetime import datetime
from typing import TypeVar

from domain.delivery.outcomes import Done, Failed, Finding, Outcome
from domain.diagnostics import CheckLine
from domain.intake.streams import SourceError
from domain.networks import Capability, Connected, Networks
from domain.outages.destinations import (
    ConnectedDestination,
    DestinationProfile,
    Languages,
    OutgoingNotice,
    Preflight,
    Receipt,
)

T = TypeVar("T", Outcome, Finding)

_NO_EDITS = "A post cannot be changed. Delete it, or post a correction."


class NetworkPosts:
    """Implements `Destination` over `SocialNetwork`. The network's client is closed by whoever made it."""

    def __init__(self, network: Connected) -> None:
        self._network = network

    async def preflight(self) -> Preflight:
        """Ask how many follow us, and whether we may post."""
        try:
            followers = await self._network.client.audience(self._network.account)
        except SourceError as error:
            return Preflight(audience_unit="followers", refusal=str(error))
        return Preflight(audience=followers, audience_unit="followers")

    async def publish(
        self,
        notice: OutgoingNotice,
        *,
        first: Receipt | None,
        latest: Receipt | None,
    ) -> Outcome:
        """Publish a post, or a reply to the first one; never one that is too long."""
        count = self._network.profile.count(notice.text)
        if not count.fits:
            label = self._network.profile.label
            return Failed(
                f"A post on {label} has 1 to {count.limit} characters; this one counts {count.length}."
            )
        return _with_data(await self._network.client.post(notice.text, _id_of(first)))

    async def find(self, notice: OutgoingNotice, *, first: Receipt | None, since: datetime) -> Finding:
        """Look for the post among our own since then."""
        found = await self._network.client.find_post(self._network.account, notice.text, _id_of(first), since)
        return _with_data(found)

    async def correct(self, notice: OutgoingNotice, *, receipt: Receipt) -> Outcome:
        """Refuse: posts are not edited."""
        return Failed(_NO_EDITS)

    async def retract(self, receipt: Receipt, *, latest: Receipt) -> Outcome:
        """Delete the post."""
        return await self._network.client.delete_post(receipt.id)

    async def probe(self) -> list[CheckLine]:
        """Check whether we may post, and tell how many follow us."""
        name = f"{self._network.profile.label} posts"
        preflight = await self.preflight()
        if preflight.refusal is not None:
            return [
                CheckLine(name, ok=False, detail=preflight.refusal, remedy="see the lines of this network")
            ]
        followers = "an unknown number of" if preflight.audience is None else preflight.audience
        return [CheckLine(name, ok=True, detail=f"@{self._network.account.handle}, {followers} followers")]

    async def close(self) -> None:
        """Do nothing."""


def network_destinations(networks: Networks) -> list[ConnectedDestination]:
    """Return a destination for each connected network on which we may publish posts of our own."""
    return [
        ConnectedDestination(profile=_profile(network), client=NetworkPosts(network))
        for network in networks.values()
        if Capability.POSTS in network.profile.capabilities
    ]


def _profile(network: Connected) -> DestinationProfile:
    profile = network.profile
    return DestinationProfile(
        name=profile.name,
        label=profile.label,
        languages=Languages.EACH,
        count=profile.count,
        price=profile.post_price,
        links=profile.links,
        retracts=True,
        own_page=profile.own_replies_page(network.account.handle),
        pace=profile.paces.get("post"),
    )


def _id_of(first: Receipt | None) -> str | None:
    """Return the first post's id; `None` where only a person has seen it."""
    return (first.id or None) if first else None


def _with_data(outcome: T) -> T | Done:
    return Done({**outcome.result, "data": {}}) if isinstance(outcome, Done) else outcome

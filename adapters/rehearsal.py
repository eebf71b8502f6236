"""Stand in, in a rehearsal, for the networks and the destinations of notices: nothing reaches anybody."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import uuid4

from domain.accounts import Account
from domain.delivery.outcomes import Absent, Done, Finding, Outcome
from domain.diagnostics import CheckLine
from domain.intake.posts import Page
from domain.intake.streams import SourceError, SourceFault
from domain.networks import Connected, NetworkProfile, Networks
from domain.outages.destinations import (
    ConnectedDestination,
    Destinations,
    OutgoingNotice,
    Preflight,
    Receipt,
)
from domain.outages.rehearsal import NETWORK


def rehearsal_networks(real: Networks) -> Networks:
    """Return the one network of a rehearsal. It counts as the first real one does, and costs nothing."""
    model = next(iter(real.values()), None)
    profile = NetworkProfile(name=NETWORK, label="Rehearsal")
    if model is not None:
        profile = replace(
            profile,
            label=f"{model.profile.label} (rehearsal)",
            count=model.profile.count,
            counting_rule=model.profile.counting_rule,
            links=model.profile.links,
        )
    account = (
        replace(model.account, network=NETWORK)
        if model is not None
        else Account(network=NETWORK, id=NETWORK, handle="us", name="Rehearsal")
    )
    return Networks({NETWORK: Connected(profile=profile, client=NoNetwork(account), account=account)})


def rehearsal_destinations(real: Destinations) -> Destinations:
    """Return a destination that sends nothing for each real one, with its limits and rules.

    Its name is another, so that nothing is done besides for what has the real name, such as a mailing.
    """
    return Destinations(
        [
            ConnectedDestination(
                profile=replace(
                    one.profile,
                    name=f"{NETWORK}_{one.profile.name}",
                    label=f"{one.profile.label} (not sent: rehearsal)",
                    price=lambda _text: None,
                    pace=None,
                ),
                client=NoDestination(),
            )
            for one in real.values()
        ]
    )


class NoNetwork:
    """A `SocialNetwork` without a network. What is answered is kept with the case, and goes nowhere."""

    direct = None
    events = None

    def __init__(self, account: Account) -> None:
        self._account = account

    async def account(self) -> Account:
        """Return the account that posts are addressed to."""
        return self._account

    async def mentions(self, account: Account, since_id: str | None) -> Page:
        """Return nothing: a rehearsal feeds its posts itself."""
        return Page(newest_id=since_id)

    async def recent_mentions(self, account: Account, since: datetime) -> Page:
        """Return nothing."""
        return Page()

    async def search(self, account: Account, query: str, since_id: str | None) -> Page:
        """Return nothing."""
        return Page(newest_id=since_id)

    async def reply(self, text: str, to_post_id: str, *, unnotified: Sequence[str] = ()) -> Outcome:
        """Take the reply for sent."""
        return _kept()

    async def find_reply(self, account: Account, text: str, to_post_id: str, since: datetime) -> Finding:
        """Find nothing: a reply whose outcome is unknown may be repeated."""
        return Absent()

    async def post(self, text: str, reply_to_id: str | None) -> Outcome:
        """Take the post for sent."""
        return _kept()

    async def find_post(
        self,
        account: Account,
        text: str,
        reply_to_id: str | None,
        since: datetime,
    ) -> Finding:
        """Find nothing, as `find_reply`."""
        return Absent()

    async def delete_post(self, post_id: str) -> Outcome:
        """Take the post for deleted."""
        return Done({"id": post_id})

    async def audience(self, account: Account) -> int | None:
        """Return that nobody follows."""
        return 0

    async def missing_posts(self, post_ids: Sequence[str]) -> frozenset[str]:
        """Return that all posts are there."""
        return frozenset()

    async def picture(self, url: str) -> bytes:
        """Raise `SourceError`: no post has a picture."""
        raise SourceError(SourceFault.UNAVAILABLE, "there are no pictures in a rehearsal")

    async def probe(self, *, direct: bool) -> list[CheckLine]:
        """Return nothing to report."""
        return []

    async def close(self) -> None:
        """Do nothing: there is no connection."""


class NoDestination:
    """A `Destination` that takes every notice and sends it nowhere."""

    async def preflight(self) -> Preflight:
        """Say that nobody is reached."""
        return Preflight(audience=0, audience_unit="readers")

    async def publish(
        self,
        notice: OutgoingNotice,
        *,
        first: Receipt | None,
        latest: Receipt | None,
    ) -> Outcome:
        """Take the notice for published."""
        return _kept({"data": {}})

    async def find(self, notice: OutgoingNotice, *, first: Receipt | None, since: datetime) -> Finding:
        """Find nothing: a notice whose outcome is unknown may be repeated."""
        return Absent()

    async def correct(self, notice: OutgoingNotice, *, receipt: Receipt) -> Outcome:
        """Take the notice for corrected."""
        return _kept({"data": {}})

    async def retract(self, receipt: Receipt, *, latest: Receipt) -> Outcome:
        """Take the notice for deleted."""
        return Done()

    async def probe(self) -> list[CheckLine]:
        """Return nothing to report."""
        return []

    async def close(self) -> None:
        """Do nothing: there is no connection."""


def _kept(more: Mapping[str, object] | None = None) -> Done:
    return Done({"id": f"rehearsal-{uuid4().hex}", "url": None, **(more or {})})

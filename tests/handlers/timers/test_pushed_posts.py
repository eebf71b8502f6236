"""Ingest posts that a network pushes, beside polling: nothing twice, no gap that polling does not close."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import pairwise

import pytest

from adapters.networks.registry import NETWORKS
from adapters.settings import Choices
from adapters.settings.intake import Intake
from domain.accounts import Account
from domain.diagnostics import CheckLine
from domain.handoffs.opt_out import OptOutWords
from domain.intake.posts import Page
from domain.intake.stream_names import MENTIONS, PUSH
from domain.intake.streams import SourceError, SourceFault
from domain.networks import Connected, Networks
from domain.surge.spending import Act, SpendingBudget, day_of
from handlers.connections import check_networks
from handlers.desk import Desk
from handlers.surge.spending import record_spent
from handlers.timers.mentions import MentionsPoller, PollSettings
from handlers.timers.polling import polling_timers, reading_intervals
from handlers.timers.pushed_posts import PushedPosts
from storage.engine import Store
from tests.handlers.context import a_context, a_live_classifier
from tests.handlers.delivery.performers.scripted import ManualClock
from tests.handlers.made import ACME, NOW, POLICY, PROFILE, alerts, cases, do
from tests.handlers.timers.test_mentions import Network, cursor, posts

PRICED = replace(PROFILE, prices={Act.MENTIONS: 0.001, Act.PUSHED: 0.005})
ENDED = SourceError(SourceFault.UNAVAILABLE, "the stream has ended")
REFUSED = SourceError(SourceFault.REFUSED, "X forbids this to our app")
EVERY = timedelta(seconds=0.05)


@dataclass
class Events:
    """Tell of these ids, or raise this, in turn; then of nothing, after the whole of the time."""

    told: list[Sequence[str] | Exception] = field(default_factory=list)
    moment: list[float] = field(default_factory=lambda: [0.0])
    waits: int = 0

    async def wait(self, account: Account, seconds: float) -> Sequence[str]:
        assert account == ACME
        assert seconds > 0
        self.waits += 1
        if not self.told:
            self.moment[0] += seconds
            return ()
        told = self.told.pop(0)
        if isinstance(told, Exception):
            raise told
        return told

    async def probe(self) -> CheckLine:
        return CheckLine("Push", ok=True, detail="")

    async def posts(self, account: Account, post_ids: Sequence[str]) -> Page:
        assert account == ACME
        return Page(posts=posts(*map(int, post_ids)), newest_id=None)


def a_poller(desk: Desk, clock: ManualClock, network: Network, *, daily: float = 0.0) -> MentionsPoller:
    return MentionsPoller(
        desk=desk,
        network=Connected(profile=PRICED, client=network, account=ACME),
        classifier=a_live_classifier(desk, clock),
        policy=replace(POLICY, spending=SpendingBudget(daily=daily)),
        settings=PollSettings(pause=timedelta(minutes=15), quiet_after=timedelta(0)),
        clock=clock,
    )


def spent(store: Store) -> list[tuple[str, int]]:
    with store.unit_of_work() as uow:
        return [(one.act, one.count) for one in uow.spending.of_day(day_of(NOW))]


async def test_a_pushed_post_that_is_polled_too_is_one_and_is_counted_once(store: Store, desk: Desk) -> None:
    clock, network = ManualClock(), Network([Page(posts=posts(901, 902, 903), newest_id="903")])
    poller = a_poller(desk, clock, network)
    moment = [0.0]
    events = Events([("902",), ("902", "901")], moment)
    pushed = PushedPosts(events, poller, every=EVERY, monotonic=lambda: moment[0])
    assert await pushed.listen() == 2
    assert await poller.read(MENTIONS) == 1, "the poll closes the gap"
    assert len(cases(store)) == 1
    assert sorted(spent(store)) == [(Act.MENTIONS, 1), (Act.PUSHED, 2)]
    assert (cursor(store, MENTIONS).since_id, cursor(store, PUSH).since_id) == ("903", None)
    assert alerts(store) == []


async def test_a_stream_that_fails_is_opened_again_with_growing_pauses(store: Store, desk: Desk) -> None:
    """What is heard in between makes the next pause short again."""
    moment = [1000.0]
    events = Events([ENDED, ENDED, ENDED, ("901",), ENDED, ENDED], moment)
    poller = a_poller(desk, ManualClock(), Network())
    pushed = PushedPosts(events, poller, every=EVERY, monotonic=lambda: moment[0])
    opened = []
    for _ in range(60):
        moment[0] += 0.25
        before = events.waits
        await pushed.listen()
        opened += [moment[0]] if events.waits > before else []
    assert [round(late - early, 1) for early, late in pairwise(opened)][:5] == [1.0, 2.0, 4.0, 1.0, 2.0]
    assert len(cases(store)) == 1


async def test_people_are_told_once_that_nothing_is_pushed_and_that_mentions_are_polled(
    store: Store, desk: Desk
) -> None:
    events = Events([REFUSED])
    pushed = PushedPosts(events, a_poller(desk, ManualClock(), Network()), every=EVERY)
    for _ in range(3):
        await pushed.listen()
    [text] = alerts(store)
    assert (
        "Reading pushed posts of @acme on X has paused: X forbids this to our app. Mentions are polled"
        in text
    )
    assert events.waits == 1, "a stream that is paused is not asked for"


async def test_nothing_is_listened_to_over_the_budget(store: Store, desk: Desk) -> None:
    about = {"policy": POLICY, "profile": PRICED, "act": Act.REPLIES, "now": NOW}
    do(store, record_spent, cost=1.0, **about)  # type: ignore[arg-type]
    events = Events([("901",)])
    pushed = PushedPosts(events, a_poller(desk, ManualClock(), Network(), daily=1.0), every=EVERY)
    assert await pushed.listen() == 0
    assert events.waits == 0


@pytest.mark.parametrize(
    ("push", "events", "is_heard"), [(True, Events(), True), (False, Events(), False), (True, None, False)]
)
def test_pushed_posts_are_heard_where_it_is_chosen_and_the_network_can(
    sqlite: Store, *, push: bool, events: Events | None, is_heard: bool
) -> None:
    connected = Connected(profile=PRICED, client=Network(events=events), account=ACME)
    desk = Desk(sqlite)
    ctx = a_context(desk, networks=Networks({"x": connected}), email=None)
    timers = polling_timers(ctx, Choices(intake=Intake(push=push)), OptOutWords.of((), ()))
    desk.close()
    names = [timer.name for timer in timers]
    assert ("hear of posts on X" in names) == is_heard
    assert "read mentions on X" in names, "polling goes on beside it"
    assert list(reading_intervals(ctx, Choices())) == ["x mentions"], "health expects no other to be read"


@pytest.mark.parametrize(("events", "is_ok"), [(Events(), True), (None, None)])
async def test_check_tries_what_pushes_posts(events: Events | None, is_ok: bool | None) -> None:
    clients = {"x": Network(events=events)}
    lines = await check_networks(clients, Intake(push=True), NETWORKS, direct=False)
    assert [line.ok for line in lines if line.name == "Push"] == [is_ok]
    assert not [
        line
        for line in await check_networks(clients, Intake(), NETWORKS, direct=False)
        if line.name == "Push"
    ]

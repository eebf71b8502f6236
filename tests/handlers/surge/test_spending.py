"""Meter what the networks charge, warn once a day, and stop reading what can wait."""

from dataclasses import replace
from datetime import datetime, timedelta

from domain.intake.posts import Page
from domain.networks import Connected
from domain.policy import Policy
from domain.surge.spending import Act, SpendingBudget, Spent, day_of
from handlers.desk import Desk
from handlers.surge.spending import may_read, meter, record_spent
from handlers.timers.mentions import MentionsPoller, PollSettings
from storage.engine import Store
from tests.handlers.context import a_live_classifier
from tests.handlers.delivery.performers.scripted import ManualClock
from tests.handlers.made import ACME, NOW, POLICY, PROFILE, a_post, alerts, do

PRICED = replace(PROFILE, prices={Act.MENTIONS: 0.001, Act.SEARCH: 0.005})
BUDGET = replace(POLICY, spending=SpendingBudget(daily=1.0))
MENTIONS_TOO = replace(POLICY, spending=SpendingBudget(daily=1.0, pauses_mentions=True))


def spend(store: Store, act: Act, count: int, policy: Policy = BUDGET, now: datetime = NOW) -> None:
    do(store, meter, policy=policy, profile=PRICED, act=act, count=count, now=now)


def allowed(store: Store, policy: Policy, now: datetime = NOW) -> dict[Act, bool]:
    acts = (Act.MENTIONS, Act.SEARCH)
    return {act: do(store, may_read, policy=policy, network="x", act=act, now=now) for act in acts}


def test_acts_are_metered_by_day_and_network(store: Store) -> None:
    spend(store, Act.MENTIONS, 100)
    spend(store, Act.MENTIONS, 50)
    spend(store, Act.SEARCH, 10)
    spend(store, Act.RECHECK, 10)  # without a price
    spend(store, Act.SEARCH, 7, now=NOW + timedelta(days=1))
    do(store, record_spent, policy=POLICY, profile=PRICED, act=Act.REPLIES, cost=0.2, now=NOW)
    with store.unit_of_work() as uow:
        assert [(one.act, one.count, round(one.cost, 4)) for one in uow.spending.of_day(day_of(NOW))] == [
            ("replies", 1, 0.2),
            ("mentions", 150, 0.15),
            ("search", 10, 0.05),
        ]
        assert round(uow.spending.cost(day_of(NOW), "x"), 4) == 0.4
        assert uow.spending.cost(day_of(NOW), "elsewhere") == 0.0
        tomorrow = uow.spending.of_day(day_of(NOW + timedelta(days=1)))
        assert tomorrow == [Spent(network="x", act="search", count=7, cost=0.035)]
    assert alerts(store) == []


def test_it_warns_at_80_percent_and_at_100_once_each_day(store: Store) -> None:
    spend(store, Act.SEARCH, 159)
    assert alerts(store) == []
    spend(store, Act.SEARCH, 1)
    spend(store, Act.SEARCH, 1)
    [warning] = alerts(store)
    assert "$0.80 of today's $1.00 for X are spent" in warning
    spend(store, Act.SEARCH, 40)
    spend(store, Act.SEARCH, 40)
    _, used_up = alerts(store)
    assert "Search is not read any more until midnight UTC" in used_up
    assert "Mentions are read as before" in used_up
    spend(store, Act.SEARCH, 200, now=NOW + timedelta(days=1))
    assert len(alerts(store)) == 3


def test_search_stops_at_the_budget_and_mentions_only_by_choice_and_with_an_alert(store: Store) -> None:
    spend(store, Act.SEARCH, 199)
    assert set(allowed(store, MENTIONS_TOO).values()) == {True}
    spend(store, Act.SEARCH, 1, policy=MENTIONS_TOO)
    assert allowed(store, POLICY) == {Act.MENTIONS: True, Act.SEARCH: True}
    assert allowed(store, BUDGET) == {Act.MENTIONS: True, Act.SEARCH: False}
    assert allowed(store, MENTIONS_TOO) == {Act.MENTIONS: False, Act.SEARCH: False}
    assert "Search and mentions are not read" in alerts(store)[-1]
    assert set(allowed(store, MENTIONS_TOO, now=NOW + timedelta(days=1)).values()) == {True}


class _Client:
    """A network with one new post in each stream."""

    def __init__(self) -> None:
        self.read: list[str] = []

    async def mentions(self, *_: object) -> Page:
        self.read.append("mentions")
        return Page(posts=(a_post("1"),), newest_id="1")

    async def search(self, *_: object) -> Page:
        self.read.append("search")
        return Page(posts=(a_post("2"), a_post("1")), newest_id="2")


async def test_a_poller_meters_new_posts_and_keeps_to_the_budget(store: Store, desk: Desk) -> None:
    clock, client = ManualClock(), _Client()
    poller = MentionsPoller(
        desk=desk,
        network=Connected(profile=PRICED, client=client, account=ACME, query="acme"),  # type: ignore[arg-type]
        classifier=a_live_classifier(desk, clock),
        policy=BUDGET,
        settings=PollSettings(pause=timedelta(minutes=1), quiet_after=timedelta()),
        clock=clock,
    )
    for _ in range(2):
        await poller.read("mentions")
        await poller.read("search")
    with store.unit_of_work() as uow:
        counts = {one.act: one.count for one in uow.spending.of_day(day_of(clock.now()))}
    assert counts == {"mentions": 1, "search": 1}, "a post that was read before is not charged again"
    spend(store, Act.SEARCH, 200, now=clock.now())
    client.read.clear()
    await poller.read("mentions")
    await poller.read("search")
    assert client.read == ["mentions"]

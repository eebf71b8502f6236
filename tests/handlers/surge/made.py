"""Build posts that many customers write about the same, and look for spikes in what is stored."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from domain.intake.posts import Author, Post
from domain.outages.policy import Component
from domain.surge.baseline import hour_number
from domain.surge.series import Series, SeriesFinder, SeriesKind
from domain.surge.spikes import Spike
from domain.surge.watch import SurgeWatch
from domain.triage.situations import Situation
from handlers.surge.counting import load_histories, read_recent
from handlers.surge.spikes import detect_spikes
from storage.engine import Store
from tests.handlers.made import ACME, NOW, PAYMENT, POLICY, a_classifier, a_post, arrive, do

PAYMENTS = (Component(name="Payments", words=("payment",)),)
CUES = a_classifier().cues
FINDER = SeriesFinder(PAYMENTS)
SITUATION = Series(SeriesKind.SITUATION, Situation.CANNOT_PAY.value)
NETWORK = Series(SeriesKind.NETWORK, "x")


def customer_posts(number: int, *, until: datetime = NOW, minutes: float = 10, first: int = 1) -> list[Post]:
    """Return posts about payments, each by another customer, spread over the minutes before `until`."""
    return [
        a_post(
            str(1_000 + first + n),
            PAYMENT,
            created_at=until - timedelta(minutes=minutes) * (1 - (n + 0.5) / number),
            author=Author(id=f"c{first + n}", handle=f"h{first + n}", name=f"Name {first + n}"),
            language_hint="en" if n % 3 else "es",
        )
        for n in range(number)
    ]


def watch_of(store: Store, *, now: datetime = NOW) -> SurgeWatch:
    """Return a watch as the timer has it: what is usual, and the posts of the last hours."""
    watch = SurgeWatch(false_alarms=1.0, components=PAYMENTS)
    watch.learn(do(store, load_histories, now=now), hour=hour_number(now))
    watch.add(do(store, read_recent, now=now)[0])
    return watch


def detect(store: Store, watch: SurgeWatch, *, now: datetime = NOW) -> None:
    """Look for spikes once, as the timer does."""
    do(store, detect_spikes, watch=watch, cues=CUES, policy=POLICY, accounts=[ACME], now=now)
    watch.tested(now=now)


def go_on(store: Store, watch: SurgeWatch, posts: Sequence[Post], now: datetime) -> None:
    """Store further posts, and look for spikes once."""
    arrive(store, *posts, now=now)
    watch.add(do(store, read_recent, now=now)[0])
    detect(store, watch, now=now)


def spikes_of(store: Store) -> list[Spike]:
    """Return all spikes, oldest first."""
    with store.unit_of_work() as uow:
        return list(uow.spikes.since(NOW - timedelta(days=90)))

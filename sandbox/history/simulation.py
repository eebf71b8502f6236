"""Simulate the days before a moment: requests of every day, causes that come and go, two outages."""

import random
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from sandbox.history.events import (
    CauseFixed,
    CauseTracked,
    Customer,
    Event,
    NoticeSent,
    OffersLookedAt,
    Phase,
)
from sandbox.history.office import KAI, MIA, ZONES, arrivals
from sandbox.history.people import People, post_text
from sandbox.history.stories import Request, Stories
from sandbox.history.topics import DELIVERY, TOPICS, VOUCHER, Topic
from sandbox.outage_posts import outage_posts

OUTAGES = Path(__file__).parent / "outages.toml"
DAYS = 30
SEED = 20
RUTH = "U0RUTH"
#: Requests an hour where most is written, all time zones together.
PER_HOUR = 1.05
#: Posts about the voucher an hour until it was fixed, and afterwards.
VOUCHERS_BEFORE, VOUCHERS_AFTER = 0.3, 0.03
FIXED_AGO = timedelta(days=13)
#: The cause of these posts, and how long before its fix somebody took it up.
VOUCHER_CAUSE = "Voucher refused in the app"
VOUCHER_PHRASES = (
    "voucher*",
    "gutschein*",
    "cupon*",
    "cupom",
    "code promo",
    "bon de la newsletter",
    "buono sconto",
)
TRACKED_BEFORE = timedelta(days=8, hours=3)
#: Since when more parcels are late, and how many more posts an hour that is.
LATE_SINCE, LATE_PARCELS = timedelta(days=6), 0.95
ANNOUNCED_AFTER = timedelta(minutes=15)
#: People who write every few days.
REGULARS = 6
REGULAR_EVERY = timedelta(days=4, hours=7)
#: How long before now somebody claimed a case and forgot it.
FORGOTTEN_AGO = (timedelta(days=3, hours=2), timedelta(days=1, hours=20))
#: How long before now those wrote whom nobody has looked at yet.
NEW_AGO = tuple(timedelta(minutes=minutes) for minutes in (95, 62, 41, 27, 15))
#: How long before now those wrote whose cases somebody has just claimed.
TAKEN_AGO = {timedelta(minutes=74): MIA, timedelta(minutes=52): KAI, timedelta(minutes=33): MIA}
LOOK_AT_OFFERS_EVERY = timedelta(hours=6)
#: What is left for the demo to happen: nobody writes in the minutes before it starts.
QUIET = timedelta(minutes=10)
_PAYMENT_DOWN = Topic(name="payment_down", share=0, minutes=50, unanswered=0.45)
_LOGIN_DOWN = Topic(name="login_down", share=0, minutes=45, unanswered=0.45)


def simulate(now: datetime, *, seed: int = SEED, days: int = DAYS) -> list[Event]:
    """Return what happened in the `days` before `now`, in order; the same for the same arguments."""
    rng = random.Random(f"{seed}")
    since = now - timedelta(days=days)
    people, stories = People(rng), Stories(rng, now - QUIET)
    requests = [
        *_everyday(rng, people, since, now),
        *_vouchers(rng, people, since, now),
        *_late_parcels(rng, people, since, now),
        *_regulars(rng, people, since, now),
        *_waiting(rng, people, now),
    ]
    for number, outage in enumerate(_outages(), 1):
        if outage["days_ago"] < days:
            began = _began(outage, now)
            requests += _surge(rng, people, outage, number, began)
            stories.add(_notices(stories, outage, number, began))
    for request in sorted(requests, key=lambda request: (request.at, request.customer.id)):
        if since <= request.at:
            stories.simulate(request)
    stories.add(_cause(now) if timedelta(days=days) > FIXED_AGO + TRACKED_BEFORE else ())
    looks = (since + LOOK_AT_OFFERS_EVERY * number for number in range(1, days * 4))
    stories.add(OffersLookedAt(at=at) for at in looks)
    return sorted(stories.events, key=lambda event: event.at)


def _everyday(rng: random.Random, people: People, since: datetime, now: datetime) -> Iterator[Request]:
    for zone, share in ZONES.items():
        for at in arrivals(rng, zone, since, now, per_hour=PER_HOUR * share):
            [topic] = rng.choices(TOPICS, [topic.share for topic in TOPICS])
            yield _request(rng, people.customer(zone), topic, at)


def _vouchers(rng: random.Random, people: People, since: datetime, now: datetime) -> Iterator[Request]:
    """Write about a voucher that the app refuses: often until the app was mended, then rarely."""
    fixed = max(since, now - FIXED_AGO)
    yield from _about(rng, people, VOUCHER, since, fixed, VOUCHERS_BEFORE)
    yield from _about(rng, people, VOUCHER, fixed, now, VOUCHERS_AFTER)


def _cause(now: datetime) -> Iterator[CauseTracked | CauseFixed]:
    """Take up what the posts about the voucher have in common, and say that it is fixed."""
    fixed = now - FIXED_AGO
    yield CauseTracked(at=fixed - TRACKED_BEFORE, name=VOUCHER_CAUSE, phrases=VOUCHER_PHRASES, by=RUTH)
    yield CauseFixed(at=fixed, name=VOUCHER_CAUSE, by=RUTH)


def _late_parcels(rng: random.Random, people: People, since: datetime, now: datetime) -> Iterator[Request]:
    """Write about parcels that are late since a few days, beside those that always are."""
    yield from _about(rng, people, DELIVERY, max(since, now - LATE_SINCE), now, LATE_PARCELS)


def _about(
    rng: random.Random, people: People, topic: Topic, since: datetime, until: datetime, per_hour: float
) -> Iterator[Request]:
    for zone, share in ZONES.items():
        for at in arrivals(rng, zone, since, until, per_hour=per_hour * share):
            yield _request(rng, people.customer(zone), topic, at)


def _regulars(rng: random.Random, people: People, since: datetime, now: datetime) -> Iterator[Request]:
    for _ in range(REGULARS):
        customer = people.customer()
        at = since + REGULAR_EVERY * rng.random()
        while at < now:
            [topic] = rng.choices(TOPICS, [topic.share for topic in TOPICS])
            yield _request(rng, customer, replace(topic, offered=0.0), at)
            at += REGULAR_EVERY * rng.uniform(0.9, 1.2)


def _waiting(rng: random.Random, people: People, now: datetime) -> Iterator[Request]:
    """Write what is still unanswered: old requests that somebody claimed and forgot, and new ones.

    Of these, somebody has claimed some.
    """
    refund = next(topic for topic in TOPICS if topic.name == "refund")
    for ago, zone in zip(FORGOTTEN_AGO, ZONES, strict=True):
        yield replace(_request(rng, people.customer(zone), refund, now - ago), is_forgotten=True)
    for ago in NEW_AGO:
        [topic] = rng.choices(TOPICS, [topic.share for topic in TOPICS])
        yield replace(_request(rng, people.customer(), topic, now - ago), is_new=True)
    for ago, agent in TAKEN_AGO.items():
        [topic] = rng.choices(TOPICS, [topic.share for topic in TOPICS])
        yield replace(_request(rng, people.customer(), topic, now - ago), is_new=True, taken_by=agent)


def _request(rng: random.Random, customer: Customer, topic: Topic, at: datetime) -> Request:
    return Request(at=at, customer=customer, topic=topic, text=post_text(rng, customer.language, topic.name))


@cache
def _outages() -> Sequence[dict[str, Any]]:
    outages: list[dict[str, Any]] = tomllib.loads(OUTAGES.read_text(encoding="utf-8"))["outages"]
    return outages


def _began(outage: dict[str, Any], now: datetime) -> datetime:
    day = now - timedelta(days=outage["days_ago"])
    return day.replace(hour=outage["hour"], minute=10, second=0, microsecond=0)


def _surge(
    rng: random.Random, people: People, outage: dict[str, Any], number: int, began: datetime
) -> Iterator[Request]:
    """Write about an outage: most before the first notice is out, fewer from then on."""
    invented = outage_posts(began.day)
    announced_at = began + ANNOUNCED_AFTER + timedelta(minutes=1)
    for _ in range(outage["posts"]):
        at = began + timedelta(minutes=3 + min(rng.gammavariate(2, 9), outage["minutes"] + 20))
        if outage["topic"] == _PAYMENT_DOWN.name:
            post = next(one for one in invented if not one.is_urgent)
            customer = replace(people.customer(language=post.language), name=post.name)
            request = Request(at=at, customer=customer, topic=_PAYMENT_DOWN, text=post.text)
        else:
            request = _request(rng, people.customer(), _LOGIN_DOWN, at)
        yield replace(request, outage=number, announced_at=announced_at)


def _notices(stories: Stories, outage: dict[str, Any], number: int, began: datetime) -> Iterator[NoticeSent]:
    """Announce the outage, tell half way how it goes, and end it."""
    lasts = timedelta(minutes=outage["minutes"])
    for phase, after in (
        (Phase.ANNOUNCEMENT, ANNOUNCED_AFTER),
        (Phase.UPDATE, (ANNOUNCED_AFTER + lasts) / 2),
        (Phase.RESOLUTION, lasts),
    ):
        at = began + after
        texts: dict[str, str] = outage[phase.value]
        yield NoticeSent(
            at=at,
            outage=number,
            phase=phase,
            title=outage["title"],
            component=outage["component"],
            texts=texts,
            by=KAI,
            approved_by=RUTH,
            posts={language: stories.new_id(at) for language in texts},
        )

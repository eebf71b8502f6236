"""Simulate what becomes of one request: answers, thanks, further posts, private conversations, its end."""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sandbox.history.events import Answered as PublicAnswer
from sandbox.history.events import (
    AnsweredInPrivate,
    Claimed,
    Customer,
    Event,
    Linked,
    Offered,
    Posted,
    Rated,
    Resolved,
    Venue,
    Wording,
    WroteInPrivate,
)
from sandbox.history.office import worked_from
from sandbox.history.people import line
from sandbox.history.topics import Topic
from sandbox.x.posts import snowflake_at

#: How answers are worded, and where private conversations take place, by share.
WORDINGS = {Wording.SUGGESTED: 0.7, Wording.EDITED: 0.18, Wording.FREE: 0.12}
VENUES = {Venue.DM: 0.5, Venue.CHAT: 0.3, Venue.EMAIL: 0.2}
#: Whoever has so many followers is answered sooner, and some languages later, by these factors of the time.
#: So much sooner that the fairness ledger finds it in 30 days, at whatever moment the demo is started.
LOUD, LOUD_FACTOR = 1_000, 0.25
SLOWER_LANGUAGES = {"pt": 1.7, "it": 1.5}
SPREAD = 0.7  # of the logarithm of the time to an answer
ASKS_AGAIN_AFTER = timedelta(hours=2)
ASKS_AGAIN, THANKS, STILL_BROKEN, ARRIVES, SOLVED = 0.3, 0.18, 0.08, 0.65, 0.85
CLAIMED_BEFORE = 0.4
TAKEN_AFTER = timedelta(minutes=9)
GIVEN_UP_AFTER = timedelta(hours=60)  # an offer that nobody took up


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A first post: by whom, about what, and when.

    `outage` numbers the one that it is about, which was announced at `announced_at`. Whoever `is_forgotten`
    is still waiting for the agent who claimed the case, whoever `is_new` for anybody or, where the case was
    `taken_by` an agent, for them.
    """

    at: datetime
    customer: Customer
    topic: Topic
    text: str
    outage: int | None = None
    announced_at: datetime | None = None
    is_forgotten: bool = False
    is_new: bool = False
    taken_by: str | None = None


class Stories:
    """Simulates requests one after the other; `events` are those of all, in no order."""

    def __init__(self, rng: random.Random, now: datetime) -> None:
        self.events: list[Event] = []
        self._rng = rng
        self._now = now
        self._stories = 0
        self._ids = 0

    def new_id(self, at: datetime) -> str:
        """Return the id that X would give a post of that time."""
        self._ids += 1
        return str(snowflake_at(at.timestamp()) + self._ids)

    def add(self, events: Iterable[Event]) -> None:
        """Add events that have happened by now."""
        self.events += [event for event in events if event.at < self._now]

    def simulate(self, request: Request) -> None:
        """Simulate a request from its first post to its end, or until now."""
        self._stories += 1
        story, rng, customer = self._stories, self._rng, request.customer
        first = self.new_id(request.at)
        post = Posted(
            at=request.at,
            story=story,
            post_id=first,
            conversation_id=first,
            customer=customer,
            text=request.text,
        )
        self.add([post])
        if request.is_new:
            if request.taken_by is not None:
                self.add([Claimed(at=request.at + TAKEN_AFTER, story=story, by=request.taken_by)])
            return
        due, agent = self._worked_on(request.at, request.topic.minutes, customer)
        again = request.at + ASKS_AGAIN_AFTER * rng.uniform(1, 3)
        if again < due and rng.random() < ASKS_AGAIN:
            self._write(story, post, again, "again")
        if request.is_forgotten:
            self.add([Claimed(at=due, story=story, by=agent)])
            return
        if request.outage is not None and request.announced_at is not None:
            linked = max(_before(due, request.at), request.announced_at)
            self.add([Linked(at=linked, story=story, outage=request.outage, by=agent)])
        if rng.random() < request.topic.unanswered:
            self.add([Resolved(at=due, story=story, by=agent)])
        elif rng.random() < request.topic.offered:
            self._go_private(story, customer, due, agent)
        else:
            self._answer(story, post, due, agent)

    def _worked_on(self, at: datetime, minutes: float, customer: Customer) -> tuple[datetime, str]:
        """Return when, and by whom, a message is worked on."""
        factor = LOUD_FACTOR if customer.followers >= LOUD else SLOWER_LANGUAGES.get(customer.language, 1.0)
        delay = timedelta(minutes=minutes * factor * self._rng.lognormvariate(0, SPREAD))
        due, agent = worked_from(self._rng, at + max(delay, timedelta(minutes=2)))
        return due.astimezone(UTC), agent

    def _write(self, story: int, post: Posted, at: datetime, kind: str, reply_to: str | None = None) -> None:
        text = line(self._rng, post.customer, kind)
        self.add(
            [
                Posted(
                    at=at,
                    story=story,
                    post_id=self.new_id(at),
                    conversation_id=post.conversation_id,
                    customer=post.customer,
                    text=text,
                    reply_to=reply_to,
                )
            ]
        )

    def _answer(self, story: int, post: Posted, at: datetime, agent: str, *, is_last: bool = False) -> None:
        """Answer in public; some customers thank us, some write that it is as broken as before."""
        rng, customer = self._rng, post.customer
        [wording] = rng.choices(list(WORDINGS), list(WORDINGS.values()))
        if rng.random() < CLAIMED_BEFORE:  # the others are claimed by the answer
            self.add([Claimed(at=_before(at, post.at), story=story, by=agent)])
        ours = self.new_id(at)
        answer = PublicAnswer(
            at=at,
            story=story,
            by=agent,
            wording=wording,
            text=line(rng, customer, "answers"),
            addition=line(rng, customer, "edited"),
            post_id=ours,
        )
        self.add([answer])
        replied = at + timedelta(minutes=rng.lognormvariate(3.4, 0.8))
        resolved = at + timedelta(minutes=rng.uniform(3, 12))
        chance = rng.random()
        if chance < STILL_BROKEN and not is_last:
            self.add([Resolved(at=resolved, story=story, by=agent)] if resolved < replied else [])
            self._write(story, post, replied, "still_broken", ours)
            due, other = self._worked_on(replied, 40, customer)
            self._answer(story, post, due, other, is_last=True)
            return
        self.add([Resolved(at=resolved, story=story, by=agent)])
        if chance > 1 - THANKS:
            thanked = max(replied, resolved + timedelta(minutes=5))
            self._write(story, post, thanked, "thanks", ours)
            due, other = self._worked_on(thanked, 30, customer)
            self.add([Resolved(at=due, story=story, by=other)])

    def _go_private(self, story: int, customer: Customer, at: datetime, agent: str) -> None:
        """Offer a private venue; most customers come, are answered there, and it is solved."""
        rng = self._rng
        [venue] = rng.choices(list(VENUES), list(VENUES.values()))
        self.add([Offered(at=at, story=story, by=agent, venue=venue, post_id=self.new_id(at))])
        if rng.random() >= ARRIVES:
            due, _ = worked_from(rng, at + GIVEN_UP_AFTER)
            self.add([Resolved(at=due.astimezone(UTC), story=story, by=agent)])
            return
        came = at + timedelta(minutes=4 + rng.lognormvariate(2.6, 0.9))
        text = line(rng, customer, "private")
        wrote = WroteInPrivate(
            at=came, story=story, customer=customer, text=text, message_id=self.new_id(came)
        )
        due, _ = self._worked_on(came, 6 if venue is Venue.CHAT else 30, customer)
        answer = AnsweredInPrivate(
            at=due,
            story=story,
            text=line(rng, customer, "private_answers"),
            message_id=self.new_id(due),
        )
        ends = due + timedelta(minutes=rng.uniform(3, 25))
        is_solved = rng.random() < SOLVED
        self.add([wrote, answer])
        if venue is Venue.CHAT:
            comment = line(rng, customer, "comments") if is_solved else ""
            self.add([Rated(at=ends, story=story, solved=is_solved, comment=comment)])
            if is_solved:
                return
        closed, _ = worked_from(rng, ends + timedelta(minutes=40))
        self.add([Resolved(at=closed.astimezone(UTC), story=story, by=agent)])


def _before(at: datetime, earliest: datetime) -> datetime:
    """Return a moment shortly before `at`, and after `earliest`."""
    return max(at - timedelta(minutes=4), earliest + (at - earliest) / 2)

"""Define rehearsals: which posts arrive when, when one is over, and how it is scored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from domain.intake.posts import Author, MatchReason, Post

#: The network that a rehearsal's posts come by. None is registered under this name.
NETWORK = "rehearsal"
POST_COUNTS = (20, 60, 120, 300)
MINUTES = (5, 10, 20)
#: How long a rehearsal may go on after its last post.
TIME_TO_FINISH = timedelta(minutes=30)
#: A longer silence means that the bot was stopped: what was due meanwhile comes later, not all at once.
LONGEST_GAP = timedelta(seconds=30)


class EndReason(StrEnum):
    """Why a rehearsal ended. The values are stored.

    `COMPLETE`: the outage was announced and resolved, and each urgent post answered. `LOST`: what it had
    stored is not there any more.
    """

    COMPLETE = "complete"
    STOPPED = "stopped"
    TIME_UP = "time_up"
    LOST = "lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class FloodPost:
    """A post of a flood. `at` is its share (0 to 1) of the flood's duration that has passed before it."""

    key: str
    author: str
    text: str
    language: str
    at: float
    is_urgent: bool


class Kind(StrEnum):
    """What a message of a rehearsal was. The values are stored."""

    CARD = "card"
    OUTAGE = "outage"
    ALERT = "alert"
    FLOOD = "flood"


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedMessage:
    """A message of a rehearsal that has buttons. `situation` and `is_answered` are a card's."""

    kind: Kind
    channel: str
    ts: str
    situation: str = ""
    is_answered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How a rehearsal went; times are in seconds, `None` for what nobody did.

    `noticed` counts from the first post to the first act of a person, `announced` to the first announcement,
    `answered` from the first urgent post to the first answer to an urgent one.
    """

    posts: int = 0
    noticed: float | None = None
    announced: float | None = None
    answered: float | None = None
    urgent: int = 0
    urgent_answered: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """When things happened in a rehearsal so far.

    `posts` has the case and the time of each urgent post, `answers` the first answer by case.
    """

    posts: int = 0
    first_post: datetime | None = None
    first_act: datetime | None = None
    announced: datetime | None = None
    is_resolved: bool = False
    urgent: Sequence[tuple[int, datetime]] = ()
    answers: Mapping[int, datetime] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """A rehearsal: what was chosen, how far it is, and its score.

    `recorded_from` is the time from which posts of the desk are replayed, `None` for the invented flood.
    `started_at` is `None` until its database is there. `delay` is how long it stood still because the bot
    did not run; `seen_at` is when posts were last fed. `stop_asked_by` is the person who stopped it.
    """

    id: int = 0
    channel: str
    recorded_from: datetime | None = None
    posts: int
    minutes: int
    started_by: str
    asked_at: datetime
    started_at: datetime | None = None
    seen_at: datetime | None = None
    delay: timedelta = timedelta()
    stop_asked_by: str | None = None
    ended_at: datetime | None = None
    end_reason: EndReason | None = None
    score: Score | None = None

    @property
    def duration(self) -> timedelta:
        """How long posts arrive."""
        return timedelta(minutes=self.minutes)

    def seen(self, now: datetime) -> "Rehearsal":
        """Return it as seen at `now`; a gap since it was seen before delays it."""
        last = self.seen_at or now
        gap = now - last
        return replace(self, seen_at=now, delay=self.delay + gap if gap > LONGEST_GAP else self.delay)

    def progress(self, now: datetime) -> float:
        """Return the share of the flood's duration that has passed; above 1 after the flood."""
        if self.started_at is None:
            return 0.0
        return (now - self.started_at - self.delay) / self.duration


def due_posts(flood: Sequence[FloodPost], progress: float, after: str | None) -> list[FloodPost]:
    """Return the posts that are due and come after the one with the key `after`. Keys grow with time."""
    return [post for post in flood if post.at <= progress and (after is None or post.key > after)]


def spread(recorded: Sequence[FloodPost]) -> list[FloodPost]:
    """Return recorded posts, whose `at` are seconds, with shares of the time that they took."""
    longest = max((post.at for post in recorded), default=0.0) or 1.0
    return [replace(post, at=post.at / longest) for post in recorded]


def post_of(post: FloodPost, *, account_id: str, now: datetime) -> Post:
    """Return the public post that arrives now. It has no address, and nobody can be reached by it."""
    return Post(
        network=NETWORK,
        account_id=account_id,
        id=post.key,
        revision_id=post.key,
        author=Author(id=post.author, handle=post.author, name=post.author.replace("_", " ").title()),
        text=post.text,
        created_at=now,
        url="",
        conversation_id=post.key,
        match_reason=MatchReason.MENTION,
        language_hint=post.language or None,
    )


def score_of(marks: Marks) -> Score:
    """Score a rehearsal by what happened so far."""
    answers = marks.answers or {}
    first_urgent = min((at for _, at in marks.urgent), default=None)
    answered = [answers[case_id] for case_id, _ in marks.urgent if case_id in answers]
    return Score(
        posts=marks.posts,
        noticed=_seconds(marks.first_post, marks.first_act),
        announced=_seconds(marks.first_post, marks.announced),
        answered=_seconds(first_urgent, min(answered, default=None)),
        urgent=len(marks.urgent),
        urgent_answered=len(answered),
    )


def end_of(rehearsal: Rehearsal, marks: Marks, now: datetime) -> EndReason | None:
    """Return why the rehearsal is over; `None` while it goes on."""
    if rehearsal.stop_asked_by is not None:
        return EndReason.STOPPED
    if rehearsal.started_at is None:
        return None
    if now - rehearsal.started_at > rehearsal.duration + TIME_TO_FINISH + rehearsal.delay:
        return EndReason.TIME_UP
    score = score_of(marks)
    has_all = rehearsal.progress(now) > 1 and score.urgent_answered == score.urgent
    return EndReason.COMPLETE if has_all and marks.is_resolved else None


def _seconds(since: datetime | None, until: datetime | None) -> float | None:
    return None if since is None or until is None else max((until - since).total_seconds(), 0.0)

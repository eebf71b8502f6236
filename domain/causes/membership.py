"""Decide which posts belong to a cause: those that have one of its phrases."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from domain.causes.cause import Cause, Membership
from domain.triage.phrases import Phrases, tokens
from domain.triage.situations import Situation

#: Situations whose posts are of no cause.
CAUSELESS = frozenset({Situation.PRAISE.value, Situation.SPAM.value})


@dataclass(frozen=True, slots=True, kw_only=True)
class CausePost:
    """A customer's public post, as it is compared with causes. `author` is of its network."""

    message_id: int
    case_id: int
    text: str
    at: datetime
    situation: str


def members_of(cause: Cause, posts: Iterable[CausePost]) -> list[Membership]:
    """Return the cases of the posts that belong to the cause, each for the earliest of them."""
    phrases = Phrases((phrase, cause.id) for phrase in cause.phrases)
    found: dict[int, Membership] = {}
    for post in sorted(posts, key=lambda post: (post.at, post.message_id)):
        if post.case_id in found or post.situation in CAUSELESS:
            continue
        if phrases.find(tokens(post.text)):
            found[post.case_id] = Membership(
                cause_id=cause.id, case_id=post.case_id, message_id=post.message_id, at=post.at
            )
    return list(found.values())

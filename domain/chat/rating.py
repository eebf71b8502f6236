"""Define customer satisfaction: the rating given at the end of a chat."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """The number of chats `rated`, and of those rated as `solved`; the last rating of a chat counts."""

    solved: int
    rated: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """A customer's answer to "was this solved?" for one hand-off."""

    handoff_id: int
    case_id: int
    solved: bool
    comment: str
    at: datetime


def current_rating(rating: Rating | None, closed_at: datetime | None) -> Rating | None:
    """Return the rating, or `None` where the case was closed after it: the customer is then asked again."""
    if rating is not None and closed_at is not None and rating.at < closed_at:
        return None
    return rating

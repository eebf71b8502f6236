"""What a customer said when they were asked whether it was solved."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """Of the chats that were `rated`, how many their customers said were `solved`; a chat counts once, by its last answer."""

    solved: int
    rated: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """One customer's answer to "was this solved?", about one hand-off."""

    handoff_id: int
    case_id: int
    solved: bool
    comment: str
    at: datetime


def standing(rating: Rating | None, closed_at: datetime | None) -> Rating | None:
    """The rating, but where the case was closed after it: of a case that came back and was closed again the customer is asked again."""
    if rating is not None and closed_at is not None and rating.at < closed_at:
        return None
    return rating

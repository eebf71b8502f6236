"""What the form for a hand-off shows."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.cases.messages import Message
from domain.cases.views import CaseView
from domain.replies.rules_of_engagement import RuleViolation
from domain.venues import Venue


@dataclass(frozen=True, slots=True, kw_only=True)
class VenueChoice:
    """A venue that a case could be moved to. `why_not` says in words why it cannot; `None` where it can."""

    venue: Venue
    why_not: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveForm:
    """What the form for a move shows.

    `text` is the line that tells the customer, and `via` where it is written: in public, in the private venue where the conversation is, or already in
    the chosen one, where we may write there. `link` is what the line must carry, empty where it needs none. `cost` is what the network charges for
    a public line, in US dollars. `goes_elsewhere` is true where the text would be read elsewhere than the form said at first. `address` is the e-mail address that an agent typed. `nonce` makes the link this hand-off's. `seen`, `news`,
    `findings`, `held_by` and `revision` are as in `AnswerForm`.
    """

    view: CaseView
    choices: Sequence[VenueChoice]
    chosen: Venue
    text: str
    length: int
    limit: int
    seen: int
    nonce: str
    via: Venue = Venue.PUBLIC
    link: str = ""
    cost: float | None = None
    address: str = ""
    news: Sequence[Message] = ()
    violations: Sequence[RuleViolation] = ()
    held_by: str | None = None
    goes_elsewhere: bool = False
    revision: int = 0

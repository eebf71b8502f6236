"""Define the view model of the form for a hand-off."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.cases.messages import Message
from domain.cases.views import CaseView
from domain.errors import Refused
from domain.handoffs.offer_message import OfferViolation
from domain.handoffs.venue_choice import Unavailable
from domain.replies.rules_of_engagement import RuleViolation
from domain.venues import Venue


@dataclass(frozen=True, slots=True, kw_only=True)
class VenueChoice:
    """A venue that a case could be moved to. `unavailable_reason` is `None` where it can be offered."""

    venue: Venue
    unavailable_reason: Unavailable | None = None


class NoVenueAvailable(Refused):
    """The case can be moved nowhere; each of `choices` has its reason."""

    def __init__(self, choices: Sequence[VenueChoice]) -> None:
        super().__init__(choices)
        self.choices = choices


class VenueUnavailable(Refused):
    """The chosen `venue` cannot be offered. `reason` is `None` for public, which is never offered."""

    def __init__(self, venue: Venue, reason: Unavailable | None) -> None:
        super().__init__(venue, reason)
        self.venue = venue
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffForm:
    """The data of the form that moves a case to another venue.

    `text` is the message that offers the move, and `via` the venue it is sent in: in public, in the private
    venue of the current conversation, or already in the chosen one, where we may write there unprompted.
    `cost` is what the network charges for a public message, in US dollars. `via_changed` is true where the
    text would go to another venue than the form said at first. `address` is the e-mail address that an agent
    typed. `nonce` is the secret of this hand-off's link. `length` and `limit`, `seen`, `new_messages`,
    `violations`, `assigned_to` and `revision` are as in `PublicReplyForm`.
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
    cost: float | None = None
    address: str = ""
    new_messages: Sequence[Message] = ()
    violations: Sequence[RuleViolation | OfferViolation] = ()
    assigned_to: str | None = None
    via_changed: bool = False
    revision: int = 0

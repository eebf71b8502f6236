"""Define links of cases to outages: proposed with their reasons, confirmed or refused by a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.cases.case import Case
from domain.cases.messages import Message
from domain.outages.outage import Outage


class LinkState(StrEnum):
    """The state of a link. `REFUSED`: a person said that the case has another cause, or undid the link."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


class LinkReason(StrEnum):
    """Why a case may belong to an outage.

    `COMPONENT`: it has a word of a component; `WORDS`: it shares words with the notices; `SITUATION`: its
    situation is one that the outage causes; `SIMILAR`: it says the same in other words; `BY_HAND`: a person
    said so.
    """

    COMPONENT = "component"
    WORDS = "words"
    SITUATION = "situation"
    SIMILAR = "similar"
    BY_HAND = "by_hand"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One reason, and the words that it rests on (in the customer's spelling); empty where it has none."""

    reason: LinkReason
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link between an outage and a case.

    `message_id` is the post that it rests on, `reported_at` when that was written. `certainty` is between 0
    and 1. `decided_by` is a Slack user id, or `SYSTEM` where the settings link without a person.
    `newest_message_id` is the customer's newest message when it was confirmed, `None` before.
    """

    outage_id: int
    case_id: int
    message_id: int
    state: LinkState
    certainty: float
    evidence: tuple[Evidence, ...]
    reported_at: datetime
    proposed_at: datetime
    decided_by: str | None = None
    decided_at: datetime | None = None
    newest_message_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRow:
    """A link with its case and the post that it rests on."""

    link: Link
    case: Case
    message: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkPage:
    """A page of the links of an outage that are in one state, the surest first; `total` counts all.

    `blur_abuse` is as in `CaseView`.
    """

    outage: Outage
    state: LinkState
    rows: Sequence[LinkRow]
    page: int
    total: int
    has_more: bool = False
    blur_abuse: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRange:
    """Links in one state by how sure they are: those in it until a moment, down to and with the last one.

    It names many links in few characters, and never one that came into the state after somebody looked.
    """

    outage_id: int
    state: LinkState
    until: datetime
    last_certainty: float
    last_case_id: int

    def has(self, link: Link) -> bool:
        """Return whether the link is one of them."""
        order, last = (-link.certainty, link.case_id), (-self.last_certainty, self.last_case_id)
        return (link.decided_at or link.proposed_at) <= self.until and order <= last


@dataclass(frozen=True, slots=True, kw_only=True)
class ManyLinks:
    """Many links in one state, as they are previewed: the surest and the least sure of them.

    `certainties` has that of each of them. `left` counts those in the state that are not among them.
    """

    page: LinkPage
    least_sure: Sequence[LinkRow]
    certainties: Sequence[float]
    links: LinkRange
    left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLink:
    """A case's link as its card and Details show it, with the outage."""

    link: Link
    outage: Outage

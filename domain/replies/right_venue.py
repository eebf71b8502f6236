"""Choose the venue in which a case is to be answered, by the guidance for its situation."""

from collections.abc import Container, Mapping
from enum import Enum, auto
from types import MappingProxyType

from domain.cases.case import Case
from domain.replies.checks.requests import names_direct_message, names_private_venue
from domain.replies.rules_of_engagement import Guidance
from domain.triage.assessment import Urgency
from domain.triage.saved_replies import SavedReply
from domain.triage.situations import Situation

NO_GUIDANCE: Mapping[Situation, Guidance] = MappingProxyType({})


class Move(Enum):
    """How an answer in public moves to private a case that is to be answered there.

    `ELSEWHERE`: not by a direct message, as none is read on the case's network.
    """

    BY_DIRECT_MESSAGE = auto()
    ELSEWHERE = auto()


def is_left_alone(case: Case, guidance: Mapping[Situation, Guidance]) -> bool:
    """Return whether a case is better not answered."""
    found = guidance.get(case.assessment.situation)
    return found is not None and bool(found.do_not_answer)


def may_be_public(case: Case) -> bool:
    """Return whether a case may be answered in public whatever its situation.

    It may where it is linked to an outage, which is spoken of in public, and where nothing is wanted.
    """
    return case.outage_id is not None or case.assessment.urgency is Urgency.LOW


def belongs_in_private(case: Case, guidance: Mapping[Situation, Guidance]) -> bool:
    """Return whether a case is to be answered in private alone."""
    found = guidance.get(case.assessment.situation)
    return found is not None and found.is_private and not may_be_public(case)


def needed_move(
    case: Case, guidance: Mapping[Situation, Guidance], without_direct: Container[str]
) -> Move | None:
    """Return how an answer in public has to move the case; `None` where it may stay.

    `without_direct` are the networks on which no direct message is read.
    """
    if not belongs_in_private(case, guidance):
        return None
    return Move.ELSEWHERE if case.network in without_direct else Move.BY_DIRECT_MESSAGE


def moves_to_private(reply: SavedReply, text: str, move: Move) -> bool:
    """Return whether the reply, filled as `text`, moves the customer to private so."""
    if move is Move.ELSEWHERE:
        return names_private_venue(text) and not names_direct_message(text)
    return reply.public_only or names_private_venue(text)

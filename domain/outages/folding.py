"""Decide which cases of an open outage are shown in brief: as one of many that are about the same."""

from domain.cases.case import CaseState
from domain.cases.messages import Delivery, Direction
from domain.cases.views import CaseView
from domain.triage.assessment import Assessment, Urgency
from domain.triage.situations import Reason, Situation

GRAVE = frozenset({Reason.SAFETY, Reason.DISTRESS, Reason.LEGAL_THREAT, Reason.VULNERABLE})
_BRIEF_STATES = frozenset({CaseState.OPEN, CaseState.WAITING})
_NEEDS_A_PERSON = frozenset({Delivery.FAILED, Delivery.UNSURE})


def is_grave(assessment: Assessment) -> bool:
    """Return whether the customer is in danger, vulnerable or about to sue: a person has to answer them."""
    return assessment.situation is Situation.SAFETY_OR_LEGAL or not GRAVE.isdisjoint(assessment.reasons)


def is_folded(view: CaseView) -> bool:
    """Return whether a case's card is folded: what it says is known, and nobody works on it.

    Never one that is urgent or grave of its own, that a person has to decide, or where the customer has
    written since it was linked.
    """
    case, linked = view.case, view.outage
    if linked is None or not (linked.outage.is_open and linked.outage.has_begun):
        return False
    if case.state not in _BRIEF_STATES or case.claimed_by is not None or view.writers:
        return False
    if case.assessment.urgency is Urgency.URGENT or is_grave(case.assessment):
        return False
    if view.handoff is not None or view.offered is not None:
        return False
    if view.latest_reply is not None and view.latest_reply.delivery in _NEEDS_A_PERSON:
        return False
    newest = max((m.id for m in view.messages if m.direction is Direction.IN), default=0)
    return newest <= (linked.link.newest_message_id or 0)

"""Map situations and urgencies to their display names."""

from domain.triage.assessment import Urgency
from domain.triage.situations import Situation

_SITUATIONS = {
    Situation.SAFETY_OR_LEGAL: "Safety or legal",
    Situation.CANNOT_PAY: "Cannot pay",
    Situation.ACCOUNT_ACCESS: "Cannot log in",
    Situation.OUTAGE_REPORT: "Outage report",
    Situation.REFUND: "Refund or cancel",
    Situation.DELIVERY: "Delivery",
    Situation.PRESS: "Press",
    Situation.QUESTION: "Question",
    Situation.RANT: "Rant",
    Situation.PRAISE: "Praise",
    Situation.SPAM: "Spam",
    Situation.OTHER: "Other",
}


def situation_label(situation: Situation) -> str:
    """Return the display name of a situation."""
    return _SITUATIONS[situation]


def urgency_label(urgency: Urgency) -> str:
    """Return the display name of an urgency."""
    return urgency.name.capitalize()

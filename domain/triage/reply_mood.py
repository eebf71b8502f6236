"""Decide whether a message is answered at all, and whether a saved reply suits the mood of its customer."""

from domain.triage.assessment import Assessment, Urgency
from domain.triage.saved_replies import SavedReply
from domain.triage.situations import Situation

#: A reply for these alone would mock whoever has trouble.
_GLAD = frozenset({Situation.PRAISE})
#: These may be glad words that were not recognised.
_NO_TROUBLE = frozenset({Situation.PRAISE, Situation.QUESTION, Situation.OTHER})


def wants_reply(assessment: Assessment) -> bool:
    """Return whether a reply should be suggested: not for spam, nor where nothing is wanted.

    Praise and complaints are answered all the same.
    """
    if assessment.situation is Situation.SPAM:
        return False
    return assessment.urgency > Urgency.LOW or assessment.situation in {Situation.PRAISE, Situation.RANT}


def is_glad(reply: SavedReply) -> bool:
    """Return whether a reply is for those who are glad alone."""
    return reply.situations <= _GLAD


def suits_mood(reply: SavedReply, decided: Situation) -> bool:
    """Return whether a reply is glad where the customer is, and only there."""
    return is_glad(reply) is (decided in _GLAD)


def is_mocking(reply: SavedReply, decided: Situation) -> bool:
    """Return whether a reply is glad although the customer has trouble."""
    return is_glad(reply) and decided not in _NO_TROUBLE

"""Decide whether a message is answered at all, and whether a saved reply suits the mood of its customer."""

from domain.triage.assessment import Assessment, Urgency
from domain.triage.evidence import Evidence
from domain.triage.heads import HeadScores
from domain.triage.saved_replies import SavedReply
from domain.triage.situations import Situation

#: A reply for these alone would mock whoever has trouble.
_GLAD = frozenset({Situation.PRAISE})
#: These may be glad words that were not recognised.
_NO_TROUBLE = frozenset({Situation.PRAISE, Situation.QUESTION, Situation.OTHER})
#: From these on the heads are sure of praise: of 124 glad replies to posts that they were not trained on, it
#: drops 5 of the 15 that mock, and 6 of the others.
_SURE_PRAISE = 0.6
_SURE_SENTIMENT = 0.0


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


def is_doubtful_praise(evidence: Evidence, scores: HeadScores | None) -> bool:
    """Return whether what is taken for praise may be mockery, or thanks before a complaint.

    Phrases of trouble say so ("great, third parcel lost"), unless it is settled, and heads that are not sure.
    """
    decided = (evidence.decided | evidence.decided_by_pair) - _NO_TROUBLE
    if decided and evidence.trouble and not evidence.settled:
        return True
    return scores is not None and (
        scores.situations[Situation.PRAISE] < _SURE_PRAISE or scores.sentiment < _SURE_SENTIMENT
    )

"""Assess a post whose own words name no topic by the post that it points at."""

from dataclasses import replace

from domain.intake.post_context import PostContext, ReferenceKind
from domain.triage.assessment import Assessment
from domain.triage.situations import Situation

#: The reason that is stored with the assessment.
POINTED_AT = "by the post that it quotes or answers"
#: Own words of these situations leave open what the post is about: after an answer, and in a quote.
_OPEN = {
    ReferenceKind.ANSWERED: frozenset({Situation.OTHER}),
    ReferenceKind.QUOTED: frozenset({Situation.OTHER, Situation.QUESTION, Situation.RANT}),
}
#: These say nothing of what is wrong.
_NO_TOPIC = frozenset(
    {Situation.OTHER, Situation.QUESTION, Situation.RANT, Situation.PRAISE, Situation.SPAM, Situation.PRESS}
)


def leaves_topic_open(own: Assessment, context: PostContext) -> bool:
    """Return whether a post of this assessment may be about what it points at."""
    kinds = {one.kind for one in context.references if one.words and not one.is_ours}
    return any(own.situation in _OPEN[kind] for kind in kinds)


def words_of_topic(words: str, assessment: Assessment, pointed_at: str) -> str:
    """Return the words by which a reply to a post is chosen: what it points at where that gives its topic.

    "this 👇" alone is as similar to the examples of one reply as to those of another.
    """
    return pointed_at if POINTED_AT in assessment.reasons and pointed_at else words


def assess_by_context(own: Assessment, pointed_at: Assessment) -> Assessment:
    """Return the assessment with the topic of what the post points at, which is at least as urgent.

    Language, sentiment and all other reasons stay those of the author's own words.
    """
    if pointed_at.situation in _NO_TOPIC:
        return own
    return replace(
        own,
        situation=pointed_at.situation,
        urgency=max(own.urgency, pointed_at.urgency),
        reasons=(*own.reasons, POINTED_AT),
    )

"""Load the posts that the desk has corrected, for the classifier to compare others with."""

from collections.abc import Sequence
from dataclasses import replace

from domain.knowledge.desk_examples import Origin
from domain.triage.correction import Judgement
from handlers.knowledge.learning import Taught, load_taught
from handlers.triage.classify import Classifier
from handlers.triage.taught_posts import TaughtPost
from storage.unit_of_work import UnitOfWork

#: The newest examples, among which are the corrections that posts are compared with; 2 MB.
MAX_COMPARED = 1_000


def load_corrected(uow: UnitOfWork, *, encoder: str) -> Taught:
    """Load the newest corrections. *Not a request* is none: it says nothing of what a post is about."""
    taught = load_taught(uow, encoder=encoder, limit=MAX_COMPARED)
    return replace(
        taught, messages=[one for one in taught.messages if one.example.origin is Origin.CORRECTION]
    )


def taught_posts(taught: Taught, classifier: Classifier) -> Sequence[TaughtPost]:
    """Return the corrected posts whose vectors are stored, with what the rules find in them."""
    return [
        TaughtPost(
            one.vector,
            classifier.evidence(one.text, one.language),
            Judgement(
                situation=one.example.situation, urgency=one.example.urgency, request=one.example.request
            ),
        )
        for one in taught.messages
        if one.vector is not None and one.example.situation is not None
    ]

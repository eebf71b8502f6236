"""Summarise how saved replies are used, what they do not answer yet, and what could be amended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.knowledge.reply_choices import ReplyChoice
from domain.knowledge.reply_figures import (
    QuestionGroup,
    ReplyFigure,
    ReplyPair,
    ReplyProposal,
    compare_replies,
    count_uses,
    group_similar,
    propose_replies,
)
from domain.records.audit import Action, Entry
from domain.triage.encoder import EncoderError
from domain.triage.saved_replies import SavedReply
from handlers.triage.classify import Classifier
from handlers.triage.text_index import IndexedText, tfidf_index
from storage.unit_of_work import UnitOfWork

MAX_CHOICES = 5_000
#: Messages that are grouped, the newest: each is compared with each.
MAX_GROUPED = 200


@dataclass(frozen=True, slots=True)
class ReplyHistory:
    """The answers that were sent, the newest first, and the keys of the dismissed proposals."""

    choices: Sequence[ReplyChoice]
    dismissed: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplySummary:
    """What the figures of the saved replies show."""

    figures: Sequence[ReplyFigure]
    unanswered: Sequence[QuestionGroup]
    proposals: Sequence[ReplyProposal]
    pairs: Sequence[ReplyPair]


def load_history(uow: UnitOfWork) -> ReplyHistory:
    """Load what the summary is made of."""
    return ReplyHistory(uow.reply_choices.sent(limit=MAX_CHOICES), uow.dismissed_proposals.keys())


def summarize(history: ReplyHistory, classifier: Classifier) -> ReplySummary:
    """Summarise the history. Takes up to a second: call it outside of a transaction, in a thread."""
    free = [choice for choice in history.choices if not choice.chosen][:MAX_GROUPED]
    groups = _group(free, classifier)
    replies: Sequence[SavedReply] = classifier.replies
    proposals = propose_replies(groups, replies)
    return ReplySummary(
        figures=count_uses(replies, history.choices),
        unanswered=groups,
        proposals=[proposal for proposal in proposals if proposal.key not in history.dismissed],
        pairs=[pair for pair in compare_replies(replies) if pair.key not in history.dismissed],
    )


def _group(choices: Sequence[ReplyChoice], classifier: Classifier) -> list[QuestionGroup]:
    if not choices:
        return []
    texts = [IndexedText(choice.asked, choice.vector, choice.encoder) for choice in choices]
    search = classifier.search
    try:
        index = search.make_index(texts)
        similarity = [index.cosines(text.text) for text in texts]
        least = search.weights.near
    except EncoderError:  # told when a post was classified
        index, least = tfidf_index(texts), classifier.by_tfidf.weights.near
        similarity = [index.cosines(text.text) for text in texts]
    return [
        QuestionGroup(tuple(choices[number] for number in group))
        for group in group_similar(similarity, least=least)
    ]


def dismiss_proposal(uow: UnitOfWork, *, key: str, user_id: str, now: datetime) -> None:
    """Show a proposal no more. A second time changes nothing."""
    if key in uow.dismissed_proposals.keys():  # noqa: SIM118 - not a mapping
        return
    uow.dismissed_proposals.add(key, user_id=user_id, at=now)
    entry = Entry(
        at=now,
        actor=user_id,
        action=Action.PROPOSAL_DISMISSED,
        case_id=None,
        version=None,
        detail={"proposal": key},
    )
    uow.audit.add_many([entry])

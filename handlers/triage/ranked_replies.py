"""Rank the saved replies for a message, and tell which of them may be suggested by themselves."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING

from domain.replies.forms import Option
from domain.triage.assessment import Assessment, situation_probabilities
from domain.triage.encoder import EncoderError
from domain.triage.evidence import rule_probabilities
from domain.triage.reply_mood import is_doubtful_praise, is_mocking, wants_reply
from domain.triage.reply_ranking import MessageToAnswer, RankedReply
from domain.triage.saved_replies import SavedReply
from domain.triage.situations import Situation

if TYPE_CHECKING:
    from handlers.triage.classify import Classifier


def sure_replies(classifier: "Classifier", assessment: Assessment, text: str) -> Iterator[SavedReply]:
    """Yield the replies that may be suggested by themselves, the best first.

    Where a better one that suits the message is unsure, none is.
    """
    if wants_reply(assessment):
        ranked = ranked_replies(classifier, assessment, text)
        suited = (found for found in ranked if found.suits)
        yield from (found.reply for found in takewhile(lambda found: found.is_suggestion, suited))


def ranked_replies(classifier: "Classifier", assessment: Assessment, text: str) -> Iterator[RankedReply]:
    """Rank the saved replies that have not expired: by the encoder where there is one, else by TF-IDF."""
    current = {reply.name for reply in classifier.replies}
    return (found for found in _indexed(classifier, assessment, text) if found.reply.name in current)


def _indexed(classifier: "Classifier", assessment: Assessment, text: str) -> Iterator[RankedReply]:
    """Rank the replies of the index, which may have some that expired since it was made."""
    evidence = classifier.evidence(text, assessment.language)
    reasons = (*assessment.reasons, *evidence.subjects)
    message = MessageToAnswer(
        rule_probabilities(evidence),
        assessment.situation,
        reasons,
        is_doubtful_praise=is_doubtful_praise(evidence, None),
    )
    if assessment.is_corrected:
        message = replace(
            message, situations={assessment.situation: 1.0}, is_corrected=True, is_doubtful_praise=False
        )
    if classifier.trained is not None and classifier.by_encoder is not None:
        try:
            if not assessment.is_corrected:
                [scores] = classifier.trained.score([text], [evidence])
                likely = situation_probabilities(evidence, scores)
                is_doubtful = is_doubtful_praise(evidence, scores)
                message = replace(message, situations=likely, is_doubtful_praise=is_doubtful)
            return classifier.by_encoder.rank(text, message)
        except EncoderError:  # told when the post was classified
            pass
    return classifier.by_tfidf.rank(text, message)


def option_of(ranked: RankedReply, text: str, decided: Situation) -> Option:
    """Build the option of a reply, filled as `text`, for a message that is about `decided`."""
    return Option(
        name=ranked.reply.name,
        title=ranked.reply.title,
        text=text,
        fits=ranked.is_suggestion,
        example="" if is_mocking(ranked.reply, decided) else ranked.example,
        situation=decided if ranked.is_decided else None,
        sent_in_such_cases=ranked.sent_in_such_cases,
    )

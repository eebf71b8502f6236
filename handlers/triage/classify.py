"""Classify a post: language, sentiment, situation, urgency, and the best saved reply."""

import logging
from collections.abc import Container, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache

from domain.intake.posts import Post
from domain.policy import Policy
from domain.replies.checks.requests import asks_for_direct_message
from domain.replies.forms import Option
from domain.replies.right_venue import Move, moves_to_private
from domain.replies.rules_of_engagement import Guidance
from domain.triage.assessment import Assessment, assess_by_rules
from domain.triage.drafts import Source, Suggestion
from domain.triage.encoder import EncoderError, Vector
from domain.triage.evidence import Evidence, collect_evidence
from domain.triage.features import MAX_READ_LENGTH, encodable, without_salutation
from domain.triage.heads import HeadScores
from domain.triage.language import Detector, pick_language
from domain.triage.reply_mood import is_mocking
from domain.triage.saved_replies import SavedReply, TemplateError, fill, first_name
from domain.triage.sentiment import SentimentScorer
from domain.triage.situations import Cues, Situation
from handlers.triage.post_assessment import assess_posts, prepare_posts
from handlers.triage.ranked_replies import option_of, ranked_replies, sure_replies
from handlers.triage.reply_search import ReplySearch
from handlers.triage.trained_heads import Text, TrainedHeads
from storage.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)

#: Texts. A post is prepared right before it is classified, and compared with the saved replies soon after.
_CACHED_TEXTS = 256


@lru_cache(_CACHED_TEXTS)
def _language(text: str, hint: str | None, detector: Detector, default: str) -> str:
    return pick_language(text, hint, detector.detect, default)


@lru_cache(_CACHED_TEXTS)
def _evidence(text: str, language: str, sentiment: SentimentScorer, cues: Cues) -> Evidence:
    return collect_evidence(text, language=language, sentiment=sentiment.score(text, language), cues=cues)


@dataclass(frozen=True, slots=True, kw_only=True)
class Classifier:
    """Classifies posts, and finds saved replies for them.

    By rules and word lists and, where there are `trained` heads, by those too. The saved replies are searched
    `by_encoder` where there is one, else `by_tfidf`; by the `guidance` some do not fit a situation. It uses
    neither a language model nor the network. `learns` is false where `refresh` must not read answers. No
    direct message is read on the networks in `without_direct`.
    """

    policy: Policy
    cues: Cues
    replies: Sequence[SavedReply]
    detector: Detector
    sentiment: SentimentScorer
    by_tfidf: ReplySearch
    trained: TrainedHeads | None = None
    by_encoder: ReplySearch | None = None
    learns: bool = True
    without_direct: frozenset[str] = frozenset()
    guidance: Mapping[Situation, Guidance] = field(default_factory=dict)

    @property
    def search(self) -> ReplySearch:
        """The search that is in use where nothing fails."""
        return self.by_encoder or self.by_tfidf

    def with_replies(self, replies: Sequence[SavedReply]) -> "Classifier":
        """Return a classifier with these saved replies, and with what was learnt."""
        return replace(
            self,
            replies=replies,
            by_tfidf=self.by_tfidf.with_replies(replies),
            by_encoder=self.by_encoder and self.by_encoder.with_replies(replies),
        )

    def refresh(self, uow: UnitOfWork) -> None:
        """Learn from the answers that were sent since; call it in the transaction that suggests replies."""
        if self.learns:
            self.search.learnt.refresh(uow)

    def assess(self, post: Post) -> Assessment:
        """Assess one post; see `assess_many`."""
        return self.assess_many([post])[0]

    def assess_many(self, posts: Sequence[Post]) -> list[Assessment]:
        """Assess posts: situation, urgency, language and sentiment. One call is faster than many.

        The network's language hint precedes detection; the policy's default language is the fallback. The
        posts that one quotes or answers give it a topic where its own words name none.
        """
        return assess_posts(self, posts)

    def classify(self, texts: Sequence[Text]) -> list[tuple[Assessment, HeadScores | None]]:
        """Assess texts; with the heads' scores, which are `None` where there are no heads."""
        evidence = [self.evidence(text.text, text.language) for text in texts]
        scores = self._scores(texts, evidence)
        return [
            (
                assess_by_rules(found, language=text.language, followers=text.followers)
                if score is None or self.trained is None
                else self.trained.assess(text, found, score),
                score,
            )
            for text, found, score in zip(texts, evidence, scores, strict=True)
        ]

    def _scores(self, texts: Sequence[Text], evidence: Sequence[Evidence]) -> Sequence[HeadScores | None]:
        if self.trained is None:
            return [None] * len(texts)
        try:
            return self.trained.score([text.text for text in texts], evidence)
        except EncoderError as error:
            log.warning("posts are classified by rules alone: %s", error)
            return [None] * len(texts)

    def prepare(self, texts: Sequence[str]) -> None:
        """Encode texts ahead: call it outside of a transaction, in a thread of its own.

        The first call loads the encoder, which takes a second or two.
        """
        if self.trained is not None:
            with suppress(EncoderError):  # told when the posts are classified
                self.trained.encoder.encode([encodable(text) for text in texts])

    def prepare_posts(self, posts: Sequence[Post]) -> None:
        """Encode posts ahead, as `prepare` does, and find their language and what the rules find in them.

        Classifying them is then short: other transactions wait for that of which it is a part.
        """
        prepare_posts(self, posts)

    def vectors(self, texts: Sequence[str]) -> list[Vector]:
        """Return the vector of each text; none at all where there is no encoder, or it fails."""
        if self.trained is None:
            return []
        try:
            return self.trained.encoder.encode([encodable(text) for text in texts])
        except EncoderError:  # told when the posts were classified
            return []

    def language(self, text: str, hint: str | None = None) -> str:
        """Return the language of a text: the network's hint, else the detected one, else the default."""
        return _language(text[:MAX_READ_LENGTH], hint, self.detector, self.policy.default_language)

    def evidence(self, text: str, language: str) -> Evidence:
        """Return what the rules find in the first `MAX_READ_LENGTH` characters of a text."""
        return _evidence(without_salutation(text[:MAX_READ_LENGTH]), language, self.sentiment, self.cues)

    def suggest(
        self,
        assessment: Assessment,
        text: str,
        author_name: str,
        *,
        case_id: int,
        message_id: int,
        now: datetime,
        used: Container[str] = (),
        in_private: bool = False,
        move: Move | None = None,
    ) -> Suggestion | None:
        """Suggest the best saved reply, filled for this customer, in a wording that is not in `used`.

        `None` if none surely fits, none can be filled, every wording is in `used`, or the best one does not
        fit a message `in_private`, or the situation is not answered. Where a `move` to private is needed, it
        is the best one that makes it.
        """
        if self.guidance.get(assessment.situation, Guidance()).do_not_answer:
            return None
        for reply in sure_replies(self, assessment, text):
            filled = self.fill(reply, assessment.language, author_name, used)
            if move is None or moves_to_private(reply, filled, move):
                break
        else:
            return None
        is_misplaced = in_private and (reply.public_only or asks_for_direct_message(filled))
        if is_misplaced or not filled or filled in used:
            return None
        return Suggestion(
            case_id=case_id,
            message_id=message_id,
            text=filled,
            language=assessment.language,
            source=Source.SAVED_REPLY,
            name=reply.name,
            version=str(reply.version),
            title=reply.title,
            created_at=now,
        )

    def reword(self, suggestion: Suggestion, author_name: str, used: Container[str]) -> str:
        """Return the suggestion's text or, where that is in `used`, another wording of its saved reply."""
        reply = next((reply for reply in self.replies if reply.name == suggestion.name), None)
        if suggestion.text not in used or reply is None or suggestion.source is not Source.SAVED_REPLY:
            return suggestion.text
        return self.fill(reply, suggestion.language, author_name, used) or suggestion.text

    def options(
        self,
        assessment: Assessment,
        text: str,
        author_name: str,
        *,
        limit: int,
        used: Container[str] = (),
    ) -> list[Option]:
        """Return up to `limit` saved replies to pick from, the best first, filled for this customer.

        In wordings that are not in `used`, where there are such. Glad replies come last where the
        customer has trouble.
        """
        options: list[Option] = []
        decided = assessment.situation
        for ranked in sorted(
            ranked_replies(self, assessment, text), key=lambda one: is_mocking(one.reply, decided)
        ):
            filled = self.fill(ranked.reply, assessment.language, author_name, used)
            if filled and len(options) < limit:
                options.append(option_of(ranked, filled, decided))
        return options

    def rank(self, text: str) -> list[SavedReply]:
        """Return all saved replies for a text without a hint of its language, the best first."""
        [(assessment, _)] = self.classify([Text(text, self.language(text))])
        return [ranked.reply for ranked in ranked_replies(self, assessment, text)]

    def fill(self, reply: SavedReply, language: str, author_name: str, used: Container[str] = ()) -> str:
        """Fill the reply for this customer, in the first wording that is not in `used`, else in the first.

        Empty if the reply needs a value that is unknown.
        """
        first = ""
        for text in self.wordings(reply, language, author_name):
            if text not in used:
                return text
            first = first or text
        return first

    def wordings(self, reply: SavedReply, language: str, author_name: str) -> list[str]:
        """Fill every wording of the reply for this customer; none if it needs a value that is unknown."""
        with suppress(TemplateError):
            name, policy = first_name(author_name), self.policy
            return list(fill(reply, language, first_name=name, brand=policy.brand, help_url=policy.help_url))
        return []

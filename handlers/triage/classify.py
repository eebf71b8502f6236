"""Classify a post by rules: language, sentiment, situation, urgency, and the best saved reply."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.intake.posts import Post
from domain.policy import Policy
from domain.replies.forms import Option
from domain.triage.assessment import Assessment, assess
from domain.triage.drafts import Source, Suggestion
from domain.triage.language import Detector, pick_language
from domain.triage.saved_replies import SavedReply, TemplateError, alternatives, choose, fill, first_name
from domain.triage.sentiment import SentimentScorer
from domain.triage.situations import Cues


@dataclass(frozen=True, slots=True, kw_only=True)
class Classifier:
    """Classifies posts by rules and word lists, without a model or the network."""

    policy: Policy
    cues: Cues
    replies: Sequence[SavedReply]
    detector: Detector
    sentiment: SentimentScorer

    def assess(self, post: Post) -> Assessment:
        """Assess the post: its situation, urgency, language and sentiment.

        The network's language hint precedes detection; the policy's default language is the fallback.
        """
        hint = pick_language(post.language_hint, None, "")
        language = hint or pick_language(None, self.detector.detect(post.text), self.policy.default_language)
        return assess(
            post.text,
            language=language,
            sentiment=self.sentiment.score(post.text, language),
            cues=self.cues,
            followers=post.author.followers,
        )

    def suggest(
        self,
        assessment: Assessment,
        text: str,
        author_name: str,
        *,
        case_id: int,
        message_id: int,
        now: datetime,
    ) -> Suggestion | None:
        """Suggest the best saved reply, filled for this customer; `None` if none fits or can be filled."""
        reply = choose(self.replies, assessment, text)
        filled = reply and self.fill(reply, assessment.language, author_name)
        if not reply or not filled:
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

    def options(self, assessment: Assessment, text: str, author_name: str, *, limit: int) -> list[Option]:
        """Return up to `limit` saved replies to pick from, the best first, filled for this customer."""
        best = choose(self.replies, assessment, text)
        ordered = ([best] if best else []) + alternatives(self.replies, assessment, text, limit)
        filled = ((reply, self.fill(reply, assessment.language, author_name)) for reply in ordered)
        return [Option(name=reply.name, title=reply.title, text=text) for reply, text in filled if text][
            :limit
        ]

    def fill(self, reply: SavedReply, language: str, author_name: str) -> str:
        """Fill the reply's template for this customer; empty if it needs a value that is unknown."""
        try:
            return fill(
                reply,
                language,
                first_name=first_name(author_name),
                brand=self.policy.brand,
                help_url=self.policy.help_url,
            )
        except TemplateError:
            return ""

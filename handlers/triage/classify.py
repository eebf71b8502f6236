"""What the desk makes of a post by itself: language, mood, assessment, and the saved reply that fits."""

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
    """Reads posts with rules and word lists; no model, no network."""

    policy: Policy
    cues: Cues
    replies: Sequence[SavedReply]
    detector: Detector
    sentiment: SentimentScorer

    def assess(self, post: Post) -> Assessment:
        """What the post is about and how urgent it is."""
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
        """The best saved reply, filled for this customer; `None` where none fits."""
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
            made_at=now,
        )

    def options(self, assessment: Assessment, text: str, author_name: str, *, most: int) -> list[Option]:
        """Saved replies to pick from, the best first, filled for this customer."""
        best = choose(self.replies, assessment, text)
        ordered = ([best] if best else []) + alternatives(self.replies, assessment, text, most)
        filled = ((reply, self.fill(reply, assessment.language, author_name)) for reply in ordered)
        return [Option(name=reply.name, title=reply.title, text=text) for reply, text in filled if text][
            :most
        ]

    def fill(self, reply: SavedReply, language: str, author_name: str) -> str:
        """The reply's text for this customer; empty where it needs something that is not known."""
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

"""Generate realistic mentions in any number, and create the classifier that the bot uses."""

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from adapters.language.detector import LinguaDetector
from adapters.prompts.stop_words import load_stop_words
from adapters.prompts.triage import load_words
from adapters.sentiment import VaderSentiment
from domain.accounts import Account
from domain.intake.posts import Author, MatchReason, Post
from domain.policy import Policy
from handlers.classifiers import PROMPTS
from handlers.triage.classify import Classifier
from handlers.triage.reply_search import tfidf_search
from sandbox import mentions
from tests.stories import ONCALL, SUPPORT

ACCOUNT = Account(network="x", id="1", handle="acme", name="Acme")
BATCH = 100
BEGAN = datetime(2026, 11, 21, 8, tzinfo=UTC)
_WRITES_AGAIN = 10


def classifier() -> Classifier:
    """Create the bot's own classifier with its phrase lists; it needs no settings."""
    words = load_words(PROMPTS)
    return Classifier(
        policy=Policy(brand="Acme", support_channel=SUPPORT, fallback_channel=ONCALL, alert_channel=ONCALL),
        cues=words.cues,
        replies=words.saved_replies,
        detector=LinguaDetector(common_words=load_stop_words(PROMPTS / "stop_words.toml")),
        sentiment=VaderSentiment(words.sentiment, words.negations),
        by_tfidf=tfidf_search(words.saved_replies),
    )


def posts(many: int, *, first: int = 0) -> list[Post]:
    """Generate posts from the bundled mentions' texts, each made unique by a number.

    Every tenth is by an author who has written before.
    """
    bundled = itertools.cycle(_bundled())
    return [_post(number, *next(bundled)) for number in range(first, first + many)]


def batches(made: list[Post]) -> Iterator[list[Post]]:
    """Split the posts into batches of a hundred, the size of an intake transaction."""
    for start in range(0, len(made), BATCH):
        yield made[start : start + BATCH]


def texts() -> list[str]:
    """Return the texts of the bundled mentions."""
    return [text for text, _, _ in _bundled()]


def _bundled() -> list[tuple[str, str, int]]:
    return [
        (mention["text"], mention.get("lang", "und"), mention["author"].get("followers") or 0)
        for mention in mentions.read("demo")
        if not mention.get("from_brand") and not mention.get("retweets")
    ]


def _post(number: int, text: str, language: str, followers: int) -> Post:
    author = str(1000 + number - (number % _WRITES_AGAIN == 0))
    post_id = str(1_900_000_000_000_000_000 + number)
    return Post(
        network=ACCOUNT.network,
        account_id=ACCOUNT.id,
        id=post_id,
        revision_id=post_id,
        author=Author(id=author, handle=f"person_{author}", name=f"Person {author}", followers=followers),
        text=f"{text} (no. {number})",
        created_at=BEGAN + timedelta(milliseconds=10 * number),
        url=f"https://x.com/person_{author}/status/{post_id}",
        conversation_id=post_id,
        match_reason=MatchReason.MENTION,
        language_hint=language,
    )

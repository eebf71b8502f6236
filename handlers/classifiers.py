"""Make the classifiers of posts, from the words in `prompts/` and the heads that come with the program."""

from collections.abc import Sequence
from datetime import date
from functools import cache, partial
from pathlib import Path

from adapters.encoder.cache import CachedEncoder
from adapters.encoder.desk_training import DeskTrainer
from adapters.encoder.heads import LinearHeads, load_heads
from adapters.encoder.matrix_index import MatrixIndex
from adapters.encoder.use_multilingual import UseMultilingual
from adapters.language.detector import LinguaDetector
from adapters.prompts.labelled_posts import load_labelled_posts
from adapters.prompts.rules_of_engagement import load_rules_of_engagement
from adapters.prompts.stop_words import load_stop_words
from adapters.prompts.triage import Words, load_words
from adapters.sentiment import VaderSentiment
from domain.clock import Clock
from domain.knowledge.saved_replies import suggestible
from domain.policy import Policy
from domain.triage.saved_replies import SavedReply
from handlers.desk import Desk
from handlers.learner import Learner
from handlers.triage.classify import Classifier
from handlers.triage.reply_search import encoder_search, tfidf_search
from handlers.triage.trained_heads import TrainedHeads

_ROOT = Path(__file__).resolve().parent.parent
PROMPTS = _ROOT / "prompts"
RULES = PROMPTS / "rules_of_engagement.toml"
TRAINING = PROMPTS / "training"
HELD_OUT, ACCEPTED = (TRAINING / "held_out" / name for name in ("posts.jsonl", "accepted.json"))
HEADS = _ROOT / "adapters" / "encoder" / "heads.json"


def make_classifier(chosen: Policy, trained: TrainedHeads | None = None) -> Classifier:
    """Make a classifier for our saved replies."""
    words, sentiment = shipped_words()
    replies = suggestible(words.shipped_replies, chosen.forms_of_address, date.min)
    return Classifier(
        policy=chosen,
        cues=words.cues,
        replies=replies,
        detector=LinguaDetector(common_words=load_stop_words(PROMPTS / "stop_words.toml")),
        sentiment=sentiment,
        by_tfidf=tfidf_search(replies),
        trained=trained,
        by_encoder=encoder_search(replies, trained.encoder, MatrixIndex) if trained else None,
        guidance=load_rules_of_engagement(RULES).situations,
    )


def reading_classifier(*, trained: bool, replies: Sequence[SavedReply] | None = None) -> Classifier:
    """Make a classifier for posts that did not arrive, of which only the text is known."""
    nowhere = Policy(brand="", support_channel="", fallback_channel="", alert_channel="")
    classifier = make_classifier(nowhere, trained_heads() if trained else None)
    return classifier if replies is None else classifier.with_replies(replies)


def trained_heads() -> TrainedHeads:
    """Return the heads that come with the program. The encoder is loaded when it is first used."""
    encoder, heads = base_heads()
    return TrainedHeads(encoder=encoder, heads=heads, make_index=MatrixIndex)


@cache
def base_heads() -> tuple[CachedEncoder, LinearHeads]:
    """Read the heads once in a process, with the encoder whose vectors they take."""
    encoder = CachedEncoder(UseMultilingual())
    return encoder, load_heads(HEADS, encoder=encoder.name)


def make_learner(desk: Desk, clock: Clock, classifier: Classifier) -> Learner:
    """Make what trains the heads on what the desk teaches; it trains none where the classifier has none."""
    return Learner(
        desk=desk,
        clock=clock,
        classifier=classifier,
        trainer=DeskTrainer(base_heads()[1]) if classifier.trained else None,
        held_out=partial(load_labelled_posts, HELD_OUT),
    )


@cache
def shipped_words() -> tuple[Words, VaderSentiment]:
    """Read the words of `prompts/` once in a process: they do not change while it runs."""
    words = load_words(PROMPTS)
    return words, VaderSentiment(words.sentiment, words.negations)

"""Assess posts by their own words and, where these name no topic, by the posts that they point at."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from domain.intake.posts import Post
from domain.triage.assessment import Assessment
from domain.triage.pointed_at import assess_by_context, leaves_topic_open
from handlers.triage.trained_heads import Text

if TYPE_CHECKING:
    from handlers.triage.classify import Classifier


def prepare_posts(classifier: "Classifier", posts: Sequence[Post]) -> None:
    """Encode posts ahead, with what they point at, and find what the rules find in them."""
    classifier.prepare([words for post in posts for words in (post.words, post.context.pointed_at) if words])
    for post in posts:
        classifier.evidence(post.words, classifier.language(post.words, post.language_hint))


def assess_posts(classifier: "Classifier", posts: Sequence[Post]) -> list[Assessment]:
    """Assess posts; all that are classified at once are classified faster."""
    own = [
        Text(post.words, classifier.language(post.words, post.language_hint), post.author.followers)
        for post in posts
    ]
    assessments = [assessment for assessment, _ in classifier.classify(own)]
    is_open = [
        leaves_topic_open(assessment, post.context)
        for post, assessment in zip(posts, assessments, strict=True)
    ]
    pointed_at = [
        Text(words, classifier.language(words))
        for post, opens in zip(posts, is_open, strict=True)
        if opens and (words := post.context.pointed_at)
    ]
    of_context = iter(classifier.classify(pointed_at) if pointed_at else ())
    return [
        assess_by_context(assessment, next(of_context)[0]) if opens else assessment
        for assessment, opens in zip(assessments, is_open, strict=True)
    ]

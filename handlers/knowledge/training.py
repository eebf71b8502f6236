"""Turn labelled posts into examples for training."""

from collections.abc import Sequence

from domain.knowledge.labelled_posts import LabelledPost, TrainingExample
from domain.triage.encoder import Encoder
from domain.triage.features import encodable, rule_features
from domain.triage.ngrams import hashed_ngrams
from handlers.triage.classify import Classifier


def training_examples(
    posts: Sequence[LabelledPost], *, classifier: Classifier, encoder: Encoder
) -> list[TrainingExample]:
    """Encode the posts, and compute their features as for a post that arrives. Raises `EncoderError`."""
    encoded = [encodable(post.text) for post in posts]
    vectors, ngrams = encoder.encode(encoded), map(hashed_ngrams, encoded)
    features = [
        rule_features(post.text, classifier.evidence(post.text, classifier.language(post.text)))
        for post in posts
    ]
    return [TrainingExample(*parts) for parts in zip(posts, vectors, features, ngrams, strict=True)]

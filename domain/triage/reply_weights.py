"""Weigh what speaks for a saved reply: with vectors of an encoder, and with TF-IDF alone."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RankingWeights:
    """What counts how much against the similarity with the examples; see docs/words.md for the figures.

    `text` is for the similarity with the reply's own text, `situation` for the probability of its situations,
    `decided` where the assessment is one of them, `reason` for a shared reason, and `usual` for the usual
    reply of its situations, in the order alone. `learnt` is for the answers sent, of which the similarity
    counts by `sharpness`; `prior` keeps a few answers to messages that are hardly similar from deciding. From
    `near` on, a message is similar enough to be named. A reply with less than `min_score`, or with less than
    `min_situation` and sent to nothing as similar as `min_sent`, is only offered among others; so is one
    without a topic, or for reasons that the message does not have, of whose examples none is as similar as
    `min_nearest`. A message that it has answered counts like one of its examples, with `answered` times its
    similarity. With nothing as similar as `min_question`, a reply to a question stands behind the usual one.
    A glad reply is suggested where praise is at least as likely as `min_glad`, or an example as similar as
    `min_nearest`: it mocks whoever is not glad. From `min_narrow` on, a message about safety or the law is
    similar enough for a reply that is for data shown to others alone.

    In the order alone count the similarity `by_words`, beside that of vectors, and the `mean` similarity with
    all examples and answered messages.
    """

    text: float
    situation: float
    decided: float
    min_score: float
    min_situation: float
    min_sent: float
    min_nearest: float
    min_question: float
    answered: float
    learnt: float
    sharpness: float
    prior: float
    near: float
    min_narrow: float
    reason: float
    usual: float
    min_glad: float = 0.0
    by_words: float = 0.0
    mean: float = 0.0


BY_ENCODER = RankingWeights(
    text=0.2,
    situation=0.2,
    decided=0.03,
    min_score=0.42,
    min_situation=0.2,
    min_sent=0.6,
    min_nearest=0.78,
    min_question=0.32,
    answered=1.0,
    learnt=0.3,
    sharpness=16.0,
    prior=0.03,
    near=0.45,
    min_narrow=0.37,
    reason=0.1,
    usual=0.045,
    min_glad=0.65,
    by_words=0.6,
    mean=1.0,
)
BY_TFIDF = RankingWeights(
    text=0.6,
    situation=0.05,
    decided=0.0,
    min_score=0.15,
    min_situation=0.05,
    min_sent=0.15,
    min_nearest=0.4,
    min_question=0.12,
    answered=0.0,
    learnt=0.8,
    sharpness=8.0,
    prior=0.01,
    near=0.15,
    min_narrow=0.15,
    reason=0.15,
    usual=0.04,
)

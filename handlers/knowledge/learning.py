"""Train the heads on what the desk has taught, compare them, and store those that are accepted."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from domain.knowledge.acceptance import DESKS, OURS, Reading, comparisons, is_accepted
from domain.knowledge.desk_examples import Comparison, DeskExample, ExamplesState, Training
from domain.knowledge.labelled_posts import LabelledPost, TrainingExample
from domain.knowledge.trainer import HeadsTrainer
from domain.triage.assessment import Assessment, assess_with_heads
from domain.triage.encoder import Encoder, Vector
from domain.triage.evidence import Evidence
from domain.triage.features import encodable, rule_features
from domain.triage.heads import Heads
from domain.triage.ngrams import hashed_ngrams
from handlers.triage.classify import Classifier
from storage.unit_of_work import UnitOfWork

#: The topic that tells every copy of the bot to load the heads again.
HEADS_TOPIC = "heads"
#: The newest examples that are learnt from.
MAX_EXAMPLES = 5_000
#: Parts into which the desk's examples are split to measure on what was not learnt from.
FOLDS = 5
#: Fewer examples are not measured on: a part would have none of some kind.
MIN_MEASURED = 20
#: How strongly examples are learnt from, one after the other until nothing else is read worse.
STRENGTHS = (1.0, 0.5, 0.25)
#: Texts that are encoded at a time, so that posts which arrive meanwhile wait for 0.1 s at most.
_BATCH = 32


@dataclass(frozen=True, slots=True)
class TaughtMessage:
    """An example with its message's text and language, and its vector where one is stored."""

    example: DeskExample
    text: str
    language: str
    vector: "Vector | None"


@dataclass(frozen=True, slots=True)
class Taught:
    """The examples that there are to learn from, as `state` identifies them."""

    state: ExamplesState
    messages: Sequence[TaughtMessage] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingResult:
    """What a training came to: `heads` as text, `None` where there was nothing to learn from.

    `vectors` are those that were not stored yet, by message id.
    """

    accepted: bool
    comparisons: Sequence[Comparison] = ()
    heads: str | None = None
    vectors: Mapping[int, Vector] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Read:
    """A labelled post as it is read: its evidence, its vector and its features."""

    language: str
    evidence: Evidence
    example: TrainingExample


def load_taught(uow: UnitOfWork, *, encoder: str, limit: int = MAX_EXAMPLES) -> Taught:
    """Load the newest examples, with their messages and the vectors that this encoder made."""
    state, taught = uow.examples.state(), uow.examples.newest_with_texts(limit)
    vectors = uow.vectors.of_messages([one.example.message_id for one in taught], encoder=encoder)
    return Taught(
        state,
        [
            TaughtMessage(one.example, one.text, one.language, vectors.get(one.example.message_id))
            for one in taught
        ],
    )


def train_on_taught(
    taught: Taught,
    *,
    classifier: Classifier,
    encoder: Encoder,
    trainer: HeadsTrainer,
    held_out: Sequence[LabelledPost],
) -> TrainingResult:
    """Train the heads, and compare them with those that they started from.

    Compares on the posts that are `held_out` of every training and, by cross-validation, on the desk's own
    examples. Takes seconds of computing time and no transaction. Raises `EncoderError`.
    """
    if not taught.messages:
        return TrainingResult(accepted=True)
    missing = [one for one in taught.messages if one.vector is None]
    found = _encode([one.text for one in missing], encoder)
    made = {one.example.message_id: vector for one, vector in zip(missing, found, strict=True)}
    desk = [
        _read(_labelled(one), one.language, one.vector or made[one.example.message_id], classifier)
        for one in taught.messages
    ]
    ours = [
        _read(post, classifier.language(post.text), vector, classifier)
        for post, vector in zip(held_out, _encode([post.text for post in held_out], encoder), strict=True)
    ]
    result = TrainingResult(accepted=False)
    for strength in STRENGTHS:
        result = _trained(desk, ours, trainer, strength)
        if result.accepted:
            break
    return replace(result, vectors=made)


def _trained(
    desk: Sequence[_Read], ours: Sequence[_Read], trainer: HeadsTrainer, strength: float
) -> TrainingResult:
    reference = [read.example for read in ours]
    heads = trainer.train([read.example for read in desk], reference, strength=strength)
    compared = [
        *comparisons(_readings(ours, trainer.base, trainer.load(heads)), source=OURS),
        *comparisons(list(_cross_validated(desk, trainer, reference, strength)), source=DESKS),
    ]
    return TrainingResult(accepted=is_accepted(compared), comparisons=compared, heads=heads)


def _encode(texts: Sequence[str], encoder: Encoder) -> list[Vector]:
    starts = range(0, len(texts), _BATCH)
    batches = ([encodable(text) for text in texts[start : start + _BATCH]] for start in starts)
    return [vector for batch in batches for vector in encoder.encode(batch)]


def _labelled(taught: TaughtMessage) -> LabelledPost:
    example = taught.example
    return LabelledPost(
        text=taught.text,
        situation=example.situation,
        urgency=example.urgency,
        request=example.request,
        brand=str(example.case_id),
    )


def _read(post: LabelledPost, language: str, vector: Vector, classifier: Classifier) -> _Read:
    evidence = classifier.evidence(post.text, language)
    ngrams = hashed_ngrams(encodable(post.text))
    return _Read(
        language, evidence, TrainingExample(post, vector, rule_features(post.text, evidence), ngrams)
    )


def _cross_validated(
    desk: Sequence[_Read], trainer: HeadsTrainer, reference: Sequence[TrainingExample], strength: float
) -> Iterator[Reading]:
    """Read each example with heads that learnt from the others; a case's examples stay together."""
    if len(desk) < MIN_MEASURED:
        return
    for fold in range(FOLDS):
        held = [read for read in desk if int(read.example.post.brand) % FOLDS == fold]
        rest = [read.example for read in desk if int(read.example.post.brand) % FOLDS != fold]
        yield from _readings(
            held, trainer.base, trainer.load(trainer.train(rest, reference, strength=strength))
        )


def _readings(read: Sequence[_Read], before: Heads, after: Heads) -> list[Reading]:
    pairs = zip(_assess(read, before), _assess(read, after), strict=True)
    return [Reading(one.example.post, *pair) for one, pair in zip(read, pairs, strict=True)]


def _assess(read: Sequence[_Read], heads: Heads) -> list[Assessment]:
    examples = [one.example for one in read]
    scores = heads.score(
        [e.vector for e in examples], [e.features for e in examples], [e.ngrams for e in examples]
    )
    return [
        assess_with_heads(one.evidence, score, language=one.language)
        for one, score in zip(read, scores, strict=True)
    ]


def record_training(
    uow: UnitOfWork,
    *,
    taught: Taught,
    result: TrainingResult,
    base: str,
    encoder: str,
    asked_by: str,
    now: datetime,
) -> bool:
    """Store what a training came to, and tell all copies of the bot to load the heads.

    Returns `False`, and stores nothing, where examples came or went meanwhile: train again.
    """
    made = [one.example.case_id for one in taught.messages if one.example.message_id in result.vectors]
    # Locked as by a deletion of a message, which then comes before us, or erases the vectors that we store.
    uow.cases.lock(made)
    uow.trainings.lock()
    if uow.examples.state() != taught.state:
        return False
    uow.vectors.put_many(result.vectors, encoder=encoder)
    uow.trainings.add(
        Training(
            at=now,
            asked_by=asked_by,
            base=base,
            learnt_from=taught.state,
            accepted=result.accepted,
            comparisons=result.comparisons,
            heads=result.heads,
        )
    )
    uow.signals.send(HEADS_TOPIC)
    return True


def heads_in_use(uow: UnitOfWork, *, base: str) -> str | None:
    """Return the trained heads that are in use, as text; `None` for those that come with the program."""
    training = uow.trainings.current(base)
    return None if training is None else training.heads

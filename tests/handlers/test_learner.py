"""Train the heads on what the desk has taught, with the real encoder; load them again where they change."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace

import pytest

from adapters.encoder.desk_training import DeskTrainer
from adapters.prompts.labelled_posts import load_labelled_posts
from domain.cases.case import Case
from domain.intake.stream_names import MENTIONS
from domain.knowledge.acceptance import got_worse
from domain.knowledge.desk_examples import ExamplesState, Training
from domain.knowledge.labelled_posts import LabelledPost
from domain.triage.assessment import Urgency
from domain.triage.correction import Judgement
from domain.triage.encoder import EncoderError, Vector
from domain.triage.situations import Situation
from handlers import classifiers
from handlers.desk import Desk
from handlers.intake.mentions import ingest_posts
from handlers.intake.redaction import redact_post
from handlers.knowledge.taught import forget_everything, take_back, view_taught
from handlers.knowledge.teaching import correct
from handlers.learner import Learner
from handlers.triage.classify import Classifier
from storage.engine import Store
from tests.handlers.delivery.performers.scripted import ManualClock
from tests.handlers.made import (
    ACME,
    BEN,
    NOW,
    POLICY,
    PROFILE,
    SAM,
    a_post,
    a_trained_classifier,
    cases,
    do,
    messages,
)

#: Jargon of one desk, which nothing tells a stranger.
LOCKER = "@acme the hatch at elm street swallowed my stuff"
SIMILAR = "@acme hatch at oak street swallowed my things too"
DELIVERY = Judgement(situation=Situation.DELIVERY, urgency=Urgency.HIGH, request=True)
HELD_OUT = [LabelledPost(text="I was charged twice", situation=Situation.CANNOT_PAY, urgency=Urgency.HIGH)]


def a_learner(desk: Desk, classifier: Classifier, held_out: Sequence[LabelledPost] = HELD_OUT) -> Learner:
    """Build a learner as the bot does, which measures on few posts."""
    return Learner(
        desk=desk,
        clock=ManualClock(),
        classifier=classifier,
        trainer=DeskTrainer(classifiers.base_heads()[1]),
        held_out=lambda: held_out,
    )


def mentioned(store: Store, classifier: Classifier, text: str, post_id: str = "900") -> Case:
    do(
        store,
        ingest_posts,
        account=ACME,
        profile=PROFILE,
        posts=[a_post(post_id, text, author=replace(BEN, id=f"8{post_id}"))],
        stream=MENTIONS,
        newest_id=None,
        classifier=classifier,
        now=NOW,
    )
    return cases(store)[-1]


def teach(store: Store, classifier: Classifier, text: str = LOCKER, post_id: str = "900") -> Case:
    """Have Sam say that a mention is about a delivery."""
    case = mentioned(store, classifier, text, post_id)
    do(
        store,
        correct,
        case_id=case.id,
        message_id=messages(store, case.id)[0].id,
        judgement=DELIVERY,
        user_id=SAM,
        policy=classifier.policy,
        now=NOW,
    )
    return case


def latest(store: Store) -> Training | None:
    with store.unit_of_work() as uow:
        return uow.trainings.latest()


def read(classifier: Classifier, text: str = SIMILAR) -> tuple[Situation, Urgency]:
    found = classifier.assess(a_post(text=text))
    return found.situation, found.urgency


async def test_the_next_similar_mention_is_read_as_it_was_said(store: Store, desk: Desk) -> None:
    classifier = a_trained_classifier()
    learner = a_learner(desk, classifier)
    await learner.start()
    assert read(classifier)[0] is not Situation.DELIVERY
    teach(store, classifier)
    await learner.learn(SAM)
    await learner.stop()
    assert read(classifier) == (Situation.DELIVERY, Urgency.HIGH)
    training = latest(store)
    assert training is not None
    assert (training.accepted, training.asked_by, training.learnt_from.count) == (True, SAM, 1)
    assert {one.name for one in training.comparisons} == {"ours situation", "ours high"}


async def test_what_was_learnt_is_there_after_a_start_and_gone_when_it_is_forgotten(
    store: Store, desk: Desk
) -> None:
    taught_by = a_trained_classifier()
    teach(store, taught_by)
    await a_learner(desk, taught_by).learn(SAM)
    classifier = a_trained_classifier()
    learner = a_learner(desk, classifier)
    assert read(classifier)[0] is not Situation.DELIVERY
    await learner.start()
    assert read(classifier)[0] is Situation.DELIVERY
    await desk.run(forget_everything, base=learner.base_id, user_id=SAM, now=NOW)
    await asyncio.sleep(0)
    await learner.stop()
    assert read(classifier)[0] is not Situation.DELIVERY
    view = do(store, view_taught, can_learn=True)
    assert (view.current, view.newest) == (ExamplesState(), [])


@pytest.mark.long(8)
async def test_what_reads_other_posts_worse_is_not_used(store: Store, desk: Desk) -> None:
    classifier = a_trained_classifier()
    texts = [f"nobody told us a word about platform {number}" for number in range(24)]
    before = read(classifier, texts[0])[0]
    assert before is not Situation.DELIVERY
    told = [LabelledPost(text=text, situation=before) for text in texts]
    learner = a_learner(desk, classifier, [*told, *load_labelled_posts(classifiers.HELD_OUT)[:200]])
    await learner.start()
    for number, text in enumerate(texts):
        teach(store, classifier, f"@acme {text}", f"9{number:02}")
    await learner.learn(SAM)
    await learner.stop()
    training = latest(store)
    assert training is not None
    assert not training.accepted
    assert training.heads is None
    assert any(map(got_worse, training.comparisons))
    assert read(classifier, texts[0])[0] is before


async def test_an_example_taken_back_is_unlearnt_by_the_next_training(store: Store, desk: Desk) -> None:
    classifier = a_trained_classifier()
    learner = a_learner(desk, classifier)
    await learner.start()
    teach(store, classifier)
    await learner.learn(SAM)
    [shown] = do(store, view_taught, can_learn=True).newest
    assert shown.text == LOCKER
    do(store, take_back, example_id=shown.example.id, user_id=SAM, now=NOW)
    do(store, take_back, example_id=shown.example.id, user_id=SAM, now=NOW)
    await learner.learn(SAM)
    await learner.stop()
    assert read(classifier)[0] is not Situation.DELIVERY
    training = latest(store)
    assert training is not None
    assert training.learnt_from == ExamplesState()


async def test_desks_own_examples_are_measured_without_having_been_learnt(store: Store, desk: Desk) -> None:
    classifier = a_trained_classifier()
    for number in range(24):
        teach(
            store, classifier, f"@acme the hatch at elm street {number} swallowed my stuff", f"9{number:02}"
        )
    await a_learner(desk, classifier).learn(SAM)
    training = latest(store)
    assert training is not None
    own = {one.name: one for one in training.comparisons}["desk's situation"]
    assert (own.count, own.before, own.after) == (24, 0, 24)


async def test_what_is_taught_without_an_encoder_is_learnt_once_there_is_one(
    store: Store, desk: Desk
) -> None:
    classifier = a_trained_classifier()
    without = replace(classifier, trained=None, by_encoder=None)
    idle = Learner(desk=desk, clock=ManualClock(), classifier=without, trainer=None, held_out=list)
    await idle.start()
    teach(store, without)
    await idle.learn(SAM)
    assert not idle.can_learn
    assert latest(store) is None
    learner = a_learner(desk, classifier)
    await learner.start()
    await learner.learn(SAM)
    await learner.stop()
    assert read(classifier)[0] is Situation.DELIVERY
    with store.unit_of_work() as uow:
        [taught] = uow.examples.newest_with_texts(1)
        assert uow.vectors.of_messages([taught.example.message_id], encoder=classifiers.base_heads()[0].name)


async def test_an_example_that_goes_during_a_training_is_not_learnt(store: Store, desk: Desk) -> None:
    classifier = a_trained_classifier()
    case = teach(store, classifier)
    [message] = messages(store, case.id)

    def held_out() -> list[LabelledPost]:
        if do(store, view_taught, can_learn=True).newest:
            do(store, redact_post, message_id=message.id, policy=POLICY, now=NOW)
        return HELD_OUT

    learner = Learner(
        desk=desk,
        clock=ManualClock(),
        classifier=classifier,
        trainer=DeskTrainer(classifiers.base_heads()[1]),
        held_out=held_out,
    )
    await learner.start()
    await learner.learn(SAM)
    await learner.stop()
    training = latest(store)
    assert training is not None
    assert training.learnt_from == ExamplesState()
    assert read(classifier)[0] is not Situation.DELIVERY


class _Broken:
    name = "broken 1"

    def encode(self, texts: Sequence[str]) -> list[Vector]:
        raise EncoderError(f"no room for {len(texts)} texts")


async def test_a_training_that_fails_leaves_the_heads(
    store: Store, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    classifier = a_trained_classifier()
    teach(store, classifier)
    await a_learner(desk, classifier).learn(SAM)
    before = latest(store)
    assert classifier.trained is not None
    classifier.trained.encoder = _Broken()
    await a_learner(desk, classifier).learn(SAM)
    assert latest(store) == before
    assert "nothing was learnt from the desk's examples: no room" in caplog.text

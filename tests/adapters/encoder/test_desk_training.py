"""Train heads further on a few examples, and leave alone what is not like them."""

from array import array
from dataclasses import replace

import pytest

from adapters.encoder.desk_training import DeskTrainer
from adapters.encoder.heads import HeadsError, LinearHeads
from domain.knowledge.labelled_posts import LabelledPost, TrainingExample
from domain.triage.assessment import HIGH_FROM, Urgency, high_log_odds
from domain.triage.heads import HeadScores
from domain.triage.ngrams import NGrams
from domain.triage.situations import Situation
from tests.adapters.encoder.test_heads import EXAMPLES, NONE, PAY, PRAISE, example, heads

__all__ = ["heads"]  # a fixture

WRONG = example(1, 0, Situation.OTHER, Urgency.LOW, request=False)


def score(heads: LinearHeads, x: float, y: float) -> HeadScores:
    return heads.score([array("f", [x, y])], [NONE], [NGrams()])[0]


def learnt(heads: LinearHeads, *examples: TrainingExample) -> LinearHeads:
    trainer = DeskTrainer(heads)
    return trainer.load(trainer.train(examples, ()))


def test_what_is_like_an_example_is_read_like_it(heads: LinearHeads) -> None:
    before, after = score(heads, 1, 0), score(learnt(heads, WRONG), 1, 0)
    assert after.situations[Situation.OTHER] > before.situations[Situation.OTHER]
    assert after.high < before.high
    assert after.request < before.request
    assert after.sentiment == before.sentiment


def test_what_is_unlike_the_examples_is_read_as_before(heads: LinearHeads) -> None:
    before, after = score(heads, 0, 1), score(learnt(heads, WRONG), 0, 1)
    assert after.situations[PRAISE] == pytest.approx(before.situations[PRAISE], abs=0.02)
    assert after.high == pytest.approx(before.high, abs=0.02)


def test_without_examples_nothing_changes(heads: LinearHeads) -> None:
    assert score(learnt(heads), 0.3, 0.7) == score(heads, 0.3, 0.7)


def test_a_label_that_was_not_given_teaches_nothing_of_it(heads: LinearHeads) -> None:
    unsaid = replace(WRONG, post=LabelledPost(text="", urgency=Urgency.LOW, request=False))
    before, after = score(heads, 1, 0), score(learnt(heads, unsaid), 1, 0)
    assert after.situations == before.situations
    assert after.request < before.request


def test_many_examples_outweigh_what_was_learnt_before(heads: LinearHeads) -> None:
    after = learnt(heads, *[WRONG] * 40)
    before = score(heads, 1, 0).situations
    assert before[PAY] > before[Situation.OTHER]
    assert score(after, 1, 0).situations[Situation.OTHER] > 0.8


def test_the_same_examples_give_the_same_heads_in_any_order(heads: LinearHeads) -> None:
    trainer, examples = DeskTrainer(heads), [*EXAMPLES, WRONG]
    assert trainer.train(examples, ()) == trainer.train(examples, ())
    forth, back = (trainer.load(trainer.train(given, ())) for given in (examples, examples[::-1]))
    assert score(forth, 0.5, 0.5).high == pytest.approx(score(back, 0.5, 0.5).high, abs=0.01)


def test_heads_of_another_start_are_told_apart(heads: LinearHeads) -> None:
    trainer = DeskTrainer(heads)
    assert trainer.base is heads
    assert trainer.base_id == DeskTrainer(heads).base_id
    assert trainer.base_id != DeskTrainer(learnt(heads, WRONG)).base_id
    with pytest.raises(HeadsError, match="the database"):
        trainer.load("{}")


def test_as_many_calm_posts_come_out_high_as_before(heads: LinearHeads) -> None:
    places = [n / 20 for n in range(20)]
    calm = [example(1 - place, place, PAY, Urgency.NORMAL) for place in places]

    def alarms(found: LinearHeads) -> int:
        return sum(high_log_odds(score(found, 1 - place, place)) >= HIGH_FROM for place in places)

    trainer, lower = DeskTrainer(heads), [example(1, 0, PAY, Urgency.LOW)] * 9
    assert 0 < alarms(heads) < 20
    assert alarms(learnt(heads, *lower)) < alarms(heads)
    assert alarms(trainer.load(trainer.train(lower, calm))) == alarms(heads)

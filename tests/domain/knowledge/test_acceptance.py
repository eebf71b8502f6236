"""Accept a training where nothing got worse by more than chance."""

import pytest

from domain.knowledge.acceptance import DESKS, Reading, comparisons, got_worse, is_accepted
from domain.knowledge.desk_examples import Comparison
from domain.knowledge.labelled_posts import LabelledPost
from domain.triage.assessment import Assessment, Urgency
from domain.triage.situations import Situation


def compared(lost: int, won: int) -> Comparison:
    return Comparison(name="ours situation", count=500, before=300, lost=lost, won=won)


@pytest.mark.parametrize(
    ("lost", "won", "is_worse"),
    [
        (0, 0, False),
        (3, 9, False),
        (4, 0, False),
        (5, 0, True),
        (9, 3, False),
        (30, 20, False),
        (40, 20, True),
    ],
)
def test_worse_is_what_chance_does_not_explain(lost: int, won: int, is_worse: bool) -> None:
    assert got_worse(compared(lost, won)) is is_worse


def test_one_that_got_worse_is_enough() -> None:
    assert is_accepted([])
    assert is_accepted([compared(1, 1), compared(0, 5)])
    assert not is_accepted([compared(0, 5), compared(9, 1)])
    assert compared(9, 1).after == 292


def reading(label: Situation, before: Situation, after: Situation, *urgencies: Urgency) -> Reading:
    labelled, was, now = urgencies or (Urgency.NORMAL,) * 3
    return Reading(
        LabelledPost(text="", situation=label, also_right=frozenset({Situation.OTHER}), urgency=labelled),
        Assessment("en", before, was, (), 0.0),
        Assessment("en", after, now, (), 0.0),
    )


def test_situations_high_and_calm_posts_are_compared() -> None:
    rant, refund, other = Situation.RANT, Situation.REFUND, Situation.OTHER
    high, normal, low = Urgency.HIGH, Urgency.NORMAL, Urgency.LOW
    found = comparisons(
        [
            reading(rant, refund, rant),
            reading(rant, other, refund),
            reading(rant, rant, rant, high, normal, Urgency.URGENT),
            reading(rant, rant, rant, low, low, high),
        ],
        source=DESKS,
    )
    assert [(one.name, one.count, one.before, one.lost, one.won) for one in found] == [
        ("desk's situation", 4, 3, 1, 1),
        ("desk's high", 1, 0, 0, 1),
        ("desk's not high", 3, 3, 1, 0),
    ]
    assert [one.name for one in comparisons([reading(rant, rant, rant)], source=DESKS)] == [
        "desk's situation",
        "desk's not high",
    ]

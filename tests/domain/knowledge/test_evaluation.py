"""Figures of an evaluation, computed by hand on a few posts."""

from dataclasses import replace

import pytest

from domain.knowledge.evaluation import Drafted, EvaluationReport, Judged, evaluate, sign_of
from domain.knowledge.labelled_posts import LabelledPost
from domain.replies.rules_of_engagement import RuleViolation
from domain.triage.assessment import Assessment, Urgency
from domain.triage.situations import Situation

PAY, REFUND, PRAISE, OTHER = Situation.CANNOT_PAY, Situation.REFUND, Situation.PRAISE, Situation.OTHER
LOW, NORMAL, HIGH = Urgency.LOW, Urgency.NORMAL, Urgency.HIGH


def judged(
    post: LabelledPost,
    situation: Situation,
    urgency: Urgency,
    sentiment: float = 0.0,
    probability: float | None = None,
) -> Judged:
    return Judged(post, Assessment("en", situation, urgency, (), sentiment), probability)


ROWS = [
    judged(LabelledPost(text="1", situation=PAY, urgency=HIGH, request=True, sentiment=-1), PAY, HIGH, -0.9),
    judged(LabelledPost(text="2", situation=PAY, urgency=HIGH, request=True, sentiment=-1), OTHER, LOW, 0.9),
    judged(
        LabelledPost(
            text="3", situation=PAY, also_right=frozenset({REFUND}), urgency=NORMAL, request=True, sentiment=0
        ),
        REFUND,
        HIGH,
    ),
    judged(
        LabelledPost(text="4", situation=PRAISE, urgency=LOW, request=False, sentiment=1), PRAISE, NORMAL, 0.9
    ),
]


def values(report: EvaluationReport) -> dict[str, float | None]:
    return {figure.name: figure.value for figure in report.figures}


def test_figures() -> None:
    report = evaluate(ROWS, resamples=50)
    assert values(report) == {
        "situation right": 0.75,
        # cannot_pay: 1 of 3 found, 1 of 1 right, so 2 / 4; praise: 1.
        "situation macro-F1": 0.75,
        "high or urgent found": 0.5,
        "false alarms": 0.5,
        "grave posts below high": 0.5,
        "requests put low": pytest.approx(1 / 3),
        "not-requests normal or above": 1.0,
        # negative: 2 / 3, neutral: 1, positive: 2 / 3.
        "sentiment macro-F1": pytest.approx(7 / 9),
        "language right": None,
        "right reply first": None,
        "right reply among three": None,
        "suggestions asked about": None,
        "suggestions blocked": None,
        "posts with a draft": None,
        "draft cites the right reply": None,
        "calibration error": None,
    }
    assert report.confusion == {(PAY, PAY): 1, (PAY, OTHER): 1, (PAY, REFUND): 1, (PRAISE, PRAISE): 1}


def test_suggestions_count_by_the_gravest_rule_that_they_break() -> None:
    hard, soft = (RuleViolation(rule=rule, reason="r", hard=rule == "hard") for rule in ("hard", "soft"))
    broken = [(), (soft,), (soft, hard), None, ()]
    rows = [replace(ROWS[0], violations=violations) for violations in broken]
    found = values(evaluate(rows, resamples=5))
    assert (found["suggestions asked about"], found["suggestions blocked"]) == (0.25, 0.25)


def test_drafts_count_where_they_were_asked_for_and_citations_where_they_are_labelled() -> None:
    labelled = replace(ROWS[0], post=replace(ROWS[0].post, replies=("a", "b")))
    rows = [
        replace(labelled, draft=Drafted(cited=("c", "b"))),
        replace(labelled, draft=Drafted(cited=("c",))),
        replace(labelled, draft=Drafted(refused="it is too long")),
        replace(ROWS[0], draft=Drafted(cited=("a",))),
        ROWS[0],
    ]
    found = values(evaluate(rows, resamples=5))
    assert (found["posts with a draft"], found["draft cites the right reply"]) == (0.75, 0.5)


def test_a_label_that_was_not_given_is_not_measured() -> None:
    report = evaluate([judged(LabelledPost(text="1"), PAY, HIGH)], resamples=5)
    assert {figure.value for figure in report.figures} == {None}
    assert {figure.count for figure in report.figures} == {0}


def test_intervals_hold_the_value_and_are_the_same_each_time() -> None:
    one, other = evaluate(ROWS * 10, resamples=200), evaluate(ROWS * 10, resamples=200)
    assert one == other
    measured = [figure for figure in one.figures if figure.value is not None]
    assert measured
    for figure in measured:
        assert figure.low is not None
        assert figure.high is not None
        assert figure.low <= figure.value <= figure.high  # type: ignore[operator]  # not None: see above
    [right] = [figure for figure in measured if figure.name == "situation right"]
    assert right.low < right.high  # type: ignore[operator]  # not None: see above


def test_posts_to_one_brand_are_drawn_together() -> None:
    """With a single brand every sample is the whole, so nothing varies."""
    rows = [
        judged(LabelledPost(text="1", situation=PAY, brand="b1"), PAY, HIGH),
        judged(LabelledPost(text="2", situation=PAY, brand="b1"), OTHER, HIGH),
    ]
    [right] = [figure for figure in evaluate(rows).figures if figure.name == "situation right"]
    assert (right.low, right.value, right.high) == (0.5, 0.5, 0.5)


def test_calibration_is_the_mean_distance_of_probability_and_truth() -> None:
    post = LabelledPost(text="1", situation=PAY)
    rows = [judged(post, PAY, HIGH, probability=0.75), judged(post, OTHER, HIGH, probability=0.75)]
    [error] = [figure for figure in evaluate(rows).figures if figure.name == "calibration error"]
    assert error.value == 0.25


def test_a_right_reply_counts_where_it_stands() -> None:
    post = LabelledPost(text="1", replies=("refund", "sorry"))
    ranked = [("sorry", "a", "b"), ("a", "b", "refund"), ("a", "b", "c", "refund")]
    rows = [replace(judged(post, PAY, HIGH), replies=names) for names in ranked]
    found = values(evaluate(rows, resamples=5))
    assert found["right reply first"] == pytest.approx(1 / 3)
    assert found["right reply among three"] == pytest.approx(2 / 3)


@pytest.mark.parametrize(("sentiment", "sign"), [(-1.0, -1), (-0.4, -1), (-0.3, 0), (0.1, 0), (0.15, 1)])
def test_what_is_not_clear_is_neutral(sentiment: float, sign: int) -> None:
    assert sign_of(sentiment) == sign

"""Rank the queue by harm, urgency and waiting time; reach breaks ties and spam is last (decision 9)."""

import dataclasses
import typing
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from domain.cases.case import Case, CaseState
from domain.cases.routing import Routing
from domain.intake.posts import Author
from domain.triage import ranking
from domain.triage.assessment import Assessment, Urgency
from domain.triage.ranking import (
    CAME_BACK,
    IS_VIP,
    LOWERED,
    RAISED,
    WAITING,
    Ranked,
    reasons_for,
    rules_fingerprint,
    samples,
    sort_key_of,
)
from domain.triage.situations import Reason, Situation

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
EPOCH = datetime.fromtimestamp(0, UTC)
YEAR = timedelta(days=365)

situations = st.sampled_from([situation for situation in Situation if situation is not Situation.SPAM])
followers = st.integers(0, 10**10)
seconds = st.integers(0, int(YEAR.total_seconds()))


@st.composite
def assessments(draw: st.DrawFn) -> Assessment:
    return an(draw(situations), draw(st.sampled_from(Urgency)))


def an(situation: Situation, urgency: Urgency, *reasons: str) -> Assessment:
    return Assessment("en", situation, urgency, reasons, 0.0)


def a_case(assessment: Assessment, waited: int = 0, audience: int = 0, *, back: bool = False) -> Case:
    """Build a case that has waited `waited` seconds."""
    return Case(
        id=1,
        version=1,
        network="x",
        account_id="1",
        author=Author(id="77", handle="ana", name="Ana", followers=audience),
        state=CaseState.OPEN,
        assessment=assessment,
        opened_at=NOW - timedelta(seconds=waited),
        last_message_at=NOW,
        channel="C1",
        conversation_id="1",
        reply_to_id="1",
        waiting_since=NOW - timedelta(seconds=waited),
        reopened_at=NOW if back else None,
    )


def score(assessment: Assessment, waited: int, audience: int = 0, *, back: bool = False) -> float:
    """Return the rank of a case now, in seconds of waiting."""
    return sort_key_of(a_case(assessment, waited, audience, back=back)) + NOW.timestamp()


@settings(deadline=None)
@given(assessments(), assessments(), seconds, seconds, followers)
def test_no_audience_lifts_a_case_over_one_of_higher_urgency(
    low: Assessment, high: Assessment, low_waited: int, high_waited: int, audience: int
) -> None:
    assume(low.urgency < high.urgency)
    assume(score(low, low_waited) < score(high, high_waited))
    assert score(low, low_waited, audience) < score(high, high_waited)


@settings(deadline=None)
@given(assessments(), assessments(), seconds, seconds, followers, followers)
def test_reach_only_breaks_ties(
    one: Assessment, other: Assessment, waited: int, other_waited: int, audience: int, other_audience: int
) -> None:
    assume(score(one, waited) < score(other, other_waited))
    assert score(one, waited, audience) < score(other, other_waited, other_audience)


@settings(deadline=None)
@given(assessments(), seconds, followers, followers)
def test_among_equals_the_wider_audience_comes_first(
    one: Assessment, waited: int, small: int, large: int
) -> None:
    assume(small <= large)
    assert score(one, waited, small) <= score(one, waited, large)


@settings(deadline=None)
@given(situations, situations, st.booleans(), seconds)
def test_higher_urgency_comes_first_when_both_have_waited_alike(
    one: Situation, other: Situation, back: bool, waited: int
) -> None:
    for lower, higher in pairwise(Urgency):
        assert score(an(one, lower), waited, back=back) < score(an(other, higher), waited)


def test_nobody_who_has_waited_for_weeks_stands_before_what_is_urgent() -> None:
    weeks = int(timedelta(weeks=4).total_seconds())
    urgent = an(Situation.OTHER, Urgency.URGENT)
    for situation in set(Situation) - {Situation.SPAM}:
        assert score(urgent, 0) > score(an(situation, Urgency.HIGH), weeks, 10**10, back=True)
    assert score(urgent, 0) < score(an(Situation.OTHER, Urgency.HIGH), 2 * weeks)


@settings(deadline=None)
@given(assessments(), seconds, st.integers(1, 10**6))
def test_waiting_always_counts(one: Assessment, waited: int, longer: int) -> None:
    assert score(one, waited) < score(one, waited + longer)


@settings(deadline=None)
@given(assessments(), assessments(), seconds, seconds, followers, followers)
def test_a_vip_only_breaks_ties_and_counts_as_the_largest_audience(
    one: Assessment, other: Assessment, waited: int, other_waited: int, audience: int, other_audience: int
) -> None:
    vip = replace(a_case(one, waited, audience), routing=Routing(customer_tags=("vip",)))
    assert sort_key_of(vip) == sort_key_of(a_case(one, waited, 10**10)) >= sort_key_of(a_case(one, waited))
    assume(score(one, waited) < score(other, other_waited))
    assert sort_key_of(vip) < sort_key_of(a_case(other, other_waited, other_audience))


def test_a_rule_raises_and_lowers_by_half_an_hour_of_waiting() -> None:
    plain = a_case(an(Situation.PRESS, Urgency.NORMAL), 60)
    for step, reason in ((1, RAISED), (-1, LOWERED)):
        moved = replace(plain, routing=Routing(rule="press", rank_step=step))
        assert sort_key_of(moved) - sort_key_of(plain) == step * 1800
        assert reasons_for(moved, NOW) == (reason,)
    assert reasons_for(replace(plain, routing=Routing(customer_tags=("vip",))), NOW) == (IS_VIP,)
    spam = a_case(an(Situation.SPAM, Urgency.LOW), 60)
    assert sort_key_of(replace(spam, routing=Routing(rank_step=1))) == sort_key_of(spam)


def test_graver_harm_comes_first_at_the_same_urgency() -> None:
    order = [
        Situation.SAFETY_OR_LEGAL,
        Situation.CANNOT_PAY,
        Situation.OUTAGE_REPORT,
        Situation.QUESTION,
        Situation.OTHER,
    ]
    scores = [score(an(situation, Urgency.HIGH), 0) for situation in order]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == len(scores)


@settings(deadline=None)
@given(assessments(), seconds, seconds, followers, st.sampled_from(Urgency))
def test_spam_never_outranks_anything(
    case: Assessment, waited: int, spam_waited: int, audience: int, urgency: Urgency
) -> None:
    spam = an(Situation.SPAM, urgency)
    assert score(spam, spam_waited, audience, back=True) < score(case, waited)


def test_how_often_somebody_posts_is_not_an_argument() -> None:
    expected = {"assessment", "author", "waiting_since", "last_message_at", "reopened_at", "outage_severity"}
    expected |= {"raised_at"}
    expected |= {"is_vip", "rank_step", "is_stranger"}
    assert {name for name in vars(Ranked) if isinstance(getattr(Ranked, name), property)} == expected


@settings(deadline=None)
@given(assessments(), seconds, st.timedeltas(-YEAR, YEAR))
def test_a_further_post_does_not_change_the_rank(one: Assessment, waited: int, later: timedelta) -> None:
    waiting = a_case(one, waited)
    assert sort_key_of(replace(waiting, last_message_at=NOW + later)) == sort_key_of(waiting)


def test_where_nobody_waits_the_last_message_counts() -> None:
    waiting = a_case(an(Situation.REFUND, Urgency.NORMAL), waited=90)
    done = replace(waiting, waiting_since=None, last_message_at=NOW - timedelta(seconds=60))
    assert sort_key_of(done) == sort_key_of(waiting) - 30


case = st.tuples(assessments() | st.just(an(Situation.SPAM, Urgency.LOW)), seconds, followers, st.booleans())


@settings(deadline=None)
@given(st.lists(case, max_size=12), st.timedeltas(timedelta(0), YEAR))
def test_the_stored_key_gives_the_order_of_the_score_at_any_moment(
    cases: list[tuple[Assessment, int, int, bool]], later: timedelta
) -> None:
    def by_key(one: tuple[Assessment, int, int, bool]) -> float:
        assessment, waited, audience, back = one
        return sort_key_of(a_case(assessment, waited, audience, back=back))

    def by_score(one: tuple[Assessment, int, int, bool]) -> float:
        """Return the rank without waiting, plus the seconds of waiting."""
        assessment, waited, audience, back = one
        worth = sort_key_of(replace(a_case(assessment, 0, audience, back=back), waiting_since=EPOCH))
        waiting = NOW + later - (NOW - timedelta(seconds=waited))
        return worth + waiting.total_seconds()

    scores = [by_score(one) for one in sorted(cases, key=by_key, reverse=True)]
    assert all(first - second > -1e-3 for first, second in pairwise(scores))


def test_the_score_is_counted_in_seconds_of_waiting() -> None:
    question = an(Situation.QUESTION, Urgency.NORMAL)
    assert score(question, 90, 100) == score(question, 0, 100) + 90


def test_a_reopened_case_gains_twenty_minutes_of_waiting() -> None:
    question = an(Situation.QUESTION, Urgency.NORMAL)
    assert score(question, 90, back=True) == score(question, 90) + 20 * 60


def test_the_rank_has_reasons() -> None:
    pays = an(Situation.CANNOT_PAY, Urgency.URGENT, "money at stake")
    assert reasons_for(a_case(pays, 12 * 60, back=True), NOW) == ("money at stake", WAITING, CAME_BACK)
    assert reasons_for(a_case(pays, 0), NOW) == ("money at stake",)
    assert reasons_for(replace(a_case(pays, 12 * 60), waiting_since=None), NOW) == ("money at stake",)
    spam = an(Situation.SPAM, Urgency.LOW)
    assert reasons_for(a_case(spam, 12 * 60, back=True), NOW) == ()


WEIGHTS = [
    name
    for name, value in vars(ranking).items()
    if isinstance(value, int | float) and name not in {"_MINUTE", "_HOUR"}
] + [name for name, value in vars(ranking).items() if isinstance(value, dict) and name.isupper()]


@pytest.mark.parametrize("name", WEIGHTS)
def test_other_weights_are_other_rules(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    compute = typing.cast("typing.Callable[[], str]", rules_fingerprint.__wrapped__)
    assert compute() == rules_fingerprint()
    weight = getattr(ranking, name)
    for other in _changed(weight):
        monkeypatch.setattr(ranking, name, other)
        assert compute() != rules_fingerprint()


@pytest.mark.parametrize(
    "boosted",
    [
        pytest.param(lambda case: Reason.VULNERABLE in case.assessment.reasons, id="reason"),
        pytest.param(lambda case: case.assessment.sentiment < 0, id="sentiment"),
        pytest.param(lambda case: case.assessment.language == "en", id="language"),
        pytest.param(lambda case: case.waiting_since is None, id="nothing unanswered"),
        pytest.param(lambda case: case.waiting_since not in {None, EPOCH}, id="waiting time"),
        pytest.param(lambda case: case.last_message_at > EPOCH, id="last message"),
    ],
)
def test_a_weight_of_another_field_is_another_rule(
    monkeypatch: pytest.MonkeyPatch, boosted: Callable[[Ranked], bool]
) -> None:
    compute = typing.cast("typing.Callable[[], str]", rules_fingerprint.__wrapped__)
    present_rules, present = rules_fingerprint(), ranking._boosts  # cached before the rules are changed
    monkeypatch.setattr(
        ranking, "_boosts", lambda case: [*present(case), *([(60, "other")] if boosted(case) else [])]
    )
    assert compute() != present_rules


def test_the_samples_vary_every_field_of_the_input() -> None:
    fields = {name for name, member in vars(Ranked).items() if isinstance(member, property)}
    varied = list(samples())
    for name in fields:
        assert len({getattr(sample, name) for sample in varied}) > 1, name
    for field in dataclasses.fields(Assessment):
        assert len({getattr(sample.assessment, field.name) for sample in varied}) > 1, field.name
    assert {reason for sample in varied for reason in sample.assessment.reasons} == set(Reason)


def _changed(weight: object) -> list[object]:
    """Return variants of the weight (of each one in a table), a tenth heavier."""
    if isinstance(weight, dict):
        return [weight | {key: value * 1.1 + 1} for key, value in weight.items()]
    assert isinstance(weight, int | float)
    return [weight * 1.1]


def test_every_weight_is_listed() -> None:
    assert {
        "_URGENCY",
        "_HARM",
        "_REOPENED",
        "_RAISED",
        "_OUTAGE",
        "_RULE",
        "_STRANGER",
        "_SPAM",
        "_URGENCY_TIE",
        "_REACH_TIE",
        "_MAX_AUDIENCE",
    } == set(WEIGHTS)

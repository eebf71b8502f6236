"""The order of the queue: harm, urgency and waiting decide; reach breaks ties; spam is last (promise 5)."""

import inspect
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from domain.triage.assessment import Assessment, Urgency
from domain.triage.ranking import CAME_BACK, OUTAGE, WAITING, base_score, rank, sort_key
from domain.triage.situations import Situation

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
YEAR = timedelta(days=365)

situations = st.sampled_from([situation for situation in Situation if situation is not Situation.SPAM])
followers = st.integers(0, 10**10)
seconds = st.integers(0, int(YEAR.total_seconds()))


@st.composite
def assessments(draw: st.DrawFn) -> Assessment:
    return an(draw(situations), draw(st.sampled_from(Urgency)))


def an(situation: Situation, urgency: Urgency) -> Assessment:
    return Assessment("en", situation, urgency, (), 0.0)


def score(
    assessment: Assessment, waited: int, audience: int = 0, *, outage: bool = False, back: bool = False
) -> float:
    waiting = timedelta(seconds=waited)
    return rank(assessment, waiting=waiting, followers=audience, linked_to_outage=outage, reopened=back).score


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
@given(situations, situations, st.booleans(), st.booleans(), seconds)
def test_higher_urgency_comes_first_when_both_have_waited_alike(
    one: Situation, other: Situation, outage: bool, back: bool, waited: int
) -> None:
    for lower, higher in pairwise(Urgency):
        assert score(an(one, lower), waited, outage=outage, back=back) < score(an(other, higher), waited)


@settings(deadline=None)
@given(assessments(), seconds, st.integers(1, 10**6))
def test_waiting_always_counts(one: Assessment, waited: int, longer: int) -> None:
    assert score(one, waited) < score(one, waited + longer)


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
    assert score(spam, spam_waited, audience, outage=True, back=True) < score(case, waited)


def test_how_often_somebody_posts_is_not_an_argument() -> None:
    expected = {"assessment", "waiting", "followers", "linked_to_outage", "reopened"}
    assert set(inspect.signature(rank).parameters) == expected


case = st.tuples(
    assessments() | st.just(an(Situation.SPAM, Urgency.LOW)), seconds, followers, st.booleans(), st.booleans()
)


@settings(deadline=None)
@given(st.lists(case, max_size=12), st.timedeltas(timedelta(0), YEAR))
def test_the_stored_key_gives_the_order_of_the_score_at_any_moment(
    cases: list[tuple[Assessment, int, int, bool, bool]], later: timedelta
) -> None:
    def by_key(one: tuple[Assessment, int, int, bool, bool]) -> float:
        assessment, waited, audience, outage, back = one
        since = NOW - timedelta(seconds=waited)
        return sort_key(
            assessment, followers=audience, waiting_since=since, linked_to_outage=outage, reopened=back
        )

    def by_score(one: tuple[Assessment, int, int, bool, bool]) -> float:
        assessment, waited, audience, outage, back = one
        waiting = NOW + later - (NOW - timedelta(seconds=waited))
        return rank(
            assessment, waiting=waiting, followers=audience, linked_to_outage=outage, reopened=back
        ).score

    scores = [by_score(one) for one in sorted(cases, key=by_key, reverse=True)]
    assert all(first - second > -1e-3 for first, second in pairwise(scores))


def test_the_score_is_counted_in_seconds_of_waiting() -> None:
    question = an(Situation.QUESTION, Urgency.NORMAL)
    base = base_score(question, followers=100)
    assert score(question, 90, 100) == base + 90


def test_the_rank_has_a_word_and_says_why() -> None:
    assessment = Assessment("es", Situation.CANNOT_PAY, Urgency.URGENT, ("money at stake",), -0.5)
    found = rank(assessment, waiting=timedelta(minutes=12), followers=5, linked_to_outage=True, reopened=True)
    assert found.word == "Urgent"
    assert found.reasons == ("money at stake", WAITING, OUTAGE, CAME_BACK)
    assert rank(assessment, waiting=timedelta(0), followers=5).reasons == ("money at stake",)

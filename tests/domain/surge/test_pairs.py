"""Find what shows in two situations, in each of them by too few posts to be sure."""

from datetime import timedelta

from domain.surge.series import Series, SeriesKind
from domain.surge.spikes import follow, open_spike
from domain.surge.watch import Finding, SurgeWatch
from domain.triage.situations import Situation
from tests.domain.surge.made import NOW, PAY, RANT, arrivals, watch

QUESTION = Series(SeriesKind.SITUATION, Situation.QUESTION.value)
PAIRED = 6, 6  # posts in 5 minutes, where two an hour are usual


def _findings(made: SurgeWatch, **given: object) -> list[Finding]:
    return made.findings(now=NOW, **{"since": {}, "required": {}, **given})  # type: ignore[arg-type]


def _pair(first: Situation = Situation.CANNOT_PAY, other: Situation = Situation.RANT) -> SurgeWatch:
    made = watch()
    made.add(arrivals(PAIRED[0], minutes=5, situation=first))
    made.add(arrivals(PAIRED[1], minutes=5, situation=other))
    return made


def test_neither_alone_is_found() -> None:
    for situation in (Situation.CANNOT_PAY, Situation.RANT):
        made = watch()
        made.add(arrivals(PAIRED[0], minutes=5, situation=situation))
        assert _findings(made) == []


def test_both_together_are_found_and_the_count_is_that_of_the_first() -> None:
    findings = _findings(_pair())
    assert {(one.series, one.partner) for one in findings} == {(PAY, RANT), (RANT, PAY)}
    spike = open_spike(findings, now=NOW)
    assert {spike.series, *spike.related} == {PAY, RANT}
    assert spike.count == PAIRED[0]
    assert spike.expected < 1


def test_one_of_the_two_says_what_is_wrong() -> None:
    assert _findings(_pair(Situation.QUESTION, Situation.RANT)) == []


def test_the_same_people_in_both_count_once() -> None:
    made = watch()
    for situation in (Situation.CANNOT_PAY, Situation.RANT):
        for number in range(PAIRED[0]):
            made.add(arrivals(1, minutes=5, situation=situation, author=f"author {number}"))
    assert _findings(made) == []


def test_no_window_begins_before_either_was_cleared() -> None:
    for series in (PAY, RANT):
        assert _findings(_pair(), since={series.key: NOW - timedelta(minutes=1)}) == []


def test_what_was_dismissed_in_either_must_be_exceeded() -> None:
    [log_p] = {one.excess.log_p for one in _findings(_pair())}
    for series in (PAY, RANT):
        assert _findings(_pair(), required={series.key: log_p - 2.3}) == []


def test_what_is_found_alone_comes_first_and_draws_no_other_series_with_it() -> None:
    made = _pair(Situation.REFUND, Situation.QUESTION)
    made.add(arrivals(15, minutes=5))
    findings = _findings(made)
    assert (findings[0].series, findings[0].partner) == (PAY, None)
    assert len(findings) > 1
    assert open_spike(findings, now=NOW).related == ()


def test_a_series_joins_an_open_spike_by_itself_alone() -> None:
    made = watch()
    made.add(arrivals(15, minutes=5))
    spike = open_spike(_findings(made), now=NOW)
    made.tested(now=NOW)
    made.add(arrivals(6, minutes=5, situation=Situation.RANT))
    findings = _findings(made)
    assert [(one.series, one.partner) for one in findings] == [(RANT, PAY)]
    assert follow(spike, made, findings, now=NOW).related == ()
    made.add(arrivals(15, minutes=5, situation=Situation.QUESTION))
    assert follow(spike, made, _findings(made), now=NOW).related == (QUESTION,)

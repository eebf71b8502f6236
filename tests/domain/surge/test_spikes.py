from dataclasses import replace
from datetime import timedelta

import pytest

from domain.surge.baseline import hour_number
from domain.surge.series import Series, SeriesKind
from domain.surge.spikes import (
    DISMISSED_FOR,
    GROWTH,
    LEAST_DURATION,
    LEFT_OUT_FOR,
    LONGEST_DURATION,
    Spike,
    SpikeState,
    cleared_at,
    dismiss,
    follow,
    is_beside,
    is_rise,
    must_edit_alert,
    open_silence,
    open_spike,
    required_log_p,
    restore,
    without_spikes,
)
from domain.surge.watch import SurgeWatch, hours_between
from domain.triage.situations import Situation
from tests.domain.surge.made import NOW, PAY, RANT, arrivals, history, watch

LATER = NOW + timedelta(minutes=31)


def _spike(made: SurgeWatch, number: int = 15) -> Spike:
    made.add(arrivals(number, minutes=5))
    spike = open_spike(made.findings(now=NOW, since={}, required={}), now=NOW)
    made.tested(now=NOW)
    return spike


def test_a_spike_says_what_was_found() -> None:
    spike = _spike(watch())
    assert (spike.series, spike.state, spike.found_at) == (PAY, SpikeState.OPEN, NOW)
    assert spike.count == spike.alerted_count == 15
    assert spike.since == NOW - spike.window
    assert spike.expected < 1


def test_it_ends_when_the_last_half_hour_was_usual() -> None:
    made = watch()
    spike = _spike(made)
    assert follow(spike, made, (), now=NOW + timedelta(minutes=10)).is_open
    made.add(arrivals(20, minutes=25, until=LATER))
    assert follow(spike, made, (), now=LATER).is_open
    ended = follow(spike, made, (), now=LATER + timedelta(minutes=31))
    assert ended.state is SpikeState.ENDED
    assert ended.ended_at == LATER + timedelta(minutes=31)
    assert must_edit_alert(spike, ended)


def test_it_does_not_end_while_a_related_series_is_high() -> None:
    made = watch()
    spike = replace(_spike(made), related=(RANT,))
    made.add(arrivals(20, minutes=25, until=LATER, situation=Situation.RANT))
    assert follow(spike, made, (), now=LATER).is_open


def test_it_ends_after_a_day_at_the_latest() -> None:
    made = watch()
    spike, late = _spike(made), NOW + LONGEST_DURATION
    made.add(arrivals(500, minutes=25, until=late))
    assert not follow(spike, made, (), now=late).is_open


def test_growth_is_told_once_it_is_fourfold() -> None:
    made = watch()
    spike = _spike(made)
    soon = NOW + timedelta(minutes=3)
    made.add(arrivals(30, minutes=2, until=soon))
    higher = follow(spike, made, (), now=soon)
    assert higher.count > spike.count
    assert not must_edit_alert(spike, higher)
    made.add(arrivals(15 * GROWTH, minutes=1, until=soon))
    grown = follow(higher, made, (), now=soon)
    assert must_edit_alert(higher, grown)
    assert grown.alerted_count == grown.count >= 15 * GROWTH
    assert grown.log_p < spike.log_p


@pytest.mark.parametrize(("more", "is_told"), [(-1, False), (0, True)])
def test_growth_is_told_at_exactly_that_count(more: int, *, is_told: bool) -> None:
    made = watch()
    spike = replace(_spike(made), count=5, alerted_count=5)
    soon = NOW + timedelta(hours=1)
    made.add(arrivals(5 * GROWTH + more, minutes=1, until=soon))
    assert must_edit_alert(spike, follow(spike, made, (), now=soon)) is is_told


def test_it_may_end_once_it_has_lasted_for_the_least_time() -> None:
    made = watch()
    spike = _spike(made)
    assert follow(spike, made, (), now=NOW + LEAST_DURATION - timedelta(seconds=1)).is_open
    assert not follow(spike, made, (), now=NOW + LEAST_DURATION).is_open


def test_other_series_join_it() -> None:
    made = watch()
    spike = _spike(made)
    made.add(arrivals(20, minutes=5, situation=Situation.RANT))
    joined = follow(spike, made, made.findings(now=NOW, since={}, required={}), now=NOW)
    assert joined.related == (RANT,)
    assert not must_edit_alert(spike, joined)


def test_all_posts_are_compared_again_with_a_spike_that_other_series_join() -> None:
    made = watch()
    spike = replace(_spike(made), compared_id=70)
    assert follow(spike, made, (), now=NOW).compared_id == 70
    made.add(arrivals(15, minutes=5, situation=Situation.RANT))
    findings = made.findings(now=NOW, since={}, required={})
    assert follow(spike, made, findings, now=NOW).compared_id == 0


@pytest.mark.parametrize(
    ("series", "telling"),
    [
        (PAY, True),
        (Series(SeriesKind.COMPONENT, "Payments"), True),
        (RANT, False),
        (Series(SeriesKind.SITUATION, Situation.QUESTION), False),
        (Series(SeriesKind.CONVERSATION, "1"), False),
    ],
)
def test_only_series_about_one_thing_gather_their_cases(series: Series, telling: bool) -> None:
    assert replace(_spike(watch()), series=series).telling_series == ((series,) if telling else ())


def test_silence_ends_with_the_next_post() -> None:
    made = watch(a_hour=40)
    silence = open_silence("net", made, since=NOW - timedelta(hours=1), now=NOW)
    assert silence.is_silence
    assert silence.expected > 30
    assert follow(silence, made, (), now=LATER) == silence
    made.add(arrivals(1, minutes=1, until=LATER))
    assert not follow(silence, made, (), now=LATER).is_open


def test_hours_of_spikes_are_not_usual_unless_dismissed() -> None:
    spike = replace(_spike(watch()), state=SpikeState.ENDED, ended_at=LATER)
    counts = {PAY.key: history(2.0, until=NOW + timedelta(hours=3)), RANT.key: history(1.0)}
    hours = {hour_number(NOW) - 1, hour_number(NOW)}
    kept = without_spikes(counts, [spike], now=LATER)
    assert set(counts[PAY.key]) - set(kept[PAY.key]) == hours
    assert kept[RANT.key] == counts[RANT.key]
    assert without_spikes(counts, [dismiss(spike, by="U1", now=LATER)], now=LATER) == counts


def test_what_a_second_spike_brings_is_not_usual_from_the_beginning_of_the_first() -> None:
    """Its series may have joined the first, and left it."""
    first = replace(
        _spike(watch()), series=RANT, since=NOW - timedelta(hours=3), found_at=NOW - LEAST_DURATION
    )
    second = _spike(watch())
    counts = {PAY.key: history(2.0)}
    kept = without_spikes(counts, [first, second], now=NOW)
    assert set(counts[PAY.key]) - set(kept[PAY.key]) == set(hours_between(first.since, NOW)) - {
        hour_number(NOW)
    }
    over = replace(first, state=SpikeState.ENDED, ended_at=NOW - timedelta(minutes=1))
    assert len(without_spikes(counts, [over, second], now=NOW)[PAY.key]) == len(counts[PAY.key]) - 1
    dismissed = dismiss(first, by="U1", now=NOW)
    assert len(without_spikes(counts, [dismissed, second], now=NOW)[PAY.key]) == len(counts[PAY.key]) - 1


def test_which_spikes_are_beside_each_other() -> None:
    """One that is found when another ends is not; each is beside itself, and yet no rise beside itself."""
    spike = replace(_spike(watch()), id=2, series=RANT)
    ends = replace(spike, id=1, series=PAY, found_at=NOW - LEAST_DURATION, ended_at=NOW)
    assert not is_beside(ends, spike)
    assert is_beside(replace(ends, ended_at=LATER), spike)
    assert is_beside(spike, spike)
    assert not is_rise(spike, [spike])
    assert is_rise(spike, [replace(ends, ended_at=LATER), spike])


def test_a_silence_is_beside_no_spike() -> None:
    since = NOW - timedelta(hours=3)
    silence = open_silence("net", watch(a_hour=40), since=since, now=NOW - LEAST_DURATION)
    spike = _spike(watch())
    counts = {PAY.key: history(2.0)}
    assert len(without_spikes(counts, [silence, spike], now=NOW)[PAY.key]) == len(counts[PAY.key]) - 1


def test_a_spike_that_goes_on_after_all_is_followed_to_its_end() -> None:
    dismissed = dismiss(_spike(watch()), by="U1", now=LATER)
    assert restore(dismissed, goes_on=False).is_end_unknown
    goes_on = restore(dismissed, goes_on=True)
    assert goes_on.is_open
    over = replace(goes_on, state=SpikeState.ENDED, ended_at=LATER)
    assert not over.is_end_unknown
    assert not restore(dismiss(over, by="U1", now=LATER), goes_on=False).is_end_unknown


def test_a_spike_that_does_not_end_becomes_usual() -> None:
    spike = _spike(watch())
    late = NOW + LONGEST_DURATION
    counts = {PAY.key: history(2.0, until=late)}
    kept = without_spikes(counts, [spike], now=late)
    left_out = set(counts[PAY.key]) - set(kept[PAY.key])
    assert left_out == set(hours_between(spike.since, spike.since + LEFT_OUT_FOR))


def test_the_first_day_that_is_known_is_usual_whatever_came() -> None:
    spike = replace(_spike(watch()), state=SpikeState.ENDED, ended_at=LATER)
    hour = hour_number(NOW)
    counts = {PAY.key: dict.fromkeys(range(hour - 22, hour + 1), 60)}
    assert without_spikes(counts, [spike], now=LATER) == counts
    a_day = {PAY.key: counts[PAY.key] | {hour - 23: 2, hour - 24: 2}}
    assert hour not in without_spikes(a_day, [spike], now=LATER)[PAY.key]
    longer = {PAY.key: counts[PAY.key] | dict.fromkeys(range(hour - 40, hour - 22), 2)}
    assert hour not in without_spikes(longer, [spike], now=LATER)[PAY.key]


def test_a_dismissal_raises_what_is_required_at_similar_hours() -> None:
    spike = dismiss(_spike(watch()), by="U1", now=LATER)
    assert (spike.state, spike.dismissed_by, spike.ended_at) == (SpikeState.DISMISSED, "U1", LATER)
    next_week, weekend = NOW + timedelta(days=7, hours=2), NOW + timedelta(days=3)
    required = required_log_p([spike], now=next_week)
    assert required == {PAY.key: spike.log_p - 2.3}
    assert required_log_p([spike], now=weekend) == {}
    assert required_log_p([spike], now=NOW + timedelta(days=7, hours=9)) == {}
    assert required_log_p([spike], now=NOW + timedelta(days=70)) == {}


def test_to_the_hour_and_day_how_long_a_dismissal_counts() -> None:
    saturday = NOW + timedelta(days=3)
    spike = replace(dismiss(_spike(watch()), by="U1", now=saturday), found_at=saturday)
    hour, week = timedelta(hours=1), timedelta(weeks=1)
    sunday, friday, monday = (saturday + timedelta(days=days) for days in (1, -1, 2))
    for now, counts in [
        (sunday, True),
        (friday, False),
        (monday, False),
        (saturday + week + 3 * hour, True),
        (saturday + week - 3 * hour, True),
        (saturday + week + 4 * hour, False),
        (saturday + week - 4 * hour, False),
    ]:
        assert bool(required_log_p([spike], now=now)) is counts, now
    judged = replace(spike, dismissed_at=sunday + 8 * week - DISMISSED_FOR)
    assert required_log_p([judged], now=sunday + 8 * week)
    assert not required_log_p([judged], now=sunday + 8 * week + timedelta(seconds=1))


def test_a_dismissed_conversation_teaches_for_all_of_them() -> None:
    spike = dismiss(
        replace(_spike(watch()), series=Series(SeriesKind.CONVERSATION, "77")), by="U1", now=LATER
    )
    assert set(required_log_p([spike], now=LATER)) == {"conversation:"}


def test_windows_begin_after_the_last_spike_of_a_series() -> None:
    one = replace(_spike(watch()), state=SpikeState.ENDED, ended_at=NOW, related=(RANT,))
    other = replace(one, ended_at=LATER, related=())
    assert cleared_at([one, other, replace(one, ended_at=None)]) == {PAY.key: LATER, RANT.key: NOW}

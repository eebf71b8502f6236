from datetime import timedelta

from domain.surge.baseline import hour_number
from domain.surge.series import Series, SeriesKind
from domain.surge.watch import Finding, SurgeWatch
from domain.triage.situations import Situation
from tests.domain.surge.made import NOW, PAY, RANT, arrivals, history, watch


def _findings(made: SurgeWatch) -> list[Finding]:
    return made.findings(now=NOW, since={}, required={})


def test_a_spike_is_found_in_its_series_alone() -> None:
    made = watch()
    made.add(arrivals(15, minutes=5))
    made.add(arrivals(2, minutes=5, situation=Situation.RANT))
    [finding] = _findings(made)
    assert finding.series == PAY
    assert finding.excess.count == 15


def test_the_clearest_comes_first() -> None:
    made = watch()
    made.add(arrivals(15, minutes=5))
    made.add(arrivals(40, minutes=5, situation=Situation.RANT))
    assert [finding.series for finding in _findings(made)] == [RANT, PAY]


def test_nothing_is_tested_again_before_another_post() -> None:
    made = watch()
    made.add(arrivals(15, minutes=5))
    made.tested(now=NOW)
    assert _findings(made) == []
    made.add(arrivals(1, minutes=1))
    assert len(_findings(made)) == 1


def test_a_post_that_is_read_again_counts_once() -> None:
    made, posts = watch(), arrivals(4, minutes=5)
    for _ in range(5):
        made.add(posts)
    assert _findings(made) == []


def test_many_authors_who_answer_one_post_are_found() -> None:
    made = watch(a_hour=2.0)
    for situation in (Situation.QUESTION, Situation.PRAISE, Situation.RANT, Situation.OTHER):
        made.add(arrivals(4, minutes=8, situation=situation, conversations=("77",)))
    assert Series(SeriesKind.CONVERSATION, "77") in {finding.series for finding in _findings(made)}


def test_as_many_who_answer_different_posts_are_not() -> None:
    made = watch(a_hour=5.0)
    for number in range(16):
        made.add(arrivals(1, minutes=8, situation=Situation.PRAISE, conversations=(str(number),)))
    assert _findings(made) == []


def test_a_component_is_watched() -> None:
    made = watch(components=("Payments",))
    for situation in (Situation.QUESTION, Situation.RANT, Situation.OTHER):
        made.add(arrivals(4, minutes=5, situation=situation, words="your payments are broken"))
    assert [finding.series.subject for finding in _findings(made)] == ["Payments"]


def test_from_an_empty_history_a_large_burst_is_found_and_a_few_posts_are_not() -> None:
    few, many = (SurgeWatch(false_alarms=1.0, components=()) for _ in range(2))
    few.add(arrivals(6, minutes=30))
    many.add(arrivals(30, minutes=10))
    assert _findings(few) == []
    assert len(_findings(many)) == 1


def test_what_was_dismissed_must_be_exceeded() -> None:
    made = watch()
    made.add(arrivals(15, minutes=5))
    [finding] = _findings(made)
    log_p = finding.excess.log_p
    assert made.findings(now=NOW, since={}, required={PAY.key: log_p - 2.3}) == []
    assert made.findings(now=NOW, since={}, required={RANT.key: log_p - 2.3}) == [finding]


def test_old_posts_are_forgotten() -> None:
    made = watch()
    made.add(arrivals(15, minutes=5))
    made.forget(NOW + timedelta(hours=4))
    assert made.count(PAY, since=NOW - timedelta(hours=1), now=NOW) == 0


def test_what_old_posts_name_is_forgotten() -> None:
    made = watch()
    old, new = arrivals(1, minutes=1), arrivals(1, minutes=1, until=NOW + timedelta(hours=4))
    made.add([*old, *new])
    made.named = {post.id: frozenset({PAY}) for post in (*old, *new)}
    made.forget(NOW + timedelta(hours=4))
    assert list(made.named) == [new[0].id]


def test_silence_where_much_is_usual_is_found() -> None:
    busy, quiet = watch(a_hour=40.0), watch(a_hour=0.5)
    since = NOW - timedelta(hours=1)
    assert busy.is_silent("net", since=since, now=NOW)
    assert not quiet.is_silent("net", since=since, now=NOW)
    assert not busy.is_silent("net", since=NOW - timedelta(minutes=10), now=NOW)
    assert not busy.is_silent("unknown", since=since, now=NOW)


def test_silence_does_not_make_itself_usual() -> None:
    made = SurgeWatch(false_alarms=1.0, components=())
    counts = dict(history(6.0)) | {hour_number(NOW) - n: 0 for n in range(1, 12)}
    made.learn({"network:net": counts}, hour=hour_number(NOW))
    assert made.is_silent("net", since=NOW - timedelta(hours=11), now=NOW)


def test_an_outage_over_hours_does_not_become_usual_while_it_is_looked_for() -> None:
    """A window is held against the level before it, not against one that its own posts have raised."""
    until, last = NOW + timedelta(minutes=59), hour_number(NOW)
    counts = dict(history(5.0)) | {last - 2: 14, last - 1: 14}
    made = SurgeWatch(false_alarms=1.0, components=())
    made.learn({PAY.key: counts}, hour=last)
    made.add(arrivals(51, minutes=175, until=until))
    [finding] = made.findings(now=until, since={}, required={})
    assert finding.excess.expected < 20

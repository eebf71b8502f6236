"""Find a rise of posts that do not say what fails beside an open spike, and none where the first grows."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from domain.surge.detection import LONGEST
from domain.surge.looks import Look, look
from domain.surge.rises import OPEN_FOR, WINDOW
from domain.surge.series import Series, SeriesKind
from domain.surge.spikes import Spike, is_rise, must_edit_alert
from domain.surge.watch import SurgeWatch
from domain.triage.situations import Situation
from tests.domain.surge.made import NOW, PAY, RANT, arrivals, watch

LOGIN, DOWN, REFUND = (
    Series(SeriesKind.SITUATION, one.value)
    for one in (Situation.ACCOUNT_ACCESS, Situation.OUTAGE_REPORT, Situation.REFUND)
)
MINUTE = timedelta(minutes=1)
ALERTED = NOW - OPEN_FOR
FIRST = Spike(
    id=1,
    series=LOGIN,
    since=ALERTED - 5 * MINUTE,
    found_at=ALERTED,
    window=5 * MINUTE,
    count=12,
    expected=0.2,
    log_p=-30.0,
    alerted_count=12,
)


def _login(made: SurgeWatch, *, then: int = 20, before: int = 20) -> None:
    """Let people say that they cannot log in: so many in the last ten minutes, and in the ten before."""
    made.add(arrivals(12, minutes=4, until=ALERTED, situation=Situation.ACCOUNT_ACCESS))
    made.add(arrivals(before, minutes=9.9, until=NOW - WINDOW, situation=Situation.ACCOUNT_ACCESS))
    made.add(arrivals(then, minutes=9.9, situation=Situation.ACCOUNT_ACCESS))


def _down(made: SurgeWatch, number: int = 24, *, before: int = 1, authors: Sequence[str] = ()) -> None:
    """Let people say that all is down: so many in the last five minutes, and in the ten before the window."""
    made.add(
        arrivals(before, minutes=9.9, until=NOW - WINDOW, situation=Situation.OUTAGE_REPORT) if before else ()
    )
    posts = arrivals(number, minutes=5, situation=Situation.OUTAGE_REPORT)
    if authors:
        posts = [replace(post, author=authors[n % len(authors)]) for n, post in enumerate(posts)]
    made.add(posts)


def _look(
    made: SurgeWatch,
    *spikes: Spike,
    over: Sequence[Spike] = (),
    named: frozenset[Series] = frozenset(),
    naming: Collection[int] | None = None,
    now: datetime = NOW,
) -> Look:
    """Look, where posts name these series: all of them, or those of the ids in `naming`."""

    def names(posts: Sequence[int]) -> dict[int, frozenset[Series]]:
        return {post: named if naming is None or post in naming else frozenset() for post in posts}

    findings = made.findings(now=now, since={}, required={})
    assert DOWN in {one.series for one in findings if one.partner is None}, "else nothing is asked about"
    return look(spikes or [FIRST], findings, made, names, now=now, over=over)


def test_many_more_who_say_that_all_is_down_have_a_spike_of_their_own() -> None:
    made = watch()
    _login(made)
    _down(made)
    found = _look(made)
    assert found.opened is not None
    expected = made.expected(DOWN, since=NOW - WINDOW, now=NOW)
    assert found.opened == replace(
        found.opened,
        series=DOWN,
        related=(),
        since=NOW - WINDOW,
        found_at=NOW,
        window=WINDOW,
        count=24,
        expected=expected.mean,
        log_p=expected.log_tail(24),
        alerted_count=24,
    )
    assert is_rise(replace(found.opened, id=2), [FIRST])
    assert not is_rise(replace(found.opened, id=2, series=PAY), [FIRST])
    [(_, first)] = found.followed
    assert first.is_open
    assert first.related == ()


def test_the_series_leaves_the_first_spike_whose_alert_says_so_no_more() -> None:
    made = watch()
    _login(made)
    _down(made)
    found = _look(made, replace(FIRST, related=(RANT, DOWN), compared_id=7))
    assert found.opened is not None
    [(before, after)] = found.followed
    assert (after.related, after.compared_id) == ((RANT,), 0)
    assert must_edit_alert(before, after)


@pytest.mark.parametrize(
    ("number", "before", "is_told"),
    [(11, 0, True), (10, 0, False), (20, 4, True), (19, 4, False), (60, 12, True), (60, 13, False)],
)
def test_it_takes_three_standard_deviations_and_more(number: int, before: int, *, is_told: bool) -> None:
    """Of the difference; and the series must not be one of the first outage, by those who wrote before."""
    made = watch()
    _login(made)
    _down(made, number, before=before)
    assert (_look(made).opened is not None) is is_told


@pytest.mark.parametrize(("then", "is_told"), [(20, True), (8, True), (23, True), (26, False), (60, False)])
def test_where_word_of_the_first_spreads_nothing_is_told(then: int, *, is_told: bool) -> None:
    """A time zone wakes up, or the outage comes to more people: more say what fails, too."""
    made = watch()
    _login(made, then=then)
    _down(made)
    assert (_look(made).opened is not None) is is_told


@pytest.mark.parametrize(("refunds", "rants", "is_told"), [(0, 12, True), (16, 24, False)])
def test_an_article_draws_posts_of_several_kinds(refunds: int, rants: int, *, is_told: bool) -> None:
    made = watch()
    _login(made)
    _down(made)
    made.add(arrivals(refunds, minutes=5, situation=Situation.REFUND) if refunds else ())
    made.add(arrivals(rants, minutes=5, situation=Situation.RANT))
    assert (_look(made).opened is not None) is is_told


def test_those_who_name_what_failed_first_are_part_of_it() -> None:
    made = watch()
    _login(made)
    _down(made)
    found = _look(made, named=frozenset({LOGIN}))
    assert found.opened is None
    [(_, after)] = found.followed
    assert DOWN in after.related


@pytest.mark.parametrize(("who", "is_told"), [("as before", True), ("those in addition", False)])
def test_what_comes_of_the_first_all_the_time_may_name_it(who: str, *, is_told: bool) -> None:
    """Twelve write that all is down, and that they cannot log in, in ten minutes, and in the ten before."""
    made = watch()
    _login(made, then=26, before=26)
    before = arrivals(12, minutes=9.9, until=NOW - WINDOW, situation=Situation.OUTAGE_REPORT)
    still = arrivals(12, minutes=9.9, situation=Situation.OUTAGE_REPORT)
    more = arrivals(30, minutes=5, situation=Situation.OUTAGE_REPORT)
    made.add([*before, *still, *more])
    naming = {post.id for post in (*before, *(still if who == "as before" else more))}
    assert (_look(made, named=frozenset({LOGIN}), naming=naming).opened is not None) is is_told


def test_words_that_were_not_read_yet_tell_nothing() -> None:
    made = watch()
    _login(made)
    _down(made)
    findings = made.findings(now=NOW, since={}, required={})
    assert look([FIRST], findings, made, lambda _: {}, now=NOW).opened is None


def test_the_same_people_who_write_again_are_no_rise() -> None:
    made = watch()
    _login(made)
    wrote = [author for _, author, _ in made.posts(LOGIN, since=FIRST.since, now=NOW - WINDOW)]
    _down(made, authors=wrote)
    assert made.count(DOWN, since=NOW - WINDOW, now=NOW) == 24, "else they are not enough anyhow"
    assert _look(made).opened is None


def test_one_person_who_writes_often_is_no_rise() -> None:
    made = watch()
    _login(made)
    _down(made, 6)
    made.add(arrivals(60, minutes=5, situation=Situation.OUTAGE_REPORT, author="one"))
    assert _look(made).opened is None


@pytest.mark.parametrize(("quoting", "is_told"), [(0, True), (3, True), (24, False)])
def test_one_post_that_is_shared_at_speed_is_no_rise(quoting: int, *, is_told: bool) -> None:
    made = watch()
    _login(made)
    _down(made, 24 - quoting)
    posts = arrivals(quoting, minutes=5, situation=Situation.OUTAGE_REPORT, conversations=("77", "78"))
    made.add(posts if quoting else ())
    assert (_look(made).opened is not None) is is_told


@pytest.mark.parametrize("times", [1, 100])
def test_a_flood_about_all_of_it_is_no_rise(times: int) -> None:
    made = watch()
    _login(made)
    shares = {
        Situation.ACCOUNT_ACCESS: 30,
        Situation.RANT: 14,
        Situation.OUTAGE_REPORT: 24,
        Situation.QUESTION: 8,
    }
    for situation, number in shares.items():
        made.add(arrivals(number * times, minutes=5, situation=situation))
    assert _look(made).opened is None


@pytest.mark.parametrize("changed", ["new", "old", "its own", "two"])
def test_a_rise_is_looked_for_where_one_spike_is_neither_new_nor_old_and_not_about_the_same(
    changed: str,
) -> None:
    made = watch()
    _login(made)
    _down(made)
    if changed == "new":
        spikes = [replace(FIRST, found_at=NOW - OPEN_FOR + timedelta(seconds=1))]
    elif changed == "old":
        spikes = [replace(FIRST, since=NOW - LONGEST - timedelta(seconds=1))]
    elif changed == "its own":
        spikes = [replace(FIRST, series=DOWN, related=(LOGIN,))]
    else:
        spikes = [FIRST, replace(FIRST, id=2, series=PAY)]
    assert _look(made, *spikes).opened is None


def test_a_spike_of_rants_counts_as_what_joined_it_to_say_what_fails() -> None:
    made = watch()
    _login(made)
    _down(made)
    assert _look(made, replace(FIRST, series=RANT, related=(LOGIN,))).opened is not None


def test_beside_a_spike_that_does_not_say_what_fails_nothing_is_told() -> None:
    """Word that spreads of it is told in the same words as another outage."""
    made = watch()
    made.add(arrivals(20, minutes=9.9, until=NOW - WINDOW, situation=Situation.REFUND))
    _down(made)
    assert _look(made, replace(FIRST, series=REFUND, related=(RANT,))).opened is None
    assert _look(made, replace(FIRST, series=REFUND, related=(RANT, PAY))).opened is not None


def test_a_silence_beside_it_changes_nothing() -> None:
    made = watch()
    _login(made)
    _down(made)
    silence = replace(FIRST, id=2, series=Series(SeriesKind.NETWORK, "other net"))
    assert _look(made, FIRST, silence).opened is not None
    assert _look(made, over=[replace(silence, ended_at=NOW)]).opened is not None


@pytest.mark.parametrize(
    ("found", "ended", "is_told"),
    [(-90, -60, True), (-90, -10, False), (-15, -5, False)],
    ids=["long over", "the first was told beside it", "told beside the first"],
)
def test_there_is_one_for_each_spike(found: int, ended: int, *, is_told: bool) -> None:
    made = watch()
    _login(made)
    _down(made)
    other = replace(
        FIRST, id=2, series=REFUND, found_at=NOW + found * MINUTE, since=NOW + found * MINUTE - WINDOW
    )
    over = replace(other, ended_at=NOW + ended * MINUTE)
    assert (_look(made, over=[over]).opened is not None) is is_told


@pytest.mark.parametrize("situation", [Situation.RANT, Situation.QUESTION])
def test_rants_and_questions_rise_with_anything(situation: Situation) -> None:
    made = watch()
    _login(made)
    _down(made, 12, before=4)
    made.add(arrivals(40, minutes=5, situation=situation))
    assert _look(made).opened is None

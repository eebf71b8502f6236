"""Tell another outage from the same one in other words, while a spike is open."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from domain.surge.detection import LEAST_COUNT
from domain.surge.looks import Look, look
from domain.surge.separation import LOOKED_AT, UNKNOWN_FOR, named_series
from domain.surge.series import Arrival, Series, SeriesKind
from domain.surge.spikes import Spike, must_edit_alert, open_spike
from domain.surge.watch import Finding, SurgeWatch
from domain.triage.features import MAX_READ_LENGTH
from domain.triage.situations import Situation
from tests.domain.surge.made import NOW, PAY, RANT, arrivals, watch
from tests.handlers.made import a_words

LOGIN = Series(SeriesKind.SITUATION, Situation.ACCOUNT_ACCESS.value)
MINUTE = timedelta(minutes=1)


def _of_login(made: SurgeWatch, *, minutes: float = 20) -> Spike:
    """Let people say for some minutes that they cannot log in, and return the spike that was found."""
    since = NOW - minutes * MINUTE
    made.add(arrivals(12, minutes=4, until=since + 4 * MINUTE, situation=Situation.ACCOUNT_ACCESS))
    found = made.findings(now=since + 4 * MINUTE, since={}, required={})
    spike = replace(open_spike(found, now=since + 4 * MINUTE), id=1)
    assert spike.series == LOGIN
    made.add(arrivals(round(2 * minutes), minutes=minutes - 4, situation=Situation.ACCOUNT_ACCESS))
    return spike


def _found(made: SurgeWatch, posts: Sequence[Arrival]) -> Sequence[Finding]:
    made.add(posts)
    return made.findings(now=NOW, since={}, required={})


def _look(
    made: SurgeWatch, *spikes: Spike, named: frozenset[Series] = frozenset(), now: datetime = NOW
) -> Look:
    def names(posts: Sequence[int]) -> dict[int, frozenset[Series]]:
        return dict.fromkeys(posts, named)

    return look(spikes, made.findings(now=now, since={}, required={}), made, names, now=now)


def test_an_outage_that_begins_beside_an_open_spike_has_a_spike_of_its_own() -> None:
    made = watch()
    login = _of_login(made)
    made.add(arrivals(12, minutes=4))
    found = _look(made, login)
    assert found.opened is not None
    assert found.opened.series == PAY
    [(_, after)] = found.followed
    assert after.is_open
    assert after.related == ()


def test_the_least_count_of_people_is_enough_beside_an_open_spike() -> None:
    """All of them count: one who had written about the first before would make them too few."""
    made = watch(a_hour=0.05)
    login = _of_login(made, minutes=170)
    made.add(arrivals(LEAST_COUNT, minutes=1.5))
    opened = _look(made, login).opened
    assert opened is not None
    assert (opened.series, opened.count) == (PAY, LEAST_COUNT)


def test_what_begins_with_another_outage_belongs_to_it_alone() -> None:
    made = watch()
    login = _of_login(made)
    made.add(arrivals(12, minutes=4))
    made.add(arrivals(12, minutes=4, situation=Situation.OUTAGE_REPORT))
    found = _look(made, login)
    assert found.opened is not None
    outage = Series(SeriesKind.SITUATION, Situation.OUTAGE_REPORT.value)
    assert {PAY, outage} <= set(found.opened.all_series)
    [(_, after)] = found.followed
    assert after.related == ()


def test_those_who_say_what_else_fails_because_of_the_first_are_part_of_it() -> None:
    made = watch()
    login = _of_login(made)
    made.add(arrivals(12, minutes=4))
    found = _look(made, login, named=frozenset({LOGIN, PAY}))
    assert found.opened is None
    [(_, after)] = found.followed
    assert after.related == (PAY,)


def test_where_many_name_the_first_the_others_are_part_of_it() -> None:
    made = watch()
    login = _of_login(made)
    posts = arrivals(24, minutes=4)
    made.add(posts)
    findings = made.findings(now=NOW, since={}, required={})
    with_login = {post.id for post in posts[::2]}

    def names(asked: Sequence[int]) -> dict[int, frozenset[Series]]:
        return {post: frozenset({LOGIN} if post in with_login else ()) for post in asked}

    assert look([login], findings, made, names, now=NOW).opened is None


def test_words_that_were_not_read_yet_open_no_spike() -> None:
    made = watch()
    login = _of_login(made)
    made.add(arrivals(12, minutes=4))
    findings = made.findings(now=NOW, since={}, required={})
    assert look([login], findings, made, lambda _: {}, now=NOW).opened is None


def test_what_has_risen_with_the_first_from_its_beginning_is_part_of_it() -> None:
    """One outage is told in several situations, in each of them by as large a share as before."""
    made = watch()
    login = _of_login(made)
    made.add(arrivals(16, minutes=20))
    found = _look(made, login)
    assert found.opened is None
    [(_, after)] = found.followed
    assert PAY in after.related


@pytest.mark.parametrize("situation", [Situation.RANT, Situation.REFUND, Situation.OTHER, Situation.QUESTION])
def test_what_does_not_say_what_fails_is_part_of_the_open_spike(situation: Situation) -> None:
    made = watch()
    login = _of_login(made)
    made.add(arrivals(40, minutes=4, situation=situation))
    found = _look(made, login)
    assert found.opened is None
    [(_, after)] = found.followed
    assert after.related == (Series(SeriesKind.SITUATION, situation.value),)


def test_a_component_is_another_outage_unless_its_posts_are_about_the_first() -> None:
    made = watch(components=("Parcels",))
    login = _of_login(made)
    made.add(arrivals(14, minutes=4, situation=Situation.ACCOUNT_ACCESS, words="parcels"))
    assert _look(made, login).opened is None
    made.add(arrivals(14, minutes=3, situation=Situation.OTHER, words="parcels"))
    opened = _look(made, login).opened
    assert opened is not None
    assert opened.series == Series(SeriesKind.COMPONENT, "Parcels")


def test_those_who_wrote_about_the_first_do_not_count_again() -> None:
    made = watch()
    login = _of_login(made)
    for number in range(14):
        for situation in (Situation.ACCOUNT_ACCESS, Situation.CANNOT_PAY):
            made.add(arrivals(1, minutes=4, situation=situation, author=f"same {number}"))
    assert _look(made, login).opened is None


def test_a_series_that_had_joined_leaves_for_a_spike_of_its_own() -> None:
    made = watch()
    login = replace(_of_login(made), related=(PAY, RANT))
    made.add(arrivals(14, minutes=4))
    found = _look(made, login)
    assert found.opened is not None
    [(before, after)] = found.followed
    assert after.related == (RANT,)
    assert must_edit_alert(before, after)


def test_a_component_that_had_joined_leaves_with_its_situation() -> None:
    parcels = Series(SeriesKind.COMPONENT, "Parcels")
    made = watch(components=("Parcels",))
    login = replace(_of_login(made), related=(PAY, parcels))
    made.add(arrivals(14, minutes=4, words="parcels"))

    def names(posts: Sequence[int]) -> dict[int, frozenset[Series]]:
        return dict.fromkeys(posts, frozenset({PAY}))

    found = look([login], made.findings(now=NOW, since={}, required={}), made, names, now=NOW)
    assert found.opened is not None
    assert set(found.opened.all_series) == {PAY, parcels}
    [(_, after)] = found.followed
    assert after.related == ()


def test_the_first_series_that_says_what_fails_belongs_to_a_spike_of_rants() -> None:
    made = watch()
    rants = replace(
        open_spike(_found(made, arrivals(20, minutes=4, situation=Situation.RANT)), now=NOW), id=1
    )
    assert rants.series == RANT
    made.add(arrivals(20, minutes=4, until=NOW + 4 * MINUTE))
    found = _look(made, rants, now=NOW + 4 * MINUTE)
    assert found.opened is None
    [(_, told)] = found.followed
    assert told.related == (PAY,)
    assert must_edit_alert(rants, told)
    again = _look(made, told, now=NOW + 4 * MINUTE)
    assert again.opened is None, "what it is about is no other outage"


def test_a_spike_of_rants_that_is_open_for_long_is_not_told_by_what_rises_then() -> None:
    made = watch()
    rants = open_spike(_found(made, arrivals(20, minutes=4, situation=Situation.RANT)), now=NOW)
    later = NOW + UNKNOWN_FOR
    made.add(arrivals(20, minutes=4, until=later))
    opened = _look(made, rants, now=later).opened
    assert opened is not None
    assert opened.series == PAY


def test_what_rises_later_belongs_to_the_newest_spike() -> None:
    made = watch()
    login = _of_login(made)
    made.add(arrivals(14, minutes=4))
    pay = _look(made, login).opened
    assert pay is not None
    pay = replace(pay, id=2)
    made.add(arrivals(30, minutes=3, situation=Situation.RANT))
    found = _look(made, login, pay)
    assert found.opened is None
    assert [after.related for _, after in found.followed] == [(), (RANT,)]
    third = _look(made, login, pay, named=frozenset())
    assert third.opened is None, "each of the two is told once"


def test_all_that_rises_at_once_is_one_spike() -> None:
    made = watch()
    made.add(arrivals(14, minutes=4))
    made.add(arrivals(14, minutes=4, situation=Situation.ACCOUNT_ACCESS))
    found = _look(made)
    assert found.opened is not None
    assert set(found.opened.all_series) == {PAY, LOGIN}


@pytest.mark.parametrize(
    ("text", "language", "named"),
    [
        ("@acme now also checkout is down because of login", "en", {PAY, LOGIN}),
        ("@acme cannot pay because I cannot log in", "en", {PAY, LOGIN}),
        ("@acme kann nicht bezahlen, weil der login kaputt ist", "de", {PAY, LOGIN}),
        ("@acme payment failed, my card is charged and i cannot pay", "en", {PAY}),
        ("@acme the app is down again", "en", set()),
    ],
)
def test_the_words_of_a_post_name_all_that_fails(text: str, language: str, named: set[Series]) -> None:
    assert named_series(text, language, a_words().cues) == named


def test_of_an_endless_post_the_beginning_is_read() -> None:
    cues = a_words().cues
    padding = "x " * (MAX_READ_LENGTH // 2)
    assert named_series(f"my card is declined {padding}", "en", cues) == {PAY}
    assert named_series(f"{padding} my card is declined", "en", cues) == set()


def test_what_is_too_high_only_beside_another_series_is_no_outage_of_its_own() -> None:
    made = watch()
    login = _of_login(made)
    findings = [replace(one, partner=RANT) for one in _found(made, arrivals(12, minutes=4))]
    assert look([login], findings, made, lambda posts: dict.fromkeys(posts, ()), now=NOW).opened is None


@pytest.mark.parametrize(("number", "is_another"), [(18, False), (32, True)])
def test_that_more_of_the_same_say_it_in_other_words_with_time_is_expected(
    number: int, *, is_another: bool
) -> None:
    """Forty such posts in 40 minutes would tell a share of the first that hardly varies."""
    made = watch()
    login = _of_login(made, minutes=50)
    made.add(arrivals(40, minutes=40, until=NOW - 6 * MINUTE))
    made.add(arrivals(number, minutes=4))
    assert (_look(made, login).opened is not None) is is_another


def test_those_of_the_first_who_wrote_before_the_second_began_are_not_counted_with_it() -> None:
    """Over the last 45 minutes more is above the usual, which would be told for the whole of it."""
    made = watch()
    login = _of_login(made, minutes=50)
    made.add(arrivals(44, minutes=44, until=NOW - 6 * MINUTE))
    findings = _found(made, arrivals(32, minutes=4))
    assert max(one.excess.window for one in findings if one.series == PAY) == 45 * MINUTE
    opened = _look(made, login).opened
    assert opened is not None
    assert (opened.since, opened.window, opened.count) == (NOW - 5 * MINUTE, 5 * MINUTE, 32)
    expected = made.expected(PAY, since=opened.since, now=NOW)
    assert (opened.expected, opened.log_p) == (expected.mean, expected.log_tail(32))


def test_all_who_write_about_the_second_are_counted_from_its_beginning() -> None:
    """Not from where the fewest minutes already tell that it is another one."""
    made = watch()
    login = _of_login(made, minutes=60)
    made.add(arrivals(50, minutes=18))
    opened = _look(made, login).opened
    assert opened is not None
    assert (opened.window, opened.count) == (20 * MINUTE, 50)


@pytest.mark.parametrize("tail", [1.0, 0.5])
def test_where_large_counts_are_usual_more_is_asked_for(monkeypatch: pytest.MonkeyPatch, tail: float) -> None:
    made = watch()
    login = _of_login(made, minutes=50)
    made.add(arrivals(8, minutes=4))
    findings = made.findings(now=NOW, since={}, required={})
    expected = made.expected(PAY, since=NOW - 5 * MINUTE, now=NOW)
    monkeypatch.setattr(made, "expected", lambda *_, **__: replace(expected, tail=tail))
    opened = look([login], findings, made, lambda posts: dict.fromkeys(posts, ()), now=NOW).opened
    assert (opened is not None) is (tail == 1.0)


def test_in_a_flood_the_newest_words_alone_are_looked_at() -> None:
    made = watch()
    login = _of_login(made)
    made.add(arrivals(3 * LOOKED_AT, minutes=4))
    asked: list[int] = []

    def names(posts: Sequence[int]) -> dict[int, frozenset[Series]]:
        asked.append(len(posts))
        return dict.fromkeys(posts, frozenset())

    assert (
        look([login], made.findings(now=NOW, since={}, required={}), made, names, now=NOW).opened is not None
    )
    assert max(asked) == LOOKED_AT


@pytest.mark.parametrize(("number", "minutes"), [(16, 20), (18, 4)])
def test_no_words_are_looked_at_of_what_the_open_spike_explains(number: int, minutes: int) -> None:
    """Reading words takes time, and however few name the first, no more could be about something else."""
    made = watch()
    login = _of_login(made, minutes=50)
    made.add(arrivals(40, minutes=40, until=NOW - 6 * MINUTE))
    findings = _found(made, arrivals(number, minutes=minutes))
    asked: list[Sequence[int]] = []

    def names(posts: Sequence[int]) -> dict[int, frozenset[Series]]:
        asked.append(posts)
        return dict.fromkeys(posts, frozenset())

    assert PAY in {one.series for one in findings}
    assert look([login], findings, made, names, now=NOW).opened is None
    assert asked == []

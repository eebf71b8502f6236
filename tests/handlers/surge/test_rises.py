"""More people than a few minutes ago beside an open alert have an alert that says so, on both databases."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from adapters.slack.surge.spike_alert import render_spike
from domain.intake.posts import Author, Post
from domain.surge.rises import WINDOW
from domain.surge.series import Series, SeriesKind
from domain.surge.spikes import Spike
from domain.surge.watch import SurgeWatch
from domain.triage.situations import Situation
from handlers.surge.spike_cases import join_spikes
from handlers.surge.spikes import dismiss_spike, record_alert
from handlers.surge.views import view_spike
from storage.engine import Store
from tests.handlers.made import MINUTE, NOW, a_post, arrive, do, queued
from tests.handlers.surge.made import FINDER, SITUATION, customer_posts, detect, go_on, spikes_of, watch_of

DOWN = Series(SeriesKind.SITUATION, Situation.OUTAGE_REPORT.value)
ALL_IS_DOWN = ("@acme the app is down again", "@acme your site is down for everyone")
LATER = NOW + 30 * MINUTE


def _down(
    number: int, *, until: datetime, minutes: float, first: int, again: Sequence[int] = ()
) -> list[Post]:
    people = [*range(first, first + number - len(again)), *again]
    return [
        a_post(
            str(10_000 + first + n),
            f"{ALL_IS_DOWN[n % len(ALL_IS_DOWN)]} {n}",
            created_at=until - timedelta(minutes=minutes) * (1 - (n + 0.5) / number),
            author=Author(id=f"c{person}", handle=f"h{person}", name=f"Name {person}"),
        )
        for n, person in enumerate(people)
    ]


def _payments_fail(store: Store) -> SurgeWatch:
    """Let people say for half an hour that they cannot pay, from the alert on."""
    arrive(store, *customer_posts(20))
    watch = watch_of(store)
    detect(store, watch)
    [spike] = spikes_of(store)
    do(store, record_alert, spike_id=spike.id, channel="C0ONCALL", ts="17.1")
    go_on(store, watch, customer_posts(60, until=LATER, minutes=30, first=100), LATER)
    assert len(spikes_of(store)) == 1
    return watch


def _then_all_is_down(store: Store, watch: SurgeWatch, *, again: Sequence[int] = ()) -> list[Spike]:
    now = LATER + 4 * MINUTE
    go_on(store, watch, _down(24 + len(again), until=now, minutes=3.5, first=500, again=again), now)
    return spikes_of(store)


def _join(store: Store, now: datetime) -> None:
    while do(store, join_spikes, finder=FINDER, now=now):
        pass


def _cases(store: Store, spike: Spike) -> set[int]:
    with store.unit_of_work() as uow:
        return uow.spikes.cases.of(spike.id)


def test_all_that_is_down_beside_payments_has_an_alert_that_says_what_it_may_be(store: Store) -> None:
    pay, down = _then_all_is_down(store, _payments_fail(store))
    assert (pay.is_open, down.is_open) == (True, True)
    assert (down.series, down.count, down.window, down.outage_id) == (DOWN, 24, WINDOW, None)
    assert DOWN not in pay.related
    assert [row["payload"]["spike_id"] for row in queued(store, "post_spike")] == [pay.id, down.id]
    view = do(store, view_spike, spike_id=down.id, finder=FINDER, network_label=str, now=down.found_at)
    assert [one.id for one in view.beside] == [pay.id]
    told = str(render_spike(view, team_url="https://acme.slack.example/", picture=None)["blocks"])
    assert "More people write than a few minutes ago, about “Outage report”. It may be another outage" in told
    assert "or word spreading of the first: Payments" in told
    assert "archives/C0ONCALL/p171|Open that alert" in told
    assert "It looks like another outage" not in told
    for action in ("spike.open_outage", "spike.known_outage", "spike.dismiss"):
        assert action in told


def test_it_is_told_once_and_a_copy_that_starts_meanwhile_tells_it_no_more(store: Store) -> None:
    watch = _payments_fail(store)
    _then_all_is_down(store, watch)
    for minutes in (5, 9):
        now = LATER + minutes * MINUTE
        go_on(store, watch, _down(60, until=now, minutes=1, first=1_000 * minutes), now)
        detect(store, watch_of(store, now=now), now=now)
    assert len(spikes_of(store)) == len(queued(store, "post_spike")) == 2


def test_no_other_one_is_told_beside_the_first_where_somebody_said_that_it_is_no_outage(store: Store) -> None:
    watch = _payments_fail(store)
    _, down = _then_all_is_down(store, watch)
    do(store, dismiss_spike, spike_id=down.id, user_id="U0SAM", now=LATER + 5 * MINUTE)
    now = LATER + 25 * MINUTE
    go_on(store, watch, customer_posts(40, until=now, minutes=19, first=300), now)
    now += 4 * MINUTE
    go_on(store, watch, _down(200, until=now, minutes=3, first=5_000), now)
    assert len(spikes_of(store)) == 2


def test_the_same_people_who_say_that_all_is_down_raise_no_alert(store: Store) -> None:
    watch = _payments_fail(store)
    now = LATER + 4 * MINUTE
    go_on(store, watch, _down(24, until=now, minutes=3.5, first=500, again=range(100, 124)), now)
    [pay] = spikes_of(store)
    assert DOWN in pay.related, "else not enough of them wrote"


@pytest.mark.parametrize("had_joined", [False, True])
def test_cases_of_people_who_wrote_before_stay_with_the_first(store: Store, *, had_joined: bool) -> None:
    watch = _payments_fail(store)
    with store.unit_of_work() as uow:
        [pay] = uow.spikes.since(NOW)
        uow.spikes.save(replace(pay, related=(SITUATION, DOWN) if had_joined else (SITUATION,)))
    _join(store, LATER)
    assert len(_cases(store, pay)) == 80
    pay, down = _then_all_is_down(store, watch, again=(100, 101, 102))
    _join(store, down.found_at)
    assert (len(_cases(store, pay)), len(_cases(store, down))) == (80, 24)
    assert not _cases(store, pay) & _cases(store, down)

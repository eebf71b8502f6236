"""An outage that begins while an alert is open is told by an alert of its own, on both databases."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from adapters.slack.surge.spike_alert import render_spike
from domain.intake.posts import Author, Post
from domain.surge.series import Series, SeriesKind
from domain.surge.spikes import Spike, SpikeState
from domain.surge.watch import SurgeWatch
from domain.triage.situations import Situation
from handlers.outages.spikes import attribute_spike
from handlers.surge.counting import read_recent
from handlers.surge.spike_cases import join_spikes
from handlers.surge.spikes import dismiss_spike, record_alert
from handlers.surge.views import view_spike
from storage.engine import Store
from storage.surge_tables import spike_cases
from tests.handlers.made import MINUTE, NOW, a_post, arrive, do, queued
from tests.handlers.outages.made import ListDestination, an_outage, destinations, sent
from tests.handlers.surge.made import FINDER, SITUATION, customer_posts, detect, go_on, spikes_of, watch_of

LOGIN = Series(SeriesKind.SITUATION, Situation.ACCOUNT_ACCESS.value)
LATER = NOW + 20 * MINUTE
CANNOT_LOG_IN = ("@acme I cannot log in", "@acme it says locked out", "@acme no puedo entrar en mi cuenta")
BECAUSE = ("@acme cannot pay, because I cannot log in", "@acme payment fails, as the login does")


def _posts(texts: Sequence[str], number: int, *, until: datetime, minutes: float, first: int) -> list[Post]:
    return [
        a_post(
            str(1_000 + first + n),
            f"{texts[n % len(texts)]} {n}",
            created_at=until - timedelta(minutes=minutes) * (1 - (n + 0.5) / number),
            author=Author(id=f"c{first + n}", handle=f"h{first + n}", name=f"Name {first + n}"),
        )
        for n in range(number)
    ]


def _login_fails(store: Store) -> SurgeWatch:
    """Let people say for 20 minutes that they cannot log in, from the first alert on."""
    arrive(store, *_posts(CANNOT_LOG_IN, 20, until=NOW, minutes=10, first=1))
    watch = watch_of(store)
    detect(store, watch)
    [spike] = spikes_of(store)
    assert spike.series == LOGIN
    do(store, record_alert, spike_id=spike.id, channel="C0ONCALL", ts="17.1")
    go_on(store, watch, _posts(CANNOT_LOG_IN, 30, until=LATER, minutes=19, first=100), LATER)
    assert len(spikes_of(store)) == 1
    return watch


def _payments_fail(store: Store, watch: SurgeWatch) -> list[Spike]:
    now = LATER + 4 * MINUTE
    go_on(store, watch, customer_posts(16, until=now, minutes=4, first=500), now)
    return spikes_of(store)


def test_payments_that_fail_while_nobody_can_log_in_have_an_alert_of_their_own(store: Store) -> None:
    login, pay = _payments_fail(store, _login_fails(store))
    assert (login.state, pay.state) == (SpikeState.OPEN, SpikeState.OPEN)
    assert login.related == ()
    assert SITUATION in pay.all_series
    assert [row["payload"]["spike_id"] for row in queued(store, "post_spike")] == [login.id, pay.id]
    now = LATER + 5 * MINUTE
    view = do(store, view_spike, spike_id=pay.id, finder=FINDER, network_label=str, now=now)
    assert [one.id for one in view.beside] == [login.id]
    told = str(render_spike(view, team_url="https://acme.slack.example/", picture=None)["blocks"])
    assert "It looks like another outage than “Cannot log in”" in told
    assert "archives/C0ONCALL/p171|Open that alert" in told
    first = do(store, view_spike, spike_id=login.id, finder=FINDER, network_label=str, now=now)
    assert first.beside == ()


def _beside(store: Store, spike: Spike) -> list[int]:
    view = do(store, view_spike, spike_id=spike.id, finder=FINDER, network_label=str, now=spike.found_at)
    return [one.id for one in view.beside]


def test_an_alert_names_no_spike_that_was_over_or_is_no_outage(store: Store) -> None:
    login, pay = _payments_fail(store, _login_fails(store))
    later = pay.found_at + MINUTE
    dismissed = replace(login, state=SpikeState.DISMISSED, ended_at=later, dismissed_at=later)
    for other, named in (
        (replace(login, state=SpikeState.ENDED, ended_at=later), [login.id]),
        (replace(login, state=SpikeState.ENDED, ended_at=pay.found_at - MINUTE), []),
        (replace(dismissed, dismissed_by="U0SAM"), []),
    ):
        with store.unit_of_work() as uow:
            uow.spikes.save(other)
        assert _beside(store, pay) == named


def test_an_alert_names_no_network_that_is_silent(store: Store) -> None:
    login, pay = _payments_fail(store, _login_fails(store))
    with store.unit_of_work() as uow:
        uow.spikes.add(replace(login, id=0, series=Series(SeriesKind.NETWORK, "net"), related=()))
        last = uow.spikes.add(replace(pay, id=0))
    assert _beside(store, last) == [login.id, pay.id]


def test_it_is_told_once_and_each_ends_by_itself(store: Store) -> None:
    watch = _login_fails(store)
    _payments_fail(store, watch)
    now = LATER + 40 * MINUTE
    go_on(store, watch, customer_posts(60, until=now, minutes=35, first=700), now)
    login, pay = spikes_of(store)
    assert (login.state, pay.state) == (SpikeState.ENDED, SpikeState.OPEN)
    assert len(queued(store, "post_spike")) == 2


def test_a_copy_that_starts_meanwhile_tells_it_once(store: Store) -> None:
    _payments_fail(store, _login_fails(store))
    now = LATER + 5 * MINUTE
    detect(store, watch_of(store, now=now), now=now)
    assert len(spikes_of(store)) == len(queued(store, "post_spike")) == 2


def test_those_who_cannot_pay_because_they_cannot_log_in_are_in_the_alert_that_is_open(store: Store) -> None:
    watch = _login_fails(store)
    now = LATER + 4 * MINUTE
    go_on(store, watch, _posts(BECAUSE, 24, until=now, minutes=4, first=500), now)
    with store.unit_of_work() as uow:
        found = [one for one in uow.arrivals.between(LATER, now) if one.situation == Situation.CANNOT_PAY]
    assert len(found) >= 12, "else nothing rose beside it"
    [login] = spikes_of(store)
    assert SITUATION in login.related
    assert len(queued(store, "post_spike")) == 1


def test_a_series_that_joined_is_taken_out_of_the_first_alert(store: Store) -> None:
    watch = _login_fails(store)
    with store.unit_of_work() as uow:
        [login] = uow.spikes.since(NOW)
        uow.spikes.save(replace(login, related=(SITUATION,)))
    login, pay = _payments_fail(store, watch)
    assert (login.related, pay.is_open) == ((), True)
    assert {"spike_id": login.id} in [row["payload"] for row in queued(store, "update_spike")]


def test_the_cases_of_a_series_that_left_are_on_one_board(store: Store) -> None:
    """Also those that had joined the first spike with that series; the others stay with it."""
    watch = _login_fails(store)
    with store.unit_of_work() as uow:
        [login] = uow.spikes.since(NOW)
        uow.spikes.save(replace(login, related=(SITUATION,)))
    now = LATER + 4 * MINUTE
    arrive(store, *customer_posts(16, until=now, minutes=4, first=500), now=now)
    _join(store, now)
    first = _cases_of(store, login)
    assert len(first) == 20 + 30 + 16, "else no payment had joined"
    watch.add(do(store, read_recent, now=now)[0])
    detect(store, watch, now=now)
    _join(store, now)
    login, pay = spikes_of(store)
    assert (len(_cases_of(store, login)), len(_cases_of(store, pay))) == (20 + 30, 16)
    assert _cases_of(store, login) | _cases_of(store, pay) == first
    before = _joined(store)
    _join(store, now + MINUTE)
    assert _joined(store) == before


def test_those_who_wrote_before_the_second_began_stay_with_the_first(store: Store) -> None:
    watch = _login_fails(store)
    arrive(store, *customer_posts(10, until=LATER - 5 * MINUTE, minutes=25, first=300), now=LATER)
    watch.add(do(store, read_recent, now=LATER)[0])
    with store.unit_of_work() as uow:
        [login] = uow.spikes.since(NOW)
        uow.spikes.save(replace(login, related=(SITUATION,)))
    _join(store, LATER)
    assert len(_cases_of(store, login)) == 20 + 30 + 10
    login, pay = _payments_fail(store, watch)
    assert pay.since >= LATER - MINUTE
    _join(store, LATER + 4 * MINUTE)
    assert (len(_cases_of(store, login)), len(_cases_of(store, pay))) == (20 + 30 + 10, 16)


def _join(store: Store, now: datetime) -> None:
    while do(store, join_spikes, finder=FINDER, now=now):
        pass


def _joined(store: Store) -> list[tuple[int, int, datetime]]:
    with store.engine.connect() as connection:
        rows = connection.execute(spike_cases.select())
        return sorted((row.spike_id, row.case_id, row.joined_at) for row in rows)


def _cases_of(store: Store, spike: Spike) -> set[int]:
    return {case_id for spike_id, case_id, _ in _joined(store) if spike_id == spike.id}


def test_it_is_told_where_the_first_is_a_known_outage_that_is_announced(store: Store) -> None:
    watch = _login_fails(store)
    outage, notice = an_outage(store)
    sent(store, notice, destinations(page=ListDestination()))
    [login] = spikes_of(store)
    do(
        store,
        attribute_spike,
        spike_id=login.id,
        outage_id=outage.id,
        finder=FINDER,
        user_id="U0KAI",
        now=LATER,
    )
    login, pay = _payments_fail(store, watch)
    assert (login.outage_id, pay.outage_id) == (outage.id, None)


def test_it_is_told_where_the_first_was_no_outage(store: Store) -> None:
    watch = _login_fails(store)
    [login] = spikes_of(store)
    do(store, dismiss_spike, spike_id=login.id, user_id="U0SAM", now=LATER)
    assert [one.state for one in _payments_fail(store, watch)] == [SpikeState.DISMISSED, SpikeState.OPEN]


def test_so_many_texts_are_read_at_a_look(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A flood is read over several looks; what was not read counts for neither."""
    monkeypatch.setattr("handlers.surge.post_names.READ_AT_ONCE", 4)
    watch = _login_fails(store)
    assert len(_payments_fail(store, watch)) == 1
    for _ in range(3):
        now = LATER + 4 * MINUTE
        watch.add(do(store, read_recent, now=now)[0])
        watch._new.add(SITUATION)
        detect(store, watch, now=now)
    assert len(spikes_of(store)) == 2

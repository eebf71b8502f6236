"""Detect, follow and dismiss spikes by what is stored, on both databases."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from domain.intake.posts import Author
from domain.intake.stream_names import MENTIONS
from domain.intake.streams import Cursor, SourceFault
from domain.outages.policy import Component
from domain.outages.rehearsal import Rehearsal
from domain.records.audit import Action
from domain.surge.baseline import HISTORY_HOURS, hour_number
from domain.surge.series import Series, SeriesFinder, SeriesKind
from domain.surge.spikes import SpikeState
from handlers.outages.rehearsals import start_rehearsal
from handlers.surge.counting import (
    HOURS_IN_A_BATCH,
    count_hours,
    load_histories,
    prune,
    read_new,
    read_recent,
)
from handlers.surge.spikes import AlreadyDismissed, SpikeGone, dismiss_spike
from handlers.surge.views import spike_facts, view_spike
from storage.engine import Store
from storage.tables import audit
from tests.handlers.made import ACME, HOUR, MINUTE, NOW, PAYMENT, POLICY, arrive, do, queued
from tests.handlers.outages.made import SAM_MAY
from tests.handlers.surge.made import FINDER, NETWORK, SITUATION, customer_posts, detect, spikes_of, watch_of
from tests.handlers.surge.made import PAYMENTS as PAYMENT_COMPONENTS

PAYMENTS = Series(SeriesKind.COMPONENT, "Payments")
ASKED = Rehearsal(channel="C0DRILL", posts=20, minutes=5, started_by="U1", asked_at=NOW)


def _save_counts(store: Store, series: Series, a_hour: int, *, weeks: int = 4) -> None:
    with store.unit_of_work() as uow:
        for hour in range(hour_number(NOW) - weeks * 168, hour_number(NOW)):
            uow.arrivals.save_counts(hour, {series.key: a_hour})


def test_a_spike_is_found_once_and_its_alert_is_queued(store: Store) -> None:
    arrive(store, *customer_posts(20))
    watch = watch_of(store)
    detect(store, watch)
    detect(store, watch, now=NOW + MINUTE)
    [spike] = spikes_of(store)
    assert spike.state is SpikeState.OPEN
    assert {spike.series, *spike.related} == {SITUATION, Series(SeriesKind.COMPONENT, "Payments")}
    assert spike.count == 20
    [effect] = queued(store, "post_spike")
    assert effect["payload"] == {"spike_id": spike.id, "channel": POLICY.alert_channel}


def test_a_restart_between_detection_and_alert_doubles_nothing(store: Store) -> None:
    arrive(store, *customer_posts(20))
    detect(store, watch_of(store))
    arrive(store, *customer_posts(5, until=NOW + MINUTE, minutes=1, first=50), now=NOW + MINUTE)
    detect(store, watch_of(store, now=NOW + MINUTE), now=NOW + MINUTE)
    assert len(spikes_of(store)) == len(queued(store, "post_spike")) == 1


def test_one_author_who_writes_often_is_no_spike(store: Store) -> None:
    arrive(
        store, *[replace(post, author=Author(id="1", handle="h", name="N")) for post in customer_posts(20)]
    )
    detect(store, watch_of(store))
    assert spikes_of(store) == []


def test_a_spike_ends_when_it_is_calm_again_and_the_alert_is_edited(store: Store) -> None:
    arrive(store, *customer_posts(20))
    watch = watch_of(store)
    detect(store, watch)
    detect(store, watch, now=NOW + 40 * MINUTE)
    [spike] = spikes_of(store)
    assert (spike.state, spike.ended_at) == (SpikeState.ENDED, NOW + 40 * MINUTE)
    assert [row["payload"] for row in queued(store, "update_spike")] == [{"spike_id": spike.id}]


def test_a_dismissed_spike_is_recorded_and_not_told_again(store: Store) -> None:
    arrive(store, *customer_posts(20))
    watch = watch_of(store)
    detect(store, watch)
    [spike] = spikes_of(store)
    do(store, dismiss_spike, spike_id=spike.id, user_id="U0SAM", now=NOW + MINUTE)
    with store.engine.connect() as connection:
        entries = connection.execute(audit.select().where(audit.c.action == Action.SPIKE_DISMISSED)).all()
    [entry] = entries
    assert (entry.actor, entry.detail["spike"], entry.detail["count"]) == ("U0SAM", spike.id, 20)
    arrive(store, *customer_posts(18, until=NOW + 20 * MINUTE, minutes=10, first=100), now=NOW + 20 * MINUTE)
    watch.add(do(store, read_recent, now=NOW + 20 * MINUTE)[0])
    detect(store, watch, now=NOW + 20 * MINUTE)
    assert [one.state for one in spikes_of(store)] == [SpikeState.DISMISSED]
    with pytest.raises(AlreadyDismissed):
        do(store, dismiss_spike, spike_id=spike.id, user_id="U0MIA", now=NOW + MINUTE)
    with pytest.raises(SpikeGone):
        do(store, dismiss_spike, spike_id=999, user_id="U0MIA", now=NOW + MINUTE)


def test_more_than_was_dismissed_is_told(store: Store) -> None:
    arrive(store, *customer_posts(20))
    watch = watch_of(store)
    detect(store, watch)
    [spike] = spikes_of(store)
    do(store, dismiss_spike, spike_id=spike.id, user_id="U0SAM", now=NOW + MINUTE)
    later = NOW + 30 * MINUTE
    arrive(store, *customer_posts(120, until=later, minutes=10, first=100), now=later)
    watch.add(do(store, read_recent, now=later)[0])
    detect(store, watch, now=later)
    assert [one.state for one in spikes_of(store)] == [SpikeState.DISMISSED, SpikeState.OPEN]


def _cursor(store: Store, **changes: datetime | SourceFault | None) -> None:
    cursor = Cursor(network="x", account_id=ACME.id, stream=MENTIONS)
    with store.unit_of_work() as uow:
        uow.cursors.save(replace(cursor, **changes))  # type: ignore[arg-type]


def test_silence_of_a_network_that_is_read_is_told_and_ends(store: Store) -> None:
    _save_counts(store, NETWORK, 40)
    _cursor(store, read_at=NOW, arrived_at=NOW - 2 * HOUR)
    watch = watch_of(store)
    detect(store, watch)
    detect(store, watch)
    [silence] = spikes_of(store)
    assert silence.series == NETWORK
    assert silence.expected > 60
    assert len(queued(store, "post_spike")) == 1
    arrive(store, *customer_posts(1, until=NOW + MINUTE, minutes=0.1), now=NOW + MINUTE)
    watch.add(do(store, read_recent, now=NOW + MINUTE)[0])
    detect(store, watch, now=NOW + MINUTE)
    assert spikes_of(store)[0].state is SpikeState.ENDED


@pytest.mark.parametrize(
    "changes",
    [
        {"read_at": NOW - 10 * MINUTE, "arrived_at": NOW - 2 * HOUR},
        {"read_at": NOW, "arrived_at": NOW - 2 * HOUR, "pause_reason": SourceFault.OUT_OF_CREDIT},
        {"read_at": NOW, "arrived_at": NOW - 5 * MINUTE},
        {"read_at": NOW, "arrived_at": None},
    ],
)
def test_no_silence_where_the_network_is_not_read_or_was_heard(
    store: Store, changes: dict[str, datetime | SourceFault | None]
) -> None:
    _save_counts(store, NETWORK, 40)
    _cursor(store, **changes)
    detect(store, watch_of(store))
    assert spikes_of(store) == []


def test_hours_are_counted_once_they_are_over_and_were_read(store: Store) -> None:
    old = NOW - 30 * HOUR
    arrive(store, *customer_posts(6, until=old, minutes=4))
    _cursor(store, read_at=NOW - 3 * HOUR)
    assert do(store, count_hours, finder=FINDER, accounts=[ACME], now=NOW) is True
    assert do(store, count_hours, finder=FINDER, accounts=[ACME], now=NOW) is False
    histories = do(store, load_histories, now=NOW)
    counts = histories[SITUATION.key]
    assert counts[hour_number(old) - 1] + counts.get(hour_number(old), 0) == 6
    assert sum(counts.values()) == sum(histories[NETWORK.key].values()) == 6
    assert max(counts) == hour_number(NOW - 3 * HOUR - 10 * MINUTE) - 1
    assert len(counts) > HOURS_IN_A_BATCH
    _cursor(store, read_at=NOW)
    assert do(store, count_hours, finder=FINDER, accounts=[ACME], now=NOW) is False
    assert max(do(store, load_histories, now=NOW)[SITUATION.key]) == hour_number(NOW - 10 * MINUTE) - 1


def test_a_first_start_with_older_posts_learns_from_them(store: Store) -> None:
    for day in range(1, 15):
        at = NOW - timedelta(days=day)
        arrive(store, *customer_posts(8, until=at, minutes=50, first=day * 100), now=at)
    while do(store, count_hours, finder=FINDER, accounts=[ACME], now=NOW):
        pass
    arrive(store, *customer_posts(8, minutes=50, first=5_000))
    detect(store, watch_of(store))
    assert spikes_of(store) == []


def test_hours_of_a_spike_are_left_out_until_it_is_dismissed(store: Store) -> None:
    _save_counts(store, SITUATION, 2)
    arrive(store, *customer_posts(20))
    detect(store, watch_of(store))
    [spike] = spikes_of(store)
    assert hour_number(NOW) - 1 not in do(store, load_histories, now=NOW)[SITUATION.key]
    do(store, dismiss_spike, spike_id=spike.id, user_id="U0SAM", now=NOW)
    assert hour_number(NOW) - 1 in do(store, load_histories, now=NOW)[SITUATION.key]


def test_the_posts_of_a_full_hour_are_not_held_at_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.arrivals.READ_AT_ONCE", 2)
    arrive(store, *customer_posts(7))
    with store.unit_of_work() as uow:
        found = uow.arrivals.between(NOW - HOUR, NOW)
        assert next(found).author == "x:c1"
        assert [one.author for one in found] == [f"x:c{n}" for n in range(2, 8)]


def test_new_posts_are_read_after_a_message(store: Store) -> None:
    arrive(store, *customer_posts(3))
    _, after = do(store, read_recent, now=NOW)
    assert [one.author for one in do(store, read_new, after=after)] == ["x:c1", "x:c2", "x:c3"]
    last = max(one.id for one in do(store, read_new, after=after))
    assert do(store, read_new, after=last) == []


def test_what_is_no_longer_learnt_from_is_pruned(store: Store) -> None:
    arrive(store, *customer_posts(20))
    watch = watch_of(store)
    detect(store, watch)
    detect(store, watch, now=NOW + HOUR)
    _save_counts(store, SITUATION, 2)
    much_later = NOW + 2 * HISTORY_HOURS * HOUR
    do(store, prune, now=much_later)
    assert spikes_of(store) == []
    with store.unit_of_work() as uow:
        assert uow.arrivals.last_hour() is None


def test_the_view_has_examples_languages_and_a_history(store: Store) -> None:
    arrive(store, *customer_posts(20))
    detect(store, watch_of(store))
    [spike] = spikes_of(store)
    view = do(
        store, view_spike, spike_id=spike.id, finder=FINDER, network_label=str.upper, now=NOW + 5 * MINUTE
    )
    assert len(view.examples) == 5
    assert len({example.case.id for example in view.examples}) == 5
    assert view.reading is not None
    assert (view.reading.people, view.reading.period) == (20, NOW + 5 * MINUTE - spike.since)
    assert sum(number for _, number in view.reading.languages) == 20
    assert view.history is not None
    assert sum(view.history.counts) == 20
    assert view.history.since + view.history.bucket * len(view.history.counts) == NOW + 5 * MINUTE
    assert view.history.usual < 1


def test_the_view_says_where_an_outage_is_rehearsed_meanwhile(store: Store) -> None:
    arrive(store, *customer_posts(20))
    detect(store, watch_of(store))
    [spike] = spikes_of(store)
    silence = replace(spike, series=NETWORK)
    with store.unit_of_work() as uow:
        silent = uow.spikes.add(silence)
    for channel in (None, "C0DRILL"):
        if channel is not None:
            do(store, start_rehearsal, ASKED, actor=SAM_MAY, now=NOW)
        for one in (spike, silent):
            view = do(store, view_spike, spike_id=one.id, finder=FINDER, network_label=str.upper, now=NOW)
            assert view.rehearsal_channel == channel


def test_headline_languages_and_chart_are_of_the_same_posts_at_one_moment(store: Store) -> None:
    """Others wrote between the look and the drawing, some of them about what rose beside it."""
    arrive(store, *customer_posts(20))
    detect(store, watch_of(store))
    [spike] = spikes_of(store)
    later = NOW + 2 * MINUTE
    more = customer_posts(9, until=later, minutes=1, first=60)
    beside = [
        replace(post, text=f"@acme thanks, my payment arrived, great work {number}")
        for number, post in enumerate(customer_posts(7, until=later, minutes=1, first=90))
    ]
    arrive(store, *more, *beside, now=later)
    with store.unit_of_work() as uow:
        uow.spikes.save(replace(spike, series=SITUATION, related=(PAYMENTS,)))
    view = do(store, view_spike, spike_id=spike.id, finder=FINDER, network_label=str, now=later)
    assert view.reading is not None
    assert view.history is not None
    assert view.reading.people == sum(number for _, number in view.reading.languages) == 29
    assert sum(view.history.counts) == 29, "nobody wrote before, and each wrote once"
    assert {example.message.text for example in view.examples} == {PAYMENT}
    assert view.reading.usual == pytest.approx(
        view.history.usual * (view.reading.period / view.history.bucket)
    )


def test_what_came_after_its_end_is_in_the_chart_alone(store: Store) -> None:
    arrive(store, *customer_posts(20))
    detect(store, watch_of(store))
    [spike] = spikes_of(store)
    with store.unit_of_work() as uow:
        uow.spikes.save(replace(spike, state=SpikeState.ENDED, ended_at=NOW))
    arrive(store, *customer_posts(3, until=NOW + 6 * MINUTE, minutes=4, first=60), now=NOW + 6 * MINUTE)
    view = do(store, view_spike, spike_id=spike.id, finder=FINDER, network_label=str, now=NOW + HOUR)
    assert view.reading is not None
    assert view.history is not None
    assert (view.reading.at, view.reading.people, sum(view.history.counts)) == (NOW, 20, 23)


def test_the_facts_of_a_spike_prefill_a_form(store: Store) -> None:
    arrive(store, *customer_posts(20))
    detect(store, watch_of(store))
    [spike] = spikes_of(store)
    facts = do(store, spike_facts, spike_id=spike.id, finder=FINDER, now=NOW + MINUTE)
    assert facts.component == "Payments"
    assert facts.prevailing == spike.all_series
    assert facts.texts == (PAYMENT,) * 5


def test_the_facts_are_of_what_most_wrote_not_of_what_rose_first_beside_it(store: Store) -> None:
    app = Component(name="App", words=("app",))
    pays = customer_posts(20, minutes=10)
    others = [
        replace(one, text=text)
        for text in ("@acme my parcel has not arrived", "@acme your app is slow")
        for one in customer_posts(6, minutes=2, first=900 + len(text))
    ]
    arrive(store, *(replace(one, text="@acme my payment fails") for one in pays), *others)
    finder = SeriesFinder((app, *PAYMENT_COMPONENTS))
    detect(store, watch_of(store))
    [spike] = spikes_of(store)
    beside = (Series(SeriesKind.COMPONENT, "App"), Series(SeriesKind.SITUATION, "delivery"), PAYMENTS)
    with store.unit_of_work() as uow:
        uow.spikes.save(replace(spike, series=SITUATION, related=beside))
    facts = do(store, spike_facts, spike_id=spike.id, finder=finder, now=NOW + MINUTE)
    assert facts.component == "Payments"
    assert facts.texts == ("@acme my payment fails",) * 5


def test_a_deleted_post_is_no_example(store: Store) -> None:
    arrive(store, *customer_posts(12))
    detect(store, watch_of(store))
    [spike] = spikes_of(store)
    newest = max(do(store, read_recent, now=NOW)[0], key=lambda one: one.at)
    with store.unit_of_work() as uow:
        uow.messages.save(replace(uow.messages.get(newest.id), deleted_at=NOW, text=""))
    view = do(store, view_spike, spike_id=spike.id, finder=FINDER, network_label=str, now=NOW)
    assert newest.id not in {example.message.id for example in view.examples}
    assert len(view.examples) == 5

"""Whoever gets the lead of an outage is told at once, and not only when something is due."""

from datetime import datetime, timedelta

import pytest

from domain.outages.lifecycle import Actor
from handlers.outages.lead import hand_over_lead
from storage.engine import Store
from tests.handlers.made import HOUR, KAI, MIA, MINUTE, NOW, SAM, do, queued
from tests.handlers.outages.made import ANYTHING, MIA_MAY, SAM_MAY, an_outage


def hand_over(store: Store, outage_id: int, to: str, actor: Actor, *, now: datetime = NOW) -> None:
    do(store, hand_over_lead, outage_id=outage_id, to=to, actor=actor, by_name="Sam Okafor", now=now)


def told(store: Store) -> list[tuple[str, str, int]]:
    alerts = [row["payload"] for row in queued(store, "alert")]
    return [(alert["channel"], alert["text"], alert["board_of"]) for alert in alerts]


def test_who_gets_the_lead_is_told_by_whom_and_what_is_due(store: Store) -> None:
    outage, _ = an_outage(store)
    with store.unit_of_work() as uow:
        uow.outages.save(outage.changed(next_update_due=NOW + 20 * MINUTE))
    hand_over(store, outage.id, MIA, SAM_MAY)
    [(channel, text, board_of)] = told(store)
    assert (channel, board_of) == (MIA, outage.id)
    assert text.startswith(f"You lead “{outage.title}” from now on: Sam Okafor handed it over to you.")
    assert "Its next update is due in 20 minutes." in text
    hand_over(store, outage.id, MIA, SAM_MAY)
    assert len(told(store)) == 1, "she leads it already"
    hand_over(store, outage.id, KAI, MIA_MAY, now=NOW + HOUR)
    hand_over(store, outage.id, MIA, Actor(user_id=KAI, rights=ANYTHING), now=NOW + HOUR)
    assert [(channel, "due now" in text) for channel, text, _ in told(store)[1:]] == [
        (KAI, True),
        (MIA, True),
    ]


@pytest.mark.parametrize(
    ("left", "when"),
    [
        (timedelta(minutes=-30), "due now"),
        (timedelta(minutes=119), "due in 119 minutes"),
        (timedelta(hours=3), "due in 3 hours"),
        (timedelta(days=1, minutes=5), "due in 24 h 5 min"),
    ],
)
def test_it_is_told_in_hours_when_the_next_update_is_due_later(
    sqlite: Store, left: timedelta, when: str
) -> None:
    outage, _ = an_outage(sqlite)
    with sqlite.unit_of_work() as uow:
        uow.outages.save(outage.changed(next_update_due=NOW + left))
    hand_over(sqlite, outage.id, MIA, SAM_MAY)
    assert f"Its next update is {when}." in told(sqlite)[0][1]


def test_who_takes_the_lead_themselves_is_not_told_and_no_time_is_made_up(store: Store) -> None:
    outage, _ = an_outage(store)
    hand_over(store, outage.id, MIA, MIA_MAY)
    assert told(store) == []
    hand_over(store, outage.id, SAM, MIA_MAY)
    [(_, text, _)] = told(store)
    assert "No time is promised for its next update." in text

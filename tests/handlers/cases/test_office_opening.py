"""Redraw the cards that say until when the desk is closed, once at each opening."""

from datetime import timedelta

import pytest

from domain.cases.service_levels import ServiceLevel, ServiceLevels
from domain.office_hours import office_hours
from handlers.cases.office_opening import redraw_at_opening
from handlers.cases.resolution import resolve
from storage.engine import Store
from storage.unit_of_work import UnitOfWork
from tests.handlers.cases.test_waits import the_case
from tests.handlers.made import HOUR, MINUTE, NOW, SAM, a_post, arrive, do, queued

#: NOW is a Saturday noon.
MONDAY = NOW + timedelta(days=1, hours=21)
LEVEL = ServiceLevel(name="usual", first=HOUR, following=HOUR)


@pytest.fixture
def case_id(store: Store) -> int:
    """A case with a card, whose reply is due after the desk opens on Monday at nine."""
    store.service_levels = ServiceLevels(levels=[LEVEL], hours=office_hours(["mon-fri 09:00-18:00"], "UTC"))
    arrive(store, a_post("9000"), service_levels=store.service_levels)
    found = the_case(store).id
    do(store, drawn, case_id=found)
    return found


def drawn(uow: UnitOfWork, *, case_id: int) -> None:
    uow.cases.record_card_location(case_id, channel="C1", ts="1.1", digest="d")


def updated(store: Store) -> list[int]:
    return [row["payload"]["case_id"] for row in queued(store, "update_card")]


def test_cards_are_redrawn_once_when_the_desk_opens(store: Store, case_id: int) -> None:
    assert [do(store, redraw_at_opening, now=at) for at in (NOW, NOW + HOUR, MONDAY - MINUTE)] == [0, 0, 0]
    assert updated(store) == []
    assert [do(store, redraw_at_opening, now=at) for at in (MONDAY, MONDAY + MINUTE)] == [1, 0]
    assert updated(store) == [case_id]


def test_an_opening_that_a_restart_missed_is_made_up_for(store: Store, case_id: int) -> None:
    do(store, redraw_at_opening, now=NOW)
    tuesday_night = MONDAY + timedelta(days=1, hours=12)
    assert do(store, redraw_at_opening, now=tuesday_night) == 1, "the card names Monday's opening"
    assert updated(store) == [case_id]
    assert do(store, redraw_at_opening, now=tuesday_night + MINUTE) == 0


def test_other_hours_are_told_at_once(store: Store, case_id: int) -> None:
    do(store, redraw_at_opening, now=NOW)
    store.service_levels = ServiceLevels(levels=[LEVEL], hours=office_hours(["sat 08:00-20:00"], "UTC"))
    assert do(store, redraw_at_opening, now=NOW + MINUTE) == 1
    assert updated(store) == [case_id]


def test_a_closed_case_keeps_its_card(store: Store, case_id: int) -> None:
    do(store, redraw_at_opening, now=NOW)
    do(store, resolve, case_id=case_id, version=None, user_id=SAM, now=NOW + MINUTE)
    assert do(store, redraw_at_opening, now=MONDAY) == 0


def test_a_desk_without_hours_redraws_nothing(store: Store, case_id: int) -> None:
    assert case_id
    store.service_levels = ServiceLevels(levels=[LEVEL])
    assert [do(store, redraw_at_opening, now=at) for at in (NOW, MONDAY)] == [0, 0]

"""Waits are read as they were stored, those that have just begun and others."""

from dataclasses import fields
from datetime import timedelta
from typing import Any

from domain.cases.waits import EndReason, Wait, WaitKind
from domain.venues import Venue
from storage.engine import Store
from tests.storage.made import NOW

#: A value for each field that is not empty when a wait begins, and what else it may have later.
BEGINS: dict[str, Any] = {
    "kind": WaitKind.NEXT,
    "asked_message_id": 4,
    "asked_at": NOW,
    "due_at": NOW + timedelta(minutes=1),
    "policy": "urgent",
    "resolution_due_at": NOW + timedelta(minutes=2),
    "resolution_policy": "slow",
    "resolution_warned_at": NOW + timedelta(minutes=3),
    "resolution_breached_at": NOW + timedelta(minutes=4),
    "check_at": NOW + timedelta(minutes=5),
}
LATER: dict[str, Any] = {
    "answered_message_id": 5,
    "answered_at": NOW + timedelta(minutes=6),
    "answered_by": "U1",
    "venue": Venue.CHAT,
    "by_offer": True,
    "office_seconds": 7.5,
    "ended_at": NOW + timedelta(minutes=8),
    "end_reason": EndReason.THANKS,
    "warned_at": NOW + timedelta(minutes=9),
    "breached_at": NOW + timedelta(minutes=10),
}


def test_every_field_of_a_wait_is_stored(store: Store, case_id: int) -> None:
    assert {field.name for field in fields(Wait)} == {"id", "case_id", *BEGINS, *LATER}
    begun = Wait(id=0, case_id=case_id, **BEGINS)
    # One at a time: whatever a wait has from the start that only comes later has to be stored as well.
    whole = Wait(id=0, case_id=case_id, **BEGINS, **LATER)
    warned = Wait(id=0, case_id=case_id, **BEGINS, warned_at=NOW, ended_at=NOW)
    breached = Wait(id=0, case_id=case_id, **BEGINS, breached_at=NOW, ended_at=NOW)
    with store.unit_of_work() as uow:
        for waits in ([whole], [warned, breached], [begun]):
            uow.responses.add_many(waits)
        found = uow.responses.of_case(case_id)
    assert [_without_id(wait) for wait in found] == [
        _without_id(wait) for wait in (whole, warned, breached, begun)
    ]


def _without_id(wait: Wait) -> dict[str, Any]:
    return {field.name: getattr(wait, field.name) for field in fields(wait) if field.name != "id"}

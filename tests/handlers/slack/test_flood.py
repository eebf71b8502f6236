"""Show the urgent cases of a flooded channel in a modal, and claim from it."""

from dataclasses import replace
from typing import Any

from adapters.slack.action_ids import CallbackId, card_value
from handlers.cases.assignment import claim
from handlers.context import AppContext
from handlers.slack import cases, flood
from handlers.slack.payloads import Press
from storage.engine import Store
from tests.handlers.made import ANA, NOW, SAM, a_stored_case, case_of, do
from tests.handlers.slack.listening import Ack, opened_views
from tests.handlers.slack.test_contact_data import with_masks
from tests.handlers.slack.test_records import Registered

FIRE = "@acme the charger is on fire, there is smoke everywhere"


def a_press(value: str, view: dict[str, Any] | None = None) -> Press:
    return Press(
        user_id=SAM, action={"value": value}, trigger_id="t", channel=None, thread_ts=None, view=view or {}
    )


async def test_a_case_that_is_claimed_in_the_list_has_no_button_any_more(
    sqlite: Store, sqlite_ctx: AppContext
) -> None:
    case = a_stored_case(sqlite, FIRE)
    with sqlite.unit_of_work() as uow:
        begun = uow.floods.begin(case.channel, now=NOW)
    await flood._show_urgent(sqlite_ctx, a_press(str(begun.id)))
    shown = opened_views(sqlite_ctx)[-1]
    assert shown["callback_id"] == CallbackId.URGENT_CASES
    assert "case.claim" in str(shown)
    opened = {**shown, "id": "V1"}
    do(sqlite, claim, case_id=case.id, user_id=SAM, now=NOW)
    await cases._show_urgent_again(sqlite_ctx, a_press(card_value(case.id, case.version), opened))
    assert case_of(sqlite, case.id).claimed_by == SAM
    redrawn = opened_views(sqlite_ctx)[-1]
    assert "case.claim" not in str(redrawn)
    assert redrawn["private_metadata"] == str(begun.id)


async def test_a_claim_in_the_list_shows_it_again_with_contact_data_masked(
    sqlite: Store, sqlite_ctx: AppContext
) -> None:
    case = a_stored_case(sqlite, FIRE, author=replace(ANA, name="ana@example.com"))
    with sqlite.unit_of_work() as uow:
        begun = uow.floods.begin(case.channel, now=NOW)
    app: Any = Registered()
    cases.register(app, with_masks(sqlite_ctx))
    body = {
        "user": {"id": SAM},
        "actions": [{"action_id": "case.claim", "value": card_value(case.id, case.version)}],
        "trigger_id": "t",
        "view": {
            "id": "V1",
            "type": "modal",
            "callback_id": CallbackId.URGENT_CASES,
            "private_metadata": str(begun.id),
        },
    }
    await app.actions["case.claim"](ack=Ack(), body=body)
    assert case_of(sqlite, case.id).claimed_by == SAM
    shown = str(opened_views(sqlite_ctx)[-1])
    assert "a…@example.com" in shown
    assert "ana@example.com" not in shown

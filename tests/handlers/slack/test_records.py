"""Show the audit trail and place legal holds by `/mentions`."""

from dataclasses import replace
from typing import Any

import pytest

from adapters.slack.action_ids import ActionId, OverflowChoice, card_value, overflow_value
from adapters.slack.cases.form_ids import CaseFormAction, CaseFormCallback
from domain.policy import Roles
from domain.records.audit import Action
from handlers.context import AppContext
from handlers.slack import cases, records
from handlers.slack.case_views import details_view
from handlers.slack.listeners import SubmitHandler, on_press, on_submit
from handlers.slack.payloads import Press
from handlers.slack.records import _show_older
from handlers.slack.roles import require_records
from storage.engine import Store
from tests.handlers.made import BEN, MIA, SAM, a_stored_case, audit_actions, case_of, queued, trail
from tests.handlers.slack.listening import Ack, ephemerals, opened_views
from tests.handlers.slack.test_commands import answer


async def said(ctx: AppContext, text: str, user_id: str = SAM) -> str:
    """Return the text of all blocks of the answer."""
    return str((await answer(ctx, {"user_id": user_id, "text": text}))["blocks"])


def put_card(store: Store, case_id: int, ts: str) -> None:
    with store.unit_of_work() as uow:
        uow.cases.record_card_location(case_id, channel="C0SUPPORT", ts=ts, digest="")


@pytest.mark.parametrize(
    "named",
    [
        "https://acme.slack.com/archives/C0SUPPORT/p1700000000123456",
        "&lt;https://acme.slack.com/archives/C0SUPPORT/p1800000000000001?thread_ts=1700000000.123456&amp;cid=C0SUPPORT&gt;",
        "{0}",
        "#{0}",
        "zebra",
    ],
)
async def test_the_trail_of_the_case_that_is_meant_is_shown(
    sqlite: Store, sqlite_ctx: AppContext, named: str
) -> None:
    case = a_stored_case(sqlite, "@acme my zebra never came")
    a_stored_case(sqlite, "@acme it is all right", author=BEN)
    put_card(sqlite, case.id, "1700000000.123456")
    await answer(sqlite_ctx, {"user_id": SAM, "text": "next"})
    shown = await said(sqlite_ctx, f"audit {named.format(case.id)}")
    assert f"What was done to case {case.id}" in shown
    assert shown.index("The case was opened") < shown.index(f"Claimed by <@{SAM}>")
    assert "Show older" not in shown


async def test_words_of_several_cases_list_them_and_no_words_show_what_people_did(
    sqlite: Store, sqlite_ctx: AppContext
) -> None:
    first = a_stored_case(sqlite, "@acme my zebra never came")
    second = a_stored_case(sqlite, "@acme where is the zebra?", author=BEN)
    assert "Which of these?" in await said(sqlite_ctx, "audit zebra")
    assert "No case has “giraffe” in it" in str(await said(sqlite_ctx, "audit giraffe"))
    assert "No case has" in await said(
        sqlite_ctx, "audit https://acme.slack.com/archives/C0SUPPORT/p1700000000000009"
    )
    await answer(sqlite_ctx, {"user_id": SAM, "text": "next"})
    await answer(sqlite_ctx, {"user_id": MIA, "text": "next"})
    everything = await said(sqlite_ctx, "audit")
    assert f"Claimed by <@{SAM}> · case" in everything
    assert f"Claimed by <@{MIA}> · case" in everything
    assert {f"case {case.id}" in everything for case in (first, second)} == {True}
    assert "The case was opened" not in everything
    assert "Sat 21 Nov: 2 opened" in everything


async def test_older_entries_come_by_a_button_until_there_are_none(
    sqlite: Store, sqlite_ctx: AppContext
) -> None:
    for number in range(20):
        a_stored_case(sqlite, f"@acme {number}", author=replace(BEN, id=f"b{number}"))
        await answer(sqlite_ctx, {"user_id": SAM, "text": "next"})
    answered = await answer(sqlite_ctx, {"user_id": SAM, "text": "audit"})
    # Of the bot's acts those that are as new as the acts that are shown.
    assert "Sat 21 Nov: 14 opened" in str(answered["blocks"])
    [button] = [
        element for block in answered["blocks"] for element in block.get("elements", ()) if "value" in element
    ]
    assert button["action_id"] == ActionId.AUDIT_OLDER.value
    for value, shown in ((button["value"], ["What people did"]), ("1:x", None)):
        body: Any = {"user": {"id": SAM}, "channel": {"id": "C1"}, "actions": [{"value": value}]}
        before = len(ephemerals(sqlite_ctx))
        await on_press(sqlite_ctx, _show_older)(ack=Ack(), body=body)
        new = ephemerals(sqlite_ctx)[before:]
        assert new == shown if shown else "What people did" not in new


async def test_a_hold_is_placed_with_a_reason_and_lifted(store: Store, ctx: AppContext) -> None:
    case = a_stored_case(store)
    assert "say why" in (await answer(ctx, {"user_id": SAM, "text": f"hold {case.id}"}))["text"]
    assert "no such case" in (await answer(ctx, {"user_id": SAM, "text": "hold 99 court"}))["text"]
    assert "under no legal hold" in (await answer(ctx, {"user_id": SAM, "text": f"unhold {case.id}"}))["text"]
    for reason in ("court order", "a <b>new</b> order"):
        told = (await answer(ctx, {"user_id": SAM, "text": f"hold {case.id} {reason}"}))["text"]
        assert "is under legal hold" in told
        assert f"`/mentions unhold {case.id}` lifts it" in told
        assert ("It was under one before" in told) is (reason != "court order")
    assert "Reason: “a &lt;b&gt;new&lt;/b&gt; order”" in told
    assert f"which <@{SAM}> placed" in told
    assert "its reason was “court order”" in told
    with store.unit_of_work() as uow:
        [hold] = uow.records.holds.of_cases([case.id])
    assert (hold.reason, hold.placed_by) == ("a <b>new</b> order", SAM)
    assert "a &lt;b&gt;new&lt;/b&gt; order" in await said(ctx, f"audit {case.id}")
    await answer(ctx, {"user_id": SAM, "text": f"unhold {case.id}"})
    with store.unit_of_work() as uow:
        assert uow.records.holds.of_cases([case.id]) == []
    assert [action for _, action, _ in audit_actions(store, case.id)][-3:] == [
        Action.HOLD_PLACED,
        Action.HOLD_PLACED,
        Action.HOLD_LIFTED,
    ]
    assert queued(store, "post_thread")


LEO = "U0LEO"


class Registered:
    """Keep the listeners of actions by id."""

    def __init__(self) -> None:
        self.actions: dict[str, Any] = {}

    def action(self, action_id: str) -> Any:  # noqa: ANN401 - a decorator, as Bolt's
        return lambda listener: self.actions.setdefault(action_id, listener)

    view = action


def with_groups(ctx: AppContext, viewer: str, records: str = "") -> AppContext:
    """Return the context with these groups in the settings; Leo, no agent, is a member of each."""
    directory: Any = ctx.directory
    directory.groups = dict.fromkeys(filter(None, [viewer, records]), frozenset({LEO}))
    return replace(ctx, policy=replace(ctx.policy, roles=Roles(viewer=viewer, records=records)))


async def test_a_hold_is_lifted_by_the_command_with_a_reason_as_it_is_placed(
    store: Store, ctx: AppContext
) -> None:
    case = a_stored_case(store)
    await answer(ctx, {"user_id": SAM, "text": f"hold {case.id} court order"})
    told = await answer(ctx, {"user_id": SAM, "text": f"unhold  {case.id}  the court has closed it"})
    assert "no longer under legal hold" in told["text"]
    lifted = trail(store, case.id)[-1]
    assert (lifted.action, lifted.detail["reason"]) == (Action.HOLD_LIFTED, "the court has closed it")
    assert (
        "there is no such case" in (await answer(ctx, {"user_id": SAM, "text": "unhold the court"}))["text"]
    )


async def test_viewers_see_cases_and_act_on_nothing(sqlite: Store, sqlite_ctx: AppContext) -> None:
    case = a_stored_case(sqlite, "@acme my zebra never came")
    assert "only members of #support may act" in await said(sqlite_ctx, "find zebra", LEO)
    ctx = with_groups(sqlite_ctx, viewer="@watchers")
    assert "zebra" in await said(ctx, "find zebra", LEO)
    for command in ("next", "mine", "words", "replies", "audit", f"hold {case.id} court"):
        assert "only members of #support may act" in await said(ctx, command, LEO), command
    more = overflow_value(OverflowChoice.DETAILS, case.id, case.version)
    await pressed(ctx, LEO, more)
    [details] = opened_views(ctx)
    assert "zebra" in str(details)
    await pressed(ctx, LEO, overflow_value(OverflowChoice.RESOLVE, case.id, case.version))
    assert "only members of #support may act" in ephemerals(ctx)[-1]
    assert case_of(sqlite, case.id) == case


async def test_records_are_for_their_group_where_there_is_one(sqlite: Store, sqlite_ctx: AppContext) -> None:
    case = a_stored_case(sqlite)
    ctx = with_groups(sqlite_ctx, viewer="watchers", records="@auditors")
    for command in ("audit", f"hold {case.id} court", f"unhold {case.id}"):
        assert "for members of @auditors" in await said(ctx, command), command
    assert "under legal hold" in await said(ctx, f"hold {case.id} court", LEO)
    assert "placed a legal hold" in await said(ctx, f"audit {case.id}", LEO)


async def test_whoever_is_deactivated_has_no_role(sqlite: Store, sqlite_ctx: AppContext) -> None:
    a_stored_case(sqlite, "@acme my zebra never came")
    ctx = with_groups(sqlite_ctx, viewer="watchers", records="@auditors")
    directory: Any = ctx.directory
    directory.groups["@auditors"] = {SAM}
    assert "What people did" in await said(ctx, "audit", SAM)
    directory.deactivated = {LEO, SAM}
    assert "your account is deactivated in Slack" in await said(ctx, "find zebra", LEO)
    assert "your account is deactivated in Slack" in await said(ctx, "audit", SAM)


async def pressed(ctx: AppContext, user_id: str, value: str) -> None:
    """Choose an entry of the card's menu, as the app has it registered."""
    app: Any = Registered()
    cases.register(app, ctx)
    action = {"selected_option": {"value": value}}
    body: Any = {"user": {"id": user_id}, "channel": {"id": "C1"}, "actions": [action], "trigger_id": "1"}
    await app.actions[ActionId.CASE_MORE.value](ack=Ack(), body=body)


def button_ids(view: Any) -> set[str]:  # noqa: ANN401 - a view
    """Return the ids of the buttons in Details."""
    rows = [block for block in view["blocks"] if block["type"] == "actions"]
    return {element["action_id"] for row in rows for element in row["elements"]}


async def test_a_hold_is_placed_and_released_in_details_by_who_keeps_records_alone(
    sqlite: Store, sqlite_ctx: AppContext
) -> None:
    case = a_stored_case(sqlite, "@acme my zebra never came")
    ctx = with_groups(sqlite_ctx, viewer="watchers", records="@auditors")
    listeners: Any = Registered()
    records.register(listeners, ctx)
    view = await details_view(ctx, case.id, LEO)
    assert button_ids(view) == {CaseFormAction.HOLD}
    assert CaseFormAction.HOLD not in button_ids(await details_view(ctx, case.id, SAM))
    value = card_value(case.id, case.version)
    in_modal = {"view": {"id": "V1"}, "user": {"id": LEO}, "trigger_id": "t"}
    pressed_hold = {**in_modal, "actions": [{"action_id": CaseFormAction.HOLD.value, "value": value}]}
    await listeners.actions[CaseFormAction.HOLD.value](ack=Ack(), body=pressed_hold)
    form = opened_views(ctx)[-1]
    assert form["callback_id"] == CaseFormCallback.HOLD
    assert "until the hold is released" in str(form)
    for user, reason, answered in (
        (SAM, "court", "are for members of @auditors"),
        (LEO, " ", "Say why."),
        (LEO, "court <order>", ""),
    ):
        assert answered in await submitted(ctx, records._place, user, form, reason)
    shown = str(await details_view(ctx, case.id, SAM))
    assert "*Legal hold:* court &lt;order&gt; · <@U0LEO>" in shown
    assert button_ids(await details_view(ctx, case.id, LEO)) == {CaseFormAction.RELEASE_HOLD}
    await records._open_release(ctx, replace(PRESS, action={"value": value}))
    form = opened_views(ctx)[-1]
    assert await submitted(ctx, records._release, LEO, form, "case is over") == ""
    assert "Legal hold" not in str(await details_view(ctx, case.id, SAM))
    told = await said(ctx, f"audit {case.id}", LEO)
    assert "<@U0LEO> placed a legal hold: court &lt;order&gt;" in told
    assert "<@U0LEO> lifted the legal hold: case is over" in told
    assert "under no legal hold" in await submitted(ctx, records._release, LEO, form, "")


PRESS = Press(user_id=LEO, action={}, trigger_id="t", channel=None, thread_ts=None, view={"id": "V1"})


async def submitted(ctx: AppContext, handler: SubmitHandler, user_id: str, form: Any, reason: str) -> str:  # noqa: ANN401 - a view
    """Submit the form with this reason; return what it is answered with, empty where it closes."""
    ack: Any = Ack()
    values = {"hold.reason": {"hold.reason": {"value": reason}}}
    view = {"id": "V1", "private_metadata": form["private_metadata"], "state": {"values": values}}
    body = {"user": {"id": user_id}, "view": view}
    await on_submit(ctx, handler, authorize=require_records)(ack=ack, body=body)
    [response] = ack.given
    return str(response) if response else ""

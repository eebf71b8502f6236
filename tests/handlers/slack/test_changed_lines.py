"""Tell whoever edits or deletes a line that has gone out that the customer has the first wording, once."""

from dataclasses import replace
from typing import Any

import pytest

from adapters.slack.action_ids import BadValue
from adapters.slack.cases.form_ids import MAX_CARRIED, correction_value, parse_correction_value
from domain.access import Standing
from domain.cases.case import Case
from domain.cases.messages import Delivery
from domain.errors import Refused
from domain.records.audit import SYSTEM, Action
from handlers.context import AppContext
from handlers.slack.changed_lines import handle_changed_message, open_correction
from handlers.slack.payloads import Press
from handlers.slack.thread_replies import handle_mention
from storage.engine import Store
from storage.unit_of_work import UnitOfWork
from tests.handlers.made import BEN, MIA, SAM, a_stored_case, do, messages, queued, trail
from tests.handlers.slack.handoff_forms import CARD, CHANNEL, in_private
from tests.handlers.slack.listening import ephemerals, opened_views
from tests.handlers.slack.test_thread_replies import TS, event

FIRST, NOW_SAYS = "Your refund is 49 €", "Your refund is 94 €"
EDITED = {"user": SAM, "ts": "1700000009.000000"}


@pytest.fixture
def case(sqlite: Store) -> Case:
    """A case in private, which Sam has."""
    return in_private(sqlite)


def mention(text: str, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - any field of an event
    return event(f"<@U0BOT> {text}", **changes)


def changed(text: str, before: str = f"<@U0BOT> {FIRST}", **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    """Build the event of a changed message."""
    message = {"user": SAM, "ts": TS, "thread_ts": CARD, "text": text, "edited": EDITED, **changes}
    was = {"user": SAM, "ts": TS, "thread_ts": CARD, "text": before}
    return {"subtype": "message_changed", "channel": CHANNEL, "message": message, "previous_message": was}


def deleted(ts: str = TS) -> dict[str, Any]:
    """Build the event of a deleted message."""
    was = {"user": SAM, "ts": ts, "thread_ts": CARD, "text": f"<@U0BOT> {FIRST}"}
    return {"subtype": "message_deleted", "channel": CHANNEL, "deleted_ts": ts, "previous_message": was}


def sent_texts(store: Store, case: Case) -> list[str]:
    return [message.text for message in messages(store, case.id) if message.sent_by]


def set_delivery(uow: UnitOfWork, *, case: Case, delivery: Delivery) -> None:
    [message] = [one for one in uow.messages.of_case(case.id, limit=9) if one.sent_by]
    uow.messages.save(replace(message, delivery=delivery))


async def test_an_edit_sends_nothing_and_is_told_once_in_whichever_ways_slack_tells_of_it(
    sqlite: Store, sqlite_ctx: AppContext, case: Case
) -> None:
    ctx = sqlite_ctx
    await handle_mention(ctx, mention(FIRST))
    do(sqlite, set_delivery, case=case, delivery=Delivery.SENT)
    for _ in range(2):
        await handle_mention(ctx, mention(NOW_SAYS, edited=EDITED))
        assert len(ephemerals(ctx)) == 1
        await handle_changed_message(ctx, changed(f"<@U0BOT> {NOW_SAYS}"))
    assert sent_texts(sqlite, case) == [FIRST]
    assert len(queued(sqlite, "send_private")) == 1
    assert ephemerals(ctx) == ["Your change here does not reach the customer: they have the first wording."]
    last = trail(sqlite, case.id)[-1]
    assert (last.action, last.actor, last.message_id) == (
        Action.LINE_EDITED,
        SAM,
        messages(sqlite, case.id)[-1].id,
    )
    again = {**EDITED, "ts": "1700000010.000000"}
    await handle_changed_message(ctx, changed("of no importance", edited=again))
    assert len(ephemerals(ctx)) == 2


@pytest.mark.parametrize(
    ("delivery", "words"),
    [
        (Delivery.QUEUED, "is on its way"),
        (Delivery.UNSURE, "is on its way"),
        (Delivery.FAILED, "was not sent"),
    ],
)
async def test_what_the_customer_has_of_a_line_that_is_not_known_to_have_arrived(
    sqlite: Store, sqlite_ctx: AppContext, case: Case, delivery: Delivery, words: str
) -> None:
    await handle_mention(sqlite_ctx, mention(FIRST))
    do(sqlite, set_delivery, case=case, delivery=delivery)
    await handle_changed_message(sqlite_ctx, changed("x"))
    assert words in ephemerals(sqlite_ctx)[0]


async def test_a_deletion_is_told_once(sqlite: Store, sqlite_ctx: AppContext, case: Case) -> None:
    await handle_mention(sqlite_ctx, mention(FIRST))
    for _ in range(2):
        await handle_changed_message(sqlite_ctx, deleted())
    [told] = ephemerals(sqlite_ctx)
    assert "Deleting your line here does not take it back" in told
    last = trail(sqlite, case.id)[-1]
    assert (last.action, last.actor, last.detail) == (Action.LINE_DELETED, SYSTEM, {"by": SAM})


async def test_what_says_the_same_or_went_to_nobody_is_not_told(
    sqlite: Store, sqlite_ctx: AppContext, case: Case
) -> None:
    await handle_changed_message(sqlite_ctx, changed("never sent"))
    await handle_changed_message(sqlite_ctx, deleted("1700000005.000100"))
    await handle_mention(sqlite_ctx, mention(FIRST))
    await handle_changed_message(sqlite_ctx, changed(f"<@U0BOT>  {FIRST}"))
    await handle_changed_message(sqlite_ctx, changed(f"<@U0BOT> {FIRST}"))
    # A preview of a link is a change, too, and says again when the message was edited.
    await handle_changed_message(sqlite_ctx, changed("x", before="x"))
    for odd in ({}, {"subtype": "message_changed"}, {"subtype": "message_deleted", "previous_message": 7}):
        await handle_changed_message(sqlite_ctx, odd)
    assert ephemerals(sqlite_ctx) == []
    assert trail(sqlite, case.id)[-1].action is Action.REPLY_QUEUED


async def test_a_name_that_is_added_later_sends_the_line_once(
    sqlite: Store, sqlite_ctx: AppContext, case: Case
) -> None:
    late = mention(FIRST, edited=EDITED)
    for _ in range(2):
        await handle_mention(sqlite_ctx, late)
        await handle_changed_message(sqlite_ctx, changed(f"<@U0BOT> {FIRST}", before=FIRST))
    assert sent_texts(sqlite, case) == [FIRST]
    assert ephemerals(sqlite_ctx) == []
    await handle_mention(sqlite_ctx, mention(FIRST, edited=EDITED, ts="1700000003.000100", user=MIA))
    assert "<@U0SAM> claimed this case" in ephemerals(sqlite_ctx)[0]


def press(value: str) -> Press:
    return Press(
        user_id=SAM, action={"value": value}, trigger_id="t", channel=CHANNEL, thread_ts=CARD, view={}
    )


async def test_the_correction_begins_with_what_the_line_says_now(
    sqlite: Store, sqlite_ctx: AppContext, case: Case
) -> None:
    await open_correction(sqlite_ctx, press(correction_value(case.id, case.version, NOW_SAYS)))
    [form] = opened_views(sqlite_ctx)
    assert form["callback_id"] == "private"
    assert NOW_SAYS in str(form)
    public = a_stored_case(sqlite, author=BEN)
    with pytest.raises(Refused, match="this conversation is public"):
        await open_correction(sqlite_ctx, press(correction_value(public.id, public.version, "x")))


@pytest.mark.parametrize("wording", ["", "a # b", "x" * MAX_CARRIED, "x" * (MAX_CARRIED + 1)])
def test_a_wording_is_carried_where_slack_takes_it(wording: str) -> None:
    value = correction_value(1, 2, wording)
    case, carried = parse_correction_value(value)
    assert (case.case_id, case.version) == (1, 2)
    assert carried == (wording if len(wording) <= MAX_CARRIED else "")
    assert len(value) <= 2000
    with pytest.raises(BadValue):
        parse_correction_value("1:2")


@pytest.mark.parametrize("user", ["U0WORKFLOW", None])
async def test_what_a_workflow_or_a_bot_writes_goes_to_nobody_and_the_holder_is_told(
    sqlite: Store, sqlite_ctx: AppContext, case: Case, user: str | None
) -> None:
    await handle_mention(sqlite_ctx, mention(FIRST, user=user, bot_id="B0FLOW"))
    [told] = ephemerals(sqlite_ctx)
    assert "a workflow, an app or a bot wrote that line" in told
    policy = replace(sqlite_ctx.policy, may_also_act=frozenset({Standing.BOT}))
    await handle_mention(replace(sqlite_ctx, policy=policy), mention(FIRST, user="U0FLOW", bot_id="B0FLOW"))
    assert sent_texts(sqlite, case) == []


@pytest.mark.parametrize(
    ("standing", "words"),
    [
        (Standing.GUEST, "you are a guest"),
        (Standing.STRANGER, "another organisation"),
        (Standing.BOT, "bots, apps and workflows"),
        (Standing.DEACTIVATED, "deactivated"),
        (Standing.UNKNOWN, "does not say just now who you are"),
    ],
)
async def test_who_is_no_member_of_the_workspace_sends_nothing_and_hears_why(
    sqlite: Store, sqlite_ctx: AppContext, case: Case, standing: Standing, words: str
) -> None:
    directory: Any = sqlite_ctx.directory
    directory.standings = {SAM: standing}
    await handle_mention(sqlite_ctx, mention(FIRST))
    [told] = ephemerals(sqlite_ctx)
    assert "Nothing was sent to the customer" in told
    assert words in told
    assert sent_texts(sqlite, case) == []
    allowed = replace(sqlite_ctx, policy=replace(sqlite_ctx.policy, may_also_act=frozenset({standing})))
    await handle_mention(allowed, mention(FIRST))
    assert sent_texts(sqlite, case) == [FIRST]

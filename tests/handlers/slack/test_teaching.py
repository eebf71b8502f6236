"""Correct a card by its form, and use the modal of what was taught."""

import json
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from adapters.slack.action_ids import ActionId, BadValue, BlockId, card_value
from domain.cases.case import Case, CaseState
from domain.cases.routes import Route
from domain.knowledge.desk_examples import PAGE_SIZE, ExamplesState
from domain.records.audit import Action
from domain.triage.assessment import Urgency
from domain.triage.situations import Situation
from handlers.context import AppContext
from handlers.slack import teaching
from handlers.slack.commands import run_command
from handlers.slack.listeners import on_command
from handlers.slack.payloads import Press, Submission
from storage.engine import Store
from storage.tables import audit
from tests.adapters.slack.inspection import said
from tests.handlers.made import ANA, POLICY, SAM, a_stored_case, case_of, messages, trail
from tests.handlers.slack.listening import Ack, opened_views


def press(value: str = "") -> Press:
    return Press(
        user_id=SAM, action={"value": value}, trigger_id="T1", channel=None, thread_ts=None, view={"id": "V1"}
    )


def submitted(case: Case, message_id: int | None, **chosen: object) -> Submission:
    values = {"situation": "delivery", "urgency": "normal", "request": "yes"} | chosen
    state: dict[str, Any] = {
        BlockId[f"CORRECTION_{name.upper()}"]: {
            ActionId[f"CORRECTION_{name.upper()}"]: {"selected_option": {"value": value}}
        }
        for name, value in values.items()
    }
    metadata = card_value(case.id, case.version, message_id)
    return Submission(user_id=SAM, view_id="V1", metadata=metadata, values=state)


def state_of(store: Store) -> ExamplesState:
    with store.unit_of_work() as uow:
        return uow.examples.state()


async def corrected(store: Store, ctx: AppContext) -> Case:
    case = a_stored_case(store)
    [message] = messages(store, case.id)
    assert await teaching._correct(ctx, submitted(case, message.id)) is None
    return case_of(store, case.id)


async def test_details_open_the_form_and_its_submission_changes_the_case(
    store: Store, ctx: AppContext
) -> None:
    case = a_stored_case(store)
    await teaching._open_correction(ctx, press(card_value(case.id, case.version)))
    [form] = opened_views(ctx)
    assert form["title"]["text"] == "It is about…"
    [message] = messages(store, case.id)
    await teaching._correct(ctx, submitted(case, message.id))
    after = case_of(store, case.id).assessment
    assert (after.situation, after.urgency) == (Situation.DELIVERY, Urgency.NORMAL)


async def test_spam_closes_the_case_and_shows_details_as_they_are_then(store: Store, ctx: AppContext) -> None:
    case = a_stored_case(store)
    await teaching._mark_as_spam(ctx, press(card_value(case.id, case.version)))
    assert case_of(store, case.id).state is CaseState.DISMISSED
    [details] = opened_views(ctx)
    assert details["title"]["text"] == "Details"
    assert "Mark as spam" not in json.dumps(details)


async def test_another_language_proposes_the_channel_that_the_rules_name(
    store: Store, ctx: AppContext
) -> None:
    policy = replace(POLICY, routes=(Route(name="dutch", language="nl", channel="C0PRESS"),))
    case = a_stored_case(store)
    with store.unit_of_work() as uow:
        uow.cases.record_card_location(case.id, channel="C0SUPPORT", ts="1.1", digest="")
    [message] = messages(store, case.id)
    answer = await teaching._correct(replace(ctx, policy=policy), submitted(case, message.id, language="nl"))
    assert answer is not None
    assert "Move to #press" in str(answer["view"])


@pytest.mark.parametrize(
    "chosen",
    [
        {"situation": "weather"},
        {"urgency": "huge"},
        {"urgency": None},
        {"request": "perhaps"},
        {"language": "klingon"},
    ],
)
async def test_what_the_form_does_not_offer_is_refused(
    store: Store, ctx: AppContext, chosen: dict[str, object]
) -> None:
    case = a_stored_case(store)
    [message] = messages(store, case.id)
    with pytest.raises(BadValue):
        await teaching._correct(ctx, submitted(case, message.id, **chosen))
    with pytest.raises(BadValue):
        await teaching._correct(ctx, submitted(case, None))
    assert state_of(store).count == 0


async def test_the_command_opens_what_was_taught(store: Store, ctx: AppContext) -> None:
    await corrected(store, ctx)
    ack: Any = Ack()
    command = {"user_id": SAM, "text": "words", "trigger_id": "T1"}
    await on_command(ctx, run_command)(ack=ack, command=command)
    assert ack.given == [{}]
    assert "Delivery, Normal" in str(opened_views(ctx)[-1])


async def test_an_example_is_taken_back_by_its_button(store: Store, ctx: AppContext) -> None:
    case = await corrected(store, ctx)
    with store.unit_of_work() as uow:
        [taught] = uow.examples.newest_with_texts(1)
    await teaching._take_back(ctx, press(str(taught.example.id)))
    await teaching._take_back(ctx, press(str(taught.example.id)))
    assert state_of(store).count == 0
    assert "Nothing was taught yet" in str(opened_views(ctx)[-1])
    taken = [entry for entry in trail(store, case.id) if entry.action is Action.EXAMPLE_TAKEN_BACK]
    assert [entry.actor for entry in taken] == [SAM]
    with pytest.raises(BadValue):
        await teaching._take_back(ctx, press("one"))


async def test_everything_is_forgotten_by_its_button(store: Store, ctx: AppContext) -> None:
    await corrected(store, ctx)
    await teaching._forget(ctx, press("all"))
    assert state_of(store).count == 0
    assert "Nothing was taught yet" in str(opened_views(ctx)[-1])


async def test_learning_shows_that_it_is_under_way_and_then_what_came_of_it(
    store: Store, ctx: AppContext
) -> None:
    await corrected(store, ctx)
    await teaching._learn(ctx, press("now"))
    await ctx.learner.stop()
    assert len(opened_views(ctx)) == 2
    with store.engine.connect() as connection:
        recorded = connection.execute(
            select(audit.c.actor).where(audit.c.action == Action.LEARNING_ASKED.value)
        )
        assert list(recorded.scalars()) == [SAM]


async def test_examples_are_paged_and_taking_one_back_keeps_the_page(store: Store, ctx: AppContext) -> None:
    count = PAGE_SIZE + 2
    for number in range(count):
        case = a_stored_case(store, f"word{number}", author=replace(ANA, id=f"8{number}"))
        await teaching._correct(ctx, submitted(case, messages(store, case.id)[0].id))
    await teaching._show(ctx, "V1", SAM)
    first = opened_views(ctx)[-1]
    assert f"1 to {PAGE_SIZE} of {count}" in said(first)
    assert "word1" not in said(first).split()
    await teaching._turn_page(ctx, press(str(PAGE_SIZE)))
    second = opened_views(ctx)[-1]
    assert f"{PAGE_SIZE + 1} to {count} of {count}" in said(second)
    with store.unit_of_work() as uow:
        oldest = uow.examples.newest_with_texts(count)[-1].example.id
    await teaching._take_back(ctx, replace(press(str(oldest)), view=second | {"id": "V1"}))
    assert f"{PAGE_SIZE + 1} to {count - 1} of {count - 1}" in said(opened_views(ctx)[-1])
    await teaching._turn_page(ctx, press("999"))
    assert f"{PAGE_SIZE + 1} to {count - 1} of" in said(opened_views(ctx)[-1])

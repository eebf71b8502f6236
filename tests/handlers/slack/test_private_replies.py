"""Submit private answers in a form, verify the person, and show original mails."""

from dataclasses import replace
from typing import Any

import pytest

from adapters.slack.action_ids import BadValue, BlockId, card_value, private_reply_block
from domain.cases.messages import Delivery
from domain.errors import Refused
from domain.handoffs.handoff import Proof
from domain.intake.posts import Author
from domain.records.audit import Action
from domain.replies.rules_of_engagement import Rule, RulesOfEngagement, Where
from domain.venues import Venue
from handlers.cases.assignment import claim, release
from handlers.cases.resolution import resolve
from handlers.context import AppContext
from handlers.handoffs.arrival import return_to_public, start_unsolicited_handoff
from handlers.replies.results import record_failed
from handlers.slack import private_replies, replies
from handlers.slack.payloads import Press, parse_press
from storage.engine import Store
from tests.adapters.slack.inspection import said
from tests.handlers.made import MIA, NOW, SAM, case_of, do, messages, notified_people, queued
from tests.handlers.slack.handoff_forms import case_with_card, in_private, ingest_direct_message, submission
from tests.handlers.slack.listening import opened_views
from tests.handlers.slack.test_payloads import a_press


def pressed(case_id: int, message_id: int | None = None, *, user_id: str = SAM) -> Press:
    return parse_press(a_press(user={"id": user_id}, actions=[{"value": card_value(case_id, 1, message_id)}]))


async def opened(ctx: AppContext, case_id: int) -> dict[str, Any]:
    await replies._open(ctx, pressed(case_id))
    return dict(opened_views(ctx)[-1])


async def test_answer_opens_where_the_customer_is(store: Store, ctx: AppContext) -> None:
    case = case_with_card(store)
    assert (await opened(ctx, case.id))["callback_id"] == "answer"
    ingest_direct_message(store)
    view = await opened(ctx, case.id)
    assert view["callback_id"] == "private"
    assert "*To Ana Ruiz* · DM\n✓ *Verified:* they write from the account that posted" in said(view)
    do(store, return_to_public, case_id=case.id, user_id=SAM, now=NOW)
    assert (await opened(ctx, case.id))["callback_id"] == "answer"


async def test_a_private_answer_goes_to_the_private_venue_once(store: Store, ctx: AppContext) -> None:
    case = in_private(store)
    view = await opened(ctx, case.id)
    for _ in range(2):
        assert await private_replies._submit(ctx, submission(view, private_text="Thank you, Ana")) is None
    ours = messages(store, case.id)[-1]
    assert (ours.text, ours.venue, ours.sent_by) == ("Thank you, Ana", Venue.DM, SAM)
    assert len(queued(store, "send_private")) == 1
    assert queued(store, "send_reply") == []


async def test_a_broken_rule_is_asked_about_in_the_form_or_blocks_below_the_box(
    store: Store, ctx: AppContext
) -> None:
    case = in_private(store)
    view = await opened(ctx, case.id)
    answers: dict[bool, dict[str, Any]] = {}
    for hard in (True, False):
        rule = Rule(name="all_caps", reason="Write it in small letters.", hard=hard, where=Where.PRIVATE)
        strict = replace(ctx, rules=RulesOfEngagement(version="9", rules=[rule]))
        answer = await private_replies._submit(strict, submission(view, private_text="WE ARE WORKING ON IT"))
        assert answer is not None
        answers[hard] = answer
        assert "Write it in small letters." in str(answer)
    assert [answers[hard]["response_action"] for hard in (True, False)] == ["errors", "update"]
    assert queued(store, "send_private") == []
    again = submission(answers[False]["view"], private_text="WE ARE WORKING ON IT")
    assert await private_replies._submit(strict, again) is None
    assert messages(store, case.id)[-1].rules_version == "9"


async def test_only_whoever_holds_the_case_speaks(store: Store, ctx: AppContext) -> None:
    case = in_private(store)
    await replies._open(ctx, pressed(case.id, user_id=MIA))
    view = opened_views(ctx)[-1]
    assert (f"<@{SAM}> has this case" in said(view), view["submit"]["text"]) == (True, "Take over and send")
    unnamed = submission(await opened(ctx, case.id), user_id=MIA, private_text="Thank you, Ana")
    asked = await private_replies._submit(ctx, unnamed)
    assert asked is not None
    assert "Thank you, Ana" in str(asked["view"]["blocks"])
    assert queued(store, "send_private") == []
    assert await private_replies._submit(ctx, submission(asked["view"], user_id=MIA)) is None
    assert case_of(store, case.id).claimed_by == MIA
    assert notified_people(store)[-1] == (SAM, Action.TAKEN_OVER)


async def test_nobodys_case_is_claimed_by_what_the_form_sends(store: Store, ctx: AppContext) -> None:
    case = in_private(store)
    do(store, release, case_id=case.id, user_id=SAM, now=NOW)
    view = await opened(ctx, case.id)
    assert view["submit"]["text"] == "Send"
    assert case_of(store, case.id).claimed_by is None, "a form that is only open claims nothing"
    assert await private_replies._submit(ctx, submission(view, private_text="Thank you, Ana")) is None
    assert (case_of(store, case.id).claimed_by, len(queued(store, "send_private"))) == (SAM, 1)


async def test_whoever_claims_the_case_meanwhile_is_named_before_anything_goes(
    store: Store, ctx: AppContext
) -> None:
    case = in_private(store)
    do(store, release, case_id=case.id, user_id=SAM, now=NOW)
    view = await opened(ctx, case.id)
    do(store, claim, case_id=case.id, user_id=MIA, now=NOW)
    asked = await private_replies._submit(ctx, submission(view, private_text="Thank you, Ana"))
    assert asked is not None
    assert f"<@{MIA}> has this case" in said(asked["view"])
    assert queued(store, "send_private") == []


@pytest.mark.parametrize("text", ["", "  ", None])
async def test_no_text_is_said_below_the_box(store: Store, ctx: AppContext, text: object) -> None:
    view = await opened(ctx, in_private(store).id)
    response = await private_replies._submit(ctx, submission(view, private_text=text))
    assert response is not None
    assert "there is no text" in response["errors"][private_reply_block(0)]


async def test_typing_redraws_the_form_only_where_other_promises_are_in_it(
    store: Store, ctx: AppContext
) -> None:
    case = in_private(store)
    view = await opened(ctx, case.id)

    async def typed(text: str) -> bool:
        """Type a text; return whether the form was redrawn, and keep what it shows now."""
        nonlocal view
        before = len(opened_views(ctx))
        action = {"action_id": "private.text", "value": text}
        values = {private_reply_block(0): {"private.text": {"value": text}}}
        shown = {**view, "id": "V1", "hash": "1", "state": {"values": values}}
        await private_replies._signal_typing(ctx, parse_press(a_press(view=shown, actions=[action])))
        view = opened_views(ctx)[-1]
        return len(opened_views(ctx)) > before

    promise = "We will write within 24 hours"
    assert [await typed(text) for text in ("We will", "We will wr", promise, f"{promise}. Sorry")] == [
        False,
        False,
        True,
        False,
    ]
    assert "You promise: “within 24 hours”" in said(view)
    assert await typed("We will write within 2")
    assert "You promise" not in said(view)


async def test_new_messages_are_shown_with_what_was_typed_before_it_goes(
    store: Store, ctx: AppContext
) -> None:
    case = in_private(store)
    view = await opened(ctx, case.id)
    ingest_direct_message(store, "Wait, it was 4712", external_id="m2")
    response = await private_replies._submit(ctx, submission(view, private_text="About 4711:"))
    assert response is not None
    again = response["view"]
    assert "Wait, it was 4712" in said(again)
    assert "About 4711:" in str(again["blocks"])
    assert await private_replies._submit(ctx, submission(again)) is None
    assert messages(store, case.id)[-1].text == "About 4711:"


async def test_what_was_written_for_one_visitor_never_reaches_another(store: Store, ctx: AppContext) -> None:
    """The form showed a verified person in direct messages; meanwhile an unverified one opened the chat."""
    case = in_private(store)
    view = await opened(ctx, case.id)
    with store.unit_of_work() as uow:
        there = uow.cases.get(case.id)
        start_unsolicited_handoff(uow, there, venue=Venue.CHAT, address="", nonce="n2", proof=None, now=NOW)
    response = await private_replies._submit(ctx, submission(view, private_text="Your balance is 12.50"))
    assert response is not None
    assert "the conversation has moved" in response["errors"][private_reply_block(0)]
    assert "12.50" not in str(messages(store, case.id))


async def test_what_failed_in_private_is_never_proposed_in_public(store: Store, ctx: AppContext) -> None:
    case = in_private(store)
    await private_replies._submit(
        ctx, submission(await opened(ctx, case.id), private_text="Your balance is 12.50")
    )
    ours = messages(store, case.id)[-1]
    do(store, record_failed, message_id=ours.id, reason="closed to us", now=NOW)
    assert "12.50" in str(await opened(ctx, case.id)), "in private it can be edited"
    do(store, return_to_public, case_id=case.id, user_id=SAM, now=NOW)
    view = await opened(ctx, case.id)
    inputs = [block["element"] for block in view["blocks"] if block["type"] == "input"]
    assert "12.50" not in str(inputs)
    assert messages(store, case.id)[-1].delivery is Delivery.FAILED


async def test_an_agent_says_who_is_there_and_why(store: Store, ctx: AppContext) -> None:
    case = case_with_card(store)
    with store.unit_of_work() as uow:
        there = uow.cases.get(case.id)
        start_unsolicited_handoff(uow, there, venue=Venue.CHAT, address="", nonce="n", proof=None, now=NOW)
    await private_replies._open_verify(ctx, pressed(case.id))
    form = opened_views(ctx)[-1]
    refused = await private_replies._verify(ctx, submission(form, verify_reason="  "))
    assert refused is not None
    assert BlockId.VERIFY_REASON.value in refused["errors"]
    assert await private_replies._verify(ctx, submission(form, verify_reason="Knew the order")) is None
    with store.unit_of_work() as uow:
        known = uow.handoffs.current(case.id)
    assert known is not None
    assert (known.proof, known.verified_by, known.verified_reason) == (Proof.AGENT, SAM, "Knew the order")


async def test_nobody_can_be_verified_who_is_not_there(store: Store, ctx: AppContext) -> None:
    with pytest.raises(Refused, match="nobody is in private"):
        await private_replies._open_verify(ctx, pressed(case_with_card(store).id))


async def test_a_mail_is_shown_as_it_came_and_only_with_its_case(store: Store, ctx: AppContext) -> None:
    case = in_private(store)
    mail = messages(store, case.id)[-1]
    with store.unit_of_work() as uow:
        uow.cases.get(case.id)
        uow.messages.save(replace(mail, original="Order 4711\n-- \nAna Ruiz", subject="Help"))
    await private_replies._show_original(ctx, pressed(case.id, mail.id))
    assert "-- \nAna Ruiz" in said(opened_views(ctx)[-1])
    ingest_direct_message(
        store, "Another", external_id="m9", author=Author(id="88", handle="ben", name="Ben")
    )
    with pytest.raises(BadValue):
        await private_replies._show_original(ctx, pressed(case.id + 1, mail.id))
    with pytest.raises(BadValue):
        await private_replies._show_original(ctx, pressed(case.id))
    with pytest.raises(Refused, match="not here any more"):
        await private_replies._show_original(ctx, pressed(case.id, 10_000))


async def test_a_closed_case_is_not_spoken_in(store: Store, ctx: AppContext) -> None:
    case = in_private(store)
    view = await opened(ctx, case.id)
    do(store, resolve, case_id=case.id, version=None, user_id=SAM, now=NOW)
    response = await private_replies._submit(ctx, submission(view, private_text="Hi"))
    assert response is not None
    assert "Sam Okafor has closed this case" in response["errors"][private_reply_block(0)]
    assert not case_of(store, case.id).state.is_active

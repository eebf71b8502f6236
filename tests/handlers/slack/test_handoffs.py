"""Open, update and submit the form "Move to…"; errors are shown at their input."""

from dataclasses import replace
from typing import Any

import pytest

from adapters.slack.action_ids import ActionId, BadValue, BlockId, card_value, handoff_block
from adapters.slack.modals import parse_metadata
from domain.errors import Refused
from domain.handoffs.handoff import HandoffState
from domain.records.audit import Action
from domain.replies.rules_of_engagement import Rule, RulesOfEngagement
from domain.venues import Venue
from handlers.cases.assignment import take_over
from handlers.context import AppContext
from handlers.slack import handoffs as handoffs_module
from handlers.slack.payloads import Press, Submission, parse_press
from storage.engine import Store
from tests.adapters.slack.inspection import check_view, said
from tests.handlers.made import MIA, NOW, SAM, a_post, arrive, do, messages, queued, trail
from tests.handlers.slack.handoff_forms import case_with_card, in_private, submission
from tests.handlers.slack.listening import opened_views
from tests.handlers.slack.test_payloads import a_press

PEOPLE = frozenset({SAM, MIA})


async def opened(ctx: AppContext, case_id: int) -> dict[str, Any]:
    await handoffs_module._open(ctx, pressed({"value": card_value(case_id, 1)}))
    return dict(opened_views(ctx)[-1])


def pressed(action: dict[str, Any], view: Submission | None = None) -> Press:
    changed: dict[str, Any] = {}
    if view is not None:
        changed = {
            "id": "V1",
            "hash": "h",
            "private_metadata": view.metadata,
            "state": {"values": view.values},
        }
    return parse_press(a_press(user={"id": SAM}, channel=None, view=changed, actions=[action]))


def handoffs(store: Store, case_id: int) -> list[tuple[Venue, HandoffState]]:
    with store.unit_of_work() as uow:
        return [(one.venue, one.state) for one in uow.handoffs.of_case(case_id)]


async def test_the_form_opens_on_the_first_possible_venue_with_its_line_counted_and_priced(
    store: Store, ctx: AppContext
) -> None:
    view = await opened(ctx, case_with_card(store).id)
    check_view(view, people=PEOPLE)
    line = "Let us go on by dm (en) https://x.example/compose"
    assert f"*{len(line)} / 280* · public on X, as @acme, in reply to @anaruiz · X charges $0.20" in said(
        view
    )
    assert "*Live chat* is not possible: It is not set up." in said(view)


async def test_another_venue_has_another_line_and_keeps_the_secret_of_its_link(
    store: Store, ctx: AppContext
) -> None:
    view = await opened(ctx, case_with_card(store).id)
    picked = pressed({"action_id": "move.venue"}, submission(view, move_venue="email"))
    await handoffs_module._change_venue(ctx, picked)
    redrawn = opened_views(ctx)[-1]
    assert "email (en) https://acme.example/email/nonce1" in str(redrawn)
    before, after = (parse_metadata(one["private_metadata"]) for one in (view, redrawn))
    assert (after.nonce, after.seen, after.version) == (before.nonce, before.seen, before.version)
    assert after.revision == before.revision + 1, "else Slack keeps the old text"


async def test_an_address_makes_it_a_mail_and_typing_on_in_it_disturbs_nothing(
    store: Store, ctx: AppContext
) -> None:
    await handoffs_module._change_venue(
        ctx,
        pressed(
            {"action_id": "move.venue"},
            submission(await opened(ctx, case_with_card(store).id), move_venue="email"),
        ),
    )
    mail = opened_views(ctx)[-1]
    await handoffs_module._change_venue(
        ctx, pressed({"action_id": "move.address"}, submission(mail, move_address="a"))
    )
    direct = opened_views(ctx)[-1]
    assert "private, by e-mail" in said(direct)
    assert "https://" not in str(direct["blocks"])
    count = len(opened_views(ctx))
    await handoffs_module._change_venue(
        ctx, pressed({"action_id": "move.address"}, submission(direct, move_address="an"))
    )
    assert len(opened_views(ctx)) == count


async def test_an_address_without_enter_takes_the_line_of_a_mail_unless_it_was_edited(
    store: Store, ctx: AppContext
) -> None:
    case = case_with_card(store)
    await handoffs_module._change_venue(
        ctx,
        pressed({"action_id": "move.venue"}, submission(await opened(ctx, case.id), move_venue="email")),
    )
    asking = opened_views(ctx)[-1]
    back = await handoffs_module._submit(ctx, submission(asking, move_address="ana@example.com"))
    assert back is not None
    assert "private, by e-mail" in said(back["view"])
    assert "https://" not in str(back["view"]["blocks"])
    assert handoffs(store, case.id) == []
    edited = submission(asking, move_text="Dear Ana, let us write", move_address="ana@example.com")
    await handoffs_module._change_venue(ctx, pressed({"action_id": "move.address"}, edited))
    kept = opened_views(ctx)[-1]
    assert "Dear Ana, let us write" in str(kept["blocks"])
    private = submission(kept, move_text="Card 4242", move_address="")
    await handoffs_module._change_venue(ctx, pressed({"action_id": "move.address"}, private))
    assert "Card 4242" not in str(opened_views(ctx)[-1]["blocks"])


async def test_what_is_typed_is_counted(store: Store, ctx: AppContext) -> None:
    view = await opened(ctx, case_with_card(store).id)
    await handoffs_module._update_count(
        ctx, pressed({"action_id": "move.text", "value": "x" * 281}, submission(view))
    )
    assert "*281 / 280*, 1 too long" in said(opened_views(ctx)[-1])
    assert "X charges $0.01" in said(opened_views(ctx)[-1])


async def test_a_submitted_form_posts_the_line_and_offers_the_venue_once(
    store: Store, ctx: AppContext
) -> None:
    case = case_with_card(store)
    view = await opened(ctx, case.id)
    for _ in range(2):
        assert await handoffs_module._submit(ctx, submission(view)) is None
    assert handoffs(store, case.id) == [(Venue.DM, HandoffState.OFFERED)]
    assert messages(store, case.id)[-1].text.endswith("https://x.example/compose")
    assert len(queued(store, "send_reply")) == 1


async def test_a_line_without_its_link_is_refused_below_the_text(store: Store, ctx: AppContext) -> None:
    view = await opened(ctx, case_with_card(store).id)
    answer = await handoffs_module._submit(ctx, submission(view, move_text="Please write to us"))
    assert answer is not None
    assert "link is missing" in answer["errors"][handoff_block(0)]


async def test_no_address_is_refused_below_the_address(store: Store, ctx: AppContext) -> None:
    case = case_with_card(store)
    await handoffs_module._change_venue(
        ctx, pressed({"action_id": "move.venue"}, submission(await opened(ctx, case.id), move_venue="email"))
    )
    await handoffs_module._change_venue(
        ctx,
        pressed({"action_id": "move.address"}, submission(opened_views(ctx)[-1], move_address="ana at home")),
    )
    answer = await handoffs_module._submit(ctx, submission(opened_views(ctx)[-1], move_address="ana at home"))
    assert answer is not None
    assert list(answer["errors"]) == [BlockId.HANDOFF_ADDRESS.value]
    assert handoffs(store, case.id) == []


async def test_a_venue_that_was_picked_while_the_form_was_drawn_is_shown_before_anything_is_sent(
    store: Store, ctx: AppContext
) -> None:
    case = case_with_card(store)
    answer = await handoffs_module._submit(ctx, submission(await opened(ctx, case.id), move_venue="email"))
    assert answer is not None
    assert "email (en)" in str(answer["view"])
    assert handoffs(store, case.id) == []


async def test_new_messages_are_shown_before_the_offer_goes_out(store: Store, ctx: AppContext) -> None:
    case = case_with_card(store)
    view = await opened(ctx, case.id)
    arrive(store, a_post("901", "@acme hello?? it worked", conversation_id=case.conversation_id))
    answer = await handoffs_module._submit(ctx, submission(view))
    assert answer is not None
    assert "it worked" in said(answer["view"])
    assert await handoffs_module._submit(ctx, submission(answer["view"])) is None
    assert handoffs(store, case.id) == [(Venue.DM, HandoffState.OFFERED)]


async def test_what_was_written_stays_where_somebody_has_taken_the_case(
    store: Store, ctx: AppContext
) -> None:
    case = case_with_card(store)
    view = await opened(ctx, case.id)
    do(store, take_over, case_id=case.id, user_id=MIA, assignee=SAM, now=NOW)
    typed = submission(view, move_text="Write to us: https://x.example/compose")
    answer = await handoffs_module._submit(ctx, typed)
    assert answer is not None
    again = answer["view"]
    check_view(again, people=PEOPLE)
    assert f"<@{MIA}> has this case" in said(again)
    assert "Write to us: https://x.example/compose" in str(again["blocks"])
    assert again["submit"]["text"] == "Take over and send"
    assert handoffs(store, case.id) == []
    assert await handoffs_module._submit(ctx, submission(again)) is None
    assert handoffs(store, case.id) == [(Venue.DM, HandoffState.OFFERED)]
    actions = [entry.action for entry in trail(store, case.id)]
    assert actions[-2:] == [Action.TAKEN_OVER, Action.OFFERED]


async def test_the_way_back_is_refused_in_somebody_elses_case(store: Store, ctx: AppContext) -> None:
    case = in_private(store)
    view = await opened(ctx, case.id)
    do(store, take_over, case_id=case.id, user_id=MIA, assignee=SAM, now=NOW)
    answer = await handoffs_module._submit(ctx, submission(view, move_venue="public"))
    assert answer is not None
    back = submission(answer["view"])
    refused = await handoffs_module._submit(ctx, back)
    assert refused is not None
    assert refused["errors"][BlockId.HANDOFF_VENUE.value].startswith(
        "Nothing was sent: Mia Lindqvist has claimed this case"
    )


async def test_the_way_back_needs_no_text_and_ends_the_move(store: Store, ctx: AppContext) -> None:
    case = in_private(store)
    view = await opened(ctx, case.id)
    await handoffs_module._change_venue(
        ctx, pressed({"action_id": "move.venue"}, submission(view, move_venue="public"))
    )
    back = opened_views(ctx)[-1]
    check_view(back, people=PEOPLE)
    assert back["submit"]["text"] == "Back to public"
    assert await handoffs_module._submit(ctx, submission(back)) is None
    assert handoffs(store, case.id) == [(Venue.DM, HandoffState.RETURNED)]
    assert trail(store, case.id)[-1].action is Action.RETURNED
    answer = await handoffs_module._submit(ctx, submission(back))
    assert answer is not None
    assert "public already" in answer["errors"][BlockId.HANDOFF_VENUE.value]


@pytest.mark.parametrize("picked", ["moon", "", {"a": 1}, 7])
async def test_a_forged_venue_is_refused(store: Store, ctx: AppContext, picked: object) -> None:
    view = await opened(ctx, case_with_card(store).id)
    forged = submission(view)
    values = {
        **forged.values,
        BlockId.HANDOFF_VENUE.value: {ActionId.HANDOFF_VENUE.value: {"selected_option": {"value": picked}}},
    }
    altered = Submission(user_id=SAM, view_id="V1", metadata=forged.metadata, values=values)
    try:
        await handoffs_module._submit(ctx, altered)
    except (BadValue, Refused):
        assert queued(store, "send_reply") == []
    else:
        # A value that is no string counts as missing: the venue stays as the form was rendered.
        assert not isinstance(picked, str)


async def test_the_moves_own_link_needs_no_second_asking_and_any_other_does(
    store: Store, ctx: AppContext
) -> None:
    linked = RulesOfEngagement(
        version="1", rules=(Rule(name="has_link", reason="It has a link.", hard=False),)
    )
    strict = replace(ctx, rules=linked)
    view = await opened(strict, case_with_card(store).id)
    line = "Here: https://x.example/compose"
    asked = await handoffs_module._submit(
        strict, submission(view, move_text=f"{line} or https://acme.example/help")
    )
    assert asked is not None
    assert "It has a link." in said(asked["view"])
    assert await handoffs_module._submit(strict, submission(view, move_text=line)) is None

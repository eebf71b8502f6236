"""Cards that somebody moves to where the rules of routing send them after a correction."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from adapters.slack.cases.form_ids import CaseFormAction
from adapters.slack.message_content import digest
from domain.cases.case import Case
from domain.cases.routes import Route
from domain.cases.service_levels import ServiceLevel, ServiceLevels
from domain.delivery.outcomes import Failed
from domain.errors import Refused
from domain.policy import Policy
from domain.records.audit import Action
from handlers.cases import assignment, card_routing, resolution
from handlers.cases.card_moves import move_card
from handlers.context import AppContext
from handlers.desk import Desk
from handlers.slack import teaching
from handlers.slack.case_views import details_view
from storage.engine import Store
from tests.handlers.delivery.performers.test_cards import FALLBACK, DeliveryHarness, a_harness, case_with_card
from tests.handlers.made import (
    MIA,
    NOW,
    POLICY,
    SAM,
    a_stored_case,
    case_of,
    do,
    messages,
    networks,
    queued,
    trail,
)
from tests.handlers.slack.listening import a_slack_context
from tests.handlers.slack.test_teaching import submitted
from tests.handlers.timers.test_mentions import Network

LOGISTICS = "C0LOGISTICS"
CLOSED = Failed("the channel is archived", "is_archived", route_broken=True)
SLOW = ServiceLevel(name="logistics", channels=[LOGISTICS], first=timedelta(hours=7))
RULE = Route(name="parcels", situation="delivery", channel=LOGISTICS, group="S0PARCELS", rank_step=-1)
RULES = replace(POLICY, routes=(RULE,), service_levels=ServiceLevels(levels=[SLOW]))


async def corrected(store: Store, ctx: AppContext, case: Case) -> dict[str, Any] | None:
    """Correct the case to be about a delivery; return what the form is answered with."""
    [message] = messages(store, case.id)
    return await teaching._correct(ctx, submitted(case, message.id))


def moved(store: Store, case: Case, policy: Policy = RULES) -> Case:
    return do(store, move_card, case_id=case.id, policy=policy, account="acme", user_id=SAM, now=NOW)


@pytest.fixture
def harness(desk: Desk, store: Store) -> DeliveryHarness:
    store.service_levels = RULES.service_levels
    return a_harness(desk, networks(Network()), policy=RULES)


async def test_a_corrected_case_stays_until_somebody_moves_it_and_then_all_of_it_is_there(
    store: Store, desk: Desk, harness: DeliveryHarness
) -> None:
    ctx = a_slack_context(desk, policy=RULES)
    case = await case_with_card(store, harness)
    do(store, assignment.claim, case_id=case.id, user_id=MIA, now=NOW)
    await harness.settle()
    assert harness.chat.threads
    answered = await corrected(store, ctx, case_of(store, case.id))
    assert answered is not None
    assert CaseFormAction.MOVE_CARD in str(answered["view"])
    assert "the rule “parcels” (situation Delivery)" in str(answered["view"])
    assert "belongs in* <#C0LOGISTICS>" in str(await details_view(ctx, case.id, SAM))
    await harness.settle()
    assert harness.chat.cards(LOGISTICS) == []
    due = case_of(store, case.id).reply_due
    after = moved(store, case)
    assert (after.channel, after.claimed_by) == (LOGISTICS, MIA)
    assert (after.routing.rule, after.routing.group, after.routing.rank_step) == ("parcels", "S0PARCELS", -1)
    assert after.reply_due == NOW + timedelta(hours=7) != due
    with store.unit_of_work() as uow:
        [wait] = uow.responses.of_case(case.id)
    assert (wait.due_at, wait.policy) == (after.reply_due, "logistics")
    harness.chat.threads.clear()
    await harness.settle()
    [card] = harness.chat.cards(LOGISTICS)
    assert harness.chat.cards(case.channel) == []
    old = str(harness.chat.messages[case.channel, str(case.card_ts)])
    assert "This case moved to <#C0LOGISTICS>" in old
    assert card.replace(".", "") in old
    assert any(ts == card and "moved the card" in text for ts, text in harness.chat.threads)
    assert len(harness.chat.deleted) >= 2
    assert "*Routed by the rule* “parcels”" in str(await details_view(ctx, case.id, SAM))
    assert CaseFormAction.MOVE_CARD not in str(await details_view(ctx, case.id, SAM))
    [entry] = [entry for entry in trail(store, case.id) if entry.action is Action.CARD_MOVED]
    assert (entry.actor, entry.detail["to"], entry.detail["rule"]) == (SAM, LOGISTICS, "parcels")
    with pytest.raises(Refused, match="Nothing was moved"):
        moved(store, case)


async def test_a_case_is_moved_back_where_no_rule_applies_any_more_and_nothing_else_is(
    sqlite: Store,
) -> None:
    case = a_stored_case(sqlite)
    with pytest.raises(Refused):  # its card is not posted
        moved(sqlite, case, replace(POLICY, support_channel="C0OTHER"))
    with sqlite.unit_of_work() as uow:
        uow.cases.record_card_location(case.id, channel=case.channel, ts="1.1", digest="")
    with pytest.raises(Refused):
        moved(sqlite, case, POLICY)
    after = moved(sqlite, case, replace(POLICY, support_channel="C0OTHER"))
    assert (after.channel, after.routing.rule) == ("C0OTHER", None)
    assert case_of(sqlite, case.id).channel == "C0OTHER"


async def test_an_old_card_says_where_the_case_went_once_its_channel_is_unarchived(
    store: Store, harness: DeliveryHarness
) -> None:
    """The case's other updates do not wait for the channel."""
    case = await case_with_card(store, harness)
    harness.chat.archived.add(case.channel)
    do(store, assignment.claim, case_id=case.id, user_id=MIA, now=NOW)
    await harness.settle()
    [card] = harness.chat.cards(FALLBACK)
    assert harness.chat.cards(case.channel) == [case.card_ts]
    harness.clock.advance(seconds=90)
    do(store, assignment.release, case_id=case.id, user_id=MIA, now=NOW)
    await harness.settle()
    assert MIA not in str(harness.chat.messages[FALLBACK, card])
    harness.chat.archived.clear()
    harness.clock.advance(seconds=180)
    await harness.settle()
    assert harness.chat.cards(case.channel) == []
    assert f"This case moved to <#{FALLBACK}>" in str(harness.chat.messages[case.channel, str(case.card_ts)])
    assert harness.chat.cards(FALLBACK) == [card]


async def test_the_card_of_a_case_that_is_closed_meanwhile_is_redrawn_once_its_channel_is_unarchived(
    store: Store, harness: DeliveryHarness
) -> None:
    case = await case_with_card(store, harness)
    shown = harness.chat.messages[case.channel, str(case.card_ts)]
    harness.chat.archived.add(case.channel)
    do(store, resolution.resolve, case_id=case.id, version=None, user_id=SAM, now=NOW)
    await harness.settle()
    assert harness.chat.messages[case.channel, str(case.card_ts)] == shown
    assert harness.chat.cards(FALLBACK) == []
    harness.chat.archived.clear()
    harness.clock.advance(seconds=90)
    await harness.settle()
    after = harness.chat.messages[case.channel, str(case.card_ts)]
    assert "Resolved" in str(after)
    [row] = queued(store, "update_card_once_open")
    assert row["state"] == "sent"
    assert case_of(store, case.id).card_digest == digest(after)


async def test_a_case_that_is_reopened_in_an_archived_channel_moves(
    store: Store, harness: DeliveryHarness
) -> None:
    """The update that waited for the old channel draws the card at its new place, or finds it as it is."""
    case = await case_with_card(store, harness)
    harness.chat.archived.add(case.channel)
    do(store, resolution.resolve, case_id=case.id, version=None, user_id=SAM, now=NOW)
    await harness.settle()
    do(store, resolution.reopen, case_id=case.id, user_id=SAM, now=NOW)
    harness.clock.advance(seconds=10)
    await harness.settle()
    [card] = harness.chat.cards(FALLBACK)
    harness.chat.archived.clear()
    harness.clock.advance(seconds=180)
    await harness.settle()
    assert harness.chat.cards(FALLBACK) == [card]
    assert f"This case moved to <#{FALLBACK}>" in str(harness.chat.messages[case.channel, str(case.card_ts)])


async def test_an_old_card_in_a_channel_that_stays_archived_is_given_up_after_weeks(
    store: Store, harness: DeliveryHarness
) -> None:
    case = await case_with_card(store, harness)
    harness.chat.archived.add(case.channel)
    do(store, assignment.claim, case_id=case.id, user_id=MIA, now=NOW)
    await harness.settle()
    for _ in range(130):
        harness.clock.advance(seconds=6 * 3600)
        await harness.settle()
    [row] = queued(store, "mark_moved_once_open")
    assert row["state"] == "failed"


async def test_the_old_card_is_marked_at_once_where_only_one_post_was_refused(
    store: Store, harness: DeliveryHarness
) -> None:
    """By the time that the new card is posted, the channel may be open again."""
    case = await case_with_card(store, harness)
    do(
        store,
        card_routing.reroute_card,
        policy=RULES,
        case_id=case.id,
        channel=case.channel,
        failure=CLOSED,
        now=NOW,
    )
    await harness.settle()
    assert harness.chat.cards(case.channel) == []
    assert len(harness.chat.cards(FALLBACK)) == 1

"""Deliver alerts: with a link to the board of the outage that they are about."""

from typing import Any

import pytest

from handlers.desk import Desk
from handlers.outages.reminders import remind_leads
from storage.engine import Store
from tests.handlers.delivery.performers.test_cards import FALLBACK, ONCALL, DeliveryHarness, a_harness
from tests.handlers.made import MINUTE, NOW, SAM, do, networks
from tests.handlers.outages.made import OUTAGE_POLICY, ListDestination, an_outage, destinations, sent
from tests.handlers.timers.test_mentions import Network

DUE = NOW + 30 * MINUTE


@pytest.fixture
def harness(desk: Desk) -> DeliveryHarness:
    made = a_harness(desk, networks(Network()))
    made.clock.advance(minutes=30)
    return made


def links(harness: DeliveryHarness, channel: str) -> list[list[tuple[str, str]]]:
    """Return the labels and addresses of the link buttons of each alert in a channel."""
    return [_links(message) for (at, _), message in harness.chat.messages.items() if at == channel]


def _links(message: Any) -> list[tuple[str, str]]:  # noqa: ANN401 - Slack's JSON
    rows = [block["elements"] for block in message["blocks"] if block["type"] == "actions"]
    return [(one["text"]["text"], one["url"]) for row in rows for one in row if "url" in one]


def _late(store: Store, *, has_board: bool) -> None:
    outage, notice = an_outage(store, next_update_due=DUE)
    sent(store, notice, destinations(page=ListDestination()))
    if has_board:
        with store.unit_of_work() as uow:
            uow.outages.record_board(outage.id, channel=ONCALL, ts="1795998404.564945", digest="")
    with store.unit_of_work() as uow:
        uow.outbox.settle_queued(now=NOW)
    do(store, remind_leads, policy=OUTAGE_POLICY, left={}, now=DUE)


async def test_a_reminder_leads_to_the_board(store: Store, harness: DeliveryHarness) -> None:
    _late(store, has_board=True)
    await harness.settle()
    address = "https://acme.slack.example/archives/C0ONCALL/p1795998404564945"
    for channel in (SAM, ONCALL):
        assert links(harness, channel) == [[("Open board", address)]]


async def test_a_reminder_before_the_board_is_posted_has_no_link(
    store: Store, harness: DeliveryHarness
) -> None:
    _late(store, has_board=False)
    await harness.settle()
    assert links(harness, ONCALL) == [[]]


async def test_the_link_stays_where_the_alert_goes_to_the_fallback_channel(
    store: Store, harness: DeliveryHarness
) -> None:
    harness.chat.archived = {ONCALL}
    _late(store, has_board=True)
    await harness.settle()
    assert [("Open board", f"https://acme.slack.example/archives/{ONCALL}/p1795998404564945")] in links(
        harness, FALLBACK
    )

"""Deliver alerts of spikes by the real performers: once, in a channel that takes them, and edited after."""

from typing import Any

import pytest

from adapters.charts import drawer
from domain.cases.masked_views import AbuseBlur
from domain.triage.abuse import AbusiveWords
from handlers.desk import Desk
from handlers.surge.spikes import dismiss_spike
from storage.engine import Store
from tests.handlers.delivery.performers.test_cards import FALLBACK, ONCALL, DeliveryHarness, a_harness
from tests.handlers.made import MINUTE, NOW, arrive, do, networks
from tests.handlers.surge.made import customer_posts, detect, spikes_of, watch_of
from tests.handlers.timers.test_mentions import Network


@pytest.fixture
def harness(desk: Desk) -> DeliveryHarness:
    blur = AbuseBlur(AbusiveWords(["eats"]).mask, by_default=True)
    return a_harness(desk, networks(Network()), abuse=blur)


def _alerts(harness: DeliveryHarness, channel: str = ONCALL) -> list[Any]:
    return [content for (at, _), content in harness.chat.messages.items() if at == channel]


async def test_the_alert_is_posted_with_its_chart_and_edited_when_it_ends(
    store: Store, harness: DeliveryHarness
) -> None:
    arrive(store, *customer_posts(20))
    watch = watch_of(store)
    detect(store, watch)
    await harness.settle()
    [alert] = _alerts(harness)
    assert [block["slack_file"] for block in alert["blocks"] if block["type"] == "image"] == [
        {"id": "F0PICTURE"}
    ]
    [(name, alt_text)] = harness.chat.pictures
    assert name.endswith(".png")
    assert alt_text == "20 people wrote about Payments in 10 minutes, usually fewer than 1"
    [spike] = spikes_of(store)
    assert (spike.channel, spike.ts is not None) == (ONCALL, True)
    harness.clock.advance(seconds=2_400)
    detect(store, watch, now=NOW + 40 * MINUTE)
    await harness.settle()
    [ended] = _alerts(harness)
    assert "Back to the usual" in str(ended)


async def test_the_examples_are_masked_where_the_desk_blurs_abuse(
    store: Store, harness: DeliveryHarness
) -> None:
    arrive(store, *customer_posts(20))
    detect(store, watch_of(store))
    await harness.settle()
    [alert] = _alerts(harness)
    assert "the app e••• my payment" in str(alert)


async def test_it_goes_to_the_fallback_channel_where_its_own_is_closed(
    store: Store, harness: DeliveryHarness
) -> None:
    harness.chat.archived = {ONCALL}
    arrive(store, *customer_posts(20))
    detect(store, watch_of(store))
    await harness.settle()
    assert len([one for one in _alerts(harness, FALLBACK) if "📈" in str(one)]) == 1
    [spike] = spikes_of(store)
    harness.clock.advance(seconds=60)
    do(store, dismiss_spike, spike_id=spike.id, user_id="U0SAM", now=NOW + MINUTE)
    await harness.settle()
    assert "said <@U0SAM>" in str(_alerts(harness, FALLBACK))


async def test_a_chart_that_cannot_be_drawn_does_not_stop_the_alert(
    store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    harness = a_harness(desk, networks(Network()), charts=drawer.ChartDrawer())
    monkeypatch.setattr(drawer, "TIMEOUT", 0.0)
    arrive(store, *customer_posts(20))
    detect(store, watch_of(store))
    await harness.settle()
    [alert] = _alerts(harness)
    assert "█" in str(alert)
    assert harness.chat.pictures == []

"""Many write about the same: one alert with a picture, which ends, or which somebody says is no outage."""

import io
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from domain.outages.links import LinkState
from sandbox.faults import Fault
from storage.tables import messages
from tests.stories import KAI, ONCALL, QUICK, RUTH, SAM, Story, running_story, shown

LANGUAGES = (
    "@acme payment failed, my card is charged and I cannot pay",
    "@acme no puedo pagar, el pago falla siempre",
    "@acme ich kann nicht bezahlen, die Zahlung schlägt fehl",
)
COMPONENTS = (
    '\n[[outages.components]]\nname = "Payments <!channel>"\nwords = ["payment", "pago", "Zahlung"]\n'
)


@pytest.fixture
async def story(tmp_path: Path, database_url: str) -> AsyncIterator[Story]:
    """A desk with a component that posts name."""
    async with running_story(tmp_path, database_url, choices=QUICK + COMPONENTS) as story:
        yield story


def _break_payments(story: Story, number: int = 36) -> None:
    for position in range(number):
        story.customer_writes(f"{LANGUAGES[position % 3]} {position}", who=f"customer{position}")


def _alerts(story: Story) -> list[dict[str, Any]]:
    return [message for message in story.world.slack.messages(ONCALL) if "wrote about" in shown(message)]


async def _alert(story: Story) -> dict[str, Any]:
    return await story.until(lambda: next(iter(_alerts(story)), None), "the alert")


@pytest.mark.long(12)
async def test_a_spike_is_told_once_with_a_picture_and_examples(story: Story) -> None:
    _break_payments(story)
    alert = await _alert(story)
    text = shown(alert)
    assert "wrote about" in text
    assert "usually" in text
    assert "<!channel>" not in text.replace("&lt;!channel&gt;", "")
    assert story.world.ledger.of("slack", "ping") == []
    examples = next(b for b in alert["blocks"] if b["type"] == "section" and "•" in b["text"]["text"])
    assert examples["text"]["text"].count("•") == 5
    [picture] = [block for block in alert["blocks"] if block["type"] == "image"]
    file = story.world.slack.files.get(picture["slack_file"]["id"])
    with Image.open(io.BytesIO(file.content or b"")) as chart:
        assert chart.size == (1_080, 420)
    assert "people wrote about" in picture["alt_text"]
    _break_payments(story, 40)
    board = await story.card("*40 people*")
    assert "Open an outage…" in shown(board)
    assert len(_alerts(story)) == 1


async def test_without_the_picture_the_alert_has_bars(story: Story) -> None:
    story.world.faults.add(Fault("slack:upload", "status", times=-1, status=500))
    _break_payments(story)
    alert = await _alert(story)
    assert not [block for block in alert["blocks"] if block["type"] == "image"]
    assert set("▁▂▃▄▅▆▇█") & set(shown(alert))


@pytest.mark.long(12)
async def test_an_alert_whose_posting_was_lost_is_not_doubled(story: Story) -> None:
    story.world.faults.add(Fault("slack:chat.postMessage", "lost-after", times=-1))
    _break_payments(story)
    await _alert(story)
    story.world.faults.clear()
    await story.stop()
    await story.start()
    story.customer_writes(f"{LANGUAGES[0]} after the restart", who="later")
    await story.card("*37 people*")
    assert len(_alerts(story)) == 1


@pytest.mark.long(12)
async def test_somebody_says_that_it_is_not_an_outage(story: Story) -> None:
    _break_payments(story)
    alert = await _alert(story)
    await story.world.slack.press(SAM, ONCALL, alert["ts"], "spike.dismiss")
    told = await story.card_shows(alert["ts"], f"said <@{SAM}>", channel=ONCALL)
    [buttons] = [block for block in told["blocks"] if block["type"] == "actions"]
    assert [one["action_id"] for one in buttons["elements"]] == ["spike.restore"]
    for position in range(6):
        story.customer_writes(f"{LANGUAGES[0]} later {position}", who=f"later{position}")
    await story.card("later 5")
    assert len(_alerts(story)) == 1
    story.world.slack.join(RUTH, ONCALL)
    await story.world.slack.press(RUTH, ONCALL, alert["ts"], "spike.restore")
    again = await story.card_shows(alert["ts"], "Open an outage…", channel=ONCALL)
    assert "said <@" not in shown(again)
    assert "spike.dismiss" in str(again["blocks"])


async def test_an_outage_is_opened_from_the_alert_with_its_posts(story: Story) -> None:
    """Kai opens it; the alert names it, its posts are proposed, and Ruth, who pressed too, is told."""
    slack = story.world.slack
    slack.join(RUTH, ONCALL)
    _break_payments(story)
    alert = await _alert(story)
    await slack.press(SAM, ONCALL, alert["ts"], "spike.open_outage")
    assert slack.open_view(SAM) is None
    await slack.press(KAI, ONCALL, alert["ts"], "spike.open_outage")
    form = await story.form(KAI)
    assert "Customers wrote" in shown(form)
    assert "@acme" in shown(form)
    [title] = [block for block in form["blocks"] if block.get("block_id") == "outage.title"]
    assert title["element"]["initial_value"] == "Problems with payments"
    await slack.press(RUTH, ONCALL, alert["ts"], "spike.open_outage")
    by_ruth = await story.form(RUTH)
    ack = await slack.submit(
        KAI, form["id"], {"outage.title": "Payments fail", "outage.problem.0.en": "Paying by card fails."}
    )
    assert ack.payload is not None
    assert ack.payload["response_action"] == "update", ack
    typed = {"outage.title": "Cards fail", "outage.problem.0.en": "Cards fail."}
    await slack.submit(RUTH, by_ruth["id"], typed)
    assert f"Nothing was saved yet:* <@{KAI}> opened" in shown(await story.form(RUTH))
    told = await story.card_shows(alert["ts"], f"*Payments fail*, said <@{KAI}>", channel=ONCALL)
    assert "spike.dismiss" not in str(told["blocks"])
    await story.card_shows(alert["ts"], "Open board", channel=ONCALL)
    assert story.bot is not None
    assert story.bot.store is not None
    with story.bot.store.unit_of_work() as uow:
        [outage] = uow.outages.open()
        assert outage.spike_id is not None
        assert outage.components == ("Payments <!channel>",)
        assert uow.outage_links.counts(outage.id)[LinkState.PROPOSED] >= 5


async def test_a_spike_of_a_known_outage_is_said_to_be_one(story: Story) -> None:
    slack = story.world.slack
    slack.join(RUTH, ONCALL)
    _break_payments(story)
    alert = await _alert(story)
    await slack.press(KAI, ONCALL, alert["ts"], "spike.known_outage")
    assert "no outage is open" in story.ephemeral_text(KAI)
    await slack.command(KAI, ONCALL, "/outage")
    form = await story.form(KAI)
    await slack.submit(KAI, form["id"], {"outage.title": "It is known", "outage.problem.0.en": "It fails."})
    await slack.press(RUTH, ONCALL, alert["ts"], "spike.open_outage")
    another = await story.form(RUTH)
    assert "*An outage is open:* 🟠 *It is known*" in shown(another)
    assert "press *It is this known outage…*" in shown(another)
    await slack.close_view(RUTH, another["id"])
    await slack.press(RUTH, ONCALL, alert["ts"], "spike.known_outage")
    choice = await story.form(RUTH)
    assert "It is known" in shown(choice)
    await slack.submit(RUTH, choice["id"])
    await story.card_shows(alert["ts"], f"*It is known*, said <@{RUTH}>", channel=ONCALL)


def _let_pass(story: Story, *, since_posts: timedelta, since_alert: timedelta) -> None:
    """Have what was written, and the alert, happened so much earlier."""
    assert story.bot is not None
    assert story.bot.store is not None
    with story.bot.store.unit_of_work() as uow:
        [spike] = uow.spikes.since(datetime.now(UTC) - timedelta(hours=1))
        uow.spikes.save(
            replace(spike, found_at=spike.found_at - since_alert, since=spike.since - since_alert)
        )
    with story.bot.store.engine.begin() as connection:
        for row in connection.execute(select(messages.c.id, messages.c.created_at)).all():
            earlier = (
                messages.update()
                .where(messages.c.id == row.id)
                .values(created_at=row.created_at - since_posts)
            )
            connection.execute(earlier)


@pytest.mark.long(12)
async def test_a_rise_beside_an_open_alert_says_what_it_may_be(story: Story) -> None:
    """Many say that all is down, 25 minutes after the alert, while few still cannot pay."""
    slack = story.world.slack
    _break_payments(story)
    first = await _alert(story)
    await story.card("*36 people*")
    _let_pass(story, since_posts=timedelta(minutes=12), since_alert=timedelta(minutes=25))
    await story.stop()
    await story.start()
    for position in range(24):
        story.customer_writes(f"@acme the app is down again {position}", who=f"other{position}")
    told = await story.until(
        lambda: next((one for one in _alerts(story) if "More people write" in shown(one)), None),
        "the alert of the rise",
    )
    assert "about “Outage report”. It may be another outage, or word spreading of the first" in shown(told)
    assert f"{first['ts'].replace('.', '')}|Open that alert" in shown(told)
    assert "More people write" not in shown(story.card_at(first["ts"], ONCALL))
    await slack.press(KAI, ONCALL, told["ts"], "spike.open_outage")
    assert "the app is down again" in shown(await story.form(KAI))
    assert len(_alerts(story)) == 2

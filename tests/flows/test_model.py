"""Walk stories of a bot with a language model: drafts, what leaves, attacks, and the daily cap."""

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from sandbox.model.model import Prompt
from storage.model_tables import model_calls
from storage.tables import suggestions
from tests.attacks import Attack, read_attacks
from tests.storage.outboxes import OutboxCalls
from tests.stories import ONCALL, POLL, QUICK, SAM, Story, details, running_story, shown

ATTACKS = read_attacks()
CALL = "POST /v1/chat/completions"
#: X's limit of readings is not to be reached before all attacks have arrived, and each is to get a card, not
#: to be gathered with others as a spike.
CALM = QUICK.replace(POLL, "poll_seconds = 2") + "\n[surge]\nfalse_alarms = 0\n"
NUMBERED = re.compile(r"\(case (\d+)\)")


def rows(story: Story, table: Any) -> list[Any]:  # noqa: ANN401 - rows of any table
    assert story.bot is not None
    with story.bot.store.engine.connect() as connection:
        return list(connection.execute(select(table)))


def sent(story: Story) -> list[dict[str, Any]]:
    return [entry.detail["request"] for entry in story.world.ledger.of("model", CALL)]


async def settled(story: Story, cases: int) -> None:
    """Wait until so many cards are shown, and nothing is queued."""
    assert story.bot is not None
    bot = story.bot
    await story.until(
        lambda: len(story.world.slack.messages("C0SUPPORT")) >= cases or None, f"{cases} cards", 200
    )
    for _ in range(3000):
        if OutboxCalls(bot.store).counts().keys().isdisjoint({"queued", "sending"}):
            return
        await asyncio.sleep(0.05)
    raise AssertionError("the outbox never came to rest")


async def test_a_draft_names_its_sources_and_what_left_was_masked(tmp_path: Path, database_url: str) -> None:
    async with running_story(tmp_path, database_url, model=True) as story:
        ana = story.world.x.accounts.get("anaruiz", "Ana Ruiz")
        story.world.x.post(
            ana, "@acme my payment failed twice, call me at 0171 2345678 or ana.r@gmail.com. Ana Ruiz"
        )
        card = await story.card("my payment failed twice")
        card = await story.card_shows(card["ts"], "drafted by sandbox-model from ")
        [call] = [row for row in rows(story, model_calls) if row.purpose == "draft"]
        assert (call.prompt, call.prompt_version, call.error) == ("draft-reply", "6/1", "")
        [body] = sent(story)
        said = json.dumps(body, ensure_ascii=False)
        for secret in ("2345678", "ana.r", "Ruiz", "anaruiz"):
            assert secret not in said
        view = await details(story, card["ts"])
        assert "prompt v6/1" in shown(view)
        await story.world.slack.press(SAM, "C0SUPPORT", card["ts"], "case.answer")
        assert story.our_posts() == []


async def test_over_the_daily_cap_on_call_is_told_once(tmp_path: Path, database_url: str) -> None:
    choices = f"{QUICK}[model]\ndaily_tokens = 10\n"
    async with running_story(tmp_path, database_url, model=True, choices=choices) as story:
        story.customer_writes("@acme my payment failed again")
        first = await story.card("my payment failed again")
        await story.card_shows(first["ts"], "drafted by")
        for number, who in enumerate(("bea", "carl")):
            story.customer_writes(f"@acme my card was declined, {number}", who=who)
            await story.card(f"my card was declined, {number}")
        await settled(story, 3)
        told = [shown(one) for one in story.world.slack.messages(ONCALL) if "daily_tokens" in shown(one)]
        assert len(told) == 1
        assert len(sent(story)) == 1


@pytest.mark.long(20)
async def test_no_attack_reaches_a_card_a_form_or_a_customer(tmp_path: Path, database_url: str) -> None:
    by_number = {attack.number: attack for attack in ATTACKS}

    def obey(prompt: Prompt) -> str:
        found = NUMBERED.search(json.loads(prompt.last)["post"])
        assert found is not None
        return by_number[int(found[1])].answer(prompt)

    async with running_story(tmp_path, database_url, model=True, choices=CALM) as story:
        story.world.model.obey = obey
        for attack in ATTACKS:
            write(story, attack)
        await settled(story, len(ATTACKS))
        assert len(sent(story)) >= len(ATTACKS) * 3 // 4
        drafts = [row for row in rows(story, suggestions) if row.source == "model"]
        cited = {
            source["text"]
            for body in sent(story)
            for source in json.loads(body["messages"][1]["content"])["sources"]
        }
        assert [
            draft.text for draft in drafts if draft.text not in cited and "<" not in " ".join(cited)
        ] == []
        told = " ".join(f"{row.text} {row.title} {row.missing}" for row in rows(story, suggestions))
        assert [attack.wanted for attack in ATTACKS if attack.wanted in told] == []
        assert len(drafts) <= sum(not attack.refused_by for attack in ATTACKS)
        assert story.our_posts() == []


def write(story: Story, attack: Attack) -> None:
    text = attack.text if attack.where != "name" else "my payment failed"
    name = attack.text if attack.where == "name" else f"Customer {attack.number}"
    story.world.x.post(
        story.world.x.accounts.get(f"customer{attack.number}", name), f"@acme {text} (case {attack.number})"
    )

"""Find a mention that X lists late, over the wire, and compare what it listed with what we hold."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.networks.x import ids
from domain.intake import completeness
from handlers.timers import polling
from tests.stories import SAM, SUPPORT, running_story, shown

QUICK = '[intake]\npoll_seconds = 0.2\n[triage]\nencoder = "none"\n'


async def test_a_mention_that_x_lists_late_gets_its_card(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ids, "OVERLAP", timedelta(0))
    monkeypatch.setattr(completeness, "SETTLED_AFTER", timedelta(0))
    monkeypatch.setattr(polling, "LOOK_BACK_EVERY", timedelta(seconds=0.3))
    async with running_story(tmp_path, database_url, choices=QUICK) as story:
        story.customer_writes("@acme are you there?", who="first")
        await story.card("are you there")
        x = story.world.x
        author = x.accounts.get("late", "Late")
        late = x.post(author, "@acme my card was charged twice", is_listed=False)
        story.customer_writes("@acme where is my parcel?", who="other")
        await story.card("where is my parcel")
        assert story.find_card("charged twice") is None
        x.held_back.discard(late.id)
        await story.card("charged twice")
        answer = await story.world.slack.command(SAM, SUPPORT, "/mentions completeness")
        assert "1 late" in str(answer)


async def test_a_late_mention_joins_its_authors_case_behind_what_they_wrote_since(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ids, "OVERLAP", timedelta(0))
    monkeypatch.setattr(completeness, "SETTLED_AFTER", timedelta(0))
    monkeypatch.setattr(polling, "LOOK_BACK_EVERY", timedelta(seconds=0.3))
    database = f"sqlite:///{tmp_path / 'switchboard.db'}"
    async with running_story(tmp_path, database, choices=QUICK) as story:
        x, slack = story.world.x, story.world.slack
        author = x.accounts.get("late", "Late")
        late = x.post(author, "@acme my card was charged twice", is_listed=False)
        await asyncio.sleep(1.1)  # X tells whole seconds
        story.customer_writes("@acme where is my parcel? it is two weeks late", who="late")
        ts = str((await story.card("where is my parcel"))["ts"])
        x.held_back.discard(late.id)
        await story.thread_shows(ts, "charged twice")
        await slack.settled()
        assert "where is my parcel" in shown(story.card_at(ts))
        assert sum("@late" in shown(message) for message in slack.messages(SUPPORT)) == 1

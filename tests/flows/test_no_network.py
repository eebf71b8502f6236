"""Run a bot with a mailbox and no social network; `check` names the networks that it could have."""

import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import check
from tests.handoff_stories import ANA, AT_ONCE, mail_with, say
from tests.stories import SAM, SUPPORT, Story, running_story, shown

COULD_HAVE = "X (X_CONSUMER_KEY, X_CONSUMER_SECRET, X_ACCESS_TOKEN, X_ACCESS_TOKEN_SECRET)"
NONE_OF_X = dict.fromkeys(
    ("X_CONSUMER_KEY", "X_CONSUMER_SECRET", "X_ACCESS_TOKEN", "X_ACCESS_TOKEN_SECRET"), ""
)


@pytest.fixture
async def story(tmp_path: Path, database_url: str, caplog: pytest.LogCaptureFixture) -> AsyncIterator[Story]:
    with caplog.at_level(logging.WARNING, logger="handlers.lifecycle"):
        async with running_story(tmp_path, database_url, choices=AT_ONCE, more=NONE_OF_X) as told:
            yield told


async def test_mail_alone_is_worked_and_the_start_says_what_there_could_be(
    story: Story, caplog: pytest.LogCaptureFixture
) -> None:
    told = [record.getMessage() for record in caplog.get_records("setup")]
    assert f"no network is configured, so no posts are read; there could be {COULD_HAVE}" in told
    story.world.mail.write(ANA, "My payment fails with an error.", name="Ana Ruiz", subject="Payment")
    ts = str((await story.card("My payment fails with an error."))["ts"])
    await story.world.slack.press(SAM, SUPPORT, ts, "case.claim")
    await story.card_shows(ts, "has it")
    await story.world.slack.press(SAM, SUPPORT, ts, "case.move")
    form = shown(await story.form(SAM))
    assert "The customer writes by e-mail, and is on no network that we know of." in form
    await say(story, ts, "Which error is it?")
    await mail_with(story, "Which error is it?")


async def test_check_says_what_there_could_be(story: Story) -> None:
    given = {name: value for name, value in story.environment.items() if value}
    (story.folder / ".env").write_text("".join(f'{name}="{value}"\n' for name, value in given.items()))
    await story.stop()
    lines = {line.name: line for line in await check(story.folder)}
    assert lines["Network"].ok is None
    assert COULD_HAVE in lines["Network"].detail
    assert lines["X_CONSUMER_KEY"].detail.startswith("not set")
    assert lines["E-mail"].ok is True
    assert [line.name for line in lines.values() if line.ok is False] == []

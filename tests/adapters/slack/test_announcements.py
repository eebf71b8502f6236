"""Draw notices for the announcements channel, and edit, delete and count there."""

from dataclasses import replace
from typing import Any

import pytest

from adapters.slack.client import SlackTeamChat
from adapters.slack.outages.announcements import draw_announcement
from domain.delivery.outcomes import Done, Failed
from domain.outages.outage import OutageKind, Phase, Severity
from sandbox.slack import Workspace
from tests.adapters.destinations.notices import ANNOUNCEMENT

CHANNEL = "C0SUPPORT"


@pytest.mark.parametrize("phase", list(Phase))
async def test_each_phase_is_drawn_and_taken_by_slack(chat: SlackTeamChat, phase: Phase) -> None:
    notice = replace(ANNOUNCEMENT, phase=phase, texts={"en": "x\n" * 4_000})
    outcome = await chat.post(CHANNEL, draw_announcement(notice), token=f"t-{phase}")
    assert isinstance(outcome, Done), outcome


@pytest.mark.parametrize(
    ("changes", "begins"),
    [
        ({"severity": Severity.MINOR}, "🟡"),
        ({"severity": Severity.MAJOR, "phase": Phase.MONITORING}, "🟠"),
        ({"severity": Severity.CRITICAL, "phase": Phase.IDENTIFIED}, "🔴"),
        ({"severity": Severity.CRITICAL, "phase": Phase.RESOLVED}, "✅"),
        ({"outage_kind": OutageKind.MAINTENANCE, "phase": Phase.SCHEDULED}, "🛠️"),
    ],
)
def test_it_begins_with_the_mark_that_the_board_has(changes: dict[str, Any], begins: str) -> None:
    drawn = draw_announcement(replace(ANNOUNCEMENT, **changes))
    assert drawn["text"].startswith(begins)
    assert drawn["blocks"][0]["text"]["text"].startswith(f"{begins} *")


def test_nothing_in_a_notice_reaches_slack_as_markup() -> None:
    hostile = "<!channel> <https://evil.example|here> & *bold*"
    drawn = draw_announcement(
        replace(ANNOUNCEMENT, title=hostile, texts={"en": hostile}, components=(hostile,))
    )
    head, text, foot = drawn["blocks"]
    assert text["text"]["type"] == "plain_text"
    assert text["text"]["text"] == hostile
    assert "<!channel>" not in head["text"]["text"] + foot["elements"][0]["text"] + drawn["text"]


def test_a_long_text_is_split_and_nothing_of_it_is_lost() -> None:
    lines = [f"line {number} of the notice" for number in range(300)]
    drawn = draw_announcement(replace(ANNOUNCEMENT, texts={"en": "\n".join(lines)}))
    parts = [block["text"]["text"] for block in drawn["blocks"][1:-1]]
    assert len(parts) == 3
    assert "\n".join(parts).split("\n") == lines


async def test_a_message_is_deleted_once(chat: SlackTeamChat, workspace: Workspace) -> None:
    posted = await chat.post(CHANNEL, draw_announcement(ANNOUNCEMENT), token="t")
    assert isinstance(posted, Done)
    for _ in range(2):
        assert isinstance(await chat.delete(CHANNEL, posted.result["ts"]), Done)
    assert workspace.messages(CHANNEL) == []


async def test_a_channel_is_described_where_the_bot_is_in_it(
    chat: SlackTeamChat, workspace: Workspace
) -> None:
    found = await chat.describe_channel("#support")
    assert isinstance(found, Done)
    assert found.result == {"channel": CHANNEL, "members": len(workspace.channel(CHANNEL).members)}
    workspace.leave(workspace.app.bot_user_id, CHANNEL)
    outcome = await chat.describe_channel(CHANNEL)
    assert isinstance(outcome, Failed)
    assert "Invite it" in outcome.reason
    assert isinstance(await chat.describe_channel("#nowhere"), Failed)

"""What X and Slack answer is not always what they document: nothing is sent twice, and nothing is lost."""

from pathlib import Path
from typing import Any

import pytest

from sandbox.faults import Fault
from tests.stories import ONCALL, SAM, SUPPORT, running_story, shown

COMPLAINT = "@acme third time the app eats my payment"
ANSWER = "Hi Ana, we are sorry. We are looking into it right now."
HTML = {"body": "<html>maintenance</html>", "content_type": "text/html"}


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ({"status": 201, "body": ""}, "Not sure it was sent"),
        ({"status": 201, "body": '{"data": {}}'}, "Not sure it was sent"),
        ({"status": 201, "body": '{"errors": [{"title": "x"}]}'}, "Not sure it was sent"),
        ({"status": 200, **HTML}, "Not sure it was sent"),
        ({"status": 408, "body": ""}, "Not sure it was sent"),
        ({"status": 302, "headers": {"Location": "https://evil.example/"}}, "Not sent"),
        ({"status": 404, "body": '{"title": "Not Found"}'}, "Not sent"),
    ],
)
async def test_a_reply_that_x_answers_oddly_is_never_sent_again_by_itself(
    tmp_path: Path, fault: dict[str, Any], told: str
) -> None:
    async with running_story(tmp_path, f"sqlite:///{tmp_path / 'switchboard.db'}") as story:
        story.customer_writes(COMPLAINT)
        ts = (await story.card("third time"))["ts"]
        story.world.faults.add(Fault("x:POST /2/tweets", "status", **fault))
        await story.answer(SAM, ts, ANSWER)
        await story.card_shows(ts, told)
        assert story.our_posts() == []


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 200, **HTML},
        {"status": 200, "body": "{}"},
        {"status": 200, "body": '{"ok": true}'},
        {"status": 200, "body": '{"ok": false, "error": "fatal_error"}'},
    ],
)
async def test_a_card_that_slack_answers_oddly_is_there_once(tmp_path: Path, fault: dict[str, Any]) -> None:
    async with running_story(tmp_path, f"sqlite:///{tmp_path / 'switchboard.db'}") as story:
        await story.world.slack.settled()
        story.world.faults.add(Fault("slack:chat.postMessage", "status", **fault))
        story.customer_writes(COMPLAINT)
        ts = (await story.card("third time"))["ts"]
        await story.world.slack.press(SAM, SUPPORT, ts, "case.claim")
        await story.card_shows(ts, "has it")
        seen = [
            shown(message) for channel in (SUPPORT, ONCALL) for message in story.world.slack.messages(channel)
        ]
        assert sum("third time" in text for text in seen) == 1

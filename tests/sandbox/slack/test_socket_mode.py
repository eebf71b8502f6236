"""A real Bolt app over Socket Mode: what people do reaches it, what it answers reaches them."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack import Workspace
from tests.sandbox.slack.conftest import Connect

BUTTON = {
    "type": "actions",
    "block_id": "row",
    "elements": [
        {"type": "button", "action_id": "go", "value": "7", "text": {"type": "plain_text", "text": "Go"}}
    ],
}
MODAL = {
    "type": "modal",
    "callback_id": "form",
    "title": {"type": "plain_text", "text": "Form"},
    "submit": {"type": "plain_text", "text": "Send"},
    "private_metadata": "case-1",
    "blocks": [
        {
            "type": "input",
            "block_id": "words",
            "label": {"type": "plain_text", "text": "Words"},
            "element": {"type": "plain_text_input", "action_id": "text", "initial_value": "as suggested"},
        }
    ],
}


async def test_a_click_opens_a_modal_and_its_submission_closes_it(
    workspace: Workspace, client: AsyncWebClient, app: AsyncApp, connect: Connect
) -> None:
    seen: list[dict[str, Any]] = []

    @app.action("go")
    async def clicked(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        seen.append(body)
        await client.views_open(trigger_id=body["trigger_id"], view=MODAL)
        await ack()

    @app.view("form")
    async def submitted(ack: AsyncAck, body: dict[str, Any]) -> None:
        seen.append(body)
        await ack()

    await connect(app)
    posted = await client.chat_postMessage(channel="C0SUPPORT", text="card", blocks=[BUTTON])

    click = await workspace.press("U0SAM", "C0SUPPORT", posted["ts"], "go")
    view = workspace.open_view("U0SAM")
    assert click.answered
    assert view is not None
    submission = await workspace.submit("U0SAM", view["id"])

    assert submission.answered
    assert workspace.open_view("U0SAM") is None
    assert seen[0]["actions"][0]["value"] == "7"
    assert seen[0]["container"] == {
        "type": "message",
        "message_ts": posted["ts"],
        "channel_id": "C0SUPPORT",
        "is_ephemeral": False,
    }
    assert seen[1]["view"]["private_metadata"] == "case-1"
    assert seen[1]["view"]["state"]["values"] == {
        "words": {"text": {"type": "plain_text_input", "value": "as suggested"}}
    }

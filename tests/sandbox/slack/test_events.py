"""Events that the app receives, and their envelope."""

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack import SlackError, Workspace
from tests.sandbox.slack.apps import Received

HOME = {"type": "home", "blocks": [{"type": "divider"}]}


async def test_a_message_is_told_in_its_envelope(workspace: Workspace, received: Received) -> None:
    said = await workspace.say("U0SAM", "C0SUPPORT", "hello & <b>")
    await workspace.settled()

    (body,) = received.bodies
    assert (body["type"], body["team_id"], body["api_app_id"]) == ("event_callback", "T0SWITCH", "A0SWITCH")
    assert body["event_id"].startswith("Ev")
    assert body["authorizations"][0]["user_id"] == "U0BOT"
    event = body["event"]
    assert (event["type"], event["user"], event["text"]) == ("message", "U0SAM", "hello &amp; &lt;b&gt;")
    assert (event["channel"], event["channel_type"], event["ts"]) == ("C0SUPPORT", "channel", said["ts"])


async def test_a_mention_of_the_bot_is_told_twice(workspace: Workspace, received: Received) -> None:
    await workspace.say("U0SAM", "C0SUPPORT", "@Switchboard Hi Ana")
    await workspace.settled()
    assert sorted((event["type"], event["text"]) for event in received.events) == [
        ("app_mention", "<@U0BOT> Hi Ana"),
        ("message", "<@U0BOT> Hi Ana"),
    ]


async def test_the_bots_own_messages_changes_and_deletions_are_told(
    client: AsyncWebClient, workspace: Workspace
) -> None:
    sent: list[dict[str, object]] = []
    workspace.delivery.send_event = lambda payload: sent.append(payload["event"])  # type: ignore[method-assign]
    metadata = {"event_type": "card", "event_payload": {}}
    ts = (await client.chat_postMessage(channel="C0SUPPORT", text="card", metadata=metadata))["ts"]
    await client.chat_update(channel="C0SUPPORT", ts=ts, text="changed")
    await client.chat_delete(channel="C0SUPPORT", ts=ts)

    assert [event.get("subtype") for event in sent] == [None, "message_changed", "message_deleted"]
    assert (sent[0]["bot_id"], "metadata" in sent[0]) == ("B0SWITCH", False)
    assert sent[2]["deleted_ts"] == ts


async def test_nothing_is_told_of_where_the_bot_is_not_or_has_not_subscribed(
    workspace: Workspace, received: Received
) -> None:
    await workspace.say("U0SAM", "C0LOBBY", "<@U0BOT> are you there")
    workspace.subscriptions = {"app_mention"}
    await workspace.say("U0SAM", "C0SUPPORT", "quiet")
    await workspace.settled()
    assert received.events == []


async def test_opening_the_home_is_told_with_the_view_that_is_there(
    client: AsyncWebClient, workspace: Workspace, received: Received
) -> None:
    assert workspace.open_home("U0SAM") is None
    await workspace.settled()
    await client.views_publish(user_id="U0SAM", view=HOME)
    workspace.open_home("U0SAM")
    await workspace.settled()

    first, second = received.events
    assert (first["type"], first["tab"], first["user"], "view" in first) == (
        "app_home_opened",
        "home",
        "U0SAM",
        False,
    )
    assert second["view"]["type"] == "home"


async def test_joining_is_told(workspace: Workspace, received: Received) -> None:
    workspace.join("U0LEO", "C0SUPPORT")
    await workspace.settled()
    assert [(event["type"], event["user"]) for event in received.events] == [
        ("member_joined_channel", "U0LEO")
    ]


async def test_a_message_with_a_file_is_told_with_it(workspace: Workspace, received: Received) -> None:
    file_id = workspace.upload("U0SAM", "label.pdf", b"%PDF-1.4")
    await workspace.say("U0SAM", "C0SUPPORT", "@Switchboard here", file_ids=[file_id])
    await workspace.settled()
    told = {event["type"]: event for event in received.events}
    assert [file["id"] for file in told["app_mention"]["files"]] == [file_id]
    assert told["message"]["subtype"] == "file_share"
    assert "subtype" not in workspace.messages("C0SUPPORT")[0]


async def test_only_ones_own_files_can_be_said_and_nothing_cannot(workspace: Workspace) -> None:
    file_id = workspace.upload("U0SAM", "label.pdf", b"%PDF-1.4")
    with pytest.raises(SlackError, match="file_not_found"):
        await workspace.say("U0MIA", "C0SUPPORT", "mine now", file_ids=[file_id])
    with pytest.raises(SlackError, match="no_text"):
        await workspace.say("U0SAM", "C0SUPPORT", " ")

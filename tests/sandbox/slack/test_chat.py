"""Messages: post, update, delete, threads and history."""

import re
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack import Channel, Workspace

DIVIDER = [{"type": "divider"}]
METADATA = {"event_type": "card", "event_payload": {"outbox": "7"}}


async def test_a_post_is_kept_with_its_author_blocks_and_metadata(
    client: AsyncWebClient, workspace: Workspace
) -> None:
    answer = await client.chat_postMessage(
        channel="#support", text="hello", blocks=DIVIDER, metadata=METADATA
    )

    (message,) = workspace.messages("C0SUPPORT")
    assert answer["channel"] == "C0SUPPORT"
    assert re.fullmatch(r"\d{10}\.\d{6}", answer["ts"])
    assert message == answer["message"]
    assert (message["user"], message["bot_id"], message["text"]) == ("U0BOT", "B0SWITCH", "hello")
    assert message["metadata"] == METADATA
    assert message["blocks"][0]["block_id"]
    (entry,) = workspace.ledger.of("slack", "chat.postMessage")
    assert (entry.detail["channel"], entry.detail["ts"], entry.detail["metadata"]) == (
        "C0SUPPORT",
        answer["ts"],
        METADATA,
    )


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"channel": "C0SUPPORT"}, "no_text"),
        ({"channel": "C0NOWHERE", "text": "x"}, "channel_not_found"),
        ({"channel": "C0SECRET", "text": "x"}, "channel_not_found"),
        ({"channel": "C0OLD", "text": "x"}, "is_archived"),
        ({"channel": "C0SUPPORT", "text": "x", "thread_ts": "soon"}, "invalid_thread_ts"),
        ({"channel": "C0SUPPORT", "text": "x", "metadata": {"event_type": ""}}, "invalid_metadata_format"),
        (
            {
                "channel": "C0SUPPORT",
                "text": "x",
                "metadata": {"event_type": "e", "event_payload": {"a": "x" * 8000}},
            },
            "metadata_too_large",
        ),
    ],
)
async def test_a_post_that_slack_refuses_leaves_nothing(
    client: AsyncWebClient, workspace: Workspace, arguments: dict[str, Any], error: str
) -> None:
    workspace.add_channel(Channel("C0SECRET", "secret", members=["U0SAM"], is_private=True))
    workspace.add_channel(Channel("C0OLD", "old", members=["U0BOT"], is_archived=True))

    with pytest.raises(SlackApiError) as caught:
        await client.api_call("chat.postMessage", json=arguments)

    assert caught.value.response["error"] == error
    assert workspace.ledger.of("slack") == []


async def test_posting_where_the_bot_is_no_member_needs_a_scope(
    client: AsyncWebClient, workspace: Workspace
) -> None:
    await client.chat_postMessage(channel="C0LOBBY", text="public")
    workspace.scopes.discard("chat:write.public")

    with pytest.raises(SlackApiError, match="not_in_channel"):
        await client.chat_postMessage(channel="C0LOBBY", text="again")

    await client.conversations_join(channel="C0LOBBY")
    await client.chat_postMessage(channel="C0LOBBY", text="now a member")
    assert [m["text"] for m in workspace.messages("C0LOBBY")] == ["public", "now a member"]


async def test_a_person_is_reached_in_direct_messages(client: AsyncWebClient, workspace: Workspace) -> None:
    opened = await client.conversations_open(users="U0SAM")
    answer = await client.chat_postMessage(channel="U0SAM", text="psst")

    assert answer["channel"] == opened["channel"]["id"]
    assert [m["text"] for m in workspace.messages(answer["channel"])] == ["psst"]


async def test_long_texts_are_cut_on_post_and_refused_on_update(
    client: AsyncWebClient, workspace: Workspace
) -> None:
    posted = await client.chat_postMessage(channel="C0SUPPORT", text="x" * 40_001)
    assert len(workspace.messages("C0SUPPORT")[0]["text"]) == 40_000

    await client.chat_update(channel="C0SUPPORT", ts=posted["ts"], text="x" * 4000)
    with pytest.raises(SlackApiError, match="msg_too_long"):
        await client.chat_update(channel="C0SUPPORT", ts=posted["ts"], text="x" * 4001)


async def test_an_update_changes_what_it_names(client: AsyncWebClient, workspace: Workspace) -> None:
    posted = await client.chat_postMessage(channel="C0SUPPORT", text="one", blocks=DIVIDER, metadata=METADATA)
    ts = posted["ts"]

    await client.api_call("chat.update", json={"channel": "C0SUPPORT", "ts": ts, "blocks": DIVIDER * 2})
    (both,) = workspace.messages("C0SUPPORT")
    assert (both["text"], len(both["blocks"]), both["metadata"]) == ("one", 2, METADATA)

    await client.chat_update(channel="C0SUPPORT", ts=ts, text="two")
    (text_only,) = workspace.messages("C0SUPPORT")
    assert (text_only["text"], text_only["blocks"], text_only["ts"]) == ("two", [], ts)
    assert text_only["edited"]["user"] == "U0BOT"


async def test_an_update_cannot_leave_a_message_empty(client: AsyncWebClient, workspace: Workspace) -> None:
    posted = await client.chat_postMessage(channel="C0SUPPORT", text="one", blocks=DIVIDER)
    with pytest.raises(SlackApiError, match="no_text"):
        await client.api_call("chat.update", json={"channel": "C0SUPPORT", "ts": posted["ts"], "text": ""})
    with pytest.raises(SlackApiError, match="no_text"):
        await client.api_call("chat.update", json={"channel": "C0SUPPORT", "ts": posted["ts"]})
    assert workspace.messages("C0SUPPORT")[0]["text"] == "one"


async def test_only_own_messages_that_exist_can_be_changed(
    client: AsyncWebClient, workspace: Workspace
) -> None:
    theirs = await workspace.say("U0SAM", "C0SUPPORT", "mine")

    with pytest.raises(SlackApiError, match="cant_update_message"):
        await client.chat_update(channel="C0SUPPORT", ts=theirs["ts"], text="x")
    with pytest.raises(SlackApiError, match="cant_delete_message"):
        await client.chat_delete(channel="C0SUPPORT", ts=theirs["ts"])
    with pytest.raises(SlackApiError, match="message_not_found"):
        await client.chat_update(channel="C0SUPPORT", ts="1800000000.000009", text="x")


async def test_ephemerals_are_seen_by_one_and_cannot_be_updated(
    client: AsyncWebClient, workspace: Workspace
) -> None:
    answer = await client.chat_postEphemeral(channel="C0SUPPORT", user="U0SAM", text="only you")

    assert [m["text"] for m in workspace.ephemerals("U0SAM")] == ["only you"]
    assert workspace.ephemerals("U0MIA") == []
    assert workspace.messages("C0SUPPORT") == []
    with pytest.raises(SlackApiError, match="message_not_found"):
        await client.chat_update(channel="C0SUPPORT", ts=answer["message_ts"], text="x")
    with pytest.raises(SlackApiError, match="user_not_in_channel"):
        await client.chat_postEphemeral(channel="C0SUPPORT", user="U0LEO", text="x")


async def test_threads_count_their_replies(client: AsyncWebClient, workspace: Workspace) -> None:
    parent = (await client.chat_postMessage(channel="C0SUPPORT", text="card"))["ts"]
    first = (await client.chat_postMessage(channel="C0SUPPORT", text="first", thread_ts=parent))["ts"]
    nested = await client.chat_postMessage(channel="C0SUPPORT", text="second", thread_ts=first)
    await workspace.say("U0SAM", "C0SUPPORT", "third", parent)

    (card,) = workspace.messages("C0SUPPORT")
    assert nested["message"]["thread_ts"] == parent
    assert (card["reply_count"], card["reply_users"]) == (3, ["U0BOT", "U0SAM"])
    assert [m["text"] for m in workspace.thread("C0SUPPORT", parent)] == ["card", "first", "second", "third"]

    replies = await client.conversations_replies(channel="C0SUPPORT", ts=parent, limit=1)
    rest = await client.conversations_replies(
        channel="C0SUPPORT", ts=parent, cursor=replies["response_metadata"]["next_cursor"]
    )
    assert [m["text"] for m in replies["messages"]] == ["card", "first"]
    assert [m["text"] for m in rest["messages"]] == ["card", "second", "third"]


async def test_deleting_a_parent_leaves_a_tombstone_and_unthreads_what_follows_nothing(
    client: AsyncWebClient, workspace: Workspace
) -> None:
    parent = (await client.chat_postMessage(channel="C0SUPPORT", text="card"))["ts"]
    reply = (await client.chat_postMessage(channel="C0SUPPORT", text="reply", thread_ts=parent))["ts"]
    await client.chat_delete(channel="C0SUPPORT", ts=parent)
    assert workspace.messages("C0SUPPORT")[0]["subtype"] == "tombstone"

    childless = (await client.chat_postMessage(channel="C0SUPPORT", text="alone"))["ts"]
    await client.chat_delete(channel="C0SUPPORT", ts=childless)
    orphan = await client.chat_postMessage(channel="C0SUPPORT", text="orphan", thread_ts=childless)
    assert "thread_ts" not in orphan["message"]
    assert [m["text"] for m in workspace.thread("C0SUPPORT", parent)][1:] == ["reply"]
    assert reply > parent


async def test_history_is_newest_first_between_bounds_and_with_metadata_on_request(
    client: AsyncWebClient,
) -> None:
    stamps = [
        (await client.chat_postMessage(channel="C0SUPPORT", text=f"m{n}", metadata=METADATA))["ts"]
        for n in range(5)
    ]

    async def texts(**arguments: object) -> list[str]:
        found = await client.api_call("conversations.history", json={"channel": "C0SUPPORT", **arguments})
        return [m["text"] for m in found["messages"]]

    assert await texts() == ["m4", "m3", "m2", "m1", "m0"]
    assert await texts(oldest=stamps[1], latest=stamps[3]) == ["m2"]
    assert await texts(oldest=stamps[1], latest=stamps[3], inclusive=True) == ["m3", "m2", "m1"]
    first = await client.conversations_history(channel="C0SUPPORT", limit=2)
    assert first["has_more"] is True
    assert await texts(limit=4, cursor=first["response_metadata"]["next_cursor"]) == ["m2", "m1", "m0"]
    assert "metadata" not in first["messages"][0]
    known = await client.conversations_history(channel="C0SUPPORT", include_all_metadata=True)
    assert known["messages"][0]["metadata"] == METADATA


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"limit": 1000}, "invalid_limit"),
        ({"limit": "many"}, "invalid_limit"),
        ({"cursor": "garbage!"}, "invalid_cursor"),
        ({"oldest": "yesterday"}, "invalid_ts_oldest"),
        ({"channel": "C0LOBBY"}, "not_in_channel"),
    ],
)
async def test_history_refuses_nonsense(
    client: AsyncWebClient, arguments: dict[str, Any], error: str
) -> None:
    with pytest.raises(SlackApiError, match=error):
        await client.conversations_history(**{"channel": "C0SUPPORT", **arguments})


async def test_permalinks_name_the_thread_of_a_reply(client: AsyncWebClient) -> None:
    parent = (await client.chat_postMessage(channel="C0SUPPORT", text="card"))["ts"]
    reply = (await client.chat_postMessage(channel="C0SUPPORT", text="reply", thread_ts=parent))["ts"]

    top = await client.chat_getPermalink(channel="C0SUPPORT", message_ts=parent)
    nested = await client.chat_getPermalink(channel="C0SUPPORT", message_ts=reply)

    address = "https://acme.slack.com/archives/C0SUPPORT/p"
    assert top["permalink"] == address + parent.replace(".", "")
    assert nested["permalink"] == f"{address}{reply.replace('.', '')}?thread_ts={parent}&cid=C0SUPPORT"


async def test_reactions_and_pins(client: AsyncWebClient, workspace: Workspace) -> None:
    ts = (await client.chat_postMessage(channel="C0SUPPORT", text="card"))["ts"]
    await client.reactions_add(channel="C0SUPPORT", timestamp=ts, name="white_check_mark")
    await client.pins_add(channel="C0SUPPORT", timestamp=ts)

    assert workspace.messages("C0SUPPORT")[0]["reactions"] == [
        {"name": "white_check_mark", "users": ["U0BOT"], "count": 1}
    ]
    with pytest.raises(SlackApiError, match="already_reacted"):
        await client.reactions_add(channel="C0SUPPORT", timestamp=ts, name="white_check_mark")
    with pytest.raises(SlackApiError, match="already_pinned"):
        await client.pins_add(channel="C0SUPPORT", timestamp=ts)
    await client.reactions_remove(channel="C0SUPPORT", timestamp=ts, name="white_check_mark")
    with pytest.raises(SlackApiError, match="no_reaction"):
        await client.reactions_remove(channel="C0SUPPORT", timestamp=ts, name="white_check_mark")
    assert "reactions" not in workspace.messages("C0SUPPORT")[0]


async def test_markdown_text_is_a_markdown_block_and_stands_alone(
    client: AsyncWebClient, workspace: Workspace
) -> None:
    await client.chat_postMessage(channel="C0SUPPORT", markdown_text="**bold**")
    (block,) = workspace.messages("C0SUPPORT")[0]["blocks"]
    assert (block["type"], block["text"]) == ("markdown", "**bold**")
    with pytest.raises(SlackApiError, match="markdown_text_conflict"):
        await client.chat_postMessage(channel="C0SUPPORT", text="x", markdown_text="x")
    with pytest.raises(SlackApiError, match="msg_too_long"):
        await client.chat_postMessage(channel="C0SUPPORT", markdown_text="x" * 12_001)


async def test_any_text_survives_the_way_to_a_reader(client: AsyncWebClient, workspace: Workspace) -> None:
    text = "\x00 \ud800 \u202e مرحبا 你好 👩\u200d👩\u200d👧"
    await client.api_call("chat.postMessage", json={"channel": "C0SUPPORT", "text": text})
    found = await client.conversations_history(channel="C0SUPPORT")
    assert found["messages"][0]["text"] == text


async def test_a_deleted_reply_is_no_longer_counted(client: AsyncWebClient, workspace: Workspace) -> None:
    parent = (await client.chat_postMessage(channel="C0SUPPORT", text="card"))["ts"]
    replies = [
        (await client.chat_postMessage(channel="C0SUPPORT", text="reply", thread_ts=parent))["ts"]
        for _ in range(2)
    ]
    await client.chat_delete(channel="C0SUPPORT", ts=replies[1])
    (card,) = workspace.messages("C0SUPPORT")
    assert (card["reply_count"], card["latest_reply"]) == (1, replies[0])
    await client.chat_delete(channel="C0SUPPORT", ts=replies[0])
    assert "reply_count" not in workspace.messages("C0SUPPORT")[0]


async def test_a_reader_cannot_change_what_is_kept(client: AsyncWebClient, workspace: Workspace) -> None:
    await client.chat_postMessage(channel="C0SUPPORT", text="card", blocks=DIVIDER)
    workspace.messages("C0SUPPORT")[0]["blocks"].clear()
    assert workspace.messages("C0SUPPORT")[0]["blocks"]

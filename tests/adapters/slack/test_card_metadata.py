"""Read the case from a card's metadata; ignore the same metadata on other authors' messages."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.card_metadata import METADATA_EVENT_TYPE, CardIdentity
from adapters.slack.client import SlackTeamChat
from adapters.slack.message_content import Content
from adapters.slack.modal_client import CARD_NOT_READ, Modals
from domain.delivery.outcomes import Done
from domain.errors import Refused
from sandbox.faults import Fault
from sandbox.slack import Workspace
from tests.adapters.slack.samples import case

CHANNEL = "C0SUPPORT"
OURS = CardIdentity.of(case())
NOTE = Content(text="card", blocks=[])


@pytest.fixture
def modals(client: AsyncWebClient) -> Modals:
    return Modals(client)


async def posted(chat: SlackTeamChat, identity: CardIdentity = OURS) -> str:
    outcome = await chat.post(CHANNEL, NOTE, token="7.1", metadata={"digest": "a", **identity.payload()})
    assert isinstance(outcome, Done)
    return str(outcome.result["ts"])


async def read(modals: Modals, workspace: Workspace, ts: str, channel: str = CHANNEL) -> CardIdentity | None:
    return await modals.card_identity(channel, ts, bot_user_id=workspace.app.bot_user_id)


async def test_a_card_mark_round_trips(modals: Modals, chat: SlackTeamChat, workspace: Workspace) -> None:
    ts = await posted(chat)
    await chat.update(CHANNEL, ts, Content(text="changed", blocks=[]))
    await workspace.say("U0SAM", CHANNEL, "talk", ts)
    assert await read(modals, workspace, ts) == OURS
    assert replace(OURS, case_id=13) != OURS


@pytest.mark.parametrize(
    "author", [{"user": "U0MIA"}, {"user": "U0OTHERBOT", "bot_id": "B0OTHER"}, {"user": None}]
)
async def test_a_mark_on_another_apps_message_is_ignored(
    modals: Modals, chat: SlackTeamChat, workspace: Workspace, author: dict[str, str | None]
) -> None:
    ts = await posted(chat)
    workspace.store.get(CHANNEL, ts).update(author)
    assert await read(modals, workspace, ts) is None


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"token": "7.1"},
        {"case": "12", "opened_at": OURS.opened_at},
        {"case": 12},
        {"case": 12, "opened_at": 5},
        {"case": None, "opened_at": None},
    ],
)
async def test_a_malformed_mark_is_ignored(
    modals: Modals, chat: SlackTeamChat, workspace: Workspace, payload: dict[str, object]
) -> None:
    ts = await posted(chat)
    workspace.store.get(CHANNEL, ts)["metadata"] = {
        "event_type": METADATA_EVENT_TYPE,
        "event_payload": payload,
    }
    assert await read(modals, workspace, ts) is None


@pytest.mark.parametrize(
    "metadata", [None, "text", {"event_type": "theirs", "event_payload": OURS.payload()}]
)
async def test_other_metadata_is_ignored(
    modals: Modals, chat: SlackTeamChat, workspace: Workspace, metadata: object
) -> None:
    ts = await posted(chat)
    workspace.store.get(CHANNEL, ts)["metadata"] = metadata
    assert await read(modals, workspace, ts) is None


async def test_a_reply_in_the_cards_thread_is_no_card(
    modals: Modals, chat: SlackTeamChat, workspace: Workspace
) -> None:
    ts = await posted(chat)
    said = await workspace.say("U0SAM", CHANNEL, "talk", ts)
    assert await read(modals, workspace, str(said["ts"])) is None
    assert await read(modals, workspace, "1600000000.000100") is None
    assert await read(modals, workspace, ts, channel="C0NOWHERE") is None


@pytest.mark.parametrize(
    "fault",
    [
        # aiohttp retries by itself where a kept-alive connection breaks.
        Fault("slack:conversations.replies", "lost-before", times=2),
        Fault("slack:conversations.replies", "status", status=429, body='{"ok":false,"error":"ratelimited"}'),
        Fault("slack:conversations.replies", "status", status=503, body="<html>", content_type="text/html"),
        Fault(
            "slack:conversations.replies", "status", status=200, body='{"ok":false,"error":"missing_scope"}'
        ),
    ],
    ids=["lost", "limited", "down", "forbidden"],
)
async def test_a_mark_that_cannot_be_read_is_refused(
    modals: Modals, chat: SlackTeamChat, workspace: Workspace, fault: Fault
) -> None:
    ts = await posted(chat)
    workspace.faults.add(replace(fault))
    with pytest.raises(Refused, match="does not say"):
        await read(modals, workspace, ts)
    assert await read(modals, workspace, ts) == OURS


async def test_a_slow_slack_is_not_waited_for_until_the_event_comes_again(
    modals: Modals, chat: SlackTeamChat, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    ts = await posted(chat)
    monkeypatch.setattr("adapters.slack.card_metadata.READ_TIMEOUT_SECONDS", 0.1)
    workspace.faults.add(Fault("slack:conversations.replies", "slow", seconds=1))
    with pytest.raises(Refused, match=CARD_NOT_READ):
        await read(modals, workspace, ts)


async def test_the_messages_of_a_thread_are_read_since_a_moment(
    modals: Modals, chat: SlackTeamChat, workspace: Workspace
) -> None:
    card = await posted(chat)
    said = [str((await workspace.say("U0SAM", CHANNEL, text, card))["ts"]) for text in ("one", "two")]
    await chat.add_reaction(CHANNEL, said[0], "warning")
    first = datetime.fromtimestamp(float(said[0]), UTC) - timedelta(milliseconds=1)
    found = await modals.thread_messages(CHANNEL, card, since=first)
    assert found is not None
    assert [message["text"] for message in found] == ["one", "two"]
    assert found[0]["reactions"][0]["name"] == "warning"
    later = await modals.thread_messages(CHANNEL, card, since=first + timedelta(days=1))
    assert later == await modals.thread_messages(CHANNEL, "1600000000.000100", since=first) == []
    workspace.faults.add(Fault("slack:conversations.replies", "status", status=503, body="<html>"))
    assert await modals.thread_messages(CHANNEL, card, since=first) is None

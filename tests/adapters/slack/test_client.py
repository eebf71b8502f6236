"""Call the sandbox's Slack: the outcome of each act under each fault."""

from collections.abc import Awaitable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.api_calls import web_client
from adapters.slack.cards import render_card
from adapters.slack.client import SlackTeamChat
from adapters.slack.directory import RELIST_SECONDS
from adapters.slack.home import render_home
from adapters.slack.message_content import Content
from domain.cases.views import HomeView
from domain.delivery.outcomes import Absent, Done, Failed, Later, Outcome, Unknown
from sandbox.faults import Fault
from sandbox.slack import Limits, Workspace
from tests.adapters.slack.chats import chat_over
from tests.adapters.slack.samples import NOW, OURS, TEAM_URL, our_account, view

CHANNEL = "C0SUPPORT"
CARD = render_card(view(), ours=OURS)
HOME = render_home(
    HomeView(user_id="U0SAM", made_at=NOW, mine=[], unclaimed=[], due_soon=[], waiting=[]),
    team_url=TEAM_URL,
    account_of=our_account,
)


def note(text: str) -> Content:
    return Content(text=text, blocks=[])


def broken_blocks() -> Content:
    return Content(text="card", blocks=[{"type": "nonsense"}])


async def test_a_card_is_posted_with_its_token_and_mark(chat: SlackTeamChat, workspace: Workspace) -> None:
    outcome = await chat.post(CHANNEL, CARD, token="7.1", metadata={"digest": "abc"})
    [shown] = workspace.messages(CHANNEL)
    assert outcome == Done({"digest": "abc", "channel": CHANNEL, "ts": shown["ts"]})
    [entry] = workspace.ledger.of("slack", "chat.postMessage")
    assert entry.detail["metadata"] == {
        "event_type": "switchboard_outbox",
        "event_payload": {"digest": "abc", "token": "7.1"},
    }


async def test_a_card_is_changed_and_keeps_its_token(chat: SlackTeamChat, workspace: Workspace) -> None:
    posted = await _ts(chat.post(CHANNEL, note("new"), token="7.1"))
    assert await chat.update(CHANNEL, posted, CARD) == Done({"channel": CHANNEL, "ts": posted})
    assert workspace.messages(CHANNEL)[0]["text"] == CARD["text"]
    assert isinstance(await chat.find(CHANNEL, token="7.1", since=_now()), Done)


async def test_a_message_is_found_by_its_token_alone(chat: SlackTeamChat) -> None:
    since = _now()
    await chat.post(CHANNEL, note("one"), token="7.1", metadata={"digest": "a"})
    wanted = await _ts(chat.post(CHANNEL, note("two"), token="8.1", metadata={"digest": "b", "more": 1}))
    found = await chat.find(CHANNEL, token="8.1", since=since)
    assert found == Done({"digest": "b", "more": 1, "channel": CHANNEL, "ts": wanted})
    assert await chat.find(CHANNEL, token="9.1", since=since) == Absent(lists_at_once=True)


async def test_a_message_is_found_in_its_thread(chat: SlackTeamChat) -> None:
    card = await _ts(chat.post(CHANNEL, note("card"), token="1.1"))
    told = await _ts(chat.post(CHANNEL, note("story"), token="2.1", thread_ts=card))
    found = await chat.find(CHANNEL, token="2.1", since=_now(), thread_ts=card)
    assert found == Done({"channel": CHANNEL, "ts": told})
    assert await chat.find(CHANNEL, token="2.1", since=_now()) == Absent(lists_at_once=True)


async def test_a_message_is_found_behind_many_others(chat: SlackTeamChat, workspace: Workspace) -> None:
    since = _now()
    wanted = await _ts(chat.post(CHANNEL, note("card"), token="1.1"))
    for number in range(401):
        await workspace.say("U0SAM", CHANNEL, f"talk {number}")
    found = await chat.find(CHANNEL, token="1.1", since=since)
    assert found == Done({"channel": CHANNEL, "ts": wanted})


async def test_a_direct_message_is_posted_and_found(chat: SlackTeamChat) -> None:
    outcome = await chat.post("U0SAM", note("taken over"), token="3.1")
    assert isinstance(outcome, Done)
    assert outcome.result["channel"].startswith("D")
    assert await chat.find("U0SAM", token="3.1", since=_now()) == outcome


async def test_a_message_posted_long_ago_is_not_searched_for(chat: SlackTeamChat) -> None:
    await chat.post(CHANNEL, note("card"), token="1.1")
    assert await chat.find(CHANNEL, token="1.1", since=_now() + timedelta(minutes=10)) == Absent(
        lists_at_once=True
    )


async def test_somebody_elses_metadata_is_not_ours(chat: SlackTeamChat, client: AsyncWebClient) -> None:
    await client.chat_postMessage(
        channel=CHANNEL, text="x", metadata={"event_type": "other", "event_payload": {"token": "1.1"}}
    )
    assert await chat.find(CHANNEL, token="1.1", since=_now()) == Absent(lists_at_once=True)


async def test_an_answer_lost_after_the_act_is_unknown_and_then_found(
    chat: SlackTeamChat, workspace: Workspace
) -> None:
    workspace.faults.add(Fault("slack:chat.postMessage", "lost-after"))
    since = _now()
    outcome = await chat.post(CHANNEL, CARD, token="7.1")
    assert isinstance(outcome, Unknown)
    assert not outcome.responded
    assert len(workspace.messages(CHANNEL)) == 1
    assert isinstance(await chat.find(CHANNEL, token="7.1", since=since), Done)


async def test_a_call_lost_before_the_act_is_unknown_and_then_absent(
    chat: SlackTeamChat, workspace: Workspace
) -> None:
    workspace.faults.add(Fault("slack:chat.postMessage", "lost-before"))
    assert isinstance(await chat.post(CHANNEL, CARD, token="7.1"), Unknown)
    assert await chat.find(CHANNEL, token="7.1", since=_now()) == Absent(lists_at_once=True)
    assert workspace.messages(CHANNEL) == []


async def test_a_channel_whose_id_could_not_be_found_is_looked_up_later(
    client: AsyncWebClient, workspace: Workspace
) -> None:
    moment = 100.0
    chat, since = chat_over(client, lambda: moment), _now()
    workspace.faults.add(Fault("slack:conversations.list", "status", status=503, body="<html>"))
    await chat.post("#support", CARD, token="7.1")
    assert isinstance(await chat.find("#support", token="7.1", since=since), Failed)
    moment += RELIST_SECONDS
    posted = await chat.post("#support", CARD, token="8.1")
    assert isinstance(posted, Done)
    assert posted.result["channel"] == CHANNEL
    assert isinstance(await chat.find("#support", token="8.1", since=since), Done)


async def test_no_answer_in_time_is_unknown(address: str, workspace: Workspace) -> None:
    hasty = chat_over(web_client("xoxb-sandbox-bot", base_url=address, timeout_seconds=1))
    workspace.faults.add(Fault("slack:chat.postMessage", "slow", seconds=1.2))
    assert isinstance(await hasty.post(CHANNEL, note("late"), token="7.1"), Unknown)


async def test_a_refused_connection_certainly_did_nothing() -> None:
    nowhere = chat_over(web_client("xoxb-x", base_url="http://127.0.0.1:9/api/"))
    outcome = await nowhere.post(CHANNEL, note("card"), token="7.1")
    assert outcome == Later("Slack cannot be reached to post a message")


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (
            Fault(
                "*",
                "status",
                status=429,
                body='{"ok":false,"error":"ratelimited"}',
                headers={"Retry-After": "17"},
            ),
            Later(
                "Slack asks to wait before it will post a message",
                timedelta(seconds=17),
                pause_destination=True,
            ),
        ),
        (
            Fault("*", "status", status=429, body="slow down", content_type="text/plain"),
            Later(
                "Slack asks to wait before it will post a message",
                timedelta(seconds=30),
                pause_destination=True,
            ),
        ),
        (
            Fault("*", "status", status=429, body="{", headers={"Retry-After": "soon"}),
            Later(
                "Slack asks to wait before it will post a message",
                timedelta(seconds=30),
                pause_destination=True,
            ),
        ),
        (
            Fault("*", "status", status=429, body="{", headers={"Retry-After": "1000000000000"}),
            Later(
                "Slack asks to wait before it will post a message",
                timedelta(hours=1),
                pause_destination=True,
            ),
        ),
        (
            Fault("*", "status", status=503, body="<html>", content_type="text/html"),
            Unknown("Slack failed while it was to post a message (HTTP 503)", responded=True),
        ),
        (
            Fault("*", "status", status=200, body='{"ok":false,"error":"fatal_error"}'),
            Unknown("Slack failed while it was to post a message (fatal_error)", responded=True),
        ),
        (
            Fault("*", "status", status=200, body="<html>", content_type="text/html"),
            Unknown("Slack's answer to post a message cannot be read (HTTP 200)"),
        ),
        (
            Fault("*", "status", status=200, body="[1"),
            Unknown("Slack's answer to post a message cannot be read (HTTP 200)"),
        ),
        (
            Fault("*", "status", status=200, body="[1]"),
            Unknown("Slack's answer to post a message cannot be read"),
        ),
        (
            Fault("*", "status", status=200, body='{"ok":true}'),
            Unknown("Slack's answer to post a message names no message"),
        ),
        (
            Fault("*", "status", status=200, body='{"ok":false,"error":"team_added_to_org"}'),
            Later("Slack did not take the request to post a message (team_added_to_org)"),
        ),
        (
            Fault("*", "status", status=200, body='{"ok":false,"error":"something_new"}'),
            Failed("Slack refused it (something_new)", "something_new"),
        ),
    ],
)
async def test_each_error_of_slack_has_its_outcome(
    chat: SlackTeamChat, workspace: Workspace, fault: Fault, expected: Outcome
) -> None:
    workspace.faults.add(replace(fault, call="slack:chat.postMessage"))
    assert await chat.post(CHANNEL, note("card"), token="7.1") == expected


async def test_a_channel_is_paced_at_one_message_a_second(chat: SlackTeamChat, workspace: Workspace) -> None:
    workspace.limits = Limits()
    outcomes = [await chat.post(CHANNEL, note(str(number)), token=str(number)) for number in range(4)]
    waits = [one for one in outcomes if isinstance(one, Later)]
    assert waits
    assert all(
        one.pause_destination and one.wait is not None and one.wait >= timedelta(seconds=1) for one in waits
    )


async def test_an_archived_channel_is_a_broken_route(chat: SlackTeamChat, workspace: Workspace) -> None:
    workspace.archive(CHANNEL)
    outcome = await chat.post(CHANNEL, CARD, token="7.1")
    assert isinstance(outcome, Failed)
    assert (outcome.code, outcome.route_broken) == ("is_archived", True)
    assert "unarchive it" in outcome.reason


async def test_a_card_in_a_channel_that_was_archived_since_is_a_broken_route(
    chat: SlackTeamChat, workspace: Workspace
) -> None:
    """Slack names another error for a change than for a post."""
    posted = await chat.post(CHANNEL, CARD, token="7.1")
    assert isinstance(posted, Done)
    workspace.archive(CHANNEL)
    outcome = await chat.update(CHANNEL, str(posted.result["ts"]), CARD)
    assert isinstance(outcome, Failed)
    assert (outcome.code, outcome.route_broken) == ("is_inactive", True)
    assert "unarchive it" in outcome.reason


async def test_a_channel_that_is_not_there_is_a_broken_route(chat: SlackTeamChat) -> None:
    outcome = await chat.post("C0NOWHERE", CARD, token="7.1")
    assert isinstance(outcome, Failed)
    assert (outcome.code, outcome.route_broken) == ("channel_not_found", True)


async def test_a_revoked_right_waits_for_a_person_and_says_what_to_do(
    chat: SlackTeamChat, workspace: Workspace
) -> None:
    workspace.scopes.discard("chat:write")
    outcome = await chat.post(CHANNEL, CARD, token="7.1")
    assert isinstance(outcome, Later)
    assert (outcome.counts, outcome.pause_destination) == (False, True)
    assert "python bot.py manifest" in outcome.reason


async def test_a_wrong_token_waits_for_a_person_and_is_not_told(address: str) -> None:
    stranger = chat_over(web_client("xoxb-wrong", base_url=address))
    outcome = await stranger.post(CHANNEL, CARD, token="7.1")
    assert isinstance(outcome, Later)
    assert "SLACK_BOT_TOKEN" in outcome.reason
    assert "xoxb-wrong" not in outcome.reason


async def test_blocks_that_slack_rejects_are_logged_with_the_reasons(
    chat: SlackTeamChat, caplog: pytest.LogCaptureFixture
) -> None:
    outcome = await chat.post(CHANNEL, broken_blocks(), token="7.1")
    assert isinstance(outcome, Failed)
    assert (outcome.code, outcome.invalid_content) == ("invalid_blocks", True)
    assert "unsupported type: nonsense" in caplog.text


async def test_a_deleted_message_cannot_be_changed(chat: SlackTeamChat, workspace: Workspace) -> None:
    posted = await _ts(chat.post(CHANNEL, CARD, token="7.1"))
    workspace.delete_message(CHANNEL, posted)
    outcome = await chat.update(CHANNEL, posted, CARD)
    assert isinstance(outcome, Failed)
    assert outcome.code == "message_not_found"
    assert not outcome.route_broken


@pytest.mark.parametrize("mode", ["lost-after", "lost-before"])
async def test_an_update_whose_response_is_lost_is_repeated(
    chat: SlackTeamChat, workspace: Workspace, mode: str
) -> None:
    posted = await _ts(chat.post(CHANNEL, note("new"), token="7.1"))
    workspace.faults.add(Fault("slack:chat.update", "lost-after" if mode == "lost-after" else "lost-before"))
    assert isinstance(await chat.update(CHANNEL, posted, CARD), Later)
    assert isinstance(await chat.update(CHANNEL, posted, CARD), Done)


async def test_a_home_is_published(chat: SlackTeamChat, workspace: Workspace) -> None:
    assert await chat.publish_home("U0SAM", HOME) == Done()
    shown = workspace.home("U0SAM")
    assert shown is not None
    assert shown["callback_id"] == "home"
    workspace.faults.add(Fault("slack:views.publish", "lost-after"))
    assert isinstance(await chat.publish_home("U0SAM", HOME), Later)
    gone = await chat.publish_home("U0NOBODY", HOME)
    assert isinstance(gone, Failed)
    assert gone.code == "user_not_found"


async def test_a_check_that_fails_is_repeated(chat: SlackTeamChat, workspace: Workspace) -> None:
    workspace.faults.add(Fault("slack:conversations.history", "lost-before", times=-1))
    assert isinstance(await chat.find(CHANNEL, token="7.1", since=_now()), Later)


async def test_a_check_of_a_deleted_thread_finds_nothing(chat: SlackTeamChat) -> None:
    found = await chat.find(CHANNEL, token="7.1", since=_now(), thread_ts="1795269960.000100")
    assert isinstance(found, Failed)
    assert found.code == "thread_not_found"


async def test_pages_that_never_end_are_no_proof_of_absence(
    chat: SlackTeamChat, workspace: Workspace
) -> None:
    same_page = '{"ok":true,"messages":[{}, 1],"response_metadata":{"next_cursor":"abc"}}'
    workspace.faults.add(Fault("slack:conversations.history", "status", times=-1, status=200, body=same_page))
    assert isinstance(await chat.find(CHANNEL, token="7.1", since=_now()), Later)


def _now() -> datetime:
    return datetime.now(UTC)


async def _ts(posting: Awaitable[Outcome]) -> str:
    outcome = await posting
    assert isinstance(outcome, Done)
    return str(outcome.result["ts"])

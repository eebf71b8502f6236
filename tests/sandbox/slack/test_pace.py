"""Rate limits: one message a second per channel, 50 updates a minute, and the response to a refused call."""

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack import Limits, Workspace
from tests.sandbox.slack.conftest import Clock


@pytest.fixture
def limits() -> Limits:
    return Limits()


async def test_a_channel_takes_a_message_a_second_and_one_in_a_burst(
    client: AsyncWebClient, workspace: Workspace, clock: Clock
) -> None:
    await client.chat_postMessage(channel="C0SUPPORT", text="1")
    await client.chat_postMessage(channel="C0SUPPORT", text="2")
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel="C0SUPPORT", text="3")
    await client.chat_postMessage(channel="C0ONCALL", text="elsewhere")

    refusal = caught.value.response
    assert (refusal.status_code, refusal["error"]) == (429, "ratelimited")
    clock.advance(float(refusal.headers["Retry-After"]))
    await client.chat_postMessage(channel="C0SUPPORT", text="3")
    assert [m["text"] for m in workspace.messages("C0SUPPORT")] == ["1", "2", "3"]


async def test_without_a_burst_a_second_message_waits_a_second(
    client: AsyncWebClient, limits: Limits, clock: Clock
) -> None:
    limits.post_burst = 0
    for second in range(3):
        await client.chat_postMessage(channel="C0SUPPORT", text=str(second))
        with pytest.raises(SlackApiError, match="ratelimited"):
            await client.chat_postMessage(channel="C0SUPPORT", text="too soon")
        clock.advance(1.0)


async def test_fifty_updates_a_minute_in_the_whole_workspace(client: AsyncWebClient, clock: Clock) -> None:
    ts = (await client.chat_postMessage(channel="C0SUPPORT", text="card"))["ts"]
    clock.advance(30)
    for number in range(50):
        await client.chat_update(channel="C0SUPPORT", ts=ts, text=str(number))
    with pytest.raises(SlackApiError) as caught:
        await client.chat_update(channel="C0SUPPORT", ts=ts, text="51")

    assert caught.value.response.headers["Retry-After"] == "60"
    clock.advance(59.5)
    with pytest.raises(SlackApiError, match="ratelimited"):
        await client.chat_update(channel="C0SUPPORT", ts=ts, text="51")
    clock.advance(0.5)
    await client.chat_update(channel="C0SUPPORT", ts=ts, text="51")


async def test_a_burst_of_updates_can_be_allowed(client: AsyncWebClient, limits: Limits) -> None:
    limits.update_burst = 2
    ts = (await client.chat_postMessage(channel="C0SUPPORT", text="card"))["ts"]
    for number in range(52):
        await client.chat_update(channel="C0SUPPORT", ts=ts, text=str(number))
    with pytest.raises(SlackApiError, match="ratelimited"):
        await client.chat_update(channel="C0SUPPORT", ts=ts, text="53")


async def test_other_methods_have_tiers(client: AsyncWebClient) -> None:
    for _ in range(20):
        await client.usergroups_users_list(usergroup="S0AGENTS")
    with pytest.raises(SlackApiError, match="ratelimited"):
        await client.usergroups_users_list(usergroup="S0AGENTS")
    assert (await client.users_info(user="U0SAM"))["ok"]


async def test_paces_can_be_lifted_at_any_time(client: AsyncWebClient, workspace: Workspace) -> None:
    workspace.limits = Limits.unpaced()
    for number in range(60):
        await client.chat_postMessage(channel="C0SUPPORT", text=str(number))
    assert len(workspace.messages("C0SUPPORT")) == 60

"""Diagnose Slack in `check`: what is wrong, and how to fix it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.api_calls import web_client
from adapters.slack.diagnostics import probe
from adapters.slack.directory import Directory
from domain.diagnostics import CheckLine
from sandbox.faults import Fault
from sandbox.slack import Workspace

APP_TOKEN = "xapp-sandbox-app"


async def look(
    client: AsyncWebClient,
    *,
    app_token: str | None = APP_TOKEN,
    channels: Sequence[str] = ("#support", "#oncall"),
    group: str = "",
    skew: timedelta = timedelta(),
) -> dict[str, CheckLine]:
    directory = Directory(client, support_channel="#support", agents_group=group, seconds=lambda: 0.0)
    lines = await probe(
        client,
        directory,
        app_token=app_token,
        channels=channels,
        agents_group=group,
        now=datetime.now(UTC) + skew,
    )
    assert all(line.remedy for line in lines if line.ok is False)
    return {line.name: line for line in lines}


async def test_all_is_well(client: AsyncWebClient) -> None:
    lines = await look(client)
    assert [line.ok for line in lines.values()] == [True] * len(lines)
    assert list(lines) == [
        "Slack bot token",
        "Slack permissions",
        "Clock",
        "Slack app token",
        "Channel #support",
        "Channel #oncall",
        "Who may act (#support)",
    ]


async def test_a_wrong_token_is_the_only_line(address: str) -> None:
    lines = await look(web_client("xoxb-wrong", base_url=address))
    assert list(lines) == ["Slack bot token"]
    assert lines["Slack bot token"].ok is False
    assert "xoxb-wrong" not in str(lines)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Fault("slack:auth.test", "lost-before"), "Slack did not answer"),
        (Fault("slack:auth.test", "status", status=503, body="<html>", content_type="text/html"), ""),
    ],
)
async def test_a_fault_of_slacks_is_not_called_one_of_the_token(
    client: AsyncWebClient, workspace: Workspace, fault: Fault, said: str
) -> None:
    workspace.faults.add(fault)
    line = (await look(client))["Slack bot token"]
    assert line.ok is False
    assert said in line.detail
    assert "whether it did" not in line.detail
    assert "SLACK_BOT_TOKEN" not in line.remedy


async def test_nobody_there_is_said() -> None:
    lines = await look(web_client("xoxb-x", base_url="http://127.0.0.1:9/api/"))
    assert "cannot be reached" in lines["Slack bot token"].detail


async def test_a_missing_permission_is_named_with_its_purpose(
    client: AsyncWebClient, workspace: Workspace
) -> None:
    workspace.scopes.discard("im:write")
    line = (await look(client))["Slack permissions"]
    assert line.ok is False
    assert line.detail == "missing: im:write (to tell a person that their case was taken over)"


async def test_a_wrong_clock_is_measured(client: AsyncWebClient) -> None:
    line = (await look(client, skew=timedelta(minutes=7)))["Clock"]
    assert line.ok is False
    assert line.detail in {"419 s from Slack's", "420 s from Slack's", "421 s from Slack's"}


async def test_a_wrong_app_token_is_told_apart(client: AsyncWebClient) -> None:
    line = (await look(client, app_token="xapp-wrong"))["Slack app token"]
    assert line.ok is False
    assert "app token" in line.detail
    assert "xapp-wrong" not in str(line)
    assert (await look(client, app_token=None))["Slack app token"].ok is None


async def test_channels_that_cannot_be_used(client: AsyncWebClient, workspace: Workspace) -> None:
    workspace.archive("C0ONCALL")
    lines = await look(client, channels=("#support", "C0ONCALL", "#lobby", "#nowhere", "#support"))
    told = {name: (line.ok, line.detail) for name, line in lines.items() if name.startswith("Channel")}
    assert told["Channel #support"] == (True, "the bot is in it")
    assert told["Channel C0ONCALL"] == (False, "archived")
    assert told["Channel #lobby"] == (False, "the bot is not in it")
    assert told["Channel #nowhere"][0] is False
    assert len(told) == 4


async def test_a_channel_with_others_than_members_of_the_workspace_is_warned_of(
    client: AsyncWebClient, workspace: Workspace
) -> None:
    workspace.channel("C0SUPPORT").is_ext_shared = True
    workspace.users["U0MIA"].is_ultra_restricted = True
    workspace.users["U0KAI"].team_id = "T0OTHER"
    workspace.users["U0RUTH"].deleted = True
    lines = await look(client)
    assert "Slack Connect" in lines["Channel #support: shared"].detail
    others = lines["Channel #support: others in it"].detail
    assert "1 guest, 1 person of another organisation, 1 deactivated person. They see" in others
    assert "Channel #oncall: shared" not in lines
    assert lines["Channel #oncall: others in it"].ok is None
    assert lines["Who may act (#support)"].detail == "1 member"  # neither those, nor the bot itself


async def test_a_channel_that_does_not_say_who_is_in_it_is_told_as_unknown(
    client: AsyncWebClient, workspace: Workspace
) -> None:
    body = '{"ok":true,"channel":{"id":"C0SUPPORT","name":"support"}}'
    workspace.faults.add(Fault("slack:conversations.info", "status", status=200, body=body))
    assert (await look(client, channels=["#support"]))["Channel #support"].ok is None


@pytest.mark.parametrize(("group", "ok"), [("support-agents", True), ("ghosts", False)])
async def test_the_group_that_may_act(client: AsyncWebClient, group: str, ok: bool) -> None:
    assert (await look(client, group=group))[f"Who may act (@{group})"].ok is ok


@pytest.mark.parametrize("date", ["soon", "Mon, 1 Jan 99999999999999999999 00:00:00 GMT"])
async def test_an_answer_without_a_date_or_scopes_is_told_as_unknown(
    client: AsyncWebClient, workspace: Workspace, date: str
) -> None:
    body = '{"ok":true,"url":"https://acme.slack.com/","user":"bot","team":"Acme","user_id":"U0BOT"}'
    workspace.faults.add(Fault("slack:auth.test", "status", status=200, body=body, headers={"Date": date}))
    lines = await look(client)
    assert lines["Slack permissions"].ok is None
    assert lines["Clock"].ok is None

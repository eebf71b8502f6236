"""Names in the settings mean the channels that they meant first, and on-call hears of what became of them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.api_calls import web_client
from adapters.slack.directory import Directory
from handlers.cases.named_channels import named_channels
from handlers.context import AppContext
from handlers.desk import Desk
from handlers.resolve_channels import pin_channels
from handlers.timers.channels import look_after_channels, look_for_namesakes
from sandbox.app import new_app, serving
from sandbox.faults import Fault, Faults
from sandbox.ledger import Ledger
from sandbox.slack import Channel, Limits, Workspace, add_routes
from sandbox.slack.entities import User
from storage.engine import Store
from tests.handlers.context import a_context
from tests.handlers.made import NOW, POLICY, do, queued

NAMES = ("#support", "#oncall", "C0GENERAL", "#nowhere")


@dataclass
class Copies:
    """A workspace, and copies of the bot on one database."""

    workspace: Workspace
    client: AsyncWebClient
    desk: Desk

    async def started(self) -> tuple[AppContext, Directory]:
        """Start another copy."""
        directory = Directory(self.client, support_channel="#support", agents_group="", seconds=lambda: 0.0)
        await pin_channels(self.desk, directory, NAMES, NOW)
        return a_context(self.desk, directory=directory), directory


@pytest.fixture
async def copies(desk: Desk) -> AsyncIterator[Copies]:
    """A workspace without rate limits, and a database."""
    workspace, app = Workspace(Ledger(), Faults(), limits=Limits.unpaced()), new_app()
    add_routes(app, workspace)
    async with serving(app) as address:
        yield Copies(workspace, web_client("xoxb-sandbox-bot", base_url=f"{address}/slack/api/"), desk)


def alerts(store: Store) -> list[str]:
    return [row["payload"]["text"] for row in queued(store, "alert")]


async def test_a_channel_that_was_made_anew_under_an_old_name_gets_nothing(
    store: Store, copies: Copies
) -> None:
    ctx, _directory = await copies.started()
    await look_after_channels(ctx, NAMES)
    assert alerts(store) == []
    copies.workspace.rename("C0SUPPORT", "help")
    copies.workspace.add_channel(Channel("C0SECOND", "support", "", ["U0BOT", "U0LEO"]))
    for ctx, directory in (await copies.started(), await copies.started()):
        assert await directory.channel_id("#support") == "C0SUPPORT"
        assert "U0LEO" not in await directory.agents()
        await look_after_channels(ctx, NAMES)
    [told] = alerts(store)
    assert "#support in switchboard.toml is called #help today" in told
    assert "#C0SECOND, and nothing goes there" in told
    copies.workspace.archive("C0SUPPORT")
    await look_after_channels(ctx, NAMES)
    assert "is archived" in alerts(store)[-1]
    copies.workspace.archive("C0SUPPORT", archived=False)
    copies.workspace.rename("C0SUPPORT", "support")
    await look_after_channels(ctx, NAMES)
    assert len(alerts(store)) == 2


async def test_what_slack_does_not_say_is_not_told_and_a_name_is_found_later(
    store: Store, copies: Copies
) -> None:
    copies.workspace.faults.add(Fault("slack:conversations.*", "status", status=503, body="", times=-1))
    ctx, directory = await copies.started()
    assert do(store, named_channels) == {}
    await look_after_channels(ctx, NAMES)
    copies.workspace.faults.clear()
    ctx, directory = await copies.started()
    assert {name: one.channel_id for name, one in do(store, named_channels).items()} == {
        "support": "C0SUPPORT",
        "oncall": "C0ONCALL",
    }
    copies.workspace.faults.add(Fault("slack:conversations.info", "status", status=503, body="", times=-1))
    del copies.workspace.channels["C0SUPPORT"]
    await look_after_channels(ctx, NAMES)
    assert alerts(store) == []
    copies.workspace.faults.clear()
    await look_after_channels(ctx, NAMES)
    assert "is not there any more" in alerts(store)[0]
    assert await directory.channel_id("#support") == "C0SUPPORT"


async def test_a_name_that_the_settings_no_longer_have_is_forgotten(store: Store, copies: Copies) -> None:
    ctx, directory = await copies.started()
    await pin_channels(ctx.desk, directory, ["#oncall"], NOW)
    assert list(do(store, named_channels)) == ["oncall"]
    copies.workspace.rename("C0SUPPORT", "help")
    copies.workspace.add_channel(Channel("C0SECOND", "support", "", ["U0BOT"]))
    _ctx, directory = await copies.started()
    assert await directory.channel_id("#support") == "C0SECOND"


async def test_an_outsider_who_is_called_like_an_agent_is_told_of_once(store: Store, copies: Copies) -> None:
    ctx, directory = await copies.started()
    ctx = replace(ctx, policy=replace(POLICY, support_channel="C0SUPPORT"))
    for user in (
        User("U0EVE", "eve", "S\u0430m Okafor", "T0OTHER", is_stranger=True),
        User("U0BO", "mia.lindqvist", "Bo", "T0SWITCH", is_restricted=True),
        User("U0SAM2", "sam2", "Sam Okafor", "T0SWITCH"),
        User("U0ANN", "ann", "Ann Stranger", "T0OTHER", is_stranger=True),
    ):
        copies.workspace.add_user(user)
        copies.workspace.join(user.id, "C0SUPPORT")
    await directory.identity()
    told: set[tuple[str, str]] = set()
    for _ in range(3):
        await look_for_namesakes(ctx, told)
    second, first = sorted(alerts(store))
    assert "“mia.lindqvist” in #C0SUPPORT, like Mia Lindqvist of this team. Their member ID is U0BO." in first
    assert (
        "“S\u0430m Okafor” in #C0SUPPORT, like Sam Okafor of this team. Their member ID is U0EVE." in second
    )

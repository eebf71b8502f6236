"""Look up people, channels and groups: cached for a minute, stale values where Slack fails."""

import asyncio
from collections.abc import Callable, Mapping
from types import SimpleNamespace

import pytest
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import people, refreshes
from adapters.slack.api_calls import web_client
from adapters.slack.directory import RELIST_SECONDS, Directory
from adapters.slack.people import Person, SlackIdentity, standing_of
from domain.access import Standing
from sandbox.app import serving
from sandbox.faults import Fault
from sandbox.slack import Channel, Workspace
from sandbox.slack.entities import User


class ManualTimer:
    """A monotonic clock that moves only when set."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class SlowSlack:
    """A workspace that answers when it may, with what is so by then."""

    def __init__(self) -> None:
        self.may_answer = asyncio.Event()
        self.user: dict[str, object] = {"id": "U0SAM"}
        self.members = ["U0SAM"]
        self.asked = 0

    async def users_info(self, *, user: str) -> SimpleNamespace:
        assert user == "U0SAM"
        return await self._answer(lambda: {"user": dict(self.user)})

    async def api_call(self, method: str, **_params: object) -> SimpleNamespace:
        assert method == "conversations.members"
        return await self._answer(lambda: {"members": list(self.members)})

    async def _answer(self, body: Callable[[], Mapping[str, object]]) -> SimpleNamespace:
        self.asked += 1
        await self.may_answer.wait()
        return SimpleNamespace(data=body())


@pytest.fixture
def seconds() -> ManualTimer:
    return ManualTimer()


@pytest.fixture
def directory(client: AsyncWebClient, seconds: ManualTimer) -> Directory:
    return Directory(client, support_channel="#support", agents_group="", seconds=seconds)


@pytest.fixture
def of_group(client: AsyncWebClient, seconds: ManualTimer) -> Directory:
    return Directory(client, support_channel="#support", agents_group="@support-agents", seconds=seconds)


async def may_act(directory: Directory, user_id: str) -> bool:
    """Return whether this user is among the agents."""
    return user_id in await directory.agents()


async def test_who_we_are(directory: Directory) -> None:
    assert await directory.identity() == SlackIdentity(
        team_url="https://acme.slack.com/", bot_user_id="U0BOT", team_id="T0SWITCH", app_id="A0SWITCH"
    )


async def test_a_workspace_without_an_address_is_linked_by_slacks_own(
    directory: Directory, workspace: Workspace
) -> None:
    bare = '{"ok": true, "user_id": "U0BOT"}'
    workspace.faults.add(Fault("slack:auth.test", "status", status=200, body=bare))
    assert await directory.identity() == SlackIdentity(team_url="https://slack.com/", bot_user_id="U0BOT")


async def test_a_channel_is_found_by_name_and_an_id_stays(directory: Directory) -> None:
    assert await directory.channel_id("#support") == "C0SUPPORT"
    assert await directory.channel_id("oncall") == "C0ONCALL"
    assert await directory.channel_id("C0ANYTHING") == "C0ANYTHING"


async def test_private_channels_and_later_pages_are_found(directory: Directory, workspace: Workspace) -> None:
    for number in range(250):
        workspace.add_channel(Channel(f"C0FILL{number}", f"fill-{number}", "", ["U0BOT"]))
    workspace.add_channel(Channel("G0SECRET", "secret", "", ["U0BOT"], is_private=True))
    assert await directory.channel_id("#secret") == "G0SECRET"


async def test_channels_are_listed_once(directory: Directory, workspace: Workspace) -> None:
    await directory.channel_id("#support")
    workspace.faults.add(Fault("slack:conversations.list", "lost-before", times=-1))
    assert await directory.channel_id("#oncall") == "C0ONCALL"


async def test_only_a_later_page_is_asked_for_by_its_cursor(seconds: ManualTimer) -> None:
    pages = {None: ("C0FIRST", "2"), "2": ("C0SECOND", "")}

    async def answer(request: web.Request) -> web.Response:
        found, following = pages[request.query.get("cursor")]
        metadata = {"next_cursor": following}
        channels = [{"id": found, "name": found.lower()}]
        return web.json_response({"ok": True, "channels": channels, "response_metadata": metadata})

    slack = web.Application()
    slack.router.add_get("/api/conversations.list", answer)
    async with serving(slack) as where:
        client = web_client("xoxb-x", base_url=f"{where}/api/")
        directory = Directory(client, support_channel="", agents_group="", seconds=seconds)
        assert await directory.channel_id("#c0second") == "C0SECOND"


async def test_a_name_is_used_as_it_is_where_channels_cannot_be_listed(
    directory: Directory, workspace: Workspace
) -> None:
    workspace.scopes -= {"groups:read", "channels:read"}
    assert await directory.channel_id("#support") == "#support"


async def test_a_name_that_could_not_be_looked_up_is_looked_up_later_and_not_with_every_click(
    directory: Directory, workspace: Workspace, seconds: ManualTimer
) -> None:
    workspace.faults.add(Fault("slack:conversations.list", "status", status=503, body="<html>"))
    assert await directory.channel_id("#support") == "#support"
    assert await directory.channel_id("support") == "#support"
    assert not await may_act(directory, "U0SAM")
    seconds.now += RELIST_SECONDS
    assert await directory.channel_id("#support") == "C0SUPPORT"
    assert await may_act(directory, "U0SAM")


async def test_a_channel_that_is_made_later_is_found_later(
    directory: Directory, workspace: Workspace, seconds: ManualTimer
) -> None:
    assert await directory.channel_id("#new") == "#new"
    workspace.add_channel(Channel("C0NEWONE", "new", "", ["U0BOT"]))
    assert await directory.channel_id("#new") == "#new"
    seconds.now += RELIST_SECONDS
    assert await directory.channel_id("#new") == "C0NEWONE"


async def test_public_channels_are_found_where_private_ones_are_not_ours_to_see(
    directory: Directory, workspace: Workspace
) -> None:
    workspace.scopes.discard("groups:read")
    workspace.add_channel(Channel("G0SECRET", "secret", "", ["U0BOT"], is_private=True))
    assert await directory.channel_id("#support") == "C0SUPPORT"
    assert await directory.channel_id("#secret") == "#secret"


async def test_the_channels_members_may_act(directory: Directory) -> None:
    assert await may_act(directory, "U0SAM")
    assert not await may_act(directory, "U0LEO")
    assert directory.who_may_act == "#support"


async def test_the_groups_members_may_act(of_group: Directory) -> None:
    assert await may_act(of_group, "U0MIA")
    assert not await may_act(of_group, "U0KAI")
    assert of_group.who_may_act == "@support-agents"


async def test_a_change_is_seen_after_a_minute(
    directory: Directory, workspace: Workspace, seconds: ManualTimer
) -> None:
    assert not await may_act(directory, "U0LEO")
    workspace.join("U0LEO", "C0SUPPORT")
    seconds.now += 59
    assert not await may_act(directory, "U0LEO")
    seconds.now += 2
    assert await may_act(directory, "U0LEO")


async def test_the_last_known_members_may_act_while_slack_is_silent(
    directory: Directory, workspace: Workspace, seconds: ManualTimer
) -> None:
    assert await may_act(directory, "U0SAM")
    workspace.faults.add(Fault("slack:conversations.members", "lost-before", times=-1))
    seconds.now += 61
    assert await may_act(directory, "U0SAM")


async def test_that_somebody_is_a_bot_is_asked_once(
    directory: Directory, workspace: Workspace, seconds: ManualTimer
) -> None:
    assert [await directory.is_bot(one) for one in ("U0BOT", "U0SAM")] == [True, False]
    workspace.faults.add(Fault("slack:users.info", "status", status=429, body="", times=-1))
    seconds.now += 3600
    assert [await directory.is_bot(one) for one in ("U0BOT", "U0SAM")] == [True, False]


async def test_nobody_waits_for_what_is_known_while_slack_is_slow(
    seconds: ManualTimer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refreshes, "PATIENCE", 0.01)
    slack = SlowSlack()
    directory = Directory(slack, support_channel="C0SUPPORT", agents_group="", seconds=seconds)  # type: ignore[arg-type]
    slack.may_answer.set()
    assert await may_act(directory, "U0SAM")
    assert await directory.standing("U0SAM") is Standing.MEMBER
    slack.may_answer.clear()
    slack.user["deleted"] = True
    slack.members.clear()
    seconds.now += 61
    async with asyncio.timeout(20):
        for _ in range(3):
            assert await may_act(directory, "U0SAM")
            assert await directory.standing("U0SAM") is Standing.MEMBER
        assert slack.asked == 4, "each is asked for once at a time"
        slack.may_answer.set()
        await asyncio.wait(asyncio.all_tasks() - {asyncio.current_task()})
    assert not await may_act(directory, "U0SAM")
    assert await directory.standing("U0SAM") is Standing.DEACTIVATED


async def test_members_that_cannot_be_read_anew_count_for_ten_minutes(
    directory: Directory, workspace: Workspace, seconds: ManualTimer
) -> None:
    assert await may_act(directory, "U0SAM")
    assert await directory.standing("U0SAM") is Standing.MEMBER
    for method in ("conversations.members", "users.info"):
        workspace.faults.add(Fault(f"slack:{method}", "status", status=503, body="", times=-1))
    for later in (61, 300, 238):
        seconds.now += later
        assert await may_act(directory, "U0SAM")
        assert directory.knows_agents
        assert await directory.standing("U0SAM") is Standing.MEMBER
    seconds.now += 2
    assert not await may_act(directory, "U0SAM")
    assert not directory.knows_agents
    assert await directory.standing("U0SAM") is Standing.UNKNOWN
    assert await directory.is_active("U0SAM")
    workspace.faults.clear()
    assert await may_act(directory, "U0SAM")
    assert await directory.standing("U0SAM") is Standing.MEMBER


STANDINGS: Mapping[Standing, Mapping[str, object]] = {
    Standing.GUEST: {"is_ultra_restricted": True},
    Standing.STRANGER: {"team_id": "T0OTHER"},
    Standing.BOT: {"is_bot": True},
    Standing.DEACTIVATED: {"deleted": True},
}


async def test_what_somebody_is_in_the_workspace(
    directory: Directory, workspace: Workspace, seconds: ManualTimer
) -> None:
    await directory.identity()
    for standing, changes in STANDINGS.items():
        user = workspace.add_user(User(f"U0{standing.name}", "x", "X", "T0SWITCH"))
        assert await directory.standing(user.id) is Standing.MEMBER
        for name, value in changes.items():
            setattr(user, name, value)
        assert await directory.standing(user.id) is Standing.MEMBER
        seconds.now += 61
        assert await directory.standing(user.id) is standing
    assert await directory.standing("U0NOBODY") is Standing.UNKNOWN


@pytest.mark.parametrize(
    ("user", "enterprise_id", "standing"),
    [
        ({"team_id": "T1"}, "", Standing.MEMBER),
        ({"team_id": "T1", "is_stranger": True}, "", Standing.STRANGER),
        ({"team_id": "T1", "is_restricted": True, "is_bot": True}, "", Standing.BOT),
        ({"team_id": "T2", "is_restricted": True}, "", Standing.STRANGER),
        ({"team_id": "T2", "enterprise_user": {"enterprise_id": "E1"}}, "", Standing.STRANGER),
        ({"team_id": "T2", "enterprise_user": {"enterprise_id": "E1"}}, "E1", Standing.MEMBER),
        ({"team_id": "T2", "enterprise_user": {"enterprise_id": "E2"}}, "E1", Standing.STRANGER),
        ({}, "", Standing.UNKNOWN),
        ({"team_id": 7}, "", Standing.MEMBER),
    ],
)
def test_who_is_of_our_organisation(
    user: Mapping[str, object], enterprise_id: str, standing: Standing
) -> None:
    ours = SlackIdentity(team_url="", bot_user_id="U0BOT", team_id="T1", enterprise_id=enterprise_id)
    assert standing_of(user, ours) is standing


async def test_our_identity_is_read_anew_once_a_minute_and_kept_while_slack_is_silent(
    directory: Directory, workspace: Workspace, seconds: ManualTimer
) -> None:
    ours = await directory.recent_identity()
    assert ours is not None
    workspace.faults.add(Fault("slack:auth.test", "status", status=503, body="", times=-1))
    assert await directory.recent_identity() == ours
    seconds.now += 61
    assert await directory.recent_identity() == ours
    assert (ours.team_id, ours.app_id, ours.enterprise_id) == ("T0SWITCH", "A0SWITCH", "")


async def test_where_slack_does_not_name_our_app_it_is_not_compared(
    directory: Directory, workspace: Workspace
) -> None:
    workspace.scopes.discard("users:read")
    assert (await directory.identity()).app_id == ""


async def test_nobody_may_act_while_it_was_never_possible_to_ask(
    of_group: Directory, workspace: Workspace
) -> None:
    workspace.faults.add(Fault("slack:usergroups.*", "status", status=500, body="oops"))
    assert not await may_act(of_group, "U0SAM")
    assert await may_act(of_group, "U0SAM")


async def test_a_group_that_is_not_there_lets_nobody_act(
    client: AsyncWebClient, seconds: ManualTimer
) -> None:
    nobody = Directory(client, support_channel="#support", agents_group="ghosts", seconds=seconds)
    assert await nobody.agents() == frozenset()


async def test_a_persons_name_and_clock(directory: Directory, workspace: Workspace) -> None:
    workspace.users["U0SAM"].tz = "America/Bogota"
    workspace.users["U0MIA"].tz = "Mars/Olympus"
    sam = await directory.person("U0SAM")
    assert (sam.name, sam.initials, str(sam.zone)) == ("Sam Okafor", "SO", "America/Bogota")
    assert str((await directory.person("U0MIA")).zone) == "UTC"


async def test_somebody_unknown_is_nameless_and_asked_for_again(
    directory: Directory, workspace: Workspace
) -> None:
    workspace.faults.add(Fault("slack:users.info", "status", status=500, body="oops"))
    assert await directory.person("U0SAM") == Person()
    assert (await directory.person("U0SAM")).name == "Sam Okafor"


@pytest.mark.parametrize(
    ("name", "initials"),
    [("", ""), ("ana", "A"), ("Ana María del Río", "AR"), ("(ops) Kai", "K"), ("李 雷", "李雷")],
)
def test_initials(name: str, initials: str) -> None:
    assert Person(name=name).initials == initials


async def test_who_is_present_is_asked_once_a_minute_and_nobody_is_by_default(
    directory: Directory, workspace: Workspace, seconds: ManualTimer
) -> None:
    workspace.faults.add(Fault("slack:users.getPresence", "status", status=500, body="oops"))
    assert not await directory.is_present("U0MIA")
    assert await directory.is_present("U0SAM")
    workspace.users["U0SAM"].is_present = False
    assert await directory.is_present("U0SAM")
    seconds.now += 61
    assert not await directory.is_present("U0SAM")
    assert await directory.is_present("U0MIA")


async def test_names_are_read_by_and_by_and_kept(
    directory: Directory, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "MAX_READ_AT_ONCE", 1)
    both = ["U0SAM", "U0MIA"]
    assert await directory.names_of(both) == ["Mia Lindqvist"]
    assert await directory.names_of(both) == ["Mia Lindqvist", "Sam Okafor"]
    workspace.faults.add(Fault("slack:users.info", "status", status=500, times=-1))
    assert await directory.names_of(both) == ["Mia Lindqvist", "Sam Okafor"]


async def test_names_that_cannot_be_read_are_asked_for_once_a_minute(
    directory: Directory, workspace: Workspace, seconds: ManualTimer
) -> None:
    fault = workspace.faults.add(Fault("slack:users.info", "status", status=500, times=9))
    for _ in range(3):
        assert await directory.names_of(["U0SAM"]) == []
    assert fault.times == 8
    seconds.now += 60
    assert await directory.names_of(["U0SAM"]) == []
    assert fault.times == 7
    fault.times = 0
    seconds.now += 60
    assert await directory.names_of(["U0ALONE", "U0SAM"]) == ["Sam Okafor"], "who is gone keeps nobody back"


async def test_names_are_not_waited_for(seconds: ManualTimer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refreshes, "PATIENCE", 0.01)
    slack = SlowSlack()
    directory = Directory(slack, support_channel="C0SUPPORT", agents_group="", seconds=seconds)  # type: ignore[arg-type]
    assert await directory.names_of(["U0SAM"]) == []
    slack.user["real_name"] = "Sam Okafor"
    slack.may_answer.set()
    await asyncio.sleep(0.01)
    assert (await directory.names_of(["U0SAM"]), slack.asked) == (["Sam Okafor"], 1)


async def test_what_is_read_for_a_name_is_not_trusted_when_somebody_acts(
    directory: Directory, workspace: Workspace
) -> None:
    assert await directory.names_of(["U0SAM"]) == ["Sam Okafor"]
    workspace.users["U0SAM"].is_restricted = True
    assert await directory.standing("U0SAM") is Standing.GUEST
    assert await directory.names_of(["U0SAM"]) == []

"""Users, user groups, channels and files through the Web API."""

import pytest
from aiohttp import ClientSession
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack import Workspace


async def test_people_are_found_by_id_and_address(client: AsyncWebClient, workspace: Workspace) -> None:
    sam = (await client.users_info(user="U0SAM"))["user"]
    assert (sam["real_name"], sam["profile"]["email"]) == ("Sam Okafor", "sam@acme.example")
    assert (await client.users_lookupByEmail(email="KAI@acme.example"))["user"]["id"] == "U0KAI"
    workspace.scopes.discard("users:read.email")
    assert "email" not in (await client.users_info(user="U0SAM"))["user"]["profile"]
    with pytest.raises(SlackApiError, match="user_not_found"):
        await client.users_info(user="U0NOBODY")


async def test_a_list_is_paged_by_cursor(client: AsyncWebClient) -> None:
    found: list[str] = []
    async for page in await client.users_list(limit=4):
        found += [member["id"] for member in page["members"]]
    assert found == ["U0BOT", "U0SAM", "U0MIA", "U0KAI", "U0RUTH", "U0LEO"]


async def test_user_groups_and_their_members(client: AsyncWebClient) -> None:
    groups = (await client.usergroups_list(include_users=True))["usergroups"]
    assert [(group["handle"], group["users"]) for group in groups] == [
        ("support-agents", ["U0SAM", "U0MIA"]),
        ("support-managers", ["U0RUTH", "U0KAI"]),
    ]
    assert (await client.usergroups_users_list(usergroup="S0AGENTS"))["users"] == ["U0SAM", "U0MIA"]
    with pytest.raises(SlackApiError, match="no_such_subteam"):
        await client.usergroups_users_list(usergroup="S0NONE")


async def test_channels_and_their_members(client: AsyncWebClient, workspace: Workspace) -> None:
    workspace.archive("C0ONCALL")
    channels = (await client.conversations_list(exclude_archived=True))["channels"]
    members = {c["name"]: c["is_member"] for c in channels}
    assert members == {"support": True, "general": True, "lobby": False, "rehearsal": True}
    assert (await client.conversations_info(channel="C0ONCALL"))["channel"]["is_archived"] is True
    members = (await client.conversations_members(channel="C0SUPPORT"))["members"]
    assert members == ["U0BOT", "U0SAM", "U0MIA", "U0KAI", "U0RUTH"]


async def test_a_file_is_uploaded_and_shared_into_a_thread(
    client: AsyncWebClient, workspace: Workspace
) -> None:
    parent = (await client.chat_postMessage(channel="C0SUPPORT", text="summary"))["ts"]

    await client.files_upload_v2(
        channel="C0SUPPORT",
        thread_ts=parent,
        filename="week.csv",
        content="a,b\n1,2\n",
        initial_comment="The week",
    )

    shared = workspace.thread("C0SUPPORT", parent)[1]
    assert (shared["text"], shared["files"][0]["name"]) == ("The week", "week.csv")
    assert workspace.files.get(shared["files"][0]["id"]).content == b"a,b\n1,2\n"


@pytest.mark.parametrize(
    ("filename", "kind"),
    [("chart.png", "image/png"), ("a b.csv", "text/csv"), ("page.html", "application/octet-stream")],
)
async def test_a_shared_file_can_be_read_but_never_run(
    client: AsyncWebClient, address: str, filename: str, kind: str
) -> None:
    shared = await client.files_upload_v2(channel="C0SUPPORT", filename=filename, content="bytes")
    place = shared["files"][0]["url_private"]
    assert place.startswith(address)
    async with (
        ClientSession(headers={"Authorization": f"Bearer {client.token}"}) as session,
        session.get(place) as response,
        session.get(f"{address}/slack/files/F0NONE/x.png") as absent,
    ):
        assert (await response.read(), response.content_type) == (b"bytes", kind)
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert absent.status == 404


async def test_a_file_is_handed_to_the_app_and_to_people_and_to_nobody_else(
    client: AsyncWebClient, address: str, workspace: Workspace
) -> None:
    file_id = workspace.upload("U0SAM", "a.png", b"bytes")
    described = (await client.files_info(file=file_id))["file"]
    assert (described["name"], described["size"], described["mimetype"]) == ("a.png", 5, "image/png")
    place, token = described["url_private"], {"Authorization": f"Bearer {client.token}"}
    async with ClientSession() as session:

        async def status(query: str = "", headers: dict[str, str] | None = None) -> int:
            async with session.get(place + query, headers=headers, allow_redirects=False) as response:
                return response.status

        assert [await status("?as=U0MIA"), await status(headers=token)] == [200, 200]
        assert [await status(), await status("?as=U0NOBODY")] == [302, 302]
        workspace.scopes.discard("files:read")
        assert await status(headers=token) == 302
    with pytest.raises(SlackApiError, match="missing_scope"):
        await client.files_info(file=file_id)


async def test_an_announced_file_without_bytes_cannot_be_shared(client: AsyncWebClient) -> None:
    announced = await client.files_getUploadURLExternal(filename="a.csv", length=3)
    with pytest.raises(SlackApiError, match="file_not_found"):
        await client.files_completeUploadExternal(
            files=[{"id": announced["file_id"]}], channel_id="C0SUPPORT"
        )

"""Upload, download and mark files in Slack.

A customer's file is uploaded once; an agent's is fetched only if it is of the type that it claims.
"""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.client import SlackTeamChat
from adapters.slack.file_download import SlackFiles
from adapters.slack.file_upload import shared_name
from adapters.slack.message_content import Content
from domain.cases.files import MAX_FILE_SIZE, File
from domain.delivery.outcomes import Absent, Done, Failed, Later, Unknown
from domain.errors import DeskError
from sandbox.faults import Fault
from sandbox.slack import Workspace
from tests.adapters.slack.samples import NOW

CHANNEL = "C0SUPPORT"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
FILE = File(
    id=17,
    case_id=1,
    message_id=1,
    name="broken screen.png",
    media_type="image/png",
    size=len(PNG),
    created_at=NOW,
    content=PNG,
)


def since() -> datetime:
    return datetime.now(UTC) - timedelta(minutes=1)


@pytest.fixture
async def thread(chat: SlackTeamChat) -> str:
    """The ts of a card whose thread the tests write to."""
    posted = await chat.post(CHANNEL, Content(text="card", blocks=[]), token="1.1")
    assert isinstance(posted, Done)
    return str(posted.result["ts"])


async def test_a_file_stands_in_the_thread_under_its_own_name(
    chat: SlackTeamChat, workspace: Workspace, thread: str
) -> None:
    assert await chat.share_file(CHANNEL, FILE, thread_ts=thread) == Done({"channel": CHANNEL})
    [_, shared] = workspace.thread(CHANNEL, thread)
    [file] = shared["files"]
    assert (file["title"], file["name"], file["mimetype"]) == (
        "broken screen.png",
        "broken screen-17.png",
        "image/png",
    )
    assert workspace.files.get(file["id"]).content == PNG


async def test_a_share_whose_answer_was_lost_is_found_and_one_that_never_was_is_not(
    chat: SlackTeamChat, workspace: Workspace, thread: str
) -> None:
    assert await chat.find_file(CHANNEL, FILE, thread_ts=thread, since=since()) == Absent()
    workspace.faults.add(Fault("slack:files.completeUploadExternal", "lost-after"))
    assert isinstance(await chat.share_file(CHANNEL, FILE, thread_ts=thread), Unknown)
    assert isinstance(await chat.find_file(CHANNEL, FILE, thread_ts=thread, since=since()), Done)
    another = replace(FILE, id=18)
    assert await chat.find_file(CHANNEL, another, thread_ts=thread, since=since()) == Absent()


async def test_bytes_that_are_not_taken_are_for_later_and_a_closed_channel_for_never(
    chat: SlackTeamChat, workspace: Workspace, thread: str
) -> None:
    workspace.faults.add(Fault("slack:upload", "status", status=500))
    assert isinstance(await chat.share_file(CHANNEL, FILE, thread_ts=thread), Later)
    workspace.leave("U0BOT", CHANNEL)
    outcome = await chat.share_file(CHANNEL, FILE, thread_ts=thread)
    assert isinstance(outcome, Failed)
    assert "invite it there" in outcome.reason
    assert len(workspace.thread(CHANNEL, thread)) == 1


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("../../etc/passwd", "passwd-17.png"),
        ("evil.html", "evil-17.png"),
        ("", "file-17.png"),
        ("a\nb\x00.jpg", "a b-17.png"),
        ("x" * 500 + ".png", "x" * 99 + "…-17.png"),
    ],
)
def test_a_customers_name_for_a_file_is_harmless(name: str, called: str) -> None:
    assert shared_name(replace(FILE, name=name)) == called


async def test_a_mark_is_put_once_however_often(
    chat: SlackTeamChat, workspace: Workspace, thread: str
) -> None:
    for _ in range(2):
        assert await chat.add_reaction(CHANNEL, thread, "white_check_mark") == Done()
    [message] = workspace.messages(CHANNEL)
    assert message["reactions"] == [{"name": "white_check_mark", "users": ["U0BOT"], "count": 1}]
    assert isinstance(await chat.add_reaction(CHANNEL, "1.2", "warning"), Failed)
    workspace.faults.add(Fault("slack:reactions.add", "lost-after"))
    assert isinstance(await chat.add_reaction(CHANNEL, thread, "warning"), Later)
    assert await chat.add_reaction(CHANNEL, thread, "warning") == Done()


# --- attachments of agents --------------------------------------------------------------------


def attached(
    workspace: Workspace, content: bytes = PNG, name: str = "label.png", media_type: str = "image/png"
) -> File:
    source = workspace.upload("U0SAM", name, content)
    return replace(FILE, name=name, media_type=media_type, content=None, source=source)


async def test_a_file_is_fetched_with_the_bots_token(client: AsyncWebClient, workspace: Workspace) -> None:
    assert await SlackFiles(client).fetch(attached(workspace)) == PNG


@pytest.mark.parametrize(
    ("content", "media_type", "why"),
    [
        (b"MZ\x90\0" * 20, "image/png", "not what its name says"),
        (b"<html><script>", "image/png", "not what its name says"),
        (PNG, "application/pdf", "not what its name says"),
        (PNG + b"\0" * MAX_FILE_SIZE, "image/png", "larger than 10 MB"),
    ],
)
async def test_only_what_a_file_says_it_is_goes_out(
    client: AsyncWebClient, workspace: Workspace, content: bytes, media_type: str, why: str
) -> None:
    with pytest.raises(DeskError, match=why):
        await SlackFiles(client).fetch(attached(workspace, content, media_type=media_type))


async def test_a_file_that_cannot_be_had_is_said_in_words(
    client: AsyncWebClient, workspace: Workspace
) -> None:
    files = SlackFiles(client)
    with pytest.raises(DeskError, match=r"“label\.png” cannot go along: Slack refused it \(file_not_found\)"):
        await files.fetch(replace(attached(workspace), source="F0NONE"))
    workspace.faults.add(Fault("slack:files.info", "lost-before", times=-1))
    with pytest.raises(DeskError, match="connection to Slack broke"):
        await files.fetch(attached(workspace))
    workspace.faults.clear()
    workspace.scopes.discard("files:read")
    with pytest.raises(DeskError, match="lacks a permission"):
        await files.fetch(attached(workspace))


@pytest.mark.parametrize(
    "place",
    [
        "https://slack.com.evil.example/f.png",
        "http://files.slack.com/f.png",
        "file:///etc/passwd",
        "",
        None,
        7,
    ],
)
async def test_the_token_goes_to_nobody_but_slack(
    client: AsyncWebClient, workspace: Workspace, place: object
) -> None:
    file = attached(workspace)
    body = json.dumps({"ok": True, "file": {"url_private": place}})
    workspace.faults.add(Fault("slack:files.info", "status", status=200, body=body))
    with pytest.raises(DeskError, match="does not keep it itself"):
        await SlackFiles(client).fetch(file)


def test_slacks_own_addresses_are_known() -> None:
    for base in ("https://slack.com/api/", "https://www.slack.com/api/"):
        files = SlackFiles(AsyncWebClient("xoxb-1", base_url=base))
        assert files._is_slack_url("https://files.slack.com/files-pri/T1-F1/a.png")
        assert not files._is_slack_url("https://notslack.com/a.png")


async def test_a_file_on_disk_is_sent_piece_by_piece(
    chat: SlackTeamChat, workspace: Workspace, tmp_path: Path
) -> None:
    path = tmp_path / "export"
    path.write_bytes(b"record,at\r\n" * 50_000)
    sent = await chat.send_file("U0SAM", name="mentions.csv", content=path, text="The rows")
    assert isinstance(sent, Done)
    [message] = workspace.messages(str(sent.result["channel"]))
    [file] = message["files"]
    assert (file["name"], file["size"], message["text"]) == ("mentions.csv", 550_000, "The rows")


async def test_a_file_on_disk_whose_bytes_slack_refuses_is_not_sent(
    chat: SlackTeamChat, workspace: Workspace, tmp_path: Path
) -> None:
    path = tmp_path / "export"
    path.write_bytes(b"record")
    workspace.faults.add(Fault("slack:upload", "status", status=500))
    sent = await chat.send_file("U0SAM", name="mentions.csv", content=path, text="The rows")
    assert isinstance(sent, Later)

"""Refuse messages and views with pictures that Slack could not fetch."""

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack import Workspace
from tests.stories import PIXEL


def image(address: str) -> list[dict[str, str]]:
    return [{"type": "image", "image_url": address, "alt_text": "a screenshot"}]


@pytest.mark.parametrize("picture", ["https://pbs.twimg.com/media/A.jpg", "https://8.8.8.8/a.png"])
async def test_a_picture_on_the_internet_is_taken_to_be_there(client: AsyncWebClient, picture: str) -> None:
    assert (await client.chat_postMessage(channel="C0SUPPORT", text="x", blocks=image(picture)))["ok"]


@pytest.mark.parametrize(
    "picture",
    [
        "https://pictures.invalid/A.jpg",
        "http://localhost/a.png",
        "http://127.0.0.1/a.png",
        "http://10.0.0.8/a.png",
    ],
)
async def test_a_picture_out_of_reach_refuses_the_whole_message(
    client: AsyncWebClient, workspace: Workspace, picture: str
) -> None:
    blocks = [{"type": "divider"}, *image(picture)]
    with pytest.raises(SlackApiError) as refusal:
        await client.chat_postMessage(channel="C0SUPPORT", text="x", blocks=blocks)
    assert refusal.value.response["error"] == "invalid_blocks"
    assert refusal.value.response["errors"] == ["downloading image failed [json-pointer:/blocks/1/image_url]"]
    assert not workspace.messages("C0SUPPORT")


async def test_an_uploaded_picture_is_shown_by_its_id(client: AsyncWebClient, workspace: Workspace) -> None:
    uploaded = await client.files_upload_v2(filename="a.png", content=PIXEL, alt_txt="a chart")
    block = {"type": "image", "slack_file": {"id": uploaded["files"][0]["id"]}, "alt_text": "a chart"}
    await client.chat_postMessage(channel="C0SUPPORT", text="x", blocks=[block])
    [message] = workspace.messages("C0SUPPORT")
    assert message["blocks"][0]["slack_file"] == block["slack_file"]


async def test_what_one_person_alone_sees_shows_no_uploaded_picture(
    client: AsyncWebClient, workspace: Workspace
) -> None:
    uploaded = await client.files_upload_v2(filename="a.png", content=PIXEL, alt_txt="a chart")
    block = {"type": "image", "slack_file": {"id": uploaded["files"][0]["id"]}, "alt_text": "a chart"}
    with pytest.raises(SlackApiError) as refusal:
        await client.chat_postEphemeral(channel="C0SUPPORT", user="U0SAM", text="x", blocks=[block])
    assert refusal.value.response["errors"] == ["invalid slack file [json-pointer:/blocks/0/slack_file]"]
    assert not workspace.messages("C0SUPPORT")


async def test_an_unknown_file_refuses_the_whole_message(
    client: AsyncWebClient, workspace: Workspace
) -> None:
    block = {"type": "image", "slack_file": {"id": "F0000000"}, "alt_text": "a chart"}
    with pytest.raises(SlackApiError) as refusal:
        await client.chat_postMessage(channel="C0SUPPORT", text="x", blocks=[block])
    assert refusal.value.response["errors"] == ["invalid slack file [json-pointer:/blocks/0/slack_file]"]
    assert not workspace.messages("C0SUPPORT")

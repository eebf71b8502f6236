"""Render the pictures of posts, and do without them where Slack cannot fetch one."""

from dataclasses import replace
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.cards import render_card
from adapters.slack.client import SlackTeamChat
from adapters.slack.message_content import Block, View
from adapters.slack.modal_client import Modals
from adapters.slack.modals import render_details
from adapters.slack.pictures import NOT_SHOWN
from domain.cases.messages import Message
from domain.delivery.outcomes import Done, Failed
from domain.intake.posts import Media, MediaKind
from sandbox.slack import Workspace
from tests.adapters.slack.inspection import check_message, check_view, said
from tests.adapters.slack.samples import NOW, OURS, TEAM_URL, post, view

ADDRESS = "https://pbs.twimg.com/media/A.jpg"
UNREACHABLE = "https://pictures.invalid/A.jpg"
CHANNEL = "C0SUPPORT"


def picture(alt_text: str = "", url: str = ADDRESS, kind: MediaKind = MediaKind.PICTURE) -> Media:
    return Media(kind=kind, url=url, alt_text=alt_text)


def shown_with(*media: Media, **changes: Any) -> list[Block]:  # noqa: ANN401 - any field of a message
    card = render_card(view(messages=[post(media=media, **changes)]), ours=OURS)
    check_message(card)
    return card["blocks"]


def details_with(*media: Media) -> View:
    shown = view(messages=[post(media=media)])
    made = render_details(shown, [], now=NOW, ours=OURS, team_url=TEAM_URL, reader="U0SAM")
    check_view(made)
    return made


def test_the_picture_stands_beside_the_first_line_and_the_words() -> None:
    blocks = shown_with(picture())
    assert [block["type"] for block in blocks] == ["section", "context", "actions"]
    assert blocks[0]["accessory"] == {
        "type": "image",
        "image_url": ADDRESS,
        "alt_text": "Picture by @anaruiz",
    }
    first, words = blocks[0]["text"]["text"].split("\n")
    assert first.startswith("🔴 *Cannot pay* · Ana Ruiz @anaruiz · ")
    assert words == "&gt;Third time the app eats my payment and shows an error. @acme are you even awake??"


def test_alt_text_is_said_and_more_pictures_are_counted() -> None:
    media = [picture("Error 51\non checkout"), picture(), picture(), picture(kind=MediaKind.VIDEO)]
    section = shown_with(*media)[0]
    assert section["text"]["text"].endswith("\n🖼 “Error 51 on checkout” · +2 pictures, +1 video")
    assert section["accessory"]["alt_text"] == "Error 51 on checkout"


def test_a_video_shows_its_still_and_says_so() -> None:
    section = shown_with(picture(kind=MediaKind.VIDEO))[0]
    assert section["accessory"]["alt_text"] == "Video by @anaruiz"
    assert section["text"]["text"].endswith("\n▶ Video")


def test_a_card_with_a_picture_has_four_blocks_at_most() -> None:
    earlier = post(id=30, external_id="1000", text="it is broken")
    newest = post(media=(picture("Error 51"),), reply_to_id="1000")
    blocks = render_card(view(messages=[earlier, newest]), ours=OURS)["blocks"]
    assert [block["type"] for block in blocks] == ["section", "context", "actions"]
    assert "↳ after their own: “it is broken”" in blocks[0]["text"]["text"]


@pytest.mark.parametrize(
    "alt_text", ["<!channel>", "<@U0KAI>", "<https://evil.example|bank>", "\u202egnp", "&" * 1000, "\x00"]
)
def test_alt_text_is_never_live(alt_text: str) -> None:
    section = shown_with(picture(alt_text), text="& <" * 500)[0]
    assert "<!channel>" not in section["text"]["text"]
    assert section["accessory"]["alt_text"]
    details_with(picture(alt_text))


def test_an_unsafe_address_is_not_shown() -> None:
    section = shown_with(picture("Error 51", url="javascript:alert(1)"))[0]
    assert "accessory" not in section
    assert "Error 51" in section["text"]["text"]


def test_details_show_every_picture_under_its_alt_text() -> None:
    images = [b for b in details_with(picture("Error 51"), picture())["blocks"] if b["type"] == "image"]
    assert [(b["image_url"], b["alt_text"], b["title"]["text"]) for b in images] == [
        (ADDRESS, "Error 51", "🖼 Error 51"),
        (ADDRESS, "Picture by @anaruiz", "🖼 Picture by @anaruiz"),
    ]


def test_nothing_is_shown_of_a_deleted_posts_pictures() -> None:
    gone: Message = replace(post(), text="", deleted_at=NOW, media=())
    assert ADDRESS not in str(render_card(view(messages=[gone]), ours=OURS))


async def test_a_card_whose_picture_cannot_be_fetched_is_posted_and_changed_without_it(
    chat: SlackTeamChat, workspace: Workspace
) -> None:
    card = render_card(view(messages=[post(media=(picture("Error 51", UNREACHABLE),))]), ours=OURS)
    outcome = await chat.post(CHANNEL, card, token="7.1", metadata={"digest": "abc"})
    [message] = workspace.messages(CHANNEL)
    assert outcome == Done({"digest": "abc", "channel": CHANNEL, "ts": message["ts"]})
    assert "accessory" not in message["blocks"][0]
    assert said(message).count(NOT_SHOWN) == 1
    assert isinstance(await chat.update(CHANNEL, message["ts"], card), Done)
    assert len(workspace.messages(CHANNEL)) == 1


async def test_other_faults_of_a_card_with_a_picture_stay_faults(chat: SlackTeamChat) -> None:
    blocks = [{"type": "image", "image_url": ADDRESS, "alt_text": "a"}, {"type": "nonsense"}]
    assert isinstance(await chat.post(CHANNEL, {"text": "card", "blocks": blocks}, token="7.1"), Failed)


async def test_details_whose_picture_cannot_be_fetched_open_and_change_without_it(
    client: AsyncWebClient, workspace: Workspace
) -> None:
    modals, broken = Modals(client), details_with(picture("Error 51", UNREACHABLE))
    view_id = await modals.open_view(str(workspace.triggers.new("U0SAM")), broken)
    assert f"{NOT_SHOWN}: Error 51" in said(workspace.open_view("U0SAM") or {})
    assert await modals.update_view(view_id, details_with(picture("Error 52", UNREACHABLE)))
    assert f"{NOT_SHOWN}: Error 52" in said(workspace.open_view("U0SAM") or {})

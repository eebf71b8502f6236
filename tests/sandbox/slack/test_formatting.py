"""Live pings of a text, and the conversion of typed text."""

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack import Workspace
from sandbox.slack.formatting import convert_typed, live_pings, rich_text
from sandbox.slack.seed import users


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        ("hello <!channel>", ["channel"]),
        ("<!here|here> and <!everyone>", ["here", "everyone"]),
        ("<@U0SAM> <@U0MIA|mia>", ["U0SAM", "U0MIA"]),
        ("<!subteam^S0AGENTS|@agents>", ["S0AGENTS"]),
        ("`<!channel>` ```<@U0SAM>\n<!here>```", []),
        ("&lt;!channel&gt; @channel @here", []),
        ("<https://evil.example|yourbank.com>", []),
        ("an ` alone <!here>", ["here"]),
    ],
)
def test_live_pings(text: str, targets: list[str]) -> None:
    assert live_pings(text) == targets


def test_full_parsing_makes_bare_names_live() -> None:
    assert live_pings("hey @channel", parse_full=True) == ["channel"]


PINGS: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    ({"text": "<!channel>"}, [("channel", "/text")]),
    (
        {"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "<@U0SAM>"}}]},
        [("U0SAM", "/blocks/0/text")],
    ),
    ({"blocks": [{"type": "section", "text": {"type": "plain_text", "text": "<!channel> <@U0SAM>"}}]}, []),
    ({"attachments": [{"text": "<!here>", "fallback": "x"}]}, [("here", "/attachments/0/text")]),
    ({"blocks": [{"type": "markdown", "text": "<!here>"}]}, [("here", "/blocks/0")]),
    (
        {"blocks": [rich_text("<!channel> <@U0SAM>")]},
        [("channel", "/blocks/0/elements/0/elements/0"), ("U0SAM", "/blocks/0/elements/0/elements/2")],
    ),
    (
        {
            "blocks": [
                {
                    "type": "rich_text",
                    "elements": [
                        {"type": "rich_text_section", "elements": [{"type": "text", "text": "<!channel>"}]},
                    ],
                }
            ]
        },
        [],
    ),
]


@pytest.mark.parametrize(("content", "expected"), PINGS, ids=range(len(PINGS)))
async def test_pings_of_the_bot_are_on_record(
    client: AsyncWebClient, workspace: Workspace, content: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    posted = await client.chat_postMessage(**{"channel": "C0SUPPORT", "text": "quiet", **content})
    found = [(e.detail["target"], e.detail["at"]) for e in workspace.ledger.of("slack", "ping")]
    assert found == expected
    assert all(e.detail["ts"] == posted["ts"] for e in workspace.ledger.of("slack", "ping"))


async def test_a_ping_that_comes_with_an_update_is_on_record(
    client: AsyncWebClient, workspace: Workspace
) -> None:
    posted = await client.chat_postMessage(channel="C0SUPPORT", text="quiet")
    await client.chat_update(channel="C0SUPPORT", ts=posted["ts"], text="<!everyone>")
    (ping,) = workspace.ledger.of("slack", "ping")
    assert (ping.detail["target"], ping.detail["by"]) == ("everyone", "chat.update")


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ("a < b & c", "a &lt; b &amp; c"),
        ("@Switchboard Hi Ana", "<@U0BOT> Hi Ana"),
        ("@sam and @Mia Lindqvist", "<@U0SAM> and <@U0MIA>"),
        ("<@U0BOT> hello", "<@U0BOT> hello"),
        ("<!channel>", "&lt;!channel&gt;"),
        ("@channel look", "<!channel> look"),
        ("mail sam@acme.example", "mail sam@acme.example"),
    ],
)
def test_what_typing_becomes(keys: str, text: str) -> None:
    assert convert_typed(keys, users()) == text


def test_rich_text_of_a_persons_message() -> None:
    (section,) = rich_text("hi <@U0SAM> &amp; <https://a.example|b>")["elements"]
    assert section["elements"] == [
        {"type": "text", "text": "hi "},
        {"type": "user", "user_id": "U0SAM"},
        {"type": "text", "text": " & "},
        {"type": "link", "url": "https://a.example", "text": "b"},
    ]


def test_an_emoji_that_is_known_by_its_name_is_one() -> None:
    (section,) = rich_text("hi :wave: at 12:30:00 :acme:")["elements"]
    assert section["elements"] == [
        {"type": "text", "text": "hi "},
        {"type": "emoji", "name": "wave", "unicode": "1f44b"},
        {"type": "text", "text": " at 12:30:00 :acme:"},
    ]

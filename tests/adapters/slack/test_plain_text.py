"""Convert an agent's message (mrkdwn, blocks) to plain text for the customer."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.plain_text import BotMention
from domain.cases.files import MAX_FILES

NAMES = {"U0MIA": "Mia Lindqvist"}
BOT = {"type": "user", "user_id": "U0BOT"}


def said(*parts: dict[str, Any], kind: str = "rich_text_section", **more: Any) -> str:  # noqa: ANN401 - fields of a part
    block = {"type": "rich_text", "elements": [{"type": kind, "elements": list(parts), **more}]}
    return BotMention({"text": "ignored", "blocks": [block]}, "U0BOT").text(NAMES)


def words(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text}


@pytest.mark.parametrize(
    ("parts", "plain"),
    [
        ([BOT, words(" Hi Ana, R&D <here> &amp; *you*")], "Hi Ana, R&D <here> &amp; *you*"),
        ([BOT, words(" ask "), {"type": "user", "user_id": "U0MIA"}], "ask Mia Lindqvist"),
        ([words("ask "), {"type": "user", "user_id": "U0NEW"}], "ask a colleague"),
        ([words("Hi "), {"type": "emoji", "name": "wave", "unicode": "1f44b-1f3fb"}], "Hi 👋🏻"),
        ([{"type": "emoji", "name": "acme_logo"}], ":acme_logo:"),
        ([{"type": "emoji", "name": "x", "unicode": "zz"}], ":x:"),
        ([{"type": "link", "url": "https://acme.example/a?b=1&c=2"}], "https://acme.example/a?b=1&c=2"),
        ([{"type": "link", "url": "https://acme.example", "text": "acme.example"}], "https://acme.example"),
        (
            [{"type": "link", "url": "https://acme.example/h", "text": "our help"}],
            "our help (https://acme.example/h)",
        ),
        (
            [{"type": "link", "url": "mailto:help@acme.example", "text": "help@acme.example"}],
            "help@acme.example",
        ),
        ([words("all "), {"type": "broadcast", "range": "channel"}], "all"),
        ([{"type": "usergroup", "usergroup_id": "S1"}, words(" looks")], "our team looks"),
        ([{"type": "date", "timestamp": 1, "format": "{date}", "fallback": "1 May"}], "1 May"),
        ([BOT, words("one\n\n\n\n two \n")], "one\n\ntwo"),
        ([BOT, words("  ")], ""),
        ([{"type": "hologram"}], ""),
    ],
)
def test_every_part_is_told_for_what_it_is(parts: list[dict[str, Any]], plain: str) -> None:
    assert said(*parts) == plain


@pytest.mark.parametrize(
    ("parts", "addressed"),
    [
        ([BOT, words(" Hi Ana")], True),
        ([words(" \n"), BOT], True),
        ([words("shall I tell it to "), BOT, words("?")], False),
        ([{"type": "user", "user_id": "U0MIA"}, BOT], False),
        ([{"type": "emoji", "name": "wave"}, BOT], False),
        ([], False),
    ],
)
def test_only_what_begins_with_the_bots_name_is_for_the_customer(
    parts: list[dict[str, Any]], addressed: bool
) -> None:
    block = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": parts}]}
    assert BotMention({"text": "<@U0BOT>", "blocks": [block]}, "U0BOT").is_addressed is addressed


@pytest.mark.parametrize(
    ("text", "addressed"),
    [
        ("<@U0BOT> Hi", True),
        (" <@U0BOT|switchboard> Hi", True),
        ("Hi <@U0BOT>", False),
        ("<#U0BOT> Hi", False),
        ("", False),
    ],
)
def test_so_it_is_where_there_is_only_text(text: str, addressed: bool) -> None:
    assert BotMention({"text": text}, "U0BOT").is_addressed is addressed


def test_lists_and_quotes_keep_their_shape() -> None:
    items = [{"type": "rich_text_section", "elements": [words(text)]} for text in ("one", "two")]
    assert said(*items, kind="rich_text_list", style="ordered", offset=2) == "3. one\n4. two"
    assert said(*items, kind="rich_text_list", style="bullet") == "• one\n• two"
    assert said(words("a\nb"), kind="rich_text_quote") == "> a\n> b"


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("<@U0BOT> Hi Ana &amp; co &lt;3", "Hi Ana & co <3"),
        ("<@U0BOT> see <https://acme.example/a&amp;b|the page>", "see the page (https://acme.example/a&b)"),
        ("<@U0BOT> see <https://acme.example>", "see https://acme.example"),
        (
            "<@U0BOT> <@U0MIA> and <@U0NEW|neu> of <!subteam^S1|@agents> in <#C1|support>, <!here>",
            "Mia Lindqvist and a colleague of our team in our team's channel,",
        ),
        ("<@U0BOT> <!date^1^{date}|1 May>", "1 May"),
        ("<@U0BOT> Hi\n<@U0BOT> again", "Hi\nagain"),
        ("&amp;lt;b&amp;gt;", "&lt;b&gt;"),
    ],
)
def test_a_message_without_blocks_is_read_from_its_text(text: str, plain: str) -> None:
    assert BotMention({"text": text}, "U0BOT").text(NAMES) == plain


def test_the_people_that_are_named_are_looked_up() -> None:
    nested = {
        "type": "rich_text_list",
        "elements": [{"type": "rich_text_section", "elements": [{"type": "user", "user_id": "U1"}]}],
    }
    event = {"text": "<@U2> <@U0BOT>", "blocks": [{"type": "rich_text", "elements": [nested]}]}
    assert BotMention(event, "U0BOT").people == ["U1", "U2"]


def test_files_are_counted_no_further_than_it_takes_to_refuse_them() -> None:
    assert len(BotMention({"files": [{"id": f"F{n}"} for n in range(50)]}, "U0BOT").files) == MAX_FILES + 1
    assert BotMention({"files": "all"}, "U0BOT").files == []


json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["type", "elements", "text", "url", "user_id", "unicode", "name"]),
            inner,
            max_size=5,
        )
        | st.fixed_dictionaries(
            {
                "type": st.sampled_from(
                    ["rich_text", "rich_text_section", "rich_text_list", "text", "emoji", "link", "user"]
                ),
                "elements": st.lists(inner, max_size=3),
            },
            optional={"text": inner, "unicode": inner, "url": inner, "user_id": inner},
        )
    ),
    max_leaves=20,
)


@given(st.dictionaries(st.sampled_from(["text", "blocks", "files"]), json))
def test_whatever_comes_is_read(event: dict[str, Any]) -> None:
    spoken = BotMention(event, "U0BOT")
    text = spoken.text(dict.fromkeys(spoken.people, "Somebody"))
    assert text == text.strip()
    text.encode()

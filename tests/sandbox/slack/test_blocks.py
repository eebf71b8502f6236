"""Block Kit validation: what Slack refuses is refused, with its position."""

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack import Workspace
from sandbox.slack.block_kit import message_problems, view_problems
from tests.sandbox.slack.apps import Json, actions, button, modal, plain


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def options(count: int) -> list[Json]:
    return [{"text": plain(f"Option {n}"), "value": str(n)} for n in range(count)]


def select(count: int, **more: object) -> Json:
    return {"type": "static_select", "action_id": "pick", "options": options(count), **more}


def entry(**element: object) -> Json:
    return {"type": "input", "label": plain("Label"), "element": {"type": "plain_text_input", **element}}


def section(text: Json, **more: object) -> Json:
    return {"type": "section", "text": text, **more}


def rich(*elements: Json) -> Json:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}


def table(rows: int, columns: int) -> Json:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * columns] * rows}


ACCEPTED = [
    [{"type": "divider"}] * 50,
    [section(mrkdwn("x" * 3000))],
    [section(plain("x"), accessory=button(value="v" * 2000))],
    [{"type": "section", "fields": [mrkdwn("x" * 2000)] * 10}],
    [{"type": "header", "text": plain("x" * 150)}],
    [{"type": "context", "elements": [mrkdwn("x")] * 10}],
    [actions(*(button(f"a{n}") for n in range(25)))],
    [actions(select(100, initial_option=options(1)[0]))],
    [actions({"type": "overflow", "action_id": "more", "options": options(5)})],
    [actions(button("same")), actions(button("same"), block_id="other")],
    [entry(max_length=3000)],
    [{"type": "markdown", "text": "x" * 12_000}],
    [table(100, 20)],
    [
        rich(
            {"type": "text", "text": "x", "style": {"bold": True}},
            {"type": "link", "url": "https://a.example"},
        )
    ],
    [rich({"type": "user", "user_id": "U0SAM"}, {"type": "emoji", "name": "wave"})],
    [{"type": "image", "image_url": "https://a.example/b.png", "alt_text": "b"}],
    [section(plain("x"), expand=True)],
]


@pytest.mark.parametrize("blocks", ACCEPTED, ids=range(len(ACCEPTED)))
def test_what_slack_takes_is_taken(blocks: list[Json]) -> None:
    assert message_problems(blocks) == []


REFUSED = [
    ([{"type": "divider"}] * 51, "no more than 50 items allowed [json-pointer:/blocks]"),
    ([{"type": "carousel2"}], "unsupported type: carousel2 [json-pointer:/blocks/0/type]"),
    ([{"text": plain("x")}], "missing required field: type [json-pointer:/blocks/0]"),
    (["x"], "must provide an object [json-pointer:/blocks/0]"),
    ([section(mrkdwn("x" * 3001))], "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"),
    ([section(mrkdwn(""))], "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
    ([section({"type": "html", "text": "x"})], "unsupported type: html [json-pointer:/blocks/0/text/type]"),
    ([section(mrkdwn("x"), colour="red")], "invalid additional property: colour [json-pointer:/blocks/0]"),
    ([{"type": "section"}], "missing required field: text or fields [json-pointer:/blocks/0]"),
    ([section(7)], "must provide an object [json-pointer:/blocks/0/text]"),  # type: ignore[arg-type]
    (
        [{"type": "section", "fields": [mrkdwn("x")] * 11}],
        "no more than 10 items allowed [json-pointer:/blocks/0/fields]",
    ),
    (
        [{"type": "section", "fields": [mrkdwn("x" * 2001)]}],
        "must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]",
    ),
    (
        [{"type": "header", "text": plain("x" * 151)}],
        "must be less than 151 characters [json-pointer:/blocks/0/text/text]",
    ),
    (
        [{"type": "header", "text": mrkdwn("x")}],
        "unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]",
    ),
    (
        [{"type": "context", "elements": [mrkdwn("x")] * 11}],
        "no more than 10 items allowed [json-pointer:/blocks/0/elements]",
    ),
    (
        [{"type": "context", "elements": [button()]}],
        "unsupported type: button [json-pointer:/blocks/0/elements/0/type]",
    ),
    ([actions()], "no fewer than 1 items required [json-pointer:/blocks/0/elements]"),
    (
        [actions(*(button(f"a{n}") for n in range(26)))],
        "no more than 25 items allowed [json-pointer:/blocks/0/elements]",
    ),
    ([actions(button("same"), button("same"))], "action_id already exists: same [json-pointer:/blocks/0]"),
    (
        [actions(button("a"), block_id="b"), actions(button("a"), block_id="b")],
        "block_id already exists: b [json-pointer:/blocks]",
    ),
    (
        [actions(button(value="v" * 2001))],
        "must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]",
    ),
    (
        [actions(button(text=plain("x" * 76)))],
        "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]",
    ),
    (
        [actions(button("a" * 256))],
        "must be less than 256 characters [json-pointer:/blocks/0/elements/0/action_id]",
    ),
    ([actions(button(style="loud"))], "must be a valid enum value [json-pointer:/blocks/0/elements/0/style]"),
    (
        [actions(button(text=mrkdwn("x")))],
        "unsupported type: mrkdwn [json-pointer:/blocks/0/elements/0/text/type]",
    ),
    ([actions(select(101))], "no more than 100 items allowed [json-pointer:/blocks/0/elements/0/options]"),
    (
        [actions(select(2, initial_option=options(3)[2]))],
        "initial_option must match one of the options [json-pointer:/blocks/0/elements/0/initial_option]",
    ),
    (
        [actions({"type": "static_select", "action_id": "s"})],
        "missing required field: options or option_groups [json-pointer:/blocks/0/elements/0]",
    ),
    (
        [actions({"type": "overflow", "action_id": "more", "options": options(6)})],
        "no more than 5 items allowed [json-pointer:/blocks/0/elements/0/options]",
    ),
    (
        [actions({"type": "static_select", "options": [{"text": plain("x" * 76), "value": "v"}]})],
        "must be less than 76 characters [json-pointer:/blocks/0/elements/0/options/0/text/text]",
    ),
    (
        [actions({"type": "static_select", "options": [{"text": plain("x"), "value": "v" * 151}]})],
        "must be less than 151 characters [json-pointer:/blocks/0/elements/0/options/0/value]",
    ),
    (
        [actions({"type": "plain_text_input", "action_id": "t"})],
        "unsupported type: plain_text_input [json-pointer:/blocks/0/elements/0/type]",
    ),
    ([entry(max_length=3001)], "must be between 1 and 3000 [json-pointer:/blocks/0/element/max_length]"),
    (
        [{"type": "input", "element": {"type": "plain_text_input"}}],
        "missing required field: label [json-pointer:/blocks/0]",
    ),
    (
        [{"type": "input", "label": mrkdwn("x"), "element": {"type": "plain_text_input"}}],
        "unsupported type: mrkdwn [json-pointer:/blocks/0/label/type]",
    ),
    (
        [{"type": "markdown", "text": "x" * 12_001}],
        "must be less than 12001 characters [json-pointer:/blocks/0/text]",
    ),
    ([table(101, 1)], "no more than 100 items allowed [json-pointer:/blocks/0/rows]"),
    ([table(1, 21)], "no more than 20 items allowed [json-pointer:/blocks/0/rows/0]"),
    ([table(1, 1), table(1, 1)], "only_one_table_allowed [json-pointer:/blocks]"),
    ([rich({"type": "text"})], "missing required field: text [json-pointer:/blocks/0/elements/0/elements/0]"),
    (
        [rich({"type": "mrkdwn", "text": "x"})],
        "unsupported type: mrkdwn [json-pointer:/blocks/0/elements/0/elements/0/type]",
    ),
    (
        [rich({"type": "text", "text": "x", "style": {"bold": "yes"}})],
        "must provide a boolean [json-pointer:/blocks/0/elements/0/elements/0/style/bold]",
    ),
    (
        [{"type": "rich_text", "elements": [{"type": "text", "text": "x"}]}],
        "unsupported type: text [json-pointer:/blocks/0/elements/0/type]",
    ),
    (
        [{"type": "image", "alt_text": "b"}],
        "missing required field: image_url or slack_file [json-pointer:/blocks/0]",
    ),
    (
        [{"type": "divider", "block_id": "x" * 256}],
        "must be less than 256 characters [json-pointer:/blocks/0/block_id]",
    ),
]


@pytest.mark.parametrize(("blocks", "problem"), REFUSED, ids=range(len(REFUSED)))
def test_what_slack_refuses_is_refused_with_its_place(blocks: list[Json], problem: str) -> None:
    assert problem in message_problems(blocks)


def home(**more: object) -> Json:
    return {"type": "home", "blocks": [{"type": "divider"}], **more}


def test_modals_and_homes_that_slack_takes() -> None:
    largest = modal(
        title="x" * 24,
        submit=plain("x" * 24),
        close=plain("x" * 24),
        private_metadata="x" * 3000,
        callback_id="x" * 255,
        blocks=[*[{"type": "divider"}] * 99, entry()],
    )
    assert view_problems(largest) == []
    assert view_problems(home()) == []


@pytest.mark.parametrize(
    ("view", "problem"),
    [
        (modal(title="x" * 25), "must be less than 25 characters [json-pointer:/view/title/text]"),
        (
            modal(private_metadata="x" * 3001),
            "must be less than 3001 characters [json-pointer:/view/private_metadata]",
        ),
        (modal(callback_id="x" * 256), "must be less than 256 characters [json-pointer:/view/callback_id]"),
        (
            modal(*[{"type": "divider"}] * 101),
            "no more than 100 items allowed [json-pointer:/view/blocks]",
        ),
        (modal(entry(), submit=None), "missing required field: submit [json-pointer:/view]"),
        (modal(submit_disabled=True), "invalid additional property: submit_disabled [json-pointer:/view]"),
        (modal(table(1, 1)), "unsupported type: table [json-pointer:/view/blocks/0/type]"),
        ({"type": "modal", "blocks": []}, "missing required field: title [json-pointer:/view]"),
        ({"type": "modal", "title": plain("x")}, "missing required field: blocks [json-pointer:/view]"),
        (home(title=plain("x")), "invalid additional property: title [json-pointer:/view]"),
        ({"type": "popup", "blocks": []}, "unsupported type: popup [json-pointer:/view/type]"),
        ([], "must provide an object [json-pointer:/view]"),
    ],
)
def test_views_that_slack_refuses(view: object, problem: str) -> None:
    assert problem in view_problems(view)


async def test_the_refusal_of_a_message_and_of_a_view_on_the_wire(
    client: AsyncWebClient, workspace: Workspace
) -> None:
    with pytest.raises(SlackApiError) as message:
        await client.chat_postMessage(channel="C0SUPPORT", text="x", blocks=[{"type": "nonsense"}])
    with pytest.raises(SlackApiError) as view:
        await client.views_publish(user_id="U0SAM", view=home(private_metadata="x" * 3001))

    assert message.value.response.data == {
        "ok": False,
        "error": "invalid_blocks",
        "errors": ["unsupported type: nonsense [json-pointer:/blocks/0/type]"],
        "response_metadata": {
            "messages": ["[ERROR] unsupported type: nonsense [json-pointer:/blocks/0/type]"]
        },
    }
    assert view.value.response["error"] == "invalid_arguments"
    assert view.value.response["response_metadata"]["messages"] == [
        "[ERROR] must be less than 3001 characters [json-pointer:/view/private_metadata]"
    ]
    assert workspace.messages("C0SUPPORT") == []
    assert workspace.home("U0SAM") is None


async def test_a_message_holds_about_12000_characters_in_its_blocks(client: AsyncWebClient) -> None:
    three_thousand = section(plain("x" * 3000))
    await client.chat_postMessage(channel="C0SUPPORT", text="x", blocks=[three_thousand] * 4)

    with pytest.raises(SlackApiError, match="msg_blocks_too_long"):
        await client.chat_postMessage(
            channel="C0SUPPORT", text="x", blocks=[three_thousand] * 4 + [section(plain("y"))]
        )

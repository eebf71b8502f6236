"""Interactions reach a Bolt app in Slack's payloads, and its answers have Slack's effects."""

from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack import SlackError, Workspace
from tests.sandbox.slack.apps import Received, actions, button, entry, modal, options, plain
from tests.sandbox.slack.conftest import Clock, Connect

INITIAL = [
    entry("text", initial_value="as suggested"),
    entry("empty", optional=True),
    entry("choice", "static_select", options=options("a", "b"), initial_option=options("b")[0]),
    entry("many", "checkboxes", options=options("a", "b"), initial_options=options("a")),
    entry("nobody", "multi_users_select", optional=True),
    entry("person", "users_select", initial_user="U0MIA"),
    entry("when", "datetimepicker", initial_date_time=1_800_000_000),
    entry("day", "datepicker", optional=True),
]
UNTOUCHED = {
    "text": {"type": "plain_text_input", "value": "as suggested"},
    "empty": {"type": "plain_text_input", "value": None},
    "choice": {"type": "static_select", "selected_option": options("b")[0]},
    "many": {"type": "checkboxes", "selected_options": options("a")},
    "nobody": {"type": "multi_users_select", "selected_users": []},
    "person": {"type": "users_select", "selected_user": "U0MIA"},
    "when": {"type": "datetimepicker", "selected_date_time": 1_800_000_000},
    "day": {"type": "datepicker", "selected_date": None},
}


async def opened(
    client: AsyncWebClient, workspace: Workspace, *blocks: dict[str, Any], **more: object
) -> str:
    view = await client.views_open(trigger_id=workspace.triggers.new("U0SAM"), view=modal(*blocks, **more))
    view_id: str = view["view"]["id"]
    return view_id


async def card(client: AsyncWebClient, *blocks: dict[str, Any], **more: Any) -> str:  # noqa: ANN401 - SDK arguments
    posted = await client.chat_postMessage(channel="C0SUPPORT", text="card", blocks=list(blocks), **more)
    ts: str = posted["ts"]
    return ts


async def test_the_whole_payload_of_a_click(
    client: AsyncWebClient, workspace: Workspace, received: Received
) -> None:
    ts = await card(client, actions(button()), metadata={"event_type": "card", "event_payload": {}})
    ack = await workspace.press("U0SAM", "C0SUPPORT", ts, "go")

    body = next(b for b in received.bodies if b["type"] == "block_actions")
    assert ack.answered
    assert body["user"] == {"id": "U0SAM", "username": "sam", "name": "sam", "team_id": "T0SWITCH"}
    assert body["team"] == {"id": "T0SWITCH", "domain": "acme"}
    assert body["channel"] == {"id": "C0SUPPORT", "name": "support"}
    assert (body["api_app_id"], body["enterprise"], body["is_enterprise_install"]) == (
        "A0SWITCH",
        None,
        False,
    )
    assert body["state"] == {"values": {}}
    assert (body["message"]["ts"], body["message"]["text"]) == (ts, "card")
    assert "metadata" not in body["message"]
    (action,) = body["actions"]
    assert action.pop("action_ts")
    assert action == {
        "type": "button",
        "action_id": "go",
        "block_id": "row",
        "value": "7",
        "text": plain("Go"),
    }


async def test_a_choice_in_a_message_carries_its_option(
    client: AsyncWebClient, workspace: Workspace, received: Received
) -> None:
    select = {"type": "static_select", "action_id": "pick", "options": options("a", "b")}
    ts = await card(client, actions(select))
    await workspace.press("U0SAM", "C0SUPPORT", ts, "pick", "b")

    body = next(b for b in received.bodies if b["type"] == "block_actions")
    assert body["actions"][0]["selected_option"] == options("b")[0]
    with pytest.raises(LookupError):
        await workspace.press("U0SAM", "C0SUPPORT", ts, "pick", "c")
    with pytest.raises(LookupError):
        await workspace.press("U0SAM", "C0SUPPORT", ts, "absent")
    with pytest.raises(SlackError, match="message_not_found"):
        await workspace.press("U0SAM", "C0SUPPORT", "1.1", "go")


async def test_the_value_tells_equal_buttons_apart_and_a_forged_one_passes(
    client: AsyncWebClient, workspace: Workspace, received: Received
) -> None:
    rows = [actions(button(value=value), block_id=value) for value in ("1", "2")]
    ts = await card(client, *rows)
    await workspace.press("U0SAM", "C0SUPPORT", ts, "go", "2")
    await workspace.act("U0SAM", {"action_id": "go", "value": "forged"}, channel="C0SUPPORT", ts=ts)

    pressed = [b["actions"][0] for b in received.bodies if b["type"] == "block_actions"]
    assert [(a["block_id"], a["value"]) for a in pressed] == [("2", "2"), ("1", "forged")]


async def test_untouched_inputs_submit_what_they_started_with(
    client: AsyncWebClient, workspace: Workspace, received: Received
) -> None:
    view_id = await opened(client, workspace, *INITIAL, private_metadata="case-1")
    await workspace.submit("U0SAM", view_id)

    (body,) = received.bodies
    view = body["view"]
    assert view["state"]["values"] == {block: {"value": value} for block, value in UNTOUCHED.items()}
    assert (body["type"], view["id"], view["callback_id"]) == ("view_submission", view_id, "form")
    assert (view["private_metadata"], view["root_view_id"], view["app_id"]) == ("case-1", view_id, "A0SWITCH")
    assert (view["bot_id"], view["team_id"], view["previous_view_id"]) == ("B0SWITCH", "T0SWITCH", None)
    assert body["response_urls"] == []
    assert body["trigger_id"]
    assert workspace.open_view("U0SAM") is None


async def test_what_is_entered_goes_in_short_or_in_slacks_own_form(
    client: AsyncWebClient, workspace: Workspace, received: Received
) -> None:
    view_id = await opened(client, workspace, *INITIAL)
    await workspace.submit(
        "U0SAM",
        view_id,
        {"text": "mine", "choice": "a", "many": ["b"], "person": {"value": {"selected_user": "U0KAI"}}},
    )

    values = received.bodies[0]["view"]["state"]["values"]
    assert values["text"]["value"] == {"type": "plain_text_input", "value": "mine"}
    assert values["choice"]["value"]["selected_option"] == options("a")[0]
    assert values["many"]["value"]["selected_options"] == options("b")
    assert values["person"]["value"] == {"type": "users_select", "selected_user": "U0KAI"}


async def test_slacks_client_holds_back_what_is_incomplete(
    client: AsyncWebClient, workspace: Workspace, received: Received
) -> None:
    view_id = await opened(
        client,
        workspace,
        entry("required"),
        entry("short", min_length=5),
        entry("long", max_length=3),
        entry("number", "number_input", is_decimal_allowed=False),
        entry("mail", "email_text_input"),
    )
    ack = await workspace.submit(
        "U0SAM", view_id, {"short": "four", "long": "four", "number": "1.5", "mail": "no"}
    )

    assert ack.failure == "not_sent"
    assert set(ack.errors) == {"required", "short", "long", "number", "mail"}
    assert received.bodies == []


async def test_errors_keep_the_modal_open_with_what_was_entered(
    client: AsyncWebClient, workspace: Workspace, received: Received
) -> None:
    view_id = await opened(client, workspace, entry("text"))
    received.answer = {"response_action": "errors", "errors": {"text": "Too rude"}}
    ack = await workspace.submit("U0SAM", view_id, {"text": "rude"})

    view = workspace.open_view("U0SAM")
    assert ack.errors == {"text": "Too rude"}
    assert view is not None
    assert view["state"]["values"]["text"]["value"]["value"] == "rude"

    received.answer = {}
    await workspace.submit("U0SAM", view_id, {"value": "kind"})
    assert received.bodies[1]["view"]["state"]["values"]["text"]["value"]["value"] == "kind"
    assert workspace.open_view("U0SAM") is None


async def test_an_answer_can_update_push_or_clear(
    client: AsyncWebClient, workspace: Workspace, received: Received
) -> None:
    view_id = await opened(client, workspace, title="one")
    received.answer = {"response_action": "update", "view": modal(title="two")}
    await workspace.submit("U0SAM", view_id)
    updated = workspace.open_view("U0SAM")
    assert updated is not None
    assert (updated["id"], updated["title"]["text"]) == (view_id, "two")

    received.answer = {"response_action": "push", "view": modal(title="three")}
    await workspace.submit("U0SAM", view_id)
    pushed = workspace.open_view("U0SAM")
    assert pushed is not None
    assert (pushed["previous_view_id"], pushed["root_view_id"]) == (view_id, view_id)

    received.answer = {"response_action": "clear"}
    await workspace.submit("U0SAM", pushed["id"])
    assert workspace.open_view("U0SAM") is None


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "errors", "errors": {"elsewhere": "no such block"}},
        {"response_action": "update", "view": modal(title="x" * 25)},
    ],
)
async def test_an_answer_that_slack_cannot_follow_is_trouble(
    client: AsyncWebClient, workspace: Workspace, received: Received, answer: dict[str, Any]
) -> None:
    view_id = await opened(client, workspace, entry("text", initial_value="x"))
    received.answer = answer
    ack = await workspace.submit("U0SAM", view_id)

    assert not ack.answered
    assert workspace.open_view("U0SAM") is not None
    assert workspace.notices("U0SAM") == ["We had some trouble connecting. Try again?"]


async def test_an_update_keeps_what_was_typed_where_ids_stay(
    client: AsyncWebClient, workspace: Workspace, received: Received
) -> None:
    template = {"type": "static_select", "action_id": "pick", "options": options("a", "b")}
    view_id = await opened(client, workspace, actions(template), entry("text", initial_value="draft"))
    await workspace.press_in_view("U0SAM", view_id, "pick", "a", values={"text": "typed"})
    await client.views_update(
        view_id=view_id,
        view=modal(entry("text", initial_value="other"), entry("fresh", initial_value="new")),
    )
    await workspace.submit("U0SAM", view_id)

    click, submission = received.bodies
    assert click["container"] == {"type": "view", "view_id": view_id}
    assert click["view"]["state"]["values"]["text"]["value"]["value"] == "typed"
    assert click["view"]["state"]["values"]["row"]["pick"]["selected_option"] == options("a")[0]
    values = submission["view"]["state"]["values"]
    assert {block: value["value"]["value"] for block, value in values.items()} == {
        "text": "typed",
        "fresh": "new",
    }


async def test_closing_is_told_only_where_asked_for(
    client: AsyncWebClient, workspace: Workspace, received: Received
) -> None:
    await workspace.close_view("U0SAM", await opened(client, workspace))
    assert received.bodies == []

    view_id = await opened(client, workspace, notify_on_close=True, private_metadata="case-1")
    await workspace.close_view("U0SAM", view_id)
    (body,) = received.bodies
    assert (body["type"], body["is_cleared"], body["view"]["private_metadata"]) == (
        "view_closed",
        False,
        "case-1",
    )


async def test_somebody_elses_view_cannot_be_submitted(client: AsyncWebClient, workspace: Workspace) -> None:
    view_id = await opened(client, workspace)
    with pytest.raises(SlackError, match="not_found"):
        await workspace.submit("U0MIA", view_id)


async def test_a_click_that_is_not_acked_is_told_to_the_person(
    client: AsyncWebClient, workspace: Workspace, received: Received
) -> None:
    workspace.limits.ack_seconds = 0.05
    received.silent = True
    ts = await card(client, actions(button()))
    ack = await workspace.press("U0SAM", "C0SUPPORT", ts, "go")

    assert ack.failure == "operation_timeout"
    assert "did not respond in time (operation_timeout)" in workspace.notices("U0SAM")[0]


async def test_without_any_connection_a_click_fails_at_once(
    client: AsyncWebClient, workspace: Workspace
) -> None:
    ts = await card(client, actions(button()))
    assert (await workspace.press("U0SAM", "C0SUPPORT", ts, "go")).failure == "dispatch_failed"


async def test_a_command_and_its_answer(workspace: Workspace, received: Received) -> None:
    received.answer = {"text": "Nothing waits."}
    ack = await workspace.command("U0SAM", "C0SUPPORT", "/mentions next please")

    (body,) = received.bodies
    assert ack.answered
    assert (body["command"], body["text"], body["channel_name"]) == ("/mentions", "next please", "support")
    assert (body["user_id"], body["user_name"], body["team_domain"]) == ("U0SAM", "sam", "acme")
    assert [m["text"] for m in workspace.ephemerals("U0SAM", "C0SUPPORT")] == ["Nothing waits."]
    assert workspace.messages("C0SUPPORT") == []

    received.answer = {"text": "For all", "response_type": "in_channel"}
    await workspace.command("U0SAM", "C0SUPPORT", "/mentions")
    assert [m["text"] for m in workspace.messages("C0SUPPORT")] == ["For all"]
    with pytest.raises(SlackError, match="unknown_command"):
        await workspace.command("U0SAM", "C0SUPPORT", "/nonsense")


async def test_a_command_answered_with_nonsense_is_trouble(workspace: Workspace, received: Received) -> None:
    received.answer = {"text": "x", "blocks": [{"type": "nonsense"}]}
    await workspace.command("U0SAM", "C0SUPPORT", "/mentions")
    assert workspace.ephemerals("U0SAM") == []
    assert workspace.notices("U0SAM") == ["Switchboard answered with something else (invalid_blocks)."]


async def test_a_response_url_answers_replaces_and_deletes(
    client: AsyncWebClient, workspace: Workspace, app: AsyncApp, connect: Connect, clock: Clock
) -> None:
    responds: list[AsyncRespond] = []

    @app.action("go")
    async def clicked(ack: Any, respond: AsyncRespond) -> None:  # noqa: ANN401 - Bolt passes it
        responds.append(respond)
        await ack()

    await connect(app)
    ts = await card(client, actions(button()))
    await workspace.press("U0SAM", "C0SUPPORT", ts, "go")
    (respond,) = responds

    assert (await respond("to you")).status_code == 200
    assert (await respond("to all", response_type="in_channel")).status_code == 200
    assert (await respond("changed", replace_original=True)).status_code == 200
    refused = await respond(blocks=[{"type": "nonsense"}], text="x")
    assert (refused.status_code, "invalid_blocks" in refused.body) == (400, True)
    assert [m["text"] for m in workspace.ephemerals("U0SAM")] == ["to you"]
    assert [m["text"] for m in workspace.messages("C0SUPPORT")] == ["changed", "to all"]

    assert (await respond(delete_original=True)).status_code == 200
    used = await respond("sixth")
    assert (used.status_code, "used_url" in used.body) == (404, True)
    assert [m["text"] for m in workspace.messages("C0SUPPORT")] == ["to all"]

    again = await card(client, actions(button()))
    await workspace.press("U0SAM", "C0SUPPORT", again, "go")
    clock.advance(1800)
    assert "expired_url" in (await responds[1]("late")).body


async def test_a_button_in_an_ephemeral_replaces_it(
    client: AsyncWebClient, workspace: Workspace, app: AsyncApp, connect: Connect
) -> None:
    bodies: list[dict[str, Any]] = []

    @app.action("go")
    async def clicked(ack: Any, body: dict[str, Any], respond: AsyncRespond) -> None:  # noqa: ANN401 - Bolt passes it
        bodies.append(body)
        await ack()
        await respond("done", replace_original=True)

    await connect(app)
    shown = await client.chat_postEphemeral(
        channel="C0SUPPORT", user="U0SAM", text="sure?", blocks=[actions(button())]
    )
    await workspace.press("U0SAM", "C0SUPPORT", shown["message_ts"], "go")

    assert bodies[0]["container"]["is_ephemeral"] is True
    assert "message" not in bodies[0]
    assert [m["text"] for m in workspace.ephemerals("U0SAM")] == ["done"]
    with pytest.raises(SlackError, match="message_not_found"):
        await workspace.press("U0MIA", "C0SUPPORT", shown["message_ts"], "go")

"""Handle minimal and unexpected Slack payloads over HTTP."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest

from adapters.slack.action_ids import ActionId, CallbackId, public_reply_block
from sandbox.slack.delivery import Retry
from tests.crash.bot_database import BotDatabase
from tests.flows.test_http_mode import FORM, Endpoint, by_http, click, signed
from tests.stories import SAM, SUPPORT, Story, has_it

JSON = "application/json"


@pytest.fixture
async def endpoint(tmp_path: Path) -> AsyncIterator[Endpoint]:
    async with by_http(tmp_path, f"sqlite:///{tmp_path / 'switchboard.db'}") as endpoint:
        yield endpoint


def submission(text: str, *, callback_id: str = CallbackId.PUBLIC_REPLY.value, **metadata: int) -> str:
    """Build the body of a submitted form whose view has only what a handler needs."""
    known = {"seen": 10**6, "revision": 0, "confirmed": [], **metadata}
    view = {
        "id": "V1",
        "callback_id": callback_id,
        "private_metadata": json.dumps(known),
        "state": {"values": {public_reply_block(0): {ActionId.PUBLIC_REPLY_TEXT.value: {"value": text}}}},
    }
    return urlencode({"payload": json.dumps({"type": "view_submission", "user": {"id": SAM}, "view": view})})


def event(**said: Any) -> str:  # noqa: ANN401 - as Slack sends it
    return json.dumps({"type": "event_callback", "event_id": "Ev1", "event": said})


async def test_a_bare_form_is_read_and_one_forms_id_may_serve_two_cases(endpoint: Endpoint) -> None:
    story = endpoint.story
    story.customer_writes("@acme where is my parcel?", who="late")
    await story.card("my parcel")
    cases = BotDatabase(story.environment["DATABASE_URL"]).query("SELECT id, version FROM cases ORDER BY id")
    texts = ["Hi Ana, we are looking into it.", "Hello, your parcel is on its way."]
    for (case_id, version), text in zip(cases, texts, strict=True):
        status, said = await endpoint.send_signed(submission(text, case=case_id, version=version))
        assert (status, said) == (200, "")
    await story.until(lambda: sorted(story.our_posts()) == sorted(texts), "both answers")


async def test_a_form_that_nobody_knows_says_so(endpoint: Endpoint) -> None:
    status, said = await endpoint.send_signed(submission("x", callback_id="of_an_older_version"))
    assert status == 200
    assert "does not understand, so nothing was done" in said


async def test_a_form_without_an_id_says_that_it_may_not_have_been_done(endpoint: Endpoint) -> None:
    view = {"callback_id": CallbackId.PUBLIC_REPLY.value}
    body = {"type": "view_submission", "user": {"id": SAM}, "view": view}
    status, said = await endpoint.send_signed(urlencode({"payload": json.dumps(body)}))
    assert status == 200
    assert "may not have been done" in said


async def test_a_button_that_nobody_knows_is_told_to_the_person(endpoint: Endpoint) -> None:
    before = endpoint.state()
    assert (await endpoint.send_signed(click("case.unheard_of", "1:1")))[0] == 200
    assert "does not understand, so nothing was done" in endpoint.story.ephemeral_text(SAM)
    assert endpoint.state() == before


async def test_a_changed_input_of_a_form_is_taken_in_silence(endpoint: Endpoint) -> None:
    action = {"type": "radio_buttons", "action_id": ActionId.SNOOZE_CHOICE.value, "selected_option": {}}
    body = {"type": "block_actions", "user": {"id": SAM}, "actions": [action], "view": {"id": "V1"}}
    assert await endpoint.send_signed(urlencode({"payload": json.dumps(body)})) == (200, "")
    assert endpoint.story.ephemeral_text(SAM) == ""


@pytest.mark.parametrize("kind", ["reaction_added", "member_joined_channel", "tokens_revoked"])
async def test_an_event_that_nobody_waits_for_is_acknowledged(endpoint: Endpoint, kind: str) -> None:
    assert (await endpoint.send_signed(event(type=kind, user=SAM), kind=JSON))[0] == 200
    closed = {"type": "view_closed", "user": {"id": SAM}, "view": {"id": "V1", "callback_id": "answer"}}
    assert (await endpoint.send_signed(urlencode({"payload": json.dumps(closed)})))[0] == 200
    await endpoint.still_works()


async def test_home_is_shown_where_the_event_names_no_tab(endpoint: Endpoint) -> None:
    assert (await endpoint.send_signed(event(type="app_home_opened", user=SAM), kind=JSON))[0] == 200
    await endpoint.story.until(lambda: endpoint.story.world.slack.home(SAM), "App Home")


SAMS: Any = {"user": {"id": SAM}}
ACTION: Any = {"action_id": "case.claim", "value": "1:1"}
MALFORMED: dict[str, Any] = {
    "a press without a button": {**SAMS, "type": "block_actions"},
    "a press of nothing": {**SAMS, "type": "block_actions", "actions": []},
    "a button that is a text": {**SAMS, "type": "block_actions", "actions": ["case.claim"]},
    "a button without an id": {**SAMS, "type": "block_actions", "actions": [{"value": "1:1"}]},
    "a button whose id is a number": {**SAMS, "type": "block_actions", "actions": [{"action_id": 7}]},
    "somebody who is a number": {"type": "block_actions", "user": 7, "actions": [ACTION]},
    "a workspace in ten lists": {**SAMS, "type": "block_actions", "team": [[[[[[[[[[1]]]]]]]]]], "actions": [ACTION]},
    "a form that is a text": {**SAMS, "type": "view_submission", "view": "V1"},
    "a form that is nothing": {**SAMS, "type": "view_submission", "view": None},
    "a form whose id is a number": {**SAMS, "type": "view_submission", "view": {"id": "V1", "callback_id": 1.5}},
    "a closed form that is a number": {**SAMS, "type": "view_closed", "view": 7},
    "a shortcut whose name is a list": {**SAMS, "type": "message_action", "callback_id": ["x"]},
    "a kind that is a list": {**SAMS, "type": []},
}  # fmt: skip
EVENTS: dict[str, Any] = {
    "an event that is nothing": {"type": "event_callback", "event": None},
    "an event that is a list": {"type": "event_callback", "event": [7]},
    "an event whose kind is a number": {"type": "event_callback", "event": {"type": 7}},
    "an event whose subtype is a list": {"type": "event_callback", "event": {"type": "message", "subtype": []}},
    "an authorization that is a text": {"type": "event_callback", "event": {"type": "message"}, "authorizations": ["x"]},
}  # fmt: skip
#: What only Socket Mode can carry: over HTTP a payload is a form's field, or is not read as JSON.
NO_OBJECTS: dict[str, Any] = {
    "a payload that is a list": [{"type": "block_actions"}],
    "a payload that is nothing": None,
    "a payload that is a number": 7,
    "a payload that is a text": "block_actions",
    "a payload that is true": True,
}


def assert_told_once(caplog: pytest.LogCaptureFixture) -> None:
    said = [record for record in caplog.records if not record.name.startswith("apscheduler")]
    assert ["cannot be read" in record.getMessage() for record in said] == [True]
    assert [(record.levelname, record.exc_info) for record in said] == [("WARNING", None)]


async def test_a_signed_but_malformed_payload_is_refused_and_not_sent_again(
    endpoint: Endpoint, subtests: pytest.Subtests, caplog: pytest.LogCaptureFixture
) -> None:
    before = endpoint.state()
    bodies = {what: (urlencode({"payload": json.dumps(body)}), FORM) for what, body in MALFORMED.items()}
    bodies |= {what: (json.dumps(body), JSON) for what, body in EVENTS.items()}
    for what, (body, kind) in bodies.items():
        with subtests.test(what):
            caplog.clear()
            async with aiohttp.ClientSession() as session:
                headers = {"Content-Type": kind, **signed(body)}
                answer = await session.post(endpoint.url, data=body.encode(), headers=headers)
                assert (answer.status, answer.headers.get("X-Slack-No-Retry")) == (400, "1")
            assert_told_once(caplog)
    assert endpoint.state() == before
    await endpoint.still_works()


async def test_a_malformed_payload_is_acknowledged_in_socket_mode(
    story: Story, subtests: pytest.Subtests, caplog: pytest.LogCaptureFixture
) -> None:
    story.customer_writes("@acme third time the app eats my payment")
    ts = (await story.card("third time"))["ts"]
    delivery = story.world.slack.delivery
    for what, body in (MALFORMED | EVENTS | NO_OBJECTS).items():
        with subtests.test(what):
            caplog.clear()
            ack = await delivery.transport.send("interactive", body, 3.0, Retry())
            assert (ack.answered, ack.payload) == (True, None)
            assert_told_once(caplog)
    assert (await story.world.slack.press(SAM, SUPPORT, ts, "case.claim")).answered
    await story.card_shows(ts, has_it(SAM))

"""Handle minimal and unexpected Slack payloads over HTTP."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from adapters.slack.action_ids import ActionId, CallbackId, public_reply_block
from tests.crash.bot_database import BotDatabase
from tests.flows.test_http_mode import Endpoint, by_http, click
from tests.stories import SAM

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

"""Refuse a request of Slack's as a whole, before any listener hears it."""

import json
from collections.abc import Mapping
from typing import Any

from slack_bolt.response import BoltResponse

from adapters.slack.outages.command_answers import render_answer
from handlers.context import AppContext
from handlers.slack.form_errors import show_in_place
from handlers.slack.payloads import BadPayload, parse_press


async def refuse_request(ctx: AppContext, body: Mapping[str, Any], escaped: str) -> BoltResponse:
    """Answer a command, a press, a shortcut or a submission with a text; acknowledge anything else."""
    in_band = answer_in_band(body, escaped)
    if in_band is not None:
        return in_band
    content = render_answer(escaped)
    if body.get("type") in {"shortcut", "message_action", "block_actions"}:
        try:
            press = parse_press({"actions": [{}], **body})
        except BadPayload:
            return acknowledgement()
        if press.channel is not None:
            await ctx.modals.send_ephemeral(press.channel, press.user_id, content, thread_ts=press.thread_ts)
        else:
            await ctx.modals.notify(press.trigger_id, press.user_id, content)
    return acknowledgement()


def answer_in_band(body: Mapping[str, Any], escaped: str) -> BoltResponse | None:
    """Return the answer to a command or a submission that shows a text; `None` for anything else."""
    if "command" in body:
        return json_response({"response_type": "ephemeral", **render_answer(escaped)})
    if body.get("type") == "view_submission":
        return json_response(show_in_place(escaped))
    return None


def acknowledgement() -> BoltResponse:
    """Return the answer that says nothing."""
    return BoltResponse(status=200, body="")


def json_response(body: Mapping[str, Any]) -> BoltResponse:
    """Return an answer that is a JSON object."""
    return BoltResponse(status=200, body=json.dumps(body), headers={"content-type": ["application/json"]})

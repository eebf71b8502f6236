"""A small Bolt app that records payloads, and blocks for it to post."""

import asyncio
from collections.abc import Callable
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

Json = dict[str, Any]


async def until(condition: Callable[[], bool]) -> None:
    """Wait, at most 10 s, for a condition that the other side of a connection fulfils."""
    async with asyncio.timeout(30):
        while not condition():  # noqa: ASYNC110 - the other side sets no event
            await asyncio.sleep(0.01)


def plain(text: str) -> Json:
    """Build a plain_text object."""
    return {"type": "plain_text", "text": text}


def button(action_id: str = "go", value: str = "7", **more: object) -> Json:
    """Build a button."""
    return {"type": "button", "action_id": action_id, "value": value, "text": plain("Go"), **more}


def actions(*elements: Json, block_id: str = "row") -> Json:
    """Build an actions block."""
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def options(*values: str) -> list[Json]:
    """Build options whose text is their value."""
    return [{"text": plain(value), "value": value} for value in values]


def entry(
    block_id: str, kind: str = "plain_text_input", *, optional: bool = False, **element: object
) -> Json:
    """Build an input block; its element's action_id is "value"."""
    made = {"type": kind, "action_id": "value", **element}
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(block_id),
        "optional": optional,
        "element": made,
    }


def modal(*blocks: Json, **more: object) -> Json:
    """Build a modal with the callback id "form"; its title may be a string."""
    title = plain(str(more.pop("title", "Form")))
    view = {"type": "modal", "callback_id": "form", "title": title, "submit": plain("Send")}
    return {**view, "blocks": list(blocks) or [{"type": "divider"}], **more}


class Received:
    """The payloads that an app received, by kind, and its answers to submitted modals."""

    def __init__(self, app: AsyncApp) -> None:
        self.bodies: list[Json] = []
        self.answer: Json = {}
        self.silent = False
        for register in (
            app.action({"action_id": "go"}),
            app.action({"action_id": "pick"}),
            app.view("form"),
            app.view_closed("form"),
            app.command("/mentions"),
        ):
            register(self._record)
        for event in ("message", "app_mention", "app_home_opened", "member_joined_channel"):
            app.event(event)(self._event)

    async def _record(self, ack: AsyncAck, body: Json) -> None:
        self.bodies.append(body)
        if not self.silent:
            await ack(**self.answer)

    async def _event(self, body: Json) -> None:
        self.bodies.append(body)

    @property
    def events(self) -> list[Json]:
        """The events among the payloads."""
        return [body["event"] for body in self.bodies if body.get("type") == "event_callback"]

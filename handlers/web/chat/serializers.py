"""Serialize a conversation for the page: plain values without markup, and only what customers may know."""

from collections.abc import Sequence
from typing import Any

from domain.cases.files import File
from domain.cases.messages import Direction, Message
from domain.chat.session import ChatView
from domain.handoffs.handoff import HandoffState
from domain.venues import Venue
from handlers.web.chat.context import Chat


async def serialize_lines(chat: Chat, view: ChatView) -> list[dict[str, Any]]:
    """Serialize the view's messages."""
    return [await _line(chat, view, message) for message in view.lines]


async def serialize_state(chat: Chat, view: ChatView) -> dict[str, Any]:
    """Serialize the state: assignee's name, opening time, venue, verification, rating, transcript."""
    handoff, case = view.handoff, view.case
    opens = chat.appearance.hours.opens_at(chat.ctx.clock.now())
    verified = handoff.is_verified
    state: dict[str, Any] = {
        "here": await chat.ctx.directory.first_name(case.claimed_by) if case.claimed_by else "",
        "opens_at": opens.isoformat() if opens else None,
        "open": handoff.state is HandoffState.ARRIVED,
        "goes_on": view.goes_on.value if view.goes_on else None,
        "verified": verified,
        "resolved": not case.state.is_active,
        "solved": view.rating.solved if view.rating else None,
    }
    recipient = chat.ctx.code_recipient(case.network)
    if not verified and recipient is not None and handoff.code:
        state["proof"] = {"code": handoff.code, "handle": recipient.handle, "url": recipient.url}
    if view.transcript is not None:
        state["transcript"] = {"address": view.transcript.address, "state": view.transcript.state.value}
    return state


async def _line(chat: Chat, view: ChatView, message: Message) -> dict[str, Any]:
    is_ours = message.direction is Direction.OUT
    line: dict[str, Any] = {
        "id": message.id,
        "ours": is_ours,
        "name": await _name(chat, message) if is_ours else message.author_name,
        "text": message.text,
        "at": (message.sent_at or message.created_at).isoformat(),
        "venue": message.venue.value,
        "files": [_file(file) for file in _ready(view.files.get(message.id, ()))],
    }
    if message.venue is Venue.CHAT:
        line["chat"] = message.handoff_id
    handoff_id, _, key = (message.external_id or "").partition(".")
    if not is_ours and message.venue is Venue.CHAT and handoff_id == str(view.handoff.id):
        line["key"] = key
    return line


async def _name(chat: Chat, message: Message) -> str:
    name = await chat.ctx.directory.first_name(message.sent_by) if message.sent_by else ""
    return name or chat.ctx.policy.brand


def _ready(files: Sequence[File]) -> list[File]:
    return [file for file in files if file.size]


def _file(file: File) -> dict[str, Any]:
    return {"id": file.id, "name": file.name, "type": file.media_type, "size": file.size}

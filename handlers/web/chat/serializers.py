"""Serialize a conversation for the page: plain values without markup, and only what customers may know."""

from collections.abc import Sequence
from typing import Any

from domain.cases.files import File
from domain.cases.messages import Direction, Message
from domain.chat.session import ChatView
from domain.handoffs.handoff import HandoffState
from domain.venues import Venue
from handlers.web.chat.context import Chat


async def serialize_messages(chat: Chat, view: ChatView) -> list[dict[str, Any]]:
    """Serialize the view's messages."""
    return [await _message(chat, view, message) for message in view.messages]


async def serialize_state(chat: Chat, view: ChatView, language: str) -> dict[str, Any]:
    """Serialize the state.

    It has the assignee's name and whether they are at work, opening time, venue, verification, rating,
    transcript and outage.
    """
    handoff, case = view.handoff, view.case
    opens = chat.appearance.hours.opens_at(chat.ctx.clock.now())
    verified = handoff.is_verified
    state: dict[str, Any] = {
        "agent_name": await chat.ctx.directory.first_name(case.claimed_by) if case.claimed_by else "",
        "agent_is_here": await chat.presence.is_here(case.claimed_by) if case.claimed_by else False,
        "opens_at": opens.isoformat() if opens else None,
        "is_open": handoff.state is HandoffState.ARRIVED,
        "next_venue": view.next_venue.value if view.next_venue else None,
        "verified": verified,
        "resolved": not case.state.is_active,
        "solved": view.rating.solved if view.rating else None,
        "banner": await chat.banner.in_language(language),
    }
    recipient = chat.ctx.code_recipient(case.network)
    if not verified and recipient is not None and handoff.code:
        state["verification"] = {"code": handoff.code, "handle": recipient.handle, "url": recipient.url}
    if view.transcript is not None:
        state["transcript"] = {"address": view.transcript.address, "state": view.transcript.state.value}
    return state


async def _message(chat: Chat, view: ChatView, message: Message) -> dict[str, Any]:
    from_agent = message.direction is Direction.OUT
    fields: dict[str, Any] = {
        "id": message.id,
        "from_agent": from_agent,
        "author_name": await _agent_name(chat, message) if from_agent else message.author_name,
        "text": message.text,
        "sent_at": (message.sent_at or message.created_at).isoformat(),
        "venue": message.venue.value,
        "files": [_file(file) for file in _ready(view.files.get(message.id, ()))],
    }
    if message.venue is Venue.CHAT:
        fields["chat_id"] = message.handoff_id
    handoff_id, _, key = (message.external_id or "").partition(".")
    if not from_agent and message.venue is Venue.CHAT and handoff_id == str(view.handoff.id):
        fields["key"] = key
    return fields


async def _agent_name(chat: Chat, message: Message) -> str:
    name = await chat.ctx.directory.first_name(message.sent_by) if message.sent_by else ""
    return name or chat.ctx.policy.brand


def _ready(files: Sequence[File]) -> list[File]:
    return [file for file in files if file.size]


def _file(file: File) -> dict[str, Any]:
    return {"id": file.id, "name": file.name, "type": file.media_type, "size": file.size}

"""Hear of agents' lines in threads that are edited or deleted after they went out, and open a correction."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from adapters.slack.cases.form_ids import parse_correction_value
from adapters.slack.changed_line import render_changed_line, render_machine_line
from adapters.slack.plain_text import BotMention
from adapters.slack.refusal_texts import SEND_ANYWAY
from domain.networks import Networks
from domain.replies.forms import PrivateReplyForm
from handlers.cases.open_forms import open_form
from handlers.context import AppContext
from handlers.replies.changed_lines import LineChange, record_changed_line, sent_line
from handlers.replies.private import open_private_reply_form
from handlers.slack.form_state import show_form
from handlers.slack.payloads import Press, read_text
from handlers.slack.reply_forms import idle_assistance, render_form
from storage.unit_of_work import UnitOfWork


def line_key(channel: str, ts: str) -> str:
    """Return the idempotency key of what goes out by a thread message.

    Slack sends an event again whose acknowledgement it missed, and when the message is edited.
    """
    return f"slack:{channel}:{ts}"


def split_confirmation(text: str) -> tuple[str, bool]:
    """Return the text without a leading `SEND_ANYWAY`, and whether it had one."""
    is_confirmed = text[: len(SEND_ANYWAY)].casefold() == SEND_ANYWAY
    return (text[len(SEND_ANYWAY) :].lstrip() if is_confirmed else text), is_confirmed


async def names_for_customers(ctx: AppContext, mention: BotMention) -> dict[str, str]:
    """Return how customers see the people whom a message mentions; nobody is named by an id."""
    people = {user_id: await ctx.directory.person(user_id) for user_id in mention.people}
    return {user_id: person.name or "a colleague" for user_id, person in people.items()}


async def notify_of_edit(ctx: AppContext, message: Mapping[str, Any], channel: str) -> bool:
    """Notify the author of an edited message of what the customer has; return whether it had gone out.

    Slack tells of an edit in up to two ways; the author hears of it once.
    """
    ts = read_text(message.get("ts"))
    edited = message.get("edited")
    if await ctx.desk.run_at_once(sent_line, client_key=line_key(channel, ts)) is None:
        return False
    mention = BotMention(message, ctx.bot_user_id)
    wording, _ = split_confirmation(mention.text(await names_for_customers(ctx, mention)))
    number = read_text(edited.get("ts")) if isinstance(edited, dict) else ""
    await _notify(
        ctx, channel, message, LineChange(client_key=line_key(channel, ts), number=number, wording=wording)
    )
    return True


async def handle_changed_message(ctx: AppContext, event: Mapping[str, Any]) -> None:
    """Notify the author of an edited or deleted line of what the customer has; ignore other messages."""
    channel, before = read_text(event.get("channel")), event.get("previous_message")
    message = event.get("message")
    if not isinstance(before, dict):
        return
    if event.get("subtype") == "message_deleted":
        key = line_key(channel, read_text(event.get("deleted_ts")) or read_text(before.get("ts")))
        await _notify(ctx, channel, before, LineChange(client_key=key, number="deleted", wording=None))
    elif isinstance(message, dict) and message.get("edited") and message.get("text") != before.get("text"):
        thread_ts = read_text(message.get("thread_ts"))
        async with ctx.thread_locks.of(f"{channel}:{thread_ts}"):
            await notify_of_edit(ctx, message, channel)


async def _notify(ctx: AppContext, channel: str, message: Mapping[str, Any], change: LineChange) -> None:
    found = await ctx.desk.run_at_once(record_changed_line, change, now=ctx.clock.now())
    if found is None:
        return
    case, sent = found
    content = render_changed_line(case, sent, wording=change.wording)
    thread_ts = read_text(message.get("thread_ts")) or None
    if sent.sent_by is not None:
        await ctx.modals.send_ephemeral(channel, sent.sent_by, content, thread_ts=thread_ts)


async def open_correction(ctx: AppContext, press: Press) -> None:
    """Open the form for a private reply, with the wording that the line has now."""
    value, wording = parse_correction_value(press.value)
    form = await ctx.desk.run_at_once(
        _open_form,
        case_id=value.case_id,
        user_id=press.user_id,
        networks=ctx.networks,
        now=ctx.clock.now(),
    )
    form = replace(form, text=wording or form.text, assistance=idle_assistance(ctx, form.view))
    await show_form(ctx, press, value.case_id, render_form(ctx, form))


def _open_form(
    uow: UnitOfWork, *, case_id: int, user_id: str, networks: Networks, now: datetime
) -> PrivateReplyForm:
    form = open_private_reply_form(uow, case_id=case_id, user_id=user_id, networks=networks, now=now)
    open_form(uow, form.view.case, user_id=user_id, now=now, home="")
    return form


async def notify_of_machine_line(ctx: AppContext, channel: str, thread_ts: str, user_id: str) -> None:
    """Notify who has the thread's case that a workflow, an app or a bot wrote a line for the customer."""
    holder = await ctx.desk.run_at_once(_holder, channel=channel, thread_ts=thread_ts)
    if reader := holder or user_id:
        await ctx.modals.send_ephemeral(channel, reader, render_machine_line(), thread_ts=thread_ts)


def _holder(uow: UnitOfWork, *, channel: str, thread_ts: str) -> str | None:
    case = uow.cases.at_card(channel, thread_ts)
    return case.claimed_by if case is not None else None

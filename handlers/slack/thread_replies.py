"""Send the assignee's `@Switchboard …` messages in a case's thread to the customer in private.

Other thread messages are not sent to anybody.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncApp

from adapters.slack.card_metadata import CardIdentity
from adapters.slack.cases.form_ids import CaseFormAction
from adapters.slack.ephemerals import render_refusal
from adapters.slack.help import render_help
from adapters.slack.plain_text import BotMention
from domain.access import Permission, Standing
from domain.errors import CaseNotFound, Refused
from domain.networks import Networks
from domain.replies.private_limits import OutgoingAttachment
from domain.replies.rules_of_engagement import RulesOfEngagement
from handlers.access import allows, permissions_of
from handlers.context import AppContext
from handlers.replies.private import FAILED_REACTION, PrivateReply, send_private_reply
from handlers.slack.changed_lines import (
    handle_changed_message,
    line_key,
    names_for_customers,
    notify_of_edit,
    notify_of_machine_line,
    open_correction,
    split_confirmation,
)
from handlers.slack.listeners import FailedAction, on_press, run_authorized
from handlers.slack.payloads import read_text
from handlers.slack.roles import Require
from storage.errors import is_storage_fault
from storage.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)

NO_CASE = (
    "Nothing was sent to anybody: this thread belongs to no case. To speak to a customer in private, write in the thread "
    "below their card."
)
NOT_ADDRESSED = (
    "Nothing was sent to the customer: only a message that begins with the bot's name goes to them. If this was for them, write it "
    "again with the name at the very beginning."
)
NOT_STORED = "Nothing was sent to the customer: our database cannot be reached, for half a minute now. Write it again once it can."
#: Waits between attempts to store a message while the database fails.
RETRY_AFTER_SECONDS = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0)
MAX_FILE_NAME = 255
MAY_SEND = Require(Permission.WORK_ON_CASES, happened="Nothing was sent to the customer")


def register(app: AsyncApp, ctx: AppContext) -> None:
    """Register mentions of the bot."""

    async def on_mention(event: Mapping[str, Any]) -> None:
        await handle_mention(ctx, event)

    async def on_message(event: Mapping[str, Any]) -> None:
        await handle_changed_message(ctx, event)

    app.event("app_mention")(on_mention)
    app.event("message")(on_message)
    app.action(CaseFormAction.CORRECTION.value)(on_press(ctx, open_correction))


async def handle_mention(ctx: AppContext, event: Mapping[str, Any]) -> None:
    """Send the mention to the customer, or tell its author why not; outside of a thread, show the help."""
    channel, user_id, ts, thread_ts = (
        read_text(event.get(name)) for name in ("channel", "user", "ts", "thread_ts")
    )
    if channel and thread_ts and event.get("bot_id") and not allows(ctx, Standing.BOT):
        await notify_of_machine_line(ctx, channel, thread_ts, user_id)
        return
    if not channel or not user_id or not ts:
        return
    if not thread_ts:
        content = render_help(await permissions_of(ctx, user_id))
        await ctx.modals.send_ephemeral(channel, user_id, content)
        return
    # Events of one thread arrive in order but are handled concurrently; the lock keeps the customer's order.
    async with thread_lock(ctx, channel, thread_ts):
        if event.get("edited") and await notify_of_edit(ctx, event, channel):
            return
        await handle_line(ctx, event)


def thread_lock(ctx: AppContext, channel: str, thread_ts: str) -> AbstractAsyncContextManager[None]:
    """Return the lock of what is handled in a thread."""
    return ctx.thread_locks.of(f"{channel}:{thread_ts}")


async def handle_line(ctx: AppContext, event: Mapping[str, Any]) -> None:
    """Send a line of a thread to the customer, or mark it and tell its author why not, under the lock."""
    channel, user_id, ts, thread_ts = (str(event[name]) for name in ("channel", "user", "ts", "thread_ts"))
    send = partial(_send_reply, ctx, event, channel=channel, user_id=user_id, ts=ts, thread_ts=thread_ts)
    result = await run_authorized(
        ctx, "a message to a customer", user_id, partial(_send_once_stored, send), MAY_SEND
    )
    if not isinstance(result, FailedAction):
        return
    if BotMention(event, ctx.bot_user_id).is_addressed:
        # A line that has neither a mark nor a stored message is taken for one that was missed.
        await ctx.team_chat.add_reaction(channel, ts, FAILED_REACTION)
    await ctx.modals.send_ephemeral(channel, user_id, render_refusal(result.error), thread_ts=thread_ts)


async def _send_once_stored(send: Callable[[], Awaitable[None]]) -> None:
    """Call `send` again while the database fails: Slack delivers an event for six minutes at most.

    Raises `Refused` where that takes longer than half a minute.
    """
    for seconds in RETRY_AFTER_SECONDS:
        try:
            return await send()
        except Exception as error:
            if not is_storage_fault(error):
                raise
            log.warning("an agent's message waits for the database: %s", type(error).__name__)
            await asyncio.sleep(seconds)
    raise Refused(NOT_STORED)


async def _send_reply(
    ctx: AppContext, event: Mapping[str, Any], *, channel: str, user_id: str, ts: str, thread_ts: str
) -> None:
    mention = BotMention(event, ctx.bot_user_id)
    if not mention.is_addressed:
        raise Refused(NOT_ADDRESSED)
    names = await names_for_customers(ctx, mention)
    text, is_confirmed = split_confirmation(mention.text(names))
    reply = PrivateReply(
        case_id=0,
        user_id=user_id,
        text=text,
        confirmed=frozenset(rule.name for rule in ctx.rules.rules) if is_confirmed else frozenset(),
        # Slack redelivers an event whose acknowledgement it missed; the same key dedupes it.
        client_key=line_key(channel, ts),
        thread_ts=ts,
        thread_channel=channel,
        files=[_attachment(file) for file in mention.files],
    )
    now, networks, rules = ctx.clock.now(), ctx.networks, ctx.rules
    if await ctx.desk.run_at_once(
        _send_to_case_of_card,
        channel=channel,
        thread_ts=thread_ts,
        reply=reply,
        rules=rules,
        networks=networks,
        now=now,
    ):
        return
    # The card's position may not be stored: a person can be faster than the commit after posting it; after a
    # crash in between it is missing for as long as a lease; a moved card's former position is never stored.
    # The identity in the card's metadata covers all three; waiting for the commit would only cover the first.
    identity = await ctx.modals.card_identity(channel, thread_ts, bot_user_id=ctx.bot_user_id)
    if identity is None:
        raise Refused(NO_CASE)
    await ctx.desk.run_at_once(
        _send_to_identified_case, identity, reply=reply, rules=rules, networks=networks, now=now
    )


def _send_to_case_of_card(
    uow: UnitOfWork,
    *,
    channel: str,
    thread_ts: str,
    reply: PrivateReply,
    rules: RulesOfEngagement,
    networks: Networks,
    now: datetime,
) -> bool:
    """Send the reply in the case whose card is stored at this position; return whether there is one."""
    case = uow.cases.at_card(channel, thread_ts)
    if case is None:
        return False
    send_private_reply(uow, replace(reply, case_id=case.id), rules=rules, networks=networks, now=now)
    return True


def _send_to_identified_case(
    uow: UnitOfWork,
    identity: CardIdentity,
    *,
    reply: PrivateReply,
    rules: RulesOfEngagement,
    networks: Networks,
    now: datetime,
) -> None:
    """Send the reply in the case that a card names. Raises `Refused` if that is of another database."""
    try:
        case = uow.cases.get(identity.case_id)
    except CaseNotFound:
        raise Refused(NO_CASE) from None
    if CardIdentity.of(case) != identity:
        raise Refused(NO_CASE)
    send_private_reply(uow, replace(reply, case_id=case.id), rules=rules, networks=networks, now=now)


def _attachment(file: Mapping[str, Any]) -> OutgoingAttachment:
    """Convert Slack's description of a file. Its content is checked when it is fetched."""
    size = file.get("size")
    return OutgoingAttachment(
        source=read_text(file.get("id")),
        name=read_text(file.get("name"))[:MAX_FILE_NAME] or "file",
        media_type=read_text(file.get("mimetype")),
        size=size if isinstance(size, int) else 0,
    )

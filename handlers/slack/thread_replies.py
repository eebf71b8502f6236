"""`@Switchboard …` in a case's thread: what the claimer writes there goes to the customer in private, and nothing else does."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncApp

from adapters.slack.card_mark import CardMark
from adapters.slack.ephemerals import render_help, render_refusal
from adapters.slack.plain_text import Spoken
from domain.errors import CaseNotFound, Refused
from domain.networks import Networks
from handlers.context import AppContext
from handlers.replies.private import Attachment, PrivateReply, send_private_reply
from handlers.slack.listeners import NotDone, attempt
from storage.unit_of_work import UnitOfWork

NO_CASE = (
    "Nothing was sent to anybody: this thread belongs to no case. To speak to a customer in private, write in the thread "
    "below their card."
)
NOT_ADDRESSED = (
    "Nothing was sent to the customer: only a message that begins with the bot's name goes to them. If this was for them, write it "
    "again with the name at the very beginning."
)
_LONGEST_NAME = 255


def register(app: AsyncApp, ctx: AppContext) -> None:
    """Listen to being addressed."""

    async def on_mention(event: Mapping[str, Any]) -> None:
        await hear_mention(ctx, event)

    async def on_message() -> None:
        """People talk in the channels among themselves; that is none of the bot's business."""

    app.event("app_mention")(on_mention)
    app.event("message")(on_message)


async def hear_mention(ctx: AppContext, event: Mapping[str, Any]) -> None:
    """Say it to the customer, or tell whoever wrote it why not; outside of a thread, tell what the bot can do."""
    channel, user_id, ts, thread_ts = (
        _text(event.get(name)) for name in ("channel", "user", "ts", "thread_ts")
    )
    if not channel or not user_id or not ts:
        return
    if not thread_ts:
        await ctx.modals.tell(channel, user_id, render_help())
        return
    say = partial(_say, ctx, event, channel=channel, user_id=user_id, ts=ts, thread_ts=thread_ts)
    # Slack brings a thread's messages one after the other; done at once, they would reach the customer in any order.
    async with ctx.thread_locks.of(f"{channel}:{thread_ts}"):
        result = await attempt(ctx, "a message to a customer", user_id, say)
    if isinstance(result, NotDone):
        await ctx.modals.tell(channel, user_id, render_refusal(result.why), thread_ts=thread_ts)


async def _say(
    ctx: AppContext, event: Mapping[str, Any], *, channel: str, user_id: str, ts: str, thread_ts: str
) -> None:
    spoken = Spoken(event, ctx.bot_user_id)
    if not spoken.is_addressed:
        raise Refused(NOT_ADDRESSED)
    names = {one: (await ctx.directory.person(one)).name or "a colleague" for one in spoken.people}
    said = PrivateReply(
        case_id=0,
        user_id=user_id,
        text=spoken.text(names),
        # Slack brings an event again whose answer it has missed; the message is the same one.
        client_key=f"slack:{channel}:{ts}",
        thread_ts=ts,
        thread_channel=channel,
        files=[_attachment(file) for file in spoken.files],
    )
    now, networks = ctx.clock.now(), ctx.networks
    if await ctx.desk.run_at_once(
        _say_at_card, channel=channel, thread_ts=thread_ts, said=said, networks=networks, now=now
    ):
        return
    # In a card's first moments a person may be quicker than the commit that notes where it stands, and after a
    # kill in between for as long as a lease; where a card stood before it moved is noted nowhere. The card itself
    # tells whose it is. To wait for the commit would help in the first of these cases alone.
    mark = await ctx.modals.card_mark(channel, thread_ts, bot_user_id=ctx.bot_user_id)
    if mark is None:
        raise Refused(NO_CASE)
    await ctx.desk.run_at_once(_say_in_case, mark, said=said, networks=networks, now=now)


def _say_at_card(
    uow: UnitOfWork,
    *,
    channel: str,
    thread_ts: str,
    said: PrivateReply,
    networks: Networks,
    now: datetime,
) -> bool:
    """Say it in the case whose card is known to stand there; says whether there is one."""
    case = uow.cases.at_card(channel, thread_ts)
    if case is None:
        return False
    send_private_reply(uow, replace(said, case_id=case.id), networks=networks, now=now)
    return True


def _say_in_case(
    uow: UnitOfWork, mark: CardMark, *, said: PrivateReply, networks: Networks, now: datetime
) -> None:
    """Say it in the case that a card's mark names. Raises `Refused` where that is of another database."""
    try:
        case = uow.cases.get(mark.case_id)
    except CaseNotFound:
        raise Refused(NO_CASE) from None
    if CardMark.of(case) != mark:
        raise Refused(NO_CASE)
    send_private_reply(uow, replace(said, case_id=case.id), networks=networks, now=now)


def _attachment(file: Mapping[str, Any]) -> Attachment:
    """A file as Slack describes it. What it really holds is looked at when it is fetched."""
    size = file.get("size")
    return Attachment(
        source=_text(file.get("id")),
        name=_text(file.get("name"))[:_LONGEST_NAME] or "file",
        media_type=_text(file.get("mimetype")),
        size=size if isinstance(size, int) else 0,
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""

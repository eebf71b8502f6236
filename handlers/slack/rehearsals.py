"""Handle `/outage rehearse` and the form that starts a rehearsal."""

from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncApp

from adapters.slack.action_ids import BadValue
from adapters.slack.message_content import Content
from adapters.slack.modals.outages.rehearsal import INVENTED, render_rehearse
from adapters.slack.outages.command_answers import render_answer
from adapters.slack.outages.ids import OutageAction, OutageBlock, OutageCallback
from adapters.slack.outages.rehearsal_messages import NO_CHANNEL, running_text
from domain.delivery.outcomes import Done
from domain.errors import Refused
from domain.outages.policy import Right
from domain.outages.rehearsal import MINUTES, POST_COUNTS, Rehearsal
from handlers.context import AppContext
from handlers.outages.rehearsals import (
    LEAD_TIME,
    RehearsalRunning,
    recorded_floods,
    start_rehearsal,
    stop_rehearsal,
)
from handlers.slack.form_errors import show_in_place
from handlers.slack.listeners import on_submit
from handlers.slack.outage_rights import outage_actor
from handlers.slack.payloads import Command, Submission
from handlers.slack.roles import require_any_right

_STOP = "stop"


def register(app: AsyncApp, ctx: AppContext) -> None:
    """Register the form's submission."""
    app.view(OutageCallback.REHEARSE.value)(on_submit(ctx, _start, authorize=require_any_right))


async def rehearse(ctx: AppContext, command: Command, arguments: str) -> Content | None:
    """Open the form, or stop the rehearsal that goes on; `None` where it opened the form."""
    actor = await outage_actor(ctx, command.user_id)
    actor.require(Right.ANNOUNCE)
    if arguments.lower() == _STOP:
        await ctx.desk.run_at_once(stop_rehearsal, actor=actor, now=ctx.clock.now())
        return render_answer("🎭 The rehearsal ends. Its score comes to its channel in a moment.")
    channel = ctx.policy.outages.rehearsal_channel
    if channel is None:
        return render_answer(NO_CHANNEL)
    try:
        floods = await ctx.desk.run_at_once(recorded_floods, now=ctx.clock.now())
    except RehearsalRunning as error:
        return render_answer(running_text(error.rehearsal))
    view = render_rehearse(channel, spikes=floods.spikes, outages=floods.outages)
    await ctx.modals.open_view(command.trigger_id, view)
    return None


async def _start(ctx: AppContext, submission: Submission) -> dict[str, Any] | None:
    """Start the rehearsal; what is wrong is told in place of the form."""
    channel, now = ctx.policy.outages.rehearsal_channel, ctx.clock.now()
    if channel is None:
        return show_in_place(NO_CHANNEL)
    await _require_channel(ctx, channel)
    rehearsal = Rehearsal(
        channel=channel,
        recorded_from=_recorded_from(submission.value(OutageBlock.FLOOD, OutageAction.FLOOD)),
        posts=_one_of(POST_COUNTS, submission.value(OutageBlock.FLOOD_POSTS, OutageAction.FLOOD_POSTS)),
        minutes=_one_of(MINUTES, submission.value(OutageBlock.FLOOD_MINUTES, OutageAction.FLOOD_MINUTES)),
        started_by=submission.user_id,
        asked_at=now,
    )
    actor = await outage_actor(ctx, submission.user_id)
    try:
        await ctx.desk.run_at_once(start_rehearsal, rehearsal, actor=actor, now=now)
    except RehearsalRunning as error:
        return show_in_place(running_text(error.rehearsal))
    return None


async def _require_channel(ctx: AppContext, channel: str) -> None:
    """Raise `Refused` unless the bot is in the channel, and knows it by the id that presses carry."""
    found = await ctx.team_chat.describe_channel(channel)
    if not isinstance(found, Done):
        raise Refused(
            "Nothing was started: the bot cannot post to the rehearsal channel. Invite it there, then try again."
        )
    if found.result.get("channel") != channel:
        raise Refused(
            "Nothing was started: the rehearsal channel was made after the bot was started. Start the bot again."
        )


def _recorded_from(chosen: object) -> datetime | None:
    """Return the time from which posts are replayed; `None` for the invented flood. Raises `BadValue`."""
    if chosen == INVENTED:
        return None
    try:
        since = datetime.fromisoformat(str(chosen))
    except ValueError:
        raise BadValue from None
    if since.tzinfo is None:
        raise BadValue
    return since - LEAD_TIME


def _one_of(allowed: tuple[int, ...], chosen: object) -> int:
    """Return the chosen number; raises `BadValue` for one that was not offered."""
    for number in allowed:
        if chosen == str(number):
            return number
    raise BadValue

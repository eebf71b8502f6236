"""Handle the buttons of an outage's board: failed and unsure lines, lead, deletion, pause."""

from typing import Any

from slack_bolt.async_app import AsyncApp

from adapters.slack.action_ids import BadValue, parse_id
from adapters.slack.message_content import Content
from adapters.slack.modals.outages.pause import LET_THROUGH, paused_text, render_pause
from adapters.slack.modals.outages.small_forms import render_lead
from adapters.slack.modals.outages.standing import render_correct, render_retract
from adapters.slack.outages.command_answers import render_answer, render_timeline_asked
from adapters.slack.outages.ids import (
    OutageAction,
    OutageBlock,
    OutageCallback,
    OutageChoice,
    parse_choice,
)
from domain.errors import Refused
from domain.outages.board import BoardView
from domain.outages.notices import NoticeKind
from handlers.context import AppContext
from handlers.outages.held_notices import take_back_held
from handlers.outages.lead import hand_over_lead
from handlers.outages.lookup import get_outage
from handlers.outages.pauses import Paused, current_pause, pause_sending, resume_sending, sending_now
from handlers.outages.results import (
    repeat_publication,
    retract_publication,
    retry_publication,
    settle_publication,
)
from handlers.outages.views import ask_timeline, view_board
from handlers.slack.current_request import require_new_request, run_once, stores_request
from handlers.slack.form_errors import input_error, show_in_place
from handlers.slack.listeners import on_press, on_submit
from handlers.slack.outage_forms import further_view, open_further_form
from handlers.slack.outage_rights import outage_actor
from handlers.slack.payloads import Press, Submission, input_choices
from handlers.slack.roles import (
    require_announce_right,
    require_any_right,
    require_draft_right,
    require_pause_right,
)


def register(app: AsyncApp, ctx: AppContext) -> None:
    """Register the board's actions and its small forms."""
    listeners = {
        OutageAction.TRY_AGAIN: _retry,
        OutageAction.IS_THERE: _is_there,
        OutageAction.IS_NOT_THERE: _is_not_there,
        OutageAction.SEND_AGAIN: _send_again,
        OutageAction.GO_ON: _go_on,
        OutageAction.TAKE_BACK: _take_back,
        OutageAction.MORE: _run_menu_choice,
        OutageAction.SHOW_BOARD: _acknowledge_link,
    }
    for action_id, handler in listeners.items():
        app.action(action_id.value)(on_press(ctx, handler, authorize=require_any_right))
    for action_id, handler in {OutageAction.PAUSE: _ask_pause, OutageAction.RESUME: _resume}.items():
        app.action(action_id.value)(on_press(ctx, handler, authorize=require_pause_right))
    submits = {
        OutageCallback.PAUSE: (_pause, require_pause_right),
        OutageCallback.LEAD: (_hand_over, require_draft_right),
        OutageCallback.RETRACT: (_retract, require_announce_right),
        OutageCallback.CORRECT: (_choose_corrected, require_draft_right),
    }
    for callback, (on_submitted, required) in submits.items():
        app.view(callback.value)(on_submit(ctx, on_submitted, authorize=required))


@stores_request
async def _retry(ctx: AppContext, press: Press) -> None:
    await run_once(
        ctx,
        retry_publication,
        publication_id=press.number,
        destinations=ctx.destinations,
        actor=await outage_actor(ctx, press.user_id),
        now=ctx.clock.now(),
    )


@stores_request
async def _is_there(ctx: AppContext, press: Press) -> None:
    await _settle(ctx, press, is_there=True)


@stores_request
async def _is_not_there(ctx: AppContext, press: Press) -> None:
    await _settle(ctx, press, is_there=False)


@stores_request
async def _go_on(ctx: AppContext, press: Press) -> None:
    await _settle(ctx, press, is_there=False, goes_on=True)


@stores_request
async def _send_again(ctx: AppContext, press: Press) -> None:
    await run_once(
        ctx,
        repeat_publication,
        publication_id=press.number,
        actor=await outage_actor(ctx, press.user_id),
        now=ctx.clock.now(),
    )


async def _take_back(ctx: AppContext, press: Press) -> None:
    await ctx.desk.run_at_once(
        take_back_held,
        outage_id=press.number,
        actor=await outage_actor(ctx, press.user_id),
        now=ctx.clock.now(),
    )


async def _settle(ctx: AppContext, press: Press, *, is_there: bool, goes_on: bool = False) -> None:
    await run_once(
        ctx,
        settle_publication,
        publication_id=press.number,
        is_there=is_there,
        goes_on=goes_on,
        actor=await outage_actor(ctx, press.user_id),
        now=ctx.clock.now(),
    )


async def open_pause_form(ctx: AppContext, trigger_id: str) -> None:
    """Open the form that asks before all sending is paused."""
    await ctx.modals.open_view(trigger_id, render_pause(await ctx.desk.run_at_once(sending_now)))


async def _ask_pause(ctx: AppContext, press: Press) -> None:
    paused = await ctx.desk.run_at_once(current_pause)
    if paused is None:
        await open_pause_form(ctx, press.trigger_id)
        return
    await _show_answer(ctx, press, render_answer(paused_text(paused, {}, is_new=False)))


@stores_request
async def _pause(ctx: AppContext, submission: Submission) -> dict[str, Any] | None:
    """Pause, and tell in place of the form what is being sent already."""
    chosen = input_choices(submission.values, OutageBlock.LET_ANSWERS, OutageAction.LET_ANSWERS)
    paused: Paused = await run_once(
        ctx,
        pause_sending,
        holds_answers=LET_THROUGH not in chosen,
        actor=await outage_actor(ctx, submission.user_id),
        now=ctx.clock.now(),
    )
    return show_in_place(paused_text(paused.pause, paused.being_sent, is_new=paused.is_new))


@stores_request
async def _resume(ctx: AppContext, press: Press) -> None:
    await run_once(ctx, resume_sending, actor=await outage_actor(ctx, press.user_id), now=ctx.clock.now())


@stores_request
async def _run_menu_choice(ctx: AppContext, press: Press) -> None:
    choice, outage_id = parse_choice(press.value)
    if choice is OutageChoice.TIMELINE:
        outage = await run_once(
            ctx, ask_timeline, outage_id=outage_id, user_id=press.user_id, now=ctx.clock.now()
        )
        await _show_answer(ctx, press, render_timeline_asked(outage))
        return
    await require_new_request(ctx)
    required = require_announce_right if choice is OutageChoice.RETRACT else require_draft_right
    await required(ctx, press.user_id)
    if choice is OutageChoice.LEAD:
        outage = await ctx.desk.run_at_once(get_outage, outage_id=outage_id)
        await ctx.modals.open_view(press.trigger_id, render_lead(outage))
    elif choice is OutageChoice.RETRACT:
        await _ask_what_is_deleted(ctx, press, outage_id)
    elif choice is OutageChoice.CORRECT:
        await _ask_what_is_corrected(ctx, press, outage_id)
    elif choice is OutageChoice.REOPEN:
        await open_further_form(ctx, press.trigger_id, outage_id, NoticeKind.REOPENING)


async def _ask_what_is_deleted(ctx: AppContext, press: Press, outage_id: int) -> None:
    view = await _board(ctx, outage_id)
    if not view.retractable:
        raise Refused("Nothing was deleted: nothing of it stands anywhere that can be deleted from here.")
    zone = (await ctx.directory.person(press.user_id)).zone
    await ctx.modals.open_view(press.trigger_id, render_retract(view, zone=zone))


async def _ask_what_is_corrected(ctx: AppContext, press: Press, outage_id: int) -> None:
    """Open the form of the correction; where several notices stand, ask first which one is meant."""
    view = await _board(ctx, outage_id)
    if len(view.correctable) > 1 and view.pending is None:
        zone = (await ctx.directory.person(press.user_id)).zone
        await ctx.modals.open_view(press.trigger_id, render_correct(view, zone=zone))
    else:
        await open_further_form(ctx, press.trigger_id, outage_id, NoticeKind.CORRECTION)


async def _board(ctx: AppContext, outage_id: int) -> BoardView:
    board: BoardView = await ctx.desk.run_at_once(
        view_board, outage_id=outage_id, destinations=ctx.destinations, now=ctx.clock.now()
    )
    return board


@stores_request
async def _hand_over(ctx: AppContext, submission: Submission) -> dict[str, Any] | None:
    chosen = submission.value(OutageBlock.LEAD, OutageAction.LEAD)
    if not isinstance(chosen, str):
        raise BadValue
    if not (await outage_actor(ctx, chosen)).rights:
        return input_error(OutageBlock.LEAD, "That person may not act on outages. Choose somebody on call.")
    await run_once(
        ctx,
        hand_over_lead,
        outage_id=parse_id(submission.metadata),
        to=chosen,
        actor=await outage_actor(ctx, submission.user_id),
        by_name=(await ctx.directory.person(submission.user_id)).name,
        now=ctx.clock.now(),
    )
    return None


@stores_request
async def _retract(ctx: AppContext, submission: Submission) -> dict[str, Any] | None:
    await run_once(
        ctx,
        retract_publication,
        publication_id=parse_id(submission.value(OutageBlock.RETRACT, OutageAction.RETRACT)),
        destinations=ctx.destinations,
        actor=await outage_actor(ctx, submission.user_id),
        now=ctx.clock.now(),
    )
    return None


async def _choose_corrected(ctx: AppContext, submission: Submission) -> dict[str, Any] | None:
    """Show the form of the correction in place of the choice."""
    chosen = parse_id(submission.value(OutageBlock.CORRECT, OutageAction.CORRECT))
    outage_id = parse_id(submission.metadata)
    view = await further_view(ctx, outage_id, NoticeKind.CORRECTION, corrects=chosen)
    return {"response_action": "update", "view": view}


async def _acknowledge_link(ctx: AppContext, press: Press) -> None:
    """Do nothing: it is a link button, and the browser has opened the page."""


async def _show_answer(ctx: AppContext, press: Press, content: Content) -> None:
    if press.channel is not None:
        await ctx.modals.send_ephemeral(press.channel, press.user_id, content, thread_ts=press.thread_ts)
    else:
        await ctx.modals.notify(press.trigger_id, press.user_id, content)

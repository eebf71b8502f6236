"""Handle the buttons of a card and of its Details, and the card's overflow menu."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp

from adapters.slack.action_ids import (
    ActionId,
    BadValue,
    CallbackId,
    OverflowChoice,
    parse_id,
    parse_overflow,
    parse_value,
)
from adapters.slack.cases.form_ids import CaseFormAction
from adapters.slack.modals import render_assign, render_release, render_snooze
from domain.errors import AssignedToAnother
from handlers.cases import assignment, resolution
from handlers.cases.card_moves import move_card
from handlers.cases.views import get_case
from handlers.context import AppContext
from handlers.replies import cancellation, doubts, retries
from handlers.slack.case_views import details_view, take_over_view
from handlers.slack.current_request import require_new_request, run_once, stores_request
from handlers.slack.flood import urgent_view
from handlers.slack.form_state import show_view
from handlers.slack.listeners import FindUseCase, UseCase, on_press, one_use_case
from handlers.slack.payloads import Press
from handlers.slack.roles import require_agent, require_assigner, require_lead, require_viewer


def register(app: AsyncApp, ctx: AppContext) -> None:
    """Register the card's actions."""
    for pressed, find in _USE_CASES.items():
        app.action(pressed.value)(on_press(ctx, one_use_case(find, then=_show_urgent_again)))
    listeners = {
        ActionId.CASE_RELEASE: _release,
        CaseFormAction.MOVE_CARD: _move_card,
    }
    for action_id, handler in listeners.items():
        app.action(action_id.value)(on_press(ctx, handler))
    app.action(ActionId.CASE_TAKE_OVER.value)(on_press(ctx, _ask_take_over, authorize=require_assigner))
    app.action(CaseFormAction.RETURN_TO_QUEUE.value)(on_press(ctx, _return, authorize=require_lead))
    for_viewers = {
        ActionId.CASE_MORE: _run_menu_choice,
        ActionId.CASE_DETAILS: _show_details,
        ActionId.CASE_OPEN_POST: _acknowledge_link,
    }
    for action_id, handler in for_viewers.items():
        app.action(action_id.value)(on_press(ctx, handler, authorize=require_viewer))


async def _show_urgent_again(ctx: AppContext, press: Press) -> None:
    """Show the list of urgent cases as it is now, where a button in it was pressed."""
    if press.in_modal and press.view.get("callback_id") == CallbackId.URGENT_CASES:
        flood_id = parse_id(press.metadata)
        await show_view(ctx, press, await urgent_view(ctx, flood_id))


@stores_request
async def _release(ctx: AppContext, press: Press) -> None:
    """Release the case, or open the take-over form if it is assigned to somebody else.

    The button is in Details, and on cards posted before they had Take over… alone.
    """
    value = parse_value(press.value)
    try:
        await run_once(
            ctx, assignment.release, case_id=value.case_id, user_id=press.user_id, now=ctx.clock.now()
        )
    except AssignedToAnother:
        await _ask_take_over(ctx, press)
    else:
        if press.in_modal:
            await show_view(ctx, press, await details_view(ctx, value.case_id, press.user_id))


@stores_request
async def _return(ctx: AppContext, press: Press) -> None:
    """Put the case of a colleague back into the queue, and show Details in place of the form."""
    case_id = parse_value(press.value).case_id
    await run_once(
        ctx,
        assignment.release,
        case_id=case_id,
        user_id=press.user_id,
        now=ctx.clock.now(),
        may_reassign=True,
    )
    await show_view(ctx, press, await details_view(ctx, case_id, press.user_id))


async def _ask_take_over(ctx: AppContext, press: Press) -> None:
    """Ask whether to take the case over or, of whoever has it, whether to release it.

    Everybody sees the same button.
    """
    case = await ctx.desk.run_at_once(get_case, case_id=parse_value(press.value).case_id)
    is_mine = case.claimed_by == press.user_id
    view = render_release(case) if is_mine else await take_over_view(ctx, case.id, press.user_id)
    await show_view(ctx, press, view)


async def _show_details(ctx: AppContext, press: Press) -> None:
    await show_view(ctx, press, await details_view(ctx, parse_value(press.value).case_id, press.user_id))


@stores_request
async def _run_menu_choice(ctx: AppContext, press: Press) -> None:
    choice, value = parse_overflow(press.value)
    if choice in {OverflowChoice.RESOLVE, OverflowChoice.DISMISS}:
        await require_agent(ctx, press.user_id)
        await run_once(
            ctx,
            resolution.resolve if choice is OverflowChoice.RESOLVE else resolution.dismiss,
            case_id=value.case_id,
            version=value.version,
            **_by(ctx, press),
        )
        return
    await require_new_request(ctx)
    if choice in {OverflowChoice.DETAILS, OverflowChoice.HISTORY}:
        await show_view(ctx, press, await details_view(ctx, value.case_id, press.user_id))
        return
    await (require_assigner if choice is OverflowChoice.ASSIGN else require_agent)(ctx, press.user_id)
    case = await ctx.desk.run_at_once(get_case, case_id=value.case_id)
    if choice is OverflowChoice.ASSIGN and case.claimed_by not in {None, press.user_id}:
        await require_lead(ctx, press.user_id)
    form = render_snooze(case) if choice is OverflowChoice.SNOOZE else render_assign(case)
    await ctx.modals.open_view(press.trigger_id, form)


async def _move_card(ctx: AppContext, press: Press) -> None:
    """Move the card to where the rules of routing send it now, and show Details in place of the button."""
    case = await ctx.desk.run_at_once(get_case, case_id=parse_value(press.value).case_id)
    account = ctx.our_account(case.network).handle
    await ctx.desk.run_at_once(
        move_card,
        case_id=case.id,
        policy=ctx.policy,
        account=account,
        user_id=press.user_id,
        now=ctx.clock.now(),
    )
    await show_view(ctx, press, await details_view(ctx, case.id, press.user_id))


async def _acknowledge_link(ctx: AppContext, press: Press) -> None:
    """Do nothing: it is a link button, and the browser has opened the page."""


def _claim(ctx: AppContext, press: Press) -> UseCase:
    return assignment.claim, {"case_id": parse_value(press.value).case_id, **_by(ctx, press)}


def _reopen(ctx: AppContext, press: Press) -> UseCase:
    return resolution.reopen, {"case_id": parse_value(press.value).case_id, **_by(ctx, press)}


def _resolve(ctx: AppContext, press: Press) -> UseCase:
    value = parse_value(press.value)
    return resolution.resolve, {"case_id": value.case_id, "version": value.version, **_by(ctx, press)}


def _retry_reply(ctx: AppContext, press: Press) -> UseCase:
    message_id, version = _message_id_and_version(press)
    return retries.retry_reply, {"message_id": message_id, "version": version, **_by(ctx, press)}


def _was_sent(ctx: AppContext, press: Press) -> UseCase:
    return doubts.settle_by_person, {**_of_message(ctx, press), "sent": True}


def _was_not_sent(ctx: AppContext, press: Press) -> UseCase:
    return doubts.settle_by_person, {**_of_message(ctx, press), "sent": False}


def _send_again(ctx: AppContext, press: Press) -> UseCase:
    return doubts.send_again, _of_message(ctx, press)


def _go_on_without(ctx: AppContext, press: Press) -> UseCase:
    return doubts.go_on_without, _of_message(ctx, press)


def _cancel_reply(ctx: AppContext, press: Press) -> UseCase:
    return cancellation.cancel_reply, _of_message(ctx, press)


def _by(ctx: AppContext, press: Press) -> dict[str, Any]:
    return {"user_id": press.user_id, "now": ctx.clock.now()}


def _of_message(ctx: AppContext, press: Press) -> dict[str, Any]:
    message_id, _ = _message_id_and_version(press)
    return {"message_id": message_id, **_by(ctx, press)}


def _message_id_and_version(press: Press) -> tuple[int, int]:
    """Return the id of the button's message and the case version that the card showed; raises `BadValue`."""
    value = parse_value(press.value)
    if value.message_id is None:
        raise BadValue
    return value.message_id, value.version


#: The buttons whose press is one use case.
_USE_CASES: Mapping[ActionId, FindUseCase] = {
    ActionId.CASE_CLAIM: _claim,
    ActionId.CASE_REOPEN: _reopen,
    ActionId.CASE_RESOLVE: _resolve,
    ActionId.REPLY_TRY_AGAIN: _retry_reply,
    ActionId.REPLY_WAS_SENT: _was_sent,
    ActionId.REPLY_WAS_NOT_SENT: _was_not_sent,
    ActionId.REPLY_REPEAT: _send_again,
    ActionId.REPLY_LEAVE: _go_on_without,
    ActionId.REPLY_CANCEL: _cancel_reply,
}

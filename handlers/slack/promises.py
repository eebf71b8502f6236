"""Handle the buttons of promises, the form *Change date…*, and `/mentions promises`."""

from collections.abc import Callable
from typing import Any

from slack_bolt.async_app import AsyncApp

from adapters.slack.action_ids import CallbackId
from adapters.slack.cases.form_ids import CaseFormAction, CaseFormBlock, CaseFormCallback
from adapters.slack.cases.promise_list import render_promises
from adapters.slack.message_content import Content
from adapters.slack.modals import render_promise_form
from adapters.slack.refusal_texts import refusal_text
from domain.cases.case import Case
from domain.cases.promises import DueInPast
from domain.cases.snooze import InvalidTime, picked_time
from handlers.cases.promises import (
    change_due,
    due_promises,
    get_promise,
    mark_kept,
    require_unsettled,
    withdraw,
)
from handlers.context import AppContext
from handlers.slack.case_views import details_view
from handlers.slack.current_request import run_once, stores_request
from handlers.slack.form_errors import input_error
from handlers.slack.form_state import show_view
from handlers.slack.listeners import on_press, on_submit
from handlers.slack.payloads import Press, Submission

MAX_LISTED = 100


def register(app: AsyncApp, ctx: AppContext) -> None:
    """Register the buttons and the form's submission."""
    app.action(CaseFormAction.PROMISE_KEPT.value)(on_press(ctx, _keep))
    app.action(CaseFormAction.PROMISE_WITHDRAW.value)(on_press(ctx, _withdraw))
    app.action(CaseFormAction.PROMISE_MOVE.value)(on_press(ctx, _open))
    app.view(CaseFormCallback.PROMISE.value)(on_submit(ctx, _move))


async def list_promises(ctx: AppContext) -> Content:
    """Answer `/mentions promises`."""
    found = await ctx.desk.run(due_promises, limit=MAX_LISTED)
    return render_promises([(one.promise, one.case) for one in found], team_url=ctx.team_url)


@stores_request
async def _keep(ctx: AppContext, press: Press) -> None:
    await _settle(ctx, press, mark_kept)


@stores_request
async def _withdraw(ctx: AppContext, press: Press) -> None:
    await _settle(ctx, press, withdraw)


async def _settle(ctx: AppContext, press: Press, use_case: Callable[..., Case]) -> None:
    """Settle the promise; Details are drawn anew, card and thread follow by themselves."""
    case = await run_once(ctx, use_case, promise_id=press.number, user_id=press.user_id, now=ctx.clock.now())
    if press.view.get("callback_id") == CallbackId.DETAILS:
        view = await details_view(ctx, case.id, press.user_id)
        await ctx.modals.update_view(press.view_id, view)


async def _open(ctx: AppContext, press: Press) -> None:
    """Open the form: in place of Details, or of itself where the button is in a thread."""
    found = await ctx.desk.run_at_once(get_promise, promise_id=press.number)
    require_unsettled(found.promise)
    view = render_promise_form(found.promise)
    await show_view(ctx, press, view)


@stores_request
async def _move(ctx: AppContext, submission: Submission) -> dict[str, Any] | None:
    now, block = ctx.clock.now(), CaseFormBlock.PROMISE_DUE.value
    picked_at = submission.value(block, CaseFormAction.PROMISE_DUE.value)
    try:
        due = picked_time(picked_at)
        await run_once(
            ctx, change_due, promise_id=int(submission.metadata), due=due, user_id=submission.user_id, now=now
        )
    except (DueInPast, InvalidTime) as refusal:
        return input_error(block, refusal_text(refusal))
    return None

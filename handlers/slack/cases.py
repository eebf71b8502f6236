"""The card's buttons that act at once."""

from slack_bolt.async_app import AsyncApp

from adapters.slack.action_ids import ActionId, BadValue, More, parse_more, parse_value
from adapters.slack.modals import render_assign, render_history, render_snooze, render_take_over
from domain.errors import HeldByAnother
from handlers.cases import assignment, resolution
from handlers.cases.views import get_case, view_history
from handlers.context import AppContext
from handlers.replies import results
from handlers.slack.listeners import on_press
from handlers.slack.payloads import Press


def register(app: AsyncApp, ctx: AppContext) -> None:
    """Listen to the card."""
    listeners = {
        ActionId.CASE_CLAIM: _claim,
        ActionId.CASE_RELEASE: _release,
        ActionId.CASE_REOPEN: _reopen,
        ActionId.CASE_TAKE_OVER: _ask_take_over,
        ActionId.CASE_MORE: _more,
        ActionId.CASE_OPEN_POST: _nothing,
        ActionId.REPLY_TRY_AGAIN: _try_again,
        ActionId.REPLY_WAS_SENT: _was_sent,
        ActionId.REPLY_WAS_NOT_SENT: _was_not_sent,
    }
    for action_id, act in listeners.items():
        app.action(action_id.value)(on_press(ctx, act))


async def _claim(ctx: AppContext, press: Press) -> None:
    value = parse_value(press.value)
    await ctx.desk.run_at_once(
        assignment.claim, case_id=value.case_id, user_id=press.user_id, now=ctx.clock.now()
    )


async def _release(ctx: AppContext, press: Press) -> None:
    """Release it, or, where somebody else holds it, offer to take it over: everybody sees the same button."""
    value = parse_value(press.value)
    try:
        await ctx.desk.run_at_once(
            assignment.release, case_id=value.case_id, user_id=press.user_id, now=ctx.clock.now()
        )
    except HeldByAnother:
        await _ask_take_over(ctx, press)


async def _ask_take_over(ctx: AppContext, press: Press) -> None:
    case = await ctx.desk.run_at_once(get_case, case_id=parse_value(press.value).case_id)
    await ctx.modals.open_view(press.trigger_id, render_take_over(case))


async def _reopen(ctx: AppContext, press: Press) -> None:
    value = parse_value(press.value)
    await ctx.desk.run_at_once(
        resolution.reopen, case_id=value.case_id, user_id=press.user_id, now=ctx.clock.now()
    )


async def _more(ctx: AppContext, press: Press) -> None:
    what, value = parse_more(press.value)
    if what in {More.RESOLVE, More.DISMISS}:
        close = resolution.resolve if what is More.RESOLVE else resolution.dismiss
        await ctx.desk.run_at_once(
            close,
            case_id=value.case_id,
            version=value.version,
            user_id=press.user_id,
            now=ctx.clock.now(),
        )
    elif what is More.HISTORY:
        case, others = await ctx.desk.run_at_once(view_history, case_id=value.case_id)
        await ctx.modals.open_view(press.trigger_id, render_history(case, others, team_url=ctx.team_url))
    else:
        case = await ctx.desk.run_at_once(get_case, case_id=value.case_id)
        form = render_snooze(case) if what is More.SNOOZE else render_assign(case)
        await ctx.modals.open_view(press.trigger_id, form)


def _reply_in(press: Press) -> tuple[int, int]:
    """The message that the button is about, and the version of the case that the card showed."""
    value = parse_value(press.value)
    if value.message_id is None:
        raise BadValue
    return value.message_id, value.version


async def _try_again(ctx: AppContext, press: Press) -> None:
    message_id, version = _reply_in(press)
    await ctx.desk.run_at_once(
        results.retry_reply,
        message_id=message_id,
        version=version,
        user_id=press.user_id,
        now=ctx.clock.now(),
    )


async def _was_sent(ctx: AppContext, press: Press) -> None:
    await _settle(ctx, press, sent=True)


async def _was_not_sent(ctx: AppContext, press: Press) -> None:
    await _settle(ctx, press, sent=False)


async def _settle(ctx: AppContext, press: Press, *, sent: bool) -> None:
    message_id, _ = _reply_in(press)
    await ctx.desk.run_at_once(
        results.settle_by_person,
        message_id=message_id,
        sent=sent,
        user_id=press.user_id,
        now=ctx.clock.now(),
    )


async def _nothing(ctx: AppContext, press: Press) -> None:
    """A link button: the browser has opened the page."""

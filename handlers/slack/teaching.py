"""Handle *It is about…*, and show what was taught: learn it now, take it back, forget it."""

from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncApp

from adapters.slack.action_ids import ActionId, BadValue, BlockId, CallbackId, parse_value
from adapters.slack.message_content import View
from adapters.slack.modals import render_correction, render_proposed_move, render_taught
from adapters.slack.modals.correction import NO, YES
from domain.access import Permission
from domain.cases.masked_views import mask_message, mask_taught
from domain.triage.assessment import Urgency
from domain.triage.correction import Judgement
from domain.triage.language import language_code
from domain.triage.situations import Situation
from handlers.cases.preferences import blur_choice
from handlers.context import AppContext
from handlers.knowledge import taught
from handlers.knowledge.teaching import correct, mark_as_spam, open_correction
from handlers.slack.case_views import details_view, find_move, named_move
from handlers.slack.current_request import run_once, stores_request
from handlers.slack.listeners import on_press, on_submit
from handlers.slack.payloads import Press, Submission
from handlers.slack.roles import Require


def register(app: AsyncApp, ctx: AppContext) -> None:
    """Register the buttons and the form's submission."""
    listeners = {
        ActionId.CASE_CORRECT: _open_correction,
        ActionId.CASE_SPAM: _mark_as_spam,
        ActionId.TAUGHT_LEARN: _learn,
        ActionId.TAUGHT_TAKE_BACK: _take_back,
        ActionId.TAUGHT_NEWER: _turn_page,
        ActionId.TAUGHT_OLDER: _turn_page,
    }
    for action_id, handler in listeners.items():
        app.action(action_id.value)(on_press(ctx, handler))
    may_forget = Require(Permission.FORGET_TAUGHT)
    app.action(ActionId.TAUGHT_FORGET.value)(on_press(ctx, _forget, authorize=may_forget))
    app.view(CallbackId.CORRECTION.value)(on_submit(ctx, _correct))


async def open_taught(ctx: AppContext, trigger_id: str, user_id: str) -> None:
    """Open the modal that shows what was taught."""
    await ctx.modals.open_view(trigger_id, await _taught(ctx, user_id))


async def _taught(ctx: AppContext, user_id: str, *, is_learning: bool = False, skip: int = 0) -> View:
    learner = ctx.learner
    view = await ctx.desk.run_at_once(
        taught.view_taught,
        can_learn=learner.can_learn,
        is_learning=is_learning or learner.is_learning,
        skip=skip,
    )
    choice = await ctx.desk.run_at_once(blur_choice, user_id=user_id)
    return render_taught(mask_taught(view, ctx.abuse.mask_for(choice)))


async def _open_correction(ctx: AppContext, press: Press) -> None:
    """Open the form in place of Details, whose button it is."""
    form = await ctx.desk.run_at_once(open_correction, case_id=parse_value(press.value).case_id)
    choice = await ctx.desk.run_at_once(blur_choice, user_id=press.user_id)
    view = render_correction(
        form.case, mask_message(form.message, ctx.abuse.mask_for(choice)), form.judgement
    )
    await ctx.modals.update_view(press.view_id, view)


@stores_request
async def _mark_as_spam(ctx: AppContext, press: Press) -> None:
    """Close the case, and show Details as they are now."""
    value = parse_value(press.value)
    await run_once(
        ctx,
        mark_as_spam,
        case_id=value.case_id,
        version=value.version,
        user_id=press.user_id,
        policy=ctx.policy,
        now=ctx.clock.now(),
    )
    view = await details_view(ctx, value.case_id, press.user_id)
    await ctx.modals.update_view(press.view_id, view)


@stores_request
async def _correct(ctx: AppContext, submission: Submission) -> dict[str, Any] | None:
    value = parse_value(submission.metadata)
    if value.message_id is None:
        raise BadValue
    case = await run_once(
        ctx,
        correct,
        case_id=value.case_id,
        message_id=value.message_id,
        judgement=_judgement(submission),
        user_id=submission.user_id,
        policy=ctx.policy,
        now=ctx.clock.now(),
    )
    move = await find_move(ctx, case)
    if move is None:
        return None
    view = render_proposed_move(case, *named_move(ctx, move))
    return {"response_action": "update", "view": view}


def _judgement(submission: Submission) -> Judgement:
    """Return what was chosen; raises `BadValue` for what the form does not offer."""
    situation = submission.value(BlockId.CORRECTION_SITUATION, ActionId.CORRECTION_SITUATION)
    urgency = submission.value(BlockId.CORRECTION_URGENCY, ActionId.CORRECTION_URGENCY)
    request = submission.value(BlockId.CORRECTION_REQUEST, ActionId.CORRECTION_REQUEST)
    language = str(submission.value(BlockId.CORRECTION_LANGUAGE, ActionId.CORRECTION_LANGUAGE) or "")
    if situation not in set(Situation) or request not in {YES, NO}:
        raise BadValue
    if language and language_code(language) != language:
        raise BadValue
    try:
        return Judgement(
            situation=Situation(str(situation)),
            urgency=Urgency[str(urgency).upper()],
            request=request == YES,
            language=language,
        )
    except KeyError:
        raise BadValue from None


async def _learn(ctx: AppContext, press: Press) -> None:
    """Learn in the background, because it takes longer than Slack waits; the modal shows when it is done."""
    await ctx.desk.run_at_once(taught.ask_to_learn, user_id=press.user_id, now=ctx.clock.now())
    view_id = press.view_id
    await ctx.modals.update_view(view_id, await _taught(ctx, press.user_id, is_learning=True))
    ctx.learner.learn_soon(press.user_id, then=partial(_show, ctx, view_id, press.user_id))


async def _show(ctx: AppContext, view_id: str, user_id: str, *, skip: int = 0) -> None:
    await ctx.modals.update_view(view_id, await _taught(ctx, user_id, skip=skip))


async def _turn_page(ctx: AppContext, press: Press) -> None:
    await _show(ctx, press.view_id, press.user_id, skip=press.number)


@stores_request
async def _take_back(ctx: AppContext, press: Press) -> None:
    await run_once(
        ctx,
        taught.take_back,
        example_id=press.number,
        user_id=press.user_id,
        now=ctx.clock.now(),
    )
    shown_after = press.metadata or "0"
    skip = int(shown_after) if shown_after.isdecimal() else 0
    await _show(ctx, press.view_id, press.user_id, skip=skip)


@stores_request
async def _forget(ctx: AppContext, press: Press) -> None:
    await run_once(
        ctx, taught.forget_everything, base=ctx.learner.base_id, user_id=press.user_id, now=ctx.clock.now()
    )
    await _show(ctx, press.view_id, press.user_id)

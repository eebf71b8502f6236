"""Answer `/mentions causes`, and handle the buttons and forms of causes."""

import asyncio
from datetime import date, datetime, tzinfo
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncApp

from adapters.slack.action_ids import BadValue, parse_pair, parse_value
from adapters.slack.causes.causes import render_causes, render_causes_failed, render_waiting
from adapters.slack.causes.form import render_cause_form, render_causes_of_case, render_new_cause
from adapters.slack.causes.ids import CauseAction, CauseBlock, CauseCallback, parse_topic
from adapters.slack.message_content import Content
from adapters.slack.refusal_texts import refusal_text
from domain.access import Permission
from domain.causes.cause import (
    BadCauseName,
    BadPhrases,
    Cause,
    CauseEdit,
    CauseNameTaken,
    CauseState,
    FixedInFuture,
)
from domain.reports.periods import midnight
from handlers.access import may
from handlers.causes.case_causes import causes_of_case, choose_causes
from handlers.causes.figures import get_cause, list_causes
from handlers.causes.tracking import create_cause, edit_cause
from handlers.causes.waiting import view_waiting
from handlers.context import AppContext
from handlers.slack.current_request import run_once, stores_request
from handlers.slack.form_errors import input_error
from handlers.slack.issues import cause_extras
from handlers.slack.listeners import on_press, on_submit
from handlers.slack.payloads import Command, Press, Submission, input_choices
from handlers.slack.quick_answers import is_done_soon
from handlers.slack.report_questions import AskedReport
from handlers.slack.roles import require_reports, require_viewer

_FAULTS = {
    BadCauseName: CauseBlock.NAME,
    CauseNameTaken: CauseBlock.NAME,
    BadPhrases: CauseBlock.PHRASES,
    FixedInFuture: CauseBlock.FIXED_ON,
}


def register(app: AsyncApp, ctx: AppContext) -> None:
    """Register the buttons and forms."""
    app.action(CauseAction.TRACK.value)(on_press(ctx, _open_new, authorize=require_reports))
    app.action(CauseAction.EDIT.value)(on_press(ctx, _open_form, authorize=require_reports))
    app.action(CauseAction.WAITING.value)(on_press(ctx, _show_waiting, authorize=require_viewer))
    app.action(CauseAction.OF_CASE.value)(on_press(ctx, _open_of_case))
    app.view(CauseCallback.FORM.value)(on_submit(ctx, _save, authorize=require_reports))
    app.view(CauseCallback.OF_CASE.value)(on_submit(ctx, _save_of_case))


async def answer_causes(ctx: AppContext, command: Command, asked: AskedReport) -> Content | None:
    """List the causes with their figures of a period; `None` where that comes later, from the background."""
    counting = asyncio.create_task(_list(ctx, asked))
    if await is_done_soon(counting):
        return counting.result()

    async def answer() -> None:
        respond = partial(ctx.modals.respond, command.response_url, command.channel, command.user_id)
        try:
            content = await counting
        except Exception:
            await respond(render_causes_failed(asked.period))
            raise
        await respond(content)

    ctx.background.start(answer(), name="causes")
    return None


async def _list(ctx: AppContext, asked: AskedReport) -> Content:
    causes = await ctx.desk.run_to_read(
        list_causes, period=asked.period, filters=asked.filters, now=ctx.clock.now()
    )
    extras = await cause_extras(ctx, [one.cause.id for one in causes])
    return render_causes(causes, asked.period, asked.filters, extras=extras)


async def _open_new(ctx: AppContext, press: Press) -> None:
    name, phrases = parse_topic(press.value)
    await ctx.modals.open_view(press.trigger_id, render_new_cause(name, phrases, press.user_id))


async def _open_form(ctx: AppContext, press: Press) -> None:
    cause = await ctx.desk.run_at_once(get_cause, cause_id=press.number)
    zone = (await ctx.directory.person(press.user_id)).zone
    await ctx.modals.open_view(press.trigger_id, render_cause_form(cause, _fixed_on(cause, zone)))


@stores_request
async def _save(ctx: AppContext, submission: Submission) -> dict[str, Any] | None:
    cause_id, version = parse_pair(submission.metadata)
    try:
        known = await ctx.desk.run(get_cause, cause_id=cause_id) if cause_id else None
        edit = await _edit_of(ctx, submission, known)
        if known is None:
            await run_once(ctx, create_cause, edit=edit, user_id=submission.user_id, now=ctx.clock.now())
        else:
            await run_once(
                ctx,
                edit_cause,
                cause_id=cause_id,
                version=version,
                edit=edit,
                user_id=submission.user_id,
                now=ctx.clock.now(),
            )
    except (BadCauseName, CauseNameTaken, BadPhrases, FixedInFuture) as refusal:
        return input_error(_FAULTS[type(refusal)].value, refusal_text(refusal))
    return None


async def _edit_of(ctx: AppContext, submission: Submission, known: Cause | None) -> CauseEdit:
    """Return what the form says. A cause whose day of the fix was left as it is keeps the time of its fix."""

    def typed(block: CauseBlock, action: CauseAction) -> str:
        return str(submission.value(block, action) or "")

    state = typed(CauseBlock.STATE, CauseAction.STATE)
    if state not in list(CauseState):
        raise BadValue
    day = typed(CauseBlock.FIXED_ON, CauseAction.FIXED_ON)
    zone = (await ctx.directory.person(submission.user_id)).zone
    return CauseEdit(
        name=typed(CauseBlock.NAME, CauseAction.NAME),
        owner=typed(CauseBlock.OWNER, CauseAction.OWNER) or None,
        state=CauseState(state),
        phrases=tuple(typed(CauseBlock.PHRASES, CauseAction.PHRASES).splitlines()),
        fixed_at=_begin_of(day, zone) if day and day != _fixed_on(known, zone) else None,
    )


def _fixed_on(cause: Cause | None, zone: tzinfo) -> str:
    """Return the day of a cause's fix, as a form has it; empty where it is not fixed."""
    if cause is None or cause.fixed_at is None:
        return ""
    return cause.fixed_at.astimezone(zone).date().isoformat()


def _begin_of(day: str, zone: tzinfo) -> datetime:
    try:
        return midnight(date.fromisoformat(day), zone)
    except ValueError:
        raise BadValue from None


async def _show_waiting(ctx: AppContext, press: Press) -> None:
    view = await ctx.desk.run(
        view_waiting,
        cause_id=press.number,
        classifier=await ctx.live_classifier.refresh_to_suggest(),
        now=ctx.clock.now(),
    )
    mask = ctx.abuse.mask_for(None)
    may_answer = await may(ctx, press.user_id, Permission.WORK_ON_CASES)
    content = render_waiting(view, team_url=ctx.team_url, mask=mask, may_answer=may_answer)
    await ctx.modals.respond(press.response_url, press.channel, press.user_id, content)


async def _open_of_case(ctx: AppContext, press: Press) -> None:
    """Open the form in place of Details, whose button it is."""
    form = await ctx.desk.run_at_once(causes_of_case, case_id=parse_value(press.value).case_id)
    view = render_causes_of_case(form.case, form.causes, form.chosen)
    await ctx.modals.update_view(press.view_id, view)


@stores_request
async def _save_of_case(ctx: AppContext, submission: Submission) -> dict[str, Any] | None:
    value, _, shown = submission.metadata.partition("#")
    chosen = input_choices(submission.values, CauseBlock.CHOSEN.value, CauseAction.CHOSEN.value)
    await run_once(
        ctx,
        choose_causes,
        case_id=parse_value(value).case_id,
        shown=_numbers(shown.split(",") if shown else []),
        chosen=_numbers(chosen),
        user_id=submission.user_id,
        now=ctx.clock.now(),
    )
    return None


def _numbers(texts: list[str]) -> frozenset[int]:
    if not all(text.isascii() and text.isdecimal() for text in texts):
        raise BadValue
    return frozenset(map(int, texts))

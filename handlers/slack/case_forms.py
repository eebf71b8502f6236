"""Handle the snooze, assign, take-over and release forms."""

from datetime import UTC
from typing import Any

from slack_bolt.async_app import AsyncApp

from adapters.slack.action_ids import (
    ActionId,
    BlockId,
    CallbackId,
    parse_claim,
    parse_value,
)
from adapters.slack.modals import render_assign
from domain.access import Permission
from domain.cases.snooze import SnoozeChoice, snooze_until
from domain.errors import AssignedToAnother
from handlers.access import may
from handlers.cases import assignment, resolution
from handlers.cases.rota import away_now
from handlers.cases.views import get_case
from handlers.context import AppContext
from handlers.slack.current_request import run_once, stores_request
from handlers.slack.form_errors import input_error
from handlers.slack.listeners import on_press, on_submit
from handlers.slack.payloads import Press, Submission
from handlers.slack.roles import require_assigner, require_lead


def register(app: AsyncApp, ctx: AppContext) -> None:
    """Register the forms' submissions."""
    app.action(ActionId.ASSIGN_TO.value)(on_press(ctx, _warn_of_away, authorize=require_assigner))
    app.view(CallbackId.SNOOZE.value)(on_submit(ctx, _snooze))
    app.view(CallbackId.ASSIGN.value)(on_submit(ctx, _assign, authorize=require_assigner))
    app.view(CallbackId.TAKE_OVER.value)(on_submit(ctx, _take_over))
    app.view(CallbackId.RELEASE.value)(on_submit(ctx, _release))


@stores_request
async def _snooze(ctx: AppContext, submission: Submission) -> dict[str, Any] | None:
    value = parse_value(submission.metadata)
    now = ctx.clock.now()
    choice = submission.value(BlockId.SNOOZE_CHOICE, ActionId.SNOOZE_CHOICE)
    picked_at = submission.value(BlockId.SNOOZE_AT, ActionId.SNOOZE_AT)
    is_local = choice == SnoozeChoice.TOMORROW and picked_at is None
    zone = (await ctx.directory.person(submission.user_id)).zone if is_local else UTC
    until = snooze_until(choice, picked_at, now=now, zone=zone)
    if until is None:
        return input_error(BlockId.SNOOZE_AT.value, "Pick a day and a time.")
    if until <= now:
        return input_error(BlockId.SNOOZE_AT.value, "That time has passed. Pick one in the future.")
    await run_once(
        ctx,
        resolution.snooze,
        case_id=value.case_id,
        version=value.version,
        until=until,
        user_id=submission.user_id,
        now=now,
    )
    return None


async def _warn_of_away(ctx: AppContext, press: Press) -> None:
    """Say in the form that who was chosen is away."""
    case_id = parse_value(press.metadata).case_id
    case = await ctx.desk.run_at_once(get_case, case_id=case_id)
    chosen, now = press.action.get("selected_user"), ctx.clock.now()
    until = await ctx.desk.run_at_once(away_now, user_id=str(chosen), now=now) if chosen else None
    away = (str(chosen), until) if until is not None else None
    await ctx.modals.update_view(press.view_id, render_assign(case, away=away))


@stores_request
async def _assign(ctx: AppContext, submission: Submission) -> dict[str, Any] | None:
    value = parse_value(submission.metadata)
    assignee = submission.value(BlockId.ASSIGN_TO, ActionId.ASSIGN_TO)
    if not isinstance(assignee, str):
        return input_error(BlockId.ASSIGN_TO.value, "Choose a person.")
    if not await may(ctx, assignee, Permission.WORK_ON_CASES):
        return input_error(
            BlockId.ASSIGN_TO.value, f"Only members of {ctx.directory.who_may_act} can be assigned a case."
        )
    try:
        await run_once(
            ctx,
            assignment.assign,
            case_id=value.case_id,
            to=assignee,
            user_id=submission.user_id,
            now=ctx.clock.now(),
            may_reassign=await may(ctx, submission.user_id, Permission.REASSIGN_CASES),
        )
    except AssignedToAnother:
        await require_lead(ctx, submission.user_id)
        raise
    return None


@stores_request
async def _take_over(ctx: AppContext, submission: Submission) -> dict[str, Any] | None:
    value, claimed_by = parse_claim(submission.metadata)
    await run_once(
        ctx,
        assignment.take_over,
        case_id=value.case_id,
        user_id=submission.user_id,
        assignee=claimed_by,
        now=ctx.clock.now(),
    )
    return None


@stores_request
async def _release(ctx: AppContext, submission: Submission) -> dict[str, Any] | None:
    await run_once(
        ctx,
        assignment.release,
        case_id=parse_value(submission.metadata).case_id,
        user_id=submission.user_id,
        now=ctx.clock.now(),
    )
    return None

"""Handle the snooze, assign and take-over forms."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from slack_bolt.async_app import AsyncApp

from adapters.slack.action_ids import (
    ActionId,
    BlockId,
    CallbackId,
    SnoozeChoice,
    parse_claim,
    parse_value,
)
from domain.errors import Refused
from handlers.cases import assignment, resolution
from handlers.context import AppContext
from handlers.slack.form_errors import input_error
from handlers.slack.listeners import on_submit
from handlers.slack.payloads import Submission

TOMORROW_AT = time(9)
_DURATIONS = {SnoozeChoice.HALF_HOUR: timedelta(minutes=30), SnoozeChoice.TWO_HOURS: timedelta(hours=2)}


def register(app: AsyncApp, ctx: AppContext) -> None:
    """Register the forms' submissions."""
    app.view(CallbackId.SNOOZE.value)(on_submit(ctx, _snooze))
    app.view(CallbackId.ASSIGN.value)(on_submit(ctx, _assign))
    app.view(CallbackId.TAKE_OVER.value)(on_submit(ctx, _take_over))


async def _snooze(ctx: AppContext, submission: Submission) -> dict[str, Any] | None:
    value = parse_value(submission.metadata)
    now = ctx.clock.now()
    until = await _snooze_until(ctx, submission, now)
    if until is None:
        return input_error(BlockId.SNOOZE_AT.value, "Pick a day and a time.")
    if until <= now:
        return input_error(BlockId.SNOOZE_AT.value, "That time has passed. Pick one in the future.")
    await ctx.desk.run_at_once(
        resolution.snooze,
        case_id=value.case_id,
        version=value.version,
        until=until,
        user_id=submission.user_id,
        now=now,
    )
    return None


async def _snooze_until(ctx: AppContext, submission: Submission, now: datetime) -> datetime | None:
    """Compute when the snooze ends; `None` if no time was picked. A picked time wins over the preset choice.

    Raises `Refused` if the picked time is out of range.
    """
    picked_at = submission.value(BlockId.SNOOZE_AT, ActionId.SNOOZE_AT)
    if isinstance(picked_at, int | float):
        try:
            return datetime.fromtimestamp(picked_at, UTC)
        except (ValueError, OverflowError, OSError):
            raise Refused("Nothing was changed: that is not a time. Pick a day and a time.") from None
    choice = submission.value(BlockId.SNOOZE_CHOICE, ActionId.SNOOZE_CHOICE)
    if choice in _DURATIONS:
        return now + _DURATIONS[SnoozeChoice(choice)]
    if choice == SnoozeChoice.TOMORROW:
        person = await ctx.directory.person(submission.user_id)
        local = now.astimezone(person.zone)
        return datetime.combine(local.date() + timedelta(days=1), TOMORROW_AT, local.tzinfo)
    return None


async def _assign(ctx: AppContext, submission: Submission) -> dict[str, Any] | None:
    value = parse_value(submission.metadata)
    assignee = submission.value(BlockId.ASSIGN_TO, ActionId.ASSIGN_TO)
    if not isinstance(assignee, str):
        return input_error(BlockId.ASSIGN_TO.value, "Choose a person.")
    if not await ctx.directory.may_act(assignee):
        return input_error(
            BlockId.ASSIGN_TO.value, f"Only members of {ctx.directory.who_may_act} can be assigned a case."
        )
    await ctx.desk.run_at_once(
        assignment.assign, case_id=value.case_id, to=assignee, user_id=submission.user_id, now=ctx.clock.now()
    )
    return None


async def _take_over(ctx: AppContext, submission: Submission) -> dict[str, Any] | None:
    value, claimed_by = parse_claim(submission.metadata)
    await ctx.desk.run_at_once(
        assignment.take_over,
        case_id=value.case_id,
        user_id=submission.user_id,
        assignee=claimed_by,
        now=ctx.clock.now(),
    )
    return None

"""Handle the audit trail and legal holds in Slack."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp

from adapters.slack.action_ids import ActionId, parse_value
from adapters.slack.cases.form_ids import CaseFormAction, CaseFormBlock, CaseFormCallback
from adapters.slack.ephemerals import render_found_cases, render_hold, render_hold_lifted
from adapters.slack.escaping import shorten
from adapters.slack.help import MAX_TYPED_LENGTH
from adapters.slack.message_content import Content
from adapters.slack.modals import render_hold_form, render_release_hold_form
from adapters.slack.records.audit_trail import parse_older, render_trail
from domain.access import Permission
from domain.cases.masked_views import mask_found
from handlers.access import may
from handlers.cases.preferences import blur_choice
from handlers.cases.views import get_case
from handlers.context import AppContext
from handlers.records.legal_holds import hold_case, lift_hold, place_hold, release_case
from handlers.records.trail import TrailPage, find_trail, list_acts, list_trail
from handlers.slack.form_errors import input_error
from handlers.slack.listeners import on_press, on_submit
from handlers.slack.payloads import Command, Press, Submission
from handlers.slack.roles import require_records


def register(app: AsyncApp, ctx: AppContext) -> None:
    """Register the button of the audit trail, the buttons of Details and the submissions of their forms."""
    presses = {
        ActionId.AUDIT_OLDER: _show_older,
        CaseFormAction.HOLD: _open_hold,
        CaseFormAction.RELEASE_HOLD: _open_release,
    }
    for action_id, handler in presses.items():
        app.action(action_id.value)(on_press(ctx, handler, authorize=require_records))
    submits = {CaseFormCallback.HOLD: _place, CaseFormCallback.RELEASE_HOLD: _release}
    for callback, on_submitted in submits.items():
        app.view(callback.value)(on_submit(ctx, on_submitted, authorize=require_records))


async def answer_records(ctx: AppContext, command: Command, act: str, words: str) -> Content:
    """Answer `/mentions audit`, `hold` or `unhold`. Raises `DeskError` where the person may not."""
    await require_records(ctx, command.user_id)
    return await _ANSWERS[act](ctx, command.user_id, words)


async def _show_audit(ctx: AppContext, user_id: str, words: str) -> Content:
    """Answer `/mentions audit`: the trail of the case that is meant, or the cases that may be."""
    zone = (await ctx.directory.person(user_id)).zone
    found = await ctx.desk.run_to_read(find_trail, words=words, zone=zone)
    if isinstance(found, TrailPage):
        return _render(ctx, found)
    mask = ctx.abuse.mask_for(await ctx.desk.run(blur_choice, user_id=user_id))
    return render_found_cases(
        "Which of these? Type /mentions audit with the link of its card",
        [mask_found(one, mask) for one in found],
        team_url=ctx.team_url,
        empty=f"No case has “{shorten(words.strip(), MAX_TYPED_LENGTH)}” in it. Name it by its number, by the link of its card, "
        "or by words in it.",
        now=ctx.clock.now(),
        may_claim=await may(ctx, user_id, Permission.WORK_ON_CASES),
    )


async def _hold(ctx: AppContext, user_id: str, words: str) -> Content:
    """Answer `/mentions hold`."""
    placed = await ctx.desk.run(place_hold, words=words, user_id=user_id, now=ctx.clock.now())
    return render_hold(placed.case, placed.hold, placed.before, team_url=ctx.team_url)


async def _unhold(ctx: AppContext, user_id: str, words: str) -> Content:
    """Answer `/mentions unhold`."""
    case = await ctx.desk.run(lift_hold, words=words, user_id=user_id, now=ctx.clock.now())
    return render_hold_lifted(case, team_url=ctx.team_url)


async def _open_hold(ctx: AppContext, press: Press) -> None:
    """Open the form in place of Details, whose button it is."""
    case = await ctx.desk.run_at_once(get_case, case_id=parse_value(press.value).case_id)
    await ctx.modals.update_view(press.view_id, render_hold_form(case))


async def _open_release(ctx: AppContext, press: Press) -> None:
    """Open the form in place of Details, whose button it is."""
    case = await ctx.desk.run_at_once(get_case, case_id=parse_value(press.value).case_id)
    await ctx.modals.update_view(press.view_id, render_release_hold_form(case))


async def _place(ctx: AppContext, submission: Submission) -> dict[str, Any] | None:
    reason = _reason(submission)
    if not reason.strip():
        return input_error(CaseFormBlock.HOLD_REASON.value, "Say why.")
    case_id = parse_value(submission.metadata).case_id
    await ctx.desk.run_at_once(
        hold_case, case_id=case_id, reason=reason, user_id=submission.user_id, now=ctx.clock.now()
    )
    return None


async def _release(ctx: AppContext, submission: Submission) -> dict[str, Any] | None:
    case_id = parse_value(submission.metadata).case_id
    await ctx.desk.run_at_once(
        release_case,
        case_id=case_id,
        reason=_reason(submission),
        user_id=submission.user_id,
        now=ctx.clock.now(),
    )
    return None


def _reason(submission: Submission) -> str:
    return str(submission.value(CaseFormBlock.HOLD_REASON, CaseFormAction.HOLD_REASON) or "")


async def _show_older(ctx: AppContext, press: Press) -> None:
    case_id, before = parse_older(press.value)
    if case_id is not None:
        page = await ctx.desk.run(list_trail, case_id=case_id, before=before)
    else:
        zone = (await ctx.directory.person(press.user_id)).zone
        page = await ctx.desk.run(list_acts, zone=zone, before=before)
    if press.channel is not None:
        await ctx.modals.send_ephemeral(press.channel, press.user_id, _render(ctx, page))


def _render(ctx: AppContext, page: TrailPage) -> Content:
    return render_trail(
        page.case, page.entries, older=page.older, automatic=page.automatic, team_url=ctx.team_url
    )


#: What answers which subcommand of `/mentions`, given who typed it, and the words behind it.
_ANSWERS: Mapping[str, Callable[[AppContext, str, str], Awaitable[Content]]] = {
    "audit": _show_audit,
    "hold": _hold,
    "unhold": _unhold,
}
#: The subcommands of `/mentions` about records.
RECORDS_COMMANDS = frozenset(_ANSWERS)

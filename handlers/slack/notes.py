"""Handle *Add note…*."""

from typing import Any

from slack_bolt.async_app import AsyncApp

from adapters.slack.action_ids import parse_value
from adapters.slack.cases.form_ids import CaseFormAction, CaseFormBlock, CaseFormCallback
from adapters.slack.modals import render_note_form
from adapters.slack.refusal_texts import refusal_text
from domain.cases.notes import EmptyNote
from handlers.cases.notes import add_note
from handlers.cases.views import get_case
from handlers.context import AppContext
from handlers.slack.current_request import run_once, stores_request
from handlers.slack.form_errors import input_error
from handlers.slack.listeners import on_press, on_submit
from handlers.slack.payloads import Press, Submission


def register(app: AsyncApp, ctx: AppContext) -> None:
    """Register the button of Details and the form's submission."""
    app.action(CaseFormAction.NOTE.value)(on_press(ctx, _open))
    app.view(CaseFormCallback.NOTE.value)(on_submit(ctx, _save))


async def _open(ctx: AppContext, press: Press) -> None:
    """Open the form in place of Details, whose button it is."""
    case = await ctx.desk.run_at_once(get_case, case_id=parse_value(press.value).case_id)
    await ctx.modals.update_view(press.view_id, render_note_form(case))


@stores_request
async def _save(ctx: AppContext, submission: Submission) -> dict[str, Any] | None:
    text = submission.value(CaseFormBlock.NOTE_TEXT, CaseFormAction.NOTE_TEXT)
    try:
        await run_once(
            ctx,
            add_note,
            case_id=parse_value(submission.metadata).case_id,
            text=str(text or ""),
            user_id=submission.user_id,
            now=ctx.clock.now(),
        )
    except EmptyNote as refusal:
        return input_error(CaseFormBlock.NOTE_TEXT.value, refusal_text(refusal))
    return None

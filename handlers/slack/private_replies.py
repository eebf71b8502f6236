"""Handle private conversations: reply form, manual verification, original e-mail."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncApp

from adapters.slack.action_ids import (
    ActionId,
    BadValue,
    BlockId,
    CallbackId,
    parse_handoff,
    parse_value,
    private_reply_block,
)
from adapters.slack.modals import parse_metadata, render_original, render_verification
from domain.assistance.forms import Stage
from domain.cases.case import Case
from domain.cases.messages import Message
from domain.errors import Refused
from domain.handoffs.handoff import HandoffState
from domain.replies.forms import PrivateReplyForm
from handlers.cases.open_forms import renew_form
from handlers.cases.views import view_case
from handlers.context import AppContext
from handlers.handoffs.verification import verify_by_agent
from handlers.replies.private import PrivateReply, send_private_reply, signal_typing
from handlers.slack.current_request import run_once, stores_request
from handlers.slack.form_errors import form_refusal_text, input_error
from handlers.slack.form_state import forget_form, show_view
from handlers.slack.listeners import on_close, on_press, on_submit
from handlers.slack.payloads import Press, Submission, read_text
from handlers.slack.reply_forms import form_key, redraw_typed, render_form, shown_assistance, shows_promises
from storage.unit_of_work import UnitOfWork


def register(app: AsyncApp, ctx: AppContext) -> None:
    """Register the forms and the buttons that open them."""
    app.action(ActionId.CASE_VERIFY.value)(on_press(ctx, _open_verify))
    app.action(ActionId.PRIVATE_REPLY_TEXT.value)(on_press(ctx, _signal_typing))
    app.action(ActionId.MESSAGE_ORIGINAL.value)(on_press(ctx, _show_original))
    app.view(CallbackId.PRIVATE_REPLY.value)(on_submit(ctx, _submit))
    app.view_closed(CallbackId.PRIVATE_REPLY.value)(on_close(ctx, forget_form))
    app.view(CallbackId.VERIFY.value)(on_submit(ctx, _verify))


async def _signal_typing(ctx: AppContext, press: Press) -> None:
    """Show the customer a typing indicator, and colleagues that the form is in use.

    The form is redrawn only where what it says of the text's promises is no longer right. What a model is at
    work on is given up, so that the agent's text stays.
    """
    metadata = parse_metadata(press.metadata)
    if metadata.handoff is not None:
        await ctx.desk.run_at_once(
            _record_typing,
            case_id=metadata.case_id,
            handoff_id=metadata.handoff,
            user_id=press.user_id,
            client_key=form_key(metadata, press.view_id, is_private=True),
            now=ctx.clock.now(),
        )
    text = read_text(press.action.get("value"))
    if metadata.stage in {Stage.WORKING, Stage.UNDONE} or not shows_promises(ctx, press, text):
        await redraw_typed(ctx, press, text)


def _record_typing(
    uow: UnitOfWork, *, case_id: int, handoff_id: int, user_id: str, client_key: str, now: datetime
) -> None:
    signal_typing(uow, handoff_id=handoff_id)
    renew_form(uow, uow.cases.get(case_id), user_id=user_id, client_key=client_key, now=now)


@stores_request
async def _submit(ctx: AppContext, submission: Submission) -> dict[str, Any] | None:
    metadata = parse_metadata(submission.metadata)
    block = private_reply_block(metadata.revision)
    reply = PrivateReply(
        case_id=metadata.case_id,
        user_id=submission.user_id,
        text=submission.text(block, ActionId.PRIVATE_REPLY_TEXT),
        client_key=form_key(metadata, submission.view_id, is_private=True),
        seen=metadata.seen,
        handoff_id=metadata.handoff,
        confirmed=frozenset(metadata.confirmed),
        revision=metadata.revision,
        take_over_from=metadata.take_over_from,
    )
    try:
        result = await run_once(
            ctx, send_private_reply, reply, rules=ctx.rules, networks=ctx.networks, now=ctx.clock.now()
        )
    except Refused as refusal:
        return input_error(block, await form_refusal_text(ctx, refusal))
    if isinstance(result, PrivateReplyForm):
        blocking = [violation for violation in result.violations if violation.hard]
        if blocking and not result.new_messages:
            return input_error(block, " ".join(violation.reason for violation in blocking))
        result = replace(result, assistance=shown_assistance(ctx, result.view, submission.view))
        return {"response_action": "update", "view": render_form(ctx, result)}
    return None


async def _open_verify(ctx: AppContext, press: Press) -> None:
    value = parse_value(press.value)
    view = await ctx.desk.run_at_once(view_case, case_id=value.case_id, now=ctx.clock.now())
    if view.handoff is None or view.handoff.state is not HandoffState.ARRIVED:
        raise Refused(
            "Nothing was changed: nobody is in private with us any more. The card shows where the case stands."
        )
    await ctx.modals.open_view(press.trigger_id, render_verification(view.case, view.handoff))


async def _verify(ctx: AppContext, submission: Submission) -> dict[str, Any] | None:
    case_id, handoff_id = parse_handoff(submission.metadata)
    reason = submission.value(BlockId.VERIFY_REASON, ActionId.VERIFY_REASON)
    if not isinstance(reason, str) or not reason.strip():
        return input_error(BlockId.VERIFY_REASON.value, "Write how you know: it is kept with your name.")
    await ctx.desk.run_at_once(
        verify_by_agent,
        case_id=case_id,
        handoff_id=handoff_id,
        user_id=submission.user_id,
        reason=reason,
        now=ctx.clock.now(),
    )
    return None


async def _show_original(ctx: AppContext, press: Press) -> None:
    value = parse_value(press.value)
    if value.message_id is None:
        raise BadValue
    case, message = await ctx.desk.run_at_once(
        _load_message, case_id=value.case_id, message_id=value.message_id
    )
    view = render_original(case, message)
    await show_view(ctx, press, view)


def _load_message(uow: UnitOfWork, *, case_id: int, message_id: int) -> tuple[Case, Message]:
    case = uow.cases.get(case_id)
    try:
        message = uow.messages.get(message_id)
    except LookupError:
        raise Refused("That message is not here any more.") from None
    if message.case_id != case.id:
        raise BadValue
    return case, message

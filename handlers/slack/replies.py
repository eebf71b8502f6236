"""Handle the "Answer…" form: open, count characters, insert a saved reply, submit."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncApp

from adapters.slack.action_ids import ActionId, BadValue, CallbackId, parse_value, public_reply_block
from adapters.slack.message_content import View
from adapters.slack.modals import FormMetadata, parse_metadata, render_private_reply, render_public_reply
from domain.errors import Refused
from domain.networks import Networks
from domain.replies.forms import PrivateReplyForm, PublicReplyForm
from domain.replies.signature import append_signature
from handlers.cases.open_forms import open_form, renew_form
from handlers.context import AppContext
from handlers.handoffs.current_handoff import arrived_handoff
from handlers.replies.private import open_private_reply_form
from handlers.replies.public import (
    PublicReplySubmission,
    open_public_reply_form,
    submit_public_reply,
)
from handlers.slack.form_errors import form_refusal_text, input_error, keep_opened_state
from handlers.slack.form_state import forget_form, show_form
from handlers.slack.listeners import on_close, on_press, on_submit
from handlers.slack.payloads import Press, Submission
from handlers.triage.classify import Classifier
from storage.unit_of_work import UnitOfWork


def register(app: AsyncApp, ctx: AppContext) -> None:
    """Register the form and the buttons that open it."""
    app.action(ActionId.CASE_REPLY.value)(on_press(ctx, _open))
    app.action(ActionId.REPLY_EDIT.value)(on_press(ctx, _open))
    app.action(ActionId.PUBLIC_REPLY_TEXT.value)(on_press(ctx, _update_count))
    app.action(ActionId.PUBLIC_REPLY_ALTERNATIVE.value)(on_press(ctx, _use_alternative))
    app.view(CallbackId.PUBLIC_REPLY.value)(on_submit(ctx, _submit))
    app.view_closed(CallbackId.PUBLIC_REPLY.value)(on_close(ctx, forget_form))


async def _open(ctx: AppContext, press: Press) -> None:
    case_id = parse_value(press.value).case_id
    form = await ctx.desk.run_at_once(
        _open_for_venue,
        case_id=case_id,
        user_id=press.user_id,
        classifier=ctx.classifier,
        networks=ctx.networks,
        now=ctx.clock.now(),
        signature=await _signature(ctx, press.user_id),
        home=press.home,
    )
    view = render_private_reply(form) if isinstance(form, PrivateReplyForm) else _render(ctx, form)
    await show_form(ctx, press, case_id, view)


def _open_for_venue(
    uow: UnitOfWork,
    *,
    case_id: int,
    user_id: str,
    classifier: Classifier,
    networks: Networks,
    now: datetime,
    signature: str,
    home: str,
) -> PublicReplyForm | PrivateReplyForm:
    """Open the private form if the customer has arrived in a private venue, else the public one."""
    form: PublicReplyForm | PrivateReplyForm
    if arrived_handoff(uow, case_id) is not None:
        form = open_private_reply_form(uow, case_id=case_id, user_id=user_id, networks=networks, now=now)
    else:
        form = open_public_reply_form(
            uow,
            case_id=case_id,
            user_id=user_id,
            classifier=classifier,
            networks=networks,
            now=now,
            signature=signature,
        )
    open_form(uow, form.view.case, user_id=user_id, now=now, home=home)
    return form


def _render(ctx: AppContext, form: PublicReplyForm) -> View:
    case = form.view.case
    guidance = ctx.rules.situations.get(case.assessment.situation)
    return render_public_reply(form, ours=ctx.our_account(case.network), guidance=guidance)


async def _update_count(ctx: AppContext, press: Press) -> None:
    """Redraw the form with the typed text's weighted length.

    Slack keeps the text: its block id is unchanged.
    """
    metadata = parse_metadata(press.view.get("private_metadata"))
    text = press.action.get("value")
    await _redraw(ctx, press, metadata, text if isinstance(text, str) else "")


async def _use_alternative(ctx: AppContext, press: Press) -> None:
    """Replace the text with the chosen saved reply.

    Slack shows it because a new revision is a new block id.
    """
    metadata = parse_metadata(press.view.get("private_metadata"))
    form = await _load_form(ctx, metadata.case_id, press.user_id)
    text = next((option.text for option in form.options if option.name == press.value), None)
    if text is None:
        raise BadValue
    signature = await _signature(ctx, press.user_id)
    picked = replace(
        metadata,
        revision=metadata.revision + 1,
        saved_reply=press.value,
        is_picked=True,
        is_signed=bool(signature),
    )
    await _redraw(ctx, press, picked, append_signature(text, signature))


async def _redraw(ctx: AppContext, press: Press, metadata: FormMetadata, text: str) -> None:
    form = await _load_form(ctx, metadata.case_id, press.user_id)
    length = ctx.networks.count(form.view.case.network, text).length
    redrawn = replace(
        keep_opened_state(form, metadata),
        text=text,
        length=length,
        revision=metadata.revision,
        saved_reply=metadata.saved_reply,
        is_picked=metadata.is_picked,
        is_signed=metadata.is_signed,
    )
    view = _render(ctx, redrawn)
    await ctx.modals.update_view(str(press.view.get("id")), view, seen_hash=press.view.get("hash"))


async def _load_form(ctx: AppContext, case_id: int, user_id: str) -> PublicReplyForm:
    return await ctx.desk.run_at_once(
        _reload,
        case_id=case_id,
        user_id=user_id,
        classifier=ctx.classifier,
        networks=ctx.networks,
        now=ctx.clock.now(),
        signature=await _signature(ctx, user_id),
    )


def _reload(
    uow: UnitOfWork,
    *,
    case_id: int,
    user_id: str,
    classifier: Classifier,
    networks: Networks,
    now: datetime,
    signature: str,
) -> PublicReplyForm:
    """Build the open form again; that is a sign of life of whoever writes in it."""
    form = open_public_reply_form(
        uow,
        case_id=case_id,
        user_id=user_id,
        classifier=classifier,
        networks=networks,
        now=now,
        signature=signature,
    )
    renew_form(uow, form.view.case, user_id=user_id, now=now)
    return form


async def _signature(ctx: AppContext, user_id: str) -> str:
    if not ctx.policy.sign_with_initials:
        return ""
    return (await ctx.directory.person(user_id)).initials


async def _submit(ctx: AppContext, submission: Submission) -> dict[str, Any] | None:
    metadata = parse_metadata(submission.metadata)
    block = public_reply_block(metadata.revision)
    text = submission.value(block, ActionId.PUBLIC_REPLY_TEXT.value)
    answer = PublicReplySubmission(
        case_id=metadata.case_id,
        user_id=submission.user_id,
        text=text if isinstance(text, str) else "",
        seen=metadata.seen,
        version=metadata.version,
        # A view id that is reused for another case or version is another answer.
        client_key=f"{submission.view_id}:{metadata.case_id}:{metadata.version}",
        confirmed=frozenset(metadata.confirmed),
        revision=metadata.revision,
        saved_reply=metadata.saved_reply,
        is_picked=metadata.is_picked,
        is_signed=metadata.is_signed,
        take_over_from=metadata.take_over_from,
    )
    try:
        result = await ctx.desk.run_at_once(
            submit_public_reply,
            answer,
            classifier=ctx.classifier,
            rules=ctx.rules,
            networks=ctx.networks,
            now=ctx.clock.now(),
        )
    except Refused as refusal:
        return input_error(block, await form_refusal_text(ctx, refusal))
    if not isinstance(result, PublicReplyForm):
        return None
    blocking = [violation for violation in result.violations if violation.hard]
    if blocking and not result.new_messages:
        return input_error(block, " ".join(violation.reason for violation in blocking))
    return {"response_action": "update", "view": _render(ctx, result)}

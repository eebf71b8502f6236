"""Handle the "Answer…" form: open, count characters, insert a saved reply, submit."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncApp

from adapters.slack.action_ids import ActionId, BadValue, CallbackId, parse_value, public_reply_block
from adapters.slack.modals import parse_metadata
from domain.errors import Refused
from domain.replies.forms import PublicReplyForm
from domain.replies.signature import append_signature
from handlers.cases.open_forms import open_form
from handlers.context import AppContext
from handlers.handoffs.current_handoff import arrived_handoff
from handlers.replies.public import submit_public_reply
from handlers.slack.current_request import run_once, stores_request
from handlers.slack.form_errors import form_refusal_text, input_error
from handlers.slack.form_state import forget_form, show_form
from handlers.slack.listeners import on_close, on_press, on_submit
from handlers.slack.payloads import Press, Submission, read_text
from handlers.slack.reply_forms import (
    FormSources,
    ReplyForm,
    build_form,
    form_sources,
    idle_assistance,
    load_form,
    public_submission,
    read_open_form,
    redraw_typed,
    render_form,
    shown_assistance,
    signature_of,
    update_form,
    with_state,
)
from storage.unit_of_work import UnitOfWork


def register(app: AsyncApp, ctx: AppContext) -> None:
    """Register the form and the buttons that open it."""
    app.action(ActionId.CASE_REPLY.value)(on_press(ctx, _open))
    app.action(ActionId.REPLY_EDIT.value)(on_press(ctx, _open))
    app.action(ActionId.PUBLIC_REPLY_TEXT.value)(on_press(ctx, _update_count))
    app.action(ActionId.PUBLIC_REPLY_ALTERNATIVE.value)(on_press(ctx, _use_alternative))
    app.action(ActionId.ARTICLE_INSERT.value)(on_press(ctx, _insert_article))
    app.view(CallbackId.PUBLIC_REPLY.value)(on_submit(ctx, _submit))
    app.view_closed(CallbackId.PUBLIC_REPLY.value)(on_close(ctx, forget_form))


async def _open(ctx: AppContext, press: Press) -> None:
    case_id = parse_value(press.value).case_id
    form = await ctx.desk.run_at_once(
        _open_for_venue,
        await form_sources(ctx, signature=await signature_of(ctx, press.user_id)),
        case_id=case_id,
        user_id=press.user_id,
        now=ctx.clock.now(),
        home=press.home,
    )
    form = replace(form, assistance=idle_assistance(ctx, form.view))
    await show_form(ctx, press, case_id, render_form(ctx, form))


def _open_for_venue(
    uow: UnitOfWork, sources: FormSources, *, case_id: int, user_id: str, now: datetime, home: str
) -> ReplyForm:
    """Open the private form if the customer has arrived in a private venue, else the public one."""
    is_private = arrived_handoff(uow, case_id) is not None
    form = build_form(uow, sources, case_id=case_id, user_id=user_id, is_private=is_private, now=now)
    open_form(uow, form.view.case, user_id=user_id, now=now, home=home)
    return form


async def _update_count(ctx: AppContext, press: Press) -> None:
    """Redraw the form with the typed text's weighted length.

    Slack keeps the text: its block id is unchanged.
    """
    await redraw_typed(ctx, press, read_text(press.action.get("value")))


async def _use_alternative(ctx: AppContext, press: Press) -> None:
    """Replace the text with the chosen saved reply.

    Slack shows it because a new revision is a new block id.
    """
    opened = read_open_form(press)
    form = await load_form(ctx, opened)
    options = form.options if isinstance(form, PublicReplyForm) else ()
    text = next((option.text for option in options if option.name == press.value), None)
    if text is None:
        raise BadValue
    signature = await signature_of(ctx, press.user_id)
    picked = replace(
        opened.metadata,
        revision=opened.metadata.revision + 1,
        saved_reply=press.value,
        is_picked=True,
        is_signed=bool(signature),
    )
    drawn = with_state(ctx, form, picked, append_signature(text, signature))
    await update_form(ctx, press, replace(drawn, assistance=idle_assistance(ctx, form.view)))


async def _insert_article(ctx: AppContext, press: Press) -> None:
    """Append the article's address to the typed text. Shown by a new revision, as an alternative is."""
    if press.value not in ctx.articles.urls:
        raise BadValue
    opened = read_open_form(press)
    form = await load_form(ctx, opened)
    linked = replace(opened.metadata, revision=opened.metadata.revision + 1)
    drawn = with_state(ctx, form, linked, f"{opened.text} {press.value}".strip())
    await update_form(ctx, press, replace(drawn, assistance=idle_assistance(ctx, form.view)))


@stores_request
async def _submit(ctx: AppContext, submission: Submission) -> dict[str, Any] | None:
    metadata = parse_metadata(submission.metadata)
    block = public_reply_block(metadata.revision)
    answer = public_submission(
        metadata,
        submission.text(block, ActionId.PUBLIC_REPLY_TEXT),
        user_id=submission.user_id,
        view_id=submission.view_id,
    )
    try:
        result = await run_once(
            ctx,
            submit_public_reply,
            answer,
            classifier=await ctx.live_classifier.refresh_to_suggest(),
            rules=ctx.rules,
            networks=ctx.networks,
            now=ctx.clock.now(),
            articles=ctx.articles,
        )
    except Refused as refusal:
        return input_error(block, await form_refusal_text(ctx, refusal))
    if not isinstance(result, PublicReplyForm):
        return None
    blocking = [violation for violation in result.violations if violation.hard]
    if blocking and not result.new_messages:
        return input_error(block, " ".join(violation.reason for violation in blocking))
    result = replace(result, assistance=shown_assistance(ctx, result.view, submission.view))
    return {"response_action": "update", "view": render_form(ctx, result)}

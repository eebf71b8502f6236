"""Handle the buttons that have a model change the text of an answer form, and *Undo*."""

import logging
from collections.abc import Sequence
from dataclasses import replace

from slack_bolt.async_app import AsyncApp

from adapters.slack.action_ids import ActionId, BadValue
from adapters.slack.modals import FormMetadata, undo_text
from adapters.slack.modals.inputs import MAX_INPUT_LENGTH
from domain.assistance.assistant import Assistant, Rewrite, RewriteRequest
from domain.assistance.forms import FormAssistance, Stage, rewrite_fault
from domain.assistance.glossary import TermWording
from domain.errors import DeskError
from domain.model_calls import NoAnswer
from domain.replies.forms import PrivateReplyForm
from domain.replies.rules_of_engagement import RuleViolation
from domain.replies.signature import append_signature, without_signature
from handlers.assistance.rewriting import answer_request
from handlers.context import AppContext
from handlers.replies.private import check_private_reply
from handlers.replies.public import check_public_reply
from handlers.slack.listeners import on_press
from handlers.slack.payloads import Press
from handlers.slack.reply_forms import (
    OpenReplyForm,
    ReplyForm,
    idle_assistance,
    load_form,
    public_submission,
    read_open_form,
    render_form,
    signature_of,
    update_form,
    with_state,
)

log = logging.getLogger(__name__)

#: Why the model's text is not shown where the fault is ours; stands in "… was not done: …."
FAULT_HERE = "something failed here, and the log says what; press again"

_BUTTONS = (
    ActionId.REWRITE_SHORTER,
    ActionId.REWRITE_WARMER,
    ActionId.REWRITE_FORMAL,
    ActionId.REWRITE_ASK_DETAILS,
    ActionId.REWRITE_TRANSLATE,
)


def register(app: AsyncApp, ctx: AppContext) -> None:
    """Register the buttons of both answer forms."""
    for action_id in _BUTTONS:
        app.action(action_id.value)(on_press(ctx, _rewrite))
    app.action(ActionId.REWRITE_UNDO.value)(on_press(ctx, _undo))


async def _rewrite(ctx: AppContext, press: Press) -> None:
    """Show that the model is at work, and ask it in the background: it may take longer than Slack waits.

    The first update takes no hash: the text input keeps its block id, so that Slack keeps what was typed.
    """
    if ctx.assistant is None or press.value not in set(Rewrite):
        raise BadValue
    rewrite, opened = Rewrite(press.value), read_open_form(press)
    form = with_state(ctx, await load_form(ctx, opened), opened.metadata, opened.text)
    assistance = idle_assistance(ctx, form.view)
    if assistance is None:
        raise BadValue
    assistance = replace(assistance, rewrite=rewrite, earlier_text=undo_text(press.view))
    fault = rewrite_fault(rewrite, opened.text)
    if fault is not None:
        failed = replace(assistance, stage=Stage.FAILED, reason=fault)
        await update_form(ctx, press, replace(form, assistance=failed))
        return
    form = replace(form, assistance=replace(assistance, stage=Stage.WORKING))
    view_id = press.view_id
    seen_hash = await ctx.modals.update_view(view_id, render_form(ctx, form))
    if seen_hash is not None:
        work = _finish(
            ctx, ctx.assistant, form, assistance, opened=opened, view_id=view_id, seen_hash=seen_hash
        )
        ctx.background.start(work, name=f"{rewrite.value} in case {form.view.case.id}")


async def _finish(
    ctx: AppContext,
    assistant: Assistant,
    form: ReplyForm,
    assistance: FormAssistance,
    *,
    opened: OpenReplyForm,
    view_id: str,
    seen_hash: str,
) -> None:
    """Put the model's text into the form, unless the form has changed since `seen_hash`."""
    try:
        text, missing = await _ask(ctx, assistant, form, assistance, opened)
    except NoAnswer as reason:
        changed = replace(form, assistance=replace(assistance, stage=Stage.FAILED, reason=str(reason)))
    except Exception:
        log.exception("%s failed", assistance.rewrite)
        changed = replace(form, assistance=replace(assistance, stage=Stage.FAILED, reason=FAULT_HERE))
    else:
        # The text is no longer that of the saved reply that was picked.
        metadata = replace(opened.metadata, revision=opened.metadata.revision + 1, is_picked=False)
        done = replace(assistance, stage=Stage.DONE, earlier_text=opened.text, missing=missing)
        drawn = with_state(ctx, form, metadata, text)
        violations = await _violations(ctx, drawn, metadata, user_id=opened.user_id, view_id=view_id)
        changed = replace(drawn, assistance=done, violations=violations, new_messages=())
    await ctx.modals.update_view(view_id, render_form(ctx, changed), seen_hash=seen_hash)


async def _ask(
    ctx: AppContext, assistant: Assistant, form: ReplyForm, assistance: FormAssistance, opened: OpenReplyForm
) -> tuple[str, tuple[TermWording, ...]]:
    """Have the text changed, except for the agent's initials; raises `NoAnswer`."""
    if assistance.rewrite is None:
        raise BadValue
    initials = await signature_of(ctx, opened.user_id) if opened.metadata.is_signed else ""
    request = await ctx.desk.run(
        answer_request,
        form,
        assistance.rewrite,
        without_signature(opened.text, initials),
        limit=min(form.limit, MAX_INPUT_LENGTH) - len(append_signature(".", initials)) + 1,
        user_id=opened.user_id,
        networks=ctx.networks,
        brand=ctx.policy.brand,
        now=ctx.clock.now(),
    )
    if isinstance(request, RewriteRequest):
        return append_signature(await assistant.rewrite(request), initials), ()
    translation = await assistant.translate(request)
    return append_signature(translation.text, initials), translation.missing


async def _violations(
    ctx: AppContext, form: ReplyForm, metadata: FormMetadata, *, user_id: str, view_id: str
) -> Sequence[RuleViolation]:
    """Return the rules of engagement that the form's text would break; none where the case is gone."""
    try:
        if isinstance(form, PrivateReplyForm):
            return await ctx.desk.run(
                check_private_reply, form, rules=ctx.rules, networks=ctx.networks, now=ctx.clock.now()
            )
        return await ctx.desk.run(
            check_public_reply,
            public_submission(metadata, form.text, user_id=user_id, view_id=view_id),
            classifier=await ctx.live_classifier.refresh(),
            rules=ctx.rules,
            networks=ctx.networks,
            now=ctx.clock.now(),
            articles=ctx.articles,
        )
    except DeskError:
        return ()


async def _undo(ctx: AppContext, press: Press) -> None:
    """Exchange the text in the form for the one before; *Redo* brings the first back."""
    opened = read_open_form(press)
    metadata = replace(opened.metadata, revision=opened.metadata.revision + 1)
    form = with_state(ctx, await load_form(ctx, opened), metadata, press.value)
    assistance = idle_assistance(ctx, form.view)
    if assistance is None:
        raise BadValue
    is_redone = metadata.stage.is_undone
    undone = replace(
        assistance,
        rewrite=metadata.rewrite,
        stage=Stage.DONE if is_redone else Stage.UNDONE,
        earlier_text=opened.text,
    )
    # Without a hash: the press carries the text in the form, which is not lost if the form has changed.
    view = render_form(ctx, replace(form, assistance=undone))
    await ctx.modals.update_view(press.view_id, view)

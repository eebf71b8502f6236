"""Show the preview of a notice, count while somebody types, and save or send what it holds."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncApp

from adapters.slack.message_content import View
from adapters.slack.modals.outages.facts import warning_text
from adapters.slack.modals.outages.metadata import (
    ReviewMetadata,
    parse_review_metadata,
    warning_keys,
)
from adapters.slack.modals.outages.preview import READ_FIRST, SAVED, render_preview
from adapters.slack.outages.ids import OutageAction, OutageCallback, text_block
from domain.access import Role
from domain.outages.lifecycle import Actor
from domain.outages.notices import Notice, NoticeState, NoticeText
from domain.outages.policy import Right
from domain.outages.review import NoticeReview
from handlers.access import is_nobody_left, name_of_role
from handlers.context import AppContext
from handlers.outages.drafting import DraftRules, save_texts, send_texts
from handlers.outages.views import view_notice
from handlers.slack.current_request import require_new_request, run_once, stores_request
from handlers.slack.form_errors import show_in_place
from handlers.slack.listeners import on_press, on_submit
from handlers.slack.outage_reviews import ask_destinations, held_notice_text, review_of
from handlers.slack.outage_rights import outage_actor
from handlers.slack.payloads import Press, Submission, form_values, input_text
from handlers.slack.roles import require_any_right

WAITS = (
    "✋ *It waits for approval.* Somebody else has to look at it: "
    "the thread of the board asks them to. Nothing has left yet."
)
NOBODY_APPROVES = (
    "⚠️ *It waits for approval, and nobody is left to approve it.* Who wrote, changed or submitted it may not, "
    "and {group} has nobody else. Add somebody there, who then presses *Review…* on the board. "
    "Nothing has left yet."
)
LEAVES = "✓ *It is being sent.* The board shows what becomes of it at each destination."
KEPT = "✓ *Saved as a draft.* The board has it under Review…"


def register(app: AsyncApp, ctx: AppContext) -> None:
    """Register the preview."""
    listeners = {
        OutageAction.EDIT: _edit,
        OutageAction.TEXT: _typed,
        OutageAction.SAVE_DRAFT: _save_draft,
    }
    for action_id, handler in listeners.items():
        app.action(action_id.value)(on_press(ctx, handler, authorize=require_any_right))
    app.view(OutageCallback.PREVIEW.value)(on_submit(ctx, _submit, authorize=require_any_right))


async def preview_response(ctx: AppContext, submission: Submission, notice_id: int) -> dict[str, Any]:
    """Build the response that shows the preview in place of the submitted form, and ask the destinations."""
    actor = await outage_actor(ctx, submission.user_id)
    external_id = f"preview:{submission.view_id}:{submission.view.get('hash')}"[:255]
    review = await review_of(ctx, notice_id)
    _ask(ctx, review, actor, external_id)
    return {"response_action": "update", "view": render_preview(review, actor, external_id=external_id)}


def _ask(ctx: AppContext, review: NoticeReview, actor: Actor, external_id: str) -> None:
    notice = review.notice

    async def draw() -> View | None:
        current = await review_of(ctx, notice.id)
        if current.notice.version != notice.version:
            return None
        return render_preview(current, actor, external_id=external_id)

    ask_destinations(ctx, notice.destinations, external_id, draw)


async def _edit(ctx: AppContext, press: Press) -> None:
    """Show the preview of a notice that is reviewed, to change its texts."""
    actor = await outage_actor(ctx, press.user_id)
    external_id = f"preview:{press.trigger_id}"[:255]
    review = await review_of(ctx, press.number)
    view = render_preview(review, actor, external_id=external_id)
    await ctx.modals.update_view(press.view_id, view)
    _ask(ctx, review, actor, external_id)


async def _typed(ctx: AppContext, press: Press) -> None:
    """Count and check again what is typed. Slack keeps the text: its block id is unchanged."""
    metadata = parse_review_metadata(press.metadata)
    actor = await outage_actor(ctx, press.user_id)
    review = await _review_typed(ctx, metadata, press.view)
    external_id = str(press.view.get("external_id") or "")
    view = render_preview(review, actor, external_id=external_id, revision=metadata.revision)
    await ctx.modals.update_view(press.view_id, view, seen_hash=press.view.get("hash"))


@stores_request
async def _save_draft(ctx: AppContext, press: Press) -> None:
    metadata = parse_review_metadata(press.metadata)
    saved = await _save(ctx, metadata, press.view, press.user_id)
    actor = await outage_actor(ctx, press.user_id)
    review = await _review_typed(ctx, replace(metadata, version=saved.version), press.view)
    # Another name than before: what the destinations answer later must not bring the old version back.
    external_id = f"preview:{press.trigger_id}"[:255]
    view = render_preview(review, actor, external_id=external_id, feedback=SAVED, revision=metadata.revision)
    await ctx.modals.update_view(press.view_id, view)


async def _save(ctx: AppContext, metadata: ReviewMetadata, view: Mapping[str, Any], user_id: str) -> Notice:
    _, notice = await ctx.desk.run_at_once(view_notice, notice_id=metadata.notice_id)
    return await run_once(
        ctx,
        save_texts,
        notice_id=metadata.notice_id,
        version=metadata.version,
        texts=_texts_in(view, notice.texts, metadata.revision),
        actor=await outage_actor(ctx, user_id),
        now=ctx.clock.now(),
    )


async def _review_typed(ctx: AppContext, metadata: ReviewMetadata, view: Mapping[str, Any]) -> NoticeReview:
    """Load the review of what is typed; it keeps the version that the form was opened with."""
    _, notice = await ctx.desk.run_at_once(view_notice, notice_id=metadata.notice_id)
    typed = _texts_in(view, notice.texts, metadata.revision)
    review = await review_of(ctx, metadata.notice_id, typed)
    return replace(review, notice=replace(review.notice, version=metadata.version))


def _texts_in(view: Mapping[str, Any], texts: Sequence[NoticeText], revision: int) -> list[NoticeText]:
    """Return the texts as they stand in the inputs; those that have no input as they are."""
    values = form_values(view)
    read = []
    for position, text in enumerate(texts):
        block = text_block(revision, position)
        if block not in values:
            read.append(text)
            continue
        read.append(replace(text, text=input_text(values, block, OutageAction.TEXT).strip()))
    return read


@stores_request
async def _submit(ctx: AppContext, submission: Submission) -> dict[str, Any] | None:
    """Save the texts and submit them; warnings that were not shown yet come first."""
    metadata = parse_review_metadata(submission.metadata)
    actor, now = await outage_actor(ctx, submission.user_id), ctx.clock.now()
    if Right.ANNOUNCE not in actor.rights:
        await _save(ctx, metadata, submission.view, submission.user_id)
        return show_in_place(KEPT)
    review = await _review_typed(ctx, metadata, submission.view)
    if errors := _errors(review, metadata, submission.values):
        return {"response_action": "errors", "errors": errors}
    is_new = set(warning_keys(review)) - set(metadata.shown)
    if is_new or any(warning.blocks for warning in review.warnings):
        await require_new_request(ctx)
        external_id = str(submission.view.get("external_id") or "")
        view = render_preview(
            review, actor, external_id=external_id, feedback=READ_FIRST, revision=metadata.revision
        )
        return {"response_action": "update", "view": view}
    zone = (await ctx.directory.person(submission.user_id)).zone
    sent = await run_once(
        ctx,
        send_texts,
        notice_id=metadata.notice_id,
        version=metadata.version,
        texts=review.texts,
        rules=DraftRules(
            policy=ctx.policy.outages, words=ctx.notice_words, destinations=ctx.destinations, zone=zone
        ),
        actor=actor,
        now=now,
    )
    if sent.state is NoticeState.WAITING:
        return show_in_place(await _waiting_text(ctx, sent))
    return show_in_place(await held_notice_text(ctx) or LEAVES)


async def _waiting_text(ctx: AppContext, notice: Notice) -> str:
    """Say that somebody else has to approve a notice, and where there is nobody, what to do."""
    if not await is_nobody_left(ctx, Role.APPROVER, but=notice.authors):
        return WAITS
    group = name_of_role(ctx, Role.APPROVER)
    return NOBODY_APPROVES.format(group=group)


def _errors(review: NoticeReview, metadata: ReviewMetadata, values: Mapping[str, Any]) -> dict[str, str]:
    """Return what keeps texts from being sent, by the input that holds each."""
    errors = {}
    for position, text in enumerate(review.texts):
        blocking = [warning for warning in review.warnings_of(text) if warning.blocks]
        block = text_block(metadata.revision, position)
        if blocking and block in values:
            errors[block] = warning_text(blocking[0])
    return errors

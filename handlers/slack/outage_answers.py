"""Answer the linked cases of an outage in bulk: the form, its preview, the start, the stop, the results."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp

from adapters.slack.action_ids import parse_pair
from adapters.slack.modals.notices import render_notice, render_paragraph
from adapters.slack.modals.outages.bulk_answer import (
    CHANGED,
    fault_text,
    parse_bulk_metadata,
    render_bulk_form,
    render_results,
)
from adapters.slack.outages.link_ids import (
    LinkAction,
    LinkBlock,
    LinkCallback,
    wordings_block,
)
from domain.errors import DeskError
from domain.outages.answer_wordings import lines_of
from domain.outages.bulk_answers import BulkPurpose
from domain.outages.bulk_forms import BulkForm, TypedWordings
from domain.outages.policy import Right
from handlers.context import AppContext
from handlers.outages.bulk_forms import BulkMeans, load_bulk_form, load_results, start_from_form
from handlers.outages.stopping import abort_bulk_answer
from handlers.slack.current_request import require_new_request, run_once, stores_request
from handlers.slack.form_errors import input_error, show_in_place
from handlers.slack.listeners import on_press, on_submit
from handlers.slack.outage_reviews import held_notice_text
from handlers.slack.outage_rights import outage_actor
from handlers.slack.payloads import Press, Submission, form_values, input_choices, input_value
from handlers.slack.roles import require_any_right

WRITING = "✏️ *The answers are being written.* This takes some seconds where many people are linked."
NOT_WRITTEN = "The answers could not be written; the log says why. Close this, and press the button again."
STARTED = "✉️ *The answers are on their way.* The board shows how far they are, and has *Stop*; *Results…* once they are through."
WORDINGS_MISSING = "Write at least one wording, or untick the language."
_BLOCK = wordings_block("")


def register(app: AsyncApp, ctx: AppContext) -> None:
    """Register the form, the board's buttons about bulk answers, and the results."""
    listeners = {
        LinkAction.ANSWER: _open_answer,
        LinkAction.ANSWER_SOLVED: _open_solved,
        LinkAction.PREVIEW: _update_preview,
        LinkAction.STOP: _stop,
        LinkAction.RESULTS: _show_results,
        LinkAction.RESULTS_PAGE: _turn_results,
        LinkAction.RESULTS_BACK: _turn_results,
    }
    for action_id, handler in listeners.items():
        app.action(action_id.value)(on_press(ctx, handler, authorize=require_any_right))
    app.view(LinkCallback.ANSWERS.value)(on_submit(ctx, _submit, authorize=require_any_right))


async def _open_answer(ctx: AppContext, press: Press) -> None:
    await _open(ctx, press, BulkPurpose.ANSWER)


async def _open_solved(ctx: AppContext, press: Press) -> None:
    await _open(ctx, press, BulkPurpose.SOLVED)


async def _open(ctx: AppContext, press: Press, purpose: BulkPurpose) -> None:
    """Open the form at once, and put the answers into it: with many people they take their time."""
    outage_id = press.number
    (await outage_actor(ctx, press.user_id)).require(Right.ANNOUNCE)
    view_id = await ctx.modals.open_view(press.trigger_id, render_paragraph(WRITING))

    async def write() -> None:
        try:
            view = render_bulk_form(await _load(ctx, outage_id, purpose, None, press.user_id))
        except DeskError as error:
            view = render_notice(error)
        except Exception:
            await ctx.modals.update_view(view_id, render_notice(NOT_WRITTEN))
            raise
        await ctx.modals.update_view(view_id, view)

    ctx.background.start(write(), name="writing answers to linked cases")


async def _update_preview(ctx: AppContext, press: Press) -> None:
    metadata = parse_bulk_metadata(press.metadata)
    typed = typed_wordings(form_values(press.view))
    form = await _load(ctx, metadata.outage_id, metadata.purpose, typed, press.user_id)
    await ctx.modals.update_view(press.view_id, render_bulk_form(form))


@stores_request
async def _submit(ctx: AppContext, submission: Submission) -> dict[str, Any]:
    """Start what the preview shows; where something was changed since, show the preview first."""
    metadata = parse_bulk_metadata(submission.metadata)
    typed = typed_wordings(submission.values)
    form = await _load(ctx, metadata.outage_id, metadata.purpose, typed, submission.user_id)
    for one in form.languages:
        if one.is_chosen and one.fault is not None:
            return input_error(wordings_block(one.language), fault_text(one.fault))
        if one.is_chosen and not one.lines:
            return input_error(wordings_block(one.language), WORDINGS_MISSING)
    if form.digest != metadata.seen or not form.plan.texts:
        await require_new_request(ctx)
        feedback = CHANGED if form.digest != metadata.seen else ""
        return {"response_action": "update", "view": render_bulk_form(form, feedback=feedback)}
    await run_once(
        ctx,
        start_from_form,
        form=form,
        client_key=f"bulk:{submission.view_id}:{metadata.outage_id}:{metadata.purpose}",
        means=_means(ctx),
        actor=await outage_actor(ctx, submission.user_id),
        now=ctx.clock.now(),
    )
    return show_in_place(await held_notice_text(ctx) or STARTED)


@stores_request
async def _stop(ctx: AppContext, press: Press) -> None:
    await run_once(
        ctx,
        abort_bulk_answer,
        bulk_id=press.number,
        actor=await outage_actor(ctx, press.user_id),
        now=ctx.clock.now(),
    )


async def _show_results(ctx: AppContext, press: Press) -> None:
    bulk_id, page = parse_pair(press.value)
    results = await ctx.desk.run_at_once(load_results, bulk_id=bulk_id, page=page)
    await ctx.modals.open_view(press.trigger_id, render_results(results, team_url=ctx.team_url))


async def _turn_results(ctx: AppContext, press: Press) -> None:
    bulk_id, page = parse_pair(press.value)
    results = await ctx.desk.run_at_once(load_results, bulk_id=bulk_id, page=page)
    view = render_results(results, team_url=ctx.team_url)
    await ctx.modals.update_view(press.view_id, view)


async def _load(
    ctx: AppContext, outage_id: int, purpose: BulkPurpose, typed: TypedWordings | None, user_id: str
) -> BulkForm:
    form: BulkForm = await ctx.desk.run(
        load_bulk_form,
        outage_id=outage_id,
        purpose=purpose,
        typed=typed,
        means=_means(ctx),
        actor=await outage_actor(ctx, user_id),
        now=ctx.clock.now(),
    )
    return form


def _means(ctx: AppContext) -> BulkMeans:
    return BulkMeans(networks=ctx.networks, rules=ctx.rules, words=ctx.notice_words)


def typed_wordings(values: Mapping[str, Any]) -> TypedWordings:
    """Read the form; where it has a single language, that is chosen."""
    lines = {
        block.removeprefix(_BLOCK): lines_of(str(input_value(values, block, LinkAction.WORDINGS) or ""))
        for block in values
        if block.startswith(_BLOCK)
    }
    groups = [block for block in values if block.startswith(LinkBlock.WHO)]
    ticked = {one for block in groups for one in input_choices(values, block, LinkAction.WHO)}
    return TypedWordings(chosen=frozenset(ticked if groups else lines), lines=lines)

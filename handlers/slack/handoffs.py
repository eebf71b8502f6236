"""Move to…: open the form, redraw it for the venue that is picked, keep its count, submit it."""

from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncApp

from adapters.slack.action_ids import ActionId, BadValue, BlockId, CallbackId, move_block, parse_value
from adapters.slack.message_hash import View
from adapters.slack.modals import FormMetadata, parse_metadata, render_move
from domain.errors import Refused
from domain.handoffs.forms import MoveForm
from domain.venues import Venue
from handlers.context import AppContext
from handlers.handoffs.arrival import return_to_public
from handlers.handoffs.checks import ADDRESS_RULE
from handlers.handoffs.form import MoveSubmission, open_move, submit_move
from handlers.slack.form_errors import as_opened, stopped, why_stopped
from handlers.slack.listeners import on_press, on_submit
from handlers.slack.payloads import Press, Submission, input_value


def register(app: AsyncApp, ctx: AppContext) -> None:
    """Listen to the form and to the button that opens it."""
    app.action(ActionId.CASE_MOVE.value)(on_press(ctx, _open))
    app.action(ActionId.MOVE_VENUE.value)(on_press(ctx, _changed))
    app.action(ActionId.MOVE_ADDRESS.value)(on_press(ctx, _changed))
    app.action(ActionId.MOVE_TEXT.value)(on_press(ctx, _typed))
    app.view(CallbackId.MOVE.value)(on_submit(ctx, _submit))


async def _open(ctx: AppContext, press: Press) -> None:
    form = await _form(ctx, parse_value(press.value).case_id, press.user_id)
    await ctx.modals.open_view(press.trigger_id, _view(ctx, form))


async def _changed(ctx: AppContext, press: Press) -> None:
    """Another venue, or another way to tell of it, has words of its own; where neither changed, what was typed stays."""
    metadata = parse_metadata(press.view.get("private_metadata"))
    values = _values(press)
    venue = _venue(values, metadata)
    form = await _form(ctx, metadata.case_id, press.user_id, venue, _address(values, venue), metadata.nonce)
    if (form.chosen, form.via) == (metadata.venue, metadata.via):
        return
    await _redraw(ctx, press, metadata, replace(form, revision=metadata.revision + 1))


async def _typed(ctx: AppContext, press: Press) -> None:
    """Show the true count of what stands in the box, and what it costs."""
    metadata = parse_metadata(press.view.get("private_metadata"))
    given = press.action.get("value")
    text = given if isinstance(given, str) else ""
    venue = metadata.venue
    form = await _form(
        ctx, metadata.case_id, press.user_id, venue, _address(_values(press), venue), metadata.nonce
    )
    shown = replace(
        form,
        text=text,
        length=ctx.channels.count(form.view.case, text, form.via).length,
        cost=ctx.channels.price(form.view.case, text, form.via),
        revision=metadata.revision,
    )
    await _redraw(ctx, press, metadata, shown)


async def _redraw(ctx: AppContext, press: Press, metadata: FormMetadata, form: MoveForm) -> None:
    view = _view(ctx, as_opened(form, metadata))
    await ctx.modals.update_view(str(press.view.get("id")), view, seen_hash=press.view.get("hash"))


async def _form(
    ctx: AppContext,
    case_id: int,
    user_id: str,
    chosen: Venue | None = None,
    address: str = "",
    nonce: str | None = None,
) -> MoveForm:
    return await ctx.desk.run_at_once(
        open_move,
        case_id=case_id,
        user_id=user_id,
        channels=ctx.channels,
        now=ctx.clock.now(),
        chosen=chosen,
        address=address,
        nonce=nonce or None,
    )


async def _submit(ctx: AppContext, submission: Submission) -> dict[str, Any] | None:
    metadata = parse_metadata(submission.metadata)
    venue = _venue(submission.values, metadata)
    if venue is not metadata.venue:
        # The form was still being redrawn: nobody has seen what would be said of this venue.
        fresh = await _form(ctx, metadata.case_id, submission.user_id, venue, "", metadata.nonce)
        fresh = replace(as_opened(fresh, metadata), revision=metadata.revision + 1)
        return {"response_action": "update", "view": _view(ctx, fresh)}
    try:
        return await _go(ctx, submission, metadata, venue)
    except Refused as refusal:
        return stopped(_below(metadata, venue), await why_stopped(ctx, refusal))


async def _go(
    ctx: AppContext, submission: Submission, metadata: FormMetadata, venue: Venue
) -> dict[str, Any] | None:
    now = ctx.clock.now()
    if venue is Venue.PUBLIC:
        await ctx.desk.run_at_once(
            return_to_public, case_id=metadata.case_id, user_id=submission.user_id, now=now
        )
        return None
    result = await ctx.desk.run_at_once(
        submit_move,
        _move(submission, metadata, venue),
        channels=ctx.channels,
        rules=ctx.rules,
        policy=ctx.policy,
        now=now,
    )
    return _again(ctx, metadata, result) if isinstance(result, MoveForm) else None


def _move(submission: Submission, metadata: FormMetadata, venue: Venue) -> MoveSubmission:
    text = submission.value(move_block(metadata.revision), ActionId.MOVE_TEXT.value)
    return MoveSubmission(
        case_id=metadata.case_id,
        user_id=submission.user_id,
        venue=venue,
        text=text if isinstance(text, str) else "",
        nonce=metadata.nonce,
        via=metadata.via,
        seen=metadata.seen,
        version=metadata.version,
        client_key=f"{submission.view_id}:{metadata.case_id}:{metadata.version}:move",
        address=_address(submission.values, venue),
        confirmed=frozenset(metadata.confirmed),
        revision=metadata.revision,
    )


def _again(ctx: AppContext, metadata: FormMetadata, form: MoveForm) -> dict[str, Any]:
    """What stands in the way: below the input that it is about, where nothing else has to be read first."""
    hard = [finding for finding in form.violations if finding.hard]
    if not hard or form.news or form.goes_elsewhere:
        return {"response_action": "update", "view": _view(ctx, form)}
    if any(finding.rule == ADDRESS_RULE for finding in hard):
        return stopped(BlockId.MOVE_ADDRESS.value, next(f.reason for f in hard if f.rule == ADDRESS_RULE))
    return stopped(move_block(metadata.revision), " ".join(finding.reason for finding in hard))


def _view(ctx: AppContext, form: MoveForm) -> View:
    return render_move(form, ours=ctx.our_account(form.view.case.network))


def _below(metadata: FormMetadata, venue: Venue) -> str:
    return BlockId.MOVE_VENUE.value if venue is Venue.PUBLIC else move_block(metadata.revision)


def _values(press: Press) -> Any:  # noqa: ANN401 - as Slack sends it; `entered` takes anything
    state = press.view.get("state")
    return state.get("values") if isinstance(state, dict) else {}


def _venue(values: object, metadata: FormMetadata) -> Venue:
    """The venue that is picked; the one that the form was drawn for where Slack does not say."""
    picked = input_value(values, BlockId.MOVE_VENUE.value, ActionId.MOVE_VENUE.value)
    if picked is None:
        return metadata.venue
    try:
        return Venue(str(picked))
    except ValueError:
        raise BadValue from None


def _address(values: object, venue: Venue) -> str:
    typed = input_value(values, BlockId.MOVE_ADDRESS.value, ActionId.MOVE_ADDRESS.value)
    return typed.strip() if venue is Venue.EMAIL and isinstance(typed, str) else ""

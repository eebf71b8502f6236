"""Handle the "Move to…" form: open, redraw per venue, count characters, submit."""

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncApp

from adapters.slack.action_ids import ActionId, BadValue, BlockId, CallbackId, handoff_block, parse_value
from adapters.slack.message_content import View
from adapters.slack.modals import FormMetadata, parse_metadata, render_handoff
from adapters.slack.refusal_texts import violation_text
from domain.errors import Refused
from domain.handoffs.forms import HandoffForm
from domain.handoffs.offer_message import OfferViolation
from domain.venues import Venue
from handlers.cases.open_forms import open_form
from handlers.context import AppContext
from handlers.handoffs.arrival import return_to_public
from handlers.handoffs.form import HandoffSubmission, TypedText, open_handoff_form, submit_handoff
from handlers.handoffs.venues import HandoffVenues
from handlers.slack.current_request import run_once, stores_request
from handlers.slack.form_errors import form_refusal_text, input_error, keep_opened_state, warn_in_form
from handlers.slack.form_state import forget_form, show_form
from handlers.slack.listeners import on_close, on_press, on_submit
from handlers.slack.payloads import Press, Submission, form_values, input_text, input_value, read_text
from storage.unit_of_work import UnitOfWork


def register(app: AsyncApp, ctx: AppContext) -> None:
    """Register the form and the button that opens it."""
    app.action(ActionId.CASE_HANDOFF.value)(on_press(ctx, _open))
    app.action(ActionId.HANDOFF_VENUE.value)(on_press(ctx, _change_venue))
    app.action(ActionId.HANDOFF_ADDRESS.value)(on_press(ctx, _change_venue))
    app.action(ActionId.HANDOFF_TEXT.value)(on_press(ctx, _update_count))
    app.view(CallbackId.HANDOFF.value)(on_submit(ctx, _submit))
    app.view_closed(CallbackId.HANDOFF.value)(on_close(ctx, forget_form))


async def _open(ctx: AppContext, press: Press) -> None:
    case_id, now = parse_value(press.value).case_id, ctx.clock.now()
    form = await ctx.desk.run_at_once(
        _open_form, case_id=case_id, user_id=press.user_id, venues=ctx.venues, now=now, home=press.home
    )
    await show_form(ctx, press, case_id, _render(ctx, form))


def _open_form(
    uow: UnitOfWork, *, case_id: int, user_id: str, venues: HandoffVenues, now: datetime, home: str
) -> HandoffForm:
    form = open_handoff_form(uow, case_id=case_id, user_id=user_id, venues=venues, now=now)
    open_form(uow, form.view.case, user_id=user_id, now=now, home=home)
    return form


async def _change_venue(ctx: AppContext, press: Press) -> None:
    """Redraw the form with the proposed text of the chosen venue and of where it is sent.

    Of a venue that stays, a text that was edited is kept, but never made public by this alone.
    """
    metadata = parse_metadata(press.metadata)
    values = form_values(press.view)
    venue = _venue(values, metadata)
    text = input_value(values, handoff_block(metadata.revision), ActionId.HANDOFF_TEXT.value)
    typed = TypedText(text, metadata.via) if venue is metadata.venue and isinstance(text, str) else None
    load = partial(
        _load_form, ctx, metadata.case_id, press.user_id, venue, _address(values, venue), metadata.nonce
    )
    try:
        form = await load(typed)
        if form.via is Venue.PUBLIC:
            form = await load(None)
    except Refused as refusal:
        await warn_in_form(ctx, press, refusal)
        return
    if (form.chosen, form.via) == (metadata.venue, metadata.via):
        return
    await _redraw(ctx, press, metadata, replace(form, revision=metadata.revision + 1))


async def _update_count(ctx: AppContext, press: Press) -> None:
    """Redraw the form with the typed text's weighted length and its price."""
    metadata = parse_metadata(press.metadata)
    text = read_text(press.action.get("value"))
    venue, address = metadata.venue, _address(form_values(press.view), metadata.venue)
    try:
        form = await _load_form(ctx, metadata.case_id, press.user_id, venue, address, metadata.nonce)
    except Refused as refusal:
        await warn_in_form(ctx, press, refusal)
        return
    form = replace(
        form,
        text=text,
        length=ctx.venues.count(form.view.case, text, form.via).length,
        cost=ctx.venues.price(form.view.case, text, form.via),
        revision=metadata.revision,
    )
    await _redraw(ctx, press, metadata, form)


async def _redraw(ctx: AppContext, press: Press, metadata: FormMetadata, form: HandoffForm) -> None:
    view = _render(ctx, keep_opened_state(form, metadata))
    await ctx.modals.update_view(press.view_id, view, seen_hash=press.view.get("hash"))


async def _load_form(
    ctx: AppContext,
    case_id: int,
    user_id: str,
    chosen: Venue | None = None,
    address: str = "",
    nonce: str | None = None,
    typed: TypedText | None = None,
) -> HandoffForm:
    return await ctx.desk.run_at_once(
        open_handoff_form,
        case_id=case_id,
        user_id=user_id,
        venues=ctx.venues,
        now=ctx.clock.now(),
        chosen=chosen,
        address=address,
        nonce=nonce or None,
        typed=typed,
    )


@stores_request
async def _submit(ctx: AppContext, submission: Submission) -> dict[str, Any] | None:
    metadata = parse_metadata(submission.metadata)
    venue = _venue(submission.values, metadata)
    if venue is not metadata.venue:
        # Submitted before the redraw for this venue: its text has not been shown yet.
        form = await _load_form(ctx, metadata.case_id, submission.user_id, venue, "", metadata.nonce)
        form = replace(keep_opened_state(form, metadata), revision=metadata.revision + 1)
        return {"response_action": "update", "view": _render(ctx, form)}
    try:
        return await _submit_handoff(ctx, submission, metadata, venue)
    except Refused as refusal:
        block = _error_block(submission, metadata, venue)
        return input_error(block, await form_refusal_text(ctx, refusal))


async def _submit_handoff(
    ctx: AppContext, submission: Submission, metadata: FormMetadata, venue: Venue
) -> dict[str, Any] | None:
    now = ctx.clock.now()
    if venue is Venue.PUBLIC:
        await run_once(ctx, return_to_public, case_id=metadata.case_id, user_id=submission.user_id, now=now)
        return None
    result = await run_once(
        ctx,
        submit_handoff,
        _handoff_submission(submission, metadata, venue),
        venues=ctx.venues,
        rules=ctx.rules,
        policy=ctx.policy,
        now=now,
    )
    return _violations_response(ctx, metadata, result) if isinstance(result, HandoffForm) else None


def _handoff_submission(submission: Submission, metadata: FormMetadata, venue: Venue) -> HandoffSubmission:
    return HandoffSubmission(
        case_id=metadata.case_id,
        user_id=submission.user_id,
        venue=venue,
        text=submission.text(handoff_block(metadata.revision), ActionId.HANDOFF_TEXT),
        nonce=metadata.nonce,
        via=metadata.via,
        seen=metadata.seen,
        version=metadata.version,
        client_key=f"{submission.view_id}:{metadata.case_id}:{metadata.version}:move",
        address=_address(submission.values, venue),
        confirmed=frozenset(metadata.confirmed),
        revision=metadata.revision,
        take_over_from=metadata.take_over_from,
    )


def _violations_response(ctx: AppContext, metadata: FormMetadata, form: HandoffForm) -> dict[str, Any]:
    """Show hard violations below their input, or redraw the form if there is something to read first."""
    blocking = [violation for violation in form.violations if violation.hard]
    if not blocking or form.new_messages or form.via_changed:
        return {"response_action": "update", "view": _render(ctx, form)}
    for violation in blocking:
        if isinstance(violation, OfferViolation) and violation.concerns_address:
            return input_error(BlockId.HANDOFF_ADDRESS.value, violation_text(violation))
    return input_error(handoff_block(metadata.revision), " ".join(map(violation_text, blocking)))


def _render(ctx: AppContext, form: HandoffForm) -> View:
    return render_handoff(ctx.abuse.form(form), ours=ctx.our_account(form.view.case.network))


def _error_block(submission: Submission, metadata: FormMetadata, venue: Venue) -> str:
    """Return the input that an error stands below: the text, or the choice of venue where there is none."""
    text_block = handoff_block(metadata.revision)
    is_drawn = venue is not Venue.PUBLIC and text_block in submission.values
    return text_block if is_drawn else BlockId.HANDOFF_VENUE.value


def _venue(values: object, metadata: FormMetadata) -> Venue:
    """Return the chosen venue, or the one the form was drawn for if Slack sends none; raises `BadValue`."""
    picked = input_value(values, BlockId.HANDOFF_VENUE.value, ActionId.HANDOFF_VENUE.value)
    if picked is None:
        return metadata.venue
    try:
        return Venue(str(picked))
    except ValueError:
        raise BadValue from None


def _address(values: object, venue: Venue) -> str:
    address = input_text(values, BlockId.HANDOFF_ADDRESS, ActionId.HANDOFF_ADDRESS)
    return address.strip() if venue is Venue.EMAIL else ""

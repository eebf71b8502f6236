"""Link cases to outages and undo links: in bulk from a board, singly from Details."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncApp

from adapters.slack.action_ids import BadValue, parse_id, parse_pair
from adapters.slack.message_content import View
from adapters.slack.modals.outages.links import (
    LinkMetadata,
    parse_link_metadata,
    parse_link_range,
    render_link_preview,
    render_link_to,
    render_links,
    render_many_links,
)
from adapters.slack.outages.link_ids import LinkAction, LinkBlock, LinkCallback
from adapters.slack.wording import count_of
from domain.cases.masked_views import mask_message
from domain.errors import Refused
from domain.outages.links import LinkPage, LinkState
from domain.outages.policy import Right
from handlers.context import AppContext
from handlers.outages.link_pages import load_all_links, load_link_page, load_link_rows
from handlers.outages.links import (
    confirm_links,
    decide_range,
    link_case,
    undo_chosen_links,
    undo_links,
)
from handlers.outages.views import open_outages
from handlers.slack.case_views import details_view
from handlers.slack.current_request import require_new_request, run_once, stores_request
from handlers.slack.form_errors import input_error, show_in_place
from handlers.slack.listeners import on_press, on_submit
from handlers.slack.outage_rights import outage_actor
from handlers.slack.payloads import Press, Submission, input_choices
from handlers.slack.roles import require_any_right

NONE_TICKED = {
    LinkState.PROPOSED: "Tick at least one case, or press Link all shown…",
    LinkState.CONFIRMED: "Tick at least one case, or press Undo all shown…",
}


def register(app: AsyncApp, ctx: AppContext) -> None:
    """Register the modals of links, and the buttons in Details."""
    listeners = {
        LinkAction.PROPOSED: _open_proposed,
        LinkAction.LINKED: _open_linked,
        LinkAction.ALL_SHOWN: _preview_all,
        LinkAction.ALL_LISTED: _preview_everything,
        LinkAction.NONE_SHOWN: _refuse_all,
        LinkAction.PAGE: _turn_page,
        LinkAction.PREVIOUS: _turn_page,
    }
    for action_id, handler in listeners.items():
        app.action(action_id.value)(on_press(ctx, handler, authorize=require_any_right))
    of_agents = {
        LinkAction.CONFIRM: _link_one,
        LinkAction.UNDO: _undo_one,
        LinkAction.LINK_TO: _choose_outage,
    }
    for action_id, handler in of_agents.items():
        app.action(action_id.value)(on_press(ctx, handler))
    submits = {
        LinkCallback.PROPOSED: _preview_ticked,
        LinkCallback.LINKED: _preview_ticked,
        LinkCallback.PREVIEW: _apply,
    }
    for callback, on_submitted in submits.items():
        app.view(callback.value)(on_submit(ctx, on_submitted, authorize=require_any_right))
    app.view(LinkCallback.LINK_TO.value)(on_submit(ctx, _link_to_chosen))


async def _open_proposed(ctx: AppContext, press: Press) -> None:
    view = await _page_view(ctx, press.number, LinkState.PROPOSED, 0, press.user_id)
    await ctx.modals.open_view(press.trigger_id, view)


async def _open_linked(ctx: AppContext, press: Press) -> None:
    view = await _page_view(ctx, press.number, LinkState.CONFIRMED, 0, press.user_id)
    await ctx.modals.open_view(press.trigger_id, view)


async def _turn_page(ctx: AppContext, press: Press) -> None:
    outage_id, page = parse_pair(press.value)
    await _update(ctx, press, await _page_view(ctx, outage_id, _state_shown(press), page, press.user_id))


@stores_request
async def _refuse_all(ctx: AppContext, press: Press) -> None:
    """Refuse all that the page shows, and show the next ones."""
    shown = _shown(press)
    await run_once(
        ctx,
        undo_chosen_links,
        outage_id=shown.outage_id,
        case_ids=shown.case_ids,
        actor=await outage_actor(ctx, press.user_id),
        now=ctx.clock.now(),
    )
    await _update(ctx, press, await _page_view(ctx, shown.outage_id, LinkState.PROPOSED, 0, press.user_id))


async def _preview_all(ctx: AppContext, press: Press) -> None:
    shown = _shown(press)
    view = await _preview(ctx, shown, shown.case_ids, _state_shown(press), press.user_id)
    await _update(ctx, press, view)


async def _preview_everything(ctx: AppContext, press: Press) -> None:
    """Show what linking all that is proposed, or undoing all links, would do."""
    (await outage_actor(ctx, press.user_id)).require(Right.DRAFT)
    many = await ctx.desk.run_at_once(
        load_all_links,
        outage_id=press.number,
        state=_state_shown(press),
        reader=press.user_id,
        now=ctx.clock.now(),
    )
    mask = ctx.abuse.mask_for(many.page.blur_abuse)
    least_sure = [replace(row, message=mask_message(row.message, mask)) for row in many.least_sure]
    await _update(
        ctx, press, render_many_links(replace(many, page=_masked(ctx, many.page), least_sure=least_sure))
    )


async def _preview_ticked(ctx: AppContext, submission: Submission) -> dict[str, Any]:
    """Show what is ticked in place of the page."""
    shown = parse_link_metadata(submission.metadata)
    ticked = _ticked(submission)
    state = _state_of(submission.view.get("callback_id"))
    if not ticked:
        return input_error(_first_block(submission), NONE_TICKED[state])
    view = await _preview(ctx, shown, ticked, state, submission.user_id)
    return {"response_action": "update", "view": view}


@stores_request
async def _apply(ctx: AppContext, submission: Submission) -> dict[str, Any]:
    """Link the cases of the preview, or undo their links."""
    verb, _, rest = submission.metadata.partition(":")
    actor = await outage_actor(ctx, submission.user_id)
    if verb == "all":
        await require_new_request(ctx)
        links = parse_link_range(rest)
        number = await ctx.desk.run(decide_range, links=links, actor=actor, now=ctx.clock.now())
        return await _decided(ctx, links.state, number, links.outage_id, submission.user_id)
    shown = parse_link_metadata(rest)
    if verb not in {"link", "undo"}:
        raise BadValue
    act = confirm_links if verb == "link" else undo_chosen_links
    number = await run_once(
        ctx, act, outage_id=shown.outage_id, case_ids=shown.case_ids, actor=actor, now=ctx.clock.now()
    )
    state = LinkState.PROPOSED if verb == "link" else LinkState.CONFIRMED
    return await _decided(ctx, state, number, shown.outage_id, submission.user_id)


async def _decided(
    ctx: AppContext, before: LinkState, number: int, outage_id: int, reader: str
) -> dict[str, Any]:
    """Say how many were linked or undone; after linking above the next page, where there are more."""
    if before is LinkState.CONFIRMED:
        return show_in_place(f"✓ *{count_of(number, 'link')} undone.*")
    feedback = f"✓ *{count_of(number, 'case')} linked.* *Linked cases…* on the board undoes it."
    page = await ctx.desk.run_at_once(
        load_link_page, outage_id=outage_id, state=LinkState.PROPOSED, page=0, reader=reader
    )
    if not page.rows:
        return show_in_place(feedback)
    return {"response_action": "update", "view": render_links(_masked(ctx, page), feedback=feedback)}


@stores_request
async def _link_one(ctx: AppContext, press: Press) -> None:
    outage_id, case_id = parse_pair(press.value)
    await run_once(
        ctx, link_case, outage_id=outage_id, case_id=case_id, user_id=press.user_id, now=ctx.clock.now()
    )
    await _update(ctx, press, await details_view(ctx, case_id, press.user_id))


@stores_request
async def _undo_one(ctx: AppContext, press: Press) -> None:
    outage_id, case_id = parse_pair(press.value)
    await run_once(
        ctx, undo_links, outage_id=outage_id, case_ids=[case_id], user_id=press.user_id, now=ctx.clock.now()
    )
    await _update(ctx, press, await details_view(ctx, case_id, press.user_id))


async def _choose_outage(ctx: AppContext, press: Press) -> None:
    outages = await ctx.desk.run_at_once(open_outages)
    if not outages:
        raise Refused("Nothing was linked: no outage is open any more.")
    await _update(ctx, press, render_link_to(press.number, outages))


@stores_request
async def _link_to_chosen(ctx: AppContext, submission: Submission) -> dict[str, Any]:
    case_id = parse_id(submission.metadata)
    await run_once(
        ctx,
        link_case,
        outage_id=parse_id(submission.value(LinkBlock.WHICH, LinkAction.WHICH)),
        case_id=case_id,
        user_id=submission.user_id,
        now=ctx.clock.now(),
    )
    view = await details_view(ctx, case_id, submission.user_id)
    return {"response_action": "update", "view": view}


async def _page_view(ctx: AppContext, outage_id: int, state: LinkState, page: int, reader: str) -> View:
    found = await ctx.desk.run_at_once(
        load_link_page, outage_id=outage_id, state=state, page=page, reader=reader
    )
    return render_links(
        _masked(ctx, found), may_decide=Right.DRAFT in (await outage_actor(ctx, reader)).rights
    )


async def _preview(
    ctx: AppContext, shown: LinkMetadata, case_ids: Sequence[int], state: LinkState, reader: str
) -> View:
    """Render the preview of what is still in the state that the page showed."""
    (await outage_actor(ctx, reader)).require(Right.DRAFT)
    found = await ctx.desk.run_at_once(
        load_link_rows, outage_id=shown.outage_id, case_ids=list(case_ids), state=state, reader=reader
    )
    if not found.rows:
        raise Refused("Nothing was changed: somebody else has looked at these cases meanwhile.")
    return render_link_preview(_masked(ctx, found), undoes=state is LinkState.CONFIRMED)


def _masked(ctx: AppContext, page: LinkPage) -> LinkPage:
    mask = ctx.abuse.mask_for(page.blur_abuse)
    return replace(page, rows=[replace(row, message=mask_message(row.message, mask)) for row in page.rows])


def _shown(press: Press) -> LinkMetadata:
    return parse_link_metadata(press.metadata)


def _state_shown(press: Press) -> LinkState:
    return _state_of(press.view.get("callback_id"))


def _state_of(callback: object) -> LinkState:
    return LinkState.PROPOSED if callback == LinkCallback.PROPOSED else LinkState.CONFIRMED


def _ticked(submission: Submission) -> list[int]:
    blocks = [block for block in submission.values if block.startswith("outage.cases.")]
    return [
        parse_id(value)
        for block in blocks
        for value in input_choices(submission.values, block, LinkAction.CASES)
    ]


def _first_block(submission: Submission) -> str:
    blocks = submission.view.get("blocks")
    inputs = [one for one in blocks if one.get("type") == "input"] if isinstance(blocks, list) else []
    if not inputs:
        raise BadValue
    return str(inputs[0].get("block_id"))


async def _update(ctx: AppContext, press: Press, view: View) -> None:
    await ctx.modals.update_view(press.view_id, view)

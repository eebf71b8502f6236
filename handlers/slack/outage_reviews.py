"""Show a notice that has not left, and hear its approval, its withdrawal and its edits."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Any

from slack_bolt.async_app import AsyncApp

from adapters.slack.message_content import View
from adapters.slack.modals import render_notice
from adapters.slack.modals.outages.metadata import parse_review_metadata
from adapters.slack.modals.outages.review import CHANGED, render_review
from adapters.slack.outages.ids import OutageAction, OutageCallback
from adapters.slack.outages.wording import held_text
from domain.outages.lifecycle import NoticeEdited
from domain.outages.notices import NoticeState, NoticeText
from domain.outages.review import NoticeReview
from handlers.context import AppContext
from handlers.outages.notices import withdraw_notice
from handlers.outages.pauses import current_pause
from handlers.outages.reviews import approve_seen, load_review, submit_seen
from handlers.outages.views import view_notice
from handlers.slack.current_request import require_new_request, run_once, stores_request
from handlers.slack.form_errors import show_in_place
from handlers.slack.form_state import show_view
from handlers.slack.listeners import on_press, on_submit
from handlers.slack.outage_rights import outage_actor
from handlers.slack.payloads import Press, Submission
from handlers.slack.roles import require_any_right

MAX_NAMES = 60
#: Seconds after which the answers that are there are shown, where not all are.
QUICK = 1.5
#: Seconds between the tries to update a modal that Slack may not have drawn yet.
_WAITS = (0.0, 0.3, 0.6, 1.2, 2.4)


def register(app: AsyncApp, ctx: AppContext) -> None:
    """Register the review and the buttons that open it."""
    listeners = {OutageAction.REVIEW: _review, OutageAction.WITHDRAW: _withdraw}
    for action_id, handler in listeners.items():
        app.action(action_id.value)(on_press(ctx, handler, authorize=require_any_right))
    app.view(OutageCallback.REVIEW.value)(on_submit(ctx, _submit, authorize=require_any_right))


async def review_of(ctx: AppContext, notice_id: int, typed: Sequence[NoticeText] = ()) -> NoticeReview:
    """Load a notice with what is known of its destinations by now. Raises `Refused`."""
    now = ctx.clock.now()
    return await ctx.desk.run_at_once(
        load_review,
        notice_id=notice_id,
        destinations=ctx.destinations,
        policy=ctx.policy.outages,
        words=ctx.notice_words,
        names=await colleague_names(ctx),
        preflights=ctx.preflights.known(now),
        now=now,
        typed=typed,
    )


async def colleague_names(ctx: AppContext) -> list[str]:
    """Return the names of colleagues that are known by now; others are asked for in the background."""
    members = await ctx.directory.members(ctx.policy.outages.oncall_channel)
    return ctx.directory.known_names(members | await ctx.directory.agents())


def ask_destinations(
    ctx: AppContext, names: Collection[str], external_id: str, draw: Callable[[], Awaitable[View | None]]
) -> None:
    """Ask the destinations in the background; then draw the modal again, if it still shows the same.

    What the quick ones answered is shown while others are awaited. `draw` returns `None` where the notice has
    changed since.
    """

    async def ask() -> None:
        members = sorted(
            await ctx.directory.members(ctx.policy.outages.oncall_channel) | await ctx.directory.agents()
        )
        await asyncio.gather(
            ctx.preflights.ask(ctx.destinations, names, now=ctx.clock.now()),
            *(ctx.directory.person(user_id) for user_id in members[:MAX_NAMES]),
        )

    async def work() -> None:
        asking = asyncio.create_task(ask())
        try:
            _, awaited = await asyncio.wait({asking}, timeout=QUICK)
            if awaited:
                await show()
            await asking
        finally:
            asking.cancel()
        await show()

    async def show() -> None:
        view = await draw()
        for wait in _WAITS:
            await asyncio.sleep(wait)
            if view is None or await ctx.modals.update_named_view(external_id, view):
                return

    ctx.background.start(work(), name="asking destinations about a notice")


async def show_review(ctx: AppContext, press: Press, notice_id: int) -> None:
    """Open the review of a notice; in place of the modal if the button is in one."""
    actor = await outage_actor(ctx, press.user_id)
    external_id = f"review:{press.trigger_id}"[:255]

    async def draw() -> View:
        return render_review(await review_of(ctx, notice_id), actor, external_id=external_id)

    review = await review_of(ctx, notice_id)
    view = render_review(review, actor, external_id=external_id)
    await show_view(ctx, press, view)
    ask_destinations(ctx, review.notice.destinations, external_id, draw)


async def _review(ctx: AppContext, press: Press) -> None:
    await show_review(ctx, press, press.number)


@stores_request
async def _withdraw(ctx: AppContext, press: Press) -> None:
    """Withdraw the notice; the modal says so."""
    actor = await outage_actor(ctx, press.user_id)
    await run_once(ctx, withdraw_notice, notice_id=press.number, actor=actor, now=ctx.clock.now())
    if press.in_modal:
        feedback = render_notice(
            "Withdrawn: nothing was sent. The board shows how the outage stands.", title="Withdrawn"
        )
        await ctx.modals.update_view(press.view_id, feedback)


@stores_request
async def _submit(ctx: AppContext, submission: Submission) -> dict[str, Any] | None:
    """Approve or send what was reviewed; where it was changed since then, show it as it is now."""
    try:
        return await _approve_or_send(ctx, submission)
    except NoticeEdited as edited:
        await require_new_request(ctx)
        return await _show_again(ctx, submission, edited.notice.id)


async def _show_again(ctx: AppContext, submission: Submission, notice_id: int) -> dict[str, Any]:
    actor = await outage_actor(ctx, submission.user_id)
    external_id = f"review:{submission.view_id}:{submission.view.get('hash')}"[:255]

    async def draw() -> View:
        return render_review(
            await review_of(ctx, notice_id), actor, external_id=external_id, feedback=CHANGED
        )

    review = await review_of(ctx, notice_id)
    ask_destinations(ctx, review.notice.destinations, external_id, draw)
    return {"response_action": "update", "view": await draw()}


async def _approve_or_send(ctx: AppContext, submission: Submission) -> dict[str, Any] | None:
    """Approve a notice that waits; send a draft, for approval where the settings ask for it."""
    metadata = parse_review_metadata(submission.metadata)
    actor, now = await outage_actor(ctx, submission.user_id), ctx.clock.now()
    _, notice = await ctx.desk.run_at_once(view_notice, notice_id=metadata.notice_id)
    if notice.state is NoticeState.DRAFT:
        await run_once(
            ctx,
            submit_seen,
            notice_id=metadata.notice_id,
            version=metadata.version,
            seen=metadata.seen,
            destinations=ctx.destinations,
            policy=ctx.policy.outages,
            actor=actor,
            now=now,
        )
        if not ctx.policy.outages.needs_approval and (held := await held_notice_text(ctx)):
            return show_in_place(held)
        return None
    await run_once(
        ctx,
        approve_seen,
        notice_id=metadata.notice_id,
        version=metadata.version,
        seen=metadata.seen,
        destinations=ctx.destinations,
        actor=actor,
        now=now,
    )
    held = await held_notice_text(ctx)
    return show_in_place(held) if held else None


async def held_notice_text(ctx: AppContext) -> str:
    """Return why a notice that was just released waits for the end of the pause; empty without a pause."""
    pause = await ctx.desk.run_at_once(current_pause)
    return held_text(pause) if pause is not None else ""

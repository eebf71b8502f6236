"""Open what `/outage` does: the form of a notice, or the open outages to choose one of."""

from slack_bolt.async_app import AsyncApp

from adapters.slack.modals.outages.small_forms import render_pick
from adapters.slack.outages.ids import OutageAction
from domain.access import Permission
from domain.errors import Refused
from domain.outages.notices import NoticeKind
from domain.outages.outage import OutageState
from handlers.access import may
from handlers.context import AppContext
from handlers.outages.views import open_outages, pending_notice
from handlers.slack.form_state import show_view
from handlers.slack.listeners import on_press
from handlers.slack.outage_forms import further_view, open_outage_form
from handlers.slack.outage_reviews import show_review
from handlers.slack.payloads import Press
from handlers.slack.roles import require_any_right, require_draft_right

NOTHING_TO_REVIEW = (
    "Nothing is shown: the notice that was to be reviewed has left, or was withdrawn. The board of the outage "
    "says how it stands."
)


def register(app: AsyncApp, ctx: AppContext) -> None:
    """Register the choice."""
    app.action(OutageAction.PICK.value)(on_press(ctx, _pick, authorize=require_any_right))


async def open_for_command(ctx: AppContext, trigger_id: str, user_id: str) -> None:
    """Open what `/outage` opens: a form for a new outage, an update of the open one, or a list of them.

    Whoever may not write notices gets the list of those that have one to review. Raises `DeskError` where
    there is none.
    """
    outages = await ctx.desk.run_at_once(open_outages)
    if not await may(ctx, user_id, Permission.DRAFT_NOTICES):
        reviewed = await ctx.desk.run_at_once(open_outages, only_pending=True)
        if not reviewed:
            await require_draft_right(ctx, user_id)
        await ctx.modals.open_view(trigger_id, render_pick(reviewed, opens_another=False))
        return
    if not outages:
        await open_outage_form(ctx, trigger_id)
        return
    [newest, *others] = outages
    pending = await ctx.desk.run_at_once(pending_notice, outage_id=newest.id)
    if others or pending is not None or newest.state is not OutageState.ANNOUNCED:
        await ctx.modals.open_view(trigger_id, render_pick(outages))
        return
    view = await further_view(ctx, newest.id, NoticeKind.UPDATE, offers_another=True)
    await ctx.modals.open_view(trigger_id, view)


async def _pick(ctx: AppContext, press: Press) -> None:
    """Show what can be done with an outage: the review of what has not left, else an update."""
    outage_id = press.number
    pending = await ctx.desk.run_at_once(pending_notice, outage_id=outage_id)
    if pending is not None:
        await show_review(ctx, press, pending.id)
    else:
        if not await may(ctx, press.user_id, Permission.DRAFT_NOTICES):
            raise Refused(NOTHING_TO_REVIEW)
        await show_view(ctx, press, await further_view(ctx, outage_id, NoticeKind.UPDATE))

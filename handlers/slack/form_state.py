"""Show modals. Forms to write to a customer are recorded as open, so that colleagues see who writes."""

from adapters.slack.message_content import View
from adapters.slack.modal_client import ModalError
from adapters.slack.modals import parse_metadata
from handlers.cases.open_forms import close_form
from handlers.context import AppContext
from handlers.slack.payloads import Press, Submission


async def show_view(ctx: AppContext, press: Press, view: View) -> None:
    """Open the view; in place of the modal if the button is in one."""
    if press.in_modal:
        await ctx.modals.update_view(press.view_id, view)
    else:
        await ctx.modals.open_view(press.trigger_id, view)


async def show_form(ctx: AppContext, press: Press, case_id: int, view: View) -> None:
    """Open a form that is recorded as open; it is no longer where Slack does not show it."""
    try:
        await ctx.modals.open_view(press.trigger_id, view)
    except ModalError:
        await _close(ctx, case_id, press.user_id)
        raise


async def forget_form(ctx: AppContext, closed: Submission) -> None:
    """Record that a form was closed without being submitted."""
    await _close(ctx, parse_metadata(closed.metadata).case_id, closed.user_id)


async def _close(ctx: AppContext, case_id: int, user_id: str) -> None:
    await ctx.desk.run_at_once(close_form, case_id=case_id, user_id=user_id, now=ctx.clock.now())

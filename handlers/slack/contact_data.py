"""Handle *Show contact data* and *Show files in the thread*."""

from slack_bolt.async_app import AsyncApp

from adapters.slack.action_ids import parse_value
from adapters.slack.cases.form_ids import CaseFormAction
from adapters.slack.modals import render_paragraph
from adapters.slack.records.contact_masking import render_contacts
from domain.access import Permission
from handlers.context import AppContext
from handlers.records.contact_data import show_contacts, show_files
from handlers.slack.listeners import on_press
from handlers.slack.payloads import Press
from handlers.slack.roles import Require


def register(app: AsyncApp, ctx: AppContext) -> None:
    """Register the buttons of cards and Details, and that of the answer."""
    may_see = Require(Permission.SEE_CONTACT_DATA)

    async def show(_masked: AppContext, press: Press) -> None:
        await _show_contacts(ctx, press)

    app.action(CaseFormAction.SHOW_CONTACTS.value)(on_press(ctx, show, authorize=may_see))
    app.action(CaseFormAction.SHOW_FILES.value)(on_press(ctx, _show_files, authorize=may_see))


async def _show_contacts(ctx: AppContext, press: Press) -> None:
    """Show them to the person alone; `ctx` masks nothing.

    In a modal: an ephemeral message becomes a direct message, which stays, where they are not in the channel.
    """
    contacts = await ctx.desk.run_at_once(
        show_contacts,
        case_id=parse_value(press.value).case_id,
        user_id=press.user_id,
        now=ctx.clock.now(),
    )
    content = render_contacts(contacts.case, contacts.found, contacts.hidden_files)
    await ctx.modals.open_notice(press.trigger_id, content)


async def _show_files(ctx: AppContext, press: Press) -> None:
    """Have the thread show the files, and say so in place of the button."""
    await ctx.desk.run_at_once(
        show_files,
        case_id=parse_value(press.value).case_id,
        user_id=press.user_id,
        now=ctx.clock.now(),
    )
    view = render_paragraph("The files are being posted in the thread of the case.")
    await ctx.modals.update_view(press.view_id, view)

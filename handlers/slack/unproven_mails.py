"""Handle the buttons below mails that nobody has proven to be the customer's."""

import asyncio
from collections.abc import Callable

from slack_bolt.async_app import AsyncApp

from adapters.slack.cases.form_ids import CaseFormAction
from adapters.slack.modals.unproven_mail import render_unproven_mail
from handlers.context import AppContext
from handlers.intake.sender_decisions import get_unproven, say_it_is_not, say_it_is_them
from handlers.slack.listeners import on_press
from handlers.slack.payloads import Press


def register(app: AsyncApp, ctx: AppContext) -> None:
    """Register the buttons."""
    app.action(CaseFormAction.UNPROVEN_IS_THEM.value)(on_press(ctx, _it_is_them))
    app.action(CaseFormAction.UNPROVEN_IS_NOT.value)(on_press(ctx, _it_is_not))
    app.action(CaseFormAction.UNPROVEN_SHOW.value)(on_press(ctx, _show))


async def _it_is_them(ctx: AppContext, press: Press) -> None:
    await _decide(ctx, press, say_it_is_them)


async def _it_is_not(ctx: AppContext, press: Press) -> None:
    await _decide(ctx, press, say_it_is_not)


async def _decide(ctx: AppContext, press: Press, use_case: Callable[..., None]) -> None:
    """Decide about the mail, whose words are read off the event loop and off the storage's threads."""
    mail = await ctx.desk.run_at_once(get_unproven, mail_id=press.number)
    classifier = await ctx.live_classifier.refresh()
    await asyncio.to_thread(classifier.prepare, [mail.text])
    await ctx.desk.run(
        use_case, mail_id=mail.id, user_id=press.user_id, classifier=classifier, now=ctx.clock.now()
    )


async def _show(ctx: AppContext, press: Press) -> None:
    mail = await ctx.desk.run_at_once(get_unproven, mail_id=press.number)
    shown = ctx.abuse.mail(mail)
    await ctx.modals.open_view(press.trigger_id, render_unproven_mail(shown))

"""Handle App Home: publish it when it is opened or its filter changes, and store what is chosen there."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp

from adapters.slack.action_ids import ActionId, BadValue
from adapters.slack.cases.form_ids import CaseFormAction
from adapters.slack.home import BlurChoice
from adapters.slack.home_ids import HomeFilter
from adapters.slack.reports.ids import ReportAction
from domain.access import Permission
from domain.cases.rota import AwayChoice, away_until
from handlers.access import may
from handlers.cases.preferences import choose_blur
from handlers.cases.rota import set_away
from handlers.context import AppContext
from handlers.slack.current_request import run_once, stores_request
from handlers.slack.home_refresh import publish_home
from handlers.slack.listeners import on_press
from handlers.slack.payloads import Press
from handlers.slack.roles import require_reports, require_viewer


def register(app: AsyncApp, ctx: AppContext) -> None:
    """Register the Home tab's events and actions."""

    async def on_opened(event: Mapping[str, Any]) -> None:
        await _open(ctx, event)

    app.event("app_home_opened")(on_opened)
    for action in (ActionId.HOME_FILTER, ReportAction.TEAM_REFRESH):
        app.action(action.value)(on_press(ctx, _filter, authorize=require_viewer))
    app.action(ActionId.HOME_BLUR.value)(on_press(ctx, _blur, authorize=require_viewer))
    app.action(CaseFormAction.HOME_AWAY.value)(on_press(ctx, _away))
    app.action(CaseFormAction.HOME_BACK.value)(on_press(ctx, _back))


async def _open(ctx: AppContext, event: Mapping[str, Any]) -> None:
    """Publish the Home tab that somebody opens: the team's for a manager who works on no case."""
    user_id = event.get("user")
    if event.get("tab", "home") != "home" or not isinstance(user_id, str):
        return
    looks_on = not await may(ctx, user_id, Permission.WORK_ON_CASES)
    sees_team = looks_on and await may(ctx, user_id, Permission.SEE_REPORTS)
    await publish_home(ctx, user_id, (HomeFilter.TEAM if sees_team else HomeFilter.ALL).value)


async def _filter(ctx: AppContext, press: Press) -> None:
    try:
        chosen = HomeFilter(press.value)
    except ValueError:
        raise BadValue from None
    if chosen is HomeFilter.TEAM:
        await require_reports(ctx, press.user_id)
    await publish_home(ctx, press.user_id, chosen.value)


@stores_request
async def _blur(ctx: AppContext, press: Press) -> None:
    """Store whether abuse is blurred for whoever pressed; Home is published again after each press."""
    try:
        choice = BlurChoice(press.value)
    except ValueError:
        raise BadValue from None
    await run_once(
        ctx, choose_blur, user_id=press.user_id, blurs=choice is BlurChoice.BLUR, now=ctx.clock.now()
    )


@stores_request
async def _away(ctx: AppContext, press: Press) -> None:
    """Store until when whoever chose is given no case; Home is published again after each press."""
    try:
        choice = AwayChoice(press.value)
    except ValueError:
        raise BadValue from None
    now, zone = ctx.clock.now(), (await ctx.directory.person(press.user_id)).zone
    until = away_until(choice, now=now, zone=zone)
    await run_once(ctx, set_away, user_id=press.user_id, until=until, now=now)


@stores_request
async def _back(ctx: AppContext, press: Press) -> None:
    await run_once(ctx, set_away, user_id=press.user_id, until=None, now=ctx.clock.now())

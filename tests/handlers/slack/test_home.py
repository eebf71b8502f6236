"""App Home of managers: who is offered the team, who is shown it, and who is not any more."""

from dataclasses import replace
from typing import Any

from adapters.slack.action_ids import ActionId
from domain.delivery.effects import PublishHome
from handlers.context import AppContext
from handlers.delivery.performers.notifications import HomePublisher
from handlers.desk import Desk
from handlers.slack import home
from handlers.slack.listeners import on_press
from handlers.slack.roles import require_viewer
from storage.engine import Store
from tests.handlers.made import MIA, SAM, queued
from tests.handlers.slack.listening import Ack, a_slack_context, ephemerals
from tests.handlers.slack.test_reports import MANAGER
from tests.handlers.test_presence import Homes


def managed(store: Store, *managers: str) -> AppContext:
    """Return a context in which these are managers; Sam and Mia are agents."""
    return a_slack_context(
        Desk(store), reports_group="@managers", groups={"@managers": set(managers)}, team_chat=Homes()
    )


async def shown(ctx: AppContext, user: str, chosen: str) -> str:
    chat: Any = ctx.team_chat
    job: Any = type("AJob", (), {"effect": PublishHome(user, chosen)})
    await HomePublisher(ctx).perform(job)
    return str(chat.shown)


async def choose(ctx: AppContext, chosen: str, *, user: str) -> None:
    body = {
        "user": {"id": user},
        "actions": [{"action_id": ActionId.HOME_FILTER.value, "value": chosen}],
        "trigger_id": "t",
        "view": {"type": "home", "private_metadata": "all"},
    }
    ack: Any = Ack()
    await on_press(ctx, home._filter, authorize=require_viewer)(ack=ack, body=body)


async def test_a_manager_who_is_an_agent_is_offered_the_team_and_keeps_the_queue(sqlite: Store) -> None:
    ctx = managed(sqlite, MIA)
    queue = await shown(ctx, MIA, "all")
    assert "The team" in queue
    assert "Unclaimed, by rank" in queue
    assert "The team" not in await shown(ctx, SAM, "all")
    team = await shown(ctx, MIA, "team")
    assert "Who works on what" in team
    assert "'private_metadata': 'team'" in team
    assert "My cases" in team


async def test_a_manager_who_is_no_agent_is_not_offered_cases_of_their_own(sqlite: Store) -> None:
    assert "My cases" not in await shown(managed(sqlite, MANAGER), MANAGER, "team")


async def test_home_opens_with_the_team_for_a_manager_who_is_no_agent(sqlite: Store) -> None:
    ctx = managed(sqlite, MANAGER, MIA)
    for user in (MANAGER, MIA, SAM):
        await home._open(ctx, {"user": user, "tab": "home"})
        await home._open(ctx, {"user": user, "tab": "messages"})
    published = [
        (one["payload"]["user_id"], one["payload"]["chosen"]) for one in queued(sqlite, "publish_home")
    ]
    assert published == [(MANAGER, "team"), (MIA, "all"), (SAM, "all")]


async def test_only_managers_may_choose_the_team(sqlite: Store) -> None:
    ctx = managed(sqlite, MANAGER)
    await choose(ctx, "team", user=SAM)
    assert "@managers" in ephemerals(ctx)[-1]
    await choose(ctx, "team", user=MANAGER)
    assert len(ephemerals(ctx)) == 1


async def test_whoever_lost_the_role_is_not_shown_the_team_by_a_press_on_it(sqlite: Store) -> None:
    """Each press on App Home publishes it again, and theirs may still be the team's."""
    ctx = managed(sqlite, MIA)
    assert "Who works on what" in await shown(ctx, MIA, "team")
    chat: Any = ctx.team_chat
    no_longer = replace(managed(sqlite, MANAGER), team_chat=chat)
    text = await shown(no_longer, MIA, "team")
    assert "Who works on what" not in text
    assert "Unclaimed, by rank" in text

"""Due times while the office is closed: shown where an agent is present and not away."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from domain.cases.service_levels import ServiceLevel, ServiceLevels
from domain.cases.views import without_due_times
from domain.delivery.effects import PublishHome
from domain.delivery.outcomes import Done
from domain.office_hours import office_hours
from handlers.cases.queue import view_home
from handlers.cases.rota import set_away
from handlers.delivery.performers.cards import CardPoster
from handlers.delivery.performers.notifications import HomePublisher
from handlers.desk import Desk
from handlers.presence import is_somebody_there
from storage.engine import Store
from tests.handlers.context import a_context
from tests.handlers.made import MIA, NOW, POLICY, SAM, a_stored_case, do
from tests.handlers.timers.test_rota import Team

CLOSED = ServiceLevels(  # NOW is a Saturday
    levels=[ServiceLevel(name="all", first=timedelta(minutes=30))],
    hours=office_hours(["mon-fri 09:00-18:00"], "UTC"),
)


class Homes:
    """A team chat that keeps the App Homes."""

    def __init__(self) -> None:
        self.shown = ""

    async def publish_home(self, _user_id: str, view: object) -> Done:
        self.shown = str(view)
        return Done()


async def test_due_times_are_shown_at_night_where_somebody_is_there(sqlite: Store) -> None:
    sqlite.service_levels = CLOSED
    policy, chat = replace(POLICY, service_levels=CLOSED), Homes()
    case = a_stored_case(sqlite)
    do(sqlite, lambda uow: uow.cases.save(replace(uow.cases.get(case.id), reply_due=NOW + timedelta(days=2))))
    for team, away, is_there in (
        (Team(), False, True),
        (Team(), True, False),
        (Team(present=frozenset({"U0BOT", "U0BOT2"})), False, False),
    ):
        until = NOW + timedelta(hours=1) if away else None
        do(sqlite, set_away, user_id=SAM, until=until, now=NOW)
        parts: dict[str, Any] = {"directory": team, "policy": policy, "team_chat": chat}
        ctx = a_context(Desk(sqlite), **parts)
        assert await is_somebody_there(ctx) is is_there
        assert (await CardPoster(ctx)._view(case.id)).is_staffed is is_there
        job: Any = type("AJob", (), {"effect": PublishHome(SAM, "all")})
        await HomePublisher(ctx).perform(job)
        assert ("reply due" in chat.shown) is is_there
        assert "Closed until" in chat.shown


def test_what_is_due_before_the_office_opens_keeps_its_due_time(sqlite: Store) -> None:
    sqlite.service_levels = CLOSED
    case = a_stored_case(sqlite)
    do(
        sqlite,
        lambda uow: uow.cases.save(replace(uow.cases.get(case.id), reply_due=NOW + timedelta(hours=1))),
    )
    home = do(sqlite, view_home, user_id=MIA, chosen="all", now=NOW)
    assert without_due_times(home).unclaimed == home.unclaimed
    assert without_due_times(replace(home, opens_at=NOW)).unclaimed[0].case.reply_due is None

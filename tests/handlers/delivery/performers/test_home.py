"""Publish App Home as its reader's roles are when it is shown, whatever its buttons asked for."""

from dataclasses import replace
from typing import Any

import pytest

from domain.cases.rota import RotaMode, RotaPolicy
from domain.delivery.effects import PublishHome
from domain.policy import Roles
from handlers.cases.queue import NOT_ALLOWED_TEXT
from handlers.delivery.performers.notifications import HomePublisher
from handlers.desk import Desk
from storage.engine import Store
from tests.handlers.made import SAM, a_stored_case
from tests.handlers.outages.made import OUTAGE_POLICY
from tests.handlers.slack.listening import Directory, a_slack_context
from tests.handlers.test_presence import Homes


@pytest.mark.parametrize(
    ("viewers", "shown", "hidden"),
    [((), NOT_ALLOWED_TEXT, "Ana Ruiz"), ((SAM,), "Ana Ruiz", NOT_ALLOWED_TEXT)],
)
async def test_who_lost_their_roles_sees_no_case(
    sqlite: Store, viewers: tuple[str, ...], shown: str, hidden: str
) -> None:
    a_stored_case(sqlite)
    homes: Any = Homes()
    directory: Any = Directory(known={}, groups={"@viewers": viewers})
    ctx = a_slack_context(Desk(sqlite))
    policy = replace(ctx.policy, roles=Roles(viewer="@viewers"))
    ctx = replace(ctx, directory=directory, policy=policy, team_chat=homes)
    job: Any = type("AJob", (), {"effect": PublishHome(SAM, "all")})
    await HomePublisher(ctx).perform(job)
    assert shown in homes.shown
    assert hidden not in homes.shown
    assert ("It is seen by members of" in homes.shown and "@viewers" in homes.shown) is (not viewers)


@pytest.mark.parametrize(("user", "acts"), [(SAM, True), ("U0VIEWER", False)])
async def test_whoever_may_not_act_on_cases_is_offered_no_act(
    sqlite: Store, user: str, *, acts: bool
) -> None:
    a_stored_case(sqlite)
    homes: Any = Homes()
    directory: Any = Directory(known={SAM: "Sam"}, groups={"@viewers": {"U0VIEWER"}})
    ctx = a_slack_context(Desk(sqlite))
    policy = replace(ctx.policy, roles=Roles(viewer="@viewers"), rota=RotaPolicy(mode=RotaMode.LEAST_BUSY))
    ctx = replace(ctx, directory=directory, policy=policy, team_chat=homes)
    job: Any = type("AJob", (), {"effect": PublishHome(user, "mine" if acts else "all")})
    await HomePublisher(ctx).perform(job)
    for offered in ("My cases", "Away until…", "/mentions next"):
        assert (offered in homes.shown) is acts, offered
    assert "'text': 'Claim'" not in homes.shown


@pytest.mark.parametrize("on_call", [(), (SAM,)])
async def test_only_who_may_open_an_outage_is_offered_it(sqlite: Store, on_call: tuple[str, ...]) -> None:
    homes: Any = Homes()
    ctx = a_slack_context(Desk(sqlite))
    directory: Any = Directory(channels={OUTAGE_POLICY.oncall_channel: on_call})
    policy = replace(ctx.policy, outages=OUTAGE_POLICY)
    ctx = replace(ctx, directory=directory, team_chat=homes, policy=policy)
    job: Any = type("AJob", (), {"effect": PublishHome(SAM, "all")})
    await HomePublisher(ctx).perform(job)
    assert "Blur abuse" in homes.shown
    assert ("Open an outage…" in homes.shown) is bool(on_call)

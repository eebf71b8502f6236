"""`/outage rehearse`: who may, what to set, one at a time."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from adapters.slack.action_ids import BadValue
from domain.access import Standing
from domain.delivery.outcomes import Done, Failed, Finding
from domain.errors import Refused
from domain.outages.policy import OutagePolicy
from handlers.context import AppContext
from handlers.desk import Desk
from handlers.outages.rehearsals import current_rehearsal
from handlers.slack.outage_command import run_outage_command
from handlers.slack.payloads import Command, Submission
from handlers.slack.rehearsals import _start
from tests.handlers.context import a_context
from tests.handlers.made import KAI, MIA, POLICY

DRILL = "C0DRILL"


@dataclass
class Slack:
    """On call is Kai; keeps the views that are opened. `found` is the rehearsal channel."""

    found: Finding = field(default_factory=lambda: Done({"channel": DRILL, "members": 3}))
    views: list[dict[str, Any]] = field(default_factory=list)

    async def standing(self, _user_id: str) -> Standing:
        return Standing.MEMBER

    async def members(self, _channel: str) -> frozenset[str]:
        return frozenset({KAI})

    async def describe_channel(self, _channel: str) -> Finding:
        return self.found

    async def open_view(self, _trigger: str, view: dict[str, Any]) -> str:
        self.views.append(view)
        return "V1"


@pytest.fixture
def desk(sqlite: Any) -> Iterator[Desk]:  # noqa: ANN401 - a store
    desk = Desk(sqlite)
    yield desk
    desk.close()


def a_world(desk: Desk, channel: str | None = DRILL) -> tuple[AppContext, Slack]:
    slack = Slack()
    policy = replace(POLICY, outages=OutagePolicy(oncall_channel="C0ONCALL", rehearsal_channel=channel))
    return a_context(desk, policy=policy, directory=slack, modals=slack, team_chat=slack), slack


async def typed(ctx: AppContext, text: str, user: str = KAI) -> str:
    command = Command(user_id=user, text=text, trigger_id="1", channel="C0ONCALL")
    return str(await run_outage_command(ctx, command))


def chosen(**changes: Any) -> Submission:  # noqa: ANN401 - of any input
    values = {"flood": "invented", "posts": "20", "minutes": "5"} | changes
    state = {
        f"rehearsal.{name}": {f"rehearsal.{name}": {"selected_option": {"value": value}}}
        for name, value in values.items()
    }
    return Submission(user_id=KAI, view_id="V1", metadata="", values=state)


async def test_without_a_channel_it_says_what_to_set(desk: Desk) -> None:
    ctx, slack = a_world(desk, channel=None)
    assert "slack.rehearsal_channel" in await typed(ctx, "rehearse")
    assert slack.views == []


async def test_only_who_may_announce_may_rehearse(desk: Desk) -> None:
    ctx, _ = a_world(desk)
    with pytest.raises(Refused):
        await typed(ctx, "rehearse", MIA)


async def test_the_form_starts_one_and_a_second_is_told(desk: Desk) -> None:
    ctx, slack = a_world(desk)
    assert await typed(ctx, "rehearse") == "None"
    assert slack.views[0]["callback_id"] == "outage_rehearse"
    assert await _start(ctx, chosen()) is None
    started = await desk.run(current_rehearsal)
    assert started is not None
    assert (started.posts, started.minutes, started.recorded_from) == (20, 5, None)
    assert "A REHEARSAL is going on" in await typed(ctx, "rehearse")
    assert "A REHEARSAL is going on" in str(await _start(ctx, chosen()))
    assert "A REHEARSAL is going on" in await typed(ctx, "list")
    assert "The rehearsal ends" in await typed(ctx, "rehearse stop")


@pytest.mark.parametrize(
    ("found", "why"),
    [
        (Failed("not in it"), "Invite it there"),
        (Done({"channel": "C0OTHER"}), "Start the bot again"),
    ],
)
async def test_a_channel_that_cannot_be_used_is_refused(desk: Desk, found: Finding, why: str) -> None:
    ctx, slack = a_world(desk)
    slack.found = found
    with pytest.raises(Refused, match=why):
        await _start(ctx, chosen())
    assert await desk.run(current_rehearsal) is None


@pytest.mark.parametrize("changes", [{"posts": "9999"}, {"minutes": "0"}, {"flood": "tomorrow"}])
async def test_what_the_form_did_not_offer_is_not_taken(desk: Desk, changes: dict[str, str]) -> None:
    ctx, _ = a_world(desk)
    with pytest.raises(BadValue):
        await _start(ctx, chosen(**changes))

"""Faults by name, for the page: what goes wrong outside, and how to see what the bot makes of it."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

from sandbox.faults import Fault, Faults
from sandbox.slack import Workspace
from sandbox.x import messaging, problems

PATH = "/ui/faults"
SUPPORT = "C0SUPPORT"
LEAD = "U0KAI"
SEND_POST = "x:POST /2/tweets"
WAIT_SECONDS = 30


@dataclass(frozen=True, slots=True)
class NamedFault:
    """A fault that the page offers; `note` says what to do to see it.

    It is what `make` makes at a time (seconds since the epoch), an archived `channel`, or a deactivated
    `person`.
    """

    name: str
    title: str
    note: str
    make: Callable[[float], Fault] | None = None
    channel: str = ""
    person: str = ""


def _refusal(call: str, problem: problems.Problem, times: int) -> Fault:
    return Fault(
        call,
        "status",
        times=times,
        status=problem.status,
        body=json.dumps(problem.body),
        headers=dict(problem.headers),
    )


def _used_up(now: float) -> dict[str, str]:
    reset = str(int(now) + WAIT_SECONDS)
    return {"x-rate-limit-limit": "100", "x-rate-limit-remaining": "0", "x-rate-limit-reset": reset}


NAMED = (
    NamedFault(
        "lost-answer",
        "Lose X's reply to the next answer",
        "the answer is posted, but the bot is not told: answer a card",
        lambda _now: Fault(SEND_POST, "lost-after"),
    ),
    NamedFault(
        "too-many",
        "X refuses the next answer: too many requests",
        "429: it goes out by itself a little later",
        lambda now: _refusal(SEND_POST, problems.rate_limited(_used_up(now)), 1),
    ),
    NamedFault(
        "closed-messages",
        "Customers take no direct messages",
        "move a case to a direct message, and answer there",
        lambda _now: _refusal(f"x:{messaging.SEND}", problems.forbidden(problems.MAY_NOT_DM), -1),
    ),
    NamedFault(
        "archived-channel",
        "Archive #support",
        "cards must go somewhere else, and somebody is told",
        channel=SUPPORT,
    ),
    NamedFault(
        "deactivated-person",
        "Deactivate Kai in Slack",
        "first claim a case or open an outage as Kai; within two minutes, who takes over?",
        person=LEAD,
    ),
)


class FaultMenu:
    """The named faults, and which of them are on."""

    def __init__(self, faults: Faults, slack: Workspace, clock: Callable[[], float]) -> None:
        self._faults = faults
        self._slack = slack
        self._clock = clock
        self._made: dict[str, Fault] = {}

    def entries(self) -> list[dict[str, object]]:
        """Return the faults as JSON."""
        return [
            {"name": one.name, "title": one.title, "note": one.note, "on": self.is_on(one)} for one in NAMED
        ]

    def is_on(self, named: NamedFault) -> bool:
        """Return whether it is still to happen, or goes on."""
        if named.channel:
            return self._slack.channel(named.channel).is_archived
        if named.person:
            return self._slack.user(named.person).deleted
        return named.name in self._made and self._made[named.name].times != 0

    def switch(self, name: str, *, on: bool) -> None:
        """Let it happen, or end it. Raises KeyError for a name that there is not."""
        named = {one.name: one for one in NAMED}[name]
        if named.channel:
            self._slack.channel(named.channel).is_archived = on
        elif named.person:
            self._slack.user(named.person).deleted = on
        elif on and named.make is not None:
            self._made[name] = self._faults.add(named.make(self._clock()))
        elif name in self._made:
            self._made[name].times = 0


def add_routes(app: web.Application, menu: FaultMenu) -> None:
    """Mount /ui/faults: GET lists the faults, POST {"name": …, "on": true or false} switches one."""

    async def show(_request: web.Request) -> web.Response:
        return web.json_response({"faults": menu.entries()})

    async def switch(request: web.Request) -> web.Response:
        try:
            body = json.loads(await request.read())
            menu.switch(body["name"], on=body["on"] is True)
        except (ValueError, TypeError, KeyError):
            return web.json_response({"error": "There is no such fault."}, status=400)
        return web.json_response({"faults": menu.entries()})

    app.router.add_get(PATH, show)
    app.router.add_post(PATH, switch)

"""Each tracker's client, and what stands in for the other side, over HTTP."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from adapters.trackers.github import GitHub
from adapters.trackers.jira import Jira
from adapters.trackers.linear import Linear
from adapters.trackers.registry import TRACKERS
from bot import SystemClock
from domain.trackers.trackers import Tracker, TrackerProfile
from sandbox.app import new_app, serving
from sandbox.faults import Faults
from sandbox.ledger import Ledger
from sandbox.trackers import Board, github, jira, linear

TOTAL_SECONDS = 1.0


@dataclass(kw_only=True)
class StandIn:
    """A tracker's client and the other side.

    `creates`, `finds` and `reads` are the patterns of these calls, for a fault. `shown` returns what a reader
    sees of an issue's body, as the tracker's own format has it.
    """

    profile: TrackerProfile
    client: Tracker
    board: Board
    creates: str
    finds: str
    reads: str
    secrets: tuple[str, ...]
    address: Callable[[str], str]

    @property
    def faults(self) -> Faults:
        return self.board.faults

    @property
    def bodies(self) -> list[Any]:
        return [one.body for one in self.board.issues.values()]


@asynccontextmanager
async def a_github(address: str | None = None, *, token: str = github.TOKEN) -> AsyncIterator[StandIn]:
    board, app = github.a_board(Ledger(), Faults()), new_app()
    github.add_routes(app, board)
    async with serving(app) as where:
        client = GitHub(
            api_url=address or f"{where}{github.PREFIX}/api/v3",
            token=token,
            repositories=github.REPOSITORIES,
            clock=SystemClock(),
            total_seconds=TOTAL_SECONDS,
        )
        issues = "github:GET /repos/{repo}/issues"
        yield StandIn(
            profile=TRACKERS["github"].profile,
            client=client,
            board=board,
            creates="github:POST *",
            finds=issues,
            reads=f"{issues}*",
            secrets=(github.TOKEN,),
            address=lambda key: f"{where}{github.PREFIX}/{key.replace('#', '/issues/')}?q=1",
        )
        await client.close()


@asynccontextmanager
async def a_jira(address: str | None = None, *, token: str = jira.TOKEN) -> AsyncIterator[StandIn]:
    board, app = jira.a_board(Ledger(), Faults()), new_app()
    jira.add_routes(app, board)
    async with serving(app) as where:
        url = address or f"{where}{jira.PREFIX}"
        client = Jira(
            url=url,
            email=jira.EMAIL,
            token=token,
            projects=jira.PROJECTS,
            issue_type="Bug",
            fixed=("Done", "Fixed"),
            clock=SystemClock(),
            total_seconds=TOTAL_SECONDS,
        )
        yield StandIn(
            profile=TRACKERS["jira"].profile,
            client=client,
            board=board,
            creates="jira:POST /issue",
            finds="jira:POST /search/jql",
            reads="jira:POST /issue/bulkfetch",
            secrets=(jira.TOKEN,),
            address=lambda key: f"{url}/browse/{key}",
        )
        await client.close()


@asynccontextmanager
async def a_linear(address: str | None = None, *, token: str = linear.API_KEY) -> AsyncIterator[StandIn]:
    board, app = linear.a_board(Ledger(), Faults()), new_app()
    linear.add_routes(app, board)
    async with serving(app) as where:
        client = Linear(
            api_url=address or f"{where}{linear.PREFIX}",
            api_key=token,
            teams=linear.TEAMS,
            clock=SystemClock(),
            total_seconds=TOTAL_SECONDS,
        )
        yield StandIn(
            profile=TRACKERS["linear"].profile,
            client=client,
            board=board,
            creates="linear:issueCreate",
            finds="linear:issues",
            reads="linear:issues",
            secrets=(linear.API_KEY,),
            address=lambda key: f"https://linear.app/acme/issue/{key}/some-title",
        )
        await client.close()


STAND_INS: Mapping[str, Callable[..., AbstractAsyncContextManager[StandIn]]] = {
    "linear": a_linear,
    "jira": a_jira,
    "github": a_github,
}

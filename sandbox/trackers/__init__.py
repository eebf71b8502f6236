"""Stand-ins for issue trackers: GitHub, Jira and Linear, each with a list of issues and its own API."""

from collections.abc import Callable, Mapping
from datetime import datetime

from aiohttp import web

from sandbox.faults import Faults
from sandbox.ledger import Ledger
from sandbox.trackers import github, jira, linear
from sandbox.trackers.board import Board, IssueOnBoard
from sandbox.trackers.pages import add_pages, state_of

__all__ = [
    "Board",
    "IssueOnBoard",
    "add_pages",
    "add_routes",
    "boards",
    "environment",
    "github",
    "jira",
    "linear",
    "state_of",
]

_TRACKERS = {"linear": linear, "jira": jira, "github": github}


def boards(ledger: Ledger, faults: Faults, clock: Callable[[], datetime]) -> dict[str, Board]:
    """Return each tracker by its name, without an issue."""
    return {name: tracker.a_board(ledger, faults, clock) for name, tracker in _TRACKERS.items()}


def add_routes(app: web.Application, trackers: Mapping[str, Board]) -> None:
    """Mount each tracker's API and pages."""
    for name, board in trackers.items():
        _TRACKERS[name].add_routes(app, board)
        add_pages(app, board)


def environment(address: str) -> dict[str, str]:
    """Return the environment variables of a bot that uses the trackers served at `address`."""
    return {
        name: value for tracker in _TRACKERS.values() for name, value in tracker.environment(address).items()
    }

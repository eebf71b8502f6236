"""Stand-ins for issue trackers: GitHub, Jira and Linear, each with a list of issues and its own API."""

from sandbox.trackers import github, jira, linear
from sandbox.trackers.board import Board, IssueOnBoard

__all__ = ["Board", "IssueOnBoard", "github", "jira", "linear"]

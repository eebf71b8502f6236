"""Define the filters of App Home, which are the values of `HomeView.chosen` and of the view's metadata."""

from enum import StrEnum


class HomeFilter(StrEnum):
    """What App Home can show: groups of cases or, with `TEAM`, what managers see of the team."""

    ALL = "all"
    MINE = "mine"
    UNCLAIMED = "unclaimed"
    DUE_SOON = "due_soon"
    WAITING = "waiting"
    TEAM = "team"

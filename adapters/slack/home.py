"""App Home."""

from adapters.slack.content import View
from domain.views import HomeView


def render_home(view: HomeView, *, team_url: str) -> View:
    """One person's queue. `team_url` ends in "/"."""
    raise NotImplementedError

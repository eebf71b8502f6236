"""Create and follow issues at GitHub, or on a GitHub Enterprise Server."""

from adapters.trackers.entry import TrackerEntry, names_in
from adapters.trackers.github.client import PROFILE, GitHub
from adapters.trackers.github.settings import GitHubSettings
from domain.clock import Clock

__all__ = ["GITHUB", "GitHub"]


def _build(settings: GitHubSettings, clock: Clock) -> GitHub:
    return GitHub(
        api_url=settings.github_api_url,
        token=settings.github_issues_token.get_secret_value(),
        repositories=names_in(settings.github_issues_repositories),
        clock=clock,
    )


GITHUB = TrackerEntry(profile=PROFILE, settings=GitHubSettings, build=_build)

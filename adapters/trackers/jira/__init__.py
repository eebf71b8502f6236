"""Create and follow issues in Jira Cloud."""

from adapters.trackers.entry import TrackerEntry, names_in
from adapters.trackers.jira.client import PROFILE, Jira
from adapters.trackers.jira.settings import JiraSettings
from domain.clock import Clock

__all__ = ["JIRA", "Jira"]


def _build(settings: JiraSettings, clock: Clock) -> Jira:
    return Jira(
        url=settings.jira_url,
        email=settings.jira_email,
        token=settings.jira_api_token.get_secret_value(),
        projects=names_in(settings.jira_projects),
        issue_type=settings.jira_issue_type,
        fixed=names_in(settings.jira_fixed_resolutions),
        clock=clock,
    )


JIRA = TrackerEntry(profile=PROFILE, settings=JiraSettings, build=_build)

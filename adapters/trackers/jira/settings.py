"""Declare Jira's environment variables."""

from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr

from adapters.trackers.entry import NameList, TrackerSettings, names_in
from adapters.trackers.jira.client import PROJECT
from domain.web_addresses import web_address

FIXED = "Done, Fixed, Resolved, Fertig, Erledigt, Behoben, Listo, Terminé, Résolu, Completato, Gereed"


def _projects(given: str) -> str:
    if not all(PROJECT.fullmatch(name) for name in names_in(given)):
        raise ValueError("must be keys of projects such as SUP, separated by commas")
    return given


class JiraSettings(TrackerSettings):
    """The address of our Jira, an account's token, the projects, and what "fixed" is called there."""

    jira_url: Annotated[str, AfterValidator(web_address)] = Field(
        description="our Jira Cloud, such as https://acme.atlassian.net"
    )
    jira_email: str = Field(min_length=3, description="the e-mail address of the account that creates issues")
    jira_api_token: SecretStr = Field(description="an API token of that account")
    jira_projects: Annotated[NameList, AfterValidator(_projects)] = Field(
        description="the keys of the projects in which issues are created, such as SUP; separated by commas"
    )
    jira_issue_type: str = Field("Bug", min_length=1, description="the type of the issues that are created")
    jira_fixed_resolutions: str = Field(
        FIXED, description="the resolutions that mean fixed; any other means closed without a fix"
    )

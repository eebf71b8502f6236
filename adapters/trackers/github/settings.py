"""Declare GitHub's environment variables."""

from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr

from adapters.trackers.entry import NameList, TrackerSettings, names_in
from adapters.trackers.github.client import REPOSITORY
from domain.web_addresses import web_address

DEFAULT_API_URL = "https://api.github.com"


def _repositories(given: str) -> str:
    if not all(REPOSITORY.fullmatch(name) for name in names_in(given)):
        raise ValueError("must be repositories such as acme/app, separated by commas")
    return given


class GitHubSettings(TrackerSettings):
    """The address of GitHub's API, a token, and the repositories."""

    github_api_url: Annotated[str, AfterValidator(web_address)] = Field(
        DEFAULT_API_URL, description="GitHub's API base; https://HOST/api/v3 for an Enterprise Server"
    )
    github_issues_token: SecretStr = Field(
        description="a fine-grained token of GitHub that may read and write issues of the repositories"
    )
    github_issues_repositories: Annotated[NameList, AfterValidator(_repositories)] = Field(
        description="the repositories in which issues are created, such as acme/app; separated by commas"
    )

"""Declare Linear's environment variables."""

from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr

from adapters.trackers.entry import NameList, TrackerSettings
from domain.web_addresses import web_address

DEFAULT_API_URL = "https://api.linear.app"


class LinearSettings(TrackerSettings):
    """The address of Linear's API, a key, and the teams."""

    linear_api_url: Annotated[str, AfterValidator(web_address)] = Field(
        DEFAULT_API_URL, description="Linear's API base, to which `/graphql` is appended"
    )
    linear_api_key: SecretStr = Field(description="a personal API key of Linear that may read and create")
    linear_teams: NameList = Field(
        description="the keys of the teams in which issues are created, such as ENG; separated by commas"
    )

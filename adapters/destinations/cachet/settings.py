"""Declare Cachet's environment variables."""

from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr

from adapters.destinations.entry import DestinationSettings
from domain.web_addresses import web_address


class CachetSettings(DestinationSettings):
    """The address of a Cachet's API, and a key."""

    cachet_api_url: Annotated[str, AfterValidator(web_address)] = Field(
        description="the API base of our Cachet (version 3), such as https://status.example.com/api"
    )
    cachet_api_key: SecretStr = Field(
        description="an API key of Cachet that may manage incidents, schedules and components"
    )

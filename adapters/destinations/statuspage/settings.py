"""Declare Statuspage's environment variables."""

from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr

from adapters.destinations.entry import DestinationSettings
from domain.web_addresses import web_address

DEFAULT_API_URL = "https://api.statuspage.io"


class StatuspageSettings(DestinationSettings):
    """The address of Statuspage's API, a key, and the page."""

    statuspage_api_url: Annotated[str, AfterValidator(web_address)] = Field(
        DEFAULT_API_URL, description="Statuspage's API base, to which `/v1/…` is appended"
    )
    statuspage_api_key: SecretStr = Field(
        description="a key of a Statuspage user who may manage incidents on the page"
    )
    statuspage_page_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9]+$")] = Field(
        description="the id of our page at Statuspage"
    )

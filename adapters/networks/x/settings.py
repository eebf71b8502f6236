"""Declare X's environment variables: the brand account's OAuth 1.0a user context."""

from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr

from adapters.networks.entry import NetworkSettings
from domain.web_addresses import web_address

DEFAULT_API_URL = "https://api.x.com"


class XSettings(NetworkSettings):
    """The address of X's API, and the keys of the brand's account."""

    x_api_url: Annotated[str, AfterValidator(web_address)] = Field(
        DEFAULT_API_URL, description="X's API base, to which `/2/…` is appended"
    )
    x_consumer_key: SecretStr = Field(description="the X app's API key (OAuth 1.0a)")
    x_consumer_secret: SecretStr = Field(description="the X app's API key secret")
    x_access_token: SecretStr = Field(
        description="the brand account's access token on X, with read and write"
    )
    x_access_token_secret: SecretStr = Field(description="the brand account's access token secret")

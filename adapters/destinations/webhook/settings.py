"""Declare the webhook's environment variables."""

from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr

from adapters.destinations.entry import DestinationSettings
from domain.web_addresses import web_address

MIN_SECRET_LENGTH = 16


def _url(value: SecretStr) -> SecretStr:
    web_address(value.get_secret_value())
    return value


def _secret(value: SecretStr) -> SecretStr:
    if len(value.get_secret_value()) < MIN_SECRET_LENGTH:
        raise ValueError(f"must be at least {MIN_SECRET_LENGTH} characters long")
    return value


class WebhookSettings(DestinationSettings):
    """The receiver's address, which may hold a token, and the key of the signatures."""

    notice_webhook_url: Annotated[SecretStr, AfterValidator(_url)] = Field(
        description="an address to which each notice of an outage is sent as JSON"
    )
    notice_webhook_secret: Annotated[SecretStr, AfterValidator(_secret)] = Field(
        description="signs what is sent there: at least 16 characters that the receiver knows too"
    )

"""Define the settings of the web side."""

from ipaddress import ip_network
from typing import Annotated

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from adapters.settings.section import Section


class Web(Section):
    """How the web side is reached."""

    proxies: Annotated[tuple[str, ...], Field(strict=False)] = Field(
        ("127.0.0.1", "::1"),
        description="addresses or networks of the proxies in front of the web side, whose `X-Forwarded-For` is believed: "
        "how much a visitor may ask for goes by it",
    )

    @field_validator("proxies")
    @classmethod
    def _validate_proxies(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for proxy in value:
            try:
                ip_network(proxy)
            except ValueError:
                reason = f"“{proxy}” is no address or network; write one such as 10.0.0.5 or 10.0.0.0/24"
                raise PydanticCustomError("setting", "{why}", {"why": reason}) from None
        return value

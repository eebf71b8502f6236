"""Define the section `[chat]` of `switchboard.toml`."""

from typing import Annotated

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from adapters.settings.section import Section
from domain.chat.office_hours import OfficeHours, office_hours

Origin = Annotated[str, Field(pattern=r"^https?://[A-Za-z0-9.-]+(:\d{1,5})?$")]


class Chat(Section):
    """How the live chat looks, and when it is staffed."""

    colour: str = Field("#0f766e", pattern=r"^#[0-9a-fA-F]{6}$", description="the brand's colour")
    greeting: str = Field(
        "", max_length=500, description="the first line in the chat; empty: ours, in the customer's language"
    )
    waiting: str = Field(
        "",
        max_length=200,
        description="what is said of the wait until we have answered in the chat; empty: ours, in the customer's language",
    )
    hours: Annotated[tuple[str, ...], Field(strict=False)] = Field(
        (), description='office hours, such as "mon-fri 09:00-18:00" and "sat 10:00-14:00"; empty: always'
    )
    time_zone: str = Field("UTC", description="the time zone of the office hours, such as Europe/Madrid")
    embed_on: Annotated[tuple[Origin, ...], Field(strict=False)] = Field(
        (),
        description="origins, such as https://shop.example, whose pages may hold the chat in a frame"
        "; those of other sites only where `PUBLIC_URL` is https: the cookie is SameSite=None and Partitioned then, else Lax",
    )

    @field_validator("hours")
    @classmethod
    def _validate_hours(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        _check_hours(value, "UTC")
        return value

    @field_validator("time_zone")
    @classmethod
    def _validate_time_zone(cls, value: str) -> str:
        _check_hours((), value)
        return value

    @property
    def office_hours(self) -> OfficeHours:
        """The parsed office hours."""
        return office_hours(self.hours, self.time_zone)


def _check_hours(lines: tuple[str, ...], zone: str) -> None:
    try:
        office_hours(lines, zone)
    except ValueError as error:
        raise PydanticCustomError("setting", "{why}", {"why": str(error)}) from None

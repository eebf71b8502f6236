"""Define the section `[office]` of `switchboard.toml`: when the desk is staffed, which days are holidays."""

import re
import threading
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, field_validator
from pydantic_core import PydanticCustomError

from adapters.settings.section import Section
from domain.office_hours import OfficeHours, office_hours

if TYPE_CHECKING:
    from holidays import HolidayBase

_REGION = re.compile(r"([A-Z]{2})(?:-([A-Z0-9]{1,5}))?")


def _day(value: object) -> object:
    """Return the day that a text names; what is no text as it is, as a date of TOML."""
    if not isinstance(value, str):
        return value
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise PydanticCustomError(
            "setting", "“{day}” is no day; write year-month-day, as in 2026-12-24", {"day": value}
        ) from None


class Office(Section):
    """When the desk is staffed: service levels and the live chat go by it."""

    hours: Annotated[tuple[str, ...], Field(strict=False)] = Field(
        (), description='office hours, such as "mon-fri 09:00-18:00" and "sat 10:00-14:00"; empty: always'
    )
    time_zone: str = Field("UTC", description="the time zone of the office hours, such as Europe/Madrid")
    holidays: Annotated[tuple[str, ...], Field(strict=False)] = Field(
        (),
        description="countries, or regions of them, on whose public holidays nobody works, such as ES or ES-MD (ISO 3166)",
    )
    closed_on: Annotated[tuple[Annotated[date, BeforeValidator(_day)], ...], Field(strict=False)] = Field(
        (), description='other days on which nobody works, such as "2026-12-24"'
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

    @field_validator("holidays")
    @classmethod
    def _validate_holidays(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for region in value:
            try:
                _calendar(region)
            except ValueError as error:
                raise _refusal(error) from None
        return value

    @property
    def zone(self) -> ZoneInfo:
        """The time zone."""
        return ZoneInfo(self.time_zone)

    @property
    def office_hours(self) -> OfficeHours:
        """The parsed office hours."""
        return office_hours(self.hours, self.time_zone, DaysOff(self.holidays, self.closed_on))


class DaysOff:
    """The public holidays of regions, and other days; of any year that is asked about."""

    def __init__(self, regions: Sequence[str], others: Sequence[date]) -> None:
        self._calendars = [_calendar(region) for region in regions]
        self._others = frozenset(others)
        self._years: dict[int, frozenset[date]] = {}
        # The calendars compute a year while it is asked for, and several threads ask.
        self._lock = threading.Lock()

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and (day in self._others or day in self._of_year(day.year))

    def _of_year(self, year: int) -> frozenset[date]:
        if not self._calendars:
            return frozenset()
        with self._lock:
            if year not in self._years:
                for calendar in self._calendars:
                    calendar.get(date(year, 1, 1))
                self._years[year] = frozenset(
                    day for one in self._calendars for day in one if day.year == year
                )
            return self._years[year]


def _calendar(region: str) -> "HolidayBase":
    """Return the calendar of a country or a region of it; raises `ValueError` for one that is not known."""
    from holidays import country_holidays

    found = _REGION.fullmatch(region)
    try:
        if found is not None:
            return country_holidays(found[1], subdiv=found[2])
    except NotImplementedError:
        pass
    raise ValueError(
        f"the holidays of “{region}” are not known; write a country such as ES, or a region such as ES-MD"
    )


def _check_hours(lines: tuple[str, ...], zone: str) -> None:
    try:
        office_hours(lines, zone)
    except ValueError as error:
        raise _refusal(error) from None


def _refusal(error: ValueError) -> PydanticCustomError:
    return PydanticCustomError("setting", "{why}", {"why": str(error)})

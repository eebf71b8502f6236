"""Define the tables `[[reports.digests]]` of `switchboard.toml`, and convert them to plans."""

import re
from collections.abc import Mapping, Sequence
from datetime import time
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from adapters.settings.section import Channel, Section
from domain.errors import Refused
from domain.office_hours import WEEKDAYS
from domain.reports.digests import Cadence, DigestPlan
from domain.reports.filters import FilterKey, checked_value, filters_of, parse_question

_WHEN = re.compile(rf"(daily|{'|'.join(WEEKDAYS)}) ([01]\d|2[0-3]):([0-5]\d)")


class Digest(Section):
    """A summary that comes by itself: where, when, and of which cases."""

    channel: Channel
    when: str = "mon 09:00"
    filters: str = Field("", max_length=500)
    time_zone: str = ""

    @field_validator("when")
    @classmethod
    def _validate_when(cls, value: str) -> str:
        if _WHEN.fullmatch(value) is None:
            raise _refusal(f"“{value}” is no time of a digest; write one such as mon 09:00 or daily 08:30")
        return value

    @field_validator("time_zone")
    @classmethod
    def _validate_time_zone(cls, value: str) -> str:
        try:
            if value:
                ZoneInfo(value)
        except (KeyError, ValueError, OSError):
            raise _refusal(f"“{value}” is no time zone; write one such as Europe/Madrid") from None
        return value

    @field_validator("filters")
    @classmethod
    def _validate_filters(cls, value: str) -> str:
        try:
            question = parse_question(value)
            for key, one in question.filters:
                if key not in {FilterKey.CHANNEL, FilterKey.AGENT}:
                    checked_value(key, one, networks=(one.lower(),))
        except Refused:
            raise _refusal(
                f"“{value}” are no filters; write some such as language:es situation:refund"
            ) from None
        if question.period:
            raise _refusal(f"“{question.period}” is no filter; a digest covers the day or the week before it")
        if any(key is FilterKey.AGENT for key, _ in question.filters):
            raise _refusal("agent: is no filter of a digest, which everybody in the channel sees")
        return value

    @property
    def cadence(self) -> Cadence:
        """How often it comes."""
        return Cadence.DAILY if self.when.startswith(Cadence.DAILY.value) else Cadence.WEEKLY

    def channels(self) -> frozenset[str]:
        """Return the channels that it names, as written."""
        return frozenset(
            {
                self.channel,
                *(one for key, one in parse_question(self.filters).filters if key is FilterKey.CHANNEL),
            }
        )


def check_digests(digests: tuple[Digest, ...]) -> tuple[Digest, ...]:
    """Refuse two digests of the same into one channel: they would be told apart by nothing."""
    seen = set()
    for digest in digests:
        same = (digest.channel, digest.cadence, digest.filters)
        if same in seen:
            raise _refusal(
                f"two {digest.cadence} digests into {digest.channel} have the same filters; keep one"
            )
        seen.add(same)
    return digests


def digest_plans(
    digests: Sequence[Digest], channel_ids: Mapping[str, str], *, zone: ZoneInfo
) -> tuple[DigestPlan, ...]:
    """Return the plans; `zone` is that of those that name none."""
    return tuple(_plan(digest, channel_ids, zone) for digest in digests)


def _plan(digest: Digest, channel_ids: Mapping[str, str], zone: ZoneInfo) -> DigestPlan:
    day, at = digest.when.split()
    values = [
        (key, _stored(key, value, channel_ids)) for key, value in parse_question(digest.filters).filters
    ]
    return DigestPlan(
        channel=channel_ids[digest.channel],
        cadence=digest.cadence,
        weekday=WEEKDAYS.index(day) if digest.cadence is Cadence.WEEKLY else 0,
        at=time.fromisoformat(at),
        zone=ZoneInfo(digest.time_zone) if digest.time_zone else zone,
        filters=filters_of(values),
    )


def _stored(key: FilterKey, value: str, channel_ids: Mapping[str, str]) -> str:
    """Return a filter's value as it is stored."""
    match key:
        case FilterKey.CHANNEL:
            return channel_ids[value]
        case FilterKey.NETWORK:
            return value.lower()
        case _:
            return checked_value(key, value, networks=())


def _refusal(why: str) -> PydanticCustomError:
    return PydanticCustomError("setting", "{why}", {"why": why})

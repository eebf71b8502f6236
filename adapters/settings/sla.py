"""Define the section `[sla]` of `switchboard.toml`: until when customers are answered, and what if not."""

from collections.abc import Collection
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from adapters.settings.section import Channel, Language, Section
from domain.triage.situations import Situation

UrgencyName = Literal["low", "normal", "high", "urgent"]
Minutes = Annotated[int | None, Field(ge=1)]
Tag = Annotated[str, Field(min_length=1, max_length=40)]
_CONDITIONS = ("urgency", "situation", "language", "channel", "tag")


class SlaPolicy(Section):
    """The targets of the cases that it matches; a condition that is left out matches every case."""

    name: str = Field(min_length=1, max_length=40)
    urgency: Annotated[tuple[UrgencyName, ...], Field(strict=False)] = ()
    situation: Annotated[tuple[Annotated[Situation, Field(strict=False)], ...], Field(strict=False)] = ()
    language: Annotated[tuple[Language, ...], Field(strict=False)] = ()
    channel: Annotated[tuple[Channel, ...], Field(strict=False)] = ()
    tag: Annotated[tuple[Tag, ...], Field(strict=False)] = ()
    first: Minutes = None
    next: Minutes = None
    resolution: Minutes = None
    hours: Literal["office", "always"] = "office"
    warn: Minutes = None
    at_warning: Annotated[tuple[Literal["tell", "manager"], ...], Field(strict=False)] = ("tell",)
    at_breach: Annotated[tuple[Literal["tell", "raise", "release", "manager"], ...], Field(strict=False)] = (
        "tell",
    )

    @model_validator(mode="after")
    def _validate_targets(self) -> "SlaPolicy":
        targets = [target for target in (self.first, self.next, self.resolution) if target is not None]
        if not targets:
            raise _refusal(f"“{self.name}” has no target; give it first, next or resolution, in minutes")
        if self.warn is not None and self.warn >= min(targets):
            raise _refusal(f"“{self.name}” would warn before the wait begins; warn later than that")
        return self

    def covers(self, other: "SlaPolicy") -> bool:
        """Return whether it matches every case that the other one matches; spam has to be named by both."""
        if Situation.SPAM in other.situation and not self.situation:
            return False
        return all(_covers(getattr(self, name), getattr(other, name)) for name in _CONDITIONS)


class Sla(Section):
    """Targets for answers and resolutions, in minutes: by policy, else those of the first answer."""

    urgent: int = Field(15, ge=1, description="minutes to the first reply, urgent cases")
    high: int = Field(60, ge=1, description="minutes to the first reply, high urgency")
    normal: int = Field(240, ge=1, description="minutes to the first reply, normal urgency")
    low: int = Field(1440, ge=1, description="minutes to the first reply, low urgency")
    managers: str = Field(
        "",
        max_length=81,
        pattern=r"^([#@]\S+|[CGS][A-Z0-9]{6,})?$",
        description='who is told of missed targets: a channel, or a user group such as "@leads"; empty: nobody',
    )
    policies: Annotated[tuple[SlaPolicy, ...], Field(strict=False)] = Field(
        (),
        description="targets of certain cases: tables with `name`, conditions and targets; the first that matches applies",
    )

    @field_validator("policies")
    @classmethod
    def _validate_policies(cls, value: tuple[SlaPolicy, ...]) -> tuple[SlaPolicy, ...]:
        for at, policy in enumerate(value):
            for earlier in value[:at]:
                if earlier.name == policy.name:
                    raise _refusal(f"two policies are named “{policy.name}”; give each a name of its own")
                if earlier.covers(policy):
                    raise _refusal(
                        f"“{policy.name}” never applies: “{earlier.name}” above it matches all of its cases"
                    )
        return value

    @model_validator(mode="after")
    def _validate_managers(self) -> "Sla":
        for policy in self.policies:
            if "manager" in (*policy.at_warning, *policy.at_breach) and not self.managers:
                raise _refusal(f"“{policy.name}” tells the managers; say in `managers` who they are")
        return self

    def channels(self) -> frozenset[str]:
        """Return the channels that it names, as written (name or id)."""
        named = {channel for policy in self.policies for channel in policy.channel}
        return frozenset(named | ({self.managers} if self.managers.startswith(("#", "C", "G")) else set()))


def _covers(wider: Collection[str], narrower: Collection[str]) -> bool:
    return not wider or (bool(narrower) and set(narrower) <= set(wider))


def _refusal(why: str) -> PydanticCustomError:
    return PydanticCustomError("setting", "{why}", {"why": why})

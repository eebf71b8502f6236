"""Define the rules of routing, `[[slack.routes]]` of `switchboard.toml`."""

import string
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from adapters.settings.section import Channel, Language, Section, Words
from adapters.settings.tags import TagName
from domain.triage.situations import Situation

# No counted repetition of \w: for each, the pattern of all Unicode is compiled (30 ms at each start).
Handle = Annotated[str, Field(pattern=r"^@?\w+$", max_length=31)]
_CONDITIONS = ("situation", "language", "network", "account", "customer_tag")
_NO_WORD = f"{string.punctuation} "
UserGroup = Annotated[str, Field(pattern=r"^@?[\w.-][\w.-]+$", max_length=81)]


class Route(Section):
    """A rule: conditions, all of which must hold, and what follows for the case's card."""

    name: str = Field("", max_length=40)
    situation: Annotated[Situation | None, Field(strict=False)] = None
    language: Language | None = None
    words: Words = ()
    network: str | None = Field(None, pattern=r"^[a-z]{1,30}$")
    account: Handle | None = None
    customer_tag: TagName | None = None
    channel: Channel | None = None
    mention: UserGroup | None = None
    rank: Literal["raise", "lower"] | None = None

    @field_validator("words")
    @classmethod
    def _validate_words(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for word in value:
            if not word.strip(_NO_WORD):
                raise _wrong(f"“{word}” has no letter; leave `words` out where any post matches")
        return value

    @model_validator(mode="after")
    def _validate_effect(self) -> "Route":
        if self.channel is None and self.mention is None and self.rank is None:
            raise _wrong("does nothing: give it a `channel`, a `mention` or a `rank`")
        if self.rank is not None and self.customer_tag is not None:
            raise _wrong(
                "cannot change the `rank` of a customer's cases: who it is breaks ties alone (the tag `vip`)"
            )
        return self

    def covers(self, other: "Route") -> bool:
        """Return whether it matches every case that the other one matches."""
        same = all(getattr(self, name) in {None, getattr(other, name)} for name in _CONDITIONS)
        return same and (not self.words or (bool(other.words) and set(other.words) <= set(self.words)))


def name_routes(routes: tuple[Route, ...]) -> tuple[Route, ...]:
    """Name those rules "rule 1", "rule 2" … by their place that have no name.

    Refuses a name given twice, and a rule that never decides, as one above it matches all of its cases.
    """
    named = tuple(
        route if route.name else route.model_copy(update={"name": f"rule {place}"})
        for place, route in enumerate(routes, start=1)
    )
    names = [route.name for route in named]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise _wrong(f"has the `name` {', '.join(twice)} twice")
    for place, route in enumerate(named):
        for earlier in named[:place]:
            if earlier.covers(route):
                raise _wrong(
                    f"“{route.name}” never decides: “{earlier.name}” above it matches all of its cases; "
                    "put it first"
                )
    return named


def _wrong(why: str) -> PydanticCustomError:
    return PydanticCustomError("setting", "{why}", {"why": why})

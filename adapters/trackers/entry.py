"""Describe an issue tracker to the bot: what each tracker's folder exports."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from adapters.environment_variables import EnvironmentVariables
from domain.clock import Clock
from domain.trackers.trackers import Tracker, TrackerProfile


class TrackerSettings(EnvironmentVariables):
    """The environment variables of a tracker."""


def _listed(given: str) -> str:
    if not names_in(given):
        raise ValueError("must name at least one")
    return given


#: Names, separated by commas.
NameList = Annotated[str, Field(min_length=1), AfterValidator(_listed)]


def names_in(given: str) -> tuple[str, ...]:
    """Return the names of a list that is separated by commas, each once."""
    return tuple(dict.fromkeys(name for one in given.split(",") if (name := one.strip())))


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackerEntry:
    """One tracker of the registry.

    `settings` are its environment variables; the tracker is configured where all variables without a default
    are set. `build` makes the client from them.
    """

    profile: TrackerProfile
    settings: type[TrackerSettings]
    build: Callable[[Any, Clock], Tracker]

    @property
    def name(self) -> str:
        """The name under which its issues are stored."""
        return self.profile.name

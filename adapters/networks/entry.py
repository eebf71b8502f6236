"""Describe a network to the bot: what each network's folder exports."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.environment_variables import EnvironmentVariables
from domain.clock import Clock
from domain.networks import Capability, NetworkProfile, SocialNetwork


def _no_search(_terms: Sequence[str], _excluded: Sequence[str]) -> str | None:
    return None


def _unknown_fault(_error: Exception) -> str | None:
    return None


class NetworkSettings(EnvironmentVariables):
    """The environment variables of a network."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkEntry:
    """One network of the registry.

    `settings` are its environment variables; the network is configured where all variables without a default
    are set. `build` makes the client from them. `build_query` makes the query of the search stream from terms
    and excluded words; `None` where there is nothing to search for. It raises ValueError, worded for the
    person who configures it, where the network would refuse the query. `credentials_fault` describes what is
    wrong with the credentials where an error means that; `None` for an error that a retry may resolve.
    `loggers` are the names of the loggers of its libraries that log headers, bodies or whole requests at
    DEBUG: they are kept at INFO or above.
    """

    profile: NetworkProfile
    settings: type[NetworkSettings]
    build: Callable[[Any, Clock], SocialNetwork]
    build_query: Callable[[Sequence[str], Sequence[str]], str | None] = _no_search
    credentials_fault: Callable[[Exception], str | None] = _unknown_fault
    loggers: Sequence[str] = ()

    @property
    def name(self) -> str:
        """The name under which cases of the network are stored."""
        return self.profile.name

    @property
    def has_search(self) -> bool:
        """Whether the network has a search stream."""
        return Capability.SEARCH in self.profile.capabilities

    def search_query(self, terms: Sequence[str], excluded: Sequence[str]) -> str | None:
        """Build the query of the search stream; `None` where the network has no search, or no term is given.

        Raises ValueError as `build_query` does.
        """
        return self.build_query(terms, excluded) if self.has_search else None

    @property
    def required(self) -> list[str]:
        """The environment variables that must be set for it to be configured."""
        return [name.upper() for name, field in self.settings.model_fields.items() if field.is_required()]

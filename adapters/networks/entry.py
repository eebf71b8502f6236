"""What a network's folder exports: all that the bot needs to use it, in one value."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic_settings import BaseSettings, SettingsConfigDict

from domain.clock import Clock
from domain.networks import NetworkProfile, SocialNetwork


def _no_search(_terms: Sequence[str], _excluded: Sequence[str]) -> str | None:
    return None


def _unknown_fault(_error: Exception) -> str | None:
    return None


class NetworkSettings(BaseSettings):
    """A network's environment variables; an empty one is none, and no value is told in an error."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="ignore",
        env_ignore_empty=True,
        hide_input_in_errors=True,
        str_strip_whitespace=True,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkEntry:
    """One network of the registry.

    `settings` are its environment variables; the network is configured where all that have no default are set. `build` makes its client
    from them. `build_query` makes the query of the search stream from terms and excluded words, `None` where there is nothing to
    search for; it raises ValueError, in words, where the network would refuse it. `credentials_fault` says what is wrong with the
    credentials where an error means that, `None` for an error that waiting may end.
    """

    profile: NetworkProfile
    settings: type[NetworkSettings]
    build: Callable[[Any, Clock], SocialNetwork]
    build_query: Callable[[Sequence[str], Sequence[str]], str | None] = _no_search
    credentials_fault: Callable[[Exception], str | None] = _unknown_fault

    @property
    def name(self) -> str:
        """How cases of the network are stored."""
        return self.profile.name

    @property
    def required(self) -> list[str]:
        """The environment variables without which it is not configured."""
        return [name.upper() for name, field in self.settings.model_fields.items() if field.is_required()]

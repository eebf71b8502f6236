"""List every setting with its meaning and default; the tables of docs/settings.md are compared with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings

from adapters.settings.choices import Choices
from adapters.settings.environment import Environment

#: Settings classes by the name of what they are of.
SettingsKinds = Mapping[str, type[BaseSettings]]
_NONE: SettingsKinds = MappingProxyType({})

REQUIRED = "required"
REQUIRED_BY_NETWORK = "required for its network"
REQUIRED_BY_DESTINATION = "required for its destination"
REQUIRED_BY_TRACKER = "required for its tracker"
_BY_PART = frozenset({REQUIRED_BY_NETWORK, REQUIRED_BY_DESTINATION, REQUIRED_BY_TRACKER})


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One setting. `name` is an environment variable, or "section.key" of `switchboard.toml`.

    `default` is `REQUIRED` (or by its network, destination or tracker) where there is none, and empty where
    the setting may stay unset.
    """

    name: str
    meaning: str
    default: str

    @property
    def is_required(self) -> bool:
        """Whether it must be set, or whether the network, destination or tracker that it is of needs it."""
        return self.default == REQUIRED or self.default in _BY_PART

    @property
    def is_choice(self) -> bool:
        """Whether it is in `switchboard.toml` rather than in the environment."""
        return "." in self.name


def setting_rows(
    networks: SettingsKinds = _NONE, destinations: SettingsKinds = _NONE, trackers: SettingsKinds = _NONE
) -> list[SettingRow]:
    """Return all settings in order: the environment's, those of networks and the like, then the choices."""
    rows = [_row(name.upper(), field) for name, field in Environment.model_fields.items()]
    rows += [
        _row(name.upper(), field, required=required)
        for kinds, required in (
            (networks, REQUIRED_BY_NETWORK),
            (destinations, REQUIRED_BY_DESTINATION),
            (trackers, REQUIRED_BY_TRACKER),
        )
        for kind in kinds.values()
        for name, field in kind.model_fields.items()
    ]
    for section, holder in Choices.model_fields.items():
        kind = holder.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            rows += [_row(f"{section}.{name}", field) for name, field in kind.model_fields.items()]
    return rows


def _row(name: str, field: FieldInfo, *, required: str = REQUIRED) -> SettingRow:
    default = required if field.is_required() else format_value(field.default)
    return SettingRow(name, field.description or "", default)


def format_value(value: object) -> str:
    """Format a default or a choice for the table and for `check`; empty for `None`."""
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return ", ".join(map(format_value, value))
    if isinstance(value, BaseModel):
        parts = value.model_dump(mode="json", exclude_none=True).values()
        return "/".join(str(part) for part in parts if part)
    return f"{value:g}" if isinstance(value, float) else "" if value is None else str(value)

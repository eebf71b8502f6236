"""Every setting with what it means, so that the README's table can be compared with the code."""

from dataclasses import dataclass

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from adapters.settings.choices import Choices
from adapters.settings.environment import Environment

REQUIRED = "required"


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One setting. `name` is an environment variable's, or "section.key" of `switchboard.toml`.

    `default` is "required" where there is none, and empty where the setting may stay unset.
    """

    name: str
    meaning: str
    default: str

    @property
    def is_choice(self) -> bool:
        """Whether it stands in `switchboard.toml` rather than in the environment."""
        return "." in self.name


def setting_rows() -> list[SettingRow]:
    """All settings: the environment's first, then `switchboard.toml`'s, each in its own order."""
    rows = [_row(name.upper(), field) for name, field in Environment.model_fields.items()]
    for section, holder in Choices.model_fields.items():
        kind = holder.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            rows += [_row(f"{section}.{name}", field) for name, field in kind.model_fields.items()]
    return rows


def _row(name: str, field: FieldInfo) -> SettingRow:
    return SettingRow(
        name, field.description or "", REQUIRED if field.is_required() else _shown(field.default)
    )


def _shown(default: object) -> str:
    if isinstance(default, SecretStr):
        return default.get_secret_value()
    if isinstance(default, bool):
        return str(default).lower()
    if default in (None, ()):
        return ""
    return f"{default:g}" if isinstance(default, float) else str(default)

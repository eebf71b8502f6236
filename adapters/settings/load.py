"""Load the settings, and report everything that is wrong with them at once."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

from pydantic import BaseModel, SecretStr, SkipValidation, ValidationError
from pydantic_settings import BaseSettings

from adapters.settings.choices import Choices
from adapters.settings.environment import DatabaseSettings, Environment, from_mapping
from adapters.settings.errors import SettingsError, remedy_of
from adapters.settings.problems import CHOICES_FILE, MISSING, Problems, problems_in
from adapters.settings.table import SettingRow, SettingsKinds, format_value, setting_rows
from domain.diagnostics import NO_SOURCE, CheckLine

ENVIRONMENT_FILE = ".env"

#: URLs of which only the password is secret.
_WITH_PASSWORD = frozenset({"database_url", "smtp_url", "imap_url"})

_NOT_LOOKED_AT = "not looked at while others are wrong"
_NO_SOURCE = f"{MISSING}: {NO_SOURCE} ({{}})"

T = TypeVar("T", bound=BaseSettings)


class Settings(BaseModel, frozen=True):
    """All settings.

    `folder` is the working directory of the bot and holds its files; `networks`, `destinations` and
    `trackers` are the settings of the configured ones by name.
    """

    folder: Path
    environment: Environment
    choices: Choices
    networks: Mapping[str, SkipValidation[BaseSettings]] = {}
    destinations: Mapping[str, SkipValidation[BaseSettings]] = {}
    trackers: Mapping[str, SkipValidation[BaseSettings]] = {}

    def secrets(self) -> tuple[str, ...]:
        """Return every secret value, and the passwords in URLs (also decoded), for the log to redact."""
        parts = (*self.networks.values(), *self.destinations.values(), *self.trackers.values())
        values = [
            value.get_secret_value()
            for section in (self.environment, *parts)
            for name in type(section).model_fields.keys() - _WITH_PASSWORD
            if isinstance(value := getattr(section, name), SecretStr)
        ]
        urls = (getattr(self.environment, name) for name in sorted(_WITH_PASSWORD))
        passwords = [urlsplit(url.get_secret_value()).password for url in urls if url is not None]
        return (*values, *(form for one in passwords if one for form in (one, unquote(one))))


def load_settings(
    folder: Path,
    environ: Mapping[str, str] | None = None,
    *,
    networks: SettingsKinds,
    destinations: SettingsKinds | None = None,
    trackers: SettingsKinds | None = None,
) -> Settings:
    """Load the settings of the bot in `folder`.

    `networks`, `destinations` and `trackers` are the settings classes of the known ones by name. With
    `environ`, that mapping replaces the environment and `.env`. Raises SettingsError.
    """
    loaded = _Loaded.read(folder, environ, networks, destinations or {}, trackers or {})
    settings = loaded.settings(folder)
    if settings is None:
        raise SettingsError(loaded.problems)
    return settings


def load_database_url(folder: Path, environ: Mapping[str, str] | None = None) -> SecretStr:
    """Load `DATABASE_URL` only, which is all that `migrate` needs. Raises SettingsError."""
    settings, problems = _read(
        DatabaseSettings, folder, environ, {row.name: row.meaning for row in setting_rows()}
    )
    if settings is None:
        raise SettingsError(problems)
    return settings.database_url


def load_choices(folder: Path) -> Choices:
    """Load `switchboard.toml` only, for a command that needs no key. Raises SettingsError."""
    choices, problems = _choices(folder, {row.name: row.meaning for row in setting_rows()})
    if choices is None:
        raise SettingsError(problems)
    return choices


def check_settings(
    folder: Path,
    environ: Mapping[str, str] | None = None,
    *,
    networks: SettingsKinds,
    destinations: SettingsKinds | None = None,
    trackers: SettingsKinds | None = None,
) -> tuple[Settings | None, list[CheckLine]]:
    """Return a line for every setting, and the settings where all of them are valid."""
    loaded = _Loaded.read(folder, environ, networks, destinations or {}, trackers or {})
    rows = setting_rows(networks, destinations or {}, trackers or {})
    lines = [_line(row, loaded) for row in rows if not _has_problem(row, loaded.problems)]
    wrong = loaded.problems.items()
    lines += [CheckLine(name, ok=False, detail=text, remedy=remedy_of(name, text)) for name, text in wrong]
    return loaded.settings(folder), lines


@dataclass(frozen=True, slots=True, kw_only=True)
class _Loaded:
    """What was loaded: each valid part, and the problems.

    An unconfigured network, destination or tracker is in neither.
    """

    environment: Environment | None
    choices: Choices | None
    networks: Mapping[str, BaseSettings]
    destinations: Mapping[str, BaseSettings]
    trackers: Mapping[str, BaseSettings]
    problems: Problems

    @classmethod
    def read(
        cls,
        folder: Path,
        environ: Mapping[str, str] | None,
        networks: SettingsKinds,
        destinations: SettingsKinds,
        trackers: SettingsKinds,
    ) -> "_Loaded":
        rows = setting_rows(networks, destinations, trackers)
        meanings = {row.name: row.meaning for row in rows}
        environment, problems = _read(Environment, folder, environ, meanings)
        choices, more = _choices(folder, meanings)
        problems |= more
        sections, wrong, missing = _sections(networks, folder, environ, meanings)
        has_source = bool(sections or wrong or (environment is not None and environment.email_from))
        if not has_source:
            wrong = {variable: _NO_SOURCE.format(meanings[variable]) for variable in missing}
        destination_settings, wrong_there, _ = _sections(destinations, folder, environ, meanings)
        followed, wrong_of_trackers, _ = _sections(trackers, folder, environ, meanings)
        return cls(
            environment=environment,
            choices=choices,
            networks=sections,
            destinations=destination_settings,
            trackers=followed,
            problems=problems | wrong | wrong_there | wrong_of_trackers,
        )

    def settings(self, folder: Path) -> Settings | None:
        if self.environment is None or self.choices is None or self.problems:
            return None
        return Settings(
            folder=folder,
            environment=self.environment,
            choices=self.choices,
            networks=self.networks,
            destinations=self.destinations,
            trackers=self.trackers,
        )


def _sections(
    kinds: SettingsKinds, folder: Path, environ: Mapping[str, str] | None, meanings: Mapping[str, str]
) -> tuple[dict[str, BaseSettings], Problems, Problems]:
    """Return the valid sections, the problems of those set in part, and those of the ones not set at all."""
    sections: dict[str, BaseSettings] = {}
    problems: Problems = {}
    missing: Problems = {}
    for name, kind in kinds.items():
        section, wrong = _read(kind, folder, environ, meanings)
        if section is not None:
            sections[name] = section
        elif _is_configured(kind, wrong):
            problems |= wrong
        else:
            missing |= wrong
    return sections, problems, missing


def _is_configured(kind: type[BaseSettings], wrong: Problems) -> bool:
    """Return whether any of the required variables is set, valid or not."""
    required = {name.upper() for name, field in kind.model_fields.items() if field.is_required()}
    missing = {name for name, text in wrong.items() if text.startswith(MISSING)}
    return bool(required - missing)


def _has_problem(row: SettingRow, wrong: Problems) -> bool:
    """Return whether this setting, or a part of it, has a problem."""
    name = f"{CHOICES_FILE}: {row.name}" if row.is_choice else row.name
    return any(found == name or found.startswith(f"{name}.") for found in wrong)


def _line(row: SettingRow, loaded: _Loaded) -> CheckLine:
    """Describe a setting: a choice with its value, an environment variable only by whether it is set."""
    unseen = CheckLine(row.name, ok=None, detail=f"{_NOT_LOOKED_AT} ({row.meaning})", is_unset=True)
    if row.is_choice:
        section, _, key = row.name.partition(".")
        if (part := getattr(loaded.choices, section, None)) is None:
            return unseen
        value = format_value(getattr(part, key))
        is_unset = key not in part.model_fields_set or value == row.default
        detail = f"{value or 'empty'} ({row.meaning})"
        return CheckLine(row.name, ok=True if value else None, detail=detail, is_unset=is_unset)
    others = (loaded.networks, loaded.destinations, loaded.trackers)
    parts = [loaded.environment, *(part for kind in others for part in kind.values())]
    if any(part is not None and row.name.lower() in part.model_fields_set for part in parts):
        return CheckLine(row.name, ok=True, detail=f"set ({row.meaning})")
    if loaded.environment is None and row.name.lower() in Environment.model_fields:
        return unseen
    if row.default and not row.is_required:
        return CheckLine(row.name, ok=True, detail=f"{row.default} ({row.meaning})", is_unset=True)
    return CheckLine(row.name, ok=None, detail=f"not set ({row.meaning})", is_unset=True)


def _read(
    kind: type[T], folder: Path, environ: Mapping[str, str] | None, meanings: Mapping[str, str]
) -> tuple[T | None, Problems]:
    if environ is None and (folder / ENVIRONMENT_FILE).is_dir():
        return None, {ENVIRONMENT_FILE: "is a folder, as container engines make of a missing file; remove it"}
    try:
        if environ is None:
            return kind(_env_file=folder / ENVIRONMENT_FILE), {}
        return from_mapping(kind, environ), {}
    except ValidationError as error:
        return None, problems_in(error, meanings, environment=True)
    except (OSError, UnicodeDecodeError) as error:
        return None, {ENVIRONMENT_FILE: _unreadable(error)}


def _choices(folder: Path, meanings: Mapping[str, str]) -> tuple[Choices | None, Problems]:
    try:
        given = _toml(folder / CHOICES_FILE)
        try:
            return Choices.model_validate(given), {}
        except ValidationError as error:
            return None, problems_in(error, meanings, environment=False, given=given)
    except tomllib.TOMLDecodeError as error:
        return None, {CHOICES_FILE: f"is not TOML: {error}"}
    except (OSError, UnicodeDecodeError) as error:
        return None, {CHOICES_FILE: _unreadable(error)}


def _unreadable(error: OSError | UnicodeDecodeError) -> str:
    why = f" ({error.strerror})" if isinstance(error, OSError) else ""
    return f"cannot be read as a text file in UTF-8{why}"


def _toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}

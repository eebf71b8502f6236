"""Reading the settings, and telling everything that is wrong with them at once."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

from pydantic import BaseModel, SecretStr, SkipValidation, ValidationError
from pydantic_settings import BaseSettings

from adapters.settings.choices import Choices
from adapters.settings.environment import Environment, Local, from_mapping
from adapters.settings.table import SettingRow, setting_rows, shown
from domain.diagnostics import CheckLine

CHOICES_FILE = "switchboard.toml"
ENVIRONMENT_FILE = ".env"
README_SECTION = 'see "Connect a real workspace" in README.md'

#: Addresses of which only the password is secret.
_WITH_PASSWORD = frozenset({"database_url", "smtp_url", "imap_url"})

_MISSING = "is missing"
_NOTHING_ARRIVES = _MISSING + ": without a network, or a mailbox, nothing arrives here ({})"

T = TypeVar("T", bound=BaseSettings)
Problems = dict[str, str]
NetworkKinds = Mapping[str, type[BaseSettings]]


class SettingsError(Exception):
    """The settings cannot be used. Names every one that is missing or wrong, never a value."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        self.problems = dict(problems)
        few = len(problems) == 1
        first = f"{len(problems)} setting{'' if few else 's'} {'is' if few else 'are'} missing or wrong:"
        lines = [f"  {name} {problem}" for name, problem in self.problems.items()]
        last = f"Set them in the environment or in .env (choices: switchboard.toml); {README_SECTION}."
        super().__init__("\n".join([first, *lines, last]))


class Settings(BaseModel, frozen=True):
    """All settings; `folder` is where the bot was started and keeps its files, `networks` are those of the configured networks by name."""

    folder: Path
    environment: Environment
    choices: Choices
    networks: Mapping[str, SkipValidation[BaseSettings]] = {}

    def secrets(self) -> tuple[str, ...]:
        """Every secret value, of an address the password, for the log to leave out."""
        told = [
            value.get_secret_value()
            for section in (self.environment, *self.networks.values())
            for name in type(section).model_fields.keys() - _WITH_PASSWORD
            if isinstance(value := getattr(section, name), SecretStr)
        ]
        urls = (getattr(self.environment, name) for name in sorted(_WITH_PASSWORD))
        passwords = [urlsplit(url.get_secret_value()).password for url in urls if url is not None]
        return (*told, *(form for one in passwords if one for form in (one, unquote(one))))


def load_settings(
    folder: Path, environ: Mapping[str, str] | None = None, *, networks: NetworkKinds
) -> Settings:
    """The settings of the bot that runs in `folder`; `networks` are the classes of the networks' own settings, by name.

    With `environ` given, that alone stands for the environment and `.env`. Raises SettingsError.
    """
    given = _Given.read(folder, environ, networks)
    settings = given.settings(folder)
    if settings is None:
        raise SettingsError(given.problems)
    return settings


def load_database_url(folder: Path, environ: Mapping[str, str] | None = None) -> SecretStr:
    """`DATABASE_URL` alone, which is all that `migrate` needs. Raises SettingsError."""
    local, problems = _read(Local, folder, environ, {row.name: row.meaning for row in setting_rows()})
    if local is None:
        raise SettingsError(problems)
    return local.database_url


def check_settings(
    folder: Path, environ: Mapping[str, str] | None = None, *, networks: NetworkKinds
) -> tuple[Settings | None, list[CheckLine]]:
    """A line for every setting, and the settings where all of them can be used."""
    given = _Given.read(folder, environ, networks)
    rows = setting_rows(networks.values())
    lines = [_line(row, given) for row in rows if not _is_among(row, given.problems)]
    wrong = given.problems.items()
    lines += [CheckLine(name, ok=False, detail=told, remedy=README_SECTION) for name, told in wrong]
    return given.settings(folder), lines


@dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
    """What was found: each part where it can be used, and what is wrong. A network that is not configured is in neither."""

    environment: Environment | None
    choices: Choices | None
    networks: Mapping[str, BaseSettings]
    problems: Problems

    @classmethod
    def read(cls, folder: Path, environ: Mapping[str, str] | None, networks: NetworkKinds) -> "_Given":
        meanings = {row.name: row.meaning for row in setting_rows(networks.values())}
        environment, problems = _read(Environment, folder, environ, meanings)
        choices, more = _choices(folder, meanings)
        problems |= more
        sections: dict[str, BaseSettings] = {}
        missing: Problems = {}
        for name, kind in networks.items():
            section, wrong = _read(kind, folder, environ, meanings)
            if section is not None:
                sections[name] = section
            elif _is_configured(kind, wrong):
                problems |= wrong
            else:
                missing |= {variable: _NOTHING_ARRIVES.format(meanings[variable]) for variable in wrong}
        has_mail = environment is not None and environment.email_from is not None
        if not sections and not has_mail and not any(name.lower() in _fields(networks) for name in problems):
            problems |= missing
        return cls(environment=environment, choices=choices, networks=sections, problems=problems)

    def settings(self, folder: Path) -> Settings | None:
        if self.environment is None or self.choices is None or self.problems:
            return None
        return Settings(
            folder=folder, environment=self.environment, choices=self.choices, networks=self.networks
        )


def _is_configured(kind: type[BaseSettings], wrong: Problems) -> bool:
    """Whether any of the variables that the network cannot do without is set, rightly or wrongly."""
    required = {name.upper() for name, field in kind.model_fields.items() if field.is_required()}
    missing = {name for name, told in wrong.items() if told.startswith(_MISSING)}
    return bool(required - missing)


def _fields(networks: NetworkKinds) -> set[str]:
    return {name for kind in networks.values() for name in kind.model_fields}


def _is_among(row: SettingRow, wrong: Problems) -> bool:
    """Whether something is wrong with this setting, or with a part of it."""
    name = f"{CHOICES_FILE}: {row.name}" if row.is_choice else row.name
    return any(told == name or told.startswith(f"{name}.") for told in wrong)


def _line(row: SettingRow, given: _Given) -> CheckLine:
    """A choice is told with its value; what comes from the environment only by whether it is set."""
    if row.is_choice:
        section, _, key = row.name.partition(".")
        value = getattr(getattr(given.choices, section), key) if given.choices is not None else ""
        return CheckLine(row.name, ok=True, detail=f"{shown(value) or 'empty'} ({row.meaning})")
    parts = [part for part in (given.environment, *given.networks.values()) if part is not None]
    if any(row.name.lower() in part.model_fields_set for part in parts):
        return CheckLine(row.name, ok=True, detail=f"set ({row.meaning})")
    if given.environment is None and row.name.lower() in Environment.model_fields:
        return CheckLine(row.name, ok=True, detail=f"can be used ({row.meaning})")
    if row.default and not row.is_required:
        return CheckLine(row.name, ok=True, detail=f"{row.default} ({row.meaning})")
    return CheckLine(row.name, ok=None, detail=f"not set ({row.meaning})")


def _read(
    kind: type[T], folder: Path, environ: Mapping[str, str] | None, meanings: Mapping[str, str]
) -> tuple[T | None, Problems]:
    try:
        if environ is None:
            return kind(_env_file=folder / ENVIRONMENT_FILE), {}
        return from_mapping(kind, environ), {}
    except ValidationError as error:
        return None, _told(error, meanings, environment=True)
    except (OSError, UnicodeDecodeError):
        return None, {ENVIRONMENT_FILE: "cannot be read as a text file in UTF-8"}


def _choices(folder: Path, meanings: Mapping[str, str]) -> tuple[Choices | None, Problems]:
    try:
        return Choices.model_validate(_toml(folder / CHOICES_FILE)), {}
    except ValidationError as error:
        return None, _told(error, meanings, environment=False)
    except tomllib.TOMLDecodeError as error:
        return None, {CHOICES_FILE: f"is not TOML: {error}"}
    except (OSError, UnicodeDecodeError):
        return None, {CHOICES_FILE: "cannot be read as a text file in UTF-8"}


def _toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def _told(error: ValidationError, meanings: Mapping[str, str], *, environment: bool) -> Problems:
    problems: Problems = {}
    for one in error.errors(include_url=False, include_input=False, include_context=False):
        name = _name(one["loc"], environment=environment)
        problems[name] = _in_words(one["type"], one["msg"], meanings.get(name, ""))
    return problems


def _name(location: tuple[int | str, ...], *, environment: bool) -> str:
    path = ".".join(str(part) for part in location)
    return path.upper() if environment else f"{CHOICES_FILE}: {path}"


def _in_words(kind: str, message: str, meaning: str) -> str:
    told = f" ({meaning})" if meaning else ""
    if kind == "missing":
        return f"{_MISSING}{told}"
    if kind == "extra_forbidden":
        return "is not a setting; see switchboard.example.toml for those there are"
    if kind in {"setting", "value_error"}:
        return f"{message.removeprefix('Value error, ')}{told}"
    return f"{message.replace('Input should', 'should', 1)}{told}"

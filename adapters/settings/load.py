"""Reading the settings, and telling everything that is wrong with them at once."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

from pydantic import BaseModel, SecretStr, ValidationError

from adapters.settings.choices import Choices
from adapters.settings.environment import Environment, GivenEnvironment, GivenLocal, Local
from adapters.settings.table import SettingRow, setting_rows, shown
from domain.diagnostics import CheckLine

CHOICES_FILE = "switchboard.toml"
ENVIRONMENT_FILE = ".env"
README_SECTION = 'see "Connect a real workspace" in README.md'

#: Addresses of which only the password is secret.
_WITH_PASSWORD = frozenset({"database_url", "smtp_url", "imap_url"})

T = TypeVar("T", bound=Local)
Problems = dict[str, str]


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
    """All settings; `folder` is where the bot was started and keeps its files."""

    folder: Path
    environment: Environment
    choices: Choices

    def secrets(self) -> tuple[str, ...]:
        """Every secret value, of an address the password, for the log to leave out."""
        names = Environment.model_fields.keys() - _WITH_PASSWORD
        values = (getattr(self.environment, name) for name in names)
        told = [v.get_secret_value() for v in values if isinstance(v, SecretStr)]
        urls = (getattr(self.environment, name) for name in sorted(_WITH_PASSWORD))
        passwords = [urlsplit(url.get_secret_value()).password for url in urls if url is not None]
        return (*told, *(form for one in passwords if one for form in (one, unquote(one))))


def load_settings(folder: Path, environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of the bot that runs in `folder`.

    With `environ` given, that alone stands for the environment and `.env`. Raises SettingsError.
    """
    environment, problems = _read(Environment, GivenEnvironment, folder, environ)
    choices, more = _choices(folder)
    if environment is None or choices is None:
        raise SettingsError(problems | more)
    return Settings(folder=folder, environment=environment, choices=choices)


def load_database_url(folder: Path, environ: Mapping[str, str] | None = None) -> SecretStr:
    """`DATABASE_URL` alone, which is all that `migrate` needs. Raises SettingsError."""
    local, problems = _read(Local, GivenLocal, folder, environ)
    if local is None:
        raise SettingsError(problems)
    return local.database_url


def check_settings(
    folder: Path, environ: Mapping[str, str] | None = None
) -> tuple[Settings | None, list[CheckLine]]:
    """A line for every setting, and the settings where all of them can be used."""
    environment, problems = _read(Environment, GivenEnvironment, folder, environ)
    choices, more = _choices(folder)
    wrong = problems | more
    settings = None
    if environment is not None and choices is not None:
        settings = Settings(folder=folder, environment=environment, choices=choices)
    lines = [_line(row, environment, choices) for row in setting_rows() if not _is_among(row, wrong)]
    lines += [CheckLine(name, ok=False, detail=told, remedy=README_SECTION) for name, told in wrong.items()]
    return settings, lines


def _is_among(row: SettingRow, wrong: Problems) -> bool:
    """Whether something is wrong with this setting, or with a part of it."""
    name = f"{CHOICES_FILE}: {row.name}" if row.is_choice else row.name
    return any(told == name or told.startswith(f"{name}.") for told in wrong)


def _line(row: SettingRow, environment: Environment | None, choices: Choices | None) -> CheckLine:
    """A choice is told with its value; what comes from the environment only by whether it is set."""
    if row.is_choice:
        section, _, key = row.name.partition(".")
        value = getattr(getattr(choices, section), key) if choices is not None else ""
        return CheckLine(row.name, ok=True, detail=f"{shown(value) or 'empty'} ({row.meaning})")
    if environment is None or row.name.lower() in environment.model_fields_set:
        return CheckLine(
            row.name, ok=True, detail=f"{'can be used' if environment is None else 'set'} ({row.meaning})"
        )
    if row.default:
        return CheckLine(row.name, ok=True, detail=f"{row.default} ({row.meaning})")
    return CheckLine(row.name, ok=None, detail=f"not set ({row.meaning})")


def _read(
    ambient: type[T], given: type[T], folder: Path, environ: Mapping[str, str] | None
) -> tuple[T | None, Problems]:
    try:
        if environ is None:
            return ambient(_env_file=folder / ENVIRONMENT_FILE), {}
        return given.model_validate({name.lower(): value for name, value in environ.items() if value}), {}
    except ValidationError as error:
        return None, _told(error, environment=True)
    except (OSError, UnicodeDecodeError):
        return None, {ENVIRONMENT_FILE: "cannot be read as a text file in UTF-8"}


def _choices(folder: Path) -> tuple[Choices | None, Problems]:
    try:
        return Choices.model_validate(_toml(folder / CHOICES_FILE)), {}
    except ValidationError as error:
        return None, _told(error, environment=False)
    except tomllib.TOMLDecodeError as error:
        return None, {CHOICES_FILE: f"is not TOML: {error}"}
    except (OSError, UnicodeDecodeError):
        return None, {CHOICES_FILE: "cannot be read as a text file in UTF-8"}


def _toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def _told(error: ValidationError, *, environment: bool) -> Problems:
    meanings = {row.name: row.meaning for row in setting_rows()}
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
        return f"is missing{told}"
    if kind == "extra_forbidden":
        return "is not a setting; see switchboard.example.toml for those there are"
    if kind == "setting":
        return f"{message}{told}"
    return f"{message.replace('Input should', 'should', 1)}{told}"

"""Secrets and addresses, by the names of their environment variables."""

import re
from collections.abc import Mapping
from email.utils import parseaddr
from typing import Annotated, TypeVar
from urllib.parse import SplitResult, unquote, urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from domain.handoffs.email_addresses import email_address
from domain.web_addresses import web_address

DEFAULT_DATABASE_URL = "sqlite:///switchboard.db"
DEFAULT_SLACK_API_URL = "https://slack.com/api/"
DEFAULT_MODEL = "gpt-6-luna"
_HERE = frozenset({"127.0.0.1", "::1", "localhost"})
SHORTEST_KEY = 32  # characters of SECRET_KEY


def _problem(text: str) -> PydanticCustomError:
    return PydanticCustomError("setting", text)


def _slack_base(given: str) -> str:
    address = web_address(given)
    if not address.endswith("/api"):
        raise _problem("must end in /api/")
    return address + "/"


def _bot_token(given: SecretStr) -> SecretStr:
    if given.get_secret_value().startswith("xapp-"):
        raise _problem("is an app-level token (xapp-…); the bot token (xoxb-…) belongs here")
    return given


def _app_token(given: SecretStr) -> SecretStr:
    if given.get_secret_value().startswith("xoxb-"):
        raise _problem("is a bot token (xoxb-…); the app-level token (xapp-…) belongs here")
    return given


def _database_url(given: SecretStr) -> SecretStr:
    url = given.get_secret_value()
    if not re.match(r"(sqlite|postgresql)(\+\w+)?://", url) or not _is_address(url):
        raise _problem("must be an SQLAlchemy URL that begins with sqlite:/// or postgresql://")
    return given


def _public_url(given: str) -> str:
    address = web_address(given)
    if urlsplit(address).query or urlsplit(address).fragment:
        raise _problem("must be a plain web address, without ? or #")
    return address


def _secret_key(given: SecretStr) -> SecretStr:
    if len(given.get_secret_value()) < SHORTEST_KEY:
        raise _problem(f"must be at least {SHORTEST_KEY} characters long")
    return given


def _smtp_url(given: SecretStr) -> SecretStr:
    _mail_server(given.get_secret_value(), "smtp")
    return given


def _imap_url(given: SecretStr) -> SecretStr:
    parts = _mail_server(given.get_secret_value(), "imap")
    if parts.scheme == "imap" and parts.hostname not in _HERE:
        raise _problem("must begin with imaps://: without TLS the password would be read on the way")
    if not parts.username or not parts.password:
        raise _problem("must hold the user and the password of the mailbox")
    return given


def _mail_server(url: str, scheme: str) -> SplitResult:
    parts = urlsplit(url) if _is_address(url) else None
    if parts is None or parts.scheme not in {scheme, f"{scheme}s"} or not parts.hostname:
        raise _problem(f"must be {scheme}://user:password@host or {scheme}s://user:password@host")
    told = unquote(f"{parts.username or ''}{parts.password or ''}")
    if any(ord(character) < ord(" ") for character in told):
        raise _problem("must hold no line break or other control character")
    return parts


def _email_from(given: str) -> str:
    name, address = parseaddr(given)
    if email_address(address) is None or any(ord(character) < ord(" ") for character in given):
        raise _problem("must be an address, or a name with an address: Acme Support <support@example.com>")
    return f"{name} <{address}>" if name else address


def _is_address(given: str) -> bool:
    try:
        return urlsplit(given).port != 0
    except ValueError:
        return False


S = TypeVar("S", bound=BaseSettings)

DatabaseUrl = Annotated[SecretStr, AfterValidator(_database_url)]
WebAddress = Annotated[str, AfterValidator(web_address)]


class Local(BaseSettings):
    """What the bot needs where it runs; all of it has a default."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="ignore",
        env_ignore_empty=True,
        hide_input_in_errors=True,
        str_strip_whitespace=True,
    )

    database_url: DatabaseUrl = Field(
        SecretStr(DEFAULT_DATABASE_URL), description="SQLAlchemy URL of the database"
    )


class Environment(Local):
    """Everything that comes from the environment.

    With both, the app-level token wins over the signing secret: Socket Mode.
    """

    slack_bot_token: Annotated[SecretStr, AfterValidator(_bot_token)] = Field(
        description="the Slack app's bot token (xoxb-…)"
    )
    slack_signing_secret: SecretStr | None = Field(
        None, description="set instead of the app-level token for HTTP mode (`POST /slack/events`)"
    )
    slack_app_token: Annotated[SecretStr, AfterValidator(_app_token)] | None = Field(
        None,
        validate_default=True,
        description="the Slack app-level token (xapp-…) with connections:write, for Socket Mode",
    )
    slack_api_url: Annotated[str, AfterValidator(_slack_base)] = Field(
        DEFAULT_SLACK_API_URL, description="Slack's Web API base, ending in `/api/`"
    )
    openai_api_key: SecretStr | None = Field(
        None, description="the drafter's key; without it suggestions are saved replies only"
    )
    openai_base_url: WebAddress | None = Field(
        None, description="the drafter's API base, including `/v1`; unset is OpenAI's own"
    )
    openai_model: str = Field(DEFAULT_MODEL, min_length=1, description="the drafter's model")
    public_url: Annotated[str, AfterValidator(_public_url)] | None = Field(
        None,
        description="where customers reach the web side, such as https://help.example.com; without it, and `SECRET_KEY`, no link "
        "to live chat or to the form for an e-mail address is offered",
    )
    secret_key: Annotated[SecretStr, AfterValidator(_secret_key)] | None = Field(
        None,
        description="signs links and reply addresses: at least 32 characters that nobody can guess; with another key, links that were "
        "given out are refused",
    )
    smtp_url: Annotated[SecretStr, AfterValidator(_smtp_url)] | None = Field(
        None,
        description="e-mail out: smtp://user:password@host:587 (STARTTLS) or smtps://user:password@host; special characters in the "
        "password as %XX",
    )
    imap_url: Annotated[SecretStr, AfterValidator(_imap_url)] | None = Field(
        None, description="e-mail in: imaps://user:password@host, the mailbox of the support address"
    )
    email_from: Annotated[str, AfterValidator(_email_from)] | None = Field(
        None,
        validate_default=True,
        description="our address, with a name if you like: Acme Support <support@example.com>",
    )
    http_host: str = Field("127.0.0.1", min_length=1, description="the address that the web side listens on")
    http_port: int = Field(8080, ge=0, le=65535, description="its port; 0 picks a free one")

    @field_validator("slack_app_token")
    @classmethod
    def _one_way_in(cls, given: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if given is None and info.data.get("slack_signing_secret") is None:
            raise _problem("is missing, and so is SLACK_SIGNING_SECRET: one of them is needed")
        return given

    @field_validator("email_from")
    @classmethod
    def _all_of_mail(cls, given: str | None, info: ValidationInfo) -> str | None:
        known = {
            name: info.data[name] for name in ("smtp_url", "imap_url", "secret_key") if name in info.data
        }
        of_mail = [known.get("smtp_url"), known.get("imap_url"), given]
        missing = [name.upper() for name, value in (*known.items(), ("email_from", given)) if value is None]
        if missing and any(value is not None for value in of_mail):
            raise _problem(
                f"belongs with SMTP_URL, IMAP_URL and SECRET_KEY: of these four, {' and '.join(missing)} is missing"
            )
        return given

    @property
    def makes_links(self) -> bool:
        """Whether customers can be given links to pages of ours."""
        return self.public_url is not None and self.secret_key is not None

    @property
    def uses_socket_mode(self) -> bool:
        """Whether Slack is reached by Socket Mode rather than calling us."""
        return self.slack_app_token is not None


class _OnlyGiven:
    """Takes values from the arguments alone, not from the process's environment."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the signature is pydantic-settings' own
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)


def from_mapping(settings: type[S], values: Mapping[str, str]) -> S:
    """The settings with these environment variables and no others; raises pydantic's ValidationError."""
    given: type[S] = type(settings.__name__, (_OnlyGiven, settings), {})
    return given.model_validate({name.lower(): value for name, value in values.items() if value})

"""Define and validate the environment variables: secrets and addresses."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, TypeVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from adapters.environment_variables import EnvironmentVariables
from adapters.settings.mail_reports import bounce_address, reporters, split_reporters
from adapters.settings.mail_servers import is_url, valid_email_from, valid_imap_url, valid_smtp_url
from domain.web_addresses import web_address

DEFAULT_DATABASE_URL = "sqlite:///switchboard.db"
DEFAULT_SLACK_API_URL = "https://slack.com/api/"
DEFAULT_MODEL = "gpt-6-luna"
MIN_KEY_LENGTH = 32  # characters of SECRET_KEY


def _error(text: str) -> PydanticCustomError:
    return PydanticCustomError("setting", text)


def _slack_base(value: str) -> str:
    address = web_address(value)
    if not address.endswith("/api"):
        raise _error("must end in /api/")
    return address + "/"


_TOKENS = {"xoxb-": "a bot token", "xapp-": "an app-level token", "xoxp-": "a user's token"}


def _kind_of_token(value: SecretStr, wanted: str, called: str) -> SecretStr:
    """Refuse a token of another kind, which Slack's pages show beside the one that is wanted."""
    for prefix, kind in _TOKENS.items():
        if prefix != wanted and value.get_secret_value().startswith(prefix):
            raise _error(f"is {kind} ({prefix}…); {called} ({wanted}…) belongs here")
    return value


def _bot_token(value: SecretStr) -> SecretStr:
    return _kind_of_token(value, "xoxb-", "the bot token")


def _app_token(value: SecretStr) -> SecretStr:
    return _kind_of_token(value, "xapp-", "the app-level token")


def _database_url(value: SecretStr) -> SecretStr:
    url = value.get_secret_value()
    if not re.match(r"(sqlite|postgresql)(\+\w+)?://", url) or not is_url(url):
        raise _error("must be an SQLAlchemy URL that begins with sqlite:/// or postgresql://")
    return value


def _public_url(value: str) -> str:
    address = web_address(value)
    if urlsplit(address).query or urlsplit(address).fragment:
        raise _error("must be a plain web address, without ? or #")
    return address


def _secret_address(value: SecretStr) -> SecretStr:
    web_address(value.get_secret_value())
    return value


def _secret_key(value: SecretStr) -> SecretStr:
    if len(value.get_secret_value()) < MIN_KEY_LENGTH:
        raise _error(f"must be at least {MIN_KEY_LENGTH} characters long")
    return value


S = TypeVar("S", bound=BaseSettings)

DatabaseUrl = Annotated[SecretStr, AfterValidator(_database_url)]
WebAddress = Annotated[str, AfterValidator(web_address)]


class DatabaseSettings(EnvironmentVariables):
    """The database's URL, which `migrate` needs alone; it has a default."""

    database_url: DatabaseUrl = Field(
        SecretStr(DEFAULT_DATABASE_URL), description="SQLAlchemy URL of the database"
    )


class Environment(DatabaseSettings):
    """All environment variables but those of the networks.

    Where both are set, the app-level token takes precedence over the signing secret: Socket Mode.
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
    openai_picture_model: str = Field(
        "", description="a model that sees, by which agents can have a customer's picture read; unset: none"
    )
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
    smtp_url: Annotated[SecretStr, AfterValidator(valid_smtp_url)] | None = Field(
        None,
        description="e-mail out: smtp://user:password@host:587 (STARTTLS) or smtps://user:password@host; special characters in the "
        "password as %XX",
    )
    imap_url: Annotated[SecretStr, AfterValidator(valid_imap_url)] | None = Field(
        None, description="e-mail in: imaps://user:password@host, the mailbox of the support address"
    )
    email_from: Annotated[str, AfterValidator(valid_email_from)] | None = Field(
        None,
        validate_default=True,
        description="our address, with a name if you like: Acme Support <support@example.com>",
    )
    email_authserv_id: str = Field(
        "",
        description="the name that our receiving mail server signs its `Authentication-Results` with, such as mx.example.com; without it "
        "no mail is proven to come from its sender",
    )
    email_bounces: Annotated[str, AfterValidator(bounce_address)] | None = Field(
        None,
        description="where reports of undelivered mail come back to, such as support@example.com: an address of the mailbox that takes "
        "mail with +tags, and that `SMTP_URL` may send from; without it such reports are shown, and change nothing",
    )
    email_reporters: Annotated[str, AfterValidator(reporters)] = Field(
        "",
        description="further mail servers whose reports count where `EMAIL_AUTHSERV_ID` confirms them: domains or addresses, such as "
        "googlemail.com,staff@hotmail.com",
    )
    http_host: str = Field("127.0.0.1", min_length=1, description="the address that the web side listens on")
    http_port: int = Field(8080, ge=0, le=65535, description="its port; 0 picks a free one")
    health_token: Annotated[SecretStr, AfterValidator(_secret_key)] | None = Field(
        None,
        description="who asks for `/healthz` with it (`Authorization: Bearer …`), or from the same machine, sees more than *ok*",
    )
    metrics_host: str = Field(
        "127.0.0.1",
        min_length=1,
        description="the address at which the metrics are served; never a public one",
    )
    metrics_port: int | None = Field(
        None,
        ge=0,
        le=65535,
        description="the port of `/metrics` for Prometheus; without it there are no metrics",
    )

    alive_url: Annotated[SecretStr, AfterValidator(_secret_address)] | None = Field(
        None,
        description="an address that is called once a minute while all is well, such as a check of healthchecks.io: it tells you when "
        "the calls stop",
    )

    @field_validator("slack_app_token")
    @classmethod
    def _require_one_slack_mode(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if value is None and info.data.get("slack_signing_secret") is None:
            raise _error("is missing, and so is SLACK_SIGNING_SECRET: one of them is needed")
        return value

    @field_validator("email_from")
    @classmethod
    def _require_whole_email(cls, value: str | None, info: ValidationInfo) -> str | None:
        known = {
            name: info.data[name] for name in ("smtp_url", "imap_url", "secret_key") if name in info.data
        }
        email_settings = [known.get("smtp_url"), known.get("imap_url"), value]
        missing = [
            name.upper() for name, setting in (*known.items(), ("email_from", value)) if setting is None
        ]
        if missing and any(setting is not None for setting in email_settings):
            raise _error(
                f"belongs with SMTP_URL, IMAP_URL and SECRET_KEY: of these four, {' and '.join(missing)} is missing"
            )
        return value

    @property
    def model_server(self) -> dict[str, str | None] | None:
        """Where the language model is, and how it is called; `None` where none is configured."""
        if self.openai_api_key is None:
            return None
        return {
            "api_key": self.openai_api_key.get_secret_value(),
            "base_url": self.openai_base_url,
            "model": self.openai_model,
            "picture_model": self.openai_picture_model,
        }

    @property
    def mail_servers(self) -> dict[str, Any] | None:
        """Where mail goes out and comes in, and whom to believe about it; `None` if not configured."""
        if self.smtp_url is None or self.imap_url is None or self.secret_key is None or not self.email_from:
            return None
        return {
            "smtp_url": self.smtp_url.get_secret_value(),
            "imap_url": self.imap_url.get_secret_value(),
            "sender": self.email_from,
            "secret_key": self.secret_key.get_secret_value(),
            "authserv_id": self.email_authserv_id.strip(),
            "bounces": self.email_bounces or "",
            "reporters": split_reporters(self.email_reporters),
        }

    @property
    def uses_socket_mode(self) -> bool:
        """Whether Slack is reached by Socket Mode rather than over HTTP."""
        return self.slack_app_token is not None

    @property
    def signing_secret(self) -> str | None:
        """The secret of HTTP mode; `None` in Socket Mode, where requests are not signed."""
        secret = self.slack_signing_secret
        return None if self.uses_socket_mode or secret is None else secret.get_secret_value()


class _ArgumentsOnly:
    """Takes values from the arguments only, not from the process's environment."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the signature is pydantic-settings' own
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - pydantic's signature
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - pydantic's signature
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - pydantic's signature
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)


def from_mapping(settings: type[S], values: Mapping[str, str]) -> S:
    """Validate these environment variables and no others; raises pydantic's ValidationError."""
    kind: type[S] = _from_arguments(settings)
    return kind.model_validate({name.lower(): value for name, value in values.items() if value})


@cache
def _from_arguments(settings: type[BaseSettings]) -> Any:  # noqa: ANN401 - a subclass of the argument
    """Derive the class that ignores the process's environment. Pydantic takes milliseconds for each."""
    return type(settings.__name__, (_ArgumentsOnly, settings), {})

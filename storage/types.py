"""Define column types that store the same values on both databases, and clean text before it is stored."""

import json
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import DateTime, Dialect, Row, Select, String, Text, TypeDecorator
from sqlalchemy.types import JSON, TypeEngine

from domain.surrogates import replace_lone_surrogates

AnyRow = Row[*tuple[Any, ...]]
AnySelect = Select[*tuple[Any, ...]]


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def clean(text: str) -> str:
    """Remove NUL and replace lone surrogates by U+FFFD: PostgreSQL can store neither."""
    if "\0" in text:
        text = text.replace("\0", "")
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return replace_lone_surrogates(text)
    return text


def dumps(value: object) -> str:
    """Encode the value as compact JSON, with its texts and keys cleaned."""
    text = _encode(value)
    if "\\u0000" in text:
        text = _encode(_without_nul(value))
    return clean(text)


def _without_nul(value: object) -> object:
    match value:
        case str():
            return value.replace("\0", "")
        case dict():
            return {_without_nul(key): _without_nul(item) for key, item in value.items()}
        case list() | tuple():
            return [_without_nul(item) for item in value]
        case _:
            return value


class CleanText(TypeDecorator[str]):
    """Text of any length, cleaned before it is stored."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else clean(value)


@lru_cache(1024)
def _utc_text(moment: datetime) -> str:
    """Format a moment that is in UTC; in other zones both hours of a night of 25 would be the same key.

    That takes longer than any other conversion, and most rows of a transaction have the same moments: when a
    customer wrote, and now.
    """
    return moment.isoformat(timespec="microseconds")


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime, stored and returned in UTC, to the microsecond.

    SQLite stores ISO 8601 text of a fixed width, so that texts compare as moments. A naive datetime is
    refused with `ValueError`.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(
            self._on_sqlite() if dialect.name == "sqlite" else DateTime(timezone=True)
        )

    @staticmethod
    def _on_sqlite() -> TypeEngine[Any]:
        return String(32)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | str | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment without a time zone cannot be stored. Pass an aware datetime.")
        value = value.astimezone(UTC)
        return _utc_text(value) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | str | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        if value is None:
            return None
        if isinstance(value, str):
            return datetime.fromisoformat(value)
        return value.astimezone(UTC)


def json_type() -> JSON:
    """Return JSON on SQLite, JSONB on PostgreSQL."""
    from sqlalchemy.dialects.postgresql import JSONB

    return JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")

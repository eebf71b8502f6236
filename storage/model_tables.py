"""Define the tables of the language model: what it wrote, and what its calls cost."""

from sqlalchemy import BigInteger, Column, Float, ForeignKey, Index, Table, Text

from domain.assistance.machine_texts import TextKind
from storage.tables import Id, cases, messages, metadata, one_of
from storage.types import CleanText, UtcDateTime, json_type

machine_texts = Table(
    "machine_texts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", ForeignKey(cases.c.id), nullable=False),
    Column("message_id", ForeignKey(messages.c.id)),
    Column("kind", Text, nullable=False),
    Column("language", CleanText, nullable=False),
    Column("source", CleanText, nullable=False),
    Column("content", json_type(), nullable=False),
    Column("model", CleanText, nullable=False),
    Column("prompt", CleanText, nullable=False),
    Column("prompt_version", CleanText, nullable=False),
    Column("requested_by", CleanText, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    one_of("kind", TextKind),
    Index("ix_machine_texts_case", "case_id"),
)
# One of a kind and language for a message, or for a whole case.
Index(
    "uq_machine_texts_message",
    machine_texts.c.message_id,
    machine_texts.c.kind,
    machine_texts.c.language,
    unique=True,
    sqlite_where=machine_texts.c.message_id.is_not(None),
    postgresql_where=machine_texts.c.message_id.is_not(None),
)
Index(
    "uq_machine_texts_case",
    machine_texts.c.case_id,
    machine_texts.c.kind,
    machine_texts.c.language,
    unique=True,
    sqlite_where=machine_texts.c.message_id.is_(None),
    postgresql_where=machine_texts.c.message_id.is_(None),
)

model_calls = Table(
    "model_calls",
    metadata,
    Column("id", Id, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("model", CleanText, nullable=False),
    Column("prompt", CleanText, nullable=False),
    Column("prompt_version", CleanText, nullable=False),
    Column("error", CleanText, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("input_tokens", BigInteger, nullable=False),
    Column("output_tokens", BigInteger, nullable=False),
    Column("cost", Float),
    Index("ix_model_calls_at", "at"),
)

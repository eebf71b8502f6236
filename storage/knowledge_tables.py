"""Define the tables of knowledge: vectors of messages, examples, trainings, saved replies, choices."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
)

from domain.knowledge.desk_examples import Origin
from domain.knowledge.saved_replies import STORED_CHANGES
from storage.tables import Id, cases, messages, metadata, one_of
from storage.types import CleanText, UtcDateTime, json_type

message_vectors = Table(
    "message_vectors",
    metadata,
    Column("message_id", ForeignKey(messages.c.id), primary_key=True, autoincrement=False),
    Column("encoder", Text, nullable=False),
    # 16-bit floats, see `domain.triage.encoder.packed`.
    Column("vector", LargeBinary, nullable=False),
)

examples = Table(
    "examples",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", ForeignKey(cases.c.id), nullable=False),
    Column("message_id", ForeignKey(messages.c.id), nullable=False, unique=True),
    Column("origin", Text, nullable=False),
    Column("situation", Text),
    Column("urgency", Integer, nullable=False),
    Column("request", Boolean, nullable=False),
    # What the bot had read.
    Column("read_situation", Text, nullable=False),
    Column("read_urgency", Integer, nullable=False),
    Column("taught_by", CleanText, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    one_of("origin", Origin),
    Index("ix_examples_at", "at"),
)

trainings = Table(
    "trainings",
    metadata,
    Column("id", Id, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("asked_by", CleanText, nullable=False),
    # The trained heads that they started from, and the examples: how many there were, and of when the newest.
    Column("base", Text, nullable=False),
    Column("examples", Integer, nullable=False),
    Column("newest_example_at", UtcDateTime),
    Column("accepted", Boolean, nullable=False),
    Column("comparisons", json_type(), nullable=False),
    # Those of the newest accepted training only; NULL there: the heads that come with the program.
    Column("heads", Text),
)

# A row is a version of a saved reply, and is never changed.
saved_replies = Table(
    "saved_replies",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", CleanText, nullable=False),
    Column("version", Integer, nullable=False),
    Column("change", Text, nullable=False),
    Column("by", CleanText, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("content", json_type(), nullable=False),
    # How often examples were taken out, because a customer had deleted the post that they quote.
    Column("redactions", Integer, nullable=False, server_default="0"),
    one_of("change", STORED_CHANGES),
    UniqueConstraint("name", "version"),
)

# One row for each public answer: the saved reply that was suggested, and the one that was used. `vector` is
# the customer's message as 16-bit floats by `encoder`. `sent_at` is set while the answer counts as sent.
reply_choices = Table(
    "reply_choices",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", ForeignKey(cases.c.id), nullable=False),
    Column("message_id", ForeignKey(messages.c.id), nullable=False),
    Column("answer_id", ForeignKey(messages.c.id), nullable=False, unique=True),
    Column("suggested", CleanText, nullable=False),
    Column("chosen", CleanText, nullable=False),
    Column("is_edited", Boolean, nullable=False),
    Column("encoder", CleanText, nullable=False),
    Column("vector", LargeBinary),
    Column("created_at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime),
    Index("ix_reply_choices_message", "message_id"),
    Index("ix_reply_choices_sent", "sent_at"),
)

# Proposals of new or contradicting saved replies that a person has dismissed, by their key.
dismissed_proposals = Table(
    "dismissed_proposals",
    metadata,
    Column("key", CleanText, primary_key=True),
    Column("dismissed_by", CleanText, nullable=False),
    Column("dismissed_at", UtcDateTime, nullable=False),
)

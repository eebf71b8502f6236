"""Define the tables of the e-mail list: subscribers, mailings of notices to them, and each mail."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from domain.outages.subscribers import MailState, Source, SubscriberState
from storage.outage_tables import outages, publications
from storage.tables import Id, metadata, one_of
from storage.types import CleanText, UtcDateTime, json_type

#: `components` are those chosen, each with a line feed before and behind it; empty for all.
subscribers = Table(
    "subscribers",
    metadata,
    Column("id", Id, primary_key=True),
    Column("address", CleanText, nullable=False, unique=True),
    Column("language", CleanText, nullable=False),
    Column("components", CleanText, nullable=False),
    Column("state", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("added_by", CleanText),
    Column("created_at", UtcDateTime, nullable=False),
    Column("asked", json_type()),
    Column("asked_at", UtcDateTime),
    Column("nonce", CleanText, nullable=False),
    Column("confirmed_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("soft_bounces", Integer, nullable=False),
    one_of("state", SubscriberState),
    one_of("source", Source),
    Index("ix_subscribers_state", "state", "id"),
    sqlite_autoincrement=True,
)

mailings = Table(
    "mailings",
    metadata,
    Column("publication_id", ForeignKey(publications.c.id), primary_key=True),
    Column("outage_id", ForeignKey(outages.c.id), nullable=False),
    Column("components", json_type(), nullable=False),
    Column("total", Integer, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("last_id", BigInteger, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Index("ix_mailings_outage", "outage_id"),
)

notice_mails = Table(
    "notice_mails",
    metadata,
    Column("id", Id, primary_key=True),
    Column("publication_id", ForeignKey(mailings.c.publication_id), nullable=False),
    Column("subscriber_id", ForeignKey(subscribers.c.id), nullable=False),
    Column("message_id", CleanText, nullable=False, unique=True),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime),
    Column("reason", CleanText),
    one_of("state", MailState),
    UniqueConstraint("publication_id", "subscriber_id"),
    Index("ix_notice_mails_state", "publication_id", "state"),
    sqlite_autoincrement=True,
)

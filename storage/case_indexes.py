"""Define the index by which App Home reads the cases that wait for the customer, of which there are most."""

from sqlalchemy import Index

from storage.tables import cases, rows_where

Index(
    "ix_cases_waiting",
    cases.c.state,  # always the same, but without it SQLite prefers `ix_cases_queue`, and sorts
    cases.c.last_message_at.desc(),
    cases.c.id.desc(),
    **rows_where("state = 'waiting'"),
)

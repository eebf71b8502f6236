"""Define the indexes by which reports read the rows of a period, and no others."""

from sqlalchemy import Index

from domain.cases.waits import WaitKind
from storage.outage_tables import publications
from storage.response_tables import responses
from storage.tables import audit, cases, handoffs, messages, ratings, rows_where

# All that is counted of a mention and of a wait, and most that filters choose by: no row itself is read.
_k, _m, _r = cases.c, messages.c, responses.c
Index(
    "ix_messages_arrived",
    _m.created_at,
    _m.case_id,
    _m.venue,
    _m.sentiment,
    _m.network,
    _m.author_id,
    **rows_where("direction = 'in'"),
)
Index(
    "ix_cases_opened",
    _k.opened_at,
    _k.id,
    _k.situation,
    _k.language,
    _k.network,
    _k.channel,
)
Index("ix_audit_resolved", audit.c.at, audit.c.case_id, **rows_where("action = 'resolved'"))
Index(
    "ix_responses_asked",
    _r.kind,
    _r.asked_at,
    _r.answered_at,
    _r.due_at,
    _r.ended_at,
    _r.by_offer,
    _r.office_seconds,
    _r.case_id,
)
Index("ix_responses_further", _r.case_id, _r.asked_at, **rows_where(f"kind = '{WaitKind.NEXT}'"))
Index("ix_handoffs_offered_at", handoffs.c.offered_at)
Index("ix_ratings_at", ratings.c.at)
Index("ix_publications_sent", publications.c.sent_at, **rows_where("sent_at IS NOT NULL"))

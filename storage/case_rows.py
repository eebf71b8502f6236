"""Convert cases to rows, and back."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from operator import attrgetter
from typing import Any

from domain.cases.case import Case, CaseState
from domain.cases.routing import UNROUTED, Routing
from domain.cases.search import folded
from domain.intake.posts import Author, ReplyBlock
from domain.triage.assessment import Assessment, Urgency
from domain.triage.ranking import rules_fingerprint
from domain.triage.situations import Situation
from storage.tables import cases
from storage.types import AnyRow

#: Columns that identify a case; they never change.
IDENTITY = ("network", "account_id", "author_id", "opened_at")
#: Columns that only `record_card_location` and `record_thread_position` write, so that a save of an older
#: copy does not undo them.
CARD_COLUMNS = ("card_channel", "card_ts", "card_digest", "thread_audit_id")
#: Columns that the ranking rules compute from the others; stored values may come from older rules.
RANK = ("sort_key", "ranking_fingerprint")


#: Fields with the same name and value in a case and in its row.
_SAME = tuple(
    field.name
    for field in fields(Case)
    if field.name in cases.c and field.name not in {"id", "state", "reply_block", "routing"}
)
_same_of = attrgetter(*_SAME)


def row_of(case: Case) -> dict[str, Any]:
    """Return a case's columns except its id."""
    author, found = case.author, case.assessment
    return dict(zip(_SAME, _same_of(case), strict=True)) | {
        "author_id": author.id,
        "author_handle": author.handle,
        "author_name": author.name,
        "author_followers": author.followers,
        "author_takes_messages": author.takes_messages,
        "search_text": folded(author.name, author.handle),
        "state": case.state.value,
        "reply_block": case.reply_block.value if case.reply_block else None,
        "language": found.language,
        "situation": found.situation.value,
        "urgency": found.urgency.value,
        "reasons": found.reasons,
        "sentiment": found.sentiment,
        "sort_key": case.sort_key,
        "ranking_fingerprint": rules_fingerprint(),
        "routing": None if case.routing == UNROUTED else asdict(case.routing),
    }


def case_from(row: AnyRow) -> Case:
    """Return the case of a row with all columns of `tables.cases`."""
    return Case(
        id=row.id,
        author=Author(
            id=row.author_id,
            handle=row.author_handle,
            name=row.author_name,
            followers=row.author_followers,
            takes_messages=bool(row.author_takes_messages),
        ),
        state=CaseState(row.state),
        reply_block=ReplyBlock(row.reply_block) if row.reply_block else None,
        assessment=Assessment(
            row.language, Situation(row.situation), Urgency(row.urgency), tuple(row.reasons), row.sentiment
        ),
        routing=_routing_from(row.routing) if row.routing else UNROUTED,
        **dict(zip(_SAME, _same_of(row), strict=True)),
    )


def _routing_from(stored: Mapping[str, Any]) -> Routing:
    return Routing(**{**stored, "customer_tags": tuple(stored["customer_tags"])})

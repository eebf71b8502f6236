"""Cases as rows, and back."""

from typing import Any

from domain.assessment import Assessment, Urgency
from domain.cases import Case, CaseState
from domain.posts import Author, ReplyBlock
from domain.situations import Situation
from storage.types import AnyRow

#: What only `note_card` and `note_thread` change: a case that was read before them must not undo them.
PLACE = ("card_channel", "card_ts", "card_digest", "thread_seen")


def row_of(case: Case) -> dict[str, Any]:
    """The columns of a case, but its id."""
    author, found = case.author, case.assessment
    return {
        "version": case.version,
        "network": case.network,
        "account_id": case.account_id,
        "author_id": author.id,
        "author_handle": author.handle,
        "author_name": author.name,
        "author_followers": author.followers,
        "state": case.state.value,
        "language": found.language,
        "situation": found.situation.value,
        "urgency": found.urgency.value,
        "reasons": found.reasons,
        "sentiment": found.sentiment,
        "opened_at": case.opened_at,
        "last_message_at": case.last_message_at,
        "channel": case.channel,
        "sort_key": case.sort_key,
        "conversation_id": case.conversation_id,
        "reply_to_id": case.reply_to_id,
        "claimed_by": case.claimed_by,
        "claimed_at": case.claimed_at,
        "waiting_since": case.waiting_since,
        "first_reply_due": case.first_reply_due,
        "first_replied_at": case.first_replied_at,
        "snoozed_until": case.snoozed_until,
        "closed_by": case.closed_by,
        "closed_at": case.closed_at,
        "reply_block": case.reply_block.value if case.reply_block else None,
        "card_channel": case.card_channel,
        "card_ts": case.card_ts,
        "card_digest": case.card_digest,
        "thread_seen": case.thread_seen,
    }


def case_from(row: AnyRow) -> Case:
    """The case in a row of `tables.cases`."""
    return Case(
        id=row.id,
        version=row.version,
        network=row.network,
        account_id=row.account_id,
        author=Author(
            id=row.author_id,
            handle=row.author_handle,
            name=row.author_name,
            followers=row.author_followers,
        ),
        state=CaseState(row.state),
        assessment=Assessment(
            row.language, Situation(row.situation), Urgency(row.urgency), tuple(row.reasons), row.sentiment
        ),
        opened_at=row.opened_at,
        last_message_at=row.last_message_at,
        channel=row.channel,
        sort_key=row.sort_key,
        conversation_id=row.conversation_id,
        reply_to_id=row.reply_to_id,
        claimed_by=row.claimed_by,
        claimed_at=row.claimed_at,
        waiting_since=row.waiting_since,
        first_reply_due=row.first_reply_due,
        first_replied_at=row.first_replied_at,
        snoozed_until=row.snoozed_until,
        closed_by=row.closed_by,
        closed_at=row.closed_at,
        reply_block=ReplyBlock(row.reply_block) if row.reply_block else None,
        card_channel=row.card_channel,
        card_ts=row.card_ts,
        card_digest=row.card_digest,
        thread_seen=row.thread_seen,
    )

"""Cases as rows, and back."""

from typing import Any

from domain.cases.case import Case, CaseState
from domain.intake.posts import Author, ReplyBlock
from domain.triage.assessment import Assessment, Urgency
from domain.triage.ranking import rules_fingerprint
from domain.triage.situations import Situation
from storage.search import folded
from storage.types import AnyRow

#: What makes a case this case; it never changes.
IDENTITY = ("network", "account_id", "author_id", "opened_at")
#: What only `note_card` and `note_thread` change: a case that was read before them must not undo them.
PLACE = ("card_channel", "card_ts", "card_digest", "thread_seen")
#: What is computed from the other columns by the present rules, and may be stored by older ones.
RANK = ("sort_key", "ranked_by")


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
        "searched": folded(author.name, author.handle),
        "author_takes_messages": author.takes_messages,
        "reopened_at": case.reopened_at,
        "ranked_by": rules_fingerprint(),
    }


def case_from(row: AnyRow) -> Case:
    """The case in a row of `tables.cases`, all of its columns in their order."""
    (
        case_id,
        version,
        network,
        account_id,
        author_id,
        author_handle,
        author_name,
        author_followers,
        state,
        language,
        situation,
        urgency,
        reasons,
        sentiment,
        opened_at,
        last_message_at,
        channel,
        _sort_key,
        conversation_id,
        reply_to_id,
        claimed_by,
        claimed_at,
        waiting_since,
        first_reply_due,
        first_replied_at,
        snoozed_until,
        closed_by,
        closed_at,
        reply_block,
        card_channel,
        card_ts,
        card_digest,
        thread_seen,
        _searched,
        author_takes_messages,
        reopened_at,
        _ranked_by,
    ) = row
    return Case(
        id=case_id,
        version=version,
        network=network,
        account_id=account_id,
        author=Author(
            id=author_id,
            handle=author_handle,
            name=author_name,
            followers=author_followers,
            takes_messages=bool(author_takes_messages),
        ),
        state=CaseState(state),
        assessment=Assessment(language, Situation(situation), Urgency(urgency), tuple(reasons), sentiment),
        opened_at=opened_at,
        last_message_at=last_message_at,
        channel=channel,
        conversation_id=conversation_id,
        reply_to_id=reply_to_id,
        claimed_by=claimed_by,
        claimed_at=claimed_at,
        waiting_since=waiting_since,
        first_reply_due=first_reply_due,
        first_replied_at=first_replied_at,
        snoozed_until=snoozed_until,
        closed_by=closed_by,
        closed_at=closed_at,
        reply_block=ReplyBlock(reply_block) if reply_block else None,
        card_channel=card_channel,
        card_ts=card_ts,
        card_digest=card_digest,
        thread_seen=thread_seen,
        reopened_at=reopened_at,
    )

"""The trail: who did what to a case, when, and on which version of it. The Slack thread is told from it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

#: Who acts when no person does.
SYSTEM = "system"


class Action(StrEnum):
    """What is kept in the trail."""

    CASE_OPENED = "case_opened"
    CUSTOMER_WROTE = "customer_wrote"
    CUSTOMER_EDITED = "customer_edited"
    POST_GONE = "post_gone"
    CLAIMED = "claimed"
    TAKEN_OVER = "taken_over"
    ASSIGNED = "assigned"
    RELEASED = "released"
    REPLY_QUEUED = "reply_queued"
    REPLY_SENT = "reply_sent"
    REPLY_FAILED = "reply_failed"
    REPLY_UNSURE = "reply_unsure"
    REPLY_SENT_AGAIN = "reply_sent_again"
    REPLY_LINKED = "reply_linked"
    REPLY_RETRIED = "reply_retried"
    REPLY_SETTLED_BY_PERSON = "reply_settled_by_person"
    SUGGESTED = "suggested"
    SNOOZED = "snoozed"
    WOKEN = "woken"
    RESOLVED = "resolved"
    DISMISSED = "dismissed"
    REOPENED = "reopened"
    ROUTE_FAILED = "route_failed"
    OFFERED = "offered"
    OFFER_REMINDED = "offer_reminded"
    OFFER_EXPIRED = "offer_expired"
    ARRIVED = "arrived"
    VERIFIED = "verified"
    CODE_WRONG = "code_wrong"
    RETURNED = "returned"
    OPTED_OUT = "opted_out"
    RATED = "rated"
    TRANSCRIPT_ASKED = "transcript_asked"
    TRANSCRIPT_SENT = "transcript_sent"
    TRANSCRIPT_FAILED = "transcript_failed"


#: Entries that the card itself tells, or that only an auditor asks for.
NOT_IN_THREAD = frozenset({Action.REPLY_QUEUED, Action.REPLY_LINKED, Action.SUGGESTED})

#: Entries that the thread tells in the customer's own words.
QUOTING = frozenset({Action.CASE_OPENED, Action.CUSTOMER_WROTE, Action.CUSTOMER_EDITED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the trail. `actor` is a Slack user id, or `SYSTEM`; `version` is the case's after the act."""

    at: datetime
    actor: str
    action: Action
    case_id: int | None
    version: int | None
    message_id: int | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)
    id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadPost:
    """A message in a case's thread, and the entries that it tells: those from `first` to `last`, by their ids."""

    case_id: int
    channel: str
    ts: str
    first: int
    last: int


def for_thread(entries: Iterable[Entry]) -> list[Entry]:
    """What of these the thread tells: the whole story from the first message on, once there is more than what the card shows."""
    told = [entry for entry in entries if entry.action not in NOT_IN_THREAD]
    return told if any(entry.action is not Action.CASE_OPENED for entry in told) else []

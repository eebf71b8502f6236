"""Define the audit trail: who did what to a case, when, on which version. The thread is rendered from it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

#: The actor of automatic acts.
SYSTEM = "system"


class Action(StrEnum):
    """The kinds of audit entries."""

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
    REPLY_REPEATED = "reply_repeated"
    REPLY_LEFT = "reply_left"
    REPLY_CANCELLED = "reply_cancelled"
    REPLY_DOUBT_REMINDED = "reply_doubt_reminded"
    LINE_EDITED = "line_edited"
    LINE_DELETED = "line_deleted"
    LINE_MISSED = "line_missed"
    SUGGESTED = "suggested"
    SNOOZED = "snoozed"
    WOKEN = "woken"
    RESOLVED = "resolved"
    DISMISSED = "dismissed"
    REOPENED = "reopened"
    NOTE_ADDED = "note_added"
    ISSUE_REQUESTED = "issue_requested"
    ISSUE_CREATED = "issue_created"
    ISSUE_FAILED = "issue_failed"
    ISSUE_LINKED = "issue_linked"
    ISSUE_UNLINKED = "issue_unlinked"
    ISSUE_CHANGED = "issue_changed"
    CLAIM_RETURNED = "claim_returned"
    AGENT_AWAY = "agent_away"
    AGENT_BACK = "agent_back"
    CORRECTED = "corrected"
    CASE_TAGGED = "case_tagged"
    CUSTOMER_TAGGED = "customer_tagged"
    CAUSE_CREATED = "cause_created"
    CAUSE_CHANGED = "cause_changed"
    CAUSE_DECIDED = "cause_decided"
    EXAMPLE_TAKEN_BACK = "example_taken_back"
    LEARNING_ASKED = "learning_asked"
    FORGOTTEN = "forgotten"
    ANSWER_DUE_SOON = "answer_due_soon"
    ANSWER_OVERDUE = "answer_overdue"
    RESOLUTION_DUE_SOON = "resolution_due_soon"
    RESOLUTION_OVERDUE = "resolution_overdue"
    PROMISED = "promised"
    PROMISE_DUE_SOON = "promise_due_soon"
    PROMISE_DUE = "promise_due"
    PROMISE_BROKEN = "promise_broken"
    PROMISE_KEPT = "promise_kept"
    PROMISE_WITHDRAWN = "promise_withdrawn"
    PROMISE_MOVED = "promise_moved"
    ROUTE_FAILED = "route_failed"
    OFFERED = "offered"
    OFFER_REMINDED = "offer_reminded"
    OFFER_EXPIRED = "offer_expired"
    ARRIVED = "arrived"
    VERIFIED = "verified"
    CODE_WRONG = "code_wrong"
    CODE_ANSWERED = "code_answered"
    VERIFICATION_DENIED = "verification_denied"
    LINK_REUSED = "link_reused"
    RETURNED = "returned"
    OPTED_OUT = "opted_out"
    AUTOMATIC_MAIL_RECEIVED = "automatic_mail_received"
    UNPROVEN_MAIL_RECEIVED = "unproven_mail_received"
    UNPROVEN_MAIL_ACCEPTED = "unproven_mail_accepted"
    UNPROVEN_MAIL_REFUSED = "unproven_mail_refused"
    MAIL_COMPLAINED = "mail_complained"
    MAIL_PARTLY_BOUNCED = "mail_partly_bounced"
    MAIL_REPORT_UNPROVEN = "mail_report_unproven"
    RATED = "rated"
    TRANSCRIPT_ASKED = "transcript_asked"
    TRANSCRIPT_SENT = "transcript_sent"
    TRANSCRIPT_FAILED = "transcript_failed"
    MODEL_ASKED = "model_asked"
    PICTURES_READ = "pictures_read"
    ABUSE_BLURRED = "abuse_blurred"
    ABUSE_SHOWN = "abuse_shown"
    SAVED_REPLY_CREATED = "saved_reply_created"
    SAVED_REPLY_EDITED = "saved_reply_edited"
    SAVED_REPLY_RETIRED = "saved_reply_retired"
    SAVED_REPLY_RESTORED = "saved_reply_restored"
    PROPOSAL_DISMISSED = "proposal_dismissed"
    SPIKE_DISMISSED = "spike_dismissed"
    SPIKE_RESTORED = "spike_restored"
    SPIKE_ATTRIBUTED = "spike_attributed"
    OUTAGE_OPENED = "outage_opened"
    OUTAGE_CHANGED = "outage_changed"
    OUTAGE_CANCELLED = "outage_cancelled"
    OUTAGE_LED = "outage_led"
    NOTICE_DRAFTED = "notice_drafted"
    NOTICE_EDITED = "notice_edited"
    NOTICE_SUBMITTED = "notice_submitted"
    NOTICE_APPROVED = "notice_approved"
    NOTICE_WITHDRAWN = "notice_withdrawn"
    NOTICE_SENT = "notice_sent"
    NOTICE_FAILED = "notice_failed"
    NOTICE_UNSURE = "notice_unsure"
    NOTICE_RETRIED = "notice_retried"
    NOTICE_TAKEN_BACK = "notice_taken_back"
    NOTICE_SETTLED_BY_PERSON = "notice_settled_by_person"
    NOTICE_RETRACTED = "notice_retracted"
    NOTICE_RETRACTION_FAILED = "notice_retraction_failed"
    OUTAGE_LINKED = "outage_linked"
    OUTAGE_UNLINKED = "outage_unlinked"
    BULK_ANSWER_STARTED = "bulk_answer_started"
    BULK_ANSWER_ABORTED = "bulk_answer_aborted"
    SENDING_PAUSED = "sending_paused"
    SENDING_RESUMED = "sending_resumed"
    CARD_PULLED = "card_pulled"
    SUBSCRIBERS_IMPORTED = "subscribers_imported"
    SUMMARY_SHARED = "summary_shared"
    FIGURES_EXPORTED = "figures_exported"
    DIGEST_SENT = "digest_sent"
    REHEARSAL_STARTED = "rehearsal_started"
    REHEARSAL_STOPPED = "rehearsal_stopped"
    REHEARSAL_ENDED = "rehearsal_ended"
    HOLD_PLACED = "hold_placed"
    HOLD_LIFTED = "hold_lifted"
    CARD_MOVED = "card_moved"
    CONTACTS_SHOWN = "contacts_shown"
    FILES_SHOWN = "files_shown"
    CUSTOMER_ERASED = "customer_erased"
    CONTENT_EXPIRED = "content_expired"


#: Entries that the card itself shows, or that only matter to an auditor.
NOT_IN_THREAD = frozenset(
    {
        Action.REPLY_QUEUED,
        Action.REPLY_LINKED,
        Action.SUGGESTED,
        Action.MODEL_ASKED,
        Action.EXAMPLE_TAKEN_BACK,
        Action.OUTAGE_LINKED,
        Action.OUTAGE_UNLINKED,
        Action.OUTAGE_CHANGED,
        Action.CONTENT_EXPIRED,
        Action.CONTACTS_SHOWN,
        Action.ISSUE_REQUESTED,
    }
)

#: Entries that the thread renders with a quote of the customer's message.
QUOTING = frozenset({Action.CASE_OPENED, Action.CUSTOMER_WROTE, Action.CUSTOMER_EDITED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One audit entry. `actor` is a Slack user id or `SYSTEM`.

    `version` is that of the case after the act, or of the outage where the entry is of no case. `erased_at`
    is when its details were erased.
    """

    at: datetime
    actor: str
    action: Action
    case_id: int | None
    version: int | None
    message_id: int | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)
    outage_id: int | None = None
    id: int = 0
    erased_at: datetime | None = None

    @property
    def is_in_thread(self) -> bool:
        """Whether the thread shows it; it does of an answer that waits behind one in doubt."""
        return self.action not in NOT_IN_THREAD or bool(self.detail.get("waits"))


@dataclass(frozen=True, slots=True, kw_only=True)
class AutomaticActs:
    """How often the bot did what by itself on a day (a date in the asker's time zone)."""

    day: date
    counts: Mapping[Action, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadPost:
    """A message in a case's thread, and the ids of the first and last audit entries that it shows."""

    case_id: int
    channel: str
    ts: str
    first_audit_id: int
    last_audit_id: int


def for_thread(entries: Iterable[Entry]) -> list[Entry]:
    """Select the entries that the thread shows; none while only the opening (shown by the card) exists."""
    shown = [entry for entry in entries if entry.is_in_thread]
    return shown if any(entry.action is not Action.CASE_OPENED for entry in shown) else []

"""Map situations, urgencies, reasons for a rank, reply blocks and file faults to their display names."""

from domain.cases.files import MAX_FILE_SIZE, MAX_FILES, FileFault
from domain.intake.posts import ReplyBlock
from domain.triage.assessment import ASKS_QUESTION, LARGE_AUDIENCE_REASON, Urgency
from domain.triage.ranking import CAME_BACK, IN_OUTAGE, IS_STRANGER, IS_VIP, LOWERED, OVERDUE, RAISED
from domain.triage.situations import Reason, Situation

_SITUATIONS = {
    Situation.SAFETY_OR_LEGAL: "Safety or legal",
    Situation.CANNOT_PAY: "Cannot pay",
    Situation.ACCOUNT_ACCESS: "Cannot log in",
    Situation.OUTAGE_REPORT: "Outage report",
    Situation.REFUND: "Refund or cancel",
    Situation.DELIVERY: "Delivery",
    Situation.PRESS: "Press",
    Situation.QUESTION: "Question",
    Situation.RANT: "Rant",
    Situation.PRAISE: "Praise",
    Situation.SPAM: "Spam",
    Situation.OTHER: "Other",
}
_RANK_REASONS: dict[str, str] = {
    Reason.SAFETY: "safety",
    Reason.DISTRESS: "speaks of suicide",
    Reason.LEGAL_THREAT: "legal threat",
    Reason.MONEY: "money at stake",
    Reason.BLOCKED: "cannot use the service",
    Reason.TIME_IS_SHORT: "time is short",
    Reason.VULNERABLE: "someone is vulnerable",
    # Attributed to the customer, because it may contradict the card's own waiting time.
    Reason.LONG_WAIT: "says they have waited long",
    ASKS_QUESTION: "asks a question",
    LARGE_AUDIENCE_REASON: "large audience",
    CAME_BACK: "came back",
    IN_OUTAGE: "part of an outage",
    OVERDUE: "overdue",
    RAISED: "raised by a rule",
    LOWERED: "lowered by a rule",
    IS_VIP: "a VIP, which breaks ties",
    IS_STRANGER: "a mail of somebody unknown, which takes two hours",
}
_REPLY_BLOCKS = {
    ReplyBlock.NOT_ADDRESSED: "the post does not mention us, and its network lets an app reply only when it does",
    ReplyBlock.RESTRICTED: "its author has restricted who may reply",
    ReplyBlock.GONE: "the post is gone",
    ReplyBlock.NO_POST: "the customer wrote to us in private, so there is no post to answer",
}
_FILE_FAULTS: dict[str, str] = {
    FileFault.TOO_LARGE: f"it is larger than {MAX_FILE_SIZE // (1024 * 1024)} MB",
    FileFault.EMPTY: "it is empty",
    FileFault.WRONG_TYPE: "it is neither a picture (PNG, JPEG, GIF, WebP) nor a PDF",
    FileFault.TOO_MANY: f"no more than {MAX_FILES} files may go with one message",
}


def situation_label(situation: Situation) -> str:
    """Return the display name of a situation."""
    return _SITUATIONS[situation]


def urgency_label(urgency: Urgency) -> str:
    """Return the display name of an urgency."""
    return urgency.name.capitalize()


def rank_reason_text(reason: str) -> str:
    """Return the words of a reason for a rank. A stored one that is known no more is returned as it is."""
    return _RANK_REASONS.get(reason, reason)


def reply_block_text(block: ReplyBlock) -> str:
    """Word why a post cannot be replied to, as a clause."""
    return _REPLY_BLOCKS[block]


def file_fault_text(fault: str) -> str:
    """Word why a file was rejected, as a clause.

    The words of a venue, and of audit entries from before `FileFault`, are returned as they are.
    """
    return _FILE_FAULTS.get(fault, fault)

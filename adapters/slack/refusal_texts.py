"""Word refusals: why an act on a case was not done, for the person who asked for it.

Errors of the domain carry facts and get their words here; refusals of use cases carry a text of their own.
"""

from collections.abc import Sequence

from adapters.slack.causes.wording import cause_refusal_text
from adapters.slack.dates import date_mrkdwn
from adapters.slack.escaping import escape, escape_code, escape_message, inline, mention
from adapters.slack.handoffs.venue_names import full_name, unavailable_text
from adapters.slack.labels import file_fault_text, reply_block_text
from adapters.slack.outages.refusals import outage_refusal_mrkdwn, outage_refusal_text
from adapters.slack.records.audit_lines import recent_changes
from adapters.slack.reports.refusals import report_refusal_text
from adapters.slack.trackers.wording import issue_refusal_text
from adapters.slack.unproven_mails import decided_text
from domain.cases.case import EventNotAllowed
from domain.cases.files import MAX_FILES
from domain.cases.messages import Delivery
from domain.cases.notes import EmptyNote
from domain.cases.preconditions import PublicReplyBlocked, ReplyUnsettled
from domain.cases.promises import DueInPast, PromiseClosed, PromiseGone
from domain.cases.snooze import InvalidTime
from domain.cases.tags import MAX_NAME_LENGTH, MAX_TAGS, BadTagName, TagNeedsReason, TooManyTags
from domain.errors import (
    AlreadyClosed,
    AssignedToAnother,
    CaseNotFound,
    ChangedSince,
    ConversationMoved,
    CustomerInPrivate,
    CustomerLeft,
    TooManyConflicts,
)
from domain.handoffs.forms import NoVenueAvailable, VenueUnavailable
from domain.handoffs.offer_message import OfferFault, OfferViolation
from domain.intake.posts import ReplyBlock
from domain.intake.unproven_mails import MailDecided, MailGone
from domain.knowledge.reply_refusals import NothingSent, ReplyNotFound
from domain.replies.private_limits import AttachmentRejected, NothingToSend, TextTooLong, TooManyAttachments
from domain.replies.rules_of_engagement import RulesBroken, RuleViolation

MAX_TEXT_LENGTH = 2500
MAX_NAMED_WORDS = 3
MAX_WORD_LENGTH = 60
#: What a message to a customer begins with, in a thread, where its author knows which rules it breaks.
SEND_ANYWAY = "send anyway:"

_TEXTS: dict[type[Exception], str] = {
    TooManyConflicts: (
        "Nothing was done: others were changing this case at the same moment. "
        "Look at the card, then press again."
    ),
    AssignedToAnother: "Nothing was changed: somebody else has claimed this case. Take it over first.",
    ChangedSince: (
        "Nothing was changed: the case has moved on since this card was drawn. "
        "Look at the card again, then press again."
    ),
    InvalidTime: "Nothing was changed: that is not a time. Pick a day and a time.",
    PromiseClosed: "Nothing was changed: somebody has said by now what became of this promise.",
    PromiseGone: "Nothing was changed: the answer that promised this did not arrive, so nothing is promised.",
    MailDecided: "Nothing was changed: somebody has said by now whose mail this is.",
    MailGone: "Nothing was changed: this mail was erased.",
    DueInPast: "Nothing was changed: that time has passed. Pick one in the future.",
    EmptyNote: "Nothing was saved: the note has no text.",
    TooManyTags: f"Nothing was changed: {MAX_TAGS} tags are the most. Take some out.",
    NothingSent: "No answer was sent in this case yet, so there is none to save.",
    ReplyNotFound: "That saved reply is not here any more. Open the list again: /mentions replies.",
    NothingToSend: "Nothing was sent to the customer: there is no text. Write it behind the bot's name.",
    TooManyAttachments: (
        f"Nothing was sent to the customer: {MAX_FILES} files may go with one message. Take some out."
    ),
}
_OFFER_FAULTS = {
    OfferFault.NO_LINK: "The link is missing, so the customer would not know where to go. Put it back: {link}",
    OfferFault.NO_ADDRESS: "That is no e-mail address. Write it as the customer gave it: name@example.com.",
    OfferFault.OUR_ADDRESS: (
        "That is our own address: we would write to ourselves. Write the customer's as they gave it."
    ),
}


def refusal_text(error: Exception) -> str:
    """Render a refusal as plain text, which names nobody."""
    return (
        _TEXTS.get(type(error))
        or _case_text(error)
        or _tag_text(error)
        or _reply_text(error)
        or _rules_text(error)
        or _handoff_text(error)
        or outage_refusal_text(error)
        or report_refusal_text(error)
        or cause_refusal_text(error)
        or issue_refusal_text(error)
        or str(error)
    )


def _case_text(error: Exception) -> str | None:
    """Word a refusal that depends on the state of the case; `None` for any other."""
    match error:
        case CaseNotFound(case_id=case_id):
            return (
                f"Nothing was changed: case {case_id} is not here any more. "
                "Open App Home for the current queue."
            )
        case AlreadyClosed(state=state):
            return f"Nothing was changed: this case is {state}. Press Reopen first."
        case EventNotAllowed(state=state, event=event) if state.is_active:
            return (
                f"This case is {state.value}, so there is nothing to {event.value}. "
                "The card shows how it stands now."
            )
        case EventNotAllowed(state=state):
            return f"This case is {state.value}, so it cannot be changed. Press Reopen first."
    return None


def _tag_text(error: Exception) -> str | None:
    """Word a refusal of a tag; `None` for any other."""
    match error:
        case BadTagName(name=name):
            return (
                f"Nothing was changed: “{name}” is no name of a tag. It takes letters, digits and hyphens, "
                f"{MAX_NAME_LENGTH} at most."
            )
        case TagNeedsReason(name=name):
            return f"Nothing was changed: the tag {name} needs a reason, which colleagues see."
    return None


def _reply_text(error: Exception) -> str | None:
    """Word why a reply cannot be sent; `None` for any other refusal."""
    match error:
        case TextTooLong(length=length, limit=limit):
            return (
                f"Nothing was sent to the customer: the text has {length:,} characters, "
                f"and {limit:,} may go. Shorten it."
            )
        case PublicReplyBlocked(block=block):
            is_visible = block not in {ReplyBlock.GONE, ReplyBlock.NO_POST}
            hint = " Open the post from its card and answer it on the network itself." if is_visible else ""
            return f"No answer can be sent from here: {reply_block_text(block)}.{hint}"
        case ReplyUnsettled(delivery=Delivery.UNSURE):
            return (
                "Nothing was sent: it is not sure what became of the answer before. "
                "Look at our own posts on the network, then press “It was sent” or “It was not” on the card."
            )
        case ReplyUnsettled():
            return (
                "Nothing was sent: an answer to this customer is on its way. "
                "Wait until the card says it was sent."
            )
        case AttachmentRejected(name=name, fault=fault):
            return (
                f"Nothing was sent to the customer: “{name}” cannot go along, "
                f"because {file_fault_text(fault)}. Write again without it."
            )
    return None


def _rules_text(error: Exception) -> str | None:
    """Word which rules of engagement a reply breaks; `None` for any other refusal."""
    if not isinstance(error, RulesBroken):
        return None
    reasons = " ".join(violation_text(violation) for violation in error.violations)
    hint = (
        ""
        if error.is_final
        else f" To send it as it is, write it again with “{SEND_ANYWAY}” behind the bot's name."
    )
    return f"Nothing was sent to the customer. {reasons}{hint}"


def _handoff_text(error: Exception) -> str | None:
    """Word why a venue cannot be offered or written to; `None` for any other refusal."""
    match error:
        case NoVenueAvailable(choices=choices):
            reasons = [
                f"{full_name(choice.venue)}: {unavailable_text(choice.unavailable_reason)}"
                for choice in choices
                if choice.unavailable_reason is not None
            ]
            return f"Nothing can be moved: {' '.join(reasons)}"
        case VenueUnavailable(venue=venue, reason=reason):
            why = unavailable_text(reason) if reason is not None else "Press Back to public."
            return f"Nothing was sent: {full_name(venue)} is not possible. {why}"
        case ConversationMoved(venue=venue):
            return (
                f"Nothing was sent: the conversation has moved since this form was opened, to {full_name(venue).lower()}, "
                "where somebody else may read it. Look at the card, then press Answer… again."
            )
        case CustomerInPrivate(venue=venue):
            return (
                f"Nothing was sent: the customer is in private now ({full_name(venue).lower()}). "
                "Press Answer… on the card to write to them there, or Back to public first."
            )
        case CustomerLeft(venue=venue):
            return (
                f"Nothing was sent: the customer is no longer in the {full_name(venue).lower()}. "
                "The card shows where the conversation is."
            )
    return None


def violation_text(violation: RuleViolation | OfferViolation) -> str:
    """Say in plain text which rule a text or an offer breaks. A rule of engagement has words of its own."""
    if isinstance(violation, RuleViolation):
        return f"{violation.reason}{_named(violation.words)}"
    return _OFFER_FAULTS[violation.fault].format(link=violation.link)


def _named(words: Sequence[str]) -> str:
    shown = ", ".join(f"“{inline(word, MAX_WORD_LENGTH)}”" for word in words[:MAX_NAMED_WORDS])
    return f" Found: {shown}." if shown else ""


def named_refusal_text(error: AssignedToAnother | AlreadyClosed, name: str) -> str:
    """Render a refusal as plain text with the name of who claimed or closed the case, for form errors."""
    if isinstance(error, AssignedToAnother):
        return f"Nothing was sent: {name} has claimed this case. Take it over first."
    return f"Nothing was sent: {name} has closed this case. Press Reopen on the card first."


def refusal_mrkdwn(error: Exception) -> str:
    """Render a refusal as mrkdwn that mentions who was first, or lists what changed."""
    match error:
        case AssignedToAnother(assignee=claimed_by):
            since = f" {date_mrkdwn(error.since)}" if error.since is not None else ""
            return (
                f"Nothing was changed: {mention(claimed_by)} claimed this case{since}. "
                "Press *Take over…* to take it."
            )
        case AlreadyClosed(state=state):
            by = f" by {mention(error.by)}" if error.by is not None else ""
            at = f" {date_mrkdwn(error.at)}" if error.at is not None else ""
            closed = "resolved" if state == "resolved" else "marked as not a request"
            return f"Nothing was changed: this case was {closed}{by}{at}. Press *Reopen* first."
        case ChangedSince(entries=entries):
            return (
                "Nothing was changed: the case has moved on since this card was drawn.\n"
                f"{recent_changes(entries)}\nLook at the card again, then press again."
            )
        case MailDecided():
            return decided_text(error)
    mrkdwn = outage_refusal_mrkdwn(error) or report_refusal_text(error, escape, escape_code)
    return mrkdwn or escape_message(refusal_text(error), MAX_TEXT_LENGTH)

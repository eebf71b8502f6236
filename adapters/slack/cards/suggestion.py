"""Render the suggested reply in two small lines, with its title and its weighted length."""

from adapters.slack.blocks import context, literal_context
from adapters.slack.cards.handoff import arrived_handoff
from adapters.slack.escaping import cut_at_word, inline, isolate, one_line
from adapters.slack.message_content import Block
from adapters.slack.wording import latest_inbound
from domain.cases.case import CaseState
from domain.cases.messages import Delivery
from domain.cases.views import CaseView
from domain.networks import OurAccount
from domain.replies.rules_of_engagement import Guidance
from domain.triage.assessment import Urgency
from domain.triage.drafts import Source, Suggestion
from domain.triage.situations import Situation

MAX_COLUMNS = 180  # two lines of a context block at Slack's usual width
MAX_TITLE_LENGTH = 60
_NONE_FITS = "No saved reply fits; *Answer…* is empty."


def suggestion_block(view: CaseView, ours: OurAccount, guidance: Guidance | None = None) -> list[Block]:
    """Render the suggestion, or why such posts are not answered; the form has all of it.

    Empty if the customer's latest message is deleted or our reply already answers it. Without a suggestion,
    say so if the case waits for a public reply that can be sent from here.
    """
    if guidance is not None and guidance.do_not_answer:
        text = inline(f"Better not answered: {guidance.do_not_answer}.", MAX_COLUMNS)
        return [literal_context(text)] if _waits_for_reply(view) else []
    suggestion = shown_suggestion(view)
    if suggestion is None:
        return [context(_NONE_FITS)] if _reply_is_wanted(view) else []
    counted = ours.profile.count(suggestion.text)
    tail = f" · {_origin(suggestion)} · {counted.length:,}/{counted.limit:,}"
    text = cut_at_word(one_line(suggestion.text), MAX_COLUMNS - len(tail))
    return [literal_context(f"💬 {isolate(text)}{tail}")]


def shown_suggestion(view: CaseView) -> Suggestion | None:
    """Return the suggestion if it is still to be used: the newest words exist and are not answered."""
    return view.suggestion if _is_unanswered(view) else None


def _is_unanswered(view: CaseView) -> bool:
    reply, latest = view.latest_reply, latest_inbound(view)
    if latest is not None and latest.deleted_at is not None:
        return False
    return reply is None or (reply.delivery is Delivery.SENT and latest is not None and latest.id > reply.id)


def _reply_is_wanted(view: CaseView) -> bool:
    """Return whether a public reply is awaited: not for spam, nor where the customer wants nothing (low)."""
    assessed = view.case.assessment
    is_wanted = assessed.situation is not Situation.SPAM and assessed.urgency > Urgency.LOW
    return is_wanted and _waits_for_reply(view)


def _waits_for_reply(view: CaseView) -> bool:
    """Return whether the customer waits for a public reply that can be sent from here."""
    case = view.case
    waits = case.state is CaseState.OPEN and case.waiting_since is not None and _is_unanswered(view)
    return waits and case.reply_block is None and arrived_handoff(view) is None


def _origin(suggestion: Suggestion) -> str:
    if suggestion.source is Source.MODEL:
        model = f"drafted by {inline(suggestion.model or 'a model', MAX_TITLE_LENGTH)}"
        return f"{model} from {inline(suggestion.title, MAX_TITLE_LENGTH)}" if suggestion.title else model
    title = inline(suggestion.title, MAX_TITLE_LENGTH)
    if suggestion.source is Source.OUTAGE:
        return f"approved wording of {title}"
    return title or "saved reply"

"""Render the suggested reply in two small lines, with its title and its weighted length."""

from collections.abc import Mapping
from enum import Enum, auto

from adapters.slack.blocks import context, literal_context
from adapters.slack.cards.handoff import arrived_handoff
from adapters.slack.escaping import cut_at_word, inline, isolate, one_line
from adapters.slack.message_content import Block
from adapters.slack.wording import latest_inbound
from domain.cases.case import CaseState
from domain.cases.case_assessment import asks_nothing
from domain.cases.messages import Delivery
from domain.cases.views import CaseView
from domain.networks import OurAccount
from domain.replies.right_venue import NO_GUIDANCE, belongs_in_private
from domain.replies.rules_of_engagement import Guidance
from domain.triage.assessment import Urgency
from domain.triage.drafts import Source, Suggestion
from domain.triage.situations import Situation
from domain.venues import Venue

MAX_COLUMNS = 180  # two lines of a context block at Slack's usual width
MAX_TITLE_LENGTH = 60
_NONE_FITS = "No saved reply fits; *Answer…* is empty."


class WhyNone(Enum):
    """Why a case that is to be answered in private has no suggestion.

    `NOWHERE`: its customer can write to us nowhere in private. `NOT_BY_DIRECT_MESSAGE`: only elsewhere than
    saved replies usually say.
    """

    NOWHERE = auto()
    NOT_BY_DIRECT_MESSAGE = auto()


_WHY = {
    WhyNone.NOWHERE: "No suggestion: this is answered in private, and you have no private venue. See *Details…*",
    WhyNone.NOT_BY_DIRECT_MESSAGE: "No suggestion: this is answered in private. *Move to…* writes the invitation.",
}


def suggestion_block(
    view: CaseView, ours: OurAccount, guidance: Mapping[Situation, Guidance] = NO_GUIDANCE
) -> list[Block]:
    """Render the suggestion, or why such posts are not answered; the form has all of it.

    Empty if the customer's latest message is deleted or our reply already answers it. Without a suggestion,
    say so if the case waits for a public reply that can be sent from here.
    """
    found = guidance.get(view.case.assessment.situation)
    if found is not None and found.do_not_answer:
        text = inline(f"Better not answered: {found.do_not_answer}.", MAX_COLUMNS)
        return [literal_context(text)] if _waits_for_reply(view) else []
    suggestion = shown_suggestion(view)
    if suggestion is None:
        why = why_no_suggestion(view, ours, guidance)
        none = _NONE_FITS if why is None else _WHY[why]
        return [context(none)] if _reply_is_wanted(view) else []
    counted = ours.profile.count(suggestion.text)
    tail = f" · {_origin(suggestion)} · {counted.length:,}/{counted.limit:,}"
    text = cut_at_word(one_line(suggestion.text), MAX_COLUMNS - len(tail))
    return [literal_context(f"💬 {isolate(text)}{tail}")]


def why_no_suggestion(
    view: CaseView, ours: OurAccount, guidance: Mapping[Situation, Guidance]
) -> WhyNone | None:
    """Return why a case has no suggestion; `None` where it is only that none fits, or no reply is awaited."""
    if not (_reply_is_wanted(view) and belongs_in_private(view.case, guidance)):
        return None
    if not ours.private_venues:
        return WhyNone.NOWHERE
    return WhyNone.NOT_BY_DIRECT_MESSAGE if Venue.DM not in ours.private_venues else None


def shown_suggestion(view: CaseView) -> Suggestion | None:
    """Return the suggestion if it is still to be used: the newest words exist and are not answered."""
    return view.suggestion if _is_unanswered(view) else None


def _is_unanswered(view: CaseView) -> bool:
    reply, latest = view.latest_reply, latest_inbound(view)
    if latest is not None and latest.deleted_at is not None:
        return False
    return reply is None or (reply.delivery is Delivery.SENT and latest is not None and latest.id > reply.id)


def _reply_is_wanted(view: CaseView) -> bool:
    """Return whether a public reply is awaited: not for spam, nor where the customer wants nothing.

    That is where the case is low, or the newest words ask nothing: who has sent us a direct message is not
    waiting for a saved reply.
    """
    assessed = view.case.assessment
    is_wanted = assessed.situation is not Situation.SPAM and assessed.urgency > Urgency.LOW
    return is_wanted and _waits_for_reply(view) and not asks_nothing(view.case, view.messages)


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

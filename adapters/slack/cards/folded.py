"""Render a case that is one of many about an open outage in two lines, each with its button."""

from adapters.slack.action_ids import ActionId, card_value
from adapters.slack.blocks import MAX_SECTION_LENGTH, button, paragraph, plain_text, with_accessory
from adapters.slack.dates import DateStyle, date_mrkdwn
from adapters.slack.escaping import cut_at_word, escape, isolate, one_line
from adapters.slack.message_content import Block
from adapters.slack.outages.wording import state_name, titled
from adapters.slack.pictures import thread_line
from adapters.slack.wording import display_name, shown_message, urgency_emoji, visible_text
from domain.cases.messages import Delivery
from domain.cases.views import CaseView
from domain.outages.outage import Outage

MAX_COLUMNS = 72  # one line beside a button at Slack's usual width


def folded_card(view: CaseView, outage: Outage) -> list[Block]:
    """Render which outage the case belongs to, how it stands, who wrote, and how their words begin.

    Details has all of their words. It does not say when the next update is due: that changes with every
    notice, and each change would cost an edit of every card.
    """
    case = view.case
    value = card_value(case.id, case.version)
    parts = [f"🔗 {titled(outage)}", state_name(outage), escape(display_name(case)), _status(view)]
    mark = urgency_emoji(case.assessment.urgency)
    first = paragraph(f"{mark} {' · '.join(part for part in parts if part)}")
    return [
        with_accessory(first, button("Claim", ActionId.CASE_CLAIM, value)),
        with_accessory(_words(view), button("Details…", ActionId.CASE_DETAILS, value)),
    ]


def _words(view: CaseView) -> Block:
    """Render how the newest words begin, literally; for a post of pictures alone, what they show."""
    latest = shown_message(view)
    words = one_line(visible_text(latest)) or thread_line(latest) if latest is not None else ""
    text = isolate(cut_at_word(words, MAX_COLUMNS))
    return {"type": "section", "text": plain_text(text, MAX_SECTION_LENGTH)}


def _status(view: CaseView) -> str:
    """Say since when they wait, or what became of our answer."""
    reply, waiting_since = view.latest_reply, view.case.waiting_since
    if reply is not None and reply.delivery is Delivery.QUEUED:
        return _on_its_way(view)
    if waiting_since is not None:
        return date_mrkdwn(waiting_since)
    if reply is not None and reply.sent_at is not None:
        return f"answered {date_mrkdwn(reply.sent_at, DateStyle.DAY_AND_CLOCK)}"
    return "answered"


def _on_its_way(view: CaseView) -> str:
    """Say that our answer is held, when it is tried again, or that it leaves now."""
    if view.pause is not None:
        return "answer held: all sending is paused"
    if view.answer_wait is not None:
        return f"answer waits until {date_mrkdwn(view.answer_wait.until, DateStyle.DAY_AND_CLOCK)}"
    return "answer on its way"

"""Render a resolved or dismissed case: one line with Reopen."""

from adapters.slack.action_ids import ActionId, card_value
from adapters.slack.blocks import button, paragraph, with_accessory
from adapters.slack.dates import date_mrkdwn
from adapters.slack.escaping import escape, link, mention
from adapters.slack.handoffs.venue_names import full_name
from adapters.slack.labels import situation_label
from adapters.slack.message_content import Block
from adapters.slack.network_links import post_page, view_label
from adapters.slack.wording import ERASED_CUSTOMER, display_name, latest_inbound
from domain.cases.case import Case, CaseState
from domain.cases.messages import Message
from domain.cases.views import CaseView
from domain.networks import OurAccount
from domain.records.erasure import is_erased


def closed_card(view: CaseView, ours: OurAccount) -> Block:
    """Render who closed the case and when, what it was about, and Reopen; the thread keeps all words.

    Of an erased customer's case only what it was about, without Reopen: nobody can be answered there.
    """
    case, latest = view.case, latest_inbound(view)
    if is_erased(case.author.id):
        about = escape(situation_label(case.assessment.situation))
        return paragraph(f"🗑️ *{ERASED_CUSTOMER}* · {about}")
    parts = [
        _outcome(case),
        escape(situation_label(case.assessment.situation)),
        escape(display_name(case)),
        _source(latest, ours) if latest is not None else "",
    ]
    reopen = button("Reopen", ActionId.CASE_REOPEN, card_value(case.id, case.version))
    line = " · ".join(part for part in parts if part)
    return with_accessory(paragraph(line), reopen)


def _source(message: Message, ours: OurAccount) -> str:
    if message.venue.is_private:
        return full_name(message.venue)
    page = post_page(message)
    return link(page, view_label(ours)) if page else ""


def _outcome(case: Case) -> str:
    emoji, label = ("✅", "Resolved") if case.state is CaseState.RESOLVED else ("➖", "Not a request")
    text = f"{emoji} *{label}*"
    if case.closed_by is not None:
        text += f"{', said' if case.state is CaseState.DISMISSED else ' by'} {mention(case.closed_by)}"
    return f"{text} {date_mrkdwn(case.closed_at)}" if case.closed_at is not None else text

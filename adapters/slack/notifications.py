"""Render notifications about events in a case, to its assignee or to whoever else is told."""

from adapters.slack.escaping import link
from adapters.slack.labels import situation_label
from adapters.slack.permalinks import thread_link
from adapters.slack.wording import display_name
from domain.cases.case import Case
from domain.records.audit import Action

#: By audit action, the text before the link to the thread and the text after it.
NOTIFICATION_TEMPLATES: dict[str, tuple[str, str]] = {
    Action.CASE_OPENED.value: ("👀 A customer whom you watch has written: ", ""),
    Action.CUSTOMER_WROTE.value: ("🆕 Your customer wrote again: ", ""),
    Action.ARRIVED.value: (
        "→ Your customer, or whoever has the link, has come to the private conversation: ",
        "",
    ),
    Action.VERIFIED.value: ("✓ Your customer in private is verified now: ", ""),
    Action.CODE_WRONG.value: ("⚠️ Your customer sent a code that is not the one we showed: ", ""),
    Action.VERIFICATION_DENIED.value: (
        "🛑 Your customer says that somebody else is in the private conversation: ",
        ". It was ended.",
    ),
    Action.LINK_REUSED.value: (
        "⚠️ The link to the private conversation was tried in another browser, too: ",
        ". Your customer may be in either of them; press Move to… again to give a new link.",
    ),
    Action.RATED.value: ("⭐ Your customer said whether it was solved: ", ". The thread says what."),
    Action.OFFER_REMINDED.value: ("⏳ Your offer to move is not taken up yet: ", ""),
    Action.OFFER_EXPIRED.value: (
        "⌛ Your offer to move expired, nobody came: ",
        ". Answer in public, or offer it again.",
    ),
    Action.ANSWER_DUE_SOON.value: ("⏰ An answer is due soon: ", ""),
    Action.ANSWER_OVERDUE.value: ("🚨 An answer is overdue: ", ". The thread says what was done."),
    Action.RESOLUTION_DUE_SOON.value: ("⏰ A case is to be resolved soon: ", ""),
    Action.RESOLUTION_OVERDUE.value: (
        "🚨 A case should be resolved by now: ",
        ". The thread says what was done.",
    ),
    Action.PROMISE_DUE_SOON.value: ("⏰ What you promised is due soon: ", ". Details… says what."),
    Action.PROMISE_DUE.value: (
        "❓ What we promised was due, and we have answered since: ",
        ". Was it kept? Say so in Details….",
    ),
    Action.PROMISE_BROKEN.value: (
        "💔 A promise was not kept: ",
        ". Write to the customer, or press Kept in Details….",
    ),
    Action.CLAIM_RETURNED.value: (
        "↩️ Your case went back to the queue: ",
        ". The thread says why.",
    ),
    Action.UNPROVEN_MAIL_RECEIVED.value: (
        "✉️ A mail waits that may be the customer's, or somebody else's: ",
        ". Say in the thread whether it is them.",
    ),
    Action.MAIL_REPORT_UNPROVEN.value: (
        "❓ Your mail to a customer may not have arrived: ",
        ". The thread says what a report tells.",
    ),
    Action.MAIL_COMPLAINED.value: (
        "🔕 A customer reported our mail as spam: ",
        ". No more mail goes there until they write.",
    ),
    Action.REPLY_DOUBT_REMINDED.value: (
        "❓ It is not sure that an answer arrived, and what you write after it waits: ",
        ". Settle it on the card.",
    ),
    Action.REPLY_FAILED.value: ("⚠️ Your message to the customer was not sent: ", ". The card says why."),
}


def render_template(case: Case, template: tuple[str, str], team_url: str) -> str:
    """Render a notification as a line of mrkdwn, with a link to the thread where the case has one by now."""
    before, after = template
    address = thread_link(team_url, case)
    case_text = link(address, f"{situation_label(case.assessment.situation)}, {display_name(case)}")
    return f"{before}{case_text}{'' if address else ' _(card on its way)_'}{after}"

"""Our newest reply: what became of it, and the way on where that is a person's to find."""

from adapters.slack.action_ids import ActionId, card_value
from adapters.slack.blocks import Json, actions, button, context, link_button, paragraph
from adapters.slack.content import Block
from adapters.slack.dates import DateStyle, when
from adapters.slack.networks import network_name, our_replies, reply_page
from adapters.slack.rich import quote, rich_text, section, words
from adapters.slack.text import clean, escape, inline, link, mention, shorten
from adapters.slack.wording import latest_inbound
from domain.cases import Case
from domain.messages import Delivery, Message
from domain.views import CaseView

LONGEST_SHOWN = 2000
LONGEST_REASON = 500


def reply_blocks(view: CaseView, *, brand: str) -> list[Block]:
    """Nothing where we have not answered, or where the customer has written since a reply that was sent."""
    answer, case = view.answer, view.case
    if answer is None or answer.delivery is None:
        return []
    latest = latest_inbound(view.messages)
    if answer.delivery is Delivery.SENT and latest is not None and latest.id > answer.id:
        return []
    text = rich_text(
        section([words("Our reply", bold=True)]), quote(shorten(clean(answer.text), LONGEST_SHOWN))
    )
    return [text, *_OUTCOMES[answer.delivery](case, answer, brand)]


def _queued(_case: Case, answer: Message, _brand: str) -> list[Block]:
    return [context(f"*Sending…* {_by(answer)}")]


def _sent(case: Case, answer: Message, _brand: str) -> list[Block]:
    at = when(answer.sent_at or answer.created_at, DateStyle.CLOCK)
    view = link(answer.url, f"View on {network_name(case.network)}") if answer.url else ""
    return [context(" · ".join(part for part in (f"*Sent {at}* {_by(answer)}", view) if part))]


def _failed(case: Case, answer: Message, _brand: str) -> list[Block]:
    why = escape(inline(answer.error or "The network gave no reason.", LONGEST_REASON))
    page = reply_page(case.network, case.reply_to_id, answer.text)
    row: list[Json] = []
    if case.reply_block is None:
        row += [
            button("Try again", ActionId.REPLY_TRY_AGAIN, _value(case, answer), style="primary"),
            button("Edit", ActionId.REPLY_EDIT, _value(case, answer)),
        ]
        row += link_button(f"Open on {network_name(case.network)}", ActionId.CASE_OPEN_POST, page)
    return [paragraph(f"⚠️ *Not sent:* {why}"), *actions(row)]


def _unsure(case: Case, answer: Message, brand: str) -> list[Block]:
    name = network_name(case.network)
    look = link(our_replies(case.network, brand), f"look on {name}")
    row = [
        button("It was sent", ActionId.REPLY_WAS_SENT, _value(case, answer)),
        button("It was not", ActionId.REPLY_WAS_NOT_SENT, _value(case, answer)),
    ]
    said = f"❓ *Not sure it was sent:* {look}. {name} did not say, and sending it again could post it twice."
    return [paragraph(said), *actions(row)]


def _by(answer: Message) -> str:
    return f"by {mention(answer.sent_by)}" if answer.sent_by else ""


def _value(case: Case, answer: Message) -> str:
    return card_value(case.id, case.version, answer.id)


_OUTCOMES = {
    Delivery.QUEUED: _queued,
    Delivery.SENT: _sent,
    Delivery.FAILED: _failed,
    Delivery.UNSURE: _unsure,
}

"""Notify an agent that the customer has the first wording of a line that they changed or deleted."""

from adapters.slack.blocks import actions, button, paragraph, text_content
from adapters.slack.cases.form_ids import CaseFormAction, correction_value
from adapters.slack.escaping import shorten
from adapters.slack.message_content import Content
from adapters.slack.rich_text import quote, rich_text
from domain.cases.case import Case
from domain.cases.messages import Delivery, Message

_QUOTED = 1500
_EDITED = "Your change here does not reach the customer"
_DELETED = "Deleting your line here does not take it back from the customer"
_STANDS = {
    Delivery.SENT: "they have the first wording",
    Delivery.FAILED: "the first wording was not sent either, as the card says",
}
_ON_ITS_WAY = "the first wording is on its way to them"


def render_changed_line(case: Case, message: Message, *, wording: str | None) -> Content:
    """Render what the customer has, and the button of the form for a correction.

    `wording` is what the line says now; `None` where it was deleted.
    """
    happened = _DELETED if wording is None else _EDITED
    stands = _STANDS.get(message.delivery, _ON_ITS_WAY) if message.delivery is not None else _ON_ITS_WAY
    text = f"{happened}: {stands}."
    value = correction_value(case.id, case.version, wording or "")
    return Content(
        text=text,
        blocks=[
            paragraph(text),
            rich_text(quote(shorten(message.text, _QUOTED))),
            *actions([button("Send a correction…", CaseFormAction.CORRECTION, value)]),
        ],
    )


def render_machine_line() -> Content:
    """Render that a workflow, an app or a bot wrote a line for the customer, which goes to nobody."""
    text = (
        "Nothing was sent to the customer: a workflow, an app or a bot wrote that line, and only people who may act "
        "here speak to customers. Write it yourself if it is meant for them."
    )
    return text_content(text)

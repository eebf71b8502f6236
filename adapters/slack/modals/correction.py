"""Render the form *It is about…*, which corrects how a message was read."""

from operator import itemgetter

from adapters.slack.action_ids import ActionId, BlockId, CallbackId, card_value
from adapters.slack.blocks import Json, context, option
from adapters.slack.cards.post import quote_post
from adapters.slack.escaping import shorten, strip_control
from adapters.slack.labels import situation_label, urgency_label
from adapters.slack.message_content import View
from adapters.slack.modals.frame import modal
from adapters.slack.modals.inputs import form_input
from adapters.slack.rich_text import rich_text
from adapters.slack.wording import language_name
from domain.cases.case import Case
from domain.cases.messages import Message
from domain.triage.assessment import Urgency
from domain.triage.correction import Judgement
from domain.triage.language import LANGUAGES
from domain.triage.situations import Situation

MAX_QUOTE_LENGTH = 1500
YES, NO = "yes", "no"
_ANSWERS = {YES: "Yes, an answer or help", NO: "No, nothing"}


def render_correction(case: Case, message: Message, judgement: Judgement) -> View:
    """Render the form with what is believed of the message. `private_metadata` is `card_value(...)`."""
    situations = {situation.value: situation_label(situation) for situation in Situation}
    urgencies = {urgency.name.lower(): urgency_label(urgency) for urgency in sorted(Urgency, reverse=True)}
    blocks = [
        rich_text(quote_post(shorten(strip_control(message.text), MAX_QUOTE_LENGTH))),
        form_input(
            BlockId.CORRECTION_SITUATION,
            "It is about",
            _element("static_select", ActionId.CORRECTION_SITUATION, situations, judgement.situation.value),
        ),
        form_input(
            BlockId.CORRECTION_URGENCY,
            "How urgent it is",
            _element("radio_buttons", ActionId.CORRECTION_URGENCY, urgencies, judgement.urgency.name.lower()),
        ),
        form_input(
            BlockId.CORRECTION_REQUEST,
            "Does it want something of us?",
            _element(
                "radio_buttons", ActionId.CORRECTION_REQUEST, _ANSWERS, YES if judgement.request else NO
            ),
        ),
        form_input(
            BlockId.CORRECTION_LANGUAGE,
            "The language of the conversation",
            _element(
                "static_select",
                ActionId.CORRECTION_LANGUAGE,
                _languages(judgement.language),
                judgement.language,
            ),
        ),
        context(
            "The card changes at once. Similar posts are read like this from tomorrow on, or at once by `/mentions words`."
        ),
    ]
    metadata = card_value(case.id, case.version, message.id)
    return modal("It is about…", CallbackId.CORRECTION, blocks, submit="Save", metadata=metadata)


def _languages(chosen: str) -> dict[str, str]:
    """Return the names of the languages that can be chosen, by code."""
    return dict(sorted(((code, language_name(code)) for code in {*LANGUAGES, chosen}), key=itemgetter(1)))


def _element(kind: str, action: ActionId, labels: dict[str, str], chosen: str) -> Json:
    return {
        "type": kind,
        "action_id": str(action),
        "options": [option(label, value) for value, label in labels.items()],
        "initial_option": option(labels[chosen], chosen),
    }

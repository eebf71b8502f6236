"""Render the form *It is about…*, which corrects how a message was read."""

from operator import itemgetter

from adapters.slack.action_ids import ActionId, BlockId, CallbackId, card_value
from adapters.slack.blocks import Json, context, option, plain_text
from adapters.slack.cards.post import quote_post
from adapters.slack.escaping import shorten, strip_control
from adapters.slack.labels import situation_label, urgency_label
from adapters.slack.message_content import Block, View
from adapters.slack.modals.frame import modal
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
        _choice(
            "It is about",
            BlockId.CORRECTION_SITUATION,
            _element("static_select", ActionId.CORRECTION_SITUATION, situations, judgement.situation.value),
        ),
        _choice(
            "How urgent it is",
            BlockId.CORRECTION_URGENCY,
            _element("radio_buttons", ActionId.CORRECTION_URGENCY, urgencies, judgement.urgency.name.lower()),
        ),
        _choice(
            "Does it want something of us?",
            BlockId.CORRECTION_REQUEST,
            _element(
                "radio_buttons", ActionId.CORRECTION_REQUEST, _ANSWERS, YES if judgement.request else NO
            ),
        ),
        _choice(
            "The language of the conversation",
            BlockId.CORRECTION_LANGUAGE,
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


def _choice(label: str, block: BlockId, element: Json) -> Block:
    return {"type": "input", "block_id": str(block), "label": plain_text(label, 2000), "element": element}


def _element(kind: str, action: ActionId, labels: dict[str, str], chosen: str) -> Json:
    return {
        "type": kind,
        "action_id": str(action),
        "options": [option(label, value) for value, label in labels.items()],
        "initial_option": option(labels[chosen], chosen),
    }

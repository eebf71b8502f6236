"""Render the blocks that reply and hand-off forms share: conversation, warnings, text input, length."""

import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from adapters.slack.action_ids import ActionId
from adapters.slack.blocks import Json, context, paragraph, paragraphs, plain_text
from adapters.slack.dates import date_mrkdwn, date_node
from adapters.slack.escaping import escape, escape_within, inline, mention, shorten, strip_control
from adapters.slack.handoffs.venue_names import via_phrase
from adapters.slack.message_content import Block, View
from adapters.slack.modals.inputs import MAX_INPUT_LENGTH
from adapters.slack.modals.machine_texts import reading_blocks, translation_blocks
from adapters.slack.post_context import context_sections
from adapters.slack.refusal_texts import violation_text
from adapters.slack.rich_text import Node, join_dotted, quote, rich_text, section, text_node, user_node
from adapters.slack.wording import (
    count_of,
    display_name,
    file_section,
    sender_names,
    shows_notice,
    visible_text,
    writing,
)
from domain.cases.messages import Delivery, Direction, Message
from domain.cases.shown_words import topic_words
from domain.cases.views import CaseView
from domain.handoffs.forms import HandoffForm
from domain.handoffs.offer_message import OfferViolation
from domain.replies.forms import PrivateReplyForm, PublicReplyForm
from domain.replies.rules_of_engagement import RuleViolation

MAX_QUOTE_LENGTH = 1500
MAX_REASON_LENGTH = 600
MAX_NEW_MESSAGES = 10
MAX_VIOLATIONS = 20

_REFUSAL = "refusal:"
#: What of an open view Slack takes back.
_SENT_BACK = ("type", "callback_id", "title", "close", "submit", "private_metadata", "notify_on_close")
_DELIVERY_LABELS = {
    Delivery.QUEUED: "not sent yet",
    Delivery.FAILED: "not sent",
    Delivery.UNSURE: "not sure it was sent",
}


def conversation_blocks(view: CaseView, new_messages: Sequence[Message], *, limit: int) -> list[Block]:
    """Render the last `limit` messages that are not new, with their translations.

    Before them, if they are not among them, the customer's newest and the one that says what it is about.
    """
    new_ids = {message.id for message in new_messages}
    earlier = [message for message in view.messages if message.id not in new_ids]
    theirs = [message for message in earlier if message.direction is Direction.IN]
    last = earlier[-limit:]
    newest = [*(one for one in theirs[-1:] if one not in last), *last]
    topic = topic_words(view.case, earlier, newest)
    return [
        block
        for message in [*([topic] if topic is not None else []), *newest]
        for block in (
            _message_block(view, message),
            *translation_blocks(view, message),
            *reading_blocks(view, message),
        )
    ]


def new_message_blocks(view: CaseView, new_messages: Sequence[Message]) -> list[Block]:
    """Render what the customer did while the form was open, because of which nothing was sent."""
    if not new_messages:
        return []
    name = escape(display_name(view.case))
    action_text = _what_they_did(new_messages)
    heading_text = f"🆕 *{name} {action_text} while you were writing.* Nothing was sent yet: read this first."
    return [
        paragraph(heading_text),
        *(_message_block(view, message) for message in new_messages[-MAX_NEW_MESSAGES:]),
    ]


def _what_they_did(new_messages: Sequence[Message]) -> str:
    there = [message for message in new_messages if message.deleted_at is None]
    if not there:
        return "deleted a post"
    # Such a message was there when the form was opened, or both happened since.
    return "edited a post" if all(message.edited_at is not None for message in there) else "wrote again"


def colleague_blocks(view: CaseView, claimed_by: str | None) -> list[Block]:
    """Show who else is writing, and warn that somebody else has claimed the case.

    `view.writers` are the others who have a form open.
    """
    others = [rich_text(section([text_node("✍️ "), *writing(view.writers)]))] if view.writers else []
    if claimed_by is None:
        return others
    who, newest = mention(claimed_by), view.messages[-1] if view.messages else None
    has_answered = newest is not None and newest.sent_by == claimed_by
    did = f"has answered {date_mrkdwn(newest.created_at)}" if newest and has_answered else "has this case"
    hint = f"Nothing is sent yet: *Take over and send* makes it your case, and tells {who}."
    return [*others, paragraph(f"⚠️ *{who} {did}.* {hint}")]


def with_refusal(shown: Mapping[str, Any], why: str) -> View | None:
    """Return an open form as Slack sent it, which says above its first input why nothing can be sent.

    `None` where it says so already. `why` is plain text.
    """
    line = {**context(escape(f"⚠️ {why}")), "block_id": f"{_REFUSAL}{zlib.crc32(why.encode()):08x}"}
    blocks = [one for one in shown.get("blocks") or () if isinstance(one, dict)]
    if any(one.get("block_id") == line["block_id"] for one in blocks):
        return None
    kept = [one for one in blocks if not str(one.get("block_id")).startswith(_REFUSAL)]
    place = next((place for place, one in enumerate(kept) if one.get("type") == "input"), len(kept))
    changed = [*kept[:place], line, *kept[place:]]
    return {**{name: shown[name] for name in _SENT_BACK if shown.get(name)}, "blocks": changed}


def submit_label(send: str, form: PublicReplyForm | PrivateReplyForm | HandoffForm) -> str:
    """Return the label of the submit button: `send`, or what submitting does besides."""
    label = "Send anyway" if offers_override(form.new_messages, form.violations) else send
    if form.assigned_to is None:
        return label
    return "Take over, send anyway" if label == "Send anyway" else "Take over and send"


def violation_blocks(violations: Sequence[RuleViolation | OfferViolation]) -> list[Block]:
    """Render the violated rules: what is not allowed, then what is asked about, each as one list."""
    hard = [violation for violation in violations if violation.hard]
    soft = [violation for violation in violations if not violation.hard]
    if hard:
        number = count_of(len(hard), "reason")
        return [
            *_listed("⛔ *Not sent:*", f"⛔ *Not sent,* for {number}:", hard),
            *_listed("⚠️ *Besides:*", "⚠️ *Besides:*", soft),
        ]
    number = count_of(len(soft), "warning")
    return _listed("⚠️ *Send anyway?*", f"⚠️ *Send anyway?* There are {number}:", soft)


def offers_override(
    new_messages: Sequence[Message], violations: Sequence[RuleViolation | OfferViolation]
) -> bool:
    """Return whether submitting again overrides: new messages or soft violations are shown, no hard one."""
    return bool(violations or new_messages) and not any(violation.hard for violation in violations)


def text_input(
    block_id: str,
    action: ActionId,
    label: str,
    text: str,
    *,
    max_length: int = MAX_INPUT_LENGTH,
) -> Block:
    """Render the text input. Slack sends every keystroke, so that what is typed can be counted and read."""
    limit = min(max_length, MAX_INPUT_LENGTH)
    element: Json = {
        "type": "plain_text_input",
        "action_id": str(action),
        "multiline": True,
        "max_length": limit,
        "focus_on_load": True,
        "dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]},
    }
    prefilled = shorten(strip_control(text), limit)
    return {
        "type": "input",
        "dispatch_action": True,
        "block_id": block_id,
        "label": plain_text(label, 2000),
        "element": {**element, "initial_value": prefilled} if prefilled else element,
    }


def format_count(length: int, limit: int) -> str:
    """Render "143 / 280", or by how much it is too long, in mrkdwn."""
    count_text, excess = f"{length:,} / {limit:,}", length - limit
    return f"⛔ *{count_text}*, {excess:,} too long" if excess > 0 else f"*{count_text}*"


def _message_block(view: CaseView, message: Message) -> Block:
    venue_nodes = [text_node(via_phrase(message.venue))] if message.venue.is_private else []
    if message.direction is Direction.IN:
        name, identity = sender_names(view.case, message)
        author_nodes: list[Node] = [
            text_node(name, bold=True),
            *([text_node(f"  {identity}")] if identity else []),
        ]
    else:
        author_nodes = [text_node("We answered", bold=True)]
        author_nodes += [text_node(" · "), user_node(message.sent_by)] if message.sent_by else []
    delivery = _DELIVERY_LABELS.get(message.delivery) if message.delivery is not None else None
    heading = section(
        join_dotted(
            [
                author_nodes,
                venue_nodes,
                [date_node(message.created_at)],
                [text_node(delivery)] if delivery else [],
            ]
        )
    )
    if shows_notice(message):
        return rich_text(heading, section([text_node(visible_text(message), italic=True)]))
    words = quote(shorten(strip_control(visible_text(message)), MAX_QUOTE_LENGTH))
    files = file_section(view.files.get(message.id, ()))
    return rich_text(heading, *(files or [words]), *context_sections(message))


def _listed(one: str, several: str, violations: Sequence[RuleViolation | OfferViolation]) -> list[Block]:
    """Render a violation in a line that begins with `one`, or several as a list under `several`."""
    reasons = [_reason(violation) for violation in violations[:MAX_VIOLATIONS]]
    if not violations[1:]:
        return [paragraph(f"{one} {reason}") for reason in reasons]
    left = len(violations) - len(reasons)
    more = [f"• and {left:,} more"] if left else []
    return paragraphs([several, *(f"• {reason}" for reason in reasons), *more])


def _reason(violation: RuleViolation | OfferViolation) -> str:
    return escape_within(inline(violation_text(violation), MAX_REASON_LENGTH), MAX_REASON_LENGTH * 2)

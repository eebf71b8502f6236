"""The forms about a conversation that is in private: an answer, the proof of who is there, a mail as it came."""

from adapters.slack.action_ids import ActionId, BlockId, CallbackId, place_value, private_block
from adapters.slack.blocks import DIVIDER, context, paragraph, plain_text
from adapters.slack.dates import DateStyle, date_node
from adapters.slack.escaping import escape, inline, shorten, strip_control
from adapters.slack.message_hash import Block, View
from adapters.slack.modals.frame import modal
from adapters.slack.modals.metadata import form_metadata
from adapters.slack.modals.parts import LONGEST_INPUT, conversation, news_blocks, text_input
from adapters.slack.rich_text import dotted, quote, rich_text, section, words
from adapters.slack.venue_names import by_way_of, title, verification
from adapters.slack.wording import GONE, display_name, handle, who_wrote
from domain.cases.case import Case
from domain.cases.messages import Message
from domain.handoffs.handoff import Handoff
from domain.replies.forms import PrivateForm
from domain.venues import Venue

MOST_MESSAGES = 4
LONGEST_ORIGINAL = 9000
LONGEST_PART = 2900
LONGEST_REASON = 300
LONGEST_SUBJECT = 200


def render_private(form: PrivateForm) -> View:
    """The form for a private answer. Where it goes and to whom, and whether they are known, stands beside the box that is written in."""
    blocks = [
        *conversation(form.view, form.news, most=MOST_MESSAGES),
        DIVIDER,
        *news_blocks(form.view, form.news),
        paragraph(_to(form)),
        text_input(
            private_block(form.revision),
            ActionId.PRIVATE_TEXT,
            "Your answer",
            form.text,
            longest=form.limit,
            heard=form.handoff.venue is Venue.CHAT,
        ),
        context(
            f"Private, {by_way_of(form.handoff.venue)} · at most {min(form.limit, LONGEST_INPUT):,} characters"
        ),
    ]
    return modal(
        f"Answer {by_way_of(form.handoff.venue)}",
        CallbackId.PRIVATE,
        blocks,
        submit="Send anyway" if form.news else "Send",
        metadata=form_metadata(form),
    )


def render_verify(case: Case, handoff: Handoff) -> View:
    """How does the agent know who is there? `private_metadata` is `place_value(...)`: what is said holds for this hand-off alone."""
    name = escape(display_name(case))
    said = (
        f"Whoever is in the {escape(handoff.venue.label.lower())} becomes *{name}* ({escape(handle(case))}) for everybody who "
        "works this case. What you write here is kept with your name."
    )
    reason = {
        "type": "input",
        "block_id": str(BlockId.VERIFY_REASON),
        "label": plain_text("How do you know that it is them?", 2000),
        "element": {
            "type": "plain_text_input",
            "action_id": str(ActionId.VERIFY_REASON),
            "max_length": LONGEST_REASON,
            "focus_on_load": True,
            "placeholder": plain_text("They named the order number and the sum", 150),
        },
    }
    metadata = place_value(case.id, handoff.id)
    return modal("Verify", CallbackId.VERIFY, [paragraph(said), reason], submit="Verify", metadata=metadata)


def render_original(case: Case, message: Message) -> View:
    """A mail as it came, with what it quotes and its signature."""
    name, known = who_wrote(case, message)
    heading = dotted(
        [
            [words(name, bold=True), *([words(f"  {known}")] if known else [])],
            [date_node(message.created_at, DateStyle.DAY_AND_CLOCK)],
        ]
    )
    subject = inline(message.subject or "", LONGEST_SUBJECT)
    about = [section([words(subject, bold=True)])] if subject else []
    blocks = [rich_text(section(heading), *about), *_text(message)]
    return modal("Original message", CallbackId.ORIGINAL, blocks, close="Close")


def _text(message: Message) -> list[Block]:
    if message.deleted_at is not None:
        return [rich_text(section([words(GONE, italic=True)]))]
    whole = shorten(strip_control(message.original or message.text), LONGEST_ORIGINAL)
    parts = [whole[at : at + LONGEST_PART] for at in range(0, len(whole), LONGEST_PART)]
    return [rich_text(quote(part)) for part in parts or [""]]


def _to(form: PrivateForm) -> str:
    handoff = form.handoff
    address = (
        f", {escape(inline(handoff.address, 60))}" if handoff.venue is Venue.EMAIL and handoff.address else ""
    )
    to = f"*To {escape(display_name(form.view.case))}*{address} · {title(handoff.venue)}"
    return f"{to}\n{verification(handoff)}"

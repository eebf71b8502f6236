"""The answer form: what was said, what to mind, the text, its count, and texts to pick from."""

from adapters.slack.action_ids import ActionId, BlockId, CallbackId, answer_block
from adapters.slack.blocks import DIVIDER, Json, context, option, paragraph, plain_text
from adapters.slack.content import Block, View
from adapters.slack.dates import date_node
from adapters.slack.modals.frame import modal
from adapters.slack.modals.metadata import answer_metadata
from adapters.slack.networks import network_name
from adapters.slack.rich import Node, dotted, person, quote, rich_text, section, words
from adapters.slack.text import clean, escape, escape_within, inline, mention, shorten
from adapters.slack.wording import GONE, display_name, handle
from domain.messages import Delivery, Direction, Message
from domain.views import AnswerForm, Finding

LONGEST_INPUT = 3000
LONGEST_QUOTE = 1500
LONGEST_REASON = 600
LONGEST_NAME = 150
MOST_MESSAGES = 4
MOST_NEWS = 10
MOST_FINDINGS = 20
MOST_OPTIONS = 100


def render_answer(form: AnswerForm, *, brand: str) -> View:
    """The answer form. `brand` is our account's handle, without "@"."""
    blocks = [
        *_conversation(form),
        DIVIDER,
        *_news(form),
        *_holder(form),
        *_findings(form),
        _text(form),
        context(_count(form, brand)),
        *_alternatives(form),
    ]
    return modal(
        f"Answer on {network_name(form.view.case.network)}",
        CallbackId.ANSWER,
        blocks,
        submit="Send anyway" if _asks_anyway(form) else "Send",
        metadata=answer_metadata(form),
    )


def _asks_anyway(form: AnswerForm) -> bool:
    """Whether all that stands in the way has been said, so that sending again means it."""
    return bool(form.findings or form.news) and not any(finding.hard for finding in form.findings)


def _conversation(form: AnswerForm) -> list[Block]:
    """The last messages, but not those that are news."""
    news = {message.id for message in form.news}
    earlier = [message for message in form.view.messages if message.id not in news]
    return [_message(form, message) for message in earlier[-MOST_MESSAGES:]]


def _message(form: AnswerForm, message: Message) -> Block:
    author = form.view.case.author
    if message.direction is Direction.IN:
        name: list[Node] = [words(display_name(author), bold=True), words(f"  {handle(author)}")]
    else:
        name = [words("We answered", bold=True)]
        name += [words(" · "), person(message.sent_by)] if message.sent_by else []
    fate = _FATES.get(message.delivery) if message.delivery is not None else None
    heading = section(dotted([name, [date_node(message.created_at)], [words(fate)] if fate else []]))
    if message.deleted_at is not None:
        return rich_text(heading, section([words(GONE, italic=True)]))
    return rich_text(heading, quote(shorten(clean(message.text), LONGEST_QUOTE)))


_FATES = {Delivery.QUEUED: "sending", Delivery.FAILED: "not sent", Delivery.UNSURE: "not sure it was sent"}


def _news(form: AnswerForm) -> list[Block]:
    if not form.news:
        return []
    name = escape(display_name(form.view.case.author))
    did = "wrote again" if any(m.deleted_at is None for m in form.news) else "deleted a post"
    said = f"🆕 *{name} {did} while you were writing.* Nothing was sent yet: read this first."
    return [paragraph(said), *(_message(form, message) for message in form.news[-MOST_NEWS:])]


def _holder(form: AnswerForm) -> list[Block]:
    if form.held_by is None:
        return []
    return [paragraph(f"⚠️ *{mention(form.held_by)} has claimed this case.* Take it over before you send.")]


def _findings(form: AnswerForm) -> list[Block]:
    ordered = sorted(form.findings, key=lambda finding: not finding.hard)
    return [paragraph(_warning(finding)) for finding in ordered[:MOST_FINDINGS]]


def _warning(finding: Finding) -> str:
    mark, verdict = ("⛔", "Not sent:") if finding.hard else ("⚠️", "Send anyway?")
    return f"{mark} *{verdict}* {escape_within(inline(finding.reason, LONGEST_REASON), LONGEST_REASON * 2)}"


def _text(form: AnswerForm) -> Block:
    element: Json = {
        "type": "plain_text_input",
        "action_id": str(ActionId.ANSWER_TEXT),
        "multiline": True,
        "max_length": LONGEST_INPUT,
        "focus_on_load": True,
        "dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]},
    }
    prefilled = shorten(clean(form.text), LONGEST_INPUT)
    return {
        "type": "input",
        "block_id": answer_block(form.revision),
        "dispatch_action": True,
        "label": plain_text("Your answer", 2000),
        "element": {**element, "initial_value": prefilled} if prefilled else element,
    }


def _count(form: AnswerForm, brand: str) -> str:
    counted = f"{form.length:,} / {form.limit:,}"
    over = form.length - form.limit
    counted = f"⛔ *{counted}*, {over:,} too long" if over > 0 else f"*{counted}*"
    network = network_name(form.view.case.network)
    account = escape(inline(brand, 40))
    return (
        f"{counted} · public on {network}, as @{account}, in reply to {escape(handle(form.view.case.author))}"
    )


def _alternatives(form: AnswerForm) -> list[Block]:
    """Saved replies to pick from; picking one replaces the text."""
    options = [
        option(inline(one.title, 70) or one.name, one.name)
        for one in form.options
        if 0 < len(one.name) <= LONGEST_NAME
    ][:MOST_OPTIONS]
    if not options:
        return []
    select = {
        "type": "static_select",
        "action_id": str(ActionId.ANSWER_ALTERNATIVE),
        "placeholder": plain_text("Use a saved reply instead…", 150),
        "options": options,
    }
    return [{"type": "actions", "block_id": str(BlockId.ANSWER_ALTERNATIVE), "elements": [select]}]

"""What the forms that write to a customer share: what was said, what to mind, the box for the text."""

from collections.abc import Sequence

from adapters.slack.action_ids import ActionId
from adapters.slack.blocks import Json, paragraph, plain_text
from adapters.slack.dates import date_node
from adapters.slack.escaping import escape, escape_within, inline, mention, shorten, strip_control
from adapters.slack.message_hash import Block
from adapters.slack.rich_text import Node, dotted, person, quote, rich_text, section, words
from adapters.slack.venue_names import by_way_of
from adapters.slack.wording import GONE, display_name, who_wrote
from domain.cases.case import Case
from domain.cases.messages import Delivery, Direction, Message
from domain.cases.views import CaseView
from domain.replies.rules_of_engagement import RuleViolation

LONGEST_INPUT = 3000
LONGEST_QUOTE = 1500
LONGEST_REASON = 600
MOST_NEWS = 10
MOST_FINDINGS = 20

_FATES = {Delivery.QUEUED: "sending", Delivery.FAILED: "not sent", Delivery.UNSURE: "not sure it was sent"}


def conversation(view: CaseView, news: Sequence[Message], *, most: int) -> list[Block]:
    """The last messages, but not those that are news."""
    fresh = {message.id for message in news}
    earlier = [message for message in view.messages if message.id not in fresh]
    return [_message(view.case, message) for message in earlier[-most:]]


def news_blocks(view: CaseView, news: Sequence[Message]) -> list[Block]:
    """What the customer did while the form was open; nothing was sent because of it."""
    if not news:
        return []
    name = escape(display_name(view.case))
    did = "wrote again" if any(m.deleted_at is None for m in news) else "deleted a post"
    said = f"🆕 *{name} {did} while you were writing.* Nothing was sent yet: read this first."
    return [paragraph(said), *(_message(view.case, message) for message in news[-MOST_NEWS:])]


def holder_block(held_by: str | None) -> list[Block]:
    """Who else has claimed the case."""
    if held_by is None:
        return []
    return [paragraph(f"⚠️ *{mention(held_by)} has claimed this case.* Take it over before you send.")]


def violation_blocks(violations: Sequence[RuleViolation]) -> list[Block]:
    """The broken rules, those that block first."""
    ordered = sorted(violations, key=lambda finding: not finding.hard)
    return [paragraph(_warning(finding)) for finding in ordered[:MOST_FINDINGS]]


def asks_anyway(news: Sequence[Message], violations: Sequence[RuleViolation]) -> bool:
    """Whether all that stands in the way has been said, so that sending again means it."""
    return bool(violations or news) and not any(finding.hard for finding in violations)


def text_input(
    block_id: str,
    action: ActionId,
    label: str,
    text: str,
    *,
    longest: int = LONGEST_INPUT,
    heard: bool = True,
) -> Block:
    """The box for the text; where it is `heard`, each key that is pressed in it comes back, so that it can be counted."""
    most = min(longest, LONGEST_INPUT)
    element: Json = {
        "type": "plain_text_input",
        "action_id": str(action),
        "multiline": True,
        "max_length": most,
        "focus_on_load": True,
    }
    if heard:
        element["dispatch_action_config"] = {"trigger_actions_on": ["on_character_entered"]}
    prefilled = shorten(strip_control(text), most)
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": plain_text(label, 2000),
        "element": {**element, "initial_value": prefilled} if prefilled else element,
    }
    return {**block, "dispatch_action": True} if heard else block


def counted(length: int, limit: int) -> str:
    """ "143 / 280", or by how much it is too long, in mrkdwn."""
    said, over = f"{length:,} / {limit:,}", length - limit
    return f"⛔ *{said}*, {over:,} too long" if over > 0 else f"*{said}*"


def _message(case: Case, message: Message) -> Block:
    private = [words(by_way_of(message.venue))] if message.venue.is_private else []
    if message.direction is Direction.IN:
        name, known = who_wrote(case, message)
        who: list[Node] = [words(name, bold=True), *([words(f"  {known}")] if known else [])]
    else:
        who = [words("We answered", bold=True)]
        who += [words(" · "), person(message.sent_by)] if message.sent_by else []
    fate = _FATES.get(message.delivery) if message.delivery is not None else None
    heading = section(dotted([who, private, [date_node(message.created_at)], [words(fate)] if fate else []]))
    if message.deleted_at is not None:
        return rich_text(heading, section([words(GONE, italic=True)]))
    return rich_text(heading, quote(shorten(strip_control(message.text), LONGEST_QUOTE)))


def _warning(finding: RuleViolation) -> str:
    mark, verdict = ("⛔", "Not sent:") if finding.hard else ("⚠️", "Send anyway?")
    return f"{mark} *{verdict}* {escape_within(inline(finding.reason, LONGEST_REASON), LONGEST_REASON * 2)}"

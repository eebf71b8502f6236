"""Render the suggested reply with its origin and its weighted length."""

from collections.abc import Callable

from adapters.slack.dates import DateStyle, date_node
from adapters.slack.escaping import inline, shorten, strip_control
from adapters.slack.message_content import Block
from adapters.slack.rich_text import Node, rich_text, section, text_node
from adapters.slack.wording import latest_inbound
from domain.cases.messages import Delivery
from domain.cases.views import CaseView
from domain.networks import TextCount
from domain.triage.drafts import Source, Suggestion

MAX_SHOWN_LENGTH = 2000


def suggestion_block(view: CaseView, count: Callable[[str], TextCount]) -> list[Block]:
    """Render the suggestion.

    Empty if there is none, if the customer's latest message is deleted, or if our reply already answers it.
    """
    suggestion = view.suggestion
    if suggestion is None or not _is_wanted(view):
        return []
    counted = count(suggestion.text)
    heading = [
        text_node("Suggested reply ", bold=True),
        text_node("("),
        *_origin_nodes(suggestion),
        text_node(f") · {counted.length:,} / {counted.limit:,}"),
    ]
    missing = inline(", ".join(suggestion.missing), 200)
    parts = [
        section([*heading, text_node(f"\n{shorten(strip_control(suggestion.text), MAX_SHOWN_LENGTH)}")]),
        *([section([text_node(f"Still to ask: {missing}", italic=True)])] if missing else []),
    ]
    return [rich_text(*parts)]


def _is_wanted(view: CaseView) -> bool:
    reply, latest = view.latest_reply, latest_inbound(view)
    if latest is not None and latest.deleted_at is not None:
        return False
    return reply is None or (reply.delivery is Delivery.SENT and latest is not None and latest.id > reply.id)


def _origin_nodes(suggestion: Suggestion) -> list[Node]:
    version = inline(suggestion.version, 20)
    if suggestion.source is Source.SAVED_REPLY:
        return [text_node(f"saved reply “{inline(suggestion.title, 60)}”, v{version}")]
    model = inline(suggestion.model or "a model", 60)
    return [
        text_node(f"drafted by {model}, prompt v{version}, "),
        date_node(suggestion.created_at, DateStyle.DAY_AND_CLOCK),
    ]

"""The suggestion, with where it comes from and how long it is by the network's count."""

from collections.abc import Callable

from adapters.slack.dates import DateStyle, date_node
from adapters.slack.escaping import inline, shorten, strip_control
from adapters.slack.message_hash import Block
from adapters.slack.rich_text import Node, rich_text, section, words
from adapters.slack.wording import latest_inbound
from domain.cases.messages import Delivery
from domain.cases.views import CaseView
from domain.networks import TextCount
from domain.triage.drafts import Source, Suggestion

LONGEST_SHOWN = 2000


def suggestion_block(view: CaseView, count: Callable[[str], TextCount]) -> list[Block]:
    """Nothing where there is no suggestion, or where our answer already stands against the customer's latest words."""
    suggestion = view.suggestion
    if suggestion is None or not _is_wanted(view):
        return []
    counted = count(suggestion.text)
    heading = [
        words("Suggested reply ", bold=True),
        words("("),
        *_origin(suggestion),
        words(f") · {counted.length:,} / {counted.limit:,}"),
    ]
    missing = inline(", ".join(suggestion.missing), 200)
    parts = [
        section([*heading, words(f"\n{shorten(strip_control(suggestion.text), LONGEST_SHOWN)}")]),
        *([section([words(f"Still to ask: {missing}", italic=True)])] if missing else []),
    ]
    return [rich_text(*parts)]


def _is_wanted(view: CaseView) -> bool:
    answer, latest = view.answer, latest_inbound(view)
    if latest is not None and latest.deleted_at is not None:
        return False
    return answer is None or (
        answer.delivery is Delivery.SENT and latest is not None and latest.id > answer.id
    )


def _origin(suggestion: Suggestion) -> list[Node]:
    version = inline(suggestion.version, 20)
    if suggestion.source is Source.SAVED_REPLY:
        return [words(f"saved reply “{inline(suggestion.title, 60)}”, v{version}")]
    model = inline(suggestion.model or "a model", 60)
    return [
        words(f"drafted by {model}, prompt v{version}, "),
        date_node(suggestion.made_at, DateStyle.DAY_AND_CLOCK),
    ]

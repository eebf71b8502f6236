"""Render in Details what is suggested and where it comes from, or why nothing is."""

from collections.abc import Mapping

from adapters.slack.blocks import paragraph
from adapters.slack.cards.suggestion import WhyNone, shown_suggestion, why_no_suggestion
from adapters.slack.dates import DateStyle, date_node
from adapters.slack.escaping import escape, inline, shorten, strip_control
from adapters.slack.message_content import Block
from adapters.slack.rich_text import Node, rich_text, section, text_node
from domain.cases.views import CaseView
from domain.networks import OurAccount
from domain.replies.rules_of_engagement import Guidance
from domain.triage.drafts import Source, Suggestion
from domain.triage.situations import Situation

MAX_TEXT_LENGTH = 2000
MAX_LABEL_LENGTH = 60
_WHY_NONE = {
    WhyNone.NOWHERE: (
        "*No suggestion.* Cases like this are answered in private, says `prompts/rules_of_engagement.toml`, and "
        "customers on {network} have no private venue to reach you: no direct messages are read there, and "
        "neither an e-mail address nor the chat page is set up. Answer without asking for anything personal, "
        "and say where they can reach you."
    ),
    WhyNone.NOT_BY_DIRECT_MESSAGE: (
        "*No suggestion.* Cases like this are answered in private, and no direct messages are read on {network}, "
        "which most saved replies ask for. *Move to…* writes the invitation to another place."
    ),
}


def suggestion_blocks(
    view: CaseView, ours: OurAccount, guidance: Mapping[Situation, Guidance]
) -> list[Block]:
    """Render the whole suggestion, where it comes from, and what the customer still has to be asked for.

    Without one, say why, where it is not only that no saved reply fits.
    """
    suggestion = shown_suggestion(view)
    if suggestion is None:
        why = why_no_suggestion(view, ours, guidance)
        network = escape(inline(ours.profile.label, MAX_LABEL_LENGTH))
        return [paragraph(_WHY_NONE[why].format(network=network))] if why is not None else []
    counted = ours.profile.count(suggestion.text)
    heading = [
        text_node("Suggested reply ", bold=True),
        text_node("("),
        *_origin(suggestion),
        text_node(f") · {counted.length:,} / {counted.limit:,}"),
    ]
    missing = inline(", ".join(suggestion.missing), 200)
    text = shorten(strip_control(suggestion.text), MAX_TEXT_LENGTH)
    parts = [
        section([*heading, text_node(f"\n{text}")]),
        *([section([text_node(f"Still to ask: {missing}", italic=True)])] if missing else []),
    ]
    return [rich_text(*parts)]


def _origin(suggestion: Suggestion) -> list[Node]:
    version = inline(suggestion.version, 20)
    if suggestion.source is Source.SAVED_REPLY:
        return [text_node(f"saved reply “{inline(suggestion.title, 60)}”, v{version}")]
    if suggestion.source is Source.OUTAGE:
        return [text_node(f"approved wording of “{inline(suggestion.title, 60)}”")]
    model = inline(suggestion.model or "a model", 60)
    sources = f" from “{inline(suggestion.title, 120)}”" if suggestion.title else ""
    return [
        text_node(f"drafted by {model}{sources}, prompt v{version}, "),
        date_node(suggestion.created_at, DateStyle.DAY_AND_CLOCK),
    ]

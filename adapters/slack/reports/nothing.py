"""Word why filters leave a report empty, and what to do."""

from collections.abc import Iterator

from adapters.slack.blocks import paragraph
from adapters.slack.message_content import Block
from adapters.slack.reports.wording import filters_mrkdwn
from adapters.slack.wording import count_of
from domain.reports.filters import Filters
from domain.reports.summaries import NothingChosen

_BOTH = 2


def nothing_blocks(nothing: NothingChosen | None, filters: Filters) -> Iterator[Block]:
    """Yield what to read below the first line of a report that filters leave empty; nothing for `None`."""
    if nothing is not None:
        yield paragraph(_why(nothing, filters))


def _why(nothing: NothingChosen, filters: Filters) -> str:
    if not nothing.cases:
        return "No case was opened in this time, with these filters or without. Ask for a longer time."
    opened = f"{count_of(nothing.cases, 'case was', 'cases were')} opened in this time"
    alone = {filters_mrkdwn(filters.only(key)): count for key, count in nothing.by_filter.items()}
    if unmet := [words for words, count in alone.items() if not count]:
        which = "that filter" if len(unmet) == 1 else "these filters"
        return (
            f"{opened}, none of them with {' or '.join(unmet)}. Leave {which} out, or ask for a longer time."
        )
    if len(alone) == 1:
        [(words, count)] = alone.items()
        return f"{opened}, {count:,} with {words}, but nobody wrote or was answered there. Ask for a longer time."
    parts = ", ".join(f"{count:,} with {words}" for words, count in alone.items())
    none = "both" if len(alone) == _BOTH else "all of these"
    return f"{opened}: {parts}, and none with {none}. Leave one of them out, or ask for a longer time."

"""Word why a report was not made, with examples of what can be typed."""

from collections.abc import Callable

from adapters.slack.blocks import paragraph
from adapters.slack.message_content import Content
from adapters.slack.reports.wording import period_name
from domain.reports.filters import FilterKey, TooManyFilters, TwoPeriods, UnknownFilter, UnknownValue
from domain.reports.periods import MAX_DAYS, Period, PeriodFault, UnreadablePeriod

_MAX_WORDS = 60
_EXAMPLES = "Try `7d`, `last week`, `yesterday`, `24h` or `2026-11-01..2026-11-07`."
_FAULTS = {
    PeriodFault.UNKNOWN: "“{words}” is no period that can be read. {examples}",
    PeriodFault.NO_SUCH_DAY: "“{words}” has a day or a number that does not exist. {examples}",
    PeriodFault.REVERSED: "“{words}” ends before it begins. Write the earlier day first. {examples}",
    PeriodFault.IN_FUTURE: "“{words}” has not begun yet. {examples}",
    PeriodFault.TOO_EARLY: "“{words}” is before there was anything to count. {examples}",
    PeriodFault.TOO_LONG: "“{words}” is longer than {most} days. Ask for a part of it. {examples}",
}
FIGURES_OF_OTHERS = (
    "Figures of other agents are for their managers: the setting `reports.managers_group` says who they are. "
    "`agent:me` shows yours."
)
NOT_FOR_CHANNELS = "Figures of an agent are not for a channel. Nothing was posted."
#: What is said where nobody knows whether a summary or a chart was posted.
MAYBE_SENT = (
    "Slack did not say whether it took the summary or the chart that you asked for. "
    "Look whether it is there before you press again."
)
_FILTERS = "Filters are `channel:#support`, `network:`, `situation:cannot_pay`, `language:es`, `agent:me`, `outage:12` and `tag:billing`."


def report_refusal_text(
    error: Exception, shown: Callable[[str], str] = str, shown_in_code: Callable[[str], str] = str
) -> str | None:
    """Word a refusal of a report; `None` for any other error.

    `shown` escapes what was typed, for mrkdwn, and `shown_in_code` what can be; without them the answer is
    plain text.
    """
    match error:
        case UnreadablePeriod(words=words, fault=fault):
            return _FAULTS[fault].format(words=shown(words[:_MAX_WORDS]), examples=_EXAMPLES, most=MAX_DAYS)
        case TwoPeriods(first=first, second=second):
            return f"“{shown(first[:_MAX_WORDS])}” and “{shown(second[:_MAX_WORDS])}”: one period at a time. {_EXAMPLES} {_FILTERS}"
        case UnknownFilter(words=words):
            return f"“{shown(words[:_MAX_WORDS])}” is no filter. {_FILTERS}"
        case TooManyFilters():
            return "These are too many filters for one report. Ask for a part of them."
        case UnknownValue(key=key, value=value, known=known):
            return _value_text(key, shown(value[:_MAX_WORDS]), tuple(map(shown_in_code, known)))
        case _:
            return None


def render_summary_failed(period: Period) -> Content:
    """Render that a summary could not be made."""
    text = f"Summary of {period_name(period).lower()}: it failed. Try again in a minute."
    return Content(text=text, blocks=[paragraph(text)])


def render_chart_sent() -> Content:
    """Render where the chart is, for whoever asked for it."""
    text = "The chart is in your direct messages."
    return Content(text=text, blocks=[paragraph(text)])


def chart_not_sent(reason: str) -> str:
    """Word, as plain text, that the chart did not come."""
    return f"The chart could not be sent: {reason}. Press “Send me the chart” again."


def not_shared(channel: str, reason: str) -> str:
    """Word, as plain text, that a summary was not posted."""
    return f"The summary was not shared in #{channel}: {reason}. Press “Share in channel” again; or copy it."


def _value_text(key: FilterKey, value: str, known: tuple[str, ...]) -> str:
    choices = f" It can be {', '.join(f'`{one}`' for one in known)}." if known else ""
    return f"There is no {key.value} “{value}”.{choices}"

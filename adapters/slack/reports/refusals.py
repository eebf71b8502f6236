"""Word why a report was not made, with examples of what can be typed."""

from collections.abc import Callable, Sequence

from adapters.slack.blocks import text_content
from adapters.slack.message_content import Content
from adapters.slack.reports.wording import period_name
from domain.reports.filters import (
    FilterFault,
    FilterKey,
    SeveralAgents,
    TooManyFilters,
    TwoPeriods,
    UnknownFilter,
    UnknownValue,
    UnknownWord,
)
from domain.reports.periods import MAX_DAYS, Period, PeriodFault, UnreadablePeriod

_MAX_WORDS = 60
_EXAMPLES = "Try `7d`, `last week`, `yesterday`, `24h` or `2026-11-01..2026-11-07`."
_FAULTS = {
    PeriodFault.UNKNOWN: "“{words}” is no period that can be read. {examples}",
    PeriodFault.OTHER_FORM: "“{words}” cannot be read: days are written year-month-day. {examples}",
    PeriodFault.NO_FIRST_DAY: "“{words}” does not say when it begins. Write its first day, too. {examples}",
    PeriodFault.NO_SUCH_DAY: "“{words}” has a day or a number that does not exist. {examples}",
    PeriodFault.REVERSED: "“{words}” ends before it begins. Write the earlier day first. {examples}",
    PeriodFault.IN_FUTURE: "“{words}” has not begun yet, so there is nothing to count. What is expected says `/mentions outlook`. {examples}",
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
_WITHOUT_WORDS = {
    "completeness": "it shows each of the last 14 days, of all networks",
    "digest": "it lists the summaries that come by themselves",
    "outlook": "it is of the next 7 days, and of all messages",
}
_NO_WORD = "“{words}” is neither a period nor a filter. {choices}"
_FILTER_FAULTS = {
    FilterFault.NAME: "“{words}” is no filter. {filters}",
    FilterFault.NO_VALUE: "“{words}” has nothing behind its colon. {filters}",
    FilterFault.TOO_LONG: "“{words}” is too long for a filter. {filters}",
    FilterFault.LINK: "“{words}” is a link, and no filter. {filters}",
    FilterFault.TIME_OF_DAY: "“{words}” is a time of day; a period has whole days, or the last hours. {examples}",
    FilterFault.PERIOD: "“{words}” is no filter: a period stands by itself. {examples}",
}
#: What is said of a value that could be, and that no case has.
_NOBODY_HAS = {
    FilterKey.TAG: "No case and no customer has the tag “{value}”, so there is nothing to count.",
    FilterKey.CHANNEL: "There is no channel “{value}” that Switchboard can see.",
}
_FILTERS = "Filters are `channel:#support`, `network:`, `situation:cannot_pay`, `language:es`, `agent:me`, `outage:12` and `tag:billing`."


def report_refusal_text(
    error: Exception, shown: Callable[[str], str] = str, shown_in_code: Callable[[str], str] = str
) -> str | None:
    """Word a refusal of a report; `None` for any other error.

    `shown` escapes what was typed, for mrkdwn, and `shown_in_code` what can be; without them the answer is
    plain text.
    """
    match error:
        case UnreadablePeriod(words=words, fault=fault, instead=instead):
            examples = _did_you_mean(*instead) or _EXAMPLES
            return _FAULTS[fault].format(words=shown(words[:_MAX_WORDS]), examples=examples, most=MAX_DAYS)
        case TwoPeriods(first=first, second=second):
            words = f"“{shown(first[:_MAX_WORDS])}” and “{shown(second[:_MAX_WORDS])}”"
            return f"{words} are two periods, and a report has one. Ask for each by itself. {_EXAMPLES}"
        case UnknownWord() | UnknownFilter():
            return _word_text(error, shown, shown_in_code)
        case TooManyFilters():
            return "These are too many filters for one report. Ask for a part of them."
        case UnknownValue() | SeveralAgents():
            return _value_text(error, shown, shown_in_code)
        case _:
            return None


def takes_no_words(subcommand: str) -> str:
    """Word that a report knows neither periods nor filters."""
    return (
        f"`/mentions {subcommand}` takes no period and no filter: {_WITHOUT_WORDS[subcommand]}. Type it without "
        "anything behind it; `/mentions summary` takes both."
    )


def render_summary_failed(period: Period) -> Content:
    """Render that a summary could not be made."""
    text = f"Summary of {period_name(period).lower()}: it failed. Try again in a minute."
    return text_content(text)


def render_chart_sent() -> Content:
    """Render where the chart is, for whoever asked for it."""
    text = "The chart is in your direct messages."
    return text_content(text)


def render_share_begun() -> Content:
    """Render the answer to a press of *Share in channel*: the chart takes a moment to draw."""
    text = "The summary is on its way to the channel, with its chart."
    return text_content(text)


def chart_not_sent(reason: str) -> str:
    """Word, as plain text, that the chart did not come."""
    return f"The chart could not be sent: {reason}. Press “Send me the chart” again."


def not_shared(channel: str, reason: str) -> str:
    """Word, as plain text, that a summary was not posted."""
    return f"The summary was not shared in #{channel}: {reason}. Press “Share in channel” again; or copy it."


def _word_text(
    error: UnknownWord | UnknownFilter, shown: Callable[[str], str], shown_in_code: Callable[[str], str]
) -> str:
    form = _NO_WORD if isinstance(error, UnknownWord) else _FILTER_FAULTS[error.fault]
    instead = _did_you_mean(shown_in_code(error.instead[:_MAX_WORDS])) if error.instead else ""
    return form.format(
        words=shown(error.words[:_MAX_WORDS]),
        filters=instead or _FILTERS,
        choices=instead or f"{_EXAMPLES} {_FILTERS}",
        examples=_EXAMPLES,
    )


def _did_you_mean(*instead: str) -> str:
    return f"Did you mean {' or '.join(f'`{one}`' for one in instead)}?" if instead else ""


def _value_text(
    error: UnknownValue | SeveralAgents, shown: Callable[[str], str], shown_in_code: Callable[[str], str]
) -> str:
    value = shown(error.value[:_MAX_WORDS])
    if isinstance(error, SeveralAgents):
        return f"Several agents are called “{value}”. Say which one: {_choices(FilterKey.AGENT, error.names, shown_in_code)}."
    meant = _did_you_mean(_typed(error.key, error.meant, shown_in_code)) if error.meant else ""
    known = f"It can be {_choices(error.key, error.known, shown_in_code)}." if error.known else ""
    said = _NOBODY_HAS.get(error.key, "There is no {key} “{value}”.").format(key=error.key.value, value=value)
    return " ".join(part for part in (said, meant, known) if part)


def _choices(key: FilterKey, values: Sequence[str], shown_in_code: Callable[[str], str]) -> str:
    """Return filters as they are typed: a name of several words stands in quotation marks."""
    return ", ".join(f"`{_typed(key, one, shown_in_code)}`" for one in values)


def _typed(key: FilterKey, value: str, shown_in_code: Callable[[str], str]) -> str:
    written = shown_in_code(value)
    return f'{key.value}:"{written}"' if " " in value else f"{key.value}:{written}"

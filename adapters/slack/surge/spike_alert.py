"""Render the alert of a spike or a silence."""

from collections.abc import Sequence
from datetime import timedelta

from adapters.slack.action_ids import ActionId
from adapters.slack.blocks import actions, button, confirmation, context, option, paragraph, static_select
from adapters.slack.dates import DateStyle, date_mrkdwn
from adapters.slack.escaping import escape, inline, link, mention
from adapters.slack.labels import situation_label
from adapters.slack.message_content import Block, Content, PictureContent, View
from adapters.slack.modals.frame import modal
from adapters.slack.modals.inputs import form_input
from adapters.slack.modals.outages.small_forms import board_link
from adapters.slack.outages.ids import OutageAction, OutageBlock, OutageCallback
from adapters.slack.outages.wording import MAX_TITLE_LENGTH, real_line, state_name, titled
from adapters.slack.permalinks import permalink, thread_link
from adapters.slack.post_context import folded_handles
from adapters.slack.reports.wording import NBSP
from adapters.slack.surge.sparkline import sparkline
from adapters.slack.wording import count_of, display_name, language_name
from domain.outages.outage import Outage, OutageState
from domain.surge.series import Series, SeriesKind
from domain.surge.spikes import Spike, SpikeState
from domain.surge.views import SpikeExample, SpikeView
from domain.triage.situations import Situation

MAX_POST_LENGTH = 160
MAX_OUTAGES = 100
MAX_SUBJECT_LENGTH = 60
MAX_RELATED = 6
MAX_LANGUAGES = 5
MAX_ALT_TEXT = 1_000
_MINUTES_IN_TWO_HOURS = 120
_NEVER = 0.05  # below it "none" is usual


def render_spike(view: SpikeView, *, team_url: str, picture: str | None) -> Content:
    """Render the alert; `picture` is the id of the chart's file in Slack, `None` where there is none.

    What Slack shows where it refuses the picture is in `plain`.
    """
    with_bars = _content(view, team_url, _bars(view))
    if picture is None:
        return with_bars
    block = {"type": "image", "slack_file": {"id": picture}, "alt_text": spike_finding(view)[:MAX_ALT_TEXT]}
    with_picture = _content(view, team_url, [block])
    return PictureContent(text=with_picture["text"], blocks=with_picture["blocks"], plain=with_bars)


def spike_finding(view: SpikeView) -> str:
    """Say what was found in one plain line, for the chart's alt text and for notifications."""
    spike = view.spike
    if spike.is_silence:
        return (
            f"Nothing has come from {_subject(view, spike.series)} for {_duration(spike.window)}, "
            f"usually {_number(spike.expected)} in that time"
        )
    people, period, usual = _counted(view)
    who = count_of(people, "person", "people")
    what = {
        SeriesKind.SITUATION: f"wrote about “{_subject(view, spike.series)}”",
        SeriesKind.COMPONENT: f"wrote about {_subject(view, spike.series)}",
    }.get(spike.series.kind, "answered or quoted the same post")
    return f"{who} {what} in {_duration(period)}, usually {_number(usual)}"


def _counted(view: SpikeView) -> tuple[int, timedelta, float]:
    """Return how many people wrote, in what time, and how many do usually: as read, else as it was found."""
    spike, reading = view.spike, view.reading
    if reading is None:
        return spike.count, spike.window, spike.expected
    return reading.people, reading.period, reading.usual


def _content(view: SpikeView, team_url: str, chart: list[Block]) -> Content:
    spike = view.spike
    finding = spike_finding(view)
    mark = "🔇" if spike.is_silence else "📈"
    if not spike.is_open:
        mark = "⚪" if spike.state is SpikeState.DISMISSED else "✅"
    lines = [
        f"{mark} *{escape(finding)}*",
        *([real_line(view.rehearsal_channel)] if spike.is_open and view.rehearsal_channel else []),
        *(_beside(view, one, team_url) for one in view.beside),
        *_outage(view, team_url),
        *_outcome(spike),
    ]
    if spike.is_open and spike.outage_id is None:
        lines += _advice(spike)
    blocks = [paragraph("\n".join(lines)), *chart, *_examples(view, team_url), context(_figures(view))]
    return Content(text=escape(f"{mark} {finding}"), blocks=[*blocks, *_buttons(view)])


def _advice(spike: Spike) -> list[str]:
    """Say what to look at where the posts, or that there are none, do not tell what is wrong."""
    if spike.is_silence:
        return ["It is read without an error, so look at the account there, then run `python bot.py check`."]
    if spike.says_what_is_wrong:
        return []
    return [
        "They do not say what fails: a campaign, news or a joke may be the reason. Read some of them first."
    ]


def render_known_outages(spike_id: int, outages: Sequence[Outage]) -> View:
    """Render the form in which somebody says from which open outage a spike comes."""
    named = [
        option(f"{inline(outage.title, MAX_TITLE_LENGTH)} ({state_name(outage)})", str(outage.id))
        for outage in outages[:MAX_OUTAGES]
    ]
    return modal(
        "A known outage",
        OutageCallback.SPIKE_OUTAGE,
        [
            form_input(
                str(OutageBlock.SPIKE_OUTAGE),
                "Which outage these posts are about",
                static_select(OutageAction.SPIKE_OUTAGE, named, named[0]),
            ),
            context("The posts are proposed to be linked to it. Nothing is sent to anybody."),
        ],
        submit="It is this one",
        metadata=str(spike_id),
    )


def _outage(view: SpikeView, team_url: str) -> list[str]:
    """Name the outage that the spike comes from, with a link to its board; empty where nobody said."""
    outage, spike = view.outage, view.spike
    if outage is None or spike.attributed_by is None:
        return []
    board = board_link(outage, team_url=team_url)
    where = f" · {link(board, 'Open board')}" if board else ""
    return [f"🔗 It is the outage {titled(outage)}, said {mention(spike.attributed_by)}{where}"]


def _beside(view: SpikeView, spike: Spike, team_url: str) -> str:
    """Say how it is told from a spike that has an alert already, with a link to that alert."""
    what = {
        SeriesKind.SITUATION: f"“{subject(spike.series)}”",
        SeriesKind.COMPONENT: subject(spike.series),
    }.get(spike.series.kind, "many answers to one post")
    line = f"told at {date_mrkdwn(spike.found_at, DateStyle.CLOCK)}"
    if spike.channel is not None and spike.ts is not None:
        line += f" · {link(permalink(team_url, spike.channel, spike.ts), 'Open that alert')}"
    if not view.spike.is_open or view.spike.outage_id is not None:
        return f"Beside {escape(what)}, {line}"
    if view.is_rise:
        about = escape(_subject(view, view.spike.series))
        return (
            f"🆕 More people write than a few minutes ago, about “{about}”. It may be another outage, or word "
            f"spreading of the first: {escape(what)}, {line}"
        )
    return f"🆕 It looks like another outage than {escape(what)}, {line}"


def _outcome(spike: Spike) -> list[str]:
    """Say how it ended; empty while it goes on."""
    if spike.ended_at is None:
        return []
    lasted = (
        f"{date_mrkdwn(spike.ended_at, DateStyle.CLOCK)}, after {_duration(spike.ended_at - spike.since)}"
    )
    if spike.state is SpikeState.DISMISSED and spike.dismissed_by is not None:
        at = f", {date_mrkdwn(spike.dismissed_at, DateStyle.CLOCK)}" if spike.dismissed_at else ""
        return [
            f"Not an outage, said {mention(spike.dismissed_by)}{at}. "
            "At such hours it takes more than this to raise an alert, for 60 days."
        ]
    if spike.is_end_unknown:
        return [
            f"Not followed any more since {lasted}: “Not an outage” was said then, and taken back too late."
        ]
    over = "Posts come again" if spike.is_silence else "Back to the usual"
    return [f"{over} since {lasted}."]


def _bars(view: SpikeView) -> list[Block]:
    """Render the chart as a line of bars; empty without a history."""
    if view.history is None or not (bars := sparkline(view.history.counts)):
        return []
    minutes = round(view.history.bucket / timedelta(minutes=1))
    since = date_mrkdwn(view.history.since, DateStyle.CLOCK)
    return [context(f"{bars}  people in each {minutes}{NBSP}min since {since}")]


def _examples(view: SpikeView, team_url: str) -> list[Block]:
    lines = [_example(one, team_url) for one in view.examples]
    return [paragraph("\n".join(lines))] if lines else []


def _example(example: SpikeExample, team_url: str) -> str:
    case = example.case
    words = escape(inline(folded_handles(example.message.words), MAX_POST_LENGTH))
    address = thread_link(team_url, case) or example.message.url
    return f"• {words} · {link(address, display_name(case))}"


def _figures(view: SpikeView) -> str:
    spike, reading = view.spike, view.reading
    parts = [f"Since {date_mrkdwn(spike.since, DateStyle.CLOCK)} ({date_mrkdwn(spike.since)})"]
    if reading is not None and reading.languages:
        parts[0] += f", counted at {date_mrkdwn(reading.at, DateStyle.CLOCK)}"
        languages = reading.languages
        # The last one takes no more room than that there is another one.
        most = MAX_LANGUAGES + (len(languages) == MAX_LANGUAGES + 1)
        shown = [f"{language_name(code)} {number}" for code, number in languages[:most]]
        more = len(languages) - most
        parts.append(", ".join(shown) + (f" and {count_of(more, 'more language')}" if more > 0 else ""))
    if spike.related:
        names = [_related(view, series) for series in spike.related[:MAX_RELATED]]
        parts.append(f"also more than usual: {', '.join(names)}")
    return " · ".join(escape(part) if not part.startswith("Since") else part for part in parts)


def _related(view: SpikeView, series: Series) -> str:
    return (
        "answers to one post or quotes of it"
        if series.kind is SeriesKind.CONVERSATION
        else _subject(view, series)
    )


def _subject(view: SpikeView, series: Series) -> str:
    return inline(view.network, MAX_SUBJECT_LENGTH) if series.kind is SeriesKind.NETWORK else subject(series)


def subject(series: Series) -> str:
    """Return what the posts of a series are about: a situation or a component."""
    if series.kind is SeriesKind.SITUATION:
        known = series.subject in set(Situation)
        return situation_label(Situation(series.subject)) if known else series.subject
    return inline(series.subject, MAX_SUBJECT_LENGTH)


def _buttons(view: SpikeView) -> list[Block]:
    spike, outage = view.spike, view.outage
    if spike.state is SpikeState.DISMISSED:
        return actions([button("Take back “Not an outage”", ActionId.SPIKE_RESTORE, str(spike.id))])
    if spike.is_silence:
        return actions([_dismissal(spike.id)])
    if spike.outage_id is not None and (outage is None or outage.state is not OutageState.CANCELLED):
        return actions([button("It is another outage…", OutageAction.KNOWN_OUTAGE, str(spike.id))])
    return actions(cause_buttons(spike.id))


def cause_buttons(spike_id: int, *, is_one_open: bool = False) -> list[Block]:
    """Render the buttons by which somebody says what a spike comes from, the likely one first."""
    key = str(spike_id)
    named = [
        ("Open an outage…", OutageAction.OPEN_FROM_SPIKE),
        ("It is this known outage…", OutageAction.KNOWN_OUTAGE),
    ]
    (likely, its_action), (other, other_action) = reversed(named) if is_one_open else named
    return [
        button(likely, its_action, key, style="primary"),
        button(other, other_action, key),
        _dismissal(spike_id),
    ]


def _dismissal(spike_id: int) -> Block:
    ask = confirmation(
        "Not an outage?",
        "Everybody sees that you said so. At such hours, for 60 days, it takes more than this to raise an alert.",
        "Not an outage",
    )
    return button("Not an outage", ActionId.SPIKE_DISMISS, str(spike_id), confirm=ask)


def _duration(length: timedelta) -> str:
    minutes = max(1, round(length / timedelta(minutes=1)))
    if minutes < _MINUTES_IN_TWO_HOURS:
        return count_of(minutes, "minute")
    hours, rest = divmod(minutes, 60)
    return f"{hours}{NBSP}h {rest}{NBSP}min" if rest else f"{hours} hours"


def _number(expected: float) -> str:
    if expected < _NEVER:
        return "none"
    return "fewer than 1" if expected < 1 else f"{expected:,.0f}"

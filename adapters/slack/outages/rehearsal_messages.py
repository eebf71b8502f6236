"""Word a rehearsal: that it began, how it went, and why there is none."""

from collections.abc import Callable
from datetime import timedelta

from adapters.slack.blocks import context, header, paragraph
from adapters.slack.dates import DateStyle, date_mrkdwn
from adapters.slack.escaping import escape, mention
from adapters.slack.labels import situation_label
from adapters.slack.message_content import Content
from adapters.slack.reports.wording import NBSP
from adapters.slack.wording import count_of
from domain.outages.rehearsal import TIME_TO_FINISH, EndReason, Kind, Rehearsal, Score
from domain.triage.situations import Situation

_MINUTE = 60
_FOLDED = {
    Kind.CARD: "a case",
    Kind.OUTAGE: "the board of an outage",
    Kind.ALERT: "an alert of a spike",
    Kind.FLOOD: "the board of a flood",
}
START, SCORE = "start", "score"
STOP_HINT = "`/outage rehearse stop` ends it."
NO_CHANNEL = (
    "Nothing was started: a rehearsal needs a channel of its own. Set `slack.rehearsal_channel` in "
    "switchboard.toml to a channel that has no other use, invite the bot there, and start the bot again."
)
NONE_RUNNING = (
    "🎭 Nothing was done: no rehearsal is going on, and this channel is for nothing else. "
    "`/outage rehearse` starts one. For a real outage, go to the on-call channel."
)
EARLIER_ONE = "🎭 Nothing was done: this message belongs to a rehearsal that is over."


def render_start(rehearsal: Rehearsal) -> Content:
    """Render that a rehearsal begins: what will happen, and that nothing leaves."""
    what = "Recorded posts of this desk" if rehearsal.recorded_from else "Invented posts: payments fail"
    text = (
        f"{what}, {rehearsal.posts} of them within {count_of(rehearsal.minutes, 'minute')}, some of them urgent. "
        "Work as you would for real: claim, answer, `/outage` in this channel, announce, resolve.\n"
        "*Nothing leaves:* no network, page, list or mail is reached, and no figure counts it. "
        "Real posts go on to their own channels."
    )
    limit = round((rehearsal.duration + TIME_TO_FINISH) / timedelta(minutes=1))
    hint = (
        f"Started by {mention(rehearsal.started_by)}. It ends once the outage is resolved and the urgent posts "
        f"are answered, or after {limit} minutes. {STOP_HINT}"
    )
    return Content(
        text="REHEARSAL begins",
        blocks=[header("🎭 REHEARSAL begins"), paragraph(text), context(hint)],
    )


def render_score(rehearsal: Rehearsal, last: Rehearsal | None) -> Content:
    """Render how a rehearsal went, beside the one before."""
    if rehearsal.score is None or rehearsal.end_reason is EndReason.LOST:
        lost = "It cannot go on: what it had stored is not there any more. The log of the bot says more."
        return Content(text="REHEARSAL ended", blocks=[header("🎭 REHEARSAL ended"), paragraph(lost)])
    score, before = rehearsal.score, last.score if last is not None else None
    mark = "✅" if score.urgent_answered >= score.urgent else "⚠️"
    lines = [
        _line("👀 *Noticed*", score, before, lambda one: _time(one.noticed)),
        _line("📣 *Announced*", score, before, lambda one: _time(one.announced)),
        _line(
            "🚨 *First urgent answer*",
            score,
            before,
            lambda one: _time(one.answered) if one.urgent else "none came",
        ),
        _line(f"{mark} *Urgent posts answered:*", score, before, _share),
    ]
    why = {
        EndReason.STOPPED: f"Stopped by {mention(rehearsal.stop_asked_by or '')}.",
        EndReason.TIME_UP: "Its time was up.",
    }.get(
        rehearsal.end_reason or EndReason.COMPLETE, "The outage is resolved and every urgent post answered."
    )
    notes = (
        f"{why} {count_of(score.posts, 'post')} came. The first two times count from the first post, the answer's "
        "from the first urgent one. Nothing was sent to anybody, and its cases are deleted; the threads stay."
    )
    return Content(
        text="REHEARSAL ended",
        blocks=[header("🎭 REHEARSAL ended"), paragraph("\n".join(lines)), context(notes)],
    )


def render_folded(kind: Kind, *, situation: str, is_answered: bool) -> Content:
    """Render what is left of a message of a rehearsal that is over, in one line without a button."""
    what = _FOLDED[kind]
    if kind is Kind.CARD:
        name = situation_label(Situation(situation)) if situation in set(Situation) else situation
        what = f"{escape(name)}, {'answered' if is_answered else 'not answered'}"
    text = f"🎭 REHEARSAL over · {what}"
    return Content(text=text, blocks=[context(text)])


def running_text(rehearsal: Rehearsal) -> str:
    """Say in mrkdwn that a rehearsal goes on, where, and who started it."""
    since = date_mrkdwn(rehearsal.started_at or rehearsal.asked_at, DateStyle.CLOCK)
    return (
        f"🎭 *A REHEARSAL is going on* in <#{rehearsal.channel}> since {since}, started by "
        f"{mention(rehearsal.started_by)}. {STOP_HINT}"
    )


def _time(seconds: float | None) -> str:
    if seconds is None:
        return "never"
    minutes, rest = divmod(round(seconds), _MINUTE)
    return f"after {minutes}{NBSP}min {rest}{NBSP}s" if minutes else f"after {rest}{NBSP}s"


def _share(score: Score) -> str:
    return f"{score.urgent_answered} of {score.urgent}" if score.urgent else "none came"


def _line(name: str, score: Score, before: Score | None, show: Callable[[Score], str]) -> str:
    """Return a figure, with that of the rehearsal before."""
    return f"{name} {show(score)}" + (f"  _(last time: {show(before)})_" if before is not None else "")

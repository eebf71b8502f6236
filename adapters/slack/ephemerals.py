"""What commands and buttons answer to the one person who asked, and what alerts look like."""

import re
from collections.abc import Sequence

from adapters.slack.blocks import NOTHING, context, paragraph
from adapters.slack.case_rows import case_row, rows
from adapters.slack.escaping import escape, escape_within, link, mention, shorten, strip_control
from adapters.slack.labels import situation_label
from adapters.slack.message_hash import Content
from adapters.slack.notifications import NEWS, tell_news
from adapters.slack.permalinks import card_link
from adapters.slack.refusal_texts import LONGEST_TEXT, refusal_mrkdwn
from adapters.slack.rich_text import bullets, rich_text, section, words
from adapters.slack.wording import count_of, display_name, urgency_mark
from domain.cases.case import Case
from domain.records.audit import Action

MOST_ROWS = 20

_CHANNEL = re.compile(r"#(C[0-9][A-Z0-9]{4,})\b")
_HELP = (
    ("/mentions next", "claims the case that matters most, for you"),
    ("/mentions mine", "lists the cases you hold"),
    ("/mentions find <words>", "finds cases by words, name or handle"),
    (
        "@Switchboard <text>",
        "at the beginning of a message in a case's thread: tells the customer in private",
    ),
)


def render_help() -> Content:
    """The answer to `/mentions` alone."""
    lines = [f"`{escape(command)}` {does}" for command, does in _HELP]
    footer = "The whole queue is in the Home tab of this app. Only you see this."
    return Content(text="What /mentions can do", blocks=[paragraph("\n".join(lines)), context(footer)])


def render_case_list(title: str, cases: Sequence[Case], *, team_url: str, empty: str) -> Content:
    """The answer to `/mentions mine` and `/mentions find`; `empty` is said where there are none."""
    if not cases:
        return _say(escape_within(empty, LONGEST_TEXT))
    shown = cases[:MOST_ROWS]
    heading = shorten(strip_control(title), 150)
    body = rich_text(section([words(heading, bold=True)]), bullets(rows(shown, team_url=team_url)))
    hidden = len(cases) - len(shown)
    more = [context(f"{count_of(hidden, 'more case')} not shown: use more words.")] if hidden else []
    return Content(text=escape(heading).strip() or NOTHING, blocks=[body, *more])


def render_claimed(case: Case | None, *, team_url: str) -> Content:
    """The answer to `/mentions next`; `None` where nothing waits."""
    if case is None:
        return _say("Nothing is waiting for anybody. 🎉")
    about = f"{urgency_mark(case.assessment.urgency)} {situation_label(case.assessment.situation)}"
    line = section(
        [words("You have claimed: ", bold=True), *case_row(case, team_url=team_url, reader=case.claimed_by)]
    )
    said = escape(f"You have claimed: {about}, {display_name(case)}")
    return Content(text=said, blocks=[rich_text(line)])


def render_refusal(error: Exception) -> Content:
    """An ephemeral that says why something was not done: who was first, what changed, or the error's own words."""
    return _say(refusal_mrkdwn(error))


def render_alert(text: str) -> Content:
    """Something that the people who run the bot must know. `text` is plain, but for channels written as "#C0123456"."""
    return _say("⚠️ " + _CHANNEL.sub(r"<#\1>", escape_within(text, LONGEST_TEXT)))


def render_tell(case: Case, *, action: str, actor: str, to: str, team_url: str) -> Content:
    """A direct message to `to`: what `actor` did to a case that concerns them, or what is new there. `action` is the trail's word."""
    if action in NEWS:
        return _say(tell_news(case, NEWS[action], team_url))
    about = link(
        card_link(team_url, case), f"{situation_label(case.assessment.situation)}, {display_name(case)}"
    )
    if action == Action.TAKEN_OVER:
        return _say(f"{mention(actor)} has taken over your case: {about}")
    if action == Action.ASSIGNED and case.claimed_by == to:
        return _say(f"{mention(actor)} has assigned you a case: {about}")
    now_with = f" It is now with {mention(case.claimed_by)}." if case.claimed_by is not None else ""
    return _say(f"{mention(actor)} has changed who holds your case: {about}.{now_with}")


def _say(escaped: str) -> Content:
    return Content(text=escaped.strip() or NOTHING, blocks=[paragraph(escaped)])

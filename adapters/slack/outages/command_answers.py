"""Render the answers to `/outage`: help, the list, what became of a pause."""

from collections.abc import Collection, Sequence

from adapters.slack.blocks import context, paragraph, text_content, with_accessory
from adapters.slack.escaping import escape, mention
from adapters.slack.help import nearest_command, unknown_command
from adapters.slack.message_content import Block, Content
from adapters.slack.modals.outages.small_forms import board_button, outage_row
from adapters.slack.outages.rehearsal_messages import running_text
from adapters.slack.outages.wording import titled
from domain.access import Permission
from domain.delivery.pause import Pause
from domain.outages.outage import Outage
from domain.outages.rehearsal import Rehearsal

MAX_ROWS = 20
#: What is asked of one outage. Some are spelt nearly as what is done to all: "resolve" and "resume".
_ON_THE_BOARD = frozenset(
    {"resolve", "resolved", "close", "end", "correct", "delete", "reopen", "link", "answer"}
)
_HELP = (
    (
        "/outage",
        "tells everyone what is broken; while an outage is open, it posts an update",
        Permission.DRAFT_NOTICES,
    ),
    ("/outage list", "shows open and recent outages, with their boards", Permission.WORK_ON_OUTAGES),
    ("/outage maintenance", "announces planned work, with a start and an end", Permission.DRAFT_NOTICES),
    (
        "/outage pause",
        "holds notices and bulk answers at once; with `answers`, what agents send, too",
        Permission.PAUSE_SENDING,
    ),
    ("/outage resume", "sends what was held", Permission.PAUSE_SENDING),
    (
        "/outage rehearse",
        "practises an outage in a channel of its own; nothing leaves",
        Permission.ANNOUNCE_NOTICES,
    ),
    (
        "/outage timeline <number>",
        "sends you what happened as a file; of the newest without a number",
        Permission.WORK_ON_OUTAGES,
    ),
)


def render_outage_help(permissions: Collection[Permission], *, unknown: str = "") -> Content:
    """Render the answer to `/outage help`: what somebody with these permissions may use.

    It begins with what was typed where that is `unknown`, and with what was probably meant.
    """
    refused = [paragraph(_unknown_command(unknown, permissions))] if unknown else []
    lines = [f"`{escape(command)}` {does}" for command, does, needed in _HELP if needed in permissions]
    return Content(
        text="What /outage can do",
        blocks=[*refused, paragraph("\n".join(lines)), context("Only you see this.")],
    )


def _unknown_command(typed: str, permissions: Collection[Permission]) -> str:
    word = typed.partition(" ")[0].lower()
    known = [command.split()[1] for command, _, needed in _HELP if needed in permissions and " " in command]
    if word in _ON_THE_BOARD:
        meant = "That is done on the board of the outage, to which `/outage list` leads."
    elif nearest := nearest_command(word, known):
        meant = f"Did you mean `/outage {nearest}`?"
    elif Permission.DRAFT_NOTICES in permissions:
        meant = "To say what is broken, type `/outage` alone: it opens a form."
    else:
        meant = ""
    return unknown_command("/outage", typed, meant)


def render_outage_list(
    outages: Sequence[Outage], *, team_url: str, rehearsal: Rehearsal | None = None
) -> Content:
    """Render open and recent outages, newest first, each with its number and a link to its board.

    `rehearsal` is the one that goes on, whose outages are not among them.
    """
    rows = [_row(outage, team_url) for outage in outages[:MAX_ROWS]]
    if not rows:
        rows = [paragraph("There was no outage yet. 🎉 Type `/outage` to open one.")]
    if rehearsal is not None:
        rows.insert(0, context(running_text(rehearsal)))
    return Content(text="Outages", blocks=rows)


def render_resumed(ended: Pause | None) -> Content:
    """Render the answer to a resume; `ended` is the pause that it ended."""
    if ended is None:
        return text_content("Nothing was paused, so nothing was changed.")
    return text_content(
        f"▶️ *Sending goes on.* It was paused by {mention(ended.paused_by)}. What was held leaves now."
    )


def render_timeline_asked(outage: Outage) -> Content:
    """Say that the time line comes as a direct message."""
    return text_content(f"The time line of {titled(outage)} comes to your direct messages with this app.")


def render_answer(escaped: str) -> Content:
    """Render an answer of one paragraph of mrkdwn."""
    return text_content(escaped)


def _row(outage: Outage, team_url: str) -> Block:
    block = paragraph(f"{outage.id}. {outage_row(outage)}")
    buttons = board_button(outage, team_url=team_url)
    return with_accessory(block, buttons[0]) if buttons else block

"""Render the form that asks before all sending is paused, and what is told afterwards."""

from collections.abc import Mapping

from adapters.slack.blocks import checkboxes, option, paragraph
from adapters.slack.message_content import View
from adapters.slack.modals.frame import modal
from adapters.slack.modals.inputs import form_input
from adapters.slack.outages.ids import OutageAction, OutageBlock, OutageCallback
from adapters.slack.outages.wording import being_sent_text, pause_line
from domain.delivery.pause import Pause

LET_THROUGH = "yes"


def render_pause(being_sent: Mapping[str, int]) -> View:
    """Render the form; `being_sent` counts what can no longer be held, by kind of effect."""
    choice = option("Let agents' single answers through", LET_THROUGH)
    now = being_sent_text(being_sent)
    wire = f"On its way right now, and not to be held: {now}." if now else "Nothing is on its way right now."
    return modal(
        "Pause all sending",
        OutageCallback.PAUSE,
        [
            paragraph(
                "*Notices, bulk answers and planned sends wait until somebody resumes.* "
                f"Nothing is lost. Boards and cards say that you paused.\n{wire}"
            ),
            form_input(
                str(OutageBlock.LET_ANSWERS),
                "Answers",
                checkboxes(OutageAction.LET_ANSWERS, [choice], [choice]),
                optional=True,
            ),
        ],
        submit="Pause all sending",
    )


def paused_text(pause: Pause, being_sent: Mapping[str, int], *, is_new: bool) -> str:
    """Say in mrkdwn that sending is paused, and what was being sent at that moment."""
    lines = [pause_line(pause)]
    if not is_new:
        lines.insert(0, "It was paused already:")
    if now := being_sent_text(being_sent):
        lines.append(f"On its way already, and not held: {now}.")
    if not is_new and not pause.holds_answers:
        lines.append("To hold those answers too, type `/outage pause answers`.")
    return "\n".join([*lines, "Press *Resume sending* on a board, or type `/outage resume`."])

"""Render the small forms of a board: hand over the lead, pick an outage."""

from collections.abc import Sequence

from adapters.slack.blocks import actions, button, link_button, paragraph, plain_text, with_accessory
from adapters.slack.dates import DateStyle, date_mrkdwn
from adapters.slack.message_content import Block, View
from adapters.slack.modals.frame import modal
from adapters.slack.modals.inputs import form_input
from adapters.slack.outages.ids import OutageAction, OutageBlock, OutageCallback
from adapters.slack.outages.wording import planned_lines, state_mark, state_name, titled
from adapters.slack.permalinks import permalink
from domain.outages.outage import Outage

MAX_OUTAGES = 30


def render_lead(outage: Outage) -> View:
    """Render the form that hands over the lead."""
    return modal(
        "Hand over the lead",
        OutageCallback.LEAD,
        [
            paragraph(f"{state_mark(outage)} {titled(outage)}\nWho leads is reminded when an update is due."),
            form_input(
                str(OutageBlock.LEAD),
                "Who leads from now on",
                {
                    "type": "users_select",
                    "action_id": str(OutageAction.LEAD),
                    "placeholder": plain_text("Choose a person", 150),
                },
            ),
        ],
        submit="Hand over",
        metadata=str(outage.id),
    )


def render_pick(outages: Sequence[Outage], *, opens_another: bool = True) -> View:
    """Render the open outages, each with a button, and one that opens another for whoever may."""
    blocks: list[Block] = []
    for outage in outages[:MAX_OUTAGES]:
        pick = button("Choose", OutageAction.PICK, str(outage.id))
        blocks.append(with_accessory(paragraph(outage_row(outage)), pick))
    if opens_another:
        blocks += actions([button("Open another outage…", OutageAction.OPEN, "0")])
    return modal("Open outages", OutageCallback.PICK, blocks, close="Close")


def outage_row(outage: Outage) -> str:
    """Render an outage as a line or two of mrkdwn: state, title, age, when it is planned, what is due."""
    since = date_mrkdwn(outage.resolved_at or outage.announced_at or outage.opened_at)
    text = f"{state_mark(outage)} {titled(outage)} · {state_name(outage)} · {since}"
    text = "\n".join([text, *planned_lines(outage)])
    if outage.next_update_due is not None:
        due = outage.next_update_due
        text += f"\n⏰ next update {date_mrkdwn(due, DateStyle.CLOCK)} ({date_mrkdwn(due)})"
    return text


def board_link(outage: Outage, *, team_url: str) -> str | None:
    """Return the permalink of an outage's board; `None` until it is posted."""
    if outage.board_channel is None or outage.board_ts is None:
        return None
    return permalink(team_url, outage.board_channel, outage.board_ts)


def board_button(outage: Outage, *, team_url: str) -> list[dict[str, object]]:
    """Build the button that leads to an outage's board; empty until it is posted."""
    return link_button("Open board", OutageAction.SHOW_BOARD, board_link(outage, team_url=team_url))

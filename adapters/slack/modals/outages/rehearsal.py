"""Render the form that starts a rehearsal."""

from collections.abc import Sequence
from datetime import datetime

from adapters.slack.blocks import MAX_OPTION_LENGTH, Json, option, paragraph, static_select
from adapters.slack.escaping import inline
from adapters.slack.message_content import Block, View
from adapters.slack.modals.frame import modal
from adapters.slack.modals.inputs import form_input
from adapters.slack.outages.ids import OutageAction, OutageBlock, OutageCallback
from domain.outages.outage import Outage
from domain.outages.rehearsal import MINUTES, POST_COUNTS
from domain.surge.spikes import Spike

INVENTED = "invented"
_DEFAULT_POSTS, _DEFAULT_MINUTES = 60, 10
_MAX_NAME = 40


def render_rehearse(channel: str, *, spikes: Sequence[Spike], outages: Sequence[Outage]) -> View:
    """Render the form; what was recorded is named by its day and time in UTC."""
    floods = [
        option("Invented: payments fail, in six languages", INVENTED),
        *(_recorded(f"outage {inline(one.title, _MAX_NAME)}", one.opened_at) for one in outages),
        *(_recorded(f"spike of {inline(one.series.subject, _MAX_NAME)}", one.since) for one in spikes),
    ]
    counts = [option(f"{count} posts", str(count)) for count in POST_COUNTS]
    minutes = [option(f"{count} minutes", str(count)) for count in MINUTES]
    return modal(
        "Rehearse an outage",
        OutageCallback.REHEARSE,
        [
            paragraph(
                f"Posts arrive in <#{channel}> as cards marked REHEARSAL. Everything works there as it does for "
                "real: claim, answer, `/outage`.\n*Nothing leaves*: no network, page, list or mail is reached. "
                "Real posts go on to their own channels."
            ),
            _select("Flood", OutageBlock.FLOOD, OutageAction.FLOOD, floods, floods[0]),
            _select(
                "How many posts",
                OutageBlock.FLOOD_POSTS,
                OutageAction.FLOOD_POSTS,
                counts,
                counts[POST_COUNTS.index(_DEFAULT_POSTS)],
            ),
            _select(
                "Within",
                OutageBlock.FLOOD_MINUTES,
                OutageAction.FLOOD_MINUTES,
                minutes,
                minutes[MINUTES.index(_DEFAULT_MINUTES)],
            ),
        ],
        submit="Start rehearsal",
    )


def _recorded(name: str, since: datetime) -> Json:
    text = f"Recorded {since:%d %b, %H:%M} UTC: {name}"
    return option(text[:MAX_OPTION_LENGTH], since.isoformat())


def _select(
    label: str, block: OutageBlock, action: OutageAction, options: Sequence[Json], initial: Json
) -> Block:
    return form_input(block, label, static_select(action, options, initial))

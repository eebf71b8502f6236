"""Render what an outage's board shows of cases: how many are linked, how many wait, who is being answered."""

from adapters.slack.action_ids import pair_value
from adapters.slack.blocks import Json, button, context, paragraph, with_accessory, with_confirmation
from adapters.slack.dates import date_mrkdwn
from adapters.slack.escaping import mention
from adapters.slack.message_content import Block
from adapters.slack.outages.link_ids import LinkAction
from adapters.slack.surge.sparkline import sparkline
from adapters.slack.wording import count_of
from domain.cases.messages import Delivery
from domain.outages.board import BoardView
from domain.outages.bulk_answers import BulkAnswer, BulkPurpose, BulkView, RowState
from domain.outages.outage import OutageState
from domain.outages.truth_meter import TruthMeter
from domain.records.audit import SYSTEM

MAX_BULKS = 2
_COUNTED = (
    (RowState.WAITING, "to go"),
    (Delivery.QUEUED, "on the way"),
    (Delivery.FAILED, "not sent"),
    (Delivery.UNSURE, "unsure"),
    (RowState.SKIPPED, "skipped"),
)
_TAKING_BACK = "being taken back, not sent"
_HELD = {RowState.WAITING, Delivery.QUEUED}


def case_blocks(view: BoardView) -> list[Block]:
    """Render the linked cases with the posts in each ten minutes, and the newest bulk answers."""
    return [
        *_figures(view),
        *_truth(view),
        *(_bulk(one, is_paused=view.pause is not None) for one in view.bulks[-MAX_BULKS:]),
    ]


def case_buttons(view: BoardView) -> list[Json]:
    """Render the buttons that link and answer cases, where there is anybody to link or to answer."""
    outage, row = view.outage, list[Json]()
    key = str(outage.id)
    if view.proposed:
        label = f"Link matching cases… ({view.proposed:,})"
        row.append(button(label, LinkAction.PROPOSED, key))
    if not view.linked or view.running_bulk is not None:
        return row
    if outage.state is OutageState.ANNOUNCED:
        row.append(button("Answer linked cases…", LinkAction.ANSWER, key))
    elif outage.state is OutageState.RESOLVED:
        is_first = all(one.bulk.purpose is not BulkPurpose.SOLVED for one in view.bulks)
        label = "Tell linked cases that it is solved…"
        row.append(button(label, LinkAction.ANSWER_SOLVED, key, style="primary" if is_first else None))
    return row


def _figures(view: BoardView) -> list[Block]:
    parts = []
    if view.linked:
        linked = f"👥 *{count_of(view.linked, 'linked case')}*"
        waits = view.waiting_since
        parts.append(linked + (f", oldest unanswered {date_mrkdwn(waits)}" if waits else ""))
    if view.reports:
        # A single bar tells nothing.
        bars = f"{sparkline(view.reports)} " if view.reports[1:] else ""
        parts.append(f"{bars}{count_of(view.reports[-1], 'post')} in the last 10 minutes")
    if not parts:
        return []
    line = " · ".join(parts)
    if not view.linked:
        return [context(line)]
    return [with_accessory(paragraph(line), button("Linked cases…", LinkAction.LINKED, str(view.outage.id)))]


def _truth(view: BoardView) -> list[Block]:
    """Say how many wrote about it after it was resolved."""
    meter = view.truth
    if meter is None:
        return []
    return [paragraph(_goes_on(meter))] if meter.goes_on else [context(_since(meter))]


def _goes_on(meter: TruthMeter) -> str:
    return (
        f"⚠️ *Customers still write about it:* {meter.latest:,} in the last 20 minutes, "
        f"{meter.before:,} in the 20 minutes before it was resolved. Look whether it is over."
    )


def _since(meter: TruthMeter) -> str:
    return (
        f"{count_of(meter.since, 'post')} about it since it was resolved"
        if meter.since
        else "Nobody has written about it since it was resolved"
    )


def _bulk(view: BulkView, *, is_paused: bool) -> Block:
    """Render a bulk answer with what became of it, and Stop while it runs; a pause holds what is to go."""
    bulk, runs = view.bulk, view.is_under_way
    is_held = runs and is_paused
    what = "that it is solved" if bulk.purpose is BulkPurpose.SOLVED else "that it is known"
    verb = "Telling" if runs else "Told"
    sent = view.progress.get(Delivery.SENT, 0)
    lead = f"{'⏸️' if is_held else '✉️'} *{verb} linked customers {what}:* {sent:,} of {view.total:,} sent"
    rest = [f"{number:,} {name}" for name, number in _others(view, is_paused=is_paused)]
    by = f"in the name of {mention(bulk.started_by)}"
    line = " · ".join(filter(None, [lead, *rest, _stopped(bulk), by]))
    if not runs:
        results = button("Results…", LinkAction.RESULTS, pair_value(bulk.id, 0))
        return with_accessory(paragraph(line), results)
    stop = with_confirmation(
        button("Stop", LinkAction.STOP, str(bulk.id), style="danger"),
        title="Stop answering?",
        text="Nobody else is answered, and what waits to be sent is taken back. What is being sent right now arrives.",
        confirm="Stop",
    )
    return with_accessory(paragraph(line), stop)


def _others(view: BulkView, *, is_paused: bool) -> list[tuple[str, int]]:
    """Count the answers that were not sent, by what became of them; a pause holds all that may still be."""
    counted: dict[str, int] = {_TAKING_BACK: view.taking_back}
    for key, label in _COUNTED:
        name = "held" if is_paused and key in _HELD else label
        number = view.progress.get(key.value, 0) - (view.taking_back if key is Delivery.QUEUED else 0)
        counted[name] = counted.get(name, 0) + max(0, number)
    return [(label, number) for label, number in counted.items() if number]


def _stopped(bulk: BulkAnswer) -> str:
    """Say who stopped it, or what did: an answer that was no longer true."""
    if bulk.aborted_by == SYSTEM:
        return (
            "stopped as it came back" if bulk.purpose is BulkPurpose.SOLVED else "stopped as it was resolved"
        )
    return f"stopped by {mention(bulk.aborted_by)}" if bulk.aborted_by else ""

"""Render the forms in which somebody chooses what to delete at a destination, or which notice to correct."""

from collections.abc import Sequence
from datetime import datetime, tzinfo

from adapters.slack.blocks import MAX_OPTION_LENGTH, Json, context, option, paragraph, plain_text
from adapters.slack.escaping import inline
from adapters.slack.message_content import Block, View
from adapters.slack.modals.frame import modal
from adapters.slack.modals.inputs import form_input
from adapters.slack.outages.ids import OutageAction, OutageBlock, OutageCallback
from adapters.slack.outages.wording import NOTICE_NAMES, state_mark, titled
from adapters.slack.wording import language_name
from domain.outages.board import BoardView
from domain.outages.current_notices import CurrentNotice
from domain.outages.standing import StandingNotice

MAX_RADIOS = 10
MAX_OPTIONS = 100
MAX_LABEL_LENGTH = 24


def render_retract(view: BoardView, *, zone: tzinfo) -> View:
    """Render the form that deletes what stands at one destination; times are in the reader's zone."""
    found = view.retractable
    options = [
        _option(
            one.current,
            one.publication.sent_at,
            zone,
            number=one.publication.id,
            words=one.current.newest.words_at(one.publication.destination, one.publication.language),
            place=_place(one, found),
        )
        for one in found
    ]
    about = (
        "It is deleted there alone. Whoever has read it has read it: "
        "to put something right, a correction is often better."
    )
    chooses = _choice(OutageBlock.RETRACT, OutageAction.RETRACT, "What is deleted", options)
    return modal(
        "Delete a notice",
        OutageCallback.RETRACT,
        [paragraph(f"{state_mark(view.outage)} {titled(view.outage)}\n{about}"), *chooses],
        submit="Delete it there",
        metadata=str(view.outage.id),
    )


def render_correct(view: BoardView, *, zone: tzinfo) -> View:
    """Render the form in which the notice is chosen that is corrected."""
    options = [
        _option(one, one.notice.approved_at, zone, number=one.newest.id, words=one.newest.words)
        for one in view.correctable
    ]
    about = "It is edited where that is possible, and follows as a notice of its own elsewhere."
    chooses = _choice(OutageBlock.CORRECT, OutageAction.CORRECT, "What is corrected", options)
    return modal(
        "Correct a notice",
        OutageCallback.CORRECT,
        [paragraph(f"{state_mark(view.outage)} {titled(view.outage)}\n{about}"), *chooses],
        submit="Go on",
        metadata=str(view.outage.id),
    )


def _choice(block: OutageBlock, action: OutageAction, label: str, options: Sequence[Json]) -> list[Block]:
    few = len(options) <= MAX_RADIOS
    element: Json = {
        "type": "radio_buttons" if few else "static_select",
        "action_id": str(action),
        "options": list(options[:MAX_OPTIONS]),
    }
    left = len(options) - MAX_OPTIONS
    remark = [context(f"{left} older ones do not fit here.")] if left > 0 else []
    return [form_input(block, label, element), *remark]


def _option(
    current: CurrentNotice, at: datetime | None, zone: tzinfo, *, number: int, words: str, place: str = ""
) -> Json:
    """Build an option: when, where and what, and below the first words."""
    when = f"{at.astimezone(zone):%d %b, %H:%M}" if at is not None else ""
    name = NOTICE_NAMES[current.notice.kind].capitalize()
    kind = f"{name} (corrected)" if current.is_corrected else name
    words = inline(words, MAX_OPTION_LENGTH - 2)
    label = " · ".join(filter(None, (when, place, kind)))
    return {**option(label, str(number)), "description": plain_text(words or "…", MAX_OPTION_LENGTH)}


def _place(one: StandingNotice, others: Sequence[StandingNotice]) -> str:
    """Return the destination, with the language where it has several, and that more goes with it."""
    language = one.publication.language
    several = len({other.publication.language for other in others if other.profile == one.profile}) > 1
    label = inline(one.profile.label, MAX_LABEL_LENGTH)
    label += f" ({language_name(language)})" if several else ""
    return f"{label}, all updates" if one.is_entry else label

"""Read what the open form of a notice holds."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from adapters.slack.action_ids import BadValue
from adapters.slack.modals.outages.form_state import parse_form_state
from adapters.slack.outages.ids import OutageAction, OutageBlock, problem_block, workaround_block
from domain.outages.forms import NO_UPDATE, OutageForm
from domain.outages.notices import Version
from domain.outages.outage import Phase, Severity
from handlers.slack.payloads import form_values, input_choices, input_text, input_value


def read_outage_form(view: Mapping[str, Any]) -> OutageForm:
    """Read what an open form holds. Raises `BadValue`."""
    kept, values = parse_form_state(view.get("private_metadata")), form_values(view)

    text = partial(input_text, values)

    versions = tuple(
        Version(
            language=version.language,
            problem=text(
                problem_block(kept.text_revision(version.language), version.language), OutageAction.PROBLEM
            ).strip(),
            workaround=text(
                workaround_block(kept.text_revision(version.language), version.language),
                OutageAction.WORKAROUND,
            ).strip(),
        )
        for version in kept.versions
    )
    form = replace(
        kept,
        versions=versions,
        title=" ".join(text(OutageBlock.TITLE, OutageAction.TITLE).split())
        if kept.states_facts
        else kept.title,
        components=tuple(input_choices(values, OutageBlock.COMPONENTS, OutageAction.COMPONENTS)),
        due=text(OutageBlock.DUE, OutageAction.DUE) or NO_UPDATE,
        due_at=_clock_time(values),
        starts_at=_moment(values, OutageBlock.STARTS, OutageAction.STARTS) or kept.starts_at,
        ends_at=_moment(values, OutageBlock.ENDS, OutageAction.ENDS) or kept.announced_end,
    )
    if OutageBlock.DESTINATIONS in values:
        chosen = input_choices(values, OutageBlock.DESTINATIONS, OutageAction.DESTINATIONS)
        form = replace(form, destinations=tuple(chosen))
    try:
        severity = text(OutageBlock.SEVERITY, OutageAction.SEVERITY)
        phase = text(OutageBlock.PHASE, OutageAction.PHASE)
        form = replace(form, severity=Severity(severity)) if severity else form
        return replace(form, phase=Phase(phase)) if phase else form
    except ValueError:
        raise BadValue from None


def _clock_time(values: Mapping[str, Any]) -> str:
    """Return the chosen clock time, which Slack sends as "02:40"; empty without one."""
    block = values.get(OutageBlock.DUE_AT)
    state = block.get(OutageAction.DUE_AT) if isinstance(block, dict) else None
    chosen = state.get("selected_time") if isinstance(state, dict) else None
    if chosen is None:
        return ""
    try:
        return datetime.strptime(str(chosen), "%H:%M").strftime("%H:%M")  # noqa: DTZ007 - a time alone
    except ValueError:
        raise BadValue from None


def _moment(values: Mapping[str, Any], block: OutageBlock, action: OutageAction) -> datetime | None:
    value = input_value(values, block, action)
    if value is None:
        return None
    if isinstance(value, str):
        raise BadValue
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, OSError, ValueError):
        raise BadValue from None

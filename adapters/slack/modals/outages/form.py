"""Render the form of a notice: what is wrong, in plain words, once for all destinations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from adapters.slack.blocks import (
    DIVIDER,
    Json,
    actions,
    button,
    checkboxes,
    context,
    multi_select,
    option,
    paragraph,
    static_select,
)
from adapters.slack.escaping import escape, inline
from adapters.slack.message_content import Block, View
from adapters.slack.modals.frame import modal
from adapters.slack.modals.inputs import form_input
from adapters.slack.modals.outages.facts import SEVERITY_NAMES
from adapters.slack.modals.outages.form_inputs import moment_input, select_input, text_input
from adapters.slack.modals.outages.form_state import MAX_LANGUAGES, form_state
from adapters.slack.outages.ids import (
    OutageAction,
    OutageBlock,
    OutageCallback,
    add_language_block,
    problem_block,
    workaround_block,
)
from adapters.slack.outages.wording import PHASE_NAMES
from adapters.slack.rich_text import quote, rich_text, section, text_node
from adapters.slack.wording import count_of, language_name
from domain.outages.destinations import DestinationProfile
from domain.outages.form_faults import FieldFault, FormFault, FormField
from domain.outages.forms import (
    AS_WRITTEN,
    MAX_TITLE_LENGTH,
    MAX_WORDS_LENGTH,
    NO_UPDATE,
    OutageForm,
)
from domain.outages.lifecycle import phases_for
from domain.outages.notices import NoticeKind
from domain.outages.outage import OVER, OutageKind

MAX_CHECKBOXES = 10
MAX_OPTIONS = 100
_DUE_MINUTES = (15, 30, 45, 60, 120, 240)
_TITLES = {
    NoticeKind.ANNOUNCEMENT: "Announce an outage",
    NoticeKind.UPDATE: "Post an update",
    NoticeKind.RESOLUTION: "Resolve the outage",
    NoticeKind.REOPENING: "Reopen the outage",
    NoticeKind.CORRECTION: "Correct the notice",
}
_PLANNED_TITLES = _TITLES | {
    NoticeKind.ANNOUNCEMENT: "Announce planned work",
    NoticeKind.RESOLUTION: "Finish planned work",
    NoticeKind.REOPENING: "Reopen planned work",
}
_PROBLEM_LABELS = {
    NoticeKind.ANNOUNCEMENT: "What is wrong, in plain words",
    NoticeKind.UPDATE: "What is new",
    NoticeKind.RESOLUTION: "What is working again",
    NoticeKind.REOPENING: "What is happening again",
    NoticeKind.CORRECTION: "How it should read",
}
_PLANNED_LABELS = _PROBLEM_LABELS | {
    NoticeKind.ANNOUNCEMENT: "What is planned, and what customers will notice",
    NoticeKind.RESOLUTION: "What is done (or, before it starts, why it is cancelled)",
}
_AS_IT_WAS = [DIVIDER, context("Below is what was announced. Change what is no longer so.")]
_FAULTS = {
    FormFault.EMPTY: "Write something here.",
    FormFault.TOO_LONG: "This has {detail} characters. Slack takes at most {limit:,}: shorten it.",
    FormFault.UNKNOWN: "Not among the components of the settings any more: {detail}. Take it out.",
    FormFault.PAST: "That time has passed. Choose a later one.",
    FormFault.NOT_AFTER_START: "The end has to be after the start.",
    FormFault.BEGUN: "If it starts later, choose Scheduled as its state. If it has begun, leave the start.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FormChoices:
    """What the form offers. `offers_another`: another outage can be opened in place of an update.

    `note` is a line of mrkdwn above it.
    """

    components: Sequence[str] = ()
    destinations: Sequence[DestinationProfile] = ()
    languages: Sequence[str] = ()
    usual_minutes: int = 30
    translates: bool = False
    offers_another: bool = False
    note: str = field(default="")


def render_outage_form(form: OutageForm, choices: FormChoices) -> View:
    """Render the form with what it holds."""
    texts = [*_texts(form), *_further_languages(form, choices)]
    progress = [*_phase(form), *_moved_times(form), *_due(form, choices)]
    facts = [*_title(form), *_times(form)], _components_and_severity(form, choices)
    blocks: list[Block] = [
        *_head(form, choices),
        *([*facts[0], *texts, *facts[1], *progress] if form.is_first else [*texts, *progress]),
        *_destinations(form, choices),
        *([] if form.is_first or not form.states_facts else [*_AS_IT_WAS, *facts[0], *facts[1]]),
    ]
    title = (_PLANNED_TITLES if _is_planned(form) else _TITLES)[form.kind]
    return modal(
        title, OutageCallback.FORM, blocks, submit="Preview", close="Cancel", metadata=form_state(form)
    )


def fault_errors(faults: Sequence[FieldFault], form: OutageForm) -> dict[str, str]:
    """Return the text of each fault by the `block_id` of its input."""
    return {_block_of(one, form): _fault_text(one) for one in faults}


def _fault_text(fault: FieldFault) -> str:
    limit = MAX_TITLE_LENGTH if fault.field is FormField.TITLE else MAX_WORDS_LENGTH
    return _FAULTS[fault.fault].format(detail=fault.detail, limit=limit)


def _block_of(fault: FieldFault, form: OutageForm) -> str:
    match fault.field:
        case FormField.PROBLEM:
            return problem_block(form.text_revision(fault.language), fault.language)
        case FormField.WORKAROUND:
            return workaround_block(form.text_revision(fault.language), fault.language)
    return str(OutageBlock[fault.field.name])


def _is_planned(form: OutageForm) -> bool:
    return form.outage_kind is OutageKind.MAINTENANCE


def _head(form: OutageForm, choices: FormChoices) -> list[Block]:
    blocks: list[Block] = []
    if choices.note:
        blocks.append(paragraph(choices.note))
    if not form.is_first:
        blocks.append(paragraph(f"*{escape(inline(form.title, MAX_TITLE_LENGTH))}*"))
    if choices.offers_another:
        blocks += actions([button("Open another outage…", OutageAction.OPEN, "0")])
    if form.quoted:
        heading = section([text_node("Customers wrote (only you see this; it is not sent):", italic=True)])
        blocks.append(rich_text(heading, quote(form.quoted)))
    return blocks


def _title(form: OutageForm) -> list[Block]:
    if not form.states_facts:
        return []
    return [
        text_input(
            str(OutageBlock.TITLE),
            OutageAction.TITLE,
            "Short title",
            form.title,
            most=MAX_TITLE_LENGTH,
            placeholder="Payments pause for maintenance" if _is_planned(form) else "Payments fail in the app",
        )
    ]


def _times(form: OutageForm) -> list[Block]:
    if not (form.is_first and _is_planned(form)):
        return []
    return [
        moment_input(OutageBlock.STARTS, OutageAction.STARTS, "Starts", form.starts_at),
        moment_input(OutageBlock.ENDS, OutageAction.ENDS, "Ends", form.ends_at),
    ]


def _moved_times(form: OutageForm) -> list[Block]:
    """Ask when planned work starts and ends by now: as was announced, unless it is changed."""
    if form.is_first or not form.asks_end:
        return []
    moves = "(change it if it moves: everybody is told)"
    start = moment_input(OutageBlock.STARTS, OutageAction.STARTS, f"Planned start {moves}", form.starts_at)
    end = moment_input(OutageBlock.ENDS, OutageAction.ENDS, f"Planned end {moves}", form.ends_at)
    return [start, end] if form.asks_start else [end]


def _components_and_severity(form: OutageForm, choices: FormChoices) -> list[Block]:
    if not form.states_facts:
        return []
    blocks: list[Block] = []
    if choices.components:
        named = [option(name, name) for name in choices.components[:MAX_OPTIONS]]
        chosen = [one for one in named if one["value"] in form.components]
        select = multi_select(OutageAction.COMPONENTS, named, chosen, placeholder="Choose what is affected")
        blocks.append(form_input(OutageBlock.COMPONENTS, "Components", select, optional=True))
    severities = {str(one): option(name, str(one)) for one, name in SEVERITY_NAMES.items()}
    return [
        *blocks,
        select_input(OutageBlock.SEVERITY, OutageAction.SEVERITY, "How bad", severities, str(form.severity)),
    ]


def _texts(form: OutageForm) -> list[Block]:
    workaround = "What to do now" if form.phase in OVER else "What to do meanwhile"
    blocks: list[Block] = []
    for at, version in enumerate(form.versions):
        suffix = f" ({language_name(version.language)})" if len(form.versions) > 1 else ""
        if version.language in form.machine:
            blocks.append(
                context("🤖 *Translated by a machine.* Have it read by somebody who speaks the language.")
            )
        blocks += [
            text_input(
                problem_block(form.text_revision(version.language), version.language),
                OutageAction.PROBLEM,
                (_PLANNED_LABELS if _is_planned(form) else _PROBLEM_LABELS)[form.kind] + suffix,
                version.problem,
                multiline=True,
                optional=at > 0,
            ),
            text_input(
                workaround_block(form.text_revision(version.language), version.language),
                OutageAction.WORKAROUND,
                workaround + suffix,
                version.workaround,
                multiline=True,
                optional=True,
            ),
        ]
    return blocks


def _further_languages(form: OutageForm, choices: FormChoices) -> list[Block]:
    shown = {version.language for version in form.versions}
    free = [code for code in choices.languages if code not in shown]
    elements: list[Json] = []
    if free and len(shown) < MAX_LANGUAGES:
        named = [option(language_name(code), code) for code in free[:MAX_OPTIONS]]
        elements.append(static_select(OutageAction.ADD_LANGUAGE, named, placeholder="Add a language"))
    if choices.translates and any(not version.problem for version in form.versions[1:]):
        elements.append(button("Propose a translation", OutageAction.TRANSLATE, "empty"))
    if not elements:
        return []
    return [{**actions(elements)[0], "block_id": add_language_block(len(shown))}]


def _phase(form: OutageForm) -> list[Block]:
    phases = phases_for(form.outage_kind, form.kind)
    if len(phases) == 1 or form.kind is NoticeKind.CORRECTION:
        return []
    options = {str(phase): option(PHASE_NAMES[phase], str(phase)) for phase in phases}
    return [select_input(OutageBlock.PHASE, OutageAction.PHASE, "How far it is", options, str(form.phase))]


def _due(form: OutageForm, choices: FormChoices) -> list[Block]:
    if not form.promises_update:
        return []
    minutes = sorted({*_DUE_MINUTES, choices.usual_minutes})
    labels = {str(number): _minutes_label(number) for number in minutes}
    if form.planned is not None:
        labels = {AS_WRITTEN: "As written before", **labels}
    labels[NO_UPDATE] = "No time is promised"
    options = {value: option(label, value) for value, label in labels.items()}
    chosen = form.due if form.due in options else NO_UPDATE
    picker: Json = {"type": "timepicker", "action_id": str(OutageAction.DUE_AT)}
    picker |= {"initial_time": form.due_at} if form.due_at else {}
    at = form_input(OutageBlock.DUE_AT, "… or at a time of your clock", picker, optional=True)
    return [select_input(OutageBlock.DUE, OutageAction.DUE, "Next update", options, chosen), at]


def _minutes_label(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    if rest or not hours:
        return f"in {minutes} minutes"
    return f"in {count_of(hours, 'hour')}"


def _destinations(form: OutageForm, choices: FormChoices) -> list[Block]:
    if not choices.destinations:
        return [context("It goes nowhere yet: no destination is connected. Only the board will tell of it.")]
    options: Mapping[str, Json] = {
        one.name: option(one.label, one.name) for one in choices.destinations[:MAX_OPTIONS]
    }
    chosen = [options[name] for name in form.destinations if name in options]
    build = checkboxes if len(options) <= MAX_CHECKBOXES else multi_select
    element = build(OutageAction.DESTINATIONS, options.values(), chosen)
    return [form_input(OutageBlock.DESTINATIONS, "Where it goes", element, optional=True)]

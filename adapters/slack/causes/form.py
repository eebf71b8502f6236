"""Render the form of a cause, and the one that says to which causes a case belongs."""

from collections.abc import Sequence

from adapters.slack.action_ids import card_value, pair_value
from adapters.slack.blocks import (
    Json,
    context,
    multi_select,
    option,
    paragraph,
    plain_text,
    static_select,
)
from adapters.slack.causes.ids import CauseAction, CauseBlock, CauseCallback
from adapters.slack.causes.wording import STATE_NAMES
from adapters.slack.escaping import escape, inline
from adapters.slack.message_content import View
from adapters.slack.modals.frame import modal
from adapters.slack.modals.inputs import form_input, typed_input
from adapters.slack.wording import display_name
from domain.cases.case import Case
from domain.causes.cause import MAX_NAME_LENGTH, MAX_PHRASE_LENGTH, MAX_PHRASES, Cause, CauseState

MAX_CHOICES = 100
_NONE = (
    "Nobody works on a cause at the moment, so there is none to choose. */mentions topics* makes one of what recurs, and "
    "*/mentions causes* opens one again that was fixed."
)


def render_new_cause(name: str, phrases: Sequence[str], owner: str) -> View:
    """Render the form that makes a topic a cause."""
    return _form(
        "Make this a cause",
        "Track it",
        name=name,
        phrases=phrases,
        owner=owner,
        state=CauseState.OPEN,
        fixed_on="",
        metadata=pair_value(0, 0),
    )


def render_cause_form(cause: Cause, fixed_on: str) -> View:
    """Render the form that changes a cause; `fixed_on` is the day of its fix for who reads it (ISO 8601)."""
    return _form(
        "Cause",
        "Save",
        name=cause.name,
        phrases=cause.phrases,
        owner=cause.owner,
        state=cause.state,
        fixed_on=fixed_on,
        metadata=pair_value(cause.id, cause.version),
    )


def _form(
    title: str,
    submit: str,
    *,
    name: str,
    phrases: Sequence[str],
    owner: str | None,
    state: CauseState,
    fixed_on: str,
    metadata: str,
) -> View:
    states = {one: option(label, one.value) for one, label in STATE_NAMES.items()}
    who: Json = {"type": "users_select", "action_id": str(CauseAction.OWNER)}
    day: Json = {"type": "datepicker", "action_id": str(CauseAction.FIXED_ON)}
    choose = static_select(CauseAction.STATE, states.values(), states[state])
    fixed = form_input(
        CauseBlock.FIXED_ON,
        "Fixed on",
        day | ({"initial_date": fixed_on} if fixed_on else {}),
        optional=True,
    )
    hint = "For a cause that is fixed. Without a day: since you save it."
    blocks = [
        typed_input(CauseBlock.NAME, CauseAction.NAME, "Name", name, most=MAX_NAME_LENGTH),
        form_input(
            CauseBlock.OWNER, "Owner", who | ({"initial_user": owner} if owner else {}), optional=True
        ),
        form_input(CauseBlock.STATE, "State", choose),
        {**fixed, "hint": plain_text(hint, 150)},
        typed_input(
            CauseBlock.PHRASES,
            CauseAction.PHRASES,
            "A post belongs to it that says",
            "\n".join(phrases),
            most=MAX_PHRASES * (MAX_PHRASE_LENGTH + 1),
            multiline=True,
            hint="One word or phrase on each line, in every language. voucher* finds vouchers, too.",
        ),
        context("Posts of the last 60 days are counted as well. In a case's Details you can correct it."),
    ]
    return modal(title, CauseCallback.FORM, blocks, submit=submit, metadata=metadata)


def render_causes_of_case(case: Case, causes: Sequence[Cause], chosen: Sequence[int]) -> View:
    """Render the form that says which causes the case belongs to; why there is none to choose from."""
    if not causes:
        return modal("Causes", CauseCallback.OF_CASE, [paragraph(_NONE)], close="Close")
    options = {one.id: option(inline(one.name, MAX_NAME_LENGTH), str(one.id)) for one in causes[:MAX_CHOICES]}
    picked = [options[number] for number in chosen if number in options]
    choose = multi_select(CauseAction.CHOSEN, options.values(), picked)
    blocks = [
        form_input(CauseBlock.CHOSEN, "This case is about", choose, optional=True),
        context(f"For colleagues: {escape(display_name(case))} never sees it. Your word counts for good."),
    ]
    shown = ",".join(str(number) for number in chosen if number in options)
    metadata = f"{card_value(case.id, case.version)}#{shown}"
    return modal("Causes", CauseCallback.OF_CASE, blocks, submit="Save", metadata=metadata)

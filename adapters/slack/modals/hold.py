"""Render legal holds in Details, and the forms that place and release one."""

from adapters.slack.action_ids import card_value
from adapters.slack.blocks import button, paragraph
from adapters.slack.cases.form_ids import CaseFormAction, CaseFormBlock, CaseFormCallback
from adapters.slack.dates import DateStyle, date_mrkdwn
from adapters.slack.escaping import escape, inline, mention
from adapters.slack.message_content import Block, View
from adapters.slack.modals.frame import modal
from adapters.slack.modals.inputs import typed_input
from adapters.slack.wording import display_name
from domain.cases.case import Case
from domain.records.legal_hold import MAX_REASON, LegalHold


def hold_lines(hold: LegalHold | None) -> list[str]:
    """Say in Details that the case is on hold, why, by whom and since when; empty where it is not."""
    if hold is None:
        return []
    placed = f"{mention(hold.placed_by)} {date_mrkdwn(hold.placed_at, DateStyle.DAY_AND_CLOCK)}"
    return [f"🔒 *Legal hold:* {escape(inline(hold.reason, MAX_REASON))} · {placed}"]


def hold_button(case: Case, hold: LegalHold | None) -> Block:
    """Render the button that opens the form."""
    value = card_value(case.id, case.version)
    if hold is None:
        return button("Legal hold…", CaseFormAction.HOLD, value)
    return button("Release legal hold…", CaseFormAction.RELEASE_HOLD, value)


def render_hold_form(case: Case) -> View:
    """Render the form that places a hold. `private_metadata` is `card_value(...)`."""
    name = escape(display_name(case))
    text = (
        f"The case of {name} is kept as it is: nothing of it is erased, neither by a request nor by "
        "retention, until the hold is released."
    )
    return _form(case, "Legal hold", CaseFormCallback.HOLD, "Hold", text, is_optional=False)


def render_release_hold_form(case: Case) -> View:
    """Render the form that releases a hold. `private_metadata` is `card_value(...)`."""
    text = f"The case of {escape(display_name(case))} may be erased again, by a request or by retention."
    return _form(case, "Release hold", CaseFormCallback.RELEASE_HOLD, "Release", text, is_optional=True)


def _form(
    case: Case, title: str, callback: CaseFormCallback, submit: str, text: str, *, is_optional: bool
) -> View:
    reason = typed_input(
        CaseFormBlock.HOLD_REASON,
        CaseFormAction.HOLD_REASON,
        "Why",
        "",
        most=MAX_REASON,
        optional=is_optional,
        placeholder="" if is_optional else "Court order of May 2",
        hint="It is in the audit trail, with your name.",
    )
    metadata = card_value(case.id, case.version)
    return modal(title, callback, [paragraph(text), reason], submit=submit, metadata=metadata)

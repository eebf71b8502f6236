"""Render the snooze, assign, take-over and release forms."""

from datetime import datetime

from adapters.slack.action_ids import ActionId, BlockId, CallbackId, card_value, claim_value
from adapters.slack.blocks import actions, button, context, option, paragraph, plain_text
from adapters.slack.cases.form_ids import CaseFormAction
from adapters.slack.dates import DateStyle, date_mrkdwn
from adapters.slack.escaping import escape, mention
from adapters.slack.message_content import View
from adapters.slack.modals.assistance import case_outcome, summary_request
from adapters.slack.modals.frame import modal
from adapters.slack.modals.inputs import form_input
from adapters.slack.modals.machine_texts import summary_blocks
from adapters.slack.modals.notes import note_blocks
from adapters.slack.wording import display_name
from domain.assistance.forms import CaseAssistance
from domain.cases.case import Case
from domain.cases.snooze import SnoozeChoice
from domain.cases.views import CaseView

_CHOICES = {
    SnoozeChoice.HALF_HOUR: "30 minutes",
    SnoozeChoice.TWO_HOURS: "2 hours",
    SnoozeChoice.TOMORROW: "Until tomorrow, 9:00",
    SnoozeChoice.CUSTOM: "Until the time below",
}


def render_snooze(case: Case) -> View:
    """Render the snooze form. `private_metadata` is `card_value(...)`."""
    options = [option(label, str(choice)) for choice, label in _CHOICES.items()]
    radio = {
        "type": "radio_buttons",
        "action_id": str(ActionId.SNOOZE_CHOICE),
        "options": options,
        "initial_option": options[0],
    }
    picker = {"type": "datetimepicker", "action_id": str(ActionId.SNOOZE_AT)}
    blocks = [
        paragraph("The case leaves the queue and comes back by itself, or as soon as the customer writes."),
        form_input(BlockId.SNOOZE_CHOICE, "Snooze for", radio),
        {**form_input(BlockId.SNOOZE_AT, "Or until", picker), "optional": True},
    ]
    return modal("Snooze", CallbackId.SNOOZE, blocks, submit="Snooze", metadata=_case_metadata(case))


def render_assign(case: Case, *, away: tuple[str, datetime] | None = None) -> View:
    """Render the assign form. `private_metadata` is `card_value(...)`.

    `away` is who was chosen and until when they are away.
    """
    select = {
        "type": "users_select",
        "action_id": str(ActionId.ASSIGN_TO),
        "placeholder": plain_text("Choose a person", 150),
    }
    claim_text = f" Now claimed by {mention(case.claimed_by)}." if case.claimed_by is not None else ""
    blocks = [
        paragraph(
            f"The case of {escape(display_name(case))} goes to this person; they are told.{claim_text}"
        ),
        {**form_input(BlockId.ASSIGN_TO, "Assign to", select), "dispatch_action": True},
    ]
    if away is not None:
        back = date_mrkdwn(away[1], DateStyle.DAY_AND_CLOCK)
        blocks.append(
            context(f"⚠️ {mention(away[0])} is away until {back}. You can assign the case all the same.")
        )
    return modal("Assign", CallbackId.ASSIGN, blocks, submit="Assign", metadata=_case_metadata(case))


def render_take_over(
    case: Case,
    view: CaseView | None = None,
    assistance: CaseAssistance | None = None,
    *,
    may_release: bool = False,
    may_take: bool = True,
) -> View:
    """Render the take-over confirmation, which names the assignee.

    `private_metadata` is `claim_value(...)`. `view` adds the notes of colleagues, the summary of a long case,
    and the button that asks a model for one where there is a model. Whoever `may_release` the case of a
    colleague gets a button for that; a lead who may not act on cases themselves (`may_take`) has no other.
    """
    if case.claimed_by is None:
        question = f"Nobody holds the case of {escape(display_name(case))} any more."
        question += " Take it?" if may_take else ""
    else:
        since = f" {date_mrkdwn(case.claimed_at)}" if case.claimed_at is not None else ""
        claimed_by = mention(case.claimed_by)
        question = (
            f"{claimed_by} claimed the case of {escape(display_name(case))}{since} and may be working on it."
        )
        take = f"Take it over? {claimed_by} is told."
        question += (
            f"\n{take if may_take else 'Assign to… in the menu of its card gives it to somebody else.'}"
        )
    blocks = [paragraph(question)]
    if may_release and case.claimed_by is not None:
        value = card_value(case.id, case.version)
        blocks += actions([button("Back to the queue", CaseFormAction.RETURN_TO_QUEUE, value)])
    if view is not None:
        request = [*actions(summary_request(view, assistance))]
        blocks += note_blocks(view.notes)
        blocks += [*summary_blocks(view.summary), *case_outcome(assistance), *request]
    metadata = claim_value(case.id, case.version, case.claimed_by)
    return modal(
        "Take over", CallbackId.TAKE_OVER, blocks, submit="Take over" if may_take else "", metadata=metadata
    )


def render_release(case: Case) -> View:
    """Render the release confirmation for whoever has the case. `private_metadata` is `card_value(...)`."""
    question = (
        f"You have the case of {escape(display_name(case))}. Release it, so that a colleague can claim it?"
    )
    return modal(
        "Release", CallbackId.RELEASE, [paragraph(question)], submit="Release", metadata=_case_metadata(case)
    )


def _case_metadata(case: Case) -> str:
    return card_value(case.id, case.version)

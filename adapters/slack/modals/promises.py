"""Render the form by which somebody says when a promise is due."""

from adapters.slack.blocks import paragraph
from adapters.slack.cases.form_ids import CaseFormAction, CaseFormBlock, CaseFormCallback
from adapters.slack.cases.promise_wording import promise_line
from adapters.slack.message_content import View
from adapters.slack.modals.frame import modal
from adapters.slack.modals.inputs import form_input
from domain.cases.promises import Promise


def render_promise_form(promise: Promise) -> View:
    """Render the form for a promise that is open or broken. `private_metadata` is the promise's id."""
    picker = {
        "type": "datetimepicker",
        "action_id": str(CaseFormAction.PROMISE_DUE),
        "initial_date_time": int(promise.due_at.timestamp()),
    }
    blocks = [
        paragraph(promise_line(promise)),
        form_input(CaseFormBlock.PROMISE_DUE, "It is due", picker),
    ]
    return modal("Change date", CaseFormCallback.PROMISE, blocks, submit="Save", metadata=str(promise.id))

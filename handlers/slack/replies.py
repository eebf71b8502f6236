"""Answer…, where the customer is; in public: keep the form's count, take an alternative, submit it."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncApp

from adapters.slack.action_ids import ActionId, BadValue, CallbackId, answer_block, parse_value
from adapters.slack.modals import FormMetadata, parse_metadata, render_answer, render_private
from domain.errors import Refused
from domain.replies.forms import AnswerForm, PrivateForm
from handlers.handoffs.current import arrived_handoff
from handlers.replies.private import open_private
from handlers.replies.public import AnswerSubmission, Count, open_answer, signed, submit_answer
from handlers.slack.form_errors import as_opened, stopped, why_stopped
from handlers.slack.listeners import on_press, on_submit
from handlers.slack.payloads import Edge, Press, Submission
from handlers.triage.classify import Classifier
from storage.unit_of_work import UnitOfWork


def register(app: AsyncApp, edge: Edge) -> None:
    """Listen to the form and to the buttons that open it."""
    app.action(ActionId.CASE_ANSWER.value)(on_press(edge, _open))
    app.action(ActionId.REPLY_EDIT.value)(on_press(edge, _open))
    app.action(ActionId.ANSWER_TEXT.value)(on_press(edge, _typed))
    app.action(ActionId.ANSWER_ALTERNATIVE.value)(on_press(edge, _picked))
    app.view(CallbackId.ANSWER.value)(on_submit(edge, _submit))


async def _open(edge: Edge, press: Press) -> None:
    form = await edge.desk.run_at_once(
        _open_where_they_are,
        case_id=parse_value(press.value).case_id,
        user_id=press.user_id,
        classifier=edge.classifier,
        count=edge.network.count,
        now=edge.clock.now(),
        signature=await _signature(edge, press.user_id),
    )
    view = (
        render_private(form)
        if isinstance(form, PrivateForm)
        else render_answer(form, brand=edge.account.handle)
    )
    await edge.doors.open_view(press.trigger_id, view)


def _open_where_they_are(
    uow: UnitOfWork,
    *,
    case_id: int,
    user_id: str,
    classifier: Classifier,
    count: Count,
    now: datetime,
    signature: str,
) -> AnswerForm | PrivateForm:
    if arrived_handoff(uow, case_id) is not None:
        return open_private(uow, case_id=case_id, user_id=user_id, now=now)
    return open_answer(
        uow,
        case_id=case_id,
        user_id=user_id,
        classifier=classifier,
        count=count,
        now=now,
        signature=signature,
    )


async def _typed(edge: Edge, press: Press) -> None:
    """Show the true count of what stands in the box; the box itself keeps its text because its block stays the same."""
    metadata = parse_metadata(press.view.get("private_metadata"))
    text = press.action.get("value")
    await _redraw(edge, press, metadata, text if isinstance(text, str) else "", revision=metadata.revision)


async def _picked(edge: Edge, press: Press) -> None:
    """Put the picked text into the box: a new revision makes Slack show it."""
    metadata = parse_metadata(press.view.get("private_metadata"))
    form = await _form(edge, metadata.case_id, press.user_id)
    text = next((option.text for option in form.options if option.name == press.value), None)
    if text is None:
        raise BadValue
    text = signed(text, await _signature(edge, press.user_id))
    await _redraw(edge, press, metadata, text, revision=metadata.revision + 1)


async def _redraw(edge: Edge, press: Press, metadata: FormMetadata, text: str, *, revision: int) -> None:
    form = await _form(edge, metadata.case_id, press.user_id)
    count = edge.network.count(text)
    shown = replace(as_opened(form, metadata), text=text, length=count.length, revision=revision)
    view = render_answer(shown, brand=edge.account.handle)
    await edge.doors.update_view(str(press.view.get("id")), view, seen_hash=press.view.get("hash"))


async def _form(edge: Edge, case_id: int, user_id: str) -> AnswerForm:
    return await edge.desk.run_at_once(
        open_answer,
        case_id=case_id,
        user_id=user_id,
        classifier=edge.classifier,
        count=edge.network.count,
        now=edge.clock.now(),
        signature=await _signature(edge, user_id),
    )


async def _signature(edge: Edge, user_id: str) -> str:
    if not edge.policy.sign_with_initials:
        return ""
    return (await edge.directory.person(user_id)).initials


async def _submit(edge: Edge, submission: Submission) -> dict[str, Any] | None:
    metadata = parse_metadata(submission.metadata)
    block = answer_block(metadata.revision)
    text = submission.value(block, ActionId.ANSWER_TEXT.value)
    attempt = AnswerSubmission(
        case_id=metadata.case_id,
        user_id=submission.user_id,
        text=text if isinstance(text, str) else "",
        seen=metadata.seen,
        version=metadata.version,
        # The form's own id, and what it was about: an id that comes again for another case is another answer.
        client_key=f"{submission.view_id}:{metadata.case_id}:{metadata.version}",
        confirmed=frozenset(metadata.confirmed),
        revision=metadata.revision,
    )
    try:
        result = await edge.desk.run_at_once(
            submit_answer,
            attempt,
            classifier=edge.classifier,
            rules=edge.rules,
            count=edge.network.count,
            now=edge.clock.now(),
        )
    except Refused as refusal:
        return stopped(block, await why_stopped(edge, refusal))
    if not isinstance(result, AnswerForm):
        return None
    hard = [finding for finding in result.violations if finding.hard]
    if hard and not result.news:
        return stopped(block, " ".join(finding.reason for finding in hard))
    return {"response_action": "update", "view": render_answer(result, brand=edge.account.handle)}

"""The Answer form: open it, keep its count, take an alternative, submit it."""

from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncApp

from adapters.slack.action_ids import ActionId, BadValue, CallbackId, answer_block, parse_value
from adapters.slack.modals import AnswerMetadata, parse_metadata, render_answer
from domain.views import AnswerForm
from handlers.answering import Attempt, open_answer, signed, submit_answer
from handlers.slack.edge import Edge, Press, Submission
from handlers.slack.listening import on_press, on_submit


def register(app: AsyncApp, edge: Edge) -> None:
    """Listen to the form and to the buttons that open it."""
    app.action(ActionId.CASE_ANSWER.value)(on_press(edge, _open))
    app.action(ActionId.REPLY_EDIT.value)(on_press(edge, _open))
    app.action(ActionId.ANSWER_TEXT.value)(on_press(edge, _typed))
    app.action(ActionId.ANSWER_ALTERNATIVE.value)(on_press(edge, _picked))
    app.view(CallbackId.ANSWER.value)(on_submit(edge, _submit))


async def _open(edge: Edge, press: Press) -> None:
    form = await _form(edge, parse_value(press.value).case_id, press.user_id)
    await edge.doors.open_view(press.trigger_id, render_answer(form, brand=edge.account.handle))


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


async def _redraw(edge: Edge, press: Press, metadata: AnswerMetadata, text: str, *, revision: int) -> None:
    form = await _form(edge, metadata.case_id, press.user_id)
    count = edge.network.count(text)
    shown = replace(form, text=text, length=count.length, seen=metadata.seen, revision=revision)
    view = render_answer(shown, brand=edge.account.handle)
    await edge.doors.update_view(str(press.view.get("id")), view, seen_hash=press.view.get("hash"))


async def _form(edge: Edge, case_id: int, user_id: str) -> AnswerForm:
    return await edge.desk.run(
        open_answer,
        case_id=case_id,
        user_id=user_id,
        reader=edge.reader,
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
    text = submission.value(answer_block(metadata.revision), ActionId.ANSWER_TEXT.value)
    attempt = Attempt(
        case_id=metadata.case_id,
        user_id=submission.user_id,
        text=text if isinstance(text, str) else "",
        seen=metadata.seen,
        client_key=submission.view_id,
        confirmed=frozenset(metadata.confirmed),
        revision=metadata.revision,
    )
    result = await edge.desk.run(
        submit_answer,
        attempt,
        reader=edge.reader,
        rules=edge.rules,
        count=edge.network.count,
        now=edge.clock.now(),
    )
    if not isinstance(result, AnswerForm):
        return None
    hard = [finding for finding in result.findings if finding.hard]
    if hard and not result.news:
        reasons = " ".join(finding.reason for finding in hard)
        return {"response_action": "errors", "errors": {answer_block(metadata.revision): reasons}}
    return {"response_action": "update", "view": render_answer(result, brand=edge.account.handle)}

"""Handle *Tags…*, and `/mentions vip` and `/mentions watch`."""

from typing import Any

from slack_bolt.async_app import AsyncApp

from adapters.slack.action_ids import parse_value
from adapters.slack.cases.form_ids import CaseFormAction, CaseFormBlock, CaseFormCallback, parse_tags_value
from adapters.slack.cases.tag_lists import render_tagged_customer, render_tagged_customers
from adapters.slack.ephemerals import render_refusal
from adapters.slack.message_content import Content
from adapters.slack.modals import render_tags
from adapters.slack.refusal_texts import refusal_text
from domain.cases.tags import (
    MAX_REASON_LENGTH,
    NEED_REASON,
    BadTagName,
    TagChange,
    TagNeedsReason,
    TooManyTags,
    parse_tags,
)
from domain.errors import DeskError
from handlers.cases.tags import change_tags, list_customers, tag_customer, view_tag_form
from handlers.context import AppContext
from handlers.slack.current_request import require_new_request, run_once, stores_request
from handlers.slack.form_errors import input_error
from handlers.slack.listeners import on_press, on_submit
from handlers.slack.payloads import Command, Press, Submission, input_choices
from handlers.slack.roles import require_list_right

#: What takes a customer off the list, in place of a reason.
OFF = "off"


def register(app: AsyncApp, ctx: AppContext) -> None:
    """Register the button of Details and the form's submission."""
    app.action(CaseFormAction.TAGS.value)(on_press(ctx, _open))
    app.view(CaseFormCallback.TAGS.value)(on_submit(ctx, _save))


async def _open(ctx: AppContext, press: Press) -> None:
    """Open the form in place of Details, whose button it is."""
    form = await ctx.desk.run_at_once(
        view_tag_form, case_id=parse_value(press.value).case_id, listed=ctx.policy.proposed_tags
    )
    view = render_tags(form.case, form.tags, form.proposed)
    await ctx.modals.update_view(press.view_id, view)


@stores_request
async def _save(ctx: AppContext, submission: Submission) -> dict[str, Any] | None:
    value, of_case, of_customer = parse_tags_value(submission.metadata)
    block = CaseFormBlock.TAGS_OF_CASE
    try:
        wanted = parse_tags(_typed(submission, block, CaseFormAction.TAGS_OF_CASE))
        wanted += _chosen(submission)
        block = CaseFormBlock.TAGS_OF_CUSTOMER
        wanted_of_customer = parse_tags(_typed(submission, block, CaseFormAction.TAGS_OF_CUSTOMER))
        change = TagChange.between(of_customer, wanted_of_customer)
        if NEED_REASON.intersection(change.added + change.removed):
            try:
                await require_list_right(ctx, submission.user_id)
            except DeskError as refusal:  # said in the form, which keeps the other tags that were typed
                return input_error(block.value, str(refusal))
        await run_once(
            ctx,
            change_tags,
            case_id=value.case_id,
            of_case=TagChange.between(of_case, wanted),
            of_customer=change,
            reason=_typed(submission, CaseFormBlock.TAGS_REASON, CaseFormAction.TAGS_REASON).strip(),
            user_id=submission.user_id,
            now=ctx.clock.now(),
        )
    except TagNeedsReason as refusal:
        return input_error(CaseFormBlock.TAGS_REASON.value, refusal_text(refusal))
    except (BadTagName, TooManyTags) as refusal:
        return input_error(block.value, refusal_text(refusal))
    return None


def _typed(submission: Submission, block: CaseFormBlock, action: CaseFormAction) -> str:
    return str(submission.value(block, action) or "")


def _chosen(submission: Submission) -> tuple[str, ...]:
    """Return the proposed tags that were chosen. Raises `BadTagName`."""
    chosen = input_choices(
        submission.values, CaseFormBlock.TAGS_PROPOSED.value, CaseFormAction.TAGS_PROPOSED.value
    )
    return parse_tags(",".join(chosen))


async def run_list_command(ctx: AppContext, command: Command, tag: str, arguments: str) -> Content:
    """List the customers with the tag, or put one on the list or off it: "@handle reason", "@handle off"."""
    handle, _, reason = arguments.strip().partition(" ")
    if not reason.strip():
        await require_new_request(ctx)
    if not handle:
        customers = await ctx.desk.run(list_customers, tag=tag)
        return render_tagged_customers(tag, customers)
    await require_list_right(ctx, command.user_id)
    reason = " ".join(reason.split())[:MAX_REASON_LENGTH]
    if not reason:
        return render_refusal(TagNeedsReason(tag))
    is_off = reason.lower() == OFF
    cases = await run_once(
        ctx,
        tag_customer,
        handle=handle,
        tag=tag,
        reason="" if is_off else reason,
        user_id=command.user_id,
        now=ctx.clock.now(),
    )
    return render_tagged_customer(tag, cases, is_off=is_off, team_url=ctx.team_url, now=ctx.clock.now())

"""Handle the list of saved replies, the form for one, its history, and Save as reply… in Details."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncApp

from adapters.slack.action_ids import BadValue, parse_value
from adapters.slack.message_content import View
from adapters.slack.modals import (
    fault_block,
    parse_list_state,
    parse_reply_form_state,
    render_reply_form,
    render_reply_history,
    render_reply_list,
)
from adapters.slack.modals.saved_reply_form import ReplyFormState
from adapters.slack.reply_fault_texts import fault_text
from adapters.slack.saved_reply_ids import (
    ReplyChoice,
    SavedReplyAction,
    SavedReplyBlock,
    SavedReplyCallback,
    parse_reply_value,
)
from domain.knowledge.reply_checks import ReplyChecker
from domain.knowledge.reply_forms import ReplyForm, ReplyList, counts_of, form_language, form_of, page_of
from domain.knowledge.reply_refusals import ReplyChanged, ReplyFaulty
from domain.knowledge.saved_replies import differences
from handlers.context import AppContext
from handlers.knowledge.reply_from_case import reply_form_from_case
from handlers.knowledge.saved_replies import (
    ReplyEdit,
    count_erasures,
    get_reply,
    list_replies,
    reply_history,
    save_reply,
    set_retired,
)
from handlers.slack.listeners import on_press, on_submit
from handlers.slack.payloads import Press, Submission
from handlers.slack.saved_reply_form_state import example_blocks, read_reply_form, read_wording


def register(app: AsyncApp, ctx: AppContext) -> None:
    """Register the list, the form and the buttons that open them."""
    listeners = {
        SavedReplyAction.CASE_SAVE_REPLY: _save_from_case,
        SavedReplyAction.REPLIES_PREVIOUS: _turn_page,
        SavedReplyAction.REPLIES_NEXT: _turn_page,
        SavedReplyAction.REPLIES_BACK: _back_to_list,
        SavedReplyAction.REPLIES_NEW: _new,
        SavedReplyAction.REPLIES_MENU: _run_choice,
        SavedReplyAction.SAVED_LANGUAGE: _choose_language,
    }
    for action_id, handler in listeners.items():
        app.action(action_id.value)(on_press(ctx, handler))
    app.view(SavedReplyCallback.SAVED_REPLIES.value)(on_submit(ctx, _search))
    app.view(SavedReplyCallback.SAVED_REPLY.value)(on_submit(ctx, _submit))


async def open_reply_list(ctx: AppContext, trigger_id: str, words: str) -> None:
    """Open the list of the saved replies in which the words occur."""
    await ctx.modals.open_view(trigger_id, render_reply_list(await _page(ctx, words, 0)))


async def _page(ctx: AppContext, words: str, page: int) -> ReplyList:
    replies = await ctx.desk.run_at_once(list_replies, shipped=ctx.live_classifier.shipped)
    return page_of(replies, words, page, ctx.clock.now().date())


async def _show(ctx: AppContext, press: Press, view: View) -> None:
    """Show the view in place of the one with the button."""
    await ctx.modals.update_view(press.view_id, view)


async def _show_form(ctx: AppContext, press: Press, form: ReplyForm, erasures: int) -> None:
    await _show(ctx, press, render_reply_form(replace(form, erasures=erasures)))


async def _search(ctx: AppContext, submission: Submission) -> dict[str, Any] | None:
    words = submission.text(SavedReplyBlock.REPLIES_SEARCH, SavedReplyAction.REPLIES_SEARCH)
    return _update(render_reply_list(await _page(ctx, words, 0)))


async def _turn_page(ctx: AppContext, press: Press) -> None:
    state = parse_list_state(press.metadata)
    if not press.value.isascii() or not press.value.isdigit():
        raise BadValue
    await _show(ctx, press, render_reply_list(await _page(ctx, state.words, int(press.value))))


async def _back_to_list(ctx: AppContext, press: Press) -> None:
    state = parse_list_state(press.metadata)
    await _show(ctx, press, render_reply_list(await _page(ctx, state.words, state.page)))


async def _new(ctx: AppContext, press: Press) -> None:
    state = parse_list_state(press.metadata)
    form = ReplyForm(
        language=form_language(ctx.policy.default_language),
        owner=press.user_id,
        words=state.words,
        page=state.page,
    )
    await _show_form(ctx, press, form, await ctx.desk.run_at_once(count_erasures))


async def _save_from_case(ctx: AppContext, press: Press) -> None:
    erasures = await ctx.desk.run_at_once(count_erasures)
    form = await ctx.desk.run_at_once(
        reply_form_from_case,
        case_id=parse_value(press.value).case_id,
        user_id=press.user_id,
        policy=ctx.policy,
        our_account=ctx.our_account,
    )
    await _show_form(ctx, press, form, erasures)


async def _run_choice(ctx: AppContext, press: Press) -> None:
    """Edit, retire or bring back a reply, or show its history."""
    choice, name, version = parse_reply_value(press.value)
    state = parse_list_state(press.metadata)
    shipped = ctx.live_classifier.shipped
    if choice is ReplyChoice.HISTORY:
        versions = await ctx.desk.run_at_once(reply_history, name=name, shipped=shipped)
        await _show(ctx, press, render_reply_history(versions, state))
        return
    if choice is ReplyChoice.EDIT:
        erasures = await ctx.desk.run_at_once(count_erasures)
        reply = await ctx.desk.run_at_once(get_reply, name=name, shipped=shipped)
        form = replace(form_of(reply), words=state.words, page=state.page)
        await _show_form(ctx, press, form, erasures)
        return
    try:
        changed = await ctx.desk.run_at_once(
            set_retired,
            name=name,
            version=version,
            retired=choice is ReplyChoice.RETIRE,
            user_id=press.user_id,
            shipped=shipped,
            now=ctx.clock.now(),
        )
    except ReplyChanged as refusal:
        listed = replace(await _page(ctx, state.words, state.page), outdated=refusal.current)
    else:
        listed = (await _page(ctx, state.words, state.page)).with_changed(changed)
    await _show(ctx, press, render_reply_list(listed))


async def _choose_language(ctx: AppContext, press: Press) -> None:
    """Show the wordings in another language; the written ones of a new reply are taken along.

    Wordings of a stored reply that are not saved yet stay, and the form says that they have to be saved.
    """
    state = parse_reply_form_state(press.metadata)
    values = press.view.get("state", {}).get("values")
    written = read_reply_form(values, state)
    form = replace(written, language=press.value, revision=state.revision + 1)
    if state.name:
        reply = await ctx.desk.run_at_once(get_reply, name=state.name, shipped=ctx.live_classifier.shipped)
        if tuple(written.wordings) != reply.content.wordings_in(state.language):
            form = replace(written, revision=state.revision + 1, has_unsaved=True)
        else:
            form = replace(form, wordings=reply.content.wordings_in(press.value))
        form = replace(form, counts=counts_of(reply))
    else:
        form = replace(
            form, wordings=[replace(wording, language=press.value) for wording in written.wordings]
        )
    await _show_form(ctx, press, form, state.erasures)


def _checker(ctx: AppContext) -> ReplyChecker:
    return ReplyChecker(
        profiles=[connected.profile for connected in ctx.networks.values()],
        rules=ctx.rules,
        brand=ctx.policy.brand,
        help_url=ctx.policy.help_url,
    )


async def _submit(ctx: AppContext, submission: Submission) -> dict[str, Any] | None:
    state = parse_reply_form_state(submission.metadata)
    written = read_reply_form(submission.values, state)
    edit = ReplyEdit(
        name=state.name,
        version=state.version,
        title=written.title,
        situations=written.situations,
        language=state.language,
        wordings=tuple(written.wordings),
        examples=tuple(written.examples),
        public_only=written.public_only,
        owner=written.owner,
        expires_on=written.expires_on,
        erasures=state.erasures,
    )
    try:
        saved = await ctx.desk.run_at_once(
            save_reply,
            edit,
            user_id=submission.user_id,
            shipped=ctx.live_classifier.shipped,
            checker=_checker(ctx),
            now=ctx.clock.now(),
        )
    except ReplyFaulty as refusal:
        return {"response_action": "errors", "errors": _errors(refusal, submission.values, state)}
    except ReplyChanged as refusal:
        return _update(render_reply_form(_against(written, refusal)))
    listed = await _page(ctx, state.words, state.page)
    return _update(render_reply_list(listed.with_changed(saved)))


def _errors(refusal: ReplyFaulty, values: Mapping[str, Any], state: ReplyFormState) -> dict[str, str]:
    """Return the text of each fault by its input; empty inputs of wordings have no position of their own."""
    filled = [position for position in range(state.inputs) if read_wording(values, state, position).text] or [
        0
    ]
    examples = example_blocks(values)[0]
    return {
        fault_block(
            replace(fault, wording=filled[fault.wording]), state.revision, examples=examples
        ): fault_text(fault)
        for fault in refusal.faults
    }


def _against(written: ReplyForm, refusal: ReplyChanged) -> ReplyForm:
    """Return the form with what was written, to be saved upon the other person's version."""
    current = refusal.current
    return replace(
        written,
        version=current.version,
        counts=counts_of(current),
        changed_by=current.by,
        changes=differences(refusal.shown.content, current.content) if refusal.shown is not None else (),
    )


def _update(view: View) -> dict[str, Any]:
    return {"response_action": "update", "view": view}

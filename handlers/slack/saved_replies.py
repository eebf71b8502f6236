"""Handle the list of saved replies, the form for one, its history, and Save as reply… in Details."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from slack_bolt.async_app import AsyncApp

from adapters.slack.action_ids import (
    ActionId,
    BadValue,
    BlockId,
    CallbackId,
    ReplyChoice,
    form_of_address_block,
    parse_reply_value,
    parse_value,
    wording_block,
)
from adapters.slack.message_content import View
from adapters.slack.modals import (
    fault_block,
    parse_list_state,
    parse_reply_form_state,
    render_reply_form,
    render_reply_history,
    render_reply_list,
)
from adapters.slack.modals.saved_reply_form import MAX_EXAMPLE_INPUTS, ReplyFormState, examples_blocks
from adapters.slack.reply_fault_texts import fault_text
from domain.knowledge.reply_checks import ReplyChecker
from domain.knowledge.reply_forms import ReplyForm, ReplyList, counts_of, form_language, form_of, page_of
from domain.knowledge.reply_refusals import ReplyChanged, ReplyFaulty
from domain.knowledge.saved_replies import Wording, differences
from domain.triage.form_of_address import FormOfAddress
from domain.triage.situations import Situation
from handlers.context import AppContext
from handlers.knowledge.reply_from_case import reply_form_from_case
from handlers.knowledge.saved_replies import (
    ReplyEdit,
    get_reply,
    list_replies,
    reply_history,
    save_reply,
    set_retired,
)
from handlers.slack.listeners import on_press, on_submit
from handlers.slack.payloads import Press, Submission, input_choices, input_value


def register(app: AsyncApp, ctx: AppContext) -> None:
    """Register the list, the form and the buttons that open them."""
    listeners = {
        ActionId.CASE_SAVE_REPLY: _save_from_case,
        ActionId.REPLIES_PREVIOUS: _turn_page,
        ActionId.REPLIES_NEXT: _turn_page,
        ActionId.REPLIES_BACK: _back_to_list,
        ActionId.REPLIES_NEW: _new,
        ActionId.REPLIES_MENU: _run_choice,
        ActionId.SAVED_LANGUAGE: _choose_language,
    }
    for action_id, handler in listeners.items():
        app.action(action_id.value)(on_press(ctx, handler))
    app.view(CallbackId.SAVED_REPLIES.value)(on_submit(ctx, _search))
    app.view(CallbackId.SAVED_REPLY.value)(on_submit(ctx, _submit))


async def open_reply_list(ctx: AppContext, trigger_id: str, words: str) -> None:
    """Open the list of the saved replies in which the words occur."""
    await ctx.modals.open_view(trigger_id, render_reply_list(await _page(ctx, words, 0)))


async def _page(ctx: AppContext, words: str, page: int) -> ReplyList:
    replies = await ctx.desk.run_at_once(list_replies, shipped=ctx.live_classifier.shipped)
    return page_of(replies, words, page, ctx.clock.now().date())


async def _show(ctx: AppContext, press: Press, view: View) -> None:
    """Show the view in place of the one with the button."""
    await ctx.modals.update_view(str(press.view.get("id")), view)


async def _search(ctx: AppContext, submission: Submission) -> dict[str, Any] | None:
    words = submission.value(BlockId.REPLIES_SEARCH, ActionId.REPLIES_SEARCH)
    return _update(render_reply_list(await _page(ctx, words if isinstance(words, str) else "", 0)))


async def _turn_page(ctx: AppContext, press: Press) -> None:
    state = parse_list_state(press.view.get("private_metadata"))
    if not press.value.isascii() or not press.value.isdigit():
        raise BadValue
    await _show(ctx, press, render_reply_list(await _page(ctx, state.words, int(press.value))))


async def _back_to_list(ctx: AppContext, press: Press) -> None:
    state = parse_list_state(press.view.get("private_metadata"))
    await _show(ctx, press, render_reply_list(await _page(ctx, state.words, state.page)))


async def _new(ctx: AppContext, press: Press) -> None:
    state = parse_list_state(press.view.get("private_metadata"))
    form = ReplyForm(
        language=form_language(ctx.policy.default_language),
        owner=press.user_id,
        words=state.words,
        page=state.page,
    )
    await _show(ctx, press, render_reply_form(form))


async def _save_from_case(ctx: AppContext, press: Press) -> None:
    form = await ctx.desk.run_at_once(
        reply_form_from_case,
        case_id=parse_value(press.value).case_id,
        user_id=press.user_id,
        policy=ctx.policy,
        our_account=ctx.our_account,
    )
    await _show(ctx, press, render_reply_form(form))


async def _run_choice(ctx: AppContext, press: Press) -> None:
    """Edit, retire or bring back a reply, or show its history."""
    choice, name, version = parse_reply_value(press.value)
    state = parse_list_state(press.view.get("private_metadata"))
    shipped = ctx.live_classifier.shipped
    if choice is ReplyChoice.HISTORY:
        versions = await ctx.desk.run_at_once(reply_history, name=name, shipped=shipped)
        await _show(ctx, press, render_reply_history(versions, state))
        return
    if choice is ReplyChoice.EDIT:
        reply = await ctx.desk.run_at_once(get_reply, name=name, shipped=shipped)
        form = replace(form_of(reply), words=state.words, page=state.page)
        await _show(ctx, press, render_reply_form(form))
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
    state = parse_reply_form_state(press.view.get("private_metadata"))
    values = press.view.get("state", {}).get("values")
    written = _written(values, state)
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
    await _show(ctx, press, render_reply_form(form))


def _written(values: object, state: ReplyFormState) -> ReplyForm:
    """Read what stands in the form."""

    def text(block: str, action: ActionId) -> str:
        value = input_value(values, block, action)
        return value if isinstance(value, str) else ""

    def lines(block: str, action: ActionId) -> list[str]:
        cleaned = (" ".join(line.split()) for line in text(block, action).splitlines())
        return [line for line in cleaned if line]

    examples = (line for block in _example_blocks(values) for line in lines(block, ActionId.SAVED_EXAMPLES))
    chosen = input_choices(values, BlockId.SAVED_SITUATIONS, ActionId.SAVED_SITUATIONS)
    return ReplyForm(
        name=state.name,
        version=state.version,
        title=" ".join(text(BlockId.SAVED_TITLE, ActionId.SAVED_TITLE).split()),
        situations=frozenset(situation for situation in Situation if situation.value in chosen),
        language=state.language,
        wordings=[
            wording for position in range(state.inputs) if (wording := _wording(values, state, position)).text
        ],
        examples=tuple(dict.fromkeys(examples)),
        public_only=bool(input_choices(values, BlockId.SAVED_PUBLIC_ONLY, ActionId.SAVED_PUBLIC_ONLY)),
        owner=text(BlockId.SAVED_OWNER, ActionId.SAVED_OWNER),
        expires_on=_parse_date(text(BlockId.SAVED_EXPIRY, ActionId.SAVED_EXPIRY)),
        revision=state.revision,
        words=state.words,
        page=state.page,
    )


def _example_blocks(values: object) -> Sequence[str]:
    """Return the `block_id`s of the form's inputs of examples."""
    shown = values if isinstance(values, Mapping) else {}
    counts = map(examples_blocks, range(1, MAX_EXAMPLE_INPUTS + 1))
    return next((blocks for blocks in counts if blocks[0] in shown), examples_blocks(1))


def _wording(values: object, state: ReplyFormState, position: int) -> Wording:
    text = input_value(values, wording_block(state.revision, position), ActionId.SAVED_WORDING)
    form = input_value(values, form_of_address_block(state.revision, position), ActionId.SAVED_FORM)
    lines = [line.rstrip() for line in text.strip().splitlines()] if isinstance(text, str) else []
    return Wording(
        language=state.language,
        text="\n".join(lines),
        form=FormOfAddress(form) if form in set(FormOfAddress) else None,
    )


def _parse_date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BadValue from None


def _checker(ctx: AppContext) -> ReplyChecker:
    return ReplyChecker(
        profiles=[connected.profile for connected in ctx.networks.values()],
        rules=ctx.rules,
        brand=ctx.policy.brand,
        help_url=ctx.policy.help_url,
    )


async def _submit(ctx: AppContext, submission: Submission) -> dict[str, Any] | None:
    state = parse_reply_form_state(submission.metadata)
    written = _written(submission.values, state)
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
    filled = [position for position in range(state.inputs) if _wording(values, state, position).text] or [0]
    examples = _example_blocks(values)[0]
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

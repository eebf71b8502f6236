"""Open and redraw the form of a notice, and save it as a draft that is previewed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from slack_bolt.async_app import AsyncApp

from adapters.slack.action_ids import BadValue
from adapters.slack.message_content import View
from adapters.slack.modals.outages.form import FormChoices, fault_errors, render_outage_form
from adapters.slack.modals.outages.form_state import parse_form_state
from adapters.slack.modals.outages.small_forms import render_pick
from adapters.slack.outage_ids import (
    OutageAction,
    OutageBlock,
    OutageCallback,
    OutageChoice,
    parse_id,
    problem_block,
    workaround_block,
)
from domain.cases.messages import Direction
from domain.outages.forms import NO_UPDATE, OutageForm
from domain.outages.lifecycle import phases_for
from domain.outages.notices import NoticeKind, Version
from domain.outages.outage import OutageKind, OutageState, Phase, Severity
from handlers.cases.views import view_details
from handlers.context import AppContext
from handlers.outages.drafting import DraftRules, begin_form, load_form, save_form
from handlers.outages.views import open_outages, pending_notice
from handlers.slack.listeners import on_press, on_submit
from handlers.slack.outage_previews import preview_response
from handlers.slack.outage_reviews import show_review
from handlers.slack.outage_rights import outage_actor, require_any_right
from handlers.slack.payloads import Press, Submission, form_values, input_choices, input_value


@dataclass(frozen=True, slots=True, kw_only=True)
class Prefill:
    """What a form begins with: customers' words to look at, the components, and the spike it comes from."""

    quoted: str = ""
    components: tuple[str, ...] = ()
    spike_id: int | None = None


def register(app: AsyncApp, ctx: AppContext) -> None:
    """Register the form, and the buttons that open it."""
    listeners = {
        OutageAction.UPDATE: _open_update,
        OutageAction.RESOLVE: _open_resolution,
        OutageAction.OPEN: _open_another,
        OutageAction.REPORT: _open_from_case,
        OutageAction.PICK: _pick,
        OutageAction.ADD_LANGUAGE: _add_language,
        OutageAction.BACK: _back_to_form,
    }
    for action_id, handler in listeners.items():
        app.action(action_id.value)(on_press(ctx, handler, authorize=require_any_right))
    app.view(OutageCallback.FORM.value)(on_submit(ctx, _submit, authorize=require_any_right))


async def open_outage_form(
    ctx: AppContext,
    trigger_id: str,
    prefill: Prefill | None = None,
    *,
    kind: OutageKind = OutageKind.OUTAGE,
) -> None:
    """Open an empty form for a new outage or maintenance."""
    await ctx.modals.open_view(trigger_id, _render(ctx, new_form(ctx, prefill or Prefill(), kind)))


async def open_for_command(ctx: AppContext, trigger_id: str) -> None:
    """Open what `/outage` opens: a form for a new outage, an update of the open one, or a list of them."""
    outages = await ctx.desk.run_at_once(open_outages)
    if not outages:
        await open_outage_form(ctx, trigger_id)
        return
    [newest, *others] = outages
    pending = await ctx.desk.run_at_once(pending_notice, outage_id=newest.id)
    if others or pending is not None or newest.state is not OutageState.ANNOUNCED:
        await ctx.modals.open_view(trigger_id, render_pick(outages))
        return
    view = _render(ctx, await _further(ctx, newest.id, NoticeKind.UPDATE), offers_another=True)
    await ctx.modals.open_view(trigger_id, view)


async def open_menu_form(ctx: AppContext, press: Press, choice: OutageChoice, outage_id: int) -> None:
    """Open the form of a correction or of a reopening."""
    kind = NoticeKind.CORRECTION if choice is OutageChoice.CORRECT else NoticeKind.REOPENING
    await ctx.modals.open_view(press.trigger_id, _render(ctx, await _further(ctx, outage_id, kind)))


def new_form(ctx: AppContext, prefill: Prefill, kind: OutageKind) -> OutageForm:
    """Return an empty form for all destinations, with the usual time until the next update."""
    planned = kind is OutageKind.MAINTENANCE
    known = {component.name for component in ctx.policy.outages.components}
    return OutageForm(
        outage_kind=kind,
        versions=(Version(language=ctx.policy.default_language, problem=""),),
        phase=phases_for(kind, NoticeKind.ANNOUNCEMENT)[0],
        severity=Severity.MINOR if planned else Severity.MAJOR,
        due=NO_UPDATE if planned else _usual_minutes(ctx),
        destinations=tuple(ctx.destinations),
        components=tuple(name for name in prefill.components if name in known),
        quoted=prefill.quoted,
        spike_id=prefill.spike_id,
    )


def read_outage_form(view: Mapping[str, Any]) -> OutageForm:
    """Read what an open form holds. Raises `BadValue`."""
    kept, values = parse_form_state(view.get("private_metadata")), form_values(view)

    def text(block: str, action: OutageAction) -> str:
        value = input_value(values, block, action)
        return value if isinstance(value, str) else ""

    versions = tuple(
        Version(
            language=version.language,
            problem=text(problem_block(kept.revision, version.language), OutageAction.PROBLEM).strip(),
            workaround=text(
                workaround_block(kept.revision, version.language), OutageAction.WORKAROUND
            ).strip(),
        )
        for version in kept.versions
    )
    form = replace(
        kept,
        versions=versions,
        title=" ".join(text(OutageBlock.TITLE, OutageAction.TITLE).split())
        if kept.states_facts
        else kept.title,
        components=tuple(input_choices(values, OutageBlock.COMPONENTS, OutageAction.COMPONENTS)),
        due=text(OutageBlock.DUE, OutageAction.DUE) or NO_UPDATE,
        due_at=_clock_time(values),
        starts_at=_moment(values, OutageBlock.STARTS, OutageAction.STARTS),
        ends_at=_moment(values, OutageBlock.ENDS, OutageAction.ENDS),
    )
    if OutageBlock.DESTINATIONS in values:
        chosen = input_choices(values, OutageBlock.DESTINATIONS, OutageAction.DESTINATIONS)
        form = replace(form, destinations=tuple(chosen))
    try:
        severity = text(OutageBlock.SEVERITY, OutageAction.SEVERITY)
        phase = text(OutageBlock.PHASE, OutageAction.PHASE)
        form = replace(form, severity=Severity(severity)) if severity else form
        return replace(form, phase=Phase(phase)) if phase else form
    except ValueError:
        raise BadValue from None


def _clock_time(values: Mapping[str, Any]) -> str:
    """Return the chosen clock time, which Slack sends as "02:40"; empty without one."""
    block = values.get(OutageBlock.DUE_AT)
    state = block.get(OutageAction.DUE_AT) if isinstance(block, dict) else None
    chosen = state.get("selected_time") if isinstance(state, dict) else None
    if chosen is None:
        return ""
    try:
        return datetime.strptime(str(chosen), "%H:%M").strftime("%H:%M")  # noqa: DTZ007 - a time alone
    except ValueError:
        raise BadValue from None


def _moment(values: Mapping[str, Any], block: OutageBlock, action: OutageAction) -> datetime | None:
    value = input_value(values, block, action)
    if value is None:
        return None
    if isinstance(value, str):
        raise BadValue
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, OSError, ValueError):
        raise BadValue from None


def _usual_minutes(ctx: AppContext) -> str:
    return str(int(ctx.policy.outages.update_after.total_seconds() // 60))


async def _further(ctx: AppContext, outage_id: int, kind: NoticeKind) -> OutageForm:
    return await ctx.desk.run_at_once(
        begin_form,
        outage_id=outage_id,
        kind=kind,
        connected=tuple(ctx.destinations),
        due=_usual_minutes(ctx),
        now=ctx.clock.now(),
    )


def _render(ctx: AppContext, form: OutageForm, *, offers_another: bool = False, note: str = "") -> View:
    choices = FormChoices(
        components=[component.name for component in ctx.policy.outages.components],
        destinations=[one.profile for one in ctx.destinations.values()],
        languages=sorted(ctx.notice_words.sentences),
        usual_minutes=int(_usual_minutes(ctx)),
        offers_another=offers_another,
        note=note,
    )
    return render_outage_form(form, choices)


async def _show(ctx: AppContext, press: Press, view: View) -> None:
    """Show the view; in place of the modal if the button is in one."""
    if press.in_modal:
        await ctx.modals.update_view(str(press.view.get("id")), view)
    else:
        await ctx.modals.open_view(press.trigger_id, view)


async def _open_update(ctx: AppContext, press: Press) -> None:
    await _show(ctx, press, _render(ctx, await _further(ctx, parse_id(press.value), NoticeKind.UPDATE)))


async def _open_resolution(ctx: AppContext, press: Press) -> None:
    await _show(ctx, press, _render(ctx, await _further(ctx, parse_id(press.value), NoticeKind.RESOLUTION)))


async def _open_another(ctx: AppContext, press: Press) -> None:
    await _show(ctx, press, _render(ctx, new_form(ctx, Prefill(), OutageKind.OUTAGE)))


async def _open_from_case(ctx: AppContext, press: Press) -> None:
    """Open the form with a customer's newest words to look at; they are not copied into what is sent."""
    view, _ = await ctx.desk.run_at_once(
        view_details, case_id=parse_id(press.value), reader=press.user_id, now=ctx.clock.now()
    )
    inbound = [one for one in ctx.abuse.case(view).messages if one.direction is Direction.IN]
    quoted = inbound[-1].text if inbound and inbound[-1].deleted_at is None else ""
    await _show(ctx, press, _render(ctx, new_form(ctx, Prefill(quoted=quoted), OutageKind.OUTAGE)))


async def _pick(ctx: AppContext, press: Press) -> None:
    """Show what can be done with an outage: the review of what has not left, else an update."""
    outage_id = parse_id(press.value)
    pending = await ctx.desk.run_at_once(pending_notice, outage_id=outage_id)
    if pending is not None:
        await show_review(ctx, press, pending.id)
    else:
        await _open_update(ctx, press)


async def _add_language(ctx: AppContext, press: Press) -> None:
    form = read_outage_form(press.view)
    shown = {version.language for version in form.versions}
    if press.value in ctx.notice_words.sentences and press.value not in shown:
        form = replace(form, versions=(*form.versions, Version(language=press.value, problem="")))
    await _show(ctx, press, _render(ctx, form))


async def _back_to_form(ctx: AppContext, press: Press) -> None:
    """Show the form of a draft again, with what it held."""
    form = await ctx.desk.run_at_once(load_form, notice_id=parse_id(press.value))
    await _show(ctx, press, _render(ctx, form))


async def _submit(ctx: AppContext, submission: Submission) -> dict[str, Any] | None:
    """Save the form as a draft and show its preview; faults are told at their inputs."""
    form, now = read_outage_form(submission.view), ctx.clock.now()
    zone = (await ctx.directory.person(submission.user_id)).zone
    known = {component.name for component in ctx.policy.outages.components}
    if faults := form.faults(components=known, now=now, zone=zone):
        return {"response_action": "errors", "errors": fault_errors(faults, form)}
    actor = await outage_actor(ctx, submission.user_id)
    notice = await ctx.desk.run_at_once(
        save_form,
        form,
        rules=DraftRules(
            policy=ctx.policy.outages, words=ctx.notice_words, destinations=ctx.destinations, zone=zone
        ),
        actor=actor,
        now=now,
    )
    return await preview_response(ctx, submission, notice.id)

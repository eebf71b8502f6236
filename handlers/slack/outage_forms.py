"""Open and redraw the form of a notice, and save it as a draft that is previewed."""

import uuid
from dataclasses import dataclass, replace
from typing import Any

from slack_bolt.async_app import AsyncApp

from adapters.slack.action_ids import BadValue
from adapters.slack.escaping import escape
from adapters.slack.message_content import View
from adapters.slack.modals.outages.form import FormChoices, fault_errors, render_outage_form
from adapters.slack.modals.outages.opened_note import HAS_ONE, IS_OPEN, WAS_OPENED, opened_note
from adapters.slack.outages.ids import (
    OutageAction,
    OutageCallback,
)
from domain.assistance.assistant import Assistant, TranslationRequest
from domain.cases.messages import Direction
from domain.model_calls import NoAnswer
from domain.outages.forms import MAX_WORDS_LENGTH, NO_UPDATE, OutageForm
from domain.outages.lifecycle import OutageOpened, phases_for
from domain.outages.notices import NoticeKind, Version
from domain.outages.outage import OutageKind, Severity
from domain.surge.series import SeriesFinder
from handlers.cases.views import view_details
from handlers.context import AppContext
from handlers.outages.drafting import DraftRules, begin_form, load_form
from handlers.outages.spikes import known_before, save_form_of_spike
from handlers.outages.views import open_outages
from handlers.slack.current_request import run_once, stores_request
from handlers.slack.form_state import show_view
from handlers.slack.listeners import on_press, on_submit
from handlers.slack.outage_form_state import read_outage_form
from handlers.slack.outage_previews import preview_response
from handlers.slack.outage_rights import outage_actor
from handlers.slack.payloads import Press, Submission
from handlers.slack.roles import require_draft_right

TRANSLATING = "🤖 Translating… Wait a moment before you write in the languages that are empty."
NOTHING_TO_TRANSLATE = "Nothing was translated: write first what is wrong, in the first language."


@dataclass(frozen=True, slots=True, kw_only=True)
class Prefill:
    """What a form begins with: title, customers' words to look at, components, and the spike behind it."""

    title: str = ""
    quoted: str = ""
    components: tuple[str, ...] = ()
    spike_id: int | None = None


def register(app: AsyncApp, ctx: AppContext) -> None:
    """Register the form, and the buttons that open it."""
    listeners = {
        OutageAction.UPDATE: _open_update,
        OutageAction.RESOLVE: _open_resolution,
        OutageAction.REOPEN: _open_reopening,
        OutageAction.OPEN: _open_another,
        OutageAction.REPORT: _open_from_case,
        OutageAction.ADD_LANGUAGE: _add_language,
        OutageAction.TRANSLATE: _translate,
        OutageAction.BACK: _back_to_form,
    }
    for action_id, handler in listeners.items():
        app.action(action_id.value)(on_press(ctx, handler, authorize=require_draft_right))
    app.view(OutageCallback.FORM.value)(on_submit(ctx, _submit, authorize=require_draft_right))


async def open_outage_form(
    ctx: AppContext,
    trigger_id: str,
    prefill: Prefill | None = None,
    *,
    kind: OutageKind = OutageKind.OUTAGE,
) -> None:
    """Open an empty form for a new outage or maintenance; it says if the spike has an outage already."""
    form, note = await _new_form(ctx, prefill or Prefill(), kind)
    await ctx.modals.open_view(trigger_id, _render(ctx, form, note=note))


async def open_further_form(ctx: AppContext, trigger_id: str, outage_id: int, kind: NoticeKind) -> None:
    """Open the form of a further notice."""
    await ctx.modals.open_view(trigger_id, await further_view(ctx, outage_id, kind))


async def further_view(
    ctx: AppContext,
    outage_id: int,
    kind: NoticeKind,
    *,
    corrects: int | None = None,
    offers_another: bool = False,
) -> View:
    """Render the form of a further notice; a correction is of `corrects`, else of the newest one."""
    form = await ctx.desk.run_at_once(
        begin_form,
        outage_id=outage_id,
        kind=kind,
        destinations=ctx.destinations,
        due=_usual_minutes(ctx),
        now=ctx.clock.now(),
        corrects=corrects,
    )
    return _render(ctx, form, offers_another=offers_another)


async def _new_form(ctx: AppContext, prefill: Prefill, kind: OutageKind) -> tuple[OutageForm, str]:
    """Return an empty form for all destinations, with the usual time until the next update, and a note."""
    planned = kind is OutageKind.MAINTENANCE
    known = {component.name for component in ctx.policy.outages.components}
    newest, of_spike = await ctx.desk.run_at_once(known_before, spike_id=prefill.spike_id)
    form = OutageForm(
        outage_kind=kind,
        title=prefill.title,
        versions=(Version(language=ctx.policy.default_language, problem=""),),
        phase=phases_for(kind, NoticeKind.ANNOUNCEMENT)[0],
        severity=Severity.MINOR if planned else Severity.MAJOR,
        due=NO_UPDATE if planned else _usual_minutes(ctx),
        destinations=tuple(ctx.destinations),
        components=tuple(name for name in prefill.components if name in known),
        quoted=prefill.quoted,
        spike_id=prefill.spike_id,
        key=uuid.uuid4().hex,
        newest_outage=newest,
    )
    if of_spike is not None:
        return form, opened_note(of_spike, HAS_ONE, team_url=ctx.team_url)
    others = await ctx.desk.run_at_once(open_outages) if prefill.spike_id is not None else []
    return form, opened_note(others[0], IS_OPEN, team_url=ctx.team_url) if others else ""


def _usual_minutes(ctx: AppContext) -> str:
    return str(int(ctx.policy.outages.update_after.total_seconds() // 60))


def _render(ctx: AppContext, form: OutageForm, *, offers_another: bool = False, note: str = "") -> View:
    choices = FormChoices(
        components=[component.name for component in ctx.policy.outages.components],
        destinations=[one.profile for one in ctx.destinations.values()],
        languages=sorted(ctx.notice_words.sentences),
        usual_minutes=int(_usual_minutes(ctx)),
        translates=ctx.assistant is not None,
        offers_another=offers_another,
        note=note,
    )
    return render_outage_form(form, choices)


async def _open_update(ctx: AppContext, press: Press) -> None:
    await show_view(ctx, press, await further_view(ctx, press.number, NoticeKind.UPDATE))


async def _open_resolution(ctx: AppContext, press: Press) -> None:
    await show_view(ctx, press, await further_view(ctx, press.number, NoticeKind.RESOLUTION))


async def _open_reopening(ctx: AppContext, press: Press) -> None:
    await show_view(ctx, press, await further_view(ctx, press.number, NoticeKind.REOPENING))


async def _open_another(ctx: AppContext, press: Press) -> None:
    form, _ = await _new_form(ctx, Prefill(), OutageKind.OUTAGE)
    await show_view(ctx, press, _render(ctx, form))


async def _open_from_case(ctx: AppContext, press: Press) -> None:
    """Open the form with a customer's newest words to look at."""
    prefill = await prefill_from_case(ctx, press.number, press.user_id)
    form, _ = await _new_form(ctx, prefill, OutageKind.OUTAGE)
    await show_view(ctx, press, _render(ctx, form))


async def prefill_from_case(ctx: AppContext, case_id: int, user_id: str) -> Prefill:
    """Return a customer's newest words, to look at: they are not copied into what is sent."""
    view, _ = await ctx.desk.run_at_once(view_details, case_id=case_id, reader=user_id, now=ctx.clock.now())
    inbound = [one for one in ctx.abuse.case(view).messages if one.direction is Direction.IN]
    return Prefill(quoted=inbound[-1].text if inbound and inbound[-1].deleted_at is None else "")


async def _add_language(ctx: AppContext, press: Press) -> None:
    form = read_outage_form(press.view)
    shown = {version.language for version in form.versions}
    if press.value in ctx.notice_words.sentences and press.value not in shown:
        form = replace(form, versions=(*form.versions, Version(language=press.value, problem="")))
    await show_view(ctx, press, _render(ctx, form))


async def _translate(ctx: AppContext, press: Press) -> None:
    """Have a model translate into the languages that are empty; it may take longer than Slack waits."""
    assistant, form = ctx.assistant, read_outage_form(press.view)
    if assistant is None:
        raise BadValue
    if not form.versions[0].problem:
        await show_view(ctx, press, _render(ctx, form, note=NOTHING_TO_TRANSLATE))
        return
    view_id = press.view_id
    seen = await ctx.modals.update_view(view_id, _render(ctx, form, note=TRANSLATING))

    async def work() -> None:
        try:
            view = _render(ctx, await _translated(assistant, form))
        except NoAnswer as error:
            why = escape(str(error))
            note = f"Nothing was translated: {why}. Write it yourself, or press again."
            view = _render(ctx, form, note=note)
        await ctx.modals.update_view(view_id, view, seen_hash=seen)

    ctx.background.start(work(), name="translating a notice")


async def _translated(assistant: Assistant, form: OutageForm) -> OutageForm:
    """Return the form with a translation in each language that was empty. Raises `NoAnswer`."""
    main, *others = form.versions
    versions, machine = [main], list(form.machine)
    for version in others:
        if version.problem:
            versions.append(version)
            continue
        texts = {}
        for name, text in (("problem", main.problem), ("workaround", main.workaround)):
            request = TranslationRequest(text=text, language=version.language, limit=MAX_WORDS_LENGTH)
            texts[name] = (await assistant.translate(request)).text if text else ""
        versions.append(replace(version, **texts))
        machine.append(version.language)
    return replace(form, versions=tuple(versions), machine=tuple(dict.fromkeys(machine)))


async def _back_to_form(ctx: AppContext, press: Press) -> None:
    """Show the form of a draft again, with what it held."""
    form = await ctx.desk.run_at_once(load_form, notice_id=press.number)
    await show_view(ctx, press, _render(ctx, form))


@stores_request
async def _submit(ctx: AppContext, submission: Submission) -> dict[str, Any] | None:
    """Save the form as a draft and show its preview; faults are told at their inputs.

    Where somebody has opened another outage meanwhile, the form says so, and a second press goes on.
    """
    form, now = read_outage_form(submission.view), ctx.clock.now()
    zone = (await ctx.directory.person(submission.user_id)).zone
    known = {component.name for component in ctx.policy.outages.components}
    if faults := form.faults(components=known, now=now, zone=zone):
        return {"response_action": "errors", "errors": fault_errors(faults, form)}
    actor = await outage_actor(ctx, submission.user_id)
    rules = DraftRules(
        policy=ctx.policy.outages, words=ctx.notice_words, destinations=ctx.destinations, zone=zone
    )
    finder = SeriesFinder(ctx.policy.outages.components)
    try:
        notice = await run_once(
            ctx, save_form_of_spike, form, finder=finder, rules=rules, actor=actor, now=now
        )
    except OutageOpened as opened:
        note = opened_note(opened.outage, WAS_OPENED, team_url=ctx.team_url)
        view = _render(ctx, replace(form, newest_outage=opened.outage.id), note=note)
        return {"response_action": "update", "view": view}
    return await preview_response(ctx, submission, notice.id)

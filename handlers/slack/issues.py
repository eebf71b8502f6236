"""Handle the forms that create and link issues, and the list of who waits for one."""

import asyncio
import uuid
from collections.abc import Sequence
from typing import Any

from slack_bolt.async_app import AsyncApp

from adapters.model.masking import without_personal_data
from adapters.slack.action_ids import parse_pair, parse_value
from adapters.slack.causes.causes import CauseExtra
from adapters.slack.message_content import View
from adapters.slack.modals.issues import (
    cause_extra,
    proposed_text,
    proposed_title,
    render_issue_form,
    render_link_form,
    render_retried,
    render_unlinked,
)
from adapters.slack.permalinks import thread_link
from adapters.slack.refusal_texts import refusal_text
from adapters.slack.trackers.ids import (
    IssueAction,
    IssueBlock,
    IssueCallback,
    IssueFormState,
    parse_form_value,
    parse_subject,
    proposed_block,
)
from adapters.slack.trackers.news import render_waiting
from domain.access import Permission
from domain.errors import Refused
from domain.handles import without_address
from domain.trackers.issues import (
    AlreadyLinked,
    IssueNotFound,
    IssueSubject,
    NotAnIssue,
    NoTitle,
    WordsErased,
)
from domain.trackers.trackers import ConnectedTracker, TrackedIssue, TrackerUnavailable
from handlers.access import may
from handlers.cases.views import get_case
from handlers.context import AppContext
from handlers.knowledge.saved_replies import count_erasures
from handlers.slack.case_views import details_view
from handlers.slack.form_errors import input_error, show_in_place
from handlers.slack.listeners import on_press, on_submit
from handlers.slack.payloads import Press, Submission
from handlers.slack.roles import require_agent, require_reports, require_viewer
from handlers.trackers.following import view_news
from handlers.trackers.issues import (
    IssueRequest,
    create_issue,
    issues_of_causes,
    link_issue,
    retry_issue,
    unlink_issue,
    unlink_issue_of_cause,
)
from handlers.trackers.proposals import subject_words

LOOK_UP_SECONDS = 2.0  # Slack waits 3 for the answer to a form
_NONE_SET_UP = "No issue tracker is set up here any more."


def register(app: AsyncApp, ctx: AppContext) -> None:
    """Register the buttons of Details and of messages about issues, and the forms."""
    of_cases = {
        IssueAction.CREATE: _open_form,
        IssueAction.AS_WRITTEN: _redraw_form,
        IssueAction.LINK: _open_link_form,
        IssueAction.UNLINK: _unlink,
        IssueAction.RETRY: _retry,
    }
    # Whoever may edit a cause says what is done about it.
    of_causes = {
        IssueAction.OF_CAUSE: _open_form_of_cause,
        IssueAction.AS_WRITTEN_OF_CAUSE: _redraw_form,
        IssueAction.LINK_CAUSE: _open_link_form_of_cause,
        IssueAction.UNLINK_CAUSE: _unlink_of_cause,
        IssueAction.RETRY_OF_CAUSE: _retry_of_cause,
    }
    for presses, required in ((of_cases, require_agent), (of_causes, require_reports)):
        for action_id, handler in presses.items():
            app.action(action_id.value)(on_press(ctx, handler, authorize=required))
    # As who waits for a cause: whoever sees cases may read it.
    app.action(IssueAction.WAITING.value)(on_press(ctx, _show_waiting, authorize=require_viewer))
    app.view(IssueCallback.CREATE.value)(on_submit(ctx, _create))
    app.view(IssueCallback.LINK.value)(on_submit(ctx, _link))
    app.view(IssueCallback.CREATE_OF_CAUSE.value)(on_submit(ctx, _create, authorize=require_reports))
    app.view(IssueCallback.LINK_OF_CAUSE.value)(on_submit(ctx, _link, authorize=require_reports))


async def _open_form(ctx: AppContext, press: Press) -> None:
    """Open the form in place of Details, whose button it is."""
    form = await _form(ctx, IssueSubject(case_id=parse_value(press.value).case_id), str(uuid.uuid4()))
    await ctx.modals.update_view(press.view_id, form)


async def _open_form_of_cause(ctx: AppContext, press: Press) -> None:
    form = await _form(ctx, IssueSubject(cause_id=press.number), str(uuid.uuid4()))
    await ctx.modals.open_view(press.trigger_id, form)


async def _redraw_form(ctx: AppContext, press: Press) -> None:
    """Propose the words again, with or without personal data."""
    state = parse_form_value(press.value)
    form = await _form(ctx, state.subject, state.reference, is_masked=state.is_masked)
    await ctx.modals.update_view(press.view_id, form)


async def _form(ctx: AppContext, subject: IssueSubject, reference: str, *, is_masked: bool = True) -> View:
    if not ctx.trackers:
        raise Refused(_NONE_SET_UP)
    erasures = await ctx.desk.run_at_once(count_erasures)
    words = await ctx.desk.run_at_once(subject_words, subject=subject)
    texts = [without_address(text, ctx.our_account(case.network).handle) for case, text in words.texts]
    if is_masked:
        known = [name for case, _ in words.texts for name in (case.author.name, case.author.handle)]
        language = next((case.assessment.language for case, _ in words.texts), "")
        texts = await asyncio.to_thread(without_personal_data, texts, known, language)
    texts = [text for text in texts if text]
    network = next((ctx.networks.profile(case.network).label for case, _ in words.texts), "")
    return render_issue_form(
        IssueFormState(subject, reference, erasures, is_masked),
        ctx.trackers,
        title=words.name or proposed_title(texts),
        text=proposed_text(texts, network, of_one=subject.case_id is not None),
    )


async def cause_extras(ctx: AppContext, cause_ids: Sequence[int]) -> dict[int, CauseExtra]:
    """Return what the list of causes shows of their issues, by cause."""
    issues = await ctx.desk.run(issues_of_causes, cause_ids=cause_ids)
    return {
        cause_id: cause_extra(cause_id, issues.get(cause_id, ()), can_create=bool(ctx.trackers))
        for cause_id in cause_ids
    }


async def _open_link_form(ctx: AppContext, press: Press) -> None:
    """Open the form in place of Details, whose button it is."""
    subject = IssueSubject(case_id=parse_value(press.value).case_id)
    await ctx.modals.update_view(press.view_id, _link_form(ctx, subject))


async def _open_link_form_of_cause(ctx: AppContext, press: Press) -> None:
    await ctx.modals.open_view(press.trigger_id, _link_form(ctx, IssueSubject(cause_id=press.number)))


def _link_form(ctx: AppContext, subject: IssueSubject) -> View:
    if not ctx.trackers:
        raise Refused(_NONE_SET_UP)
    return render_link_form(subject, ctx.trackers)


async def _create(ctx: AppContext, submission: Submission) -> dict[str, Any] | None:
    state = parse_form_value(submission.metadata)
    subject = state.subject
    tracker, _, project = str(submission.value(IssueBlock.WHERE, IssueAction.WHERE) or "").partition(" ")
    connected = ctx.trackers.get(tracker)
    if connected is None or project not in connected.client.projects:
        raise Refused(_NONE_SET_UP)
    title_block = proposed_block(IssueBlock.TITLE, is_masked=state.is_masked)
    text_block = proposed_block(IssueBlock.TEXT, is_masked=state.is_masked)
    try:
        await ctx.desk.run_at_once(
            create_issue,
            IssueRequest(
                subject=subject,
                tracker=tracker,
                project=project,
                title=str(submission.value(title_block, IssueAction.TITLE) or ""),
                text=str(submission.value(text_block, IssueAction.TEXT) or ""),
                thread_url=await _thread_url(ctx, subject),
                reference=state.reference,
                erasures=state.erasures,
            ),
            user_id=submission.user_id,
            now=ctx.clock.now(),
        )
    except NoTitle as refusal:
        return input_error(title_block, refusal_text(refusal))
    except WordsErased as refusal:
        return input_error(text_block, refusal_text(refusal))
    where = "The case's thread says when it is there." if subject.case_id else "`/mentions causes` shows it."
    return show_in_place(
        f"The issue is being created at {connected.profile.label}. {where}", title="Create an issue"
    )


async def _thread_url(ctx: AppContext, subject: IssueSubject) -> str | None:
    """Return the address of the case's thread; `None` for a cause, and where it is not to be linked."""
    if subject.case_id is None or not ctx.policy.issues_link_to_slack:
        return None
    return thread_link(ctx.team_url, await ctx.desk.run_at_once(get_case, case_id=subject.case_id))


async def _link(ctx: AppContext, submission: Submission) -> dict[str, Any] | None:
    subject = parse_subject(submission.metadata)
    text = str(submission.value(IssueBlock.NAMED, IssueAction.NAMED) or "")
    try:
        tracker, found = await _look_up(ctx, text)
        await ctx.desk.run_at_once(
            link_issue,
            subject=subject,
            tracker=tracker.profile.name,
            found=found,
            reference=str(uuid.uuid4()),
            user_id=submission.user_id,
            now=ctx.clock.now(),
        )
    except (AlreadyLinked, IssueNotFound, NotAnIssue) as refusal:
        return input_error(IssueBlock.NAMED.value, refusal_text(refusal))
    except TrackerUnavailable as error:
        return input_error(IssueBlock.NAMED.value, f"{error.reason}. Nothing was linked.")
    except TimeoutError:
        return input_error(IssueBlock.NAMED.value, "The tracker did not answer in time. Try again.")
    if subject.cause_id is None:
        return None
    return show_in_place(
        f"{found.key} is linked. `/mentions causes` shows how it stands, and follows it.",
        title="Link an issue",
    )


async def _look_up(ctx: AppContext, text: str) -> tuple[ConnectedTracker, TrackedIssue]:
    """Find the issue that a text names. Raises `NotAnIssue`, `IssueNotFound`, `TrackerUnavailable`."""
    for tracker in ctx.trackers.values():
        if (named := tracker.client.recognise(text)) is not None:
            async with asyncio.timeout(LOOK_UP_SECONDS):
                found = await tracker.client.look_up(named)
            if found is None:
                raise IssueNotFound
            return tracker, found
    raise NotAnIssue


async def _unlink(ctx: AppContext, press: Press) -> None:
    issue_id, case_id = parse_pair(press.value)
    await ctx.desk.run_at_once(
        unlink_issue, issue_id=issue_id, case_id=case_id, user_id=press.user_id, now=ctx.clock.now()
    )
    await _show_details(ctx, press, case_id)


async def _unlink_of_cause(ctx: AppContext, press: Press) -> None:
    issue_id, cause_id = parse_pair(press.value)
    issue, cause = await ctx.desk.run_at_once(
        unlink_issue_of_cause,
        issue_id=issue_id,
        cause_id=cause_id,
        user_id=press.user_id,
        now=ctx.clock.now(),
    )
    content = render_unlinked(issue, cause)
    await ctx.modals.respond(press.response_url, press.channel, press.user_id, content)


async def _retry(ctx: AppContext, press: Press) -> None:
    issue_id, case_id = parse_pair(press.value)
    await ctx.desk.run_at_once(
        retry_issue, issue_id=issue_id, case_id=case_id, user_id=press.user_id, now=ctx.clock.now()
    )
    await _show_details(ctx, press, case_id)


async def _retry_of_cause(ctx: AppContext, press: Press) -> None:
    issue_id, _ = parse_pair(press.value)
    await ctx.desk.run_at_once(
        retry_issue, issue_id=issue_id, case_id=None, user_id=press.user_id, now=ctx.clock.now()
    )
    await ctx.modals.respond(press.response_url, press.channel, press.user_id, render_retried())


async def _show_details(ctx: AppContext, press: Press, case_id: int) -> None:
    view: View = await details_view(ctx, case_id, press.user_id)
    await ctx.modals.update_view(press.view_id, view)


async def _show_waiting(ctx: AppContext, press: Press) -> None:
    """Show who waits now: the message says who did when it was written."""
    news = await ctx.desk.run_at_once(view_news, issue_id=press.number)
    shown = news.with_rows(ctx.abuse.rows(news.rows))
    may_answer = await may(ctx, press.user_id, Permission.WORK_ON_CASES)
    view = render_waiting(shown, team_url=ctx.team_url, may_answer=may_answer)
    await ctx.modals.open_view(press.trigger_id, view)

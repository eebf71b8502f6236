"""Handle the forms that create and link issues, and the list of who waits for one."""

import asyncio
import re
import uuid
from typing import Any

from slack_bolt.async_app import AsyncApp

from adapters.model.masking import without_personal_data
from adapters.slack.action_ids import parse_value
from adapters.slack.issue_ids import (
    IssueAction,
    IssueBlock,
    IssueCallback,
    parse_form_value,
    proposed_block,
)
from adapters.slack.issue_news import render_waiting
from adapters.slack.message_content import View
from adapters.slack.modals.issues import proposed_text, proposed_title, render_issue_form, render_link_form
from adapters.slack.outage_link_ids import parse_pair
from adapters.slack.permalinks import thread_link
from adapters.slack.refusal_texts import refusal_text
from domain.cases.messages import Direction
from domain.cases.views import CaseView
from domain.errors import Refused
from domain.trackers.issues import AlreadyLinked, IssueNotFound, NotAnIssue, NoTitle
from domain.trackers.trackers import ConnectedTracker, TrackedIssue, TrackerUnavailable
from handlers.cases.views import get_case, view_case
from handlers.context import AppContext
from handlers.slack.case_views import details_view
from handlers.slack.form_errors import input_error, told_in_place
from handlers.slack.listeners import on_press, on_submit
from handlers.slack.payloads import Press, Submission
from handlers.trackers.following import view_news
from handlers.trackers.issues import create_issue, link_issue, retry_issue, unlink_issue

MAX_QUOTED = 3  # of the customer's messages, the newest
LOOK_UP_SECONDS = 2.0  # Slack waits 3 for the answer to a form
_NONE_SET_UP = "No issue tracker is set up here any more."


def register(app: AsyncApp, ctx: AppContext) -> None:
    """Register the buttons of Details and of messages about issues, and the forms."""
    app.action(IssueAction.CREATE.value)(on_press(ctx, _open_form))
    app.action(IssueAction.AS_WRITTEN.value)(on_press(ctx, _redraw_form))
    app.action(IssueAction.LINK.value)(on_press(ctx, _open_link_form))
    app.action(IssueAction.UNLINK.value)(on_press(ctx, _unlink))
    app.action(IssueAction.RETRY.value)(on_press(ctx, _retry))
    app.action(IssueAction.WAITING.value)(on_press(ctx, _show_waiting))
    app.view(IssueCallback.CREATE.value)(on_submit(ctx, _create))
    app.view(IssueCallback.LINK.value)(on_submit(ctx, _link))


async def _open_form(ctx: AppContext, press: Press) -> None:
    case_id = parse_value(press.value).case_id
    await _show_form(ctx, press, case_id, str(uuid.uuid4()), is_masked=True)


async def _redraw_form(ctx: AppContext, press: Press) -> None:
    """Propose the words again, with or without personal data."""
    case_id, reference, is_masked = parse_form_value(press.value)
    await _show_form(ctx, press, case_id, reference, is_masked=is_masked)


async def _show_form(ctx: AppContext, press: Press, case_id: int, reference: str, *, is_masked: bool) -> None:
    """Show the form in place of Details, whose button it is."""
    if not ctx.trackers:
        raise Refused(_NONE_SET_UP)
    view = await ctx.desk.run_at_once(view_case, case_id=case_id, now=ctx.clock.now())
    words = _words(ctx, view)
    if is_masked:
        author = view.case.author
        language = view.case.assessment.language
        words = await asyncio.to_thread(without_personal_data, words, [author.name, author.handle], language)
    form = render_issue_form(
        view.case,
        ctx.trackers,
        title=proposed_title(words),
        text=proposed_text(words, ctx.networks.profile(view.case.network).label),
        reference=reference,
        is_masked=is_masked,
    )
    await ctx.modals.update_view(str(press.view.get("id")), form)


def _words(ctx: AppContext, view: CaseView) -> list[str]:
    """Return what the customer wrote, without our own handle."""
    ours = re.compile(rf"\s?@{re.escape(ctx.our_account(view.case.network).handle)}(?!\w)", re.IGNORECASE)
    texts = [
        ours.sub("", message.text).strip()
        for message in view.messages
        if message.direction is Direction.IN and message.deleted_at is None
    ]
    return [text for text in texts if text][-MAX_QUOTED:]


async def _open_link_form(ctx: AppContext, press: Press) -> None:
    if not ctx.trackers:
        raise Refused(_NONE_SET_UP)
    case = await ctx.desk.run_at_once(get_case, case_id=parse_value(press.value).case_id)
    await ctx.modals.update_view(str(press.view.get("id")), render_link_form(case, ctx.trackers))


async def _create(ctx: AppContext, submission: Submission) -> dict[str, Any] | None:
    case_id, reference, is_masked = parse_form_value(submission.metadata)
    tracker, _, project = str(submission.value(IssueBlock.WHERE, IssueAction.WHERE) or "").partition(" ")
    connected = ctx.trackers.get(tracker)
    if connected is None or project not in connected.client.projects:
        raise Refused(_NONE_SET_UP)
    title_block = proposed_block(IssueBlock.TITLE, is_masked=is_masked)
    text_block = proposed_block(IssueBlock.TEXT, is_masked=is_masked)
    case = await ctx.desk.run_at_once(get_case, case_id=case_id)
    try:
        await ctx.desk.run_at_once(
            create_issue,
            case_id=case_id,
            tracker=tracker,
            project=project,
            title=str(submission.value(title_block, IssueAction.TITLE) or ""),
            text=str(submission.value(text_block, IssueAction.TEXT) or ""),
            thread_url=thread_link(ctx.team_url, case) if ctx.policy.issues_link_to_slack else None,
            reference=reference,
            user_id=submission.user_id,
            now=ctx.clock.now(),
        )
    except NoTitle as refusal:
        return input_error(title_block, refusal_text(refusal))
    return told_in_place(
        f"The issue is being created at {connected.profile.label}. The case's thread says when it is there.",
        title="Create an issue",
    )


async def _link(ctx: AppContext, submission: Submission) -> dict[str, Any] | None:
    case_id = parse_value(submission.metadata).case_id
    text = str(submission.value(IssueBlock.NAMED, IssueAction.NAMED) or "")
    try:
        tracker, found = await _look_up(ctx, text)
        await ctx.desk.run_at_once(
            link_issue,
            case_id=case_id,
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
    return None


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


async def _retry(ctx: AppContext, press: Press) -> None:
    issue_id, case_id = parse_pair(press.value)
    await ctx.desk.run_at_once(
        retry_issue, issue_id=issue_id, case_id=case_id, user_id=press.user_id, now=ctx.clock.now()
    )
    await _show_details(ctx, press, case_id)


async def _show_details(ctx: AppContext, press: Press, case_id: int) -> None:
    view: View = await details_view(ctx, case_id, press.user_id)
    await ctx.modals.update_view(str(press.view.get("id")), view)


async def _show_waiting(ctx: AppContext, press: Press) -> None:
    """Show who waits now: the message says who did when it was written."""
    news = await ctx.desk.run_at_once(view_news, issue_id=press.number)
    shown = news.with_rows(ctx.abuse.rows(news.rows))
    await ctx.modals.open_view(press.trigger_id, render_waiting(shown, team_url=ctx.team_url))

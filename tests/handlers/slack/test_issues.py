"""Propose an issue without personal data, create it, and link one by its address."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from adapters.slack.action_ids import card_value
from adapters.slack.trackers.ids import IssueAction, IssueBlock, proposed_block
from domain.cases.case import Case
from domain.causes.cause import CauseEdit, CauseState
from domain.records.audit import Action
from domain.trackers.issues import Creation, NotLinked
from domain.trackers.trackers import ConnectedTracker, Trackers
from handlers.causes.tracking import create_cause
from handlers.context import AppContext
from handlers.desk import Desk
from handlers.intake.redaction import redact_post
from handlers.slack import issues
from handlers.slack.payloads import Press, Submission
from handlers.trackers.issues import issues_of_causes, record_not_created
from sandbox.faults import Fault
from storage.engine import Store
from tests.adapters.slack.inspection import said
from tests.adapters.trackers.stand_ins import StandIn, a_github
from tests.handlers.made import NOW, POLICY, SAM, a_stored_case, do, messages
from tests.handlers.slack.listening import a_slack_context, opened_views

POST = "@acme I am Ana Ruiz, ana@example.com, order AB-123456. The app eats my payment! Ask @ben."


@pytest.fixture
async def at_github(sqlite: Store) -> AsyncIterator[tuple[AppContext, StandIn]]:
    desk = Desk(sqlite)
    async with a_github() as there:
        trackers = Trackers([ConnectedTracker(profile=there.profile, client=there.client)])
        yield a_slack_context(desk, trackers=trackers), there
    await asyncio.to_thread(desk.close)


def press(value: str) -> Press:
    return Press(
        user_id=SAM,
        action={"value": value},
        view={"id": "V1"},
        trigger_id="T1",
        channel=None,
        thread_ts=None,
    )


def submitted(metadata: str, **values: dict[str, Any]) -> Submission:
    return Submission(user_id=SAM, view_id="V1", metadata=metadata, values=values)


async def opened(ctx: AppContext, case: Case) -> Any:  # noqa: ANN401 - a view
    """Open the form for an issue of a case, and return what is shown."""
    await issues._open_form(ctx, press(card_value(case.id, case.version)))
    return opened_views(ctx)[-1]


async def test_names_and_numbers_are_left_out_unless_the_person_leaves_them_in(
    sqlite: Store, at_github: tuple[AppContext, StandIn]
) -> None:
    ctx, _ = at_github
    case = a_stored_case(sqlite, POST)
    form = await opened(ctx, case)
    shown = str(form)
    for left_out in ("Ana", "Ruiz", "example.com", "AB-123456", "@ben", "@acme"):
        assert left_out not in shown
    assert "The app eats my payment!" in shown
    assert "GitHub · acme/app" in shown
    toggle = next(one for block in form["blocks"] for one in block.get("elements", ()) if "value" in one)
    await issues._redraw_form(ctx, press(toggle["value"]))
    assert "order AB-123456" in str(opened_views(ctx)[-1])
    assert opened_views(ctx)[-1]["private_metadata"][:-1] == form["private_metadata"][:-1]


async def test_a_form_creates_one_issue_and_refuses_one_without_title(
    sqlite: Store, at_github: tuple[AppContext, StandIn]
) -> None:
    ctx, _ = at_github
    case = a_stored_case(sqlite, POST)
    metadata = (await opened(ctx, case))["private_metadata"]
    where = {IssueAction.WHERE: {"selected_option": {"value": "github acme/website"}}}
    title_block, text_block = (
        proposed_block(one, is_masked=True) for one in (IssueBlock.TITLE, IssueBlock.TEXT)
    )
    values: dict[str, Any] = {
        IssueBlock.WHERE: where,
        text_block: {IssueAction.TEXT: {"value": "> it fails"}},
    }
    refused = await issues._create(ctx, submitted(metadata, **values))
    assert refused is not None
    assert refused["errors"] == {title_block: "An issue needs a title."}
    values[title_block] = {IssueAction.TITLE: {"value": "Payments are eaten"}}
    for _ in range(2):
        told = await issues._create(ctx, submitted(metadata, **values))
        assert told is not None
        assert "being created at GitHub" in said(told["view"])
    with sqlite.unit_of_work() as uow:
        [issue] = uow.issues.of_case(case.id)
    assert (issue.project, issue.title, issue.text) == ("acme/website", "Payments are eaten", "> it fails")
    assert issue.creation is Creation.QUEUED


async def test_a_form_that_quotes_a_post_that_was_deleted_meanwhile_creates_nothing(
    sqlite: Store, at_github: tuple[AppContext, StandIn]
) -> None:
    ctx, _ = at_github
    case = a_stored_case(sqlite, POST)
    metadata = (await opened(ctx, case))["private_metadata"]
    [message] = messages(sqlite, case.id)
    assert do(sqlite, redact_post, message_id=message.id, policy=POLICY, now=NOW)
    title_block, text_block = (
        proposed_block(one, is_masked=True) for one in (IssueBlock.TITLE, IssueBlock.TEXT)
    )
    values: dict[str, Any] = {
        IssueBlock.WHERE: {IssueAction.WHERE: {"selected_option": {"value": "github acme/website"}}},
        title_block: {IssueAction.TITLE: {"value": "Payments are eaten"}},
        text_block: {IssueAction.TEXT: {"value": "> The app eats my payment!"}},
    }
    refused = await issues._create(ctx, submitted(metadata, **values))
    assert refused is not None
    assert "a post was deleted" in refused["errors"][text_block]
    with sqlite.unit_of_work() as uow:
        assert uow.issues.of_case(case.id) == []
    form = await opened(ctx, case)
    assert "payment" not in str(form)
    assert await issues._create(ctx, submitted(form["private_metadata"], **values)) is not None
    with sqlite.unit_of_work() as uow:
        assert len(uow.issues.of_case(case.id)) == 1


async def test_an_issue_is_linked_by_its_address_and_what_is_wrong_with_that_is_said(
    sqlite: Store, at_github: tuple[AppContext, StandIn]
) -> None:
    ctx, there = at_github
    there.board.create("acme/app", "Known", "")
    case = a_stored_case(sqlite)
    await issues._open_link_form(ctx, press(card_value(case.id, case.version)))
    metadata = opened_views(ctx)[-1]["private_metadata"]

    async def link(text: str) -> str:
        values: dict[str, Any] = {IssueBlock.NAMED: {IssueAction.NAMED: {"value": text}}}
        response = await issues._link(ctx, submitted(metadata, **values))
        return "" if response is None else str(response["errors"][IssueBlock.NAMED])

    assert "no issue of a tracker" in await link("hello")
    assert "no such issue" in await link("acme/app#77")
    there.faults.add(Fault(there.reads, "status", status=401, body="{}"))
    assert "GITHUB_ISSUES_TOKEN" in await link("#1")
    assert await link(there.address("acme/app#1")) == ""
    assert "linked to that issue already" in await link("#1")
    with sqlite.unit_of_work() as uow:
        [issue] = uow.issues.of_case(case.id)
    assert (issue.key, issue.title, issue.creation) == ("acme/app#1", "Known", Creation.LINKED)
    assert issue.url == there.address("acme/app#1").removesuffix("?q=1")


async def test_an_issue_is_created_from_the_list_of_causes(
    sqlite: Store, at_github: tuple[AppContext, StandIn]
) -> None:
    ctx, _ = at_github
    edit = CauseEdit(name="Payments eaten", owner=None, state=CauseState.OPEN, phrases=("payment",))
    cause = do(sqlite, create_cause, edit=edit, user_id=SAM, now=NOW)
    await issues._open_form_of_cause(ctx, press(str(cause.id)))
    form = opened_views(ctx)[-1]
    title_block = proposed_block(IssueBlock.TITLE, is_masked=True)
    assert "Payments eaten" in str(form)
    values: dict[str, Any] = {
        IssueBlock.WHERE: {IssueAction.WHERE: {"selected_option": {"value": "github acme/app"}}},
        title_block: {IssueAction.TITLE: {"value": "Payments eaten"}},
    }
    told = await issues._create(ctx, submitted(form["private_metadata"], **values))
    assert told is not None
    assert "/mentions causes" in said(told["view"])
    extra = (await issues.cause_extras(ctx, [cause.id]))[cause.id]
    assert "being created" in extra.lines[0]
    assert not extra.buttons


async def test_an_issue_of_a_cause_that_was_not_created_is_tried_again(
    sqlite: Store, at_github: tuple[AppContext, StandIn]
) -> None:
    ctx, _ = at_github
    edit = CauseEdit(name="Payments eaten", owner=None, state=CauseState.OPEN, phrases=("payment",))
    cause = do(sqlite, create_cause, edit=edit, user_id=SAM, now=NOW)
    await issues._open_form_of_cause(ctx, press(str(cause.id)))
    values: dict[str, Any] = {
        IssueBlock.WHERE: {IssueAction.WHERE: {"selected_option": {"value": "github acme/app"}}},
        proposed_block(IssueBlock.TITLE, is_masked=True): {IssueAction.TITLE: {"value": "Payments eaten"}},
    }
    await issues._create(ctx, submitted(opened_views(ctx)[-1]["private_metadata"], **values))
    [queued] = do(sqlite, issues_of_causes, cause_ids=[cause.id])[cause.id]
    do(
        sqlite,
        record_not_created,
        issue_id=queued.id,
        case_id=None,
        reason="HTTP 403",
        is_unsure=False,
        now=NOW,
    )
    extra = (await issues.cause_extras(ctx, [cause.id]))[cause.id]
    retry = next(one for one in extra.buttons if one["text"]["text"] == "Try again")
    for _ in range(2):
        await issues._retry_of_cause(ctx, replace(press(retry["value"]), channel="C1"))
    modals: Any = ctx.modals
    assert "It is tried again" in str(modals.responses[-1])
    [again] = do(sqlite, issues_of_causes, cause_ids=[cause.id])[cause.id]
    assert (again.id, again.reference, again.creation) == (queued.id, queued.reference, Creation.QUEUED)
    with sqlite.unit_of_work() as uow:
        actions = [entry.action for entry in uow.audit.page(case_id=None, before=2**62, limit=9)]
    assert actions.count(Action.ISSUE_REQUESTED) == 2


async def test_an_issue_that_is_there_is_linked_to_a_cause_and_unlinked(
    sqlite: Store, at_github: tuple[AppContext, StandIn]
) -> None:
    ctx, there = at_github
    there.board.create("acme/app", "Known", "")
    edit = CauseEdit(name="Payments eaten", owner=None, state=CauseState.OPEN, phrases=("payment",))
    cause = do(sqlite, create_cause, edit=edit, user_id=SAM, now=NOW)
    await issues._open_link_form_of_cause(ctx, press(str(cause.id)))
    metadata = opened_views(ctx)[-1]["private_metadata"]

    async def link(text: str) -> str:
        values: dict[str, Any] = {IssueBlock.NAMED: {IssueAction.NAMED: {"value": text}}}
        return str(await issues._link(ctx, submitted(metadata, **values)))

    assert "no such issue" in await link("acme/app#77")
    assert "acme/app#1 is linked" in await link("#1")
    assert "linked to that issue already" in await link(there.address("acme/app#1"))
    extra = (await issues.cause_extras(ctx, [cause.id]))[cause.id]
    assert "acme/app#1" in extra.lines[0]
    [unlink] = extra.buttons
    pressed = replace(press(unlink["value"]), channel="C1")
    await issues._unlink_of_cause(ctx, pressed)
    modals: Any = ctx.modals
    assert "acme/app#1 is no longer linked to “Payments eaten”" in str(modals.responses[-1])
    assert not (await issues.cause_extras(ctx, [cause.id]))[cause.id].lines
    with pytest.raises(NotLinked):
        await issues._unlink_of_cause(ctx, pressed)
    with sqlite.unit_of_work() as uow:
        actions = [entry.action for entry in uow.audit.page(case_id=None, before=2**62, limit=9)]
    assert actions[-2:] == [Action.ISSUE_LINKED, Action.ISSUE_UNLINKED]

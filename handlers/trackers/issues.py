"""Create issues from cases, link existing ones, and record what became of the creation."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from domain.cases.case import Case
from domain.delivery.tracker_effects import CreateIssue
from domain.records.audit import SYSTEM, Action, Entry
from domain.trackers.issues import (
    MAX_TEXT_LENGTH,
    AlreadyLinked,
    Creation,
    Issue,
    IssueState,
    NoTitle,
    NotLinked,
)
from domain.trackers.trackers import OutgoingIssue, TrackedIssue
from handlers.cases.cards import refresh_card
from storage.unit_of_work import UnitOfWork


def create_issue(
    uow: UnitOfWork,
    *,
    case_id: int,
    tracker: str,
    project: str,
    title: str,
    text: str,
    thread_url: str | None,
    reference: str,
    user_id: str,
    now: datetime,
) -> Issue:
    """Store an issue, link the case to it, and enqueue its creation. Raises `NoTitle`.

    `reference` is new and random (a UUID): the tracker keeps it. A form that is submitted twice with the same
    one creates one issue.
    """
    title = " ".join(title.split())
    if not title:
        raise NoTitle
    uow.cases.lock([case_id])
    case = uow.cases.get(case_id)
    asked = next((one for one in uow.issues.of_case(case_id) if one.reference == reference), None)
    if asked is not None:
        return asked
    issue = uow.issues.add(
        Issue(
            id=0,
            tracker=tracker,
            project=project,
            reference=reference,
            title=title,
            text=text.strip()[:MAX_TEXT_LENGTH],
            thread_url=thread_url,
            creation=Creation.QUEUED,
            state=IssueState.OPEN,
            created_by=user_id,
            created_at=now,
        )
    )
    uow.issues.link(issue.id, case_id, by=user_id, now=now)
    note_issue(uow, case, issue, Action.ISSUE_REQUESTED, actor=user_id, now=now)
    uow.outbox.add([CreateIssue(issue.id, case_id, tracker)], now=now)
    return issue


def retry_issue(uow: UnitOfWork, *, issue_id: int, case_id: int, user_id: str, now: datetime) -> None:
    """Try again to create an issue that was not created; does nothing for any other."""
    uow.cases.lock([case_id])
    issue = uow.issues.locked(issue_id)
    if issue.creation is not Creation.FAILED:
        return
    retried = replace(issue, creation=Creation.QUEUED, error="")
    uow.issues.save(retried)
    note_issue(uow, uow.cases.get(case_id), retried, Action.ISSUE_REQUESTED, actor=user_id, now=now)
    attempt = int(now.timestamp())
    uow.outbox.add([CreateIssue(issue_id, case_id, issue.tracker, attempt)], now=now)


def link_issue(
    uow: UnitOfWork,
    *,
    case_id: int,
    tracker: str,
    found: TrackedIssue,
    reference: str,
    user_id: str,
    now: datetime,
) -> Issue:
    """Link a case to an issue that its tracker has. Raises `AlreadyLinked`.

    `reference` is used where the issue is not known here yet.
    """
    uow.cases.lock([case_id])
    issue = uow.issues.at(tracker, found.id)
    if issue is None:
        issue = uow.issues.add(
            Issue(
                id=0,
                tracker=tracker,
                project=found.project,
                reference=reference,
                title=" ".join(found.title.split()),
                text="",
                creation=Creation.LINKED,
                state=found.state,
                state_name=found.state_name,
                external_id=found.id,
                key=found.key,
                url=found.url,
                created_by=user_id,
                created_at=now,
                changed_at=now if found.state.is_closed else None,
            )
        )
    if not uow.issues.link(issue.id, case_id, by=user_id, now=now):
        raise AlreadyLinked
    note_issue(uow, uow.cases.get(case_id), issue, Action.ISSUE_LINKED, actor=user_id, now=now)
    return issue


def unlink_issue(uow: UnitOfWork, *, issue_id: int, case_id: int, user_id: str, now: datetime) -> None:
    """Take a link back; the issue stays in its tracker. Raises `NotLinked`."""
    uow.cases.lock([case_id])
    if not uow.issues.unlink(issue_id, case_id):
        raise NotLinked
    issue, case = uow.issues.get(issue_id), uow.cases.get(case_id)
    note_issue(uow, case, issue, Action.ISSUE_UNLINKED, actor=user_id, now=now)


def outgoing_issue(uow: UnitOfWork, *, issue_id: int) -> tuple[Issue, OutgoingIssue]:
    """Load an issue as it is stored, and as its tracker gets it."""
    issue = uow.issues.get(issue_id)
    return issue, OutgoingIssue(
        reference=issue.reference,
        project=issue.project,
        title=issue.title,
        text=issue.text,
        thread_url=issue.thread_url,
    )


def record_created(
    uow: UnitOfWork, *, issue_id: int, case_id: int, result: Mapping[str, Any], now: datetime
) -> None:
    """Record that the tracker has the issue. Where somebody linked the same meanwhile, the two become one."""
    issue = uow.issues.locked(issue_id)
    if issue.creation.exists:
        return
    case = uow.cases.get(case_id)
    known = uow.issues.at(issue.tracker, str(result["id"]))
    if known is not None:
        if uow.issues.unlink(issue_id, case_id):
            uow.issues.link(known.id, case_id, by=issue.created_by, now=now)
        uow.issues.delete(issue_id)
        return
    created = replace(
        issue,
        creation=Creation.CREATED,
        external_id=str(result["id"]),
        key=str(result["key"]),
        url=str(result["url"]),
        text="",
        error="",
    )
    uow.issues.save(created)
    note_issue(uow, case, created, Action.ISSUE_CREATED, actor=issue.created_by, now=now)


def record_not_created(
    uow: UnitOfWork, *, issue_id: int, case_id: int, reason: str, is_unsure: bool, now: datetime
) -> None:
    """Record that the tracker did not take the issue, or that it is not certain whether it did."""
    issue = uow.issues.locked(issue_id)
    if issue.creation.exists:
        return
    creation = Creation.UNSURE if is_unsure else Creation.FAILED
    uow.issues.save(replace(issue, creation=creation, error=reason))
    if not is_unsure:
        case = uow.cases.get(case_id)
        note_issue(uow, case, issue, Action.ISSUE_FAILED, actor=SYSTEM, now=now, reason=reason)


def note_issue(
    uow: UnitOfWork,
    case: Case,
    issue: Issue,
    action: Action,
    *,
    actor: str,
    now: datetime,
    reason: str = "",
) -> None:
    """Write what happened to an issue of a case into the audit trail, and refresh card and thread.

    Not a change of the case: its version stays, so that no button on the card becomes stale.
    """
    detail = {
        "tracker": issue.tracker,
        "issue": issue.key or issue.project,
        "url": issue.url,
        "state": issue.state.value,
        "state_name": issue.state_name,
    } | ({"reason": reason} if reason else {})
    entry = Entry(at=now, actor=actor, action=action, case_id=case.id, version=case.version, detail=detail)
    uow.audit.add_many([entry])
    refresh_card(uow, case, actor=actor, now=now)

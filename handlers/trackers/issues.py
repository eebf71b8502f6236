"""Create issues from cases, link existing ones, and record what became of the creation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from domain.cases.case import Case
from domain.causes.cause import Cause
from domain.delivery.tracker_effects import CreateIssue
from domain.records.audit import SYSTEM, Action, Entry
from domain.trackers.issues import (
    MAX_TEXT_LENGTH,
    AlreadyLinked,
    Creation,
    Issue,
    IssueState,
    IssueSubject,
    NoTitle,
    NotLinked,
    WordsErased,
)
from domain.trackers.trackers import OutgoingIssue, TrackedIssue
from handlers.cases.cards import refresh_card
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueRequest:
    """An issue as it was asked for in the form.

    `thread_url` is the address of the case's thread; `None` where it is not to be linked. `reference` is new
    and random (a UUID): the tracker keeps it. `erasures` is what `count_erasures` returned before the form
    was filled.
    """

    subject: IssueSubject
    tracker: str
    project: str
    title: str
    text: str
    thread_url: str | None
    reference: str
    erasures: int | None = None


def create_issue(uow: UnitOfWork, request: IssueRequest, *, user_id: str, now: datetime) -> Issue:
    """Store an issue, link its case or cause to it, and enqueue its creation. Raises `NoTitle`.

    A form that is submitted twice with the same reference creates one issue. Raises `WordsErased` where a
    customer was erased or a post redacted since `erasures` were counted: the form may quote them.
    """
    subject, erasures = request.subject, request.erasures
    title = " ".join(request.title.split())
    if not title:
        raise NoTitle
    case = _locked(uow, subject.case_id)
    if erasures is not None:
        uow.saved_replies.lock()  # under which erasures are counted
    if subject.cause_id is not None:
        uow.causes.lock(subject.cause_id)
    if (asked := uow.issues.by_reference(request.reference)) is not None:
        return asked
    if erasures is not None and erasures != uow.marks.erasures():
        raise WordsErased
    issue = uow.issues.add(
        Issue(
            id=0,
            tracker=request.tracker,
            project=request.project,
            reference=request.reference,
            title=title,
            text=request.text.strip()[:MAX_TEXT_LENGTH],
            thread_url=request.thread_url,
            creation=Creation.QUEUED,
            state=IssueState.OPEN,
            created_by=user_id,
            created_at=now,
        )
    )
    if case is not None:
        uow.issues.link(issue.id, case.id, by=user_id, now=now)
    if subject.cause_id is not None:
        uow.issues.link_cause(issue.id, subject.cause_id)
    note_issue(uow, case, issue, Action.ISSUE_REQUESTED, actor=user_id, now=now)
    uow.outbox.add([CreateIssue(issue.id, subject.case_id, request.tracker)], now=now)
    return issue


def _locked(uow: UnitOfWork, case_id: int | None) -> Case | None:
    """Lock the case and return it; `None` where the issue is for a cause."""
    if case_id is None:
        return None
    uow.cases.lock([case_id])
    return uow.cases.get(case_id)


def retry_issue(uow: UnitOfWork, *, issue_id: int, case_id: int | None, user_id: str, now: datetime) -> None:
    """Try again to create an issue that was not created; does nothing for any other, or an erased one."""
    case = _locked(uow, case_id)
    issue = uow.issues.locked(issue_id)
    if issue.creation is not Creation.FAILED or not issue.title:
        return
    retried = replace(issue, creation=Creation.QUEUED, error="")
    uow.issues.save(retried)
    note_issue(uow, case, retried, Action.ISSUE_REQUESTED, actor=user_id, now=now)
    attempt = int(now.timestamp())
    uow.outbox.add([CreateIssue(issue_id, case_id, issue.tracker, attempt)], now=now)


def link_issue(
    uow: UnitOfWork,
    *,
    subject: IssueSubject,
    tracker: str,
    found: TrackedIssue,
    reference: str,
    user_id: str,
    now: datetime,
) -> Issue:
    """Link a case or a cause to an issue that its tracker has. Raises `AlreadyLinked`.

    `reference` is used where the issue is not known here yet.
    """
    case = _locked(uow, subject.case_id)
    if subject.cause_id is not None:
        uow.causes.lock(subject.cause_id)
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
    if case is not None and not uow.issues.link(issue.id, case.id, by=user_id, now=now):
        raise AlreadyLinked
    if subject.cause_id is not None:
        if subject.cause_id in uow.issues.causes_of(issue.id):
            raise AlreadyLinked
        uow.issues.link_cause(issue.id, subject.cause_id)
    note_issue(uow, case, issue, Action.ISSUE_LINKED, actor=user_id, now=now)
    return issue


def unlink_issue(uow: UnitOfWork, *, issue_id: int, case_id: int, user_id: str, now: datetime) -> None:
    """Take a link back; the issue stays in its tracker. Raises `NotLinked`."""
    uow.cases.lock([case_id])
    if not uow.issues.unlink(issue_id, case_id):
        raise NotLinked
    issue, case = uow.issues.get(issue_id), uow.cases.get(case_id)
    note_issue(uow, case, issue, Action.ISSUE_UNLINKED, actor=user_id, now=now)


def unlink_issue_of_cause(
    uow: UnitOfWork, *, issue_id: int, cause_id: int, user_id: str, now: datetime
) -> tuple[Issue, Cause]:
    """Take the link of a cause back; the issue stays in its tracker. Raises `NotLinked`."""
    uow.causes.lock(cause_id)
    if not uow.issues.unlink_cause(issue_id, cause_id):
        raise NotLinked
    issue = uow.issues.get(issue_id)
    note_issue(uow, None, issue, Action.ISSUE_UNLINKED, actor=user_id, now=now)
    return issue, uow.causes.get(cause_id)


def issues_of_causes(uow: UnitOfWork, *, cause_ids: Sequence[int]) -> dict[int, list[Issue]]:
    """Return the issues of these causes, by cause."""
    return uow.issues.of_causes(cause_ids)


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
    uow: UnitOfWork, *, issue_id: int, case_id: int | None, result: Mapping[str, Any], now: datetime
) -> None:
    """Record that the tracker has the issue. Where somebody linked the same meanwhile, the two become one."""
    issue = uow.issues.locked(issue_id)
    if issue.creation.exists:
        return
    case = uow.cases.get(case_id) if case_id is not None else None
    known = uow.issues.at(issue.tracker, str(result["id"]))
    if known is not None:
        uow.issues.merge(issue_id, known.id, by=issue.created_by, now=now)
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
    uow: UnitOfWork, *, issue_id: int, case_id: int | None, reason: str, is_unsure: bool, now: datetime
) -> None:
    """Record that the tracker did not take the issue, or that it is not certain whether it did."""
    issue = uow.issues.locked(issue_id)
    if issue.creation.exists:
        return
    creation = Creation.UNSURE if is_unsure else Creation.FAILED
    uow.issues.save(replace(issue, creation=creation, error=reason))
    if not is_unsure:
        case = uow.cases.get(case_id) if case_id is not None else None
        note_issue(uow, case, issue, Action.ISSUE_FAILED, actor=SYSTEM, now=now, reason=reason)


def note_issue(
    uow: UnitOfWork,
    case: Case | None,
    issue: Issue,
    action: Action,
    *,
    actor: str,
    now: datetime,
    reason: str = "",
) -> None:
    """Write what happened to an issue of a case or a cause into the audit trail; refresh card and thread.

    Not a change of the case: its version stays, so that no button on the card becomes stale.
    """
    detail = {
        "tracker": issue.tracker,
        "issue": issue.key or issue.project,
        "url": issue.url,
        "state": issue.state.value,
        "state_name": issue.state_name,
    } | ({"reason": reason} if reason else {})
    case_id, version = (case.id, case.version) if case is not None else (None, None)
    entry = Entry(at=now, actor=actor, action=action, case_id=case_id, version=version, detail=detail)
    uow.audit.add_many([entry])
    if case is not None:
        refresh_card(uow, case, actor=actor, now=now)

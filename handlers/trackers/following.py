"""Follow issues: notice that one was closed or opened again, and list who still waits for it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from domain.cases.case import Case
from domain.cases.case_assessment import newest_live_message
from domain.causes.cause import CauseState
from domain.delivery.tracker_effects import PostIssueChange
from domain.records.audit import SYSTEM, Action
from domain.trackers.issues import FOLLOWED_AFTER_CLOSING, Issue, IssueState
from domain.trackers.trackers import TrackedIssue
from domain.trackers.waiting import IssueNews, WaitingCase
from domain.triage.drafts import Source, Suggestion
from domain.triage.saved_replies import SavedReply
from handlers.cases.cards import update_card
from handlers.cases.queue import list_rows
from handlers.cases.rules_of_engagement import used_texts
from handlers.causes.tracking import set_state
from handlers.trackers.issues import note_issue
from handlers.triage.classify import Classifier
from storage.unit_of_work import UnitOfWork

MAX_FOLLOWED = 500  # of one tracker
MAX_WAITING = 90
_MESSAGES_READ = 50  # newest ones of a case


def followed_ids(uow: UnitOfWork, *, tracker: str, now: datetime) -> list[str]:
    """Return the tracker's ids of the issues to be read: open ones, and those that were closed lately."""
    issues = uow.issues.followed(tracker, closed_since=now - FOLLOWED_AFTER_CLOSING, limit=MAX_FOLLOWED)
    return [issue.external_id for issue in issues]


def record_reading(uow: UnitOfWork, *, tracker: str, seen: TrackedIssue, channel: str, now: datetime) -> bool:
    """Store what a tracker says of an issue; return whether it was closed or opened again.

    That is told once in the cases' threads, and once in the `channel`.
    """
    known = uow.issues.at(tracker, seen.id)
    if known is None or _is_same(known, seen):
        return False
    if known.state is not seen.state:
        _move_causes(uow, known, seen, now)  # first: who compares posts with a cause locks that before cases
    cases = uow.issues.linked_cases(known.id)
    uow.cases.lock([case.id for case in cases])
    issue = uow.issues.locked(known.id)
    current = replace(issue, key=seen.key, url=seen.url, project=seen.project, state_name=seen.state_name)
    if issue.state is seen.state:
        uow.issues.save(current)
        return False
    changed = replace(current, state=seen.state, changes=issue.changes + 1, changed_at=now)
    uow.issues.save(changed)
    for case in cases:
        note_issue(uow, case, changed, Action.ISSUE_CHANGED, actor=SYSTEM, now=now)
    uow.outbox.add([PostIssueChange(changed.id, changed.changes, channel)], now=now)
    return True


def record_gone(uow: UnitOfWork, *, tracker: str, external_id: str, channel: str, now: datetime) -> bool:
    """Store that a tracker shows an issue no more; return whether that is news: it was open till now."""
    known = uow.issues.at(tracker, external_id)
    if known is None or known.state is not IssueState.OPEN:
        return False
    seen = TrackedIssue(
        id=known.external_id,
        key=known.key,
        url=known.url,
        title=known.title,
        project=known.project,
        state=IssueState.GONE,
        state_name="",
    )
    return record_reading(uow, tracker=tracker, seen=seen, channel=channel, now=now)


def _move_causes(uow: UnitOfWork, known: Issue, seen: TrackedIssue, now: datetime) -> None:
    """Have the causes of an issue follow it: fixed with it, and opened again with it.

    One that is closed without a fix, or gone, says nothing of the cause: a person decides.
    """
    for cause_id in uow.issues.causes_of(known.id):
        cause = uow.causes.lock(cause_id)
        state = {IssueState.FIXED: CauseState.FIXED, IssueState.OPEN: CauseState.OPEN}.get(seen.state)
        if state is None or (state is CauseState.OPEN and cause.state is not CauseState.FIXED):
            continue
        set_state(uow, cause_id=cause_id, state=state, actor=SYSTEM, now=now, reason=seen.key)


def propose_answers(
    uow: UnitOfWork, *, issue_id: int, classifier: Classifier, replies: Sequence[SavedReply], now: datetime
) -> None:
    """Suggest to each waiting case of a fixed issue the reply that says so, each in other words.

    It becomes the suggestion of the customer's newest message, which the card shows and the form begins with.
    Does nothing where it is suggested already.
    """
    issue = uow.issues.get(issue_id)
    if issue.state is not IssueState.FIXED or issue.changed_at is None or not replies:
        return
    locked = {case.id for case in _waiting(uow, issue)}
    uow.cases.lock(locked)
    used: dict[str, set[str]] = {}
    # Again, as whoever held a case may have answered it meanwhile.
    for case in [case for case in _waiting(uow, issue) if case.id in locked]:
        if case.account_id not in used:
            used[case.account_id] = set(used_texts(uow, case.account_id, now))
        _propose(uow, case, replies[0], classifier, used[case.account_id], now)


def view_news(uow: UnitOfWork, *, issue_id: int) -> IssueNews:
    """Load what is said of an issue's change: who waits for it, with the answer that is proposed to each."""
    issue = uow.issues.get(issue_id)
    count, people, thanked = uow.issues.count_waiting(issue.id, since=_changed_at(issue))
    rows = list_rows(uow, {case.id: case for case in _waiting(uow, issue)})
    return IssueNews(
        issue=issue,
        waiting=tuple(WaitingCase(listed=row, proposed=_proposed(uow, row.case)) for row in rows.values()),
        count=count,
        people=people,
        thanked=thanked,
        closed_cases=sum(not case.state.is_active for case in uow.issues.linked_cases(issue_id)),
    )


def _is_same(known: Issue, seen: TrackedIssue) -> bool:
    return (known.state, known.state_name, known.key, known.url) == (
        seen.state,
        seen.state_name,
        seen.key,
        seen.url,
    )


def _waiting(uow: UnitOfWork, issue: Issue) -> list[Case]:
    """Return the first active cases in which the customer was told nothing since the issue changed."""
    return uow.issues.waiting_cases(issue.id, since=_changed_at(issue), limit=MAX_WAITING)


def _changed_at(issue: Issue) -> datetime:
    return issue.changed_at or issue.created_at


def _propose(
    uow: UnitOfWork, case: Case, reply: SavedReply, classifier: Classifier, used: set[str], now: datetime
) -> None:
    """Suggest the reply in words that are not in `used`, and add them to it."""
    newest = newest_live_message(uow.messages.of_case(case.id, limit=_MESSAGES_READ))
    latest = uow.suggestions.latest(case.id)
    is_proposed = isinstance(latest, Suggestion) and latest.name == reply.name
    if newest is None or (is_proposed and latest is not None and latest.message_id == newest.id):
        return
    language = case.assessment.language
    text = classifier.fill(reply, language, case.author.name, used)
    if text and text not in used:
        used.add(text)
        uow.suggestions.add(
            Suggestion(
                case_id=case.id,
                message_id=newest.id,
                text=text,
                language=language,
                source=Source.SAVED_REPLY,
                name=reply.name,
                version=str(reply.version),
                title=reply.title,
                created_at=now,
            )
        )
        update_card(uow, case, actor=SYSTEM, now=now)


def _proposed(uow: UnitOfWork, case: Case) -> str:
    """Return the saved reply that is suggested in the case now; empty where none is."""
    latest = uow.suggestions.latest(case.id)
    return latest.text if isinstance(latest, Suggestion) and latest.source is Source.SAVED_REPLY else ""

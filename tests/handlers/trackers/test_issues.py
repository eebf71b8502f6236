"""Create issues from cases, link existing ones, and record what became of the creation."""

from typing import Any

import pytest
from sqlalchemy import update

from domain.cases.case import Case
from domain.delivery.tracker_effects import PostIssueChange
from domain.records.audit import Action
from domain.records.erasure import CustomerName
from domain.trackers.issues import AlreadyLinked, Creation, IssueState, IssueSubject, NoTitle, NotLinked
from handlers.cases.views import view_details
from handlers.records.customers import erase_customer
from handlers.trackers.issues import (
    link_issue,
    record_created,
    record_not_created,
    retry_issue,
    unlink_issue,
)
from storage.engine import Store
from storage.outbox_tables import outbox
from tests.handlers.made import BEN, MIA, MINUTE, NOW, SAM, a_stored_case, audit_actions, do, queued, trail
from tests.handlers.trackers.made import URL, an_issue, asked_for, seen, stored

LINK: dict[str, Any] = {"tracker": "github", "reference": "r", "user_id": MIA, "now": NOW}


def of_case(store: Store, case: Case) -> list[str]:
    view, _ = do(store, view_details, case_id=case.id, now=NOW)
    return [issue.key or issue.title for issue in view.issues]


def test_an_issue_is_asked_for_once_and_created_from_the_outbox(store: Store) -> None:
    case = a_stored_case(store)
    issue = asked_for(store, case, title=" The app\neats payments ")
    assert asked_for(store, case, reference=issue.reference) == issue
    assert (issue.title, issue.creation, issue.created_by) == ("The app eats payments", Creation.QUEUED, SAM)
    [row] = queued(store, "create_issue")
    assert row["payload"] == {"issue_id": issue.id, "case_id": case.id, "tracker": "github", "attempt": 1}
    result = {"id": "acme/app#1", "key": "acme/app#1", "url": URL}
    for _ in range(2):
        do(store, record_created, issue_id=issue.id, case_id=case.id, result=result, now=NOW)
    created = stored(store, issue.id)
    assert (created.creation, created.key, created.url, created.text) == (
        Creation.CREATED,
        "acme/app#1",
        URL,
        "",
    )
    acts = audit_actions(store, case.id)[1:]
    assert acts == [(SAM, Action.ISSUE_REQUESTED, case.version), (SAM, Action.ISSUE_CREATED, case.version)]
    assert of_case(store, case) == ["acme/app#1"]
    with pytest.raises(NoTitle):
        asked_for(store, case, title=" \n")


def test_an_issue_that_was_refused_can_be_tried_again(store: Store) -> None:
    case = a_stored_case(store)
    issue = asked_for(store, case)
    told: dict[str, Any] = {"issue_id": issue.id, "case_id": case.id, "now": NOW}
    do(store, record_not_created, **told, reason="lost", is_unsure=True)
    do(store, retry_issue, **told, user_id=MIA)  # it may be there: nothing to try yet
    assert stored(store, issue.id).creation is Creation.UNSURE
    do(store, record_not_created, **told, reason="HTTP 403", is_unsure=False)
    assert (stored(store, issue.id).creation, stored(store, issue.id).error) == (Creation.FAILED, "HTTP 403")
    assert trail(store, case.id)[-1].detail["reason"] == "HTTP 403"
    for _ in range(2):
        do(store, retry_issue, **told, user_id=MIA)
    first, second = queued(store, "create_issue")
    assert first["key"] != second["key"]
    assert stored(store, issue.id).creation is Creation.QUEUED


def test_cases_are_linked_to_an_issue_that_is_there_and_unlinked(store: Store) -> None:
    one, two = a_stored_case(store), a_stored_case(store, author=BEN)
    issue = an_issue(store, one)
    linked = do(store, link_issue, subject=IssueSubject(case_id=two.id), found=seen(IssueState.FIXED), **LINK)
    assert linked == issue  # its state is read by the timer alone
    with pytest.raises(AlreadyLinked):
        do(store, link_issue, subject=IssueSubject(case_id=two.id), found=seen(IssueState.OPEN), **LINK)
    other = do(
        store,
        link_issue,
        subject=IssueSubject(case_id=two.id),
        found=seen(IssueState.FIXED, "completed", 7),
        **LINK,
    )
    assert (other.creation, other.state, other.changes) == (Creation.LINKED, IssueState.FIXED, 0)
    assert of_case(store, two) == ["acme/app#1", "acme/app#7"]
    do(store, unlink_issue, issue_id=issue.id, case_id=two.id, user_id=SAM, now=NOW)
    with pytest.raises(NotLinked):
        do(store, unlink_issue, issue_id=issue.id, case_id=two.id, user_id=SAM, now=NOW)
    assert of_case(store, two) == ["acme/app#7"]
    acts = [(actor, action) for actor, action, _ in audit_actions(store, two.id)[1:]]
    assert acts == [(MIA, Action.ISSUE_LINKED), (MIA, Action.ISSUE_LINKED), (SAM, Action.ISSUE_UNLINKED)]


def test_an_issue_that_somebody_linked_while_it_was_unsure_stays_one(store: Store) -> None:
    case = a_stored_case(store)
    issue = asked_for(store, case)
    found = do(store, link_issue, subject=IssueSubject(case_id=case.id), found=seen(IssueState.OPEN), **LINK)
    result = {"id": found.external_id, "key": found.key, "url": found.url}
    do(store, record_created, issue_id=issue.id, case_id=case.id, result=result, now=NOW)
    assert of_case(store, case) == [found.key]


def test_words_of_an_erased_customer_leave_the_issue(store: Store) -> None:
    case = a_stored_case(store)
    issue, queued_one = an_issue(store, case), asked_for(store, case)
    with store.unit_of_work() as uow:
        uow.outbox.add([PostIssueChange(issue.id, 1, "C1")], now=NOW)
    with store.engine.begin() as connection:
        posted = {"channel": "C1", "ts": "7.7"}
        connection.execute(update(outbox).where(outbox.c.kind == PostIssueChange.kind).values(result=posted))
    do(store, erase_customer, name=CustomerName("x", "anaruiz"), by="root", now=NOW + MINUTE)
    assert (stored(store, issue.id).title, stored(store, issue.id).key) == ("", "acme/app#1")
    gone = stored(store, queued_one.id)
    assert (gone.title, gone.text, gone.creation) == ("", "", Creation.FAILED)
    assert not queued(store, "create_issue")
    do(store, retry_issue, issue_id=gone.id, case_id=case.id, user_id=SAM, now=NOW + MINUTE)
    assert not queued(store, "create_issue")  # there is nothing to create it from
    assert {"channel": "C1", "ts": "7.7"} in [row["payload"] for row in queued(store, "delete_message")]

"""Follow issues: tell that one was closed or opened again, once, and list who still waits."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from domain.cases.case import Case
from domain.cases.messages import Direction
from domain.handoffs.handoff import HandoffState
from domain.intake.posts import Author
from domain.records.audit import SYSTEM, Action
from domain.trackers.issues import FOLLOWED_AFTER_CLOSING, IssueState, IssueSubject
from domain.trackers.waiting import IssueNews
from domain.venues import Venue
from handlers.cases.resolution import resolve
from handlers.replies.results import record_sent
from handlers.trackers import following
from handlers.trackers.following import followed_ids, propose_answers, view_news
from handlers.trackers.issues import link_issue
from storage.engine import Store
from tests.handlers.made import (
    BEN,
    MINUTE,
    NOW,
    SAM,
    a_classifier,
    a_stored_case,
    accepted,
    an_answer,
    do,
    in_parallel,
    messages,
    queued,
    trail,
)
from tests.handlers.trackers.made import REPLIES, an_issue, read, seen, stored, write
from tests.storage.made import a_handoff

LINK: dict[str, Any] = {"tracker": "github", "reference": "r", "user_id": SAM}


def author(number: int) -> Author:
    return Author(id=f"7{number}0", handle=f"ana{number}", name="Ana Ruiz", followers=1)


def answer(store: Store, case: Case, *, now: datetime) -> None:
    """Answer the customer; the answer is on its way."""
    accepted(store, an_answer(store, case, "We are on it"), now=now)


def news_of(store: Store, issue_id: int) -> IssueNews:
    return do(store, view_news, issue_id=issue_id)


def followed(store: Store, now: datetime = NOW) -> list[str]:
    return do(store, followed_ids, tracker="github", now=now)


def test_each_change_is_told_once_in_threads_and_in_the_channel(store: Store) -> None:
    case = a_stored_case(store)
    issue = an_issue(store, case)
    assert not read(store, seen(IssueState.OPEN, "open"))
    changes = [
        (IssueState.FIXED, "completed"),
        (IssueState.OPEN, "open"),
        (IssueState.DROPPED, "not planned"),
    ]
    for state, name in changes:
        assert read(store, seen(state, name))
        assert not read(store, seen(state, name))
    assert not read(store, seen(IssueState.FIXED, number=99))  # none of ours
    told = [row["payload"] for row in queued(store, "post_issue_change")]
    assert told == [{"issue_id": issue.id, "change": number, "channel": "C1"} for number in (1, 2, 3)]
    entries = [entry for entry in trail(store, case.id) if entry.action is Action.ISSUE_CHANGED]
    assert [entry.actor for entry in entries] == [SYSTEM] * 3
    assert [(entry.detail["state"], entry.detail["state_name"]) for entry in entries] == changes


def test_two_copies_that_read_the_same_tell_it_once(store: Store) -> None:
    issue = an_issue(store, a_stored_case(store))
    told = in_parallel([lambda: read(store, seen(IssueState.FIXED, "completed"))] * 2)
    assert sorted(map(str, told)) == ["False", "True"]
    assert len(queued(store, "post_issue_change")) == 1
    assert stored(store, issue.id).changes == 1


def test_open_issues_and_those_closed_lately_are_followed(store: Store) -> None:
    case = a_stored_case(store)
    an_issue(store, case)
    an_issue(store, case, 2)
    read(store, seen(IssueState.FIXED, number=1))
    assert followed(store) == ["acme/app#2", "acme/app#1"]
    assert followed(store, NOW + FOLLOWED_AFTER_CLOSING + timedelta(days=1)) == ["acme/app#2"]


def test_who_waits_is_whom_nobody_told_since(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    first = a_stored_case(store)
    issue = an_issue(store, first)
    again, answered, closed = (a_stored_case(store, author=author(number)) for number in range(3))
    for case in (again, answered, closed):
        do(
            store,
            link_issue,
            subject=IssueSubject(case_id=case.id),
            found=seen(IssueState.OPEN),
            **LINK,
            now=NOW,
        )
    do(store, resolve, case_id=closed.id, version=None, user_id=SAM, now=NOW)
    read(store, seen(IssueState.FIXED), now=NOW + MINUTE)
    answer(store, answered, now=NOW + 2 * MINUTE)
    news = news_of(store, issue.id)
    assert [one.listed.case.id for one in news.waiting] == [first.id, again.id]
    assert (news.count, news.people, news.closed_cases) == (2, 2, 1)
    monkeypatch.setattr(following, "MAX_WAITING", 1)
    news = news_of(store, issue.id)
    assert ([one.listed.case.id for one in news.waiting], news.count, news.people) == ([first.id], 2, 2)


@pytest.mark.parametrize("wrote", ["@acme läuft wieder, danke!", "@acme it works again, thank you so much!"])
@pytest.mark.parametrize("is_before", [False, True])
def test_who_thanked_us_instead_does_not_wait(store: Store, wrote: str, is_before: bool) -> None:
    """Also where they asked, and took it back before the issue was closed."""
    ana, ben = a_stored_case(store), a_stored_case(store, author=BEN)
    issue = an_issue(store, ana)
    do(store, link_issue, subject=IssueSubject(case_id=ben.id), found=seen(IssueState.OPEN), **LINK, now=NOW)
    if is_before:
        write(store, wrote, now=NOW + MINUTE)
    read(store, seen(IssueState.FIXED), now=NOW + 2 * MINUTE)
    if not is_before:
        write(store, wrote, now=NOW + 3 * MINUTE)
    news = news_of(store, issue.id)
    assert [one.listed.case.id for one in news.waiting] == [ben.id]
    assert (news.count, news.people, news.thanked) == (1, 1, 1)


def test_who_thanked_us_for_saying_that_we_look_into_it_still_waits(store: Store) -> None:
    case = a_stored_case(store)
    issue = an_issue(store, case)
    answer(store, case, now=NOW + MINUTE)
    [ours] = [m for m in messages(store, case.id) if m.direction is Direction.OUT]
    do(store, record_sent, message_id=ours.id, result={"id": "77"}, now=NOW + MINUTE)
    write(store, "@acme thank you, that is very kind!", now=NOW + 2 * MINUTE)
    read(store, seen(IssueState.FIXED), now=NOW + 3 * MINUTE)
    news = news_of(store, issue.id)
    assert ([one.listed.case.id for one in news.waiting], news.thanked) == ([case.id], 0)


def test_who_waits_is_listed_with_where_they_are_and_that_they_opted_out(store: Store) -> None:
    case = a_stored_case(store)
    issue = an_issue(store, case)
    with store.unit_of_work() as uow:
        uow.handoffs.add(a_handoff(case.id, "n1", venue=Venue.DM, state=HandoffState.ARRIVED))
        uow.opt_outs.add(case.network, case.account_id, case.author.id, text="STOP", now=NOW)
    read(store, seen(IssueState.FIXED))
    [one] = news_of(store, issue.id).waiting
    assert (one.listed.venue, one.listed.opted_out) == (Venue.DM, True)


def test_each_who_waits_is_proposed_that_it_is_fixed_in_their_language_and_in_other_words(
    store: Store,
) -> None:
    cases = [a_stored_case(store, author=author(number)) for number in range(3)]
    issue = an_issue(store, cases[0])
    for case in cases[1:]:
        do(
            store,
            link_issue,
            subject=IssueSubject(case_id=case.id),
            found=seen(IssueState.OPEN),
            **LINK,
            now=NOW,
        )
    propose: dict[str, Any] = {
        "issue_id": issue.id,
        "classifier": a_classifier(),
        "replies": REPLIES,
        "now": NOW,
    }
    do(store, propose_answers, **propose)
    assert {one.proposed for one in news_of(store, issue.id).waiting} == {""}  # it is open
    read(store, seen(IssueState.FIXED))
    for _ in range(2):
        do(store, propose_answers, **propose)
    proposed = [one.proposed for one in news_of(store, issue.id).waiting]
    assert len(set(proposed)) == len(cases)
    assert all("Ana" in text and ("fixed" in text or "repaired" in text) for text in proposed)

"""A request for approval says what became of it, wherever it stands, on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.slack.boards import render_ended_request
from domain.delivery.effects import UpdateCard
from domain.delivery.outage_effects import AskApproval, EndApprovalRequest, RequestEnd, UpdateBoard
from domain.delivery.pacing import Pace
from domain.outages.lifecycle import Actor
from domain.outages.notices import Notice
from handlers.outages.approvals import posted_request
from handlers.outages.notices import approve_notice, edit_notice, submit_notice, withdraw_notice
from storage.engine import Store
from tests.handlers.made import NOW, do, queued
from tests.handlers.outages.made import (
    MIA_MAY,
    OUTAGE_POLICY,
    SAM_MAY,
    ListDestination,
    an_outage,
    content,
    destinations,
    submitted,
)

WHERE = destinations(page=ListDestination())


def submit(store: Store, notice: Notice) -> Notice:
    return submitted(store, notice, WHERE)


def _post(store: Store, *, ts: str) -> None:
    """Have the requests that wait be posted."""
    minute = timedelta(minutes=1)
    with store.unit_of_work() as uow:
        while jobs := uow.outbox.claim(now=NOW, lease=minute, owner="me", limit=9, paces=lambda _: None):
            for job in jobs:
                result = {"channel": "C0ONCALL", "ts": ts} if job.effect.kind == AskApproval.kind else {}
                uow.outbox.settle(job, now=NOW, result=result)


def _ended(store: Store) -> list[tuple[int, str, str]]:
    rows = [row["payload"] for row in queued(store, EndApprovalRequest.kind)]
    return [(row["version"], row["end"], row["user_id"]) for row in rows]


def end_request(store: Store, notice: Notice, end: RequestEnd, actor: Actor = MIA_MAY) -> None:
    if end is RequestEnd.APPROVED:
        do(
            store,
            approve_notice,
            notice_id=notice.id,
            seen=notice.digest,
            destinations=WHERE,
            actor=actor,
            now=NOW,
        )
    elif end is RequestEnd.WITHDRAWN:
        do(store, withdraw_notice, notice_id=notice.id, actor=actor, now=NOW)
    elif end is RequestEnd.CHANGED:
        do(
            store,
            edit_notice,
            notice_id=notice.id,
            version=notice.version,
            content=content("Cards fail"),
            actor=actor,
            now=NOW,
        )
    else:
        asks = end is RequestEnd.REPEATED
        policy = OUTAGE_POLICY if asks else replace(OUTAGE_POLICY, needs_approval=False)
        do(
            store,
            submit_notice,
            notice_id=notice.id,
            seen=notice.digest,
            destinations=WHERE,
            policy=policy,
            actor=actor,
            now=NOW,
        )


@pytest.mark.parametrize("end", RequestEnd)
def test_the_request_says_who_ended_it_and_how(store: Store, end: RequestEnd) -> None:
    _, notice = an_outage(store)
    waiting = submit(store, notice)
    assert _ended(store) == []
    end_request(store, waiting, end)
    assert _ended(store) == [(waiting.version, end.value, MIA_MAY.user_id)]


def test_a_draft_that_nobody_was_asked_about_has_no_request(store: Store) -> None:
    _, notice = an_outage(store)
    do(store, withdraw_notice, notice_id=notice.id, actor=SAM_MAY, now=NOW)
    assert _ended(store) == []


def test_each_request_says_what_became_of_it(store: Store) -> None:
    """One that was changed and asked for again has two; the first is found where it stands."""
    _, notice = an_outage(store)
    first = submit(store, notice)
    assert do(store, posted_request, notice_id=notice.id, version=first.version) is None
    _post(store, ts="1.1")
    end_request(store, first, RequestEnd.CHANGED, SAM_MAY)
    with store.unit_of_work() as uow:
        changed = uow.notices.get(notice.id)
    assert changed is not None
    second = submit(store, changed)
    _post(store, ts="2.2")
    end_request(store, second, RequestEnd.APPROVED)
    places = [
        do(store, posted_request, notice_id=notice.id, version=version)
        for version in (first.version, second.version)
    ]
    assert [one and (one.channel, one.ts) for one in places] == [("C0ONCALL", "1.1"), ("C0ONCALL", "2.2")]


@pytest.mark.parametrize(
    ("end", "said"),
    [
        (RequestEnd.APPROVED, "✅ Approved by <@U0MIA>: announcement about “Payments fail”, by <@U0SAM>"),
        (RequestEnd.WITHDRAWN, "🗑️ Withdrawn before it was approved, by <@U0MIA>: announcement"),
        (RequestEnd.CHANGED, "✏️ Changed before it was approved, by <@U0MIA>: announcement"),
    ],
)
def test_it_is_one_line_without_a_button(store: Store, end: RequestEnd, said: str) -> None:
    outage, notice = an_outage(store)
    shown = render_ended_request(outage, notice, end, by="U0MIA")
    assert shown["text"].startswith(said)
    [block] = shown["blocks"]
    assert block["type"] == "context"


def test_the_cards_of_linked_cases_do_not_keep_a_request_from_saying_what_became_of_it(store: Store) -> None:
    """Nor the request for the next notice from being posted, which comes after it."""
    _, notice = an_outage(store)
    submitted = submit(store, notice)
    _post(store, ts="17.1")
    with store.unit_of_work() as uow:
        uow.outbox.add_ranked([(UpdateCard(case_id), 900.0) for case_id in range(1, 30)], now=NOW)
    end_request(store, submitted, RequestEnd.APPROVED)
    kinds: list[str] = []
    for minutes in range(3):
        now = NOW + timedelta(minutes=minutes)
        with store.unit_of_work() as uow:
            for job in uow.outbox.claim(
                now=now, lease=timedelta(minutes=1), owner="me", limit=9, paces=_an_edit_a_minute
            ):
                uow.outbox.settle(job, now=now, result={})
                kinds += [job.effect.kind] if job.effect.destination == "slack:update" else []
    assert set(kinds[:2]) == {UpdateBoard.kind, EndApprovalRequest.kind}
    assert kinds[2:] == [UpdateCard.kind]


def _an_edit_a_minute(destination: str) -> Pace | None:
    return Pace(timedelta(minutes=1)) if destination == "slack:update" else None

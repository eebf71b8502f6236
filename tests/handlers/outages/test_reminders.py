"""Remind leads of what is due and late, once each, and find leads who left."""

from datetime import datetime

import pytest

from domain.outages.notices import NoticeKind
from domain.outages.outage import OutageKind, Phase, Severity
from handlers.outages.lead import hand_over_lead
from handlers.outages.notices import (
    OutageFacts,
    draft_notice,
    edit_notice,
    open_outage,
    submit_notice,
    withdraw_notice,
)
from handlers.outages.reminders import leads_of_open, remind_leads, remind_of_approvals
from storage.engine import Store
from tests.handlers.made import MIA, MINUTE, NOW, SAM, do, queued
from tests.handlers.outages.made import (
    OUTAGE_POLICY,
    SAM_MAY,
    ListDestination,
    an_outage,
    content,
    destinations,
    sent,
)
from tests.handlers.outages.test_notices import calling

DUE = NOW + 30 * MINUTE


def reminded(store: Store, now: datetime, **left: str) -> list[tuple[str, str]]:
    """Run the timer; return the channels and texts of all alerts so far."""
    do(store, remind_leads, policy=OUTAGE_POLICY, left=left, now=now)
    return sorted((row["payload"]["channel"], row["payload"]["text"]) for row in queued(store, "alert"))


def announced(store: Store) -> int:
    outage, notice = an_outage(store, next_update_due=DUE)
    sent(store, notice, destinations(page=ListDestination()))
    return outage.id


def test_the_lead_is_reminded_before_and_both_when_it_is_late_each_once(store: Store) -> None:
    announced(store)
    assert reminded(store, NOW + 24 * MINUTE) == []
    [(channel, text)] = reminded(store, NOW + 26 * MINUTE)
    assert channel == SAM
    assert "the next update is due in 4 minutes" in text
    assert len(reminded(store, NOW + 28 * MINUTE)) == 1
    told = reminded(store, DUE)
    assert [channel for channel, text in told if "is late" in text] == ["C0ONCALL", SAM]
    assert reminded(store, DUE + 14 * MINUTE) == told


def test_what_stays_late_is_told_again_ever_more_rarely(store: Store) -> None:
    announced(store)
    found: list[str] = []
    for minutes in range(0, 3 * 24 * 60, 5):
        before = len(found)
        found = [text for channel, text in reminded(store, DUE + minutes * MINUTE) if channel == SAM]
        assert len(found) - before in (0, 1)
    late = sorted(
        text.split(".")[0].removeprefix("“Payments fail”: the promised update is ") for text in found
    )
    again = [
        "15 minutes",
        "30 minutes",
        "1 hour",
        "2 hours",
        "4 hours",
        "8 hours",
        "16 hours",
        "1 day",
        "2 days",
    ]
    assert late == sorted(["late", *(f"{length} late" for length in again)])


def test_a_newer_promise_ends_the_reminders_of_the_one_before(store: Store) -> None:
    outage_id = announced(store)
    drafting = calling(store, draft_notice, outage_id=outage_id, actor=SAM_MAY, now=NOW)
    later = DUE + 60 * MINUTE
    draft = drafting(kind=NoticeKind.UPDATE, content=content("We know.", next_update_due=later))
    told = reminded(store, DUE)
    sent(store, draft, destinations(page=ListDestination()), now=DUE)
    assert reminded(store, DUE + 40 * MINUTE) == told


def test_whoever_leads_by_then_is_reminded(store: Store) -> None:
    outage_id = announced(store)
    do(store, hand_over_lead, outage_id=outage_id, to=MIA, actor=SAM_MAY, by_name="Sam", now=NOW)
    assert do(store, leads_of_open) == {MIA}
    alerts = reminded(store, NOW + 26 * MINUTE)
    assert [channel for channel, _ in alerts] == [MIA, MIA]
    assert ["next update is due in 4 minutes" in text for _, text in alerts].count(True) == 1, "once reminded"


def test_a_lead_who_left_is_told_of_once_and_the_channel_is_reminded(store: Store) -> None:
    announced(store)
    [(channel, text)] = reminded(store, NOW, **{SAM: "Sam Okafor"})
    assert channel == "C0ONCALL"
    assert "is led by Sam Okafor, who is no longer in Slack" in text
    assert len(reminded(store, NOW + MINUTE, **{SAM: "Sam Okafor"})) == 1
    told = reminded(store, NOW + 26 * MINUTE, **{SAM: "Sam Okafor"})
    assert [channel for channel, _ in told] == ["C0ONCALL", "C0ONCALL"]


def test_a_reminder_says_that_the_update_is_written_and_waits(store: Store) -> None:
    """While a notice waits, the board has no Post update…, only Review…."""
    outage_id = announced(store)
    drafting = calling(store, draft_notice, outage_id=outage_id, actor=SAM_MAY, now=NOW)
    draft = drafting(kind=NoticeKind.UPDATE, content=content("We know the cause."))
    [(_, text)] = reminded(store, NOW + 26 * MINUTE)
    assert text.endswith("Its update is a draft: press Review… on its board in #C0ONCALL.")
    submitting = calling(store, submit_notice, destinations=destinations(), policy=OUTAGE_POLICY, now=NOW)
    submitting(notice_id=draft.id, seen=draft.digest, actor=SAM_MAY)
    late = [text for _, text in reminded(store, DUE) if "is late" in text]
    assert len(late) == 2
    assert all("Its update waits for approval: press Review… on its board" in text for text in late)
    assert "Post update…" not in "".join(late)


def reminded_of_approvals(store: Store, now: datetime) -> list[tuple[str, str, int]]:
    """Run the timer; return channel, text and outage of all alerts so far."""
    do(store, remind_of_approvals, policy=OUTAGE_POLICY, now=now)
    alerts = [row["payload"] for row in queued(store, "alert")]
    return [(alert["channel"], alert["text"], alert["board_of"]) for alert in alerts]


def test_a_notice_that_nobody_approves_is_told_once_for_each_version(store: Store) -> None:
    outage, notice = an_outage(store)
    later = NOW + 6 * MINUTE
    assert reminded_of_approvals(store, later) == [], "it is a draft"
    submitting = calling(store, submit_notice, destinations=destinations(), policy=OUTAGE_POLICY, now=NOW)
    waits = submitting(notice_id=notice.id, seen=notice.digest, actor=SAM_MAY)
    assert reminded_of_approvals(store, NOW + 4 * MINUTE) == []
    [(channel, text, outage_id)] = reminded_of_approvals(store, later)
    assert (channel, outage_id) == ("C0ONCALL", outage.id)
    assert text.startswith("“Payments fail”: its announcement waits for approval")
    assert len(reminded_of_approvals(store, later + MINUTE)) == 1
    changed = content("Cards fail")
    edited = do(
        store,
        edit_notice,
        notice_id=notice.id,
        version=waits.version,
        content=changed,
        actor=SAM_MAY,
        now=later,
    )
    submitting(notice_id=notice.id, seen=edited.digest, actor=SAM_MAY)
    assert len(reminded_of_approvals(store, later + 9 * MINUTE)) == 2


def test_the_wait_for_an_approval_begins_when_it_is_sent_for_it(store: Store) -> None:
    _, notice = an_outage(store)
    at = NOW + 20 * MINUTE
    submitting = calling(store, submit_notice, destinations=destinations(), policy=OUTAGE_POLICY, now=at)
    submitting(notice_id=notice.id, seen=notice.digest, actor=SAM_MAY)
    assert reminded_of_approvals(store, at + 4 * MINUTE) == []
    assert len(reminded_of_approvals(store, at + 5 * MINUTE)) == 1


def test_what_was_approved_or_withdrawn_is_told_no_more(store: Store) -> None:
    where = destinations(page=ListDestination())
    _, notice = an_outage(store)
    sent(store, notice, where)
    _, other = an_outage(store)
    submitting = calling(store, submit_notice, destinations=where, policy=OUTAGE_POLICY, now=NOW)
    submitting(notice_id=other.id, seen=other.digest, actor=SAM_MAY)
    do(store, withdraw_notice, notice_id=other.id, actor=SAM_MAY, now=NOW)
    assert reminded_of_approvals(store, NOW + 60 * MINUTE) == []


@pytest.mark.parametrize(
    ("phase", "minutes", "words"),
    [
        (Phase.SCHEDULED, 56, "starts in 4 minutes"),
        (Phase.SCHEDULED, 61, "was to start by now"),
        (Phase.IN_PROGRESS, 116, "ends in 4 minutes"),
        (Phase.IN_PROGRESS, 121, "was to end by now"),
    ],
)
def test_planned_work_reminds_of_its_start_and_end(
    store: Store, phase: Phase, minutes: int, words: str
) -> None:
    facts = OutageFacts(
        title="New database",
        severity=Severity.MINOR,
        kind=OutageKind.MAINTENANCE,
        starts_at=NOW + 60 * MINUTE,
        ends_at=NOW + 120 * MINUTE,
    )
    _, notice = do(
        store,
        open_outage,
        facts=facts,
        content=content("We move", phase=phase),
        policy=OUTAGE_POLICY,
        actor=SAM_MAY,
        now=NOW,
    )
    sent(store, notice, destinations(page=ListDestination()))
    assert [words in text for _, text in reminded(store, NOW + minutes * MINUTE)].count(True) == (
        2 if "was to" in words else 1
    )
    earlier = len(reminded(store, NOW + minutes * MINUTE))
    assert len(reminded(store, NOW + minutes * MINUTE)) == earlier

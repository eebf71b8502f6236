"""Check retry decisions: no act is repeated without reconciling first, and retries are bounded."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.delivery.decisions import (
    IN_FLIGHT_WINDOW,
    MAX_CHECKS,
    GiveUp,
    MarkUnsure,
    Postpone,
    Settle,
    decide,
    decide_after_check,
)
from domain.delivery.effect import Effect, Safety
from domain.delivery.effects import (
    Alert,
    DraftReply,
    Job,
    NotifyPerson,
    PostCard,
    PublishHome,
    SendPublicReply,
    UpdateCard,
)
from domain.delivery.outage_effects import SendNotice
from domain.delivery.outcomes import Absent, Done, Failed, Finding, Later, NotAsked, Outcome, Unknown
from domain.delivery.thread_effects import PostThread

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
ALL: tuple[Effect, ...] = (
    PostCard(1, "C1"),
    UpdateCard(1),
    PostThread(1, "C1"),
    DraftReply(1, 1),
    SendPublicReply(1, 1, "x"),
    PublishHome("U1"),
    NotifyPerson("U1", "U2", "assigned", 1, "1"),
    Alert("text", "once", "C1"),
)
TO_RECONCILE = [effect for effect in ALL if effect.safety is Safety.RECONCILE]
TO_REPEAT = [effect for effect in ALL if effect.safety is Safety.REPEAT]

waits = st.none() | st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=1))
laters = st.builds(Later, st.text(), waits, st.booleans(), st.booleans())
failures = st.builds(Failed, st.text())
unknowns = st.builds(Unknown, st.text(), st.booleans())
outcomes: st.SearchStrategy[Outcome] = st.just(Done({})) | laters | failures | unknowns
findings: st.SearchStrategy[Finding] = (
    st.just(Done({})) | st.builds(Absent, st.booleans()) | laters | failures
)


def a_job(effect: Effect, **changes: Any) -> Job:  # noqa: ANN401 - any of the fields
    fields: dict[str, Any] = {"attempts": 1, "checks": 0, "reconciling": False, **changes}
    return Job(id=1, effect=effect, generation=1, created_at=NOW, **fields)


@st.composite
def jobs(draw: st.DrawFn, effects: list[Effect]) -> Job:
    return a_job(
        draw(st.sampled_from(effects)),
        attempts=draw(st.integers(1, 40)),
        checks=draw(st.integers(1, 40)),
        reconciling=True,
        responded=draw(st.booleans()),
        note=draw(st.none() | st.text()),
    )


@given(jobs(TO_RECONCILE), unknowns)
def test_an_unknown_outcome_is_checked_before_anything_else(job: Job, outcome: Unknown) -> None:
    decision = decide(job, outcome, NOW)
    assert isinstance(decision, MarkUnsure)
    assert decision.due is not None
    assert decision.due > NOW
    assert decision.notify


@given(jobs(TO_RECONCILE), findings)
def test_only_a_proven_absence_allows_a_retry(job: Job, finding: Finding) -> None:
    decision = decide_after_check(job, finding, NOW)
    if isinstance(decision, Postpone):
        assert isinstance(finding, Absent)


@given(jobs([SendPublicReply(1, 1, "x")]))
def test_a_reply_is_resent_only_after_an_error_response_and_several_checks(
    job: Job,
) -> None:
    decision = decide_after_check(job, Absent(), NOW)
    if isinstance(decision, Postpone | GiveUp):
        assert job.responded
        assert job.checks >= MAX_CHECKS


def test_what_a_status_page_does_not_list_is_sent_again_after_several_checks() -> None:
    notice, absent = SendNotice(1, 1, "statuspage", ""), Absent(lists_at_once=True)
    decisions = [
        decide_after_check(a_job(notice, checks=n, reconciling=True), absent, NOW)
        for n in range(1, MAX_CHECKS + 1)
    ]
    assert [type(decision) for decision in decisions] == [MarkUnsure] * (MAX_CHECKS - 1) + [Postpone]


@given(jobs(list(ALL)), outcomes)
def test_done_settles_and_failed_gives_up(job: Job, outcome: Outcome) -> None:
    decision = decide(job, outcome, NOW)
    assert isinstance(decision, Settle) == isinstance(outcome, Done)
    if isinstance(outcome, Failed):
        assert decision == GiveUp(outcome)


@given(jobs(list(ALL)), outcomes)
def test_nothing_is_due_in_the_past(job: Job, outcome: Outcome) -> None:
    decision = decide(job, outcome, NOW)
    if isinstance(decision, Postpone | MarkUnsure):
        assert decision.due is not None
        assert decision.due >= NOW


@given(jobs(TO_RECONCILE), findings)
def test_an_inconclusive_check_is_followed_by_a_later_one_or_a_person(job: Job, finding: Finding) -> None:
    decision = decide_after_check(job, finding, NOW)
    if isinstance(decision, MarkUnsure):
        assert decision.due is None or decision.due > NOW
        if decision.due is None:
            assert job.effect.asks_person
            assert decision.notify
    if isinstance(decision, Postpone):
        assert decision.due > NOW


@given(st.sampled_from(TO_REPEAT), st.integers(1, 40), unknowns)
def test_an_idempotent_effect_is_retried(effect: Effect, attempts: int, outcome: Unknown) -> None:
    decision = decide(a_job(effect, attempts=attempts), outcome, NOW)
    spent = effect.max_attempts is not None and attempts >= effect.max_attempts
    assert isinstance(decision, GiveUp if spent else Postpone)


@pytest.mark.parametrize("effect", [effect for effect in ALL if effect.max_attempts is not None])
def test_attempts_are_limited_where_the_effect_says_so(effect: Effect) -> None:
    assert effect.max_attempts is not None
    decisions = [
        decide(a_job(effect, attempts=n), Later("busy"), NOW) for n in range(1, effect.max_attempts + 1)
    ]
    assert [type(decision) for decision in decisions] == [Postpone] * (effect.max_attempts - 1) + [GiveUp]


def test_an_attempt_that_does_not_count_is_not_counted() -> None:
    decision = decide(a_job(SendPublicReply(1, 1, "x"), attempts=99), Later("not yet", counts=False), NOW)
    assert isinstance(decision, Postpone)
    assert not decision.counts


@given(st.integers(1, 30), st.sampled_from([e for e in ALL if e.max_attempts is None]))
def test_delays_grow(attempts: int, effect: Effect) -> None:
    def due(n: int) -> datetime:
        decision = decide(a_job(effect, attempts=n), Later("busy"), NOW)
        assert isinstance(decision, Postpone)
        return decision.due

    assert NOW < due(attempts) <= due(attempts + 1) <= NOW + timedelta(minutes=10)


def test_the_delay_that_the_other_side_names_is_kept() -> None:
    wait = timedelta(minutes=7)
    assert decide(a_job(UpdateCard(1)), Later("429", wait, pause_destination=True), NOW) == Postpone(
        NOW + wait, "429", counts=True, pause=True
    )
    found = decide_after_check(a_job(SendPublicReply(1, 1, "x"), checks=1), Later("429", wait), NOW)
    assert isinstance(found, MarkUnsure)
    assert found.due == NOW + wait


def test_what_may_not_be_asked_now_is_no_check() -> None:
    wait = timedelta(minutes=7)
    job = a_job(SendPublicReply(1, 1, "x"), checks=MAX_CHECKS, reconciling=True, note="lost")
    assert decide_after_check(job, NotAsked(wait), NOW) == MarkUnsure(NOW + wait, "lost", counts=False)


@given(st.sampled_from(TO_RECONCILE), st.lists(findings, min_size=MAX_CHECKS + 1, max_size=MAX_CHECKS + 1))
def test_checks_are_limited_unless_the_other_side_cannot_be_read(
    effect: Effect, found: list[Finding]
) -> None:
    """After `MAX_CHECKS` reconciliations: a person is asked, the act fails, or it is retried."""
    for checks, finding in enumerate(found, 1):
        decision = decide_after_check(a_job(effect, checks=checks, reconciling=True), finding, NOW)
        if not isinstance(decision, MarkUnsure) or decision.due is None:
            return
    assert not effect.asks_person
    assert isinstance(found[-1], Later)


def test_a_card_in_an_unreadable_channel_is_given_up_to_be_rerouted() -> None:
    archived = Failed("the channel is archived", "is_archived", route_broken=True)
    decisions = [
        decide_after_check(a_job(PostCard(1, "C1"), checks=n, reconciling=True), archived, NOW)
        for n in range(1, MAX_CHECKS + 1)
    ]
    assert [type(decision) for decision in decisions] == [MarkUnsure] * (MAX_CHECKS - 1) + [GiveUp]
    assert decisions[-1] == GiveUp(archived)


def test_a_reply_that_cannot_be_checked_is_put_to_a_person() -> None:
    reply = a_job(SendPublicReply(1, 1, "x"), checks=MAX_CHECKS, reconciling=True, note="lost")
    assert decide_after_check(reply, Failed("no credit"), NOW) == MarkUnsure(None, "no credit", notify=True)
    assert decide_after_check(reply, Later("busy"), NOW) == MarkUnsure(None, "busy", notify=True)


def test_repeated_failures_of_a_card_back_off() -> None:
    """A bug in rendering a card is a doubt each time; without backoff Slack is read every few seconds."""
    dues = []
    for attempts in (1, 2, 9):
        decision = decide_after_check(
            a_job(PostCard(1, "C1"), attempts=attempts, checks=1, reconciling=True), Absent(), NOW
        )
        assert isinstance(decision, Postpone)
        dues.append(decision.due - NOW)
    assert dues == [timedelta(seconds=2), timedelta(seconds=4), timedelta(seconds=512)]


def test_a_message_is_not_reposted_while_the_first_attempt_may_be_in_flight() -> None:
    """Killed during a slow call to Slack: a message that is absent now may still appear."""
    send_started_at = NOW - timedelta(seconds=5)
    killed = a_job(PostCard(1, "C1"), checks=1, reconciling=True, send_started_at=send_started_at)
    assert decide_after_check(killed, Absent(), NOW) == MarkUnsure(
        send_started_at + IN_FLIGHT_WINDOW, "the outcome is unknown"
    )
    assert isinstance(decide_after_check(killed, Absent(), send_started_at + IN_FLIGHT_WINDOW), Postpone)
    set_back = send_started_at - timedelta(hours=2)
    assert decide_after_check(killed, Absent(), set_back) == MarkUnsure(
        set_back + IN_FLIGHT_WINDOW, "the outcome is unknown"
    )


def test_a_message_after_an_error_response_is_reposted_at_once() -> None:
    responded = a_job(PostCard(1, "C1"), checks=1, reconciling=True, send_started_at=NOW, responded=True)
    assert isinstance(decide_after_check(responded, Absent(), NOW), Postpone)


def test_a_lasting_unknown_outcome_notifies_once() -> None:
    told = []
    for checks in range(1, 12):
        decision = decide_after_check(
            a_job(PostCard(1, "C1"), checks=checks, reconciling=True), Later("busy"), NOW
        )
        assert isinstance(decision, MarkUnsure)
        told.append(decision.notify)
    assert told.count(True) == 1

"""Compute when answers and resolutions are due, and which alarms a wait has."""

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.cases.deadlines import Alarm, Target, alarms, next_check, with_alarms
from domain.cases.service_levels import DEFAULT_TARGETS, Due, ServiceLevel, ServiceLevels
from domain.cases.waits import Wait, WaitKind
from domain.office_hours import office_hours
from domain.triage.assessment import Assessment, Urgency
from domain.triage.situations import Situation

FRIDAY = datetime(2026, 11, 20, 17, 30, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
HIGH = Assessment("en", Situation.CANNOT_PAY, Urgency.HIGH, (), 0.0)
GERMAN = Assessment("de", Situation.PRESS, Urgency.LOW, (), 0.0)
WEEK = office_hours(["mon-fri 09:00-18:00"], "UTC")
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
FAST = ServiceLevel(
    name="fast",
    urgencies={Urgency.HIGH},
    first=HOUR,
    following=2 * HOUR,
    resolution=8 * HOUR,
    warn_before=15 * MINUTE,
)


def due(levels: ServiceLevels, kind: WaitKind = WaitKind.FIRST, assessment: Assessment = HIGH) -> Due:
    return levels.answer_due(kind, assessment, FRIDAY, channel="C1")


def test_without_levels_the_first_answer_has_the_target_of_its_urgency() -> None:
    assert due(ServiceLevels()) == Due(FRIDAY + HOUR, None)
    assert due(ServiceLevels(), WaitKind.NEXT) == Due()
    chosen = ServiceLevels(defaults=dict.fromkeys(Urgency, MINUTE))
    assert due(chosen) == Due(FRIDAY + MINUTE, None)


def test_no_answer_is_due_to_spam_unless_a_level_names_it() -> None:
    spam = replace(HIGH, situation=Situation.SPAM)
    everybody = replace(FAST, urgencies=())
    for levels in (ServiceLevels(), ServiceLevels(levels=[everybody])):
        assert due(levels, assessment=spam) == Due()
        assert levels.resolution_due(spam, FRIDAY, waited=(), channel="C1") == Due()
    named = replace(everybody, name="spam", situations={"spam"})
    assert due(ServiceLevels(levels=[everybody, named]), assessment=spam) == Due(FRIDAY + HOUR, "spam")


@pytest.mark.parametrize("urgency", Urgency)
def test_higher_urgency_has_a_shorter_target(urgency: Urgency) -> None:
    assert due(ServiceLevels(), assessment=replace(HIGH, urgency=urgency)).at == (
        FRIDAY + DEFAULT_TARGETS[urgency]
    )
    graver = [DEFAULT_TARGETS[other] for other in Urgency if other > urgency]
    assert all(target < DEFAULT_TARGETS[urgency] for target in graver)


def test_targets_count_office_hours_unless_the_level_counts_all() -> None:
    assert due(ServiceLevels(hours=WEEK)) == Due(MONDAY + HOUR / 2, None)
    assert due(ServiceLevels(levels=[FAST], hours=WEEK)) == Due(MONDAY + HOUR / 2, "fast")
    always = replace(FAST, at_all_hours=True)
    assert due(ServiceLevels(levels=[always], hours=WEEK)) == Due(FRIDAY + HOUR, "fast")


@pytest.mark.parametrize(
    ("conditions", "tags", "fits"),
    [
        ({}, (), True),
        ({"urgencies": {Urgency.LOW}}, (), True),
        ({"urgencies": {Urgency.HIGH, Urgency.URGENT}}, (), False),
        ({"situations": {"press"}}, (), True),
        ({"situations": {"refund"}}, (), False),
        ({"languages": {"de", "fr"}}, (), True),
        ({"languages": {"en"}}, (), False),
        ({"channels": {"C1"}}, (), True),
        ({"channels": {"C2"}}, (), False),
        ({"tags": {"vip", "press"}}, ("vip",), True),
        ({"tags": {"vip"}}, ("new",), False),
        ({"tags": {"vip"}}, (), False),
        ({"languages": {"de"}, "channels": {"C2"}}, (), False),
    ],
)
def test_a_level_matches_by_all_of_its_conditions(
    conditions: dict[str, Collection[str]], tags: Collection[str], fits: bool
) -> None:
    level = ServiceLevel(name="A", first=HOUR, **conditions)  # type: ignore[arg-type]
    assert level.matches(GERMAN, "C1", tags) is fits


def test_the_first_level_that_matches_holds_even_without_that_target() -> None:
    only_first = ServiceLevel(name="only first", languages={"en"}, first=5 * MINUTE)
    levels = ServiceLevels(levels=[only_first, FAST])
    assert due(levels) == Due(FRIDAY + 5 * MINUTE, "only first")
    assert due(levels, WaitKind.NEXT) == Due()
    assert levels.resolution_due(HIGH, FRIDAY, waited=[], channel="C1") == Due()


def test_the_clock_of_the_resolution_stands_still_while_we_wait_for_the_customer() -> None:
    levels = ServiceLevels(levels=[FAST], hours=WEEK)
    waited = [(FRIDAY - 30 * HOUR, FRIDAY - 29 * HOUR), (FRIDAY - 3 * HOUR, FRIDAY - HOUR)]
    # Thursday 11:30 to 12:30 and Friday 14:30 to 16:30: five of eight hours are left, half of one on Friday.
    assert levels.resolution_due(HIGH, FRIDAY, waited=waited, channel="C1") == Due(
        MONDAY + 4.5 * HOUR, "fast"
    )
    too_long = [(FRIDAY - 9 * HOUR, FRIDAY - 30 * MINUTE)]
    assert levels.resolution_due(HIGH, FRIDAY, waited=too_long, channel="C1") == Due(FRIDAY, "fast")
    assert levels.resolution_due(GERMAN, FRIDAY, waited=[], channel="C1") == Due()


LEVELS = ServiceLevels(levels=[FAST])
WAIT = Wait(
    id=1,
    case_id=1,
    kind=WaitKind.FIRST,
    asked_message_id=1,
    asked_at=FRIDAY,
    due_at=FRIDAY + HOUR,
    policy="fast",
    resolution_due_at=FRIDAY + 8 * HOUR,
    resolution_policy="fast",
)


def test_a_warning_then_a_breach_each_once() -> None:
    wait, now = WAIT, FRIDAY
    rung: list[tuple[timedelta, list[tuple[Target, bool]]]] = []
    while (at := next_check(wait, LEVELS)) is not None:
        assert alarms(wait, LEVELS, at - MINUTE) == []
        now = at
        due_now = alarms(wait, LEVELS, now)
        rung.append((now - FRIDAY, [(alarm.target, alarm.is_missed) for alarm in due_now]))
        wait = with_alarms(wait, due_now, LEVELS, now)
    assert rung == [
        (45 * MINUTE, [(Target.ANSWER, False)]),
        (HOUR, [(Target.ANSWER, True)]),
        (7 * HOUR + 45 * MINUTE, [(Target.RESOLUTION, False)]),
        (8 * HOUR, [(Target.RESOLUTION, True)]),
    ]
    assert (wait.check_at, wait.warned_at) == (None, FRIDAY + 45 * MINUTE)


def test_a_target_that_passed_unseen_is_missed_without_a_warning() -> None:
    expected = [Alarm(Target.ANSWER, True, FRIDAY + HOUR, FAST)]
    assert alarms(WAIT, LEVELS, FRIDAY + 2 * HOUR) == expected


def test_no_alarm_without_a_level_or_once_the_wait_is_over() -> None:
    assert next_check(replace(WAIT, policy=None, resolution_policy="gone"), LEVELS) is None
    assert next_check(replace(WAIT, answered_at=FRIDAY), LEVELS) is None


def test_a_warning_comes_in_office_hours() -> None:
    levels = ServiceLevels(levels=[FAST], hours=WEEK)
    early = replace(WAIT, due_at=MONDAY + 5 * MINUTE, resolution_due_at=None)
    assert next_check(early, levels) == datetime(2026, 11, 20, 17, 50, tzinfo=UTC)

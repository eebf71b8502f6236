"""Treatment is compared within situation and urgency; what is planted is found, what is chance is not."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from domain.reports import fairness
from domain.reports.fairness import MIN_CASES, Comparison, Ledger, Verdict, compare_treatment
from domain.reports.survival import Waited
from domain.reports.treatment import (
    UNHAPPY,
    Group,
    Outcome,
    Trait,
    TreatedCase,
    compared_cases,
    part_of_week,
)

LOUD = Group(Trait.FOLLOWERS, "1000")
MINUTE = 60


def made(number: int, **changes: object) -> TreatedCase:
    case = TreatedCase(
        case_id=number,
        situation="refund",
        urgency=1,
        came_in=0,
        language="en",
        followers=100,
        sentiment=0.0,
        wrote_again=False,
        wait=Waited(20 * MINUTE, True),
        office_wait=Waited(20 * MINUTE, True),
        office_before=0.0,
        moved=False,
        resolved=False,
        asked_again=False,
    )
    return replace(case, **changes)  # type: ignore[arg-type]


def waited(minutes: float, *, answered: bool = True) -> dict[str, object]:
    wait = Waited(minutes * MINUTE, answered)
    return {"wait": wait, "office_wait": wait, "asked_again": False if answered else None}


def chance(count: int, seed: int, *, loud_wait: float = 1.0) -> list[TreatedCase]:
    """Return cases of which each trait is by chance; who has 1,000 followers waits `loud_wait` times as long.

    Urgent cases wait a fourth of the time, and one wait in ten is not over.
    """
    rng = random.Random(seed)
    cases = []
    for number in range(count):
        urgency, followers = rng.choice((1, 3)), rng.choice((50, 200, 2_000, 20_000))
        minutes = rng.lognormvariate(3, 0.8) * (0.25 if urgency > 1 else 1.0)
        minutes *= loud_wait if followers >= 1_000 else 1.0
        answered = rng.random() < 0.9
        case = made(
            number,
            situation=rng.choice(("refund", "delivery")),
            urgency=urgency,
            language=rng.choice(("en", "es", "de")),
            followers=followers,
            sentiment=rng.uniform(-1, 1),
            wrote_again=rng.random() < 0.4,
            moved=rng.random() < 0.2,
            resolved=rng.random() < 0.7,
            **waited(minutes if answered else minutes * rng.random(), answered=answered),
        )
        cases.append(case)
    return cases


def relabelled(cases: Sequence[TreatedCase], seed: int) -> list[TreatedCase]:
    """Exchange followers and languages among the cases by chance."""
    labels = [(case.followers, case.language) for case in cases]
    random.Random(seed).shuffle(labels)
    return [
        replace(case, followers=followers, language=language)
        for case, (followers, language) in zip(cases, labels, strict=True)
    ]


def wait_of(ledger: Ledger, group: Group = LOUD) -> Comparison:
    return of(ledger, Outcome.WAIT, group)


def of(ledger: Ledger, outcome: Outcome, group: Group = LOUD) -> Comparison:
    [found] = [one for one in ledger.comparisons if (one.group, one.outcome) == (group, outcome)]
    return found


def test_a_difference_that_was_planted_is_found_with_its_interval_and_cases() -> None:
    cases = chance(600, 1, loud_wait=0.5)
    found = wait_of(compare_treatment(cases))
    assert found.verdict is Verdict.DIFFERENT
    assert found.difference is not None
    assert found.difference.low < found.difference.value < found.difference.high < 0
    # Half of 20 minutes in the one half of the cases, of 5 in the other: between 2.5 and 10.
    assert -10 * MINUTE < found.difference.value < -2.5 * MINUTE
    theirs, others = ({case.case_id: case for case in cases}[ids[0]] for ids in found.examples)
    assert [len(ids) for ids in found.examples] == [2, 2]
    assert theirs.followers >= 1_000 > others.followers
    assert theirs.stratum == others.stratum


def test_exchanging_who_is_loud_turns_the_sign() -> None:
    cases = chance(300, 2, loud_wait=0.5)
    turned = [replace(case, followers=100 if case.followers >= 1_000 else 2_000) for case in cases]
    one, other = (wait_of(compare_treatment(some)).difference for some in (cases, turned))
    assert one is not None
    assert other is not None
    assert (one.value, one.low, one.high) == pytest.approx((-other.value, -other.high, -other.low), abs=10)


def test_of_shuffled_cases_at_most_one_ledger_in_twenty_finds_something() -> None:
    cases = chance(250, 3, loud_wait=0.5)
    ledgers = [compare_treatment(relabelled(cases, seed)) for seed in range(40)]
    assert sum(bool(ledger.having(Verdict.DIFFERENT)) for ledger in ledgers) <= 2


def test_no_ledger_depends_on_the_order_of_the_cases() -> None:
    cases = chance(200, 4, loud_wait=0.4)
    assert compare_treatment(cases) == compare_treatment(cases[::-1])


def test_what_urgency_decides_is_no_difference_of_treatment() -> None:
    """The loud are all urgent but a few, and whoever is urgent waits 5 minutes instead of 60."""
    quiet = [made(number, **waited(55 + number % 10)) for number in range(200)]
    urgent = [made(200 + number, urgency=3, **waited(3 + number % 5)) for number in range(60)]
    loud = [made(300 + number, urgency=3, followers=5_000, **waited(3 + number % 5)) for number in range(150)]
    assert wait_of(compare_treatment([*quiet, *urgent, *loud])).verdict is Verdict.NO_EVIDENCE
    # All urgent cases but the loud ones taken away, nothing is left to compare with.
    assert wait_of(compare_treatment([*quiet, *loud])).verdict is Verdict.TOO_FEW


def test_when_somebody_asked_is_no_difference_of_treatment() -> None:
    """The loud write by day and wait 5 minutes; the others write by night, but a few, and wait for hours."""
    night = [made(number, came_in=3, **waited(500 + number)) for number in range(100)]
    day = [made(200 + number, **waited(3 + number % 5)) for number in range(30)]
    loud = [made(300 + number, followers=5_000, **waited(3 + number % 5)) for number in range(100)]
    assert wait_of(compare_treatment([*night, *day, *loud])).verdict is Verdict.NO_EVIDENCE
    local = [
        datetime(2026, 11, day, hour, tzinfo=UTC) for day, hour in ((27, 5), (27, 18), (28, 0), (29, 23))
    ]
    assert [part_of_week(moment) for moment in local] == [0, 3, 4, 7]


def test_of_very_many_cases_all_are_tested_and_some_estimated(monkeypatch: pytest.MonkeyPatch) -> None:
    cases = chance(800, 6, loud_wait=0.5)
    whole = wait_of(compare_treatment(cases))
    monkeypatch.setattr(fairness, "MAX_ESTIMATED", 100)
    thinned = wait_of(compare_treatment(cases))
    assert whole.difference is not None
    assert thinned.difference is not None
    assert (thinned.cases, thinned.others) == (whole.cases, whole.others)
    assert thinned.difference.detectable > whole.difference.detectable


def test_who_is_chosen_of_very_many_is_not_who_waited_least(monkeypatch: pytest.MonkeyPatch) -> None:
    """In each of 60 strata the loud are few, and wait exactly as the others do."""
    monkeypatch.setattr(fairness, "MAX_ESTIMATED", 100)
    cases = [
        made(
            number,
            situation=f"s{number % 60:02}",
            followers=followers,
            **waited(10 + 10 * (number // 60 % 5)),
        )
        for followers, count in ((5_000, 300), (100, 1_200))
        for number in range(count)
    ]
    difference = wait_of(compare_treatment(cases)).difference
    assert difference is not None
    assert difference.low < 0 < difference.high
    assert abs(difference.value) < MINUTE


def test_who_still_waits_counts() -> None:
    """The loud were all answered after 10 minutes; of the others as many, and the rest wait for hours."""
    loud = [made(number, followers=5_000, **waited(9 + number % 3)) for number in range(60)]
    fast = [made(100 + number, **waited(9 + number % 3)) for number in range(60)]
    open_waits = [made(200 + number, **waited(200 + number, answered=False)) for number in range(50)]
    assert wait_of(compare_treatment([*loud, *fast])).verdict is Verdict.NO_EVIDENCE
    found = wait_of(compare_treatment([*loud, *fast, *open_waits]))
    assert found.difference is not None
    assert found.verdict is Verdict.DIFFERENT


def test_who_is_never_answered_waits_longer_by_so_much_at_least() -> None:
    """Nobody who wrote in Spanish was answered within five hours, and everybody else after 10 minutes."""
    german = [made(number, language="de", **waited(9 + number % 3)) for number in range(60)]
    spanish = [
        made(100 + number, language="es", **waited(300 + number, answered=False)) for number in range(40)
    ]
    for language, sign in (("es", 1), ("de", -1)):
        found = wait_of(compare_treatment([*german, *spanish]), Group(Trait.LANGUAGE, language))
        assert found.verdict is Verdict.DIFFERENT
        assert found.difference is not None
        assert found.difference.is_open
        assert 280 * MINUTE < sign * found.difference.value < 340 * MINUTE


def test_too_few_are_said_to_be_too_few() -> None:
    few = [made(number, followers=5_000, **waited(1)) for number in range(MIN_CASES - 1)]
    many = [made(100 + number, **waited(500)) for number in range(100)]
    found = wait_of(compare_treatment([*few, *many]))
    assert (found.verdict, found.cases, found.others) == (Verdict.TOO_FEW, MIN_CASES - 1, 100)
    assert compare_treatment([]).having(Verdict.DIFFERENT) == []


def test_no_evidence_says_how_small_a_difference_would_have_been_found() -> None:
    small, large = (wait_of(compare_treatment(chance(count, 5))).difference for count in (200, 1_600))
    assert small is not None
    assert large is not None
    assert small.detectable > 1.5 * large.detectable > 0


def test_writing_again_counts_only_for_who_waited_longer() -> None:
    """Whoever waits longer has more time to write again: who wrote waited 100 minutes, most others 5."""
    again = [made(number, wrote_again=True, **waited(95 + number % 10)) for number in range(40)]
    quiet = [made(100 + number, **waited(95 + number % 10)) for number in range(40)]
    quick = [made(200 + number, **waited(5)) for number in range(200)]
    found = wait_of(compare_treatment([*again, *quiet, *quick]), Group(Trait.WROTE_AGAIN))
    assert (found.verdict, found.cases, found.others) == (Verdict.NO_EVIDENCE, 40, 40)
    sooner = [made(300 + number, wrote_again=True, **waited(45 + number % 10)) for number in range(40)]
    found = wait_of(compare_treatment([*sooner, *quiet, *quick]), Group(Trait.WROTE_AGAIN))
    assert found.difference is not None
    assert found.verdict is Verdict.DIFFERENT
    assert found.difference.value == pytest.approx(-50 * MINUTE, abs=MINUTE)


def test_shares_are_compared_within_situations() -> None:
    """Of the loud 30 of 60 were offered a private venue, of the others 12 of 60; of parcels nobody was."""
    loud = [made(number, followers=5_000, moved=number < 30) for number in range(60)]
    others = [made(100 + number, moved=number < 12) for number in range(60)]
    parcels = [made(200 + number, situation="delivery") for number in range(200)]
    ledger = compare_treatment([*loud, *others, *parcels])
    found = of(ledger, Outcome.MOVED)
    assert found.difference is not None
    assert (found.verdict, found.cases, found.others) == (Verdict.DIFFERENT, 60, 60)
    assert found.difference.value == pytest.approx(0.3)
    # Nobody's case was resolved, and nobody asked again: there is nothing to compare.
    assert {one.outcome for one in ledger.comparisons} == {Outcome.WAIT, Outcome.MOVED}


def test_what_happened_to_all_or_to_none_is_not_compared() -> None:
    """All were moved and nobody's case was resolved; who asked again is decided by the situation alone."""
    cases = [
        made(number, followers=followers, situation=situation, moved=True, asked_again=situation == "refund")
        for followers, first in ((5_000, 0), (100, 1_000))
        for situation, second in (("refund", 0), ("delivery", 500))
        for number in range(first + second, first + second + 30)
    ]
    ledger = compare_treatment(cases)
    assert {one.outcome for one in ledger.comparisons} == {Outcome.WAIT, Outcome.ASKED_AGAIN}
    assert of(ledger, Outcome.ASKED_AGAIN).verdict is Verdict.TOO_FEW


def test_who_is_just_unhappy_is_unhappy_and_of_whom_nothing_is_known_is_not_compared() -> None:
    cases = [made(number, sentiment=one) for number, one in enumerate((UNHAPPY, UNHAPPY + 0.01, None))]
    compared = compared_cases(Group(Trait.TONE), cases)
    assert [(case.case_id, is_in) for case, is_in in compared] == [(0, True), (1, False)]

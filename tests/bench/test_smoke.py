"""Run each benchmark at a tiny size, so that it keeps working; its figures mean nothing."""

from pathlib import Path

import pytest

from tests.bench.brand_spikes import brands
from tests.bench.chat import chat
from tests.bench.clicks import clicks
from tests.bench.databases import Databases, at_head
from tests.bench.figures import Figure, at_most, share_of_floor, table, times_floor
from tests.bench.flood import flood
from tests.bench.intake import intake
from tests.bench.mailing import mailing
from tests.bench.memory import memory
from tests.bench.outbox import delivery
from tests.bench.outlook import outlook
from tests.bench.reading import reading
from tests.bench.reports import reports
from tests.bench.second_spikes import OVERLAPS, second_spikes
from tests.bench.sizes import TINY
from tests.bench.spikes import STRENGTHS, spikes
from tests.bench.start import start
from tests.bench.topics import topics


@pytest.fixture
def fresh(tmp_path: Path) -> Databases:
    numbers = iter(range(10))
    return {"SQLite": lambda: at_head(f"sqlite:///{tmp_path / f'{next(numbers)}.db'}")}


def test_clicks(fresh: Databases, tmp_path: Path) -> None:
    found = clicks(fresh, TINY, tmp_path)
    # CPU time is counted in ticks of 10 ms, and so few clicks may take less than one.
    assert all(figure.measured > 0 for figure in found if not figure.what.startswith("processor time"))
    assert len(found) == 2 * len(TINY.clicks) + 2


def test_chat(fresh: Databases, tmp_path: Path) -> None:
    median, longest, held = chat(fresh, TINY, tmp_path)
    assert 0 < median.measured <= longest.measured
    assert min(median.floor or 0, longest.floor or 0) > 0
    assert held.unit == "kB"


def test_intake(fresh: Databases) -> None:
    against_floor, _absolute = intake(fresh, TINY)
    assert against_floor.floor is not None
    assert min(against_floor.measured, against_floor.floor) > 0


def test_reading() -> None:
    median, rate, memory_of_encoder, *retrieval = reading(TINY)
    assert min(median.measured, rate.measured) > 0
    assert memory_of_encoder.unit == "MB"
    assert len(retrieval) == 4
    for figure in retrieval:
        assert 0 < figure.measured <= 100
        assert 0 < (figure.floor or 0) <= 100


def test_reports(fresh: Databases) -> None:
    *timed, rate, memory_of_export = reports(fresh, TINY)
    whole, by_duckdb, filtered, agents, reading, comparing, *homes = timed
    assert (
        min(
            whole.measured,
            whole.floor or 0,
            by_duckdb.floor or 0,
            filtered.measured,
            agents.measured,
            rate.measured,
        )
        > 0
    )
    assert min(reading.measured, comparing.measured) > 0
    assert len(homes) == 3
    assert min(min(figure.measured, figure.floor or 0) for figure in homes) > 0
    assert memory_of_export.unit == "MB"


def test_outlook() -> None:
    found = outlook(TINY)
    hours = [figure for figure in found if figure.what.startswith("error of an hour")]
    assert min(min(figure.measured, figure.floor or 0) for figure in hours) > 0
    held = [figure.measured for figure in found if figure.what.startswith("hours in their range")]
    assert min(held) > 50
    assert found[-1].met


def test_spikes() -> None:
    median, slow, missed, *by_strength, quiet, busy, cost = spikes(TINY)
    assert 0 < median.measured <= slow.measured
    assert missed.measured <= 2
    assert len(by_strength) == 2 * len(STRENGTHS)
    assert max(quiet.measured, busy.measured) < 5
    assert cost.measured > 0


def test_brands() -> None:
    median, slow, missed, wrong, _excused, _silent = brands(TINY)
    assert 0 < median.measured <= slow.measured
    assert missed.measured < TINY.brand_outages
    assert wrong.measured < 5


@pytest.mark.long(15)
def test_flood(fresh: Databases) -> None:
    seen, _card, _calls, _all_calls, refused, lost, claim, _shown, _memory = flood(fresh, TINY)
    assert 0 < seen.measured < (seen.floor or 0)
    assert claim.measured > 0
    assert lost.measured == 0
    assert refused.measured == 0


def test_mailing(fresh: Databases) -> None:
    rate, memory_of_mailing = mailing(fresh, TINY)
    assert min(rate.measured, rate.floor or 0) > 0
    assert memory_of_mailing.unit == "MB"


def test_outbox(fresh: Databases) -> None:
    [figure] = delivery(fresh, TINY)
    assert figure.measured > 0
    assert figure.ratio is not None


@pytest.mark.long(15)
def test_start_and_memory(fresh: Databases, tmp_path: Path) -> None:
    [seconds] = start(fresh, TINY, tmp_path)
    idle, full = memory(fresh, TINY, tmp_path)
    assert seconds.measured > 0
    assert min(idle.measured, full.measured) > (idle.floor or 0) > 0


def test_the_table_says_what_was_met_and_what_was_missed() -> None:
    lines = table(
        [
            times_floor("slow", "ms", 3.0, 1.0, 1.7),
            share_of_floor("quick", "/s", 30.0, 100.0, 0.25),
            at_most("small", "MB", 149.0, 150.0, 50.0),
            Figure(what="open", unit="/s", measured=1234.0),
        ]
    ).splitlines()
    assert [line.split()[0] for line in lines] == ["what", "slow", "quick", "small", "open"]
    assert [line.split()[-1] for line in lines[1:]] == ["MISSED", "met", "met", "-"]
    assert "3.00×" in lines[1]
    assert "1,234 /s" in lines[4]


def test_topics() -> None:
    against_floor, wait = topics(TINY)
    assert min(against_floor.measured, against_floor.floor or 0, wait.measured) > 0


@pytest.mark.long(15)
def test_second_spikes() -> None:
    figures = second_spikes(TINY)
    found = [one.measured for one in figures if "alerts of their own" in one.what]
    twice = [one.measured for one in figures if "second alerts" in one.what]
    assert len(found) == 2 * 2 * len(OVERLAPS)
    assert sum(found) >= 1
    assert max(twice) <= 1

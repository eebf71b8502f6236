"""Erlang C: against published values, at any load, and where nobody comes."""

import math

import pytest

from domain.reports.erlang import MAX_LOAD, agents_needed


@pytest.mark.parametrize(
    ("agents", "load", "share"),
    # One server: the load itself. Two: 2a² / (2 (2 - a) (1 + a + a² / (2 - a))) = 1/3. The others are of
    # tables of call centres: 10 Erlang with 14 agents, and 8 with 10.
    [(1, 0.5, 0.5), (2, 1.0, 1 / 3), (14, 10.0, 0.1741), (10, 8.0, 0.4092)],
)
def test_the_share_that_waits_is_that_of_published_tables(agents: int, load: float, share: float) -> None:
    """They answer the rest at once; for any more it takes another agent."""
    assert agents_needed(load, target=0.0, share=1 - share - 5e-5) == agents
    assert agents_needed(load, target=0.0, share=1 - share + 5e-5) == agents + 1


def test_the_agents_of_the_textbook_call_centre() -> None:
    """200 calls an hour of three minutes, 80 % within 20 seconds: 10 Erlang, 14 agents."""
    assert agents_needed(10.0, target=20 / 180, share=0.8) == 14


def test_agents_who_cannot_keep_up_are_too_few_for_any_target() -> None:
    assert agents_needed(8.0, target=1_000.0, share=0.9) == 9


def test_nobody_is_needed_where_nobody_comes() -> None:
    assert agents_needed(0.0, target=1.0, share=0.9) == 0
    assert agents_needed(1e-300, target=1.0, share=0.9) == 1


def test_a_large_load_needs_its_square_root_more() -> None:
    """Halfin and Whitt: the reserve grows as the root of the load, and nothing overflows."""
    needed = agents_needed(50_000.0, target=0.0, share=0.8)
    reserve = (needed - 50_000) / math.sqrt(50_000)
    assert 0.8 < reserve < 1.4  # the share of 0.2 that waits is at a reserve of 1.06 roots
    with pytest.raises(ValueError, match="cannot be computed"):
        agents_needed(2 * MAX_LOAD, target=1.0, share=0.9)
    with pytest.raises(ValueError, match="cannot be computed"):
        agents_needed(math.nan, target=1.0, share=0.9)


def test_more_load_never_needs_fewer_agents() -> None:
    needed = [agents_needed(tenth / 10, target=0.5, share=0.9) for tenth in range(400)]
    assert needed == sorted(needed)

"""Count what an agent did in a period."""

from domain.reports.agents import Answers


def test_first_and_further_answers_count_together() -> None:
    assert Answers(first=(60.0, 90.0), next=(30.0,)).count == 3

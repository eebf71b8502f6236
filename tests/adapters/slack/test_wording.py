"""Render phrases that several messages share."""

import pytest

from adapters.slack.wording import language_name, price_of_one


@pytest.mark.parametrize(
    ("code", "name"),
    [("es", "Spanish"), ("cy", "Welsh"), ("nb", "Norwegian Bokmål"), ("qzz", "qzz"), ("x" * 30, "x" * 20)],
)
def test_a_language_is_named_in_english_and_an_unknown_one_by_its_code(code: str, name: str) -> None:
    assert language_name(code) == name


@pytest.mark.parametrize(
    ("price", "shown"), [(0.2, "$0.20"), (0.015, "$0.015"), (0.01, "$0.01"), (3, "$3.00")]
)
def test_what_one_act_costs_is_not_rounded_down(price: float, shown: str) -> None:
    assert price_of_one(price) == shown

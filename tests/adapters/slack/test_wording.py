"""Render phrases that several messages share."""

import pytest

from adapters.slack.wording import language_name


@pytest.mark.parametrize(
    ("code", "name"),
    [("es", "Spanish"), ("cy", "Welsh"), ("nb", "Norwegian Bokmål"), ("qzz", "qzz"), ("x" * 30, "x" * 20)],
)
def test_a_language_is_named_in_english_and_an_unknown_one_by_its_code(code: str, name: str) -> None:
    assert language_name(code) == name

"""Restore links that gateways rewrote, however many stand in one line."""

import pytest

from domain.intake.rewritten_links import with_plain_links
from tests.growth import assert_linear

OUTLOOK = "https://a.safelinks.protection.outlook.com/?url="
MANY = {
    "Outlook": f"{OUTLOOK}x ",
    "Outlook within Outlook": f"{OUTLOOK}{OUTLOOK}",
    "Proofpoint": "https://urldefense.com/v3/__x__;! ",
    "Proofpoint without an end": "https://urldefense.com/v3/__a",
    "Proofpoint and a bracket": "https://urldefense.com/v3/__x__;a [b",
    "pictures": "[image ",
}


def test_every_link_of_a_line_is_restored() -> None:
    line = f"see {OUTLOOK}https%3A%2F%2Fa.example%2F1&data=05 and https://urldefense.com/v3/__https://b.example__;!!x$ ok"
    assert with_plain_links(line) == "see https://a.example/1 and https://b.example ok"
    assert with_plain_links(f"{OUTLOOK}{OUTLOOK}x") == f"{OUTLOOK}x", "what was rewritten is not read again"


@pytest.mark.parametrize("piece", MANY.values(), ids=MANY)
def test_the_time_is_linear_in_the_length_of_a_line(piece: str) -> None:
    assert_linear(with_plain_links, piece, short=50_000, long=500_000)

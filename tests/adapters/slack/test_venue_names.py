"""The words of venues, and why one cannot be offered."""

import pytest

from adapters.slack.handoffs.venue_names import unavailable_text
from domain.handoffs.venue_choice import CannotBeOffered, NotSetUp, Obstacle, Unavailable
from domain.intake.posts import ReplyBlock

SENTENCES: list[tuple[Unavailable, str]] = [
    (Obstacle.ALREADY_THERE, "The conversation is there already."),
    (
        Obstacle.NO_ACCOUNT_KNOWN,
        "The customer writes by e-mail, and is on no network that we know of.",
    ),
    (Obstacle.OPTED_OUT, "The customer has asked not to be written to."),
    (NotSetUp("It needs PUBLIC_URL."), "It needs PUBLIC_URL."),
    (
        CannotBeOffered(ReplyBlock.RESTRICTED),
        "The customer cannot be told: its author has restricted who may reply.",
    ),
]


@pytest.mark.parametrize(("unavailable", "text"), SENTENCES)
def test_each_reason_has_its_sentence(unavailable: Unavailable, text: str) -> None:
    assert unavailable_text(unavailable) == text


def test_every_obstacle_has_a_sentence() -> None:
    assert all(unavailable_text(obstacle).endswith(".") for obstacle in Obstacle)

"""Find what a customer shows to everybody in a public post, and should take down."""

from collections.abc import Sequence
from enum import StrEnum

from domain.cases.messages import Delivery, Direction, Message
from domain.replies.checks.personal_data import contains_iban, contains_likely_card_number, contains_secret
from domain.replies.checks.reply import normalize
from domain.venues import Venue

#: Characters of posts that are looked at, the newest first: a customer may write a hundred thousand.
MAX_READ = 10_000


class ExposedData(StrEnum):
    """What lets a stranger take a customer's money or account."""

    CARD_NUMBER = "card number"
    IBAN = "IBAN"
    ACCESS = "access"


_CHECKS = {
    ExposedData.CARD_NUMBER: contains_likely_card_number,
    ExposedData.IBAN: contains_iban,
    ExposedData.ACCESS: contains_secret,
}


def exposed_data(messages: Sequence[Message]) -> tuple[ExposedData, ...]:
    """Return what public posts of the customer show, among those that we have not answered.

    `messages` are a case's, oldest first. Posts that are deleted show nothing.
    """
    texts, left = [], MAX_READ
    for message in reversed(messages):
        if message.venue is not Venue.PUBLIC:
            continue
        if message.direction is Direction.OUT:
            if message.delivery is Delivery.FAILED:
                continue
            break
        if message.deleted_at is None:
            texts.append(normalize(message.text[:left]))
            left -= min(left, len(message.text))
    return tuple(found for found, shows in _CHECKS.items() if any(map(shows, texts)))

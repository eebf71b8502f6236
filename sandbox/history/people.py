"""Make up the customers of a history, and what they and the agents write."""

import random
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from sandbox.history.events import Customer
from sandbox.history.office import BERLIN, NEW_YORK, ZONES
from sandbox.outage_posts import FIRST_NAMES, LAST_NAMES

TEXTS = Path(__file__).parent / "texts.toml"
#: Shares of the languages in each time zone.
LANGUAGES = {
    BERLIN: {"de": 46, "en": 20, "fr": 14, "it": 10, "es": 10},
    NEW_YORK: {"en": 70, "es": 20, "pt": 10},
}
#: Half of all have fewer followers; one in forty has more than 20 times as many (log-normal).
FOLLOWERS, FOLLOWERS_SPREAD = 210, 1.5
TAKES_MESSAGES = 0.25
_FIRST_ID = 60_000_001


class People:
    """Makes up customers, each with an id and a handle of their own."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._made = 0

    def customer(self, zone: str | None = None, language: str | None = None) -> Customer:
        """Make up a customer, of a time zone and a language where those are given."""
        rng = self._rng
        [zone] = [zone] if zone else rng.choices(list(ZONES), list(ZONES.values()))
        languages = LANGUAGES[zone]
        [language] = [language] if language else rng.choices(list(languages), list(languages.values()))
        first, last = rng.choice(FIRST_NAMES), rng.choice(LAST_NAMES)
        self._made += 1
        return Customer(
            id=str(_FIRST_ID + self._made),
            handle=f"{first}{last}"[:9].lower() + f"_{self._made}",
            name=f"{first} {last}",
            language=language,
            zone=zone,
            followers=int(rng.lognormvariate(0, FOLLOWERS_SPREAD) * FOLLOWERS),
            takes_messages=rng.random() < TAKES_MESSAGES,
        )


@cache
def _texts() -> dict[str, Any]:
    return tomllib.loads(TEXTS.read_text(encoding="utf-8"))


def post_text(rng: random.Random, language: str, topic: str) -> str:
    """Write a post about a topic."""
    texts = _texts()[language]
    opening, event, ending = (
        rng.choice(part) for part in (texts["openings"], texts["topics"][topic], texts["endings"])
    )
    stop = "." if ending and event[-1] not in "?!." else ""
    return f"{opening} {event}{stop} {ending}".strip()


def line(rng: random.Random, customer: Customer, kind: str) -> str:
    """Write a line of a kind: `again`, `thanks`, `answers` and so on, to or by the customer."""
    lines: Sequence[str] = _texts()[customer.language][kind]
    return rng.choice(lines).format(name=customer.first_name)

"""Write the posts of an invented outage in six languages, deterministic per seed."""

import random
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

WORDS = Path(__file__).parent / "mentions" / "outage.toml"
#: Shares of the languages.
LANGUAGES = {"en": 36, "es": 18, "de": 16, "fr": 12, "pt": 10, "it": 8}
#: After so many posts about the outage comes an urgent one about something else.
URGENT_EVERY = 26
TYPO_SHARE = 0.3
_SHORTEST_WITH_TYPO = 5

FIRST_NAMES = (
    *("Ana", "Ben", "Carla", "Dario", "Elif", "Finn", "Greta", "Hugo", "Ines", "Jonas", "Kim", "Lea"),
    *("Marco", "Nora", "Omar", "Paula", "Rui", "Sara", "Tom", "Ugo", "Vera", "Wim", "Yara", "Zoe"),
)
LAST_NAMES = (
    *("Alves", "Becker", "Costa", "Dubois", "Egger", "Ferrari", "Garcia", "Horn", "Ito", "Janssen"),
    *("Klein", "Lopez", "Meyer", "Novak", "Okoye", "Petit", "Rossi", "Silva", "Torres", "Weber"),
)


@dataclass(frozen=True, slots=True)
class OutagePost:
    """A post: who writes what, in which language."""

    username: str
    name: str
    text: str
    language: str
    is_urgent: bool = False


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads(WORDS.read_text(encoding="utf-8"))


def outage_posts(seed: int) -> Iterator[OutagePost]:
    """Write posts about the outage without end, each by another person; some are urgent and about else."""
    rng, words = random.Random(seed), _words()
    urgent = [(language, text) for language, texts in words["urgent"].items() for text in texts]
    rng.shuffle(urgent)
    number = 0
    while True:
        number += 1
        is_urgent = number % URGENT_EVERY == 0
        if is_urgent:
            language, text = urgent[number // URGENT_EVERY % len(urgent)]
        else:
            [language] = rng.choices(list(LANGUAGES), list(LANGUAGES.values()))
            text = _report(rng, words[language])
        first, last = rng.choice(FIRST_NAMES), rng.choice(LAST_NAMES)
        username = f"{first}{last}"[:8].lower() + f"_{seed % 10}{number}"
        yield OutagePost(username, f"{first} {last}", text, language, is_urgent=is_urgent)


def _report(rng: random.Random, words: dict[str, Any]) -> str:
    event = rng.choice(words["events"])
    if rng.random() < TYPO_SHARE:
        event = _with_typo(rng, event)
    ending = rng.choice(words["endings"])
    stop = "." if ending[:1].isupper() or ending.startswith("¿") else ""
    return f"{rng.choice(words['openings'])} {event}{stop} {ending}".strip()


def _with_typo(rng: random.Random, text: str) -> str:
    """Swap, drop or double a letter within a word, if one is long enough."""
    words = text.split(" ")
    places = [at for at, word in enumerate(words) if len(word) >= _SHORTEST_WITH_TYPO and word.isalpha()]
    if not places:
        return text
    at = rng.choice(places)
    word = words[at]
    inner = rng.randrange(1, len(word) - 2)
    words[at] = rng.choice(
        (
            word[:inner] + word[inner + 1] + word[inner] + word[inner + 2 :],
            word[:inner] + word[inner + 1 :],
            word[:inner] + word[inner] + word[inner:],
        )
    )
    return " ".join(words)

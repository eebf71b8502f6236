"""The page's sentences, in the languages that there are."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

_FOLDER = Path(__file__).with_name("words")
FALLBACK = "en"

Sentences = Mapping[str, str]


def load_sentences(folder: Path = _FOLDER) -> dict[str, Sentences]:
    """By language (ISO 639-1), by name."""
    return {
        path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.toml"))
    }


def chosen(accepted: str, there: Mapping[str, Sentences], otherwise: str) -> str:
    """Which of our languages an `Accept-Language` header likes best (RFC 9110, 12.5.4); `otherwise`, or English, where none."""
    wishes: list[tuple[float, int, str]] = []
    for place, wish in enumerate(accepted[:500].split(",")):
        tag, _, weight = wish.strip().lower().partition(";")
        language, quality = tag.strip().partition("-")[0], _quality(weight)
        if language in there and quality > 0:
            wishes.append((-quality, place, language))
    if wishes:
        return min(wishes)[2]
    return otherwise if otherwise in there else FALLBACK


def _quality(weight: str) -> float:
    name, _, value = weight.strip().partition("=")
    if name != "q":
        return 1.0
    try:
        return min(max(float(value), 0.0), 1.0)
    except ValueError:
        return 0.0

"""Make the invented flood of a rehearsal from its words: the same words and number make the same posts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.outages.rehearsal import FloodPost

#: Of so many posts one is urgent and about something else.
URGENT_EVERY = 12
_FIRST_URGENT = 5
#: Steps through the lists of words, so that the parts of a post are combined anew each time.
_EVENT_STEP, _ENDING_STEP = 3, 5
_NAMES = ("ana", "ben", "carla", "dario", "elif", "finn", "greta", "hugo", "ines", "jonas", "kim", "lea")


@dataclass(frozen=True, slots=True, kw_only=True)
class FloodWords:
    """The parts of a flood's posts in one language. `{us}` stands for our handle."""

    openings: Sequence[str]
    events: Sequence[str]
    endings: Sequence[str]
    urgent: Sequence[str]


def invent_flood(words: Mapping[str, FloodWords], *, count: int, handle: str) -> list[FloodPost]:
    """Return `count` posts, each by another author, spread evenly; `words` are by language."""
    urgent = _by_turns({language: ones.urgent for language, ones in words.items()})
    languages = list(words)
    posts: list[FloodPost] = []
    for number in range(count):
        is_urgent = number % URGENT_EVERY == _FIRST_URGENT and bool(urgent)
        turn, lap = divmod(number, len(languages))[::-1]
        language = languages[turn]
        text = _report(words[language], lap)
        if is_urgent:
            language, text = urgent[number // URGENT_EVERY % len(urgent)]
        posts.append(
            FloodPost(
                key=f"{number + 1:06}",
                author=f"{_NAMES[number % len(_NAMES)]}_{number + 1}",
                text=text.replace("{us}", f"@{handle}"),
                language=language,
                at=number / count,
                is_urgent=is_urgent,
            )
        )
    return posts


def _by_turns(texts: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """List the first text of each language, then the second, and so on."""
    most = max(map(len, texts.values()), default=0)
    return [(name, ones[turn]) for turn in range(most) for name, ones in texts.items() if turn < len(ones)]


def _report(words: FloodWords, lap: int) -> str:
    opening = words.openings[lap % len(words.openings)]
    event = words.events[lap * _EVENT_STEP % len(words.events)]
    ending = words.endings[lap * _ENDING_STEP % len(words.endings)]
    stop = "." if ending else ""
    return f"{opening} {event}{stop} {ending}".strip()

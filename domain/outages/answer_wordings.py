"""Word answers to linked customers: approved wordings, varied, each of which is used once."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from domain.triage.saved_replies import TemplateError, fill_values, first_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Wordings:
    """Approved wordings in one language, as templates of saved replies are written.

    `greetings` may have `{{ name }}`, `bodies` `{{ time }}` and `{{ workaround }}`, in optional passages
    (`[[ … ]]`) where they may be missing.
    """

    greetings: Sequence[str]
    bodies: Sequence[str]


def lines_of(text: str) -> tuple[str, ...]:
    """Split an editable text into its wordings: one in each line that is not empty."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def with_room(lines: Sequence[str], *, most: int) -> tuple[str, ...]:
    """Return the wordings that fit below each other into `most` characters, in order; none is cut."""
    kept, room = [], most
    for line in lines:
        if len(line) <= room:
            kept.append(line)
            room -= len(line) + 1
    return tuple(kept)


def faulty_line(lines: Sequence[str], values: Mapping[str, str]) -> str | None:
    """Return the first wording that cannot be filled with these values; `None` if all can."""
    for line in lines:
        try:
            fill_values(line, values)
        except TemplateError:
            return line
    return None


def unused_wording(
    wordings: Wordings,
    *,
    name: str,
    handle: str,
    values: Mapping[str, str],
    position: int,
    used: Collection[str],
    fits: Callable[[str], bool],
) -> str | None:
    """Return a wording for a customer that fits and that nobody was sent; `None` where there is none left.

    The first is chosen by `position`, so that neighbours read differently. A customer without a first name,
    or for whom all are used, is addressed by handle. Raises `TemplateError` for a `faulty_line`.
    """
    for address in (first_name(name), f"@{handle}" if handle else ""):
        for text in _combined(wordings, {**values, "name": address}, position):
            if text not in used and fits(text):
                return text
    return None


def _combined(wordings: Wordings, values: Mapping[str, str], position: int) -> Iterator[str]:
    """Iterate over all greetings with all bodies; neighbours differ in the body, which readers see first."""
    count = len(wordings.greetings) * len(wordings.bodies)
    for step in range(count):
        index = (position + step) % count
        greeting = wordings.greetings[index // len(wordings.bodies)]
        body = wordings.bodies[index % len(wordings.bodies)]
        yield f"{fill_values(greeting, values)} {fill_values(body, values)}".strip()

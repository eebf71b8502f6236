"""Word what became of promises, and what is not complete, for lines of a summary."""

from collections.abc import Iterator

from domain.reports.figures import CompletenessFigures, Figures, PromiseFigures


def alarming_lines(figures: Figures) -> Iterator[tuple[str, list[str]]]:
    """Yield the lines, by name and parts, of promises that were not kept and of what is not complete."""
    if figures.promises.broken:
        yield "Promises", promise_parts(figures.promises)
    if parts := _completeness(figures.completeness):
        yield "Completeness", parts


def promise_parts(promises: PromiseFigures) -> list[str]:
    """Word what became of promises."""
    states = {"kept": promises.kept, "broken": promises.broken, "open": promises.open}
    return [f"{promises.made:,} made", *(f"{count:,} {name}" for name, count in states.items() if count)]


def _completeness(completeness: CompletenessFigures) -> list[str]:
    counts = {
        "not held": completeness.missing,
        "could not be read": completeness.unreadable,
        "listed late": completeness.late,
    }
    return [f"{count:,} {name}" for name, count in counts.items() if count]

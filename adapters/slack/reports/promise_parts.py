"""Word what became of promises, for a line of a summary."""

from domain.reports.figures import PromiseFigures


def promise_parts(promises: PromiseFigures) -> list[str]:
    """Return the parts of the line: how many were made, and what became of them."""
    states = {"kept": promises.kept, "broken": promises.broken, "open": promises.open}
    return [f"{promises.made:,} made", *(f"{count:,} {name}" for name, count in states.items() if count)]

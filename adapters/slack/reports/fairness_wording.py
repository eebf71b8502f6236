"""Word how a group of customers was treated differently from others."""

from collections.abc import Sequence

from adapters.slack.reports.wording import NBSP, duration, duration_range
from adapters.slack.wording import count_of, language_name
from domain.reports.fairness import Comparison, Difference
from domain.reports.treatment import WROTE_AGAIN_WITHIN, Group, Outcome, Trait

_AGAIN = f"{WROTE_AGAIN_WITHIN.total_seconds() / 60:.0f}{NBSP}min"
#: What happened to the group and then, after "more often than others", to nobody else.
_HAPPENED = {
    Outcome.MOVED: "were offered a private conversation",
    Outcome.RESOLVED: "had their case resolved",
    Outcome.ASKED_AGAIN: "asked again within a day of our answer",
}
OUTCOME_NAMES = {
    Outcome.WAIT: "wait",
    Outcome.MOVED: "private",
    Outcome.RESOLVED: "resolved",
    Outcome.ASKED_AGAIN: "asked again",
}
_LOUD = frozenset({Trait.FOLLOWERS, Trait.TONE, Trait.WROTE_AGAIN})


def group_name(group: Group) -> str:
    """Name the people of a group."""
    match group.trait:
        case Trait.FOLLOWERS:
            return f"People with {int(group.key):,} followers or more"
        case Trait.LANGUAGE:
            return f"People who wrote in {language_name(group.key)}"
        case Trait.TONE:
            return "People who wrote in an unhappy tone"
        case Trait.WROTE_AGAIN:
            return f"People who had written again within {_AGAIN}, of those who still waited then,"


def short_name(group: Group) -> str:
    """Name a group in a list of them."""
    match group.trait:
        case Trait.FOLLOWERS:
            return f"{int(group.key):,} followers or more"
        case Trait.LANGUAGE:
            return language_name(group.key)
        case Trait.TONE:
            return "unhappy tone"
        case Trait.WROTE_AGAIN:
            return f"written again within {_AGAIN}"


def smallest_found(comparisons: Sequence[Comparison], *, is_wait: bool) -> str:
    """Say from what size on differences would have been found, by group: "a wait of 14 to 38 min"; or ""."""
    sizes = [
        abs(one.difference.detectable)
        for one in comparisons
        if one.difference is not None and (one.outcome is Outcome.WAIT) is is_wait
    ]
    if not sizes:
        return ""
    least, most = min(sizes), max(sizes)
    if is_wait:
        return f"a wait of {duration(most) if least == most else duration_range(least, most)}"
    low, high = round(100 * least), round(100 * most)
    points = f"{high}" if low == high else f"{low} to {high}"
    return f"a share of {points} points"


def is_loud_first(comparison: Comparison) -> bool:
    """Return whether those who are louder waited less."""
    difference = comparison.difference
    is_less = comparison.outcome is Outcome.WAIT and difference is not None and difference.value < 0
    return is_less and comparison.group.trait in _LOUD


def finding_text(comparison: Comparison) -> str:
    """Say what was found: who waited how much less than others, with the interval and the number of cases."""
    difference = comparison.difference
    if difference is None:
        return f"{group_name(comparison.group)}: {OUTCOME_NAMES[comparison.outcome]}"
    is_wait = comparison.outcome is Outcome.WAIT
    amount = _found_amount(comparison, difference)
    more = ("less" if difference.value < 0 else "longer") if is_wait else _often(difference)
    done = f"waited {amount}" if is_wait else _HAPPENED[comparison.outcome]
    by = "" if is_wait else f": by {amount}"
    sure = "" if difference.is_open else f"{_range(comparison, difference)}, "
    certainty = f"{sure}{comparison.cases:,} cases"
    return (
        f"{group_name(comparison.group)} {done} {more} than others with the same situation{by} ({certainty})"
    )


def clock_text(comparison: Comparison) -> str | None:
    """Say the difference by the clock, where office hours make it another."""
    clock, office = comparison.by_clock, comparison.difference
    if clock is None or office is None or clock == office:
        return None
    more = "less" if clock.value < 0 else "longer"
    sure = "" if clock.is_open else f" ({_range(comparison, clock)})"
    return f"in office hours; by the clock {_found_amount(comparison, clock)} {more}{sure}"


def detectable_text(comparison: Comparison) -> str:
    """Say how small a difference would have been found: "wait 14 min", "resolved 8 points"."""
    difference = comparison.difference
    name = OUTCOME_NAMES[comparison.outcome]
    return name if difference is None else f"{name} {_amount(comparison, difference.detectable)}"


def _often(difference: Difference) -> str:
    return "less often" if difference.value < 0 else "more often"


def _range(comparison: Comparison, difference: Difference) -> str:
    """Return the interval of the amount: "6 to 12 min"; "none" for the end that is on the other side."""
    ends = sorted((difference.low, difference.high), key=abs)
    is_one_sided = difference.low * difference.high >= 0
    low, high = map(abs, ends)
    if not is_one_sided:
        return f"none to {_amount(comparison, high)}"
    if comparison.outcome is Outcome.WAIT:
        return duration_range(low, high)
    return f"{round(100 * low)} to {_amount(comparison, high)}"


def _found_amount(comparison: Comparison, difference: Difference) -> str:
    amount = _amount(comparison, difference.value)
    return f"at least {amount}" if difference.is_open else amount


def _amount(comparison: Comparison, value: float) -> str:
    if comparison.outcome is Outcome.WAIT:
        return duration(abs(value))
    points = round(100 * abs(value))
    return count_of(points, "point")

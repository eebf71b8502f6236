"""Word the rules of routing: when one applies, and what it does."""

from collections.abc import Iterable, Sequence

from adapters.slack.cases.tag_wording import tag_label
from adapters.slack.escaping import channel_mention, escape, inline
from adapters.slack.labels import situation_label
from adapters.slack.rich_text import Node, group_node, text_node
from adapters.slack.wording import language_name
from domain.cases.case import Case
from domain.cases.routes import Condition, Route
from domain.triage.situations import Situation

MAX_SHOWN = 200

_STEPS = {-1: "ranked lower", 1: "ranked higher"}


def mentioned_group(case: Case) -> list[Node]:
    """Render the user group that the rule of the case calls, until somebody has claimed it."""
    group = case.routing.group
    is_called = group is not None and case.claimed_by is None
    return [text_node("for "), group_node(str(group))] if is_called else []


def conditions_text(route: Route, only: Iterable[Condition] = tuple(Condition)) -> str:
    """Word the conditions of a rule, or the given ones: "situation Press, language German"."""
    held = route.conditions()
    return ", ".join(_condition_text(one, held[one]) for one in only if one in held) or "every case"


def _condition_text(condition: Condition, value: str | Sequence[str]) -> str:
    match condition, value:
        case Condition.SITUATION, str():
            return f"situation {situation_label(Situation(value))}"
        case Condition.LANGUAGE, str():
            return f"language {language_name(value)}"
        case Condition.WORDS, [*words]:
            return f"{' or '.join(f'“{word}”' for word in words)} in the text"
        case Condition.ACCOUNT, str():
            return f"our account @{value.removeprefix('@')}"
        case Condition.CUSTOMER_TAG, str():
            return f"a customer tagged {tag_label(value)}"
        case _:
            return f"network {value}"


def details_line(case: Case, route: Route | None) -> list[str]:
    """Render which rule decided of a case; empty if none did. `route` is the rule of that name now."""
    rule = case.routing.rule
    if rule is None:
        return []
    heading = f"*Routed by the rule* “{escape(inline(rule, 40))}”"
    if route is None:
        return [f"{heading}, which is not in switchboard.toml any more"]
    effects = [
        f"to {channel_mention(route.channel)}" if route.channel is not None else "",
        _STEPS.get(route.rank_step, ""),
    ]
    does = ", ".join(effect for effect in effects if effect)
    return [
        f"{heading} ({escape(inline(conditions_text(route), MAX_SHOWN))})" + (f": {does}" if does else "")
    ]

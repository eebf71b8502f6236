"""Compute how an outage changes the states of components on a status page, and how they are restored.

Where several open outages name a component, it has the worst of their states, and goes back to what it was
before all of them when the last one ends. `others` are the states of the other open outages.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentStates:
    """The states that an outage has set, by the component's id there, and those from before it.

    Only components that this outage changed are in them. Empty before the first change, and after they were
    restored.
    """

    before: Mapping[str, str] = field(default_factory=dict)
    ours: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_data(cls, data: object) -> "ComponentStates":
        """Parse what `data` returned; empty where it is something else."""
        given = data if isinstance(data, Mapping) else {}
        before, ours = _states(given.get("before")), _states(given.get("ours"))
        known = before.keys() & ours.keys()
        return cls(
            before={one: state for one, state in before.items() if one in known},
            ours={one: state for one, state in ours.items() if one in known},
        )

    @property
    def data(self) -> dict[str, Any]:
        """The states, JSON-ready."""
        return {"before": dict(self.before), "ours": dict(self.ours)}

    def set_to(
        self,
        wanted: Mapping[str, str],
        current: Mapping[str, str],
        order: Sequence[str],
        others: Sequence["ComponentStates"] = (),
    ) -> tuple[dict[str, str], "ComponentStates"]:
        """Return the changes that bring the components to the wanted states, and the states from then on.

        `order` is all states from the best to the worst. A component that somebody else changed since we did,
        or that is worse already without an outage of ours, is left alone; one that is not in `current` too.
        """
        changes: dict[str, str] = {}
        before, ours = dict(self.before), dict(self.ours)
        for component, state in wanted.items():
            if (now := current.get(component)) is None:
                continue
            sharing = _in_force(_sharing(component, others), now, order)
            is_of_others = now in sharing
            is_worse = component not in ours and _rank(order, now) > _rank(order, state)
            if is_worse and not is_of_others:
                continue
            if component in ours and now != ours[component] and not is_of_others:
                del before[component], ours[component]
                continue
            is_shared = is_of_others or component in ours
            before.setdefault(component, sharing.get(now, now))
            ours[component] = state
            target = _worst(order, [state, *sharing]) if is_shared else state
            if now != target:
                changes[component] = target
        return changes, ComponentStates(before=before, ours=ours)

    def without(self, kept: Collection[str]) -> "ComponentStates":
        """Return the states of those components alone that are not in `kept`."""
        return ComponentStates(
            before={one: state for one, state in self.before.items() if one not in kept},
            ours={one: state for one, state in self.ours.items() if one not in kept},
        )

    def after_attempt(self, attempted: "ComponentStates", current: Mapping[str, str]) -> "ComponentStates":
        """Return the states after an attempt that changed all, some or none of what it wanted."""
        arrived = {one: state for one, state in attempted.ours.items() if current.get(one) == state}
        before = {one: attempted.before[one] for one in arrived} | dict(self.before)
        return ComponentStates(before=before, ours={**self.ours, **arrived})

    def inherit(self, ended: "ComponentStates") -> "ComponentStates":
        """Return the states once another outage has ended, whose states were there before this one's.

        Its components go back to what they were before both.
        """
        inherited = {
            component: ended.before[component]
            for component, state in self.before.items()
            if component in ended.ours and ended.ours[component] == state
        }
        return ComponentStates(before={**self.before, **inherited}, ours=self.ours)

    def restore(
        self, current: Mapping[str, str], order: Sequence[str] = (), others: Sequence["ComponentStates"] = ()
    ) -> dict[str, str]:
        """Return the changes that restore the components, or leave them to the other open outages.

        Those that no longer have our state are left alone.
        """
        changes: dict[str, str] = {}
        for component, state in self.ours.items():
            if current.get(component) != state:
                continue
            sharing = _sharing(component, others)
            target = _worst(order, list(sharing)) if sharing else self.before[component]
            if target != state and not (sharing and _rank(order, target) > _rank(order, state)):
                changes[component] = target
        return changes


def _sharing(component: str, others: Sequence[ComponentStates]) -> dict[str, str]:
    """Return the states that other outages gave a component, each with what it was before them."""
    return {one.ours[component]: one.before[component] for one in others if component in one.ours}


def _in_force(sharing: Mapping[str, str], now: str, order: Sequence[str]) -> dict[str, str]:
    """Return the states that still count: a component in a better one was set to it by a person since."""
    return {state: was for state, was in sharing.items() if _rank(order, state) <= _rank(order, now)}


def _worst(order: Sequence[str], given: Sequence[str]) -> str:
    return max(given, key=lambda state: _rank(order, state))


def _states(given: object) -> dict[str, str]:
    return {str(one): str(state) for one, state in given.items()} if isinstance(given, Mapping) else {}


def _rank(order: Sequence[str], state: str) -> int:
    return order.index(state) if state in order else -1

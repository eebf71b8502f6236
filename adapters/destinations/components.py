"""Match the components of a notice with those that a status page has."""

from collections.abc import Mapping, Sequence
from typing import Any

from domain.diagnostics import CheckLine
from domain.outages.component_states import ComponentStates


def states_of(others: Sequence[Mapping[str, Any]]) -> list[ComponentStates]:
    """Return the states that other open outages have set, by what their receipts keep."""
    return [ComponentStates.from_data(data) for data in others]


class PageComponents:
    """The components' ids on one page, by name. `order` is the page's states from the best to the worst.

    `without_id` are the names of components that have no id there: what is sent to the page leaves them out.
    """

    def __init__(
        self,
        destination: str,
        label: str,
        ids: Mapping[str, str],
        order: Sequence[str],
        without_id: Sequence[str] = (),
    ) -> None:
        self._destination = destination
        self._label = label
        self._ids = dict(ids)
        self._order = order
        self._without_id = tuple(without_id)

    def has_any(self, names: Sequence[str]) -> bool:
        """Return whether the page's id of one of these components is known."""
        return any(name in self._ids for name in names)

    def named(self, names: Sequence[str], present: Mapping[str, str]) -> dict[str, str]:
        """Return the states of the named components by id, without those that the page does not have."""
        return {self._ids[name]: present[self._ids[name]] for name in names if self._ids.get(name) in present}

    def changes(
        self,
        state: str | None,
        names: Sequence[str],
        present: Mapping[str, str],
        states: ComponentStates,
        others: Sequence[ComponentStates] = (),
    ) -> tuple[dict[str, str], ComponentStates]:
        """Return what brings the named components to a state, and those no longer named to what they were.

        Changes nothing where the state is `None`.
        """
        if state is None:
            return {}, states
        named = self.named(names, present)
        left = self.no_longer_named(names, present, states)
        wanted = dict.fromkeys(named, state)
        changes, kept = states.without(left.ours).set_to(wanted, present, self._order, others)
        return self.restore(left, present, others) | changes, kept

    def restore(
        self, states: ComponentStates, present: Mapping[str, str], others: Sequence[ComponentStates]
    ) -> dict[str, str]:
        """Return what brings the components back, or to the worst state of the other open outages."""
        return states.restore(present, self._order, others)

    def no_longer_named(
        self, names: Sequence[str], present: Mapping[str, str], states: ComponentStates
    ) -> ComponentStates:
        """Return the states of the components that an outage changed, and names no more."""
        return states.without(self.named(names, present))

    def warnings(self, present: Mapping[str, str]) -> tuple[str, ...]:
        """Name each component whose id the page does not have."""
        return tuple(f"{self._label} has no component {one}" for one in self._unknown(present))

    def check_line(self, present: Mapping[str, str]) -> CheckLine:
        """Return the line of `check` about the ids."""
        name, unknown = f"{self._label} components", self._unknown(present)
        left_out = ""
        if self._without_id:
            left_out = f"; left out there for want of ids.{self._destination}: {', '.join(self._without_id)}"
        if not unknown:
            return CheckLine(name, ok=True, detail=f"{len(self._ids)} known by id{left_out}")
        remedy = f"correct ids.{self._destination} in [[outages.components]] of switchboard.toml"
        return CheckLine(
            name, ok=False, detail=f"not on the page: {', '.join(unknown)}{left_out}", remedy=remedy
        )

    def _unknown(self, present: Mapping[str, str]) -> list[str]:
        return [f"{name} ({one})" for name, one in self._ids.items() if one not in present]

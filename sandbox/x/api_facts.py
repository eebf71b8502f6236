"""Compare a call with what X's published documents say of it; `make_api_facts.py` drew `api_facts.json`."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sandbox.x.make_api_facts import FACTS

TWEETS, POSTS = "2.166", "2.167"

#: A parameter, and what is wrong with it.
Fault = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Version:
    """What the calls of one version of the API may say."""

    calls: Mapping[str, Any]
    enums: Mapping[str, Sequence[str]]

    def values(self, call: str, parameter: str) -> Sequence[str]:
        """Return the values of a query parameter that the document lists; empty where it lists none."""
        name = self.calls[call]["query"].get(parameter)
        return self.enums[name] if name is not None else ()

    def fault(self, call: str, query: Mapping[str, str]) -> Fault | None:
        """Return what of a query the document does not have; `None` where it has all of it."""
        known = self.calls[call]["query"]
        for name, given in query.items():
            if name not in known:
                listed = ",".join(known)
                return name, f"The query parameter [{name}] is not one of [{listed}]"
            values = self.values(call, name)
            unknown = sorted(set(given.split(",")) - {"", *values}) if values else []
            if unknown:
                listed = ",".join(values)
                return name, f"The `{name}` query parameter value [{unknown[0]}] is not one of [{listed}]"
        return None

    def body_fault(self, call: str, body: object) -> str | None:
        """Return which key or value of a body the document does not have; `None` where it has all of them."""
        return _fault(self.calls[call].get("body"), body, "$")


@cache
def versions() -> Mapping[str, Version]:
    """Load the facts, by version."""
    facts = json.loads(FACTS.read_text(encoding="utf-8"))
    return {name: Version(each["calls"], each["enums"]) for name, each in facts.items()}


def _fault(known: Any, given: object, where: str) -> str | None:  # noqa: ANN401 - as deep as the body is
    if isinstance(known, dict):
        if not isinstance(given, dict):
            return f"{where}: expected an object"
        for key, value in given.items():
            if key not in known:
                return f"{where}.{key}: is not defined in the schema and the schema does not allow additional properties"
            if (fault := _fault(known[key], value, f"{where}.{key}")) is not None:
                return fault
    elif isinstance(known, list) and (not known or not isinstance(known[0], str)):
        faults = (_fault(known[0], one, where) for one in (given if isinstance(given, list) else []))
        return next((fault for fault in faults if fault is not None), None)
    elif isinstance(known, list) and given not in known:
        return f"{where}: does not have a value in the enumeration [{', '.join(known)}]"
    return None

"""Combinators for Block Kit's schemas; each check yields "reason [json-pointer:…]" lines."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Check = Callable[[object, str], Iterator[str]]
Rule = Callable[[Mapping[str, Any], str], Iterator[str]]


def problem(reason: str, at: str) -> str:
    """Format a problem in Slack's form."""
    return f"{reason} [json-pointer:{at}]"


def string(maximum: int, minimum: int = 0, *, choices: tuple[str, ...] = ()) -> Check:
    """Require text of `minimum` to `maximum` characters, or one of `choices`."""

    def check(value: object, at: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield problem("must provide a string", at)
        elif len(value) > maximum:
            yield problem(f"must be less than {maximum + 1} characters", at)
        elif len(value) < minimum:
            yield problem(f"must be more than {minimum - 1} characters", at)
        elif choices and value not in choices:
            yield problem("must be a valid enum value", at)

    return check


def choice(*choices: str) -> Check:
    """Require one of `choices`."""
    return string(255, choices=choices)


def integer(minimum: int = 0, maximum: int = 2**53) -> Check:
    """Require an integer within bounds."""

    def check(value: object, at: str) -> Iterator[str]:
        if isinstance(value, bool) or not isinstance(value, int):
            yield problem("must provide an integer", at)
        elif not minimum <= value <= maximum:
            yield problem(f"must be between {minimum} and {maximum}", at)

    return check


def boolean(value: object, at: str) -> Iterator[str]:
    """Require true or false."""
    if not isinstance(value, bool):
        yield problem("must provide a boolean", at)


def anything(_value: object, _at: str) -> Iterator[str]:
    """Accept any value."""
    yield from ()


def list_of(item: Check, minimum: int = 0, maximum: int = 2**31) -> Check:
    """Require a list of `minimum` to `maximum` items, each of which passes `item`."""

    def check(value: object, at: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield problem("must provide an array", at)
            return
        if len(value) > maximum:
            yield problem(f"no more than {maximum} items allowed", at)
        if len(value) < minimum:
            yield problem(f"no fewer than {minimum} items required", at)
        for index, entry in enumerate(value):
            yield from item(entry, f"{at}/{index}")

    return check


@dataclass(frozen=True, slots=True)
class Shape:
    """An object schema: allowed fields, required fields, and rules about the whole object."""

    fields: Mapping[str, Check]
    required: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()

    def __call__(self, value: object, at: str) -> Iterator[str]:
        """Check that a value is such an object."""
        if not isinstance(value, dict):
            yield problem("must provide an object", at)
            return
        for name in self.required:
            if value.get(name) is None:
                yield problem(f"missing required field: {name}", at)
        for name, entry in value.items():
            if name == "type":
                continue
            if name not in self.fields:
                yield problem(f"invalid additional property: {name}", at)
            elif entry is not None:
                yield from self.fields[name](entry, f"{at}/{name}")
        for rule in self.rules:
            yield from rule(value, at)


@dataclass(frozen=True, slots=True)
class Typed:
    """An object whose `type` selects its schema; an unknown type is reported by name."""

    shapes: Mapping[str, Check]

    def only(self, *types: str) -> "Typed":
        """Restrict the allowed types."""
        return Typed({name: self.shapes[name] for name in types})

    def __call__(self, value: object, at: str) -> Iterator[str]:
        """Check that a value is one of these objects."""
        if not isinstance(value, dict):
            yield problem("must provide an object", at)
            return
        kind = value.get("type")
        if kind is None:
            yield problem("missing required field: type", at)
        elif not isinstance(kind, str) or kind not in self.shapes:
            yield problem(f"unsupported type: {kind}", f"{at}/type")
        else:
            yield from self.shapes[kind](value, at)


def either(first: str, second: str, *, both: bool) -> Rule:
    """Require at least one of two fields; both only where `both` is true."""

    def rule(value: Mapping[str, Any], at: str) -> Iterator[str]:
        present = [name for name in (first, second) if value.get(name) is not None]
        if not present:
            yield problem(f"missing required field: {first} or {second}", at)
        elif len(present) > 1 and not both:
            yield problem(f"only one of {first} and {second} is allowed", at)

    return rule

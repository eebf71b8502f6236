"""Escape lone surrogates in test reports: workers send reports as UTF-8, which cannot encode them."""

from collections.abc import Generator
from typing import Any

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_report_to_serializable() -> Generator[None, dict[str, Any] | None, dict[str, Any] | None]:
    """Replace every lone surrogate of a report (output, logs, compared values) by its escape."""
    report = yield
    return None if report is None else _escaped(report)


def _escaped(value: Any) -> Any:  # noqa: ANN401 - a report is nested plain data
    match value:
        case str():
            return value.encode("utf-8", "backslashreplace").decode()
        case dict():
            return {_escaped(key): _escaped(held) for key, held in value.items()}
        case list() | tuple():
            return type(value)(_escaped(held) for held in value)
        case _:
            return value

"""Look up the arguments of each listener once in a process, however many Bolt apps are built in it.

Bolt asks for them four times for each of some ninety listeners, which takes a tenth of a bot's start.
"""

import inspect
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import CodeType

import pytest
from slack_bolt.util import utils

_NAME = "get_arg_names_of_callable"


@pytest.fixture(scope="session", autouse=True)
def _arguments_once() -> Iterator[None]:
    with arguments_once():
        yield


@contextmanager
def arguments_once() -> Iterator[None]:
    """Remember the names of arguments by the code: what is registered is a closure of a few functions."""
    read = utils.get_arg_names_of_callable
    known: dict[CodeType, list[str]] = {}

    def remembered(func: Callable[..., object]) -> list[str]:
        code = getattr(inspect.unwrap(func), "__code__", None)
        if code is None:
            return read(func)
        if code not in known:
            known[code] = read(func)
        return known[code].copy()

    users = [module for name, module in sys.modules.items() if name.startswith("slack_bolt.")]
    with pytest.MonkeyPatch.context() as patch:
        for module in users:
            if getattr(module, _NAME, None) is read:
                patch.setattr(module, _NAME, remembered)
        yield

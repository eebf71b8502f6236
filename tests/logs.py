"""Undo what a test changes of the logging of its process: a bot or a command configures it for good."""

import logging
from collections.abc import Generator

import pytest

from adapters.logs import CAPPED, QUIET, SILENT
from adapters.networks.registry import NETWORKS, loggers_of

_ROOT = logging.getLogger()
_CONFIGURED = [_ROOT, *map(logging.getLogger, (*CAPPED, *QUIET, *SILENT, *loggers_of(NETWORKS)))]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol() -> Generator[None, object, object]:
    """Restore the handlers of the root logger, and the level of each logger that `configure_logging` sets."""
    handlers, levels = _ROOT.handlers[:], [logger.level for logger in _CONFIGURED]
    try:
        return (yield)
    finally:
        _ROOT.handlers[:] = handlers
        for logger, level in zip(_CONFIGURED, levels, strict=True):
            if logger.level != level:
                logger.setLevel(level)

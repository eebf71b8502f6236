"""Keep what this machine has set out of the tests of settings."""

import pytest

from adapters.settings import setting_rows
from handlers.terminal.setting_kinds import setting_kinds


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for row in setting_rows(**setting_kinds()):
        monkeypatch.delenv(row.name, raising=False)

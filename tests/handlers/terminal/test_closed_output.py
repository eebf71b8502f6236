"""End a command whose output cannot be written, and no other one."""

import sys
from pathlib import Path

import pytest

from handlers.terminal.closed_output import ends_with_its_output

FULL = Path("/dev/full")


@pytest.mark.skipif(not FULL.exists(), reason="a device that is always full is Linux's")
def test_another_fault_than_that_of_the_output_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> int:
        raise PermissionError(13, "Permission denied")

    with FULL.open("w") as output:
        monkeypatch.setattr(sys, "stdout", output)
        with pytest.raises(PermissionError):
            ends_with_its_output(fail)()

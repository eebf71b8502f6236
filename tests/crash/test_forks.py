"""A fork that comes too late is not taken for the next one; a server that is closed leaves nothing open."""

import asyncio
from pathlib import Path

import pytest

from tests import forks


async def test_a_fork_that_comes_too_late_is_not_taken_for_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = forks.ForkServer()
    environment = {"PATH": "/usr/bin:/bin"}
    with monkeypatch.context() as hurry:
        hurry.setattr(forks, "PATIENCE", 0.0)
        with pytest.raises(TimeoutError):
            server.fork(["manifest"], folder=tmp_path, environment=environment, log=tmp_path / "late.log")
    for name in ("next", "after"):
        log = tmp_path / f"{name}.log"
        fork = server.fork(["rules", "--help"], folder=tmp_path, environment=environment, log=log)
        async with asyncio.timeout(forks.PATIENCE):
            await fork.wait()
        assert "usage: bot.py rules" in log.read_text(encoding="utf-8")
    server.close()
    assert server.is_closed

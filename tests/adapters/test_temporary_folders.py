"""Sweep the temporary folders that a killed process left, and no others."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from adapters.temporary_folders import HOST, sweep_temporary_folders, temporary_folder


@pytest.fixture
def tmp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put temporary folders into one of the test's own."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def ended_process() -> int:
    """Return the id of a process that has ended."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return process.pid


def left_by(tmp: Path, pid: int, *, host: str | None = None, name: str = "x1") -> Path:
    """Make what a process leaves that is killed."""
    host = HOST if host is None else host
    folder = tmp / f"switchboard-{host}-{pid}-{name}"
    folder.mkdir()
    (folder / "fonts.json").write_text("{}", encoding="utf-8")
    return folder


def test_what_a_killed_process_left_is_deleted_and_all_else_stays(tmp: Path) -> None:
    gone = ended_process()
    swept = [
        left_by(tmp, gone),
        left_by(tmp, os.getpid(), name="before a restart in a container".replace(" ", "_")),
    ]
    kept = [left_by(tmp, os.getppid()), left_by(tmp, gone, host="elsewhere", name="x3")]
    other = tmp / "switchboard-notes"
    other.mkdir()
    target = tmp / "target"
    target.mkdir()
    link = tmp / f"switchboard-{HOST}-{gone}-x4"
    link.symlink_to(target)
    with temporary_folder() as folder:
        (folder / "export").write_text("rows", encoding="utf-8")
        assert sweep_temporary_folders() == 2
        assert (folder / "export").exists()
    assert not any(path.exists() for path in (*swept, folder))
    assert all(path.exists() for path in (*kept, other, target, link))

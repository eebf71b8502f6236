"""Check that the lock files are complete for every Python, and that no file names a package host."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.source import ROOT, committed

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
#: Split in two, so that this file does not name them either.
HOSTS = (
    "pypi" + ".org",
    "pythonhosted" + ".org",
    "npmjs" + ".org",
    "npmjs" + ".com",
    "deb.debian" + ".org",
    "debian" + ".org/debian",
    "yarnpkg" + ".com",
    "crates" + ".io",
    "anaconda" + ".org",
    "golang" + ".org",
)


def locked(lock: str) -> list[Requirement]:
    """Read the pinned requirements of a lock file."""
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    return [Requirement(line.rstrip(" \\")) for line in lines if re.match(r"[a-z0-9]", line)]


def chosen(lock: str, python: str) -> dict[str, Version]:
    """Return the versions that the lock installs on Linux with this Python."""
    environment = {
        "implementation_name": "cpython",
        "platform_machine": "x86_64",
        "platform_python_implementation": "CPython",
        "platform_system": "Linux",
        "os_name": "posix",
        "python_full_version": f"{python}.0",
        "python_version": python,
        "sys_platform": "linux",
    }
    applies = [one for one in locked(lock) if one.marker is None or one.marker.evaluate(environment)]
    versions = {one.name: Version(str(one.specifier).removeprefix("==")) for one in applies}
    assert len(versions) == len(applies)
    return versions


@pytest.mark.parametrize("python", PYTHONS)
def test_locks_satisfy_the_project(python: str) -> None:
    run, test = chosen("requirements.lock", python), chosen("requirements-test.lock", python)
    needed = [Requirement(one) for one in PROJECT["project"]["dependencies"]]
    more = [Requirement(one) for one in PROJECT["dependency-groups"]["test"]]
    for lock, wanted in ((run, needed), (test, needed + more)):
        unmet = [str(one) for one in wanted if lock.get(canonicalize_name(one.name)) not in _Allowed(one)]
        assert unmet == []
    assert run.items() <= test.items()


def test_supported_pythons_are_those_of_the_locks() -> None:
    supported = Requirement(f"python{PROJECT['project']['requires-python']}").specifier
    assert [python for python in (*PYTHONS, "3.10", "3.15") if supported.contains(python)] == list(PYTHONS)


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-test.lock"])
def test_no_lock_needs_setuptools(lock: str) -> None:
    """Python 3.12 and later do not include it, and an old one would have to be pinned for `pkg_resources`."""
    assert "setuptools" not in {one.name for one in locked(lock)}


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-test.lock"])
def test_locks_pin_by_hash_and_name_no_place(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    pins = re.findall(r"^[a-z0-9].*?(?=^[a-z0-9]|\Z)", text, re.DOTALL | re.MULTILINE)
    assert pins
    assert [pin.splitlines()[0] for pin in pins if "==" not in pin or "--hash=sha256:" not in pin] == []
    assert not re.search(r"--(extra-)?index-url|--find-links|--trusted-host|https?://|file:", text)


def test_no_file_names_a_host_of_packages() -> None:
    found = []
    for path in committed():
        content = (ROOT / path).read_bytes().lower()
        found += [f"{path} names {host}" for host in HOSTS if host.encode() in content]
    assert found == []


def test_there_is_one_way_to_install() -> None:
    others = {
        "uv.lock",
        "poetry.lock",
        "Pipfile",
        "Pipfile.lock",
        "pdm.lock",
        "setup.py",
        "setup.cfg",
        "requirements.txt",
    }
    assert [path for path in committed() if path.rpartition("/")[2] in others] == []


class _Allowed:
    """`version in _Allowed(requirement)`; a version that is not locked is not allowed."""

    def __init__(self, requirement: Requirement) -> None:
        self._specifier = requirement.specifier

    def __contains__(self, version: Version | None) -> bool:
        return version is not None and self._specifier.contains(version, prereleases=True)

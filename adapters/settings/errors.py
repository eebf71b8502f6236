"""Define the error of settings that cannot be used."""

from collections.abc import Mapping

from adapters.settings.problems import MISSING

README_SECTION = 'see "Connect a real workspace" in README.md'


class SettingsError(Exception):
    """The settings cannot be used. Names every one that is missing or wrong, never a value."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        self.problems = dict(problems)
        is_single = len(problems) == 1
        first = f"{len(problems)} setting{'' if is_single else 's'} {'is' if is_single else 'are'} missing or wrong:"
        lines = [f"  {name} {problem}" for name, problem in self.problems.items()]
        last = f"Set them in the environment or in .env (choices: switchboard.toml); {README_SECTION}."
        super().__init__("\n".join([first, *lines, last]))


def remedy_of(name: str, problem: str) -> str:
    """Say where a setting is mended: the README tells where to find what is missing; else where it stands."""
    if problem.startswith(MISSING):
        return README_SECTION
    is_choice = name.startswith("switchboard.toml")
    return "correct it in that file" if is_choice else "correct it in the environment or in .env"

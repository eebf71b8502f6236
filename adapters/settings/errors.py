"""Define the error of settings that cannot be used."""

from collections.abc import Mapping

README_SECTION = 'see "Connect a real workspace" in README.md'
#: What a value must be, by a part of pydantic's message: its own show patterns and names of types.
_MUST_BE = {
    "pattern '^#[0-9a-fA-F]{6}$'": "must be a colour such as #0f766e",
    "pattern '^https?://": "must be a web address such as https://acme.example, without a path",
    "pattern '^(https?://": "must be a web address that begins with http:// or https://",
    "pattern '^[a-z]{2,3}$'": "must be the code of a language, such as en",
    "pattern '^@?": "must be a handle such as @acme",
    "pattern '": "has characters that cannot stand there",
    "a valid integer": "must be a whole number",
    "a valid number": "must be a number",
    "a valid boolean": "must be true or false",
}


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
    if problem.startswith("is missing"):
        return README_SECTION
    is_choice = name.startswith("switchboard.toml")
    return "correct it in that file" if is_choice else "correct it in the environment or in .env"


def describe_invalid(message: str) -> str:
    """Say in plain words what pydantic's message says of an invalid value."""
    found = (words for part, words in _MUST_BE.items() if part in message)
    return next(found, message.replace("Input should", "should", 1))

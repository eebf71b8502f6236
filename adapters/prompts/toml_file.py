"""Read a TOML file that people edit, and validate it; every mistake is reported with its place."""

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from adapters.prompts.toml_lines import TomlLines
from domain.errors import UnusableFile


class PromptFileError(UnusableFile):
    """A file or folder under `prompts/` cannot be used; `problems` names every mistake with its place."""

    def __init__(self, path: Path, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        listed = "\n".join(f"  {problem}" for problem in self.problems)
        files = "files" if path.is_dir() else "file"
        super().__init__(f"{path} cannot be used:\n{listed}\nCorrect the {files} and start again.")


def why_unreadable(error: OSError | ValueError) -> str:
    """Return in words why a file could not be read as text; of other errors, what they say themselves."""
    if isinstance(error, UnicodeDecodeError):
        return f"it is not text in UTF-8 (byte {error.start + 1:,})"
    if isinstance(error, IsADirectoryError):
        return "it is a folder, not a file"
    if isinstance(error, FileNotFoundError):
        return "there is no such file"
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


#: A text that says something, without the spaces around it.
NonEmptyText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
#: What a file of phrases lists: words, or a few words.
ShortPhrase = Annotated[NonEmptyText, StringConstraints(max_length=100)]
#: An ISO 639-1 code.
LanguageCode = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]


class StrictModel(BaseModel):
    """A table without unknown keys."""

    model_config = ConfigDict(extra="forbid")


_Shape = TypeVar("_Shape", bound=BaseModel)


def load_toml(path: Path, shape: type[_Shape]) -> _Shape:
    """Read the file as UTF-8 and validate it as `shape`. Raises PromptFileError."""
    try:
        text = path.read_text(encoding="utf-8")
        contents = tomllib.loads(text)
    except (OSError, ValueError) as error:  # ValueError: not TOML, or not UTF-8
        raise PromptFileError(path, [why_unreadable(error)]) from None
    try:
        return shape.model_validate(contents)
    except ValidationError as error:
        lines = map(TomlLines(text).line_of, (detail["loc"] for detail in error.errors(include_url=False)))
        problems = zip(lines, validation_problems(error), strict=True)
        raise PromptFileError(
            path, [problem if line is None else f"{problem} (at line {line})" for line, problem in problems]
        ) from None


def validation_problems(error: ValidationError) -> list[str]:
    """Return "place: message" for every mistake that pydantic found."""
    return [
        f"{'.'.join(map(str, detail['loc']))}: {detail['msg'].removeprefix('Value error, ')}"
        for detail in error.errors(include_url=False)
    ]

"""Load texts that customers read, by language: those of a page, or the phrases of a mail."""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, RootModel

from adapters.prompts.toml_file import PromptFileError, load_toml

DEFAULT_LANGUAGE = "en"

Sentences = Mapping[str, Mapping[str, str]]  # by language (ISO 639-1), by name


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("the text is empty; write one, or take the whole language out")
    return text


_Table = dict[str, Annotated[str, AfterValidator(_not_blank)]]


class _OneLanguage(RootModel[_Table]):
    pass


class _AllLanguages(RootModel[dict[str, _Table]]):
    pass


def load_sentences(path: Path, names: Collection[str] | None = None) -> Sentences:
    """Load a folder with one TOML file per language, or one TOML file with one table per language.

    Every language must have exactly these names; where none are given, those of `DEFAULT_LANGUAGE`. Raises
    PromptFileError, which names every mistake.
    """
    tables = _load_folder(path) if path.is_dir() else load_toml(path, _AllLanguages).root
    default = tables.get(DEFAULT_LANGUAGE)
    if not default:
        problem = f"{DEFAULT_LANGUAGE}: missing; its texts are shown where a language is missing"
        raise PromptFileError(path, [problem])
    place = "{}.toml: {}" if path.is_dir() else "{}.{}"
    expected = set(default if names is None else names)
    if problems := [place.format(*problem) for problem in _name_problems(tables, expected)]:
        raise PromptFileError(path, problems)
    return tables


def _load_folder(folder: Path) -> Sentences:
    tables: dict[str, Mapping[str, str]] = {}
    problems: list[str] = []
    for file in sorted(folder.glob("*.toml")):
        try:
            tables[file.stem] = load_toml(file, _OneLanguage).root
        except PromptFileError as error:
            problems.extend(f"{file.name}: {problem}" for problem in error.problems)
    if problems:
        raise PromptFileError(folder, problems)
    return tables


def _name_problems(tables: Sentences, expected: set[str]) -> Iterator[tuple[str, str]]:
    """Yield (language, "name: message") for every text that is missing, or that nothing uses."""
    for language, texts in tables.items():
        for name in sorted(expected - set(texts)):
            yield language, f"{name}: missing; every language needs this text"
        for name in sorted(set(texts) - expected):
            yield language, f"{name}: unknown; there is no text of this name"

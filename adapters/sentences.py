"""Load the texts of a customer page, by language, from files that people edit."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from domain.errors import UnusableFile

DEFAULT_LANGUAGE = "en"

Sentences = Mapping[str, Mapping[str, str]]  # by language (ISO 639-1), by name


class SentencesError(UnusableFile):
    """The texts of a page cannot be used; the message says which file, why, and what to do."""


def load_sentences(path: Path) -> Sentences:
    """Load a folder with one TOML file per language, or one TOML file with one table per language.

    Every language must have the same names as `DEFAULT_LANGUAGE`, each with a text. Raises SentencesError.
    """
    try:
        tables = {at.stem: _read(at) for at in sorted(path.glob("*.toml"))} if path.is_dir() else _read(path)
        return _checked(tables)
    except ValueError as error:
        raise SentencesError(
            f"The sentences in {path} cannot be used: {error}. Correct the file and start again."
        ) from None


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:  # ValueError: not TOML, or not UTF-8
        raise ValueError(f"{path.name}: {error}") from None


def _checked(tables: Mapping[str, Any]) -> Sentences:
    usual = tables.get(DEFAULT_LANGUAGE)
    if not usual:
        raise ValueError(f"[{DEFAULT_LANGUAGE}] is missing")
    for language, sentences in tables.items():
        names = set(sentences) if isinstance(sentences, dict) else set()
        if differing := sorted(names ^ set(usual)):
            raise ValueError(
                f"[{language}] has not the same names as [{DEFAULT_LANGUAGE}]: {', '.join(differing)}"
            )
        empty = [name for name, text in sentences.items() if not isinstance(text, str) or not text.strip()]
        if empty:
            raise ValueError(f"[{language}] has no text for {', '.join(empty)}")
    return tables

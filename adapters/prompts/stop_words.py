"""Load `prompts/stop_words.toml`: the words that name no topic, by language."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field, RootModel, StringConstraints

from adapters.prompts.toml_file import LanguageCode, load_toml
from domain.triage.phrases import tokens

_Words = Annotated[str, StringConstraints(min_length=1)]


class _File(RootModel[Annotated[dict[LanguageCode, _Words], Field(min_length=1)]]):
    pass


@cache
def load_stop_words(path: Path) -> Mapping[str, frozenset[str]]:
    """Load the words of each language, folded, once in a process. Raises PromptFileError."""
    listed = load_toml(path, _File).root
    return {
        language: frozenset(" ".join(tokens(word)) for word in words.split())
        for language, words in listed.items()
    }

"""Load `prompts/abuse.toml`: the words that are masked where a desk or an agent blurs abuse."""

from pathlib import Path
from typing import Annotated

from pydantic import Field, RootModel

from adapters.prompts.toml_file import LanguageCode, PromptFileError, ShortPhrase, load_toml
from domain.triage.abuse import AbusiveWords


class _File(RootModel[dict[LanguageCode, Annotated[list[ShortPhrase], Field(min_length=1)]]]):
    pass


def load_abuse(path: Path) -> AbusiveWords:
    """Load the words of all languages as one set. Raises PromptFileError."""
    file = load_toml(path, _File)
    try:
        return AbusiveWords(phrase for phrases in file.root.values() for phrase in phrases)
    except ValueError as error:
        raise PromptFileError(path, [str(error)]) from None

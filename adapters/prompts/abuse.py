"""Load `prompts/abuse.toml`: the words that are masked where a desk or an agent blurs abuse."""

from pathlib import Path
from typing import Annotated

from pydantic import Field, RootModel, StringConstraints

from adapters.prompts.toml_file import PromptFileError, load_toml
from domain.triage.abuse import AbusiveWords

_Phrase = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
_Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]


class _File(RootModel[dict[_Language, Annotated[list[_Phrase], Field(min_length=1)]]]):
    pass


def load_abuse(path: Path) -> AbusiveWords:
    """Load the words of all languages as one set. Raises PromptFileError."""
    file = load_toml(path, _File)
    try:
        return AbusiveWords(phrase for phrases in file.root.values() for phrase in phrases)
    except ValueError as error:
        raise PromptFileError(path, [str(error)]) from None

"""Load `prompts/rehearsal/`: the words of a rehearsal's invented flood, by language."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import Field, RootModel

from adapters.prompts.toml_file import StrictModel, load_toml
from domain.outages.invented_flood import FloodWords

_Texts = Annotated[list[str], Field(min_length=1)]
_Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]


class _Words(StrictModel):
    openings: _Texts
    events: _Texts
    endings: _Texts
    urgent: _Texts


class _File(RootModel[Annotated[dict[_Language, _Words], Field(min_length=1)]]):
    pass


def load_flood_words(path: Path) -> Mapping[str, FloodWords]:
    """Load a flood's words. Raises PromptFileError, which names every mistake."""
    return {
        language: FloodWords(
            openings=words.openings, events=words.events, endings=words.endings, urgent=words.urgent
        )
        for language, words in load_toml(path, _File).root.items()
    }

"""Load `prompts/opt_out.toml`: the phrases by which people opt out of private messages, or in again."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from adapters.prompts.toml_file import LanguageCode, PromptFileError, ShortPhrase, StrictModel, load_toml
from domain.handoffs.opt_out import OptOutWords

_ByLanguage = Annotated[dict[LanguageCode, list[ShortPhrase]], Field(min_length=1)]


class _File(StrictModel):
    stop: _ByLanguage
    start: _ByLanguage


def load_opt_out(path: Path) -> OptOutWords:
    """Load the phrases of all languages as one set. Raises PromptFileError.

    They are not kept apart by language: a customer may write STOP in another language than the detected one.
    """
    file = load_toml(path, _File)
    try:
        return OptOutWords.of(
            (phrase for phrases in file.stop.values() for phrase in phrases),
            (phrase for phrases in file.start.values() for phrase in phrases),
        )
    except ValueError as error:  # a phrase that says both
        raise PromptFileError(path, [str(error)]) from None

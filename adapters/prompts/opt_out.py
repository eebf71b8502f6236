"""Load `prompts/opt_out.toml`: the phrases by which people opt out of private messages, or in again."""

import tomllib
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from domain.errors import UnusableFile
from domain.handoffs.opt_out import OptOutWords

_Phrase = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
_Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
_ByLanguage = Annotated[dict[_Language, list[_Phrase]], Field(min_length=1)]


class OptOutError(UnusableFile):
    """The file cannot be used; the text says what is wrong, and where."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(f"The words in {path} cannot be used: {problem}. Correct the file and start again.")


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    stop: _ByLanguage
    start: _ByLanguage


def load_opt_out(path: Path) -> OptOutWords:
    """Load the phrases of all languages as one set. Raises OptOutError.

    They are not kept apart by language: a customer may write STOP in another language than the detected one.
    """
    try:
        file = _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
        return OptOutWords.of(
            (phrase for phrases in file.stop.values() for phrase in phrases),
            (phrase for phrases in file.start.values() for phrase in phrases),
        )
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise OptOutError(path, f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    except (OSError, ValueError) as error:  # ValueError: not TOML, not UTF-8, or a phrase that says both
        raise OptOutError(path, str(error)) from None

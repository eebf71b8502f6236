"""Load `prompts/invitations.toml`: the proposed texts of a hand-off."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from domain.errors import UnusableFile
from domain.venues import Venue

LINK = "{link}"
ENGLISH = "en"


class InvitationsError(UnusableFile):
    """The invitations cannot be used; the text names every mistake with its place."""

    def __init__(self, path: Path, problems: list[str]) -> None:
        listed = "\n".join(f"  {problem}" for problem in problems)
        super().__init__(
            f"The invitations in {path} cannot be used:\n{listed}\nCorrect the file and start again."
        )
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Invitations:
    """Texts by venue and language: `asks` carry a link, `begins` need none."""

    asks: Mapping[Venue, Mapping[str, str]]
    begins: Mapping[Venue, Mapping[str, str]]

    def line(self, venue: Venue, language: str, link: str) -> str:
        """Return the text in this language, else in English; empty where the venue has none.

        `asks` with the link filled in, or `begins` where `link` is empty.
        """
        texts = (self.asks if link else self.begins).get(venue, {})
        return texts.get(language, texts.get(ENGLISH, "")).replace(LINK, link)


def _in_english(texts: dict[str, str]) -> dict[str, str]:
    if ENGLISH not in texts:
        raise ValueError("there is no English text, which everybody gets whose language is missing")
    return texts


def _with_link(texts: dict[str, str]) -> dict[str, str]:
    faulty = sorted(language for language, text in texts.items() if text.count(LINK) != 1)
    if faulty:
        raise ValueError(f"{LINK} must stand in it once: {', '.join(faulty)}")
    return texts


_Text = Annotated[str, Field(min_length=1, max_length=1000)]
_Texts = Annotated[dict[str, _Text], AfterValidator(_in_english)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Asking(_Strict):
    asks: Annotated[_Texts, AfterValidator(_with_link)]


class _Beginning(_Asking):
    begins: _Texts


class _File(_Strict):
    dm: _Beginning
    email: _Beginning
    chat: _Asking


def load_invitations(path: Path) -> Invitations:
    """Load and validate the texts. Raises InvitationsError."""
    try:
        file = _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        places = [
            (".".join(map(str, one["loc"])), one["msg"].removeprefix("Value error, "))
            for one in error.errors()
        ]
        raise InvitationsError(path, [f"{place}: {message}" for place, message in places]) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise InvitationsError(path, [str(error)]) from None
    return Invitations(
        asks={Venue.DM: file.dm.asks, Venue.EMAIL: file.email.asks, Venue.CHAT: file.chat.asks},
        begins={Venue.DM: file.dm.begins, Venue.EMAIL: file.email.begins},
    )

"""Load `prompts/invitations.toml`: the proposed texts of a hand-off."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from adapters.prompts.toml_file import StrictModel, load_toml
from domain.venues import Venue

LINK = "{link}"
ENGLISH = "en"


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


class _Asking(StrictModel):
    asks: Annotated[_Texts, AfterValidator(_with_link)]


class _Beginning(_Asking):
    begins: _Texts


class _File(StrictModel):
    dm: _Beginning
    email: _Beginning
    chat: _Asking


def load_invitations(path: Path) -> Invitations:
    """Load and validate the texts. Raises PromptFileError."""
    file = load_toml(path, _File)
    return Invitations(
        asks={Venue.DM: file.dm.asks, Venue.EMAIL: file.email.asks, Venue.CHAT: file.chat.asks},
        begins={Venue.DM: file.dm.begins, Venue.EMAIL: file.email.begins},
    )

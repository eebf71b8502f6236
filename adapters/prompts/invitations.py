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
class ProposedTexts:
    """Texts by venue and language: invitations carry a link to the venue, first messages are sent in it."""

    invitations: Mapping[Venue, Mapping[str, str]]
    first_messages: Mapping[Venue, Mapping[str, str]]

    def text(self, venue: Venue, language: str, link: str) -> str:
        """Return the text in this language, else in English; empty where the venue has none.

        It is the invitation with the link filled in, or the first message where `link` is empty.
        """
        texts = (self.invitations if link else self.first_messages).get(venue, {})
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


class _ByLink(StrictModel):
    invitation: Annotated[_Texts, AfterValidator(_with_link)]


class _ByLinkOrMessage(_ByLink):
    first_message: _Texts


class _File(StrictModel):
    dm: _ByLinkOrMessage
    email: _ByLinkOrMessage
    chat: _ByLink


def load_invitations(path: Path) -> ProposedTexts:
    """Load and validate the texts. Raises PromptFileError."""
    file = load_toml(path, _File)
    return ProposedTexts(
        invitations={
            Venue.DM: file.dm.invitation,
            Venue.EMAIL: file.email.invitation,
            Venue.CHAT: file.chat.invitation,
        },
        first_messages={Venue.DM: file.dm.first_message, Venue.EMAIL: file.email.first_message},
    )

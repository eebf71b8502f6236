"""What the page says, by language, and how it is laid out."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from domain.errors import UnusableFile

if TYPE_CHECKING:
    from jinja2 import Template

DEFAULT_LANGUAGE = "en"
_WORDS, _PAGE = "words.toml", "page.html"


class PageWordsError(UnusableFile):
    """The page's words cannot be used; the text says which file, why, and what to do."""


@dataclass(frozen=True, slots=True)
class PageWords:
    """The page and its phrases; every language has those of `DEFAULT_LANGUAGE`, with our name in place of "{brand}"."""

    page: "Template"
    phrases: Mapping[str, Mapping[str, str]]

    def render(self, language: str, brand: str, **values: Any) -> str:  # noqa: ANN401 - whatever the page shows
        """The page in this language, or in the default one where there are no words in it."""
        known = language if language in self.phrases else DEFAULT_LANGUAGE
        phrases = {name: text.replace("{brand}", brand) for name, text in self.phrases[known].items()}
        return self.page.render(language=known, brand=brand, words=phrases, **values)


def load_page_words(folder: Path) -> PageWords:
    """Read and check `page.html` and `words.toml`. Raises PageWordsError."""
    from jinja2 import StrictUndefined, TemplateError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    try:
        page = environment.from_string((folder / _PAGE).read_text(encoding="utf-8"))
        phrases = tomllib.loads((folder / _WORDS).read_text(encoding="utf-8"))
        return PageWords(page, _checked(phrases))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, TemplateError, ValueError) as error:
        raise PageWordsError(
            f"The address page's words in {folder} cannot be used: {error}. Correct the file and start again."
        ) from None


def _checked(given: Mapping[str, Any]) -> Mapping[str, Mapping[str, str]]:
    usual = given.get(DEFAULT_LANGUAGE, {})
    if not usual:
        raise ValueError(f"{_WORDS}: [{DEFAULT_LANGUAGE}] is missing")
    for language, phrases in given.items():
        if not isinstance(phrases, dict) or set(phrases) != set(usual):
            raise ValueError(f"{_WORDS}: [{language}] has not the same phrases as [{DEFAULT_LANGUAGE}]")
        if not all(isinstance(phrase, str) and phrase.strip() for phrase in phrases.values()):
            raise ValueError(f"{_WORDS}: [{language}] has a phrase that is no text")
    return given

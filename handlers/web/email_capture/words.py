"""What the page says, by language, and how it is laid out."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from adapters.sentences import DEFAULT_LANGUAGE, Sentences, load_sentences
from domain.errors import UnusableFile

if TYPE_CHECKING:
    from jinja2 import Template

_WORDS, _PAGE = "words.toml", "page.html"


class PageWordsError(UnusableFile):
    """The page cannot be used; the text says which file, why, and what to do."""


@dataclass(frozen=True, slots=True)
class PageWords:
    """The page and its phrases; every language has those of `DEFAULT_LANGUAGE`, with our name in place of "{brand}"."""

    page: "Template"
    phrases: Sentences

    def render(self, language: str, brand: str, **values: Any) -> str:  # noqa: ANN401 - whatever the page shows
        """The page in this language, or in the default one where there are no words in it."""
        known = language if language in self.phrases else DEFAULT_LANGUAGE
        phrases = {name: text.replace("{brand}", brand) for name, text in self.phrases[known].items()}
        return self.page.render(language=known, brand=brand, words=phrases, **values)


def load_page_words(folder: Path) -> PageWords:
    """Read and check `page.html` and `words.toml`. Raises PageWordsError and SentencesError."""
    from jinja2 import StrictUndefined, TemplateError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    try:
        page = environment.from_string((folder / _PAGE).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, TemplateError) as error:
        raise PageWordsError(
            f"The address page in {folder} cannot be used: {error}. Correct the file and start again."
        ) from None
    return PageWords(page, load_sentences(folder / _WORDS))

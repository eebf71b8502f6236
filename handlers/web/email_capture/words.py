"""Load the page's template and its phrases by language."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from adapters.sentences import DEFAULT_LANGUAGE, Sentences, load_sentences
from domain.errors import UnusableFile

if TYPE_CHECKING:
    from jinja2 import Template

_WORDS, _PAGE = "words.toml", "page.html"


class PageWordsError(UnusableFile):
    """The page's template cannot be used; the text names the file, the cause and the remedy."""


@dataclass(frozen=True, slots=True)
class PageWords:
    """The template and its phrases.

    Every language has those of `DEFAULT_LANGUAGE`; "{brand}" becomes our name.
    """

    page: "Template"
    phrases: Sentences

    def render(self, language: str, brand: str, **values: Any) -> str:  # noqa: ANN401 - whatever the page shows
        """Render the page in this language, or in the default one if it has no phrases."""
        shown_language = language if language in self.phrases else DEFAULT_LANGUAGE
        phrases = {
            name: text.replace("{brand}", brand) for name, text in self.phrases[shown_language].items()
        }
        return self.page.render(language=shown_language, brand=brand, words=phrases, **values)


def load_page_words(folder: Path) -> PageWords:
    """Read and check `page.html` and `words.toml`. Raises `PageWordsError` and `SentencesError`."""
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
